//! The host's side of the gate: what a guest calls it by, and what has become of each call.

use super::stack::Watch;
use super::trap::Failure;
use super::{Guest, Room};
use crate::engine::call::Callee;
use crate::engine::host::{Interrupt, Shared};
use crate::engine::trap::Trap;
use crate::engine::words::Words;
use crate::linear::{LinearMut, Still};
use crate::module::ValType;
use crate::rewrite::metered::{asked, said};
use litemap::LiteMap;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// Where a call is.
#[derive(Debug, Default)]
pub(super) enum Phase {
    /// It runs, or is about to.
    #[default]
    Runs,
    /// It has no fuel left.
    OutOfFuel,
    /// It waits.
    Left(Interrupt),
    /// A host function ends it: it will have failed.
    Ends(Interrupt),
    /// And has done so.
    Ended(Interrupt, Failure),
    /// It has returned: the bits of its results.
    Returned(Vec<u64>),
    /// It has failed.
    Failed(Failure),
    /// Nobody waits for it any more: it ends when it can.
    Dropped,
}

/// What is known of a call.
#[derive(Default)]
struct Call {
    phase: Phase,
    /// How many results it has.
    results: usize,
    /// How much deeper calls may be nested in it, while it waits.
    depth: u64,
    /// What it goes on with.
    answer: Vec<u64>,
}

/// A function that the guest imports.
struct Import {
    /// The place of the import among all.
    place: usize,
    callee: Callee,
    params: usize,
    results: usize,
}

/// The host's side of the gate of one instance.
pub struct Side {
    host: Shared,
    room: Rc<dyn Room>,
    imports: Vec<Import>,
    watch: Watch,
    /// The exports that are added for fuel and depth.
    fuel: String,
    depth: String,
    call_depth: u32,
    guest: OnceCell<Rc<dyn Guest>>,
    calls: RefCell<LiteMap<u32, Call>>,
    /// The call whose guest runs.
    current: Cell<u32>,
    /// Fuel that was put aside to end the slice.
    spared: Cell<u64>,
}

impl Side {
    pub(super) fn new(
        host: &Shared,
        room: Rc<dyn Room>,
        watch: Watch,
        [fuel, depth]: [String; 2],
        call_depth: u32,
    ) -> Self {
        let functions = host.borrow();
        let functions = functions.sockets.functions();
        let imports = functions.map(|(place, socket, ty)| Import {
            place,
            callee: socket.callee.clone(),
            params: ty.params.len(),
            results: ty.results.len(),
        });
        Self {
            imports: imports.collect(),
            host: Rc::clone(host),
            room,
            watch,
            fuel,
            depth,
            call_depth,
            guest: OnceCell::new(),
            calls: RefCell::default(),
            current: Cell::new(0),
            spared: Cell::new(0),
        }
    }

    /// This is its guest; known before that runs.
    pub(super) fn set_guest(&self, guest: &Rc<dyn Guest>) {
        // It is set once.
        let _ = self.guest.set(Rc::clone(guest));
    }

    fn guest(&self) -> Option<&dyn Guest> {
        self.guest.get().map(|guest| &**guest)
    }

    /// What the guest, or a door, asks the host: one of [`asked`], or the number of an imported function. Gives one of [`said`].
    pub fn ask(&self, what: i32) -> i32 {
        let call = self.current.get();
        let is_dropped = self.with(call, |call| matches!(call.phase, Phase::Dropped));
        if is_dropped != Some(false) {
            return said::ENDS;
        }
        match what {
            asked::TICK => self.tick(call),
            asked::TAKE => {
                let answer = self.with(call, |call| std::mem::take(&mut call.answer));
                self.room.put(&answer.unwrap_or_default());
                said::ON
            }
            asked::RETURNED => {
                self.with(call, |call| {
                    let mut results = vec![0; call.results];
                    self.room.take(&mut results);
                    call.phase = Phase::Returned(results);
                });
                said::ON
            }
            import => {
                let import = usize::try_from(import).ok();
                match import.and_then(|at| self.imports.get(at)) {
                    Some(import) => self.call(call, import),
                    None => said::ENDS,
                }
            }
        }
    }

    /// The call that goes on, right before it does.
    pub fn enters(&self, call: u32) {
        self.current.set(call);
    }

    /// A call has failed.
    pub fn failed(&self, call: u32, failure: Failure) {
        let is_dropped = self.with(call, |call| {
            call.phase = match std::mem::take(&mut call.phase) {
                Phase::Dropped => return true,
                // That is why it has.
                Phase::Ends(interrupt) => Phase::Ended(interrupt, failure),
                _ => Phase::Failed(failure),
            };
            false
        });
        if is_dropped == Some(true) {
            self.forget(call);
        }
    }

    fn tick(&self, call: u32) -> i32 {
        let depth = self.global(&self.depth);
        if is_negative(depth) {
            let Trap::Limit(text) = Trap::too_deep(self.call_depth) else {
                return said::ENDS;
            };
            return self.leaves(call, Interrupt::Limit(text));
        }
        self.with(call, |call| {
            (call.phase, call.depth) = (Phase::OutOfFuel, depth);
        });
        said::WAITS
    }

    /// The guest calls an import.
    fn call(&self, call: u32, import: &Import) -> i32 {
        let (mut args, mut came) = (Words::new(import.params), Words::new(import.results));
        let (args, came) = (args.get(), came.get());
        self.room.take(args);
        let mut host = self.host.borrow_mut();
        let left = match &host.recorder {
            Some(_) => self.fuel_left(),
            None => 0,
        };
        let began = host.call_time();
        let elsewhere = self.guest().and_then(Guest::memory);
        // Until it goes on.
        let still = elsewhere.map(Still::new);
        let memory = still.as_ref().map_or(LinearMut::Here(&mut []), |still| {
            LinearMut::Elsewhere(still)
        });
        let callee = &import.callee;
        let result = callee.call(&mut host, memory, import.place, args, came, left);
        if let Some((began, ended)) = began.zip(host.call_time()) {
            let waits = matches!(result, Err(Interrupt::Wait { .. } | Interrupt::Host { .. }));
            let stack = self.guest().and_then(|guest| self.watch.calling(guest));
            host.call_ends(
                import.place,
                [began, ended],
                waits,
                stack.unwrap_or_default(),
            );
        }
        if host.is_flooded() {
            self.end_slice();
        }
        match result {
            Ok(()) => {
                self.room.put(came);
                said::ON
            }
            Err(interrupt) => self.leaves(call, interrupt),
        }
    }

    /// A host function does not return.
    fn leaves(&self, call: u32, interrupt: Interrupt) -> i32 {
        let waits = matches!(interrupt, Interrupt::Wait { .. } | Interrupt::Host { .. });
        if !waits {
            self.with(call, |call| call.phase = Phase::Ends(interrupt));
            return said::ENDS;
        }
        let depth = self.global(&self.depth);
        self.with(call, |call| {
            (call.phase, call.depth) = (Phase::Left(interrupt), depth);
        });
        said::WAITS
    }

    fn end_slice(&self) {
        self.spared.set(self.spared.get() + self.fuel_left());
        if let Some(guest) = self.guest() {
            guest.set_global(&self.fuel, ValType::I32, 0);
        }
    }

    fn global(&self, export: &str) -> u64 {
        let guest = self.guest();
        let global = guest.and_then(|guest| guest.global(export, ValType::I32));
        global.unwrap_or(0)
    }

    /// Fuel that the slice has left.
    fn fuel_left(&self) -> u64 {
        let fuel = self.global(&self.fuel);
        if is_negative(fuel) { 0 } else { fuel }
    }

    fn with<T>(&self, call: u32, act: impl FnOnce(&mut Call) -> T) -> Option<T> {
        self.calls.borrow_mut().get_mut(&call).map(act)
    }
}

/// Of an `i32`.
fn is_negative(bits: u64) -> bool {
    bits & 0x8000_0000 != 0
}

/// What the host does with a call.
impl Side {
    /// A call begins that has so many results, with so much fuel.
    pub(super) fn begins(&self, call: u32, results: usize, fuel: u32) {
        let new = Call {
            results,
            depth: self.call_depth.into(),
            ..Call::default()
        };
        self.calls.borrow_mut().insert(call, new);
        self.current.set(call);
        self.slice(call, fuel);
    }

    /// A call goes on, with this answer and so much fuel.
    pub(super) fn goes_on(&self, call: u32, answer: Vec<u64>, fuel: u32) {
        self.with(call, |call| {
            (call.phase, call.answer) = (Phase::Runs, answer);
        });
        self.slice(call, fuel);
    }

    fn slice(&self, call: u32, fuel: u32) {
        let depth = self.with(call, |call| call.depth).unwrap_or(0);
        self.spared.set(0);
        if let Some(guest) = self.guest() {
            guest.set_global(&self.fuel, ValType::I32, fuel.into());
            guest.set_global(&self.depth, ValType::I32, depth);
        }
    }

    /// Fuel that was used of a slice that had so much.
    pub(super) fn used(&self, fuel: u32) -> u64 {
        let left = self.global(&self.fuel);
        #[expect(clippy::cast_possible_truncation, reason = "the bits of an i32")]
        let left = i64::from((left as u32).cast_signed()) + self.spared.get().cast_signed();
        u64::try_from(i64::from(fuel) - left).unwrap_or(0)
    }

    /// What has become of a call, which is taken out; `None`: it still runs.
    pub(super) fn came(&self, call: u32) -> Option<Phase> {
        let runs = |phase: &Phase| matches!(phase, Phase::Runs | Phase::Ends(_) | Phase::Dropped);
        let came = self.with(call, |call| {
            (!runs(&call.phase)).then(|| std::mem::take(&mut call.phase))
        })??;
        if !matches!(came, Phase::OutOfFuel | Phase::Left(_)) {
            self.forget(call);
        }
        Some(came)
    }

    /// Nobody waits for a call any more.
    pub(super) fn drops(&self, call: u32) {
        let before = self.with(call, |call| {
            std::mem::replace(&mut call.phase, Phase::Dropped)
        });
        match before {
            None | Some(Phase::Ends(_) | Phase::Dropped) => {}
            Some(Phase::Returned(_) | Phase::Failed(_) | Phase::Ended(..)) => self.forget(call),
            Some(Phase::Runs | Phase::OutOfFuel | Phase::Left(_)) => {
                if let Some(guest) = self.guest() {
                    guest.resume(call, true);
                }
            }
        }
    }

    /// The room that its guest's gate has.
    pub fn room(&self) -> &dyn Room {
        &*self.room
    }

    /// The call whose guest ran last.
    pub(super) fn current(&self) -> u32 {
        self.current.get()
    }

    pub(super) fn watch(&self) -> &Watch {
        &self.watch
    }

    fn forget(&self, call: u32) {
        self.calls.borrow_mut().remove(&call);
    }
}
