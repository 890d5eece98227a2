//! `proc_exit`, `proc_raise`, `sched_yield`: the guest about itself.

use super::raw::Raw;
use super::{Errno, Interrupt};

/// `proc_exit(code)`: ends the run. Does not return, and cannot fail.
pub(super) fn exit(mut raw: Raw<'_>) -> Result<(), Interrupt> {
    Err(Interrupt::Exit(raw.u32()?))
}

/// `proc_raise(signal)`: there are no signals to raise. Fails with `ENOSYS`.
pub(super) fn raise() -> Result<(), Interrupt> {
    Err(Errno::Nosys.into())
}

/// `sched_yield()`: there is no other thread to yield to. Cannot fail.
pub(super) fn sched_yield() -> Result<(), Interrupt> {
    Ok(())
}
