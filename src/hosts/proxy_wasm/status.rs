//! What a function of the proxy's comes to: a status, or bytes for which the guest has to make room first.

use crate::hosts::guest::Outside;
use crate::hosts::held::Failure;

/// What a function returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok = 0,
    NotFound = 1,
    BadArgument = 2,
    ParseFailure = 4,
    InvalidMemory = 6,
    Empty = 7,
    CasMismatch = 8,
    InternalFailure = 10,
    Unimplemented = 12,
}

/// Their names, by their numbers.
pub(super) const STATUSES: &[&str] = &[
    "ok",
    "not found",
    "bad argument",
    "serialization failure",
    "parse failure",
    "5",
    "invalid memory access",
    "empty",
    "cas mismatch",
    "9",
    "internal failure",
    "11",
    "unimplemented",
];

/// What a function comes to that does not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is done.
    Ok,
    /// These bytes go to the guest.
    Give(Give),
}

/// Bytes that go to the guest, in room that it makes for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Give {
    pub bytes: Vec<u8>,
    /// Where their address goes, and their length.
    pub to: (u32, u32),
    /// A number that goes somewhere, too.
    pub also: Option<(u32, u32)>,
    /// The queue whose first item they are.
    pub queue: Option<u32>,
}

/// Why a function does not do what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It returns this.
    Status(Status),
    /// It does not return.
    Failure(Failure),
}

impl From<Status> for Stop {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl From<Outside> for Stop {
    fn from(_: Outside) -> Self {
        Self::Status(Status::InvalidMemory)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}
