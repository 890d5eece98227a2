//! Where a guest was, each time that somebody looked.

use crate::protocol::{RawFrame, Sample, Stack};
use std::collections::BTreeMap;

/// Stacks that are told apart; what is in more counts as elsewhere.
const MOST: usize = 20_000;

/// The samples of a profile.
#[derive(Debug, Default)]
pub struct Samples {
    /// How often each stack was seen, and the fuel that this stands for.
    stacks: BTreeMap<Vec<RawFrame>, (u64, u64)>,
}

impl Samples {
    /// The guest is there, and has used so much fuel since the sample before.
    pub fn take(&mut self, stack: Stack, fuel: u64) {
        let mut frames = stack.frames;
        if self.stacks.len() >= MOST && !self.stacks.contains_key(&frames) {
            frames.clear();
        }
        let (count, all) = self.stacks.entry(frames).or_default();
        *count += 1;
        *all = all.saturating_add(fuel);
    }

    /// The samples so far.
    #[must_use]
    pub fn all(&self) -> Vec<Sample> {
        let stacks = self.stacks.iter();
        let samples = stacks.map(|(frames, (count, fuel))| Sample {
            frames: frames.clone(),
            count: *count,
            fuel: *fuel,
        });
        samples.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::At;

    fn stack(functions: &[u32]) -> Stack {
        let frame = |function: &u32| RawFrame {
            function: *function,
            at: At::Place(7),
        };
        Stack {
            frames: functions.iter().map(frame).collect(),
            ..Stack::default()
        }
    }

    #[test]
    fn stacks_that_are_alike_are_counted_together() {
        let mut samples = Samples::default();
        for (functions, fuel) in [(&[1, 2][..], 10), (&[2], 20), (&[1, 2], 5)] {
            samples.take(stack(functions), fuel);
        }
        let all = samples.all();
        let counted = all
            .iter()
            .map(|one| (one.frames.len(), one.count, one.fuel));
        assert_eq!(counted.collect::<Vec<_>>(), [(2, 2, 15), (1, 1, 20)]);
    }

    #[test]
    fn of_too_many_stacks_the_later_ones_are_elsewhere() {
        let mut samples = Samples::default();
        for function in 0..30_000 {
            samples.take(stack(&[function]), 1);
        }
        samples.take(stack(&[0]), 1);
        let all = samples.all();
        assert_eq!(all.len(), MOST + 1);
        assert_eq!((all[0].frames.len(), all[0].count), (0, 10_000));
        assert_eq!(all[1].count, 2);
        assert_eq!(all.iter().map(|one| one.fuel).sum::<u64>(), 30_001);
    }
}
