//! Why a guest's run ended in the middle, in words.

use super::host::{Host, Interrupt};
use crate::amount::grouped;
use wasmi::errors::{ErrorKind, InstantiationError, MemoryError};
use wasmi::{Error, TrapCode};

/// How a run ended that did not return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trap {
    /// The guest called `proc_exit`.
    Exit(u32),
    /// A trap of the specification, or an import that ended the run.
    Trap(String),
    /// A limit.
    Limit(String),
}

impl Trap {
    /// Calls are nested as deep as they may be.
    pub(super) fn too_deep(host: &Host) -> Self {
        Self::Limit(format!(
            "the call depth limit of {} is reached (Settings, call depth)",
            grouped(host.call_depth.into())
        ))
    }

    /// What `error` means to the guest of this host.
    pub(super) fn new(error: &Error, host: &Host) -> Self {
        if let Some(interrupt) = error.downcast_ref::<Interrupt>() {
            return match interrupt {
                Interrupt::Exit(code) => Self::Exit(*code),
                Interrupt::Limit(text) => Self::Limit(text.clone()),
                Interrupt::Trap(text) => Self::Trap(text.clone()),
                // These are gone on with, and end nothing.
                Interrupt::Wait { .. }
                | Interrupt::Host { .. }
                | Interrupt::Stop
                | Interrupt::Before { .. } => Self::Trap(interrupt.to_string()),
            };
        }
        let mut text = match error.as_trap_code() {
            Some(TrapCode::OutOfFuel) => return Self::Limit("out of fuel".to_owned()),
            Some(TrapCode::StackOverflow) => return Self::too_deep(host),
            Some(code) => describe(code).to_owned(),
            None => untranslated(error, host),
        };
        if let Some(denied) = host.limiter.denied() {
            text = format!("{text}; before that, {denied}");
        }
        Self::Trap(text)
    }
}

/// Why there is no trap of the specification: a function that wasmi cannot translate when it is called.
fn untranslated(error: &Error, host: &Host) -> String {
    match (error.kind(), &host.too_large) {
        (ErrorKind::Translation(_), Some(too_large)) => {
            format!("{too_large}: split it, or build with more optimisation")
        }
        _ => fault(error),
    }
}

/// Why a module cannot be instantiated.
pub(super) fn uninstantiated(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Memory(MemoryError::OutOfBoundsAccess) => {
            "a data segment does not fit into its memory".to_owned()
        }
        ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit {
            table_index,
            len,
            ..
        }) => format!("{len} elements do not fit into their table at {table_index}"),
        ErrorKind::Memory(_)
        | ErrorKind::Instantiation(InstantiationError::FailedToInstantiateMemory(_)) => {
            "there is no room for its memory: close what else is open, or let it begin smaller"
                .to_owned()
        }
        ErrorKind::Table(_)
        | ErrorKind::Instantiation(InstantiationError::FailedToInstantiateTable(_)) => {
            "there is no room for its table: close what else is open, or let it begin smaller"
                .to_owned()
        }
        _ => fault(error),
    }
}

/// What nothing that a guest does should lead to, in wasmi's words.
fn fault(error: &Error) -> String {
    format!("the interpreter failed, which is a fault of its own: please report it ({error})")
}

/// What a trap is called in the specification, and what it usually means.
fn describe(code: TrapCode) -> &'static str {
    match code {
        TrapCode::UnreachableCodeReached => "unreachable executed (a panic or a fatal error)",
        TrapCode::MemoryOutOfBounds => "out of bounds memory access",
        TrapCode::TableOutOfBounds => "out of bounds table access",
        TrapCode::IndirectCallToNull => "indirect call of an uninitialized element",
        TrapCode::IntegerDivisionByZero => "integer divide by zero",
        TrapCode::IntegerOverflow => "integer overflow",
        TrapCode::BadConversionToInteger => "invalid conversion to integer",
        TrapCode::StackOverflow => "call stack exhausted (endless recursion?)",
        TrapCode::BadSignature => "indirect call type mismatch",
        TrapCode::OutOfFuel => "out of fuel",
        TrapCode::GrowthOperationLimited => "growth denied",
        TrapCode::OutOfSystemMemory => "the browser has no more memory to give",
    }
}
