//! `proc_exit`, `proc_raise`, `sched_yield`: the guest about itself.

use super::raw::Raw;
use super::{Errno, Interrupt};

/// The last of the `signal`s.
const SIGNAL_MAX: u32 = 30;

/// `proc_exit(code)`: ends the run. Does not return, and cannot fail.
pub(super) fn exit(mut raw: Raw<'_>) -> Result<(), Interrupt> {
    Err(Interrupt::Exit(raw.u32()?))
}

/// `proc_raise(signal)`: there are no signals to raise. Fails with `ENOTSUP`; `EINVAL` for a number
/// that is no signal.
pub(super) fn raise(mut raw: Raw<'_>) -> Result<(), Interrupt> {
    if raw.u32()? > SIGNAL_MAX {
        return Err(Errno::Inval.into());
    }
    Err(Errno::Notsup.into())
}

/// `sched_yield()`: there is no other thread to yield to. Cannot fail.
pub(super) fn sched_yield() -> Result<(), Interrupt> {
    Ok(())
}
