//! `poll_oneoff`: waiting for clocks and descriptors.

use super::clock::Clock;
use super::context::Began;
use super::fd_table::{Descriptor, Fd};
use super::memory::{GuestPtr, Memory};
use super::raw::Raw;
use super::subscription::{EVENT, Readiness, Subscription, SubscriptionKind, encode_event};
use super::unstable::Preview;
use super::{Context, Errno, Interrupt, Wait};

/// `poll_oneoff(in, out, nsubscriptions, nevents)`: waits until at least one subscription has something
/// to tell, and tells all that have.
///
/// - `in`: `nsubscriptions` subscriptions, of 48 bytes each; in preview 0 of 56
/// - `out`: room for as many events, of 32 bytes each; they come in the order of the subscriptions
/// - `nevents`: where the number of events goes, as a `u32`
///
/// A file can always be read and written; stdin can be read once there is something or it has ended;
/// stdout and stderr can always be written. A clock's subscription is fulfilled once it shows the time,
/// or, if relative, once so much time has passed since the call was first made. Whether a descriptor
/// is non-blocking makes no difference: to wait is what the call is for. A descriptor that is not open,
/// or not for this, has that to tell: its event's error is `EBADF`.
///
/// Fails with `EINVAL` if there is no subscription, or one that makes no sense; `EFAULT` if `in`, `out` or the result is out of bounds.
pub(super) fn oneoff(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
    preview: Preview,
) -> Result<(), Interrupt> {
    let (input, output) = (raw.pointer()?, raw.pointer()?);
    let count = raw.u32()?;
    if count == 0 {
        return Err(Errno::Inval.into());
    }
    memory.array(input, count, preview.subscription_size())?;
    memory.array(output, count, EVENT)?;
    let place = memory.place_u32(raw.pointer()?)?;

    let clocks = Clocks::read(context);
    let mut any_ready = false;
    let mut wait = Wait {
        until: None,
        stdin: false,
    };
    for index in 0..count {
        match state(context, &clocks, &read(memory, input, index, preview)?) {
            State::Ready(_) | State::Failed(_) => any_ready = true,
            State::At(deadline) => {
                wait.until = Some(wait.until.map_or(deadline, |until| until.min(deadline)));
            }
            State::OnStdin => wait.stdin = true,
        }
    }
    if !any_ready {
        return Err(Interrupt::Wait(wait));
    }
    let mut events = 0;
    for index in 0..count {
        let subscription = read(memory, input, index, preview)?;
        let told = match state(context, &clocks, &subscription) {
            State::Ready(readiness) => Some(Ok(readiness)),
            State::Failed(errno) => Some(Err(errno)),
            State::At(_) | State::OnStdin => None,
        };
        if let Some(told) = told {
            // No overflow: room for as many events as subscriptions has been checked.
            let event = memory.span(GuestPtr(output.0 + events * EVENT), EVENT)?;
            memory.put(event, &encode_event(&subscription, told));
            events += 1;
        }
    }
    memory.put_u32(place, events);
    Ok(())
}

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ready(Readiness),
    /// It will never be.
    Failed(Errno),
    /// It will be ready when the monotonic clock shows this.
    At(u64),
    /// It will be ready when there is something new on stdin.
    OnStdin,
}

/// What the clocks show, and showed when the call was first made.
struct Clocks {
    realtime: u64,
    monotonic: u64,
    began: Began,
}

impl Clocks {
    fn read(context: &mut Context) -> Clocks {
        let began = context.began();
        Clocks {
            realtime: context.host.realtime(),
            monotonic: context.monotonic(),
            began,
        }
    }

    /// What the monotonic clock will show when `clock` shows `timeout`; or, if that is relative, when
    /// so much time will have passed.
    ///
    /// A guest that waits does not compute, so its CPU clocks would stand still. They are taken to go
    /// on as time does.
    fn deadline(&self, clock: Clock, timeout: u64, absolute: bool) -> u64 {
        match (clock, absolute) {
            (_, false) => self.began.monotonic.saturating_add(timeout),
            (Clock::Monotonic, true) => timeout,
            (Clock::Realtime, true) => {
                let left = timeout.saturating_sub(self.realtime);
                self.monotonic.saturating_add(left)
            }
            (Clock::CpuTime, true) => {
                let left = timeout.saturating_sub(self.began.cpu_time);
                self.began.monotonic.saturating_add(left)
            }
        }
    }
}

fn read(
    memory: &Memory<'_>,
    input: GuestPtr,
    index: u32,
    preview: Preview,
) -> Result<Subscription, Errno> {
    // No overflow: the subscriptions lie in memory.
    let at = GuestPtr(input.0 + index * preview.subscription_size());
    Subscription::decode(&preview.subscription(memory, at)?)
}

fn state(context: &Context, clocks: &Clocks, subscription: &Subscription) -> State {
    match subscription.kind {
        SubscriptionKind::Clock {
            clock,
            timeout,
            absolute,
        } => {
            let deadline = clocks.deadline(clock, timeout, absolute);
            if deadline <= clocks.monotonic {
                State::Ready(Readiness::default())
            } else {
                State::At(deadline)
            }
        }
        SubscriptionKind::Read(fd) => readable(context, fd).unwrap_or_else(State::Failed),
        SubscriptionKind::Write(fd) => writable(context, fd).unwrap_or_else(State::Failed),
    }
}

fn readable(context: &Context, fd: Fd) -> Result<State, Errno> {
    match context.fds.get(fd)? {
        Descriptor::Stdin { .. } if !context.input.is_ready() => Ok(State::OnStdin),
        Descriptor::Stdin { .. } => Ok(readiness(context.input.available() as u64)),
        Descriptor::File(file) if file.mode.read => {
            let size = context.fs.metadata(file.inode)?.size;
            Ok(readiness(size.saturating_sub(file.position)))
        }
        Descriptor::File(_) | Descriptor::Directory(_) | Descriptor::Output { .. } => {
            Err(Errno::Badf)
        }
    }
}

fn writable(context: &Context, fd: Fd) -> Result<State, Errno> {
    let is_writable = match context.fds.get(fd)? {
        Descriptor::Output { .. } => true,
        Descriptor::File(file) => file.mode.write,
        Descriptor::Directory(_) | Descriptor::Stdin { .. } => false,
    };
    if !is_writable {
        return Err(Errno::Badf);
    }
    Ok(State::Ready(Readiness {
        bytes: 1,
        hangup: false,
    }))
}

fn readiness(bytes: u64) -> State {
    State::Ready(Readiness {
        bytes,
        hangup: bytes == 0,
    })
}
