//! An instance of a program, with its memory and what the host keeps for it.

use super::answer::Sockets;
use super::host::{Host, Shared};
use super::record::Recorder;
use super::{Activation, Program, Socket, foreign, interpreter};
use crate::amount::amount;
use crate::debug::samples::Samples;
use crate::debug::stops::Stops;
use crate::debug::twin::Line;
use crate::go::{Abi, Signature};
use crate::linear::{Linear, LinearMut};
use crate::module::PAGE;
use crate::protocol::{Answer, CallId, GlobalValue, Go, Inlined, Limits, Stack, Stream};
use crate::trace::Trace;
use crate::vfs::Fs;
use crate::wasi;
use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

/// Why a program could not be instantiated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstantiateError {
    /// An import cannot be provided.
    #[error("import {module}.{name} cannot be provided: {reason}")]
    Import {
        /// The module that it is imported from.
        module: String,
        /// Its name there.
        name: String,
        /// Why.
        reason: String,
    },
    /// The module is larger than the limits.
    #[error("{0}")]
    Limit(String),
    /// Its segments do not fit, or there is no room for its memories and tables: which.
    #[error("the module cannot be instantiated: {0}")]
    Module(String),
}

/// Why a call cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// There is no such export.
    #[error("the module exports no function {0}")]
    NoSuchExport(String),
    /// The arguments do not fit.
    #[error("{export} takes {}, not {given}", amount(*expected as u64, "Wasm argument"))]
    Arguments {
        /// The export.
        export: String,
        /// How many it takes.
        expected: usize,
        /// How many there were.
        given: usize,
    },
    /// An argument is a reference that this instance has not given.
    #[error(
        "{export}: there is no function ref {number}: no call of this instance has returned it"
    )]
    NoSuchReference {
        /// The export.
        export: String,
        /// The number that was to stand for it.
        number: u64,
    },
}

/// How high the stack was, to be put back to that.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark(pub(super) Option<u32>);

/// An instance.
pub struct Instance {
    pub(super) host: Shared,
    pub(super) guest: Guest,
}

/// What runs it.
pub(super) enum Guest {
    Interpreted(Box<interpreter::Instance>),
    Foreign(Box<foreign::Instance>),
}

/// The same of whichever it is.
macro_rules! of_guest {
    ($guest:expr, $it:ident => $does:expr) => {
        match $guest {
            Guest::Interpreted($it) => $does,
            Guest::Foreign($it) => $does,
        }
    };
}

impl Guest {
    fn interpreted(&self) -> Option<&interpreter::Instance> {
        match self {
            Self::Interpreted(guest) => Some(guest),
            Self::Foreign(_) => None,
        }
    }

    fn interpreted_mut(&mut self) -> Option<&mut interpreter::Instance> {
        match self {
            Self::Interpreted(guest) => Some(guest),
            Self::Foreign(_) => None,
        }
    }
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance")
            .field("memory_pages", &self.memory_pages())
            .finish_non_exhaustive()
    }
}

impl Instance {
    /// Instantiates `program`; there is a socket for each import, whose answer and provision fit its
    /// type. `abi` is how its compiler lays out what is in memory. Nothing of the guest's runs:
    /// [`Instance::start_section`] is to be called first.
    ///
    /// # Errors
    ///
    /// When an import cannot be provided, a limit is too low, or the segments of the module do not fit;
    /// with it comes the file system of `wasi` back, whose files may be wanted.
    pub fn new(
        program: &Program,
        wasi: wasi::Context,
        sockets: Vec<Socket>,
        abi: Abi,
        limits: &Limits,
    ) -> Result<Self, (InstantiateError, Box<Fs>)> {
        let sockets = Sockets::new(sockets, abi);
        let host = Rc::new(RefCell::new(Host::new(wasi, sockets, limits.output_bytes)));
        let guest = match program {
            Program::Interpreted(program) => interpreter::Instance::new(program, &host, limits)
                .map(|guest| Guest::Interpreted(Box::new(guest))),
            Program::Foreign(program) => foreign::Instance::new(program, &host, limits)
                .map(|guest| Guest::Foreign(Box::new(guest))),
        };
        match guest {
            Ok(guest) => Ok(Self { host, guest }),
            Err(error) => Err((error, Box::new(host.borrow_mut().wasi.unmount()))),
        }
    }

    /// Whether the module has a `start` section: until that has returned, the instance is not ready.
    #[must_use]
    pub fn has_start_section(&self) -> bool {
        of_guest!(&self.guest, guest => guest.has_start_section())
    }

    /// Prepares the call of what the `start` section names.
    ///
    /// # Errors
    ///
    /// When there is no such section.
    pub fn start_section(&mut self) -> Result<Activation, CallError> {
        Ok(match &mut self.guest {
            Guest::Interpreted(guest) => Activation::Interpreted(guest.start_section()?),
            Guest::Foreign(guest) => Activation::Foreign(guest.start_section()?),
        })
    }

    /// Prepares a call of the function `export` with `args`, the bits of its Wasm arguments; those of a
    /// reference are its number, 0 for null.
    ///
    /// # Errors
    ///
    /// When there is no such function, it takes another number of arguments, or one is a reference to a
    /// function that this instance has not given.
    pub fn call(&mut self, export: &str, args: &[u64]) -> Result<Activation, CallError> {
        Ok(match &mut self.guest {
            Guest::Interpreted(guest) => Activation::Interpreted(guest.call(export, args)?),
            Guest::Foreign(guest) => Activation::Foreign(guest.call(export, args)?),
        })
    }

    /// Whether the bits can be the results of the import at place `index`: they can unless there is a
    /// reference to a function among them that the guest has not given.
    #[must_use]
    pub fn can_return(&self, index: usize, bits: &[u64]) -> bool {
        of_guest!(&self.guest, guest => guest.can_return(index, bits))
    }

    /// The linear memory; empty when there is none.
    #[must_use]
    pub fn memory(&self) -> Linear<'_> {
        of_guest!(&self.guest, guest => guest.memory())
    }

    /// The linear memory, to be written.
    pub fn memory_mut(&mut self) -> LinearMut<'_> {
        of_guest!(&mut self.guest, guest => guest.memory_mut())
    }

    /// The size of the linear memory, in pages of 64 KiB.
    #[must_use]
    pub fn memory_pages(&self) -> u64 {
        self.memory().size() as u64 / PAGE
    }

    /// The globals that are exported or imported, with their values.
    #[must_use]
    pub fn globals(&self) -> Vec<GlobalValue> {
        of_guest!(&self.guest, guest => guest.globals())
    }

    /// What the guest and its imports have printed since this was last asked, in order.
    pub fn take_output(&mut self) -> Vec<(Stream, Vec<u8>)> {
        self.host.borrow_mut().take_output()
    }

    /// Prints on behalf of an import.
    ///
    /// # Errors
    ///
    /// When the limit of output is reached: says so.
    pub fn print(&mut self, bytes: &[u8]) -> Result<(), String> {
        let printed = self.host.borrow_mut().print(bytes);
        printed.map_err(|interrupt| interrupt.to_string())
    }

    /// What WASI keeps for the instance.
    #[must_use]
    pub fn wasi(&self) -> Ref<'_, wasi::Context> {
        Ref::map(self.host.borrow(), |host| &host.wasi)
    }

    /// What WASI keeps for the instance, to be changed.
    pub fn wasi_mut(&mut self) -> RefMut<'_, wasi::Context> {
        RefMut::map(self.host.borrow_mut(), |host| &mut host.wasi)
    }

    /// Answers the import at place `index` otherwise from now on.
    pub fn answer(&mut self, index: usize, answer: Answer) {
        if let Some(socket) = self.host.borrow_mut().sockets.get_mut(index) {
            socket.answer = Some(answer);
        }
    }

    /// What the arguments of the import at place `index` are printed by from now on.
    pub fn set_signature(&mut self, index: usize, signature: Option<Signature>) {
        if let Some(socket) = self.host.borrow_mut().sockets.get_mut(index) {
            socket.signature = signature;
        }
    }

    /// Records host calls there from now on, as belonging to this call; `None`: nowhere.
    pub fn record(&mut self, to: Option<(Rc<RefCell<Trace>>, CallId)>) {
        self.host.borrow_mut().recorder = to.map(|(trace, call)| Recorder::new(trace, call));
    }

    /// `export` goes on, in a run that has used so much fuel before.
    pub fn enter(&mut self, export: &str, fuel: u64) {
        if let Some(recorder) = &mut self.host.borrow_mut().recorder {
            recorder.enter(export, fuel);
        }
    }

    /// How often each import has been called.
    #[must_use]
    pub fn called(&self) -> Ref<'_, [u64]> {
        Ref::map(self.host.borrow(), |host| host.sockets.called())
    }

    /// Keeps how long host calls take there from now on; `None`: nowhere.
    pub fn time_host_calls(&mut self, to: Option<&Rc<RefCell<Samples>>>) {
        self.host.borrow_mut().time_calls(to);
    }
}

/// Where the guest is, and where it stops.
impl Instance {
    /// The functions that have been called and have not returned, as far as can be seen.
    #[must_use]
    pub fn stack(&self) -> Option<Stack> {
        of_guest!(&self.guest, guest => guest.stack())
    }

    /// The same with what its functions were called with, where that is kept, and with the goroutines that there are.
    #[must_use]
    pub fn whole_stack(&self) -> Option<Stack> {
        of_guest!(&self.guest, guest => guest.whole_stack())
    }

    /// Where the guest is, or was when a call ended in the middle, until the next one begins; `None`: it is not noted.
    #[must_use]
    pub fn noted(&self) -> Option<Stack> {
        self.guest.interpreted()?.noted()
    }

    /// How high the stack is now.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let guest = self.guest.interpreted();
        guest.map_or(Mark::default(), interpreter::Instance::mark)
    }

    /// Puts the stack back: what has been called since will not go on. [`Mark::default`] is where it begins.
    pub fn unwind(&mut self, to: Mark) {
        if let Some(guest) = self.guest.interpreted_mut() {
            guest.unwind(to);
        }
    }

    fn debugger(&mut self, act: impl FnOnce(&mut Stops)) {
        if let Some(guest) = self.guest.interpreted_mut() {
            guest.debugger(act);
        }
    }

    /// Stops at these places from now on, and at no others.
    pub fn set_breakpoints(&mut self, places: &[u32]) {
        self.debugger(|stops| stops.set_breakpoints(places));
    }

    /// Steps go over these inlined calls and out of them, too.
    pub fn set_inlined(&mut self, inlined: &Rc<[Inlined]>) {
        self.debugger(|stops| stops.set_inlined(Rc::clone(inlined)));
    }

    /// Stops before these imports are called from now on, by their places, and before no others.
    pub fn hold(&mut self, imports: &[u32]) {
        if let Some(guest) = self.guest.interpreted_mut() {
            guest.hold(imports);
        }
    }

    /// Whether it can be stopped.
    #[must_use]
    pub fn is_debugged(&self) -> bool {
        let guest = self.guest.interpreted();
        guest.is_some_and(interpreter::Instance::is_debugged)
    }

    /// How the guest goes on.
    pub fn go(&mut self, how: Go) {
        self.debugger(|stops| stops.go(how));
    }

    /// Whether the lines that are reached are kept from now on.
    pub fn cover(&mut self, wanted: bool) {
        self.debugger(|stops| stops.cover(wanted));
    }

    /// The lines, and whether each has been reached.
    #[must_use]
    pub fn covered(&self) -> Vec<(Line, bool)> {
        let guest = self.guest.interpreted();
        guest.map_or_else(Vec::new, interpreter::Instance::covered)
    }
}
