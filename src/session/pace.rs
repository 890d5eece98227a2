//! How much fuel a slice of time is worth, on this machine, for this guest.

/// Fuel for a millisecond, before anything has been measured.
const FIRST_GUESS: f64 = 10_000.0;

/// The least fuel of a step: enough to get past any one instruction that is not of bulk memory.
const LEAST: f64 = 200.0;

/// Time that is shorter than this, in milliseconds, says nothing: browsers round their clocks.
const MEASURABLE_MILLIS: f64 = 0.5;

/// Learns how fast the guest runs. It reads no clock: its driver tells it.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    fuel_per_milli: f64,
    slice_millis: f64,
    unmeasured_fuel: f64,
    unmeasured_millis: f64,
    away_since: Option<f64>,
}

impl Pace {
    /// For slices of `slice_millis` milliseconds.
    #[must_use]
    pub fn new(slice_millis: f64) -> Self {
        Self {
            fuel_per_milli: FIRST_GUESS,
            slice_millis,
            unmeasured_fuel: 0.0,
            unmeasured_millis: 0.0,
            away_since: None,
        }
    }

    /// When the slice began that goes on `now`, in milliseconds: a guest may have run outside of this program since.
    pub fn began(&mut self, now: f64) -> f64 {
        self.away_since.take().unwrap_or(now)
    }

    /// A guest runs outside of this program, in a slice that began then.
    pub fn leaves(&mut self, began: f64) {
        self.away_since = Some(began);
    }

    /// Fuel for `millis` milliseconds, within the slice.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a positive range"
    )]
    pub fn fuel(&self, millis: f64) -> u64 {
        let millis = millis.clamp(1.0, self.slice_millis);
        (self.fuel_per_milli * millis).clamp(LEAST, 1e12) as u64
    }

    /// Takes in that `fuel` was spent in `millis` milliseconds.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub fn learn(&mut self, fuel: u64, millis: f64) {
        self.unmeasured_fuel += fuel as f64;
        self.unmeasured_millis += millis.max(0.0);
        if self.unmeasured_millis < MEASURABLE_MILLIS {
            return;
        }
        let measured = self.unmeasured_fuel / self.unmeasured_millis;
        let overshot = self.unmeasured_millis > self.slice_millis;
        (self.unmeasured_fuel, self.unmeasured_millis) = (0.0, 0.0);
        if measured <= 0.0 {
            return;
        }
        // Too long is felt at once; too short only costs a little: slow down fast, speed up slowly.
        self.fuel_per_milli = if overshot {
            measured
        } else {
            f64::midpoint(self.fuel_per_milli, measured)
        };
    }
}
