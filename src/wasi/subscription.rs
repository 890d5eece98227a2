//! The structs of `poll_oneoff`.

use super::Errno;
use super::clock::Clock;
use super::fd_table::Fd;

/// The size of an `event`.
pub(super) const EVENT: u32 = 32;

/// What a guest wants to know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subscription {
    pub userdata: u64,
    pub kind: SubscriptionKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SubscriptionKind {
    /// When a clock shows a time, or when so much has passed.
    Clock {
        clock: Clock,
        timeout: u64,
        absolute: bool,
    },
    /// When a descriptor can be read.
    Read(Fd),
    /// When a descriptor can be written.
    Write(Fd),
}

impl SubscriptionKind {
    /// `eventtype`
    fn raw(self) -> u8 {
        match self {
            SubscriptionKind::Clock { .. } => 0,
            SubscriptionKind::Read(_) => 1,
            SubscriptionKind::Write(_) => 2,
        }
    }
}

impl Subscription {
    /// Reads one, byte by byte:
    ///
    /// ```text
    ///  u64         u8    u32      u64        u64          u16
    ///  userdata …, 0 …,  clock …, timeout …, precision …, flags …
    ///  ^ +0        ^ +8  ^ +16    ^ +24      ^ +32        ^ +40     bit 0: absolute
    ///
    ///  userdata …, 1 …,  fd …                                       2 in place of 1: to write
    /// ```
    ///
    /// # Errors
    /// [`Errno::Inval`] for what is none of these.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the words hold smaller fields, and padding"
    )]
    pub fn decode(bytes: &[u8; 48]) -> Result<Subscription, Errno> {
        let mut words = bytes.chunks_exact(8).map(|chunk| {
            chunk
                .iter()
                .rev()
                .fold(0_u64, |word, byte| word << 8 | u64::from(*byte))
        });
        let mut next = || words.next().ok_or(Errno::Inval);
        let (userdata, tag, what) = (next()?, next()?, next()?);
        let (timeout, _precision, flags) = (next()?, next()?, next()?);
        let what = what as u32;
        let kind = match tag as u8 {
            0 => SubscriptionKind::Clock {
                clock: Clock::from_raw(what)?,
                timeout,
                absolute: match flags as u16 {
                    0 => false,
                    1 => true,
                    _ => return Err(Errno::Inval),
                },
            },
            1 => SubscriptionKind::Read(Fd(what)),
            2 => SubscriptionKind::Write(Fd(what)),
            _ => return Err(Errno::Inval),
        };
        Ok(Subscription { userdata, kind })
    }
}

/// How a descriptor can be read or written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Readiness {
    /// How many bytes can be, at least.
    pub bytes: u64,
    /// Whether there will never be more.
    pub hangup: bool,
}

/// Writes one event, byte by byte:
///
/// ```text
///  u64         u16      u8       u64       u16
///  userdata …, error …, type …,  nbytes …, flags …   bit 0: hangup
///  ^ +0        ^ +8     ^ +10    ^ +16     ^ +24
/// ```
pub(super) fn encode_event(
    subscription: &Subscription,
    told: Result<Readiness, Errno>,
) -> [u8; EVENT as usize] {
    let error = u64::from(told.err().unwrap_or(Errno::Success).raw());
    let readiness = told.unwrap_or_default();
    let words = [
        subscription.userdata,
        error | u64::from(subscription.kind.raw()) << 16,
        readiness.bytes,
        u64::from(readiness.hangup),
    ];
    let mut bytes = [0; EVENT as usize];
    for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}
