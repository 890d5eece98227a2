//! Why a guest's run ended in the middle, in words.

use super::data::{Data, Left};
use crate::engine::trap::Trap;
use wasmi::errors::{ErrorKind, InstantiationError, MemoryError};
use wasmi::{Error, TrapCode};

/// What `error` means to the guest of this store.
pub(super) fn trap(error: &Error, data: &Data) -> Trap {
    if let Some(Left(interrupt)) = error.downcast_ref() {
        return Trap::of(interrupt);
    }
    let text = match error.as_trap_code() {
        Some(TrapCode::OutOfFuel) => return Trap::Limit("out of fuel".to_owned()),
        Some(TrapCode::StackOverflow) => return Trap::too_deep(data.call_depth),
        Some(code) => describe(code).to_owned(),
        None => untranslated(error, data),
    };
    Trap::said(&text, data.limiter.denied())
}

/// Why there is no trap of the specification: a function that wasmi cannot translate when it is called.
fn untranslated(error: &Error, data: &Data) -> String {
    match (error.kind(), &data.too_large) {
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
