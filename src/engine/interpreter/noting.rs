//! Where the guest is, by what a [twin](crate::debug::twin) notes.

use super::data::Data;
use super::instance::Instance;
use super::trap::trap;
use crate::debug::twin::{Map, Noted};
use crate::engine::Mark;
use crate::engine::trap::Trap;
use crate::module::PAGE;
use crate::protocol::{Seen, Stack};
use std::rc::Rc;
use wasmi::{AsContext, Error, Global, Memory, Store, TrapCode, Val};

/// Frames take so much at most, in bytes; what is deeper counts as the limit of the call depth.
const MOST_BYTES: u64 = 64 << 20;

/// What a twin notes in.
#[derive(Clone)]
pub(super) struct Noting {
    pub(super) map: Rc<Map>,
    pub(super) memory: Memory,
    pub(super) top: Global,
    pub(super) leaf: Global,
    /// Whether the innermost function is where it has noted.
    pub(super) is_there: bool,
    /// Whether it may have gone on from there since.
    pub(super) behind: bool,
}

impl Noting {
    /// What the instance of a twin notes in; `None`: the instance is of something else.
    pub(super) fn of(
        map: &Rc<Map>,
        instance: &wasmi::Instance,
        store: &Store<Data>,
    ) -> Option<Self> {
        let global = |what| instance.get_global(store, &map.export(what));
        Some(Self {
            map: Rc::clone(map),
            memory: instance.get_memory(store, &map.export("memory"))?,
            top: global("top")?,
            leaf: global("leaf")?,
            is_there: true,
            behind: false,
        })
    }

    fn top_of(&self, store: impl AsContext) -> u32 {
        number(&self.top.get(store))
    }

    /// Where the guest is.
    pub(super) fn noted(&self, store: &impl AsContext<Data = Data>) -> Stack {
        self.map.stack(&self.read(store))
    }

    fn read<'a>(&self, store: &'a impl AsContext<Data = Data>) -> Noted<'a> {
        Noted {
            memory: self.memory.data(store),
            top: self.top_of(store),
            leaf: number(&self.leaf.get(store)),
            is_there: self.is_there,
        }
    }

    /// Whether a frame did not fit.
    pub(super) fn is_full(&self, store: &Store<Data>) -> bool {
        self.top_of(store) as usize > self.memory.data(store).len()
    }

    fn set_top(&self, store: &mut Store<Data>, top: u32) {
        // They are variable and of this type.
        let _ = self.top.set(&mut *store, Val::I32(top.cast_signed()));
        let _ = self.leaf.set(&mut *store, Val::I32(0));
    }

    /// Makes room for as many frames as calls may be nested from now on.
    fn make_room(&self, store: &mut Store<Data>) {
        let depth = u64::from(store.data().call_depth) + 2;
        let frames = depth.saturating_mul(self.map.largest().into());
        let end = frames.min(MOST_BYTES) + u64::from(self.top_of(&*store));
        let pages = self.memory.size(&*store);
        let more = end.div_ceil(PAGE).saturating_sub(pages);
        if more > 0 {
            store.data_mut().limiter.set_own(true);
            // Where there is no room, a frame that does not fit ends the run.
            let _ = self.memory.grow(&mut *store, more);
            store.data_mut().limiter.set_own(false);
        }
    }
}

impl Instance {
    fn noting(&self) -> Option<&Noting> {
        self.store.data().noting.as_ref()
    }

    /// Where the guest is, or was when a call ended in the middle, until the next one begins; `None`: it is not noted.
    pub(in crate::engine) fn noted(&self) -> Option<Stack> {
        let noting = self.noting()?;
        Some(noting.noted(&self.store))
    }

    /// The same with what its functions were called with, where that is kept, and with the goroutines that there are.
    pub(in crate::engine) fn whole_stack(&self) -> Option<Stack> {
        let (stack, values) = self.seen();
        let mut stack = stack?;
        let data = self.store.data();
        if let Some((globals, values)) = data.registers.as_ref().zip(values) {
            let (registers, memory) = (&globals.registers, self.memory());
            let now = data.host.borrow().wasi.glance();
            stack.goroutines = registers.goroutines(values, memory, now);
            stack.given = registers.given(values, memory).unwrap_or_default();
        }
        if let (Some(noting), Seen::Noted) = (self.noting(), stack.seen) {
            stack.given = noting.map.given(&noting.read(&self.store));
            stack.behind = noting.behind;
        }
        Some(stack)
    }

    /// How high the stack is now.
    pub(in crate::engine) fn mark(&self) -> Mark {
        Mark(self.noting().map(|noting| noting.top_of(&self.store)))
    }

    /// Puts the stack back: what has been called since will not go on. [`Mark::default`] is where it begins.
    pub(in crate::engine) fn unwind(&mut self, to: Mark) {
        if let Some(noting) = self.noting().cloned() {
            let top = to.0.unwrap_or(noting.map.bottom());
            noting.set_top(&mut self.store, top);
            noting.make_room(&mut self.store);
        }
    }

    /// How a run ended that ended with this.
    pub(super) fn trap(&self, error: &Error) -> Trap {
        let is_full = || {
            let noting = self.noting();
            noting.is_some_and(|noting| noting.is_full(&self.store))
        };
        match error.as_trap_code() {
            Some(TrapCode::MemoryOutOfBounds) if is_full() => {
                Trap::too_deep(self.store.data().call_depth)
            }
            _ => trap(error, self.store.data()),
        }
    }

    /// The guest has been left; whether the innermost function is where it has noted.
    pub(super) fn left(&mut self, is_there: bool) {
        if let Some(noting) = &mut self.store.data_mut().noting {
            noting.is_there = is_there || noting.map.is_debug();
            noting.behind = !is_there;
        }
    }
}

/// Whether a function that noted where it is only before it called or trapped is there when it ends so.
pub(super) fn is_there(error: &Error) -> bool {
    !matches!(
        error.as_trap_code(),
        Some(
            TrapCode::MemoryOutOfBounds
                | TrapCode::OutOfFuel
                | TrapCode::GrowthOperationLimited
                | TrapCode::OutOfSystemMemory
        )
    )
}

fn number(value: &Val) -> u32 {
    match value {
        Val::I32(value) => value.cast_unsigned(),
        _ => 0,
    }
}
