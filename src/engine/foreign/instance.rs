//! An instance in another engine.

use super::activation::Activation;
use super::side::Side;
use super::stack::Watch;
use super::trap::Failure;
use super::{Given, Guest, Program, Room};
use crate::engine::denied;
use crate::engine::host::Shared;
use crate::engine::trap::Trap;
use crate::engine::{CallError, InstantiateError};
use crate::linear::{Linear, LinearMut};
use crate::module::{FuncType, START, ValType};
use crate::protocol::{GlobalValue, Limits, Stack};
use crate::rewrite::metered::{door, gate};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// An instance in another engine. Its functions are not inlined, so that they are fetched with the later part of the page's program.
pub(in crate::engine) struct Instance {
    program: Rc<Program>,
    host: Shared,
    side: Rc<Side>,
    guest: Rc<dyn Guest>,
    room: Rc<dyn Room>,
    /// The number of the call that was prepared last.
    calls: u32,
    limits: Grown,
    /// The exports whose doors are there.
    opened: RefCell<BTreeSet<String>>,
    /// Where the call was that has failed last.
    failed: RefCell<Option<Failure>>,
}

/// How far memories and tables may grow.
struct Grown {
    pages: u64,
    elements: u64,
}

impl Instance {
    /// As [`crate::engine::Instance::new`].
    #[inline(never)]
    pub(in crate::engine) fn new(
        program: &Rc<Program>,
        host: &Shared,
        limits: &Limits,
    ) -> Result<Self, InstantiateError> {
        program.check(limits).map_err(|denied| {
            InstantiateError::Limit(format!("the module cannot be instantiated: {denied}"))
        })?;
        let room = program.engine.room(program.slots);
        let unlinked = |text: &str| InstantiateError::Module(text.to_owned());
        let functions: Vec<FuncType> = {
            let host = host.borrow();
            let functions = host.sockets.functions();
            functions.map(|(.., ty)| ty.clone()).collect()
        };
        let gate = gate(&functions, room.address())
            .ok_or_else(|| unlinked("an import takes or gives more than there is room for"))?;
        let metered = &program.metered;
        let watch = Watch::new(
            metered.places(),
            program.registers.clone(),
            u32::try_from(functions.len()).unwrap_or(u32::MAX),
        );
        let names = ["fuel", "depth"].map(|what| metered.export(what));
        let side = Rc::new(Side::new(
            host,
            Rc::clone(&room),
            watch,
            names,
            program.call_depth,
        ));
        let provisions: Vec<_> = {
            let host = host.borrow();
            let places = 0..program.imports.len();
            let provision = |place| host.sockets.get(place).and_then(|socket| socket.provision);
            places.map(provision).collect()
        };
        let guest = program
            .engine
            .instantiate(Given {
                module: &program.module,
                gate: &gate,
                imports: &program.imports,
                provisions: &provisions,
                table: &metered.export("gate"),
                side: &side,
            })
            .map_err(InstantiateError::Module)?;
        side.set_guest(&guest);
        let most = Grown {
            pages: limits.memory_pages.min(Limits::MOST_MEMORY_PAGES),
            elements: limits.table_elements,
        };
        guest.set_global(&metered.export("pages"), ValType::I64, most.pages);
        guest.set_global(&metered.export("elements"), ValType::I64, most.elements);
        Ok(Self {
            program: Rc::clone(program),
            host: Rc::clone(host),
            side,
            guest,
            room,
            calls: 0,
            limits: most,
            opened: RefCell::default(),
            failed: RefCell::default(),
        })
    }

    pub(in crate::engine) fn has_start_section(&self) -> bool {
        self.program.start.is_some()
    }

    #[inline(never)]
    pub(in crate::engine) fn start_section(&mut self) -> Result<Activation, CallError> {
        let start = self.program.start.clone();
        let start = start.as_deref().unwrap_or(START);
        let ty = FuncType::default();
        Ok(self.prepare(start, &ty, &[]))
    }

    #[inline(never)]
    pub(in crate::engine) fn call(
        &mut self,
        export: &str,
        args: &[u64],
    ) -> Result<Activation, CallError> {
        let program = Rc::clone(&self.program);
        let mut exports = program.exports.iter();
        let found = exports.find(|(name, _)| name == export);
        let (_, ty) = found.ok_or_else(|| CallError::NoSuchExport(export.to_owned()))?;
        if ty.params.len() != args.len() {
            return Err(CallError::Arguments {
                export: export.to_owned(),
                expected: ty.params.len(),
                given: args.len(),
            });
        }
        if let Some(number) = self.unknown(&ty.params, args) {
            return Err(CallError::NoSuchReference {
                export: export.to_owned(),
                number,
            });
        }
        Ok(self.prepare(export, ty, args))
    }

    /// The first reference to a function among the bits that the guest has not given.
    fn unknown(&self, types: &[ValType], bits: &[u64]) -> Option<u64> {
        let mut pairs = types.iter().zip(bits);
        let is_unknown = |(ty, number): &(&ValType, &u64)| {
            **ty == ValType::FuncRef && **number > 0 && !self.guest.has_function(**number)
        };
        pairs.find(is_unknown).map(|(_, number)| *number)
    }

    /// As [`crate::engine::Instance::can_return`].
    #[inline(never)]
    pub(in crate::engine) fn can_return(&self, index: usize, bits: &[u64]) -> bool {
        let host = self.host.borrow();
        let ty = host.sockets.get(index).and_then(|socket| socket.ty.func());
        ty.is_none_or(|ty| self.unknown(&ty.results, bits).is_none())
    }

    fn prepare(&mut self, export: &str, ty: &FuncType, args: &[u64]) -> Activation {
        self.calls = self.calls.wrapping_add(1);
        Activation::new(self.calls, &self.side, export, ty, args)
    }

    /// A call begins.
    #[inline(never)]
    pub(super) fn begin(&self, number: u32, export: &str, ty: &FuncType, args: &[u64], fuel: u32) {
        self.failed.replace(None);
        self.side.begins(number, ty.results.len(), fuel);
        if self.open(export, ty).is_none() {
            return self.side.failed(number, Failure::default());
        }
        self.room.put(args);
        self.guest.begin(number, export);
    }

    /// The export can be called; `None`: it takes or gives more than there is room for.
    fn open(&self, export: &str, ty: &FuncType) -> Option<()> {
        let mut opened = self.opened.borrow_mut();
        if !opened.contains(export) {
            self.guest.open(export, &door(ty, self.room.address())?);
            opened.insert(export.to_owned());
        }
        Some(())
    }

    /// A call goes on that waited.
    #[inline(never)]
    pub(super) fn go_on(&self, number: u32, answer: Vec<u64>, fuel: u32) {
        self.side.goes_on(number, answer, fuel);
        self.guest.resume(number, false);
    }

    pub(super) fn host(&self) -> &Shared {
        &self.host
    }

    pub(in crate::engine) fn memory(&self) -> Linear<'_> {
        let memory = self.guest.memory();
        memory.map_or(Linear::default(), Linear::Elsewhere)
    }

    pub(in crate::engine) fn memory_mut(&self) -> LinearMut<'_> {
        let memory = self.guest.memory();
        memory.map_or(LinearMut::Here(&mut []), LinearMut::Elsewhere)
    }

    #[inline(never)]
    pub(in crate::engine) fn globals(&self) -> Vec<GlobalValue> {
        let globals = self.program.globals.iter();
        let exported = globals.filter(|(name, ..)| !self.side.watch().is_register(name));
        let exported = exported.filter_map(|(name, ty, mutable)| {
            Some(GlobalValue {
                name: name.clone(),
                ty: *ty,
                mutable: *mutable,
                bits: self.guest.global(name, *ty)?,
            })
        });
        exported.chain(self.guest.provided()).collect()
    }

    /// How a run ended that failed so.
    #[inline(never)]
    pub(super) fn trap(&self, failure: &Failure) -> Trap {
        let asked = |what| {
            let export = self.program.metered.export(what);
            self.guest.global(&export, ValType::I64)
        };
        let pages = asked("asked pages").filter(|pages| *pages > 0);
        let elements = asked("asked elements").filter(|elements| *elements > 0);
        let denied = pages
            .and_then(|pages| denied::memory(pages, self.limits.pages))
            .or_else(|| denied::table(elements?, self.limits.elements));
        failure.trap(self.program.call_depth, denied.as_deref())
    }

    /// Where a call was that has failed.
    pub(super) fn keep(&self, failure: Failure) {
        self.failed.replace(Some(failure));
    }

    #[inline(never)]
    pub(in crate::engine) fn stack(&self) -> Option<Stack> {
        let failed = self.failed.borrow();
        let traced = match &*failed {
            Some(failure) => failure.clone(),
            None => self.guest.waits_at(self.side.current()),
        };
        self.side.watch().stack(&*self.guest, &traced)
    }

    #[inline(never)]
    pub(in crate::engine) fn whole_stack(&self) -> Option<Stack> {
        let mut stack = self.stack()?;
        let now = self.host.borrow().wasi.glance();
        self.side.watch().complete(&*self.guest, &mut stack, now);
        Some(stack)
    }
}
