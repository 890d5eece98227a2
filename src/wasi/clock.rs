//! `clock_res_get`, `clock_time_get`: what time it is.

use super::memory::Memory;
use super::raw::Raw;
use super::{Context, Errno, Interrupt};

/// `clockid`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    Realtime,
    Monotonic,
    /// Both CPU clocks: a guest is one process of one thread.
    CpuTime,
}

impl Clock {
    /// # Errors
    /// [`Errno::Inval`] if there is no such clock.
    pub fn from_raw(id: u32) -> Result<Clock, Errno> {
        match id {
            0 => Ok(Clock::Realtime),
            1 => Ok(Clock::Monotonic),
            2 | 3 => Ok(Clock::CpuTime),
            _ => Err(Errno::Inval),
        }
    }
}

/// `clock_res_get(id, resolution)`: the smallest step of a clock, in nanoseconds; at least 1.
///
/// - `id`: 0 realtime, 1 monotonic, 2 and 3 CPU time
/// - `resolution`: where it goes, as a `u64`
///
/// Fails with `EINVAL` for another clock, `EFAULT` if the result is out of bounds.
pub(super) fn res_get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    Clock::from_raw(raw.u32()?)?;
    let place = memory.place_u64(raw.pointer()?)?;
    memory.put_u64(place, context.host.resolution().max(1));
    Ok(())
}

/// `clock_time_get(id, precision, time)`: what a clock shows, in nanoseconds.
///
/// - `id`: 0 realtime, 1 monotonic, 2 and 3 CPU time
/// - `precision`: how far off it may be; the exact time is always given
/// - `time`: where it goes, as a `u64`
///
/// For the time 2¹⁶, with `time` = 1:
///
/// ```text
///      u64 --+
///  [?, 0, 0, 1, 0, 0, 0, 0, 0, ?]
///      ^-- time
/// ```
///
/// Fails with `EINVAL` for another clock, `EFAULT` if the result is out of bounds.
pub(super) fn time_get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let clock = Clock::from_raw(raw.u32()?)?;
    let _precision = raw.u64()?;
    let place = memory.place_u64(raw.pointer()?)?;
    let time = match clock {
        Clock::Realtime => context.host.realtime(),
        Clock::Monotonic => context.monotonic(),
        Clock::CpuTime => context.host.cpu_time(),
    };
    memory.put_u64(place, time);
    Ok(())
}
