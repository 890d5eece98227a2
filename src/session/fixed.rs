//! Clocks and randomness that make two runs with the same inputs alike: the same bytes, the same fuel,
//! the same host calls, however the runs are sliced.
//!
//! A fixed clock moves when it is read, and jumps to the end of a sleep, which takes no time.

use super::random::Random;
use crate::protocol::Determinism;
use crate::vfs::Timestamp;
use crate::wasi;
use std::cell::Cell;
use std::rc::Rc;

/// What the monotonic clock begins with, in nanoseconds: Go takes 0 for a broken clock, and ends.
const MONOTONIC_START: u64 = 1;

/// A clock that moves only when it is read, and when the guest sleeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FixedClock {
    /// The time of day at the start, in nanoseconds since 1970. The monotonic clock starts with 1.
    pub realtime: u64,
    /// How far each reading moves it on, in nanoseconds.
    pub step: u64,
}

/// What instances get instead of the real clocks and of real randomness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// `None`: the real clocks.
    pub clock: Option<FixedClock>,
    /// Decides what is random; `None`: it cannot be foreseen.
    pub seed: Option<u64>,
}

impl From<Determinism> for Fixed {
    fn from(determinism: Determinism) -> Self {
        let Determinism {
            realtime,
            step,
            seed,
        } = determinism;
        Self {
            clock: Some(FixedClock { realtime, step }),
            seed: Some(seed),
        }
    }
}

/// How far the fixed clock of the instance has moved, in nanoseconds; `None`: its clocks are real.
#[derive(Clone, Debug, Default)]
pub(super) struct Moved(Rc<Cell<Option<u64>>>);

impl Moved {
    /// As if the guest had slept until then; whether its clock is one that does so.
    pub(super) fn sleep_until(&self, deadline: u64) -> bool {
        let moved = self.0.get();
        self.0.set(moved.map(|moved| moved.max(deadline)));
        moved.is_some()
    }
}

/// What an instance gets from the world outside: the real thing, but for what is fixed; and the time of
/// day when it begins. Its clock, if that is fixed, begins anew, and `moved` is about it from now on.
pub(super) fn host(
    fixed: Fixed,
    moved: &Moved,
    real: Box<dyn wasi::Host>,
) -> (Box<dyn wasi::Host>, Timestamp) {
    let now = fixed.clock.map(|clock| clock.realtime);
    let now = Timestamp(now.unwrap_or_else(|| real.realtime()));
    moved.0.set(fixed.clock.map(|_| 0));
    if fixed == Fixed::default() {
        return (real, now);
    }
    let host = Host {
        real,
        clock: fixed.clock,
        moved: moved.clone(),
        random: fixed.seed.map(Random::new),
    };
    (Box::new(host), now)
}

struct Host {
    real: Box<dyn wasi::Host>,
    clock: Option<FixedClock>,
    moved: Moved,
    random: Option<Random>,
}

impl Host {
    /// How far the clock has moved; this reading moves it on.
    fn read(&self, clock: FixedClock) -> u64 {
        let moved = self.moved.0.get().unwrap_or_default();
        self.moved.0.set(Some(moved.saturating_add(clock.step)));
        moved
    }
}

impl wasi::Host for Host {
    fn realtime(&self) -> u64 {
        match self.clock {
            Some(clock) => clock.realtime.saturating_add(self.read(clock)),
            None => self.real.realtime(),
        }
    }

    fn monotonic(&self) -> u64 {
        match self.clock {
            Some(clock) => self.read(clock).saturating_add(MONOTONIC_START),
            None => self.real.monotonic(),
        }
    }

    fn glance(&self) -> u64 {
        match self.clock {
            Some(_) => {
                let moved = self.moved.0.get().unwrap_or_default();
                moved.saturating_add(MONOTONIC_START)
            }
            None => self.real.glance(),
        }
    }

    fn resolution(&self) -> u64 {
        match self.clock {
            Some(clock) => clock.step.max(1),
            None => self.real.resolution(),
        }
    }

    fn random(&mut self, buffer: &mut [u8]) {
        match &mut self.random {
            Some(random) => random.fill(buffer),
            None => self.real.random(buffer),
        }
    }
}
