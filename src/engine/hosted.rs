//! Imports that the host of a framework answers.

use super::host::{Host, Interrupt};
use super::record;
use super::{Instance, Trap};
use crate::hosts::{self, Ask, Begin, Caller, Came, Flow, FunctionId, GuestCall, Next, Shown};
use crate::linear::LinearMut;
use crate::module::PAGE;
use crate::protocol::Limits;

/// The host of an instance's framework.
pub(super) struct Hosted {
    pub(super) host: Box<dyn hosts::Host>,
    /// Bytes that it and the guest's memory may have together.
    limit: u64,
    /// What the call that has left the guest wants.
    wanted: Option<Wanted>,
}

/// What an import that a host answers wants before it returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Something of the world.
    Ask(Ask),
    /// An export called.
    Guest(GuestCall),
}

/// What such an import has come to, once it has what it wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Again {
    /// It returns these.
    Returned(Vec<u64>),
    /// It wants more.
    Wants(Wanted),
    /// It has failed.
    Failed(String),
    /// A limit ends the run.
    Limited(String),
}

impl Hosted {
    /// What the host is, for an instance with these limits.
    pub(super) fn new(host: Box<dyn hosts::Host>, limits: &Limits) -> Self {
        Self {
            host,
            limit: limits.memory_pages.saturating_mul(PAGE),
            wanted: None,
        }
    }

    /// What it may hold beside a guest's memory of this size.
    fn room(&self, memory: usize) -> u64 {
        self.limit.saturating_sub(memory as u64)
    }
}

/// What a host sees of the world, as the instance's host has it.
struct World<'a> {
    host: &'a mut Host,
    /// Why it cannot print any more.
    problem: Option<Interrupt>,
}

impl hosts::World for World<'_> {
    fn now(&mut self) -> u64 {
        self.host.wasi.now().0
    }

    fn print(&mut self, line: &str) {
        if self.problem.is_none() {
            let line = line.trim_end_matches('\n');
            let printed = self.host.print(format!("{line}\n").as_bytes());
            self.problem = printed.err();
        }
    }
}

/// Has the framework's host do something; `None`: there is none.
fn with<T>(
    host: &mut Host,
    act: impl FnOnce(&mut Hosted, &mut World<'_>) -> T,
) -> Option<(T, Option<Interrupt>)> {
    let mut hosted = host.hosted.take()?;
    let mut world = World {
        host,
        problem: None,
    };
    let done = act(&mut hosted, &mut world);
    let problem = world.problem;
    host.hosted = Some(hosted);
    Some((done, problem))
}

/// A call of the import at place `index`, which messages call `name`, in a slice that has so much fuel `left`.
pub(super) fn call(
    host: &mut Host,
    memory: LinearMut<'_>,
    (index, name, function): (usize, &str, FunctionId),
    args: &[u64],
    results: &mut [u64],
    left: u64,
) -> Result<(), Interrupt> {
    record::begin(host, memory.view(), (index, name), args, left);
    host.sockets.count(index);
    let flow = flow(host, memory, function, args, results, &[]);
    let mut result = match flow {
        Ok(Flow::Return) => Ok(()),
        Ok(Flow::Ask(ask)) => Err(wants(host, Wanted::Ask(ask), index, args)),
        Ok(Flow::Guest(call)) => Err(wants(host, Wanted::Guest(call), index, args)),
        Ok(Flow::Trap(text)) => Err(Interrupt::Trap(format!("import {name}: {text}"))),
        Ok(Flow::Limit(text)) => Err(Interrupt::Limit(text)),
        Err(interrupt) => Err(interrupt),
    };
    record::end(host, index, &mut result, results);
    result
}

fn flow(
    host: &mut Host,
    memory: LinearMut<'_>,
    function: FunctionId,
    args: &[u64],
    results: &mut [u64],
    came: &[Came],
) -> Result<Flow, Interrupt> {
    let done = with(host, |hosted, world| {
        let room = hosted.room(memory.view().size());
        let caller = Caller {
            args,
            results,
            memory,
            came,
            room,
            world,
        };
        hosted.host.call(function, caller)
    });
    match done {
        Some((_, Some(problem))) => Err(problem),
        Some((flow, None)) => Ok(flow),
        None => Ok(Flow::Trap("its host is not there".to_owned())),
    }
}

/// Leaves the guest in the call until it has what it wants.
fn wants(host: &mut Host, wanted: Wanted, import: usize, args: &[u64]) -> Interrupt {
    if let Some(hosted) = &mut host.hosted {
        hosted.wanted = Some(wanted);
    }
    Interrupt::Host {
        import,
        args: args.to_vec(),
        entry: None,
    }
}

/// What the session has to do with the host.
impl Instance {
    /// The framework's host is this one.
    pub fn set_host(&mut self, host: Box<dyn hosts::Host>, limits: &Limits) {
        self.host.borrow_mut().hosted = Some(Hosted::new(host, limits));
    }

    fn hosted<T>(
        &mut self,
        act: impl FnOnce(&mut Hosted, &mut World<'_>) -> T,
    ) -> Option<(T, Option<Trap>)> {
        let (done, problem) = with(&mut self.host.borrow_mut(), act)?;
        Some((done, problem.map(|interrupt| Trap::of(&interrupt))))
    }

    /// A call of the framework's begins.
    ///
    /// # Errors
    ///
    /// What is wrong with what was filled in.
    #[inline(never)]
    pub fn host_begins(&mut self, begin: Begin<'_>) -> Result<(), String> {
        let memory = self.memory().size();
        let done = self.hosted(|hosted, _| {
            hosted.wanted = None;
            let room = hosted.room(memory);
            hosted.host.begin(Begin { room, ..begin })
        });
        done.map_or(Ok(()), |(begun, _)| begun)
    }

    /// What is to be done next, now that this has come.
    ///
    /// # Errors
    ///
    /// When the host has printed more than it may.
    #[inline(never)]
    pub fn host_goes_on(&mut self, came: Came) -> Result<Next, Trap> {
        let done = self.hosted(|hosted, world| hosted.host.next(came, world));
        match done {
            Some((_, Some(trap))) => Err(trap),
            Some((next, None)) => Ok(next),
            None => Ok(Next::Done),
        }
    }

    /// What the import wants that has left the guest; it is told once.
    pub fn take_wanted(&mut self) -> Option<Wanted> {
        self.host.borrow_mut().hosted.as_mut()?.wanted.take()
    }

    /// The import at place `index` is called again, with what it has wanted and has come.
    #[inline(never)]
    pub fn host_again(&mut self, index: usize, args: &[u64], came: &[Came]) -> Again {
        let Some((function, count)) = self.host.borrow().sockets.hosted(index) else {
            return Again::Failed("it is not answered by a host".to_owned());
        };
        let mut results = vec![0; count];
        let host = std::rc::Rc::clone(&self.host);
        let mut host = host.borrow_mut();
        match flow(
            &mut host,
            self.memory_mut(),
            function,
            args,
            &mut results,
            came,
        ) {
            Ok(Flow::Return) => Again::Returned(results),
            Ok(Flow::Ask(ask)) => Again::Wants(Wanted::Ask(ask)),
            Ok(Flow::Guest(call)) => Again::Wants(Wanted::Guest(call)),
            Ok(Flow::Trap(text)) => Again::Failed(text),
            Ok(Flow::Limit(text)) => Again::Limited(text),
            Err(interrupt) => Again::Limited(interrupt.to_string()),
        }
    }

    /// What there is to show of the latest call; `None`: there is no host.
    #[must_use]
    pub fn shown(&self) -> Option<Shown> {
        Some(self.host.borrow().hosted.as_ref()?.host.shown())
    }

    /// The bytes that a number stands for among those that its guest and its host have; `None`: it is a number.
    #[must_use]
    pub fn lift(&self, bits: u64) -> Option<Vec<u8>> {
        self.host.borrow().hosted.as_ref()?.host.lift(bits)
    }

    /// A handle for bytes.
    ///
    /// # Errors
    ///
    /// When the host has none, or no room for them.
    pub fn lower(&mut self, bytes: Vec<u8>) -> Result<u64, String> {
        let memory = self.memory().size();
        let lowered = self.hosted(|hosted, _| {
            let room = hosted.room(memory);
            hosted.host.lower(bytes, room)
        });
        lowered.map_or_else(|| Err("there is no host".to_owned()), |(handle, _)| handle)
    }

    /// Whether functions that the host does not answer take and give handles of bytes.
    #[must_use]
    pub fn has_handles(&self) -> bool {
        let host = self.host.borrow();
        host.hosted
            .as_ref()
            .is_some_and(|hosted| hosted.host.has_handles())
    }
}
