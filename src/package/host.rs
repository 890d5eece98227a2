//! The clocks and the randomness of a plugin: the real ones, or such that two runs are alike.

use super::Random;
use super::options::FixedClock;
use crate::browser::clocks::Clocks;
use crate::wasi;
use std::cell::Cell;
use std::rc::Rc;

/// A fixed clock, and how far it has moved, in nanoseconds.
#[derive(Clone, Debug)]
pub(super) struct Fixed {
    clock: FixedClock,
    moved: Rc<Cell<u64>>,
}

impl Fixed {
    pub(super) fn new(clock: FixedClock) -> Self {
        Self {
            clock,
            moved: Rc::new(Cell::new(0)),
        }
    }

    /// As if the guest had slept until then.
    pub(super) fn sleep_until(&self, deadline: u64) {
        self.moved.set(self.moved.get().max(deadline));
    }

    fn read(&self) -> u64 {
        let moved = self.moved.get();
        self.moved.set(moved.saturating_add(self.clock.step));
        moved
    }
}

/// What an instance gets from the world outside.
pub(super) struct Host {
    real: Clocks,
    fixed: Option<Fixed>,
    random: Option<Random>,
}

impl Host {
    pub(super) fn new(fixed: Option<Fixed>, seed: Option<u64>) -> Self {
        if let Some(fixed) = &fixed {
            // Each instance begins at the same time.
            fixed.moved.set(0);
        }
        Self {
            real: Clocks::new(),
            fixed,
            random: seed.map(Random::new),
        }
    }
}

impl wasi::Host for Host {
    fn realtime(&self) -> u64 {
        match &self.fixed {
            Some(fixed) => fixed.clock.realtime.saturating_add(fixed.read()),
            None => self.real.realtime(),
        }
    }

    fn monotonic(&self) -> u64 {
        match &self.fixed {
            Some(fixed) => fixed.read(),
            None => self.real.monotonic(),
        }
    }

    fn glance(&self) -> u64 {
        match &self.fixed {
            Some(fixed) => fixed.moved.get(),
            None => self.real.monotonic(),
        }
    }

    fn resolution(&self) -> u64 {
        match &self.fixed {
            Some(fixed) => fixed.clock.step.max(1),
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
