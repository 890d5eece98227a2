//! Where a guest was, each time that somebody looked.

use crate::protocol::{RawFrame, Sample, Stack};
use std::collections::BTreeMap;

/// Stacks that are told apart; what is in more counts as elsewhere.
const MOST: usize = 20_000;

/// Frames of all of them together; what is in more counts as elsewhere, too.
const MOST_FRAMES: usize = 400_000;

/// The samples of a profile.
#[derive(Debug, Default)]
pub struct Samples {
    /// By stack, and by the host call that was made there.
    stacks: BTreeMap<(Stack, Option<u32>), Amount>,
    frames: usize,
    /// The outermost frame of the sample before.
    outermost: Option<RawFrame>,
}

/// How often a stack was seen, the fuel that this stands for, and the time of its host call.
#[derive(Debug, Default)]
struct Amount {
    count: u64,
    fuel: u64,
    nanos: u64,
}

impl Samples {
    /// The guest is there, and has used so much fuel since the sample before. Where there is no stack any more, the call
    /// has returned: then all that is known is what was called first.
    pub fn take(&mut self, mut stack: Stack, fuel: u64) {
        match stack.frames.last() {
            Some(last) => self.outermost = Some(*last),
            None => stack.frames.extend(self.outermost.take()),
        }
        self.add(stack, None, fuel, 0);
    }

    /// A call of a function of the host's took so many nanoseconds.
    pub fn host_call(&mut self, stack: Stack, function: u32, nanos: u64) {
        self.add(stack, Some(function), 0, nanos);
    }

    fn add(&mut self, mut stack: Stack, host_call: Option<u32>, fuel: u64, nanos: u64) {
        if let Some((count, _)) = &mut stack.left_out {
            *count = 1;
        }
        let mut at = (stack, host_call);
        if !self.stacks.contains_key(&at) {
            let frames = self.frames + at.0.frames.len();
            if self.stacks.len() >= MOST || frames > MOST_FRAMES {
                at.0 = Stack::default();
            } else {
                self.frames = frames;
            }
        }
        let amount = self.stacks.entry(at).or_default();
        amount.count += 1;
        amount.fuel = amount.fuel.saturating_add(fuel);
        amount.nanos = amount.nanos.saturating_add(nanos);
    }

    /// The samples so far.
    #[must_use]
    pub fn all(&self) -> Vec<Sample> {
        let stacks = self.stacks.iter();
        let samples = stacks.map(|((stack, host_call), amount)| Sample {
            stack: stack.clone(),
            host_call: *host_call,
            count: amount.count,
            fuel: amount.fuel,
            nanos: amount.nanos,
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
            .map(|one| (one.stack.frames.len(), one.count, one.fuel));
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
        assert_eq!((all[0].stack.frames.len(), all[0].count), (0, 10_000));
        assert_eq!(all[1].count, 2);
        assert_eq!(all.iter().map(|one| one.fuel).sum::<u64>(), 30_001);
    }

    #[test]
    fn of_too_many_frames_the_later_ones_are_elsewhere() {
        let mut samples = Samples::default();
        for function in 0..2_000 {
            let mut deep = vec![1; 255];
            deep.insert(0, function);
            samples.take(stack(&deep), 1);
        }
        let all = samples.all();
        let frames: usize = all.iter().map(|one| one.stack.frames.len()).sum();
        assert!(
            frames > MOST_FRAMES - 256 && frames <= MOST_FRAMES,
            "{frames}"
        );
        assert_eq!(all.iter().map(|one| one.count).sum::<u64>(), 2_000);
    }

    #[test]
    fn recursion_of_any_depth_is_one_stack() {
        let mut samples = Samples::default();
        for count in 1..100 {
            let left_out = Some((count, 1));
            samples.take(
                Stack {
                    left_out,
                    ..stack(&[1, 1])
                },
                1,
            );
        }
        assert_eq!(samples.all().len(), 1);
    }

    #[test]
    fn what_is_left_when_a_call_returns_is_in_what_was_called_first() {
        let mut samples = Samples::default();
        samples.take(stack(&[1, 2, 3]), 10);
        samples.take(stack(&[]), 4);
        samples.take(stack(&[]), 2);
        let all = samples.all();
        let all = all.iter().map(|one| {
            let frames = one.stack.frames.iter().map(|frame| frame.function);
            (frames.collect::<Vec<_>>(), one.fuel)
        });
        assert_eq!(
            all.collect::<Vec<_>>(),
            [(vec![], 2), (vec![1, 2, 3], 10), (vec![3], 4)]
        );
    }

    #[test]
    fn a_host_call_counts_by_its_time() {
        let mut samples = Samples::default();
        samples.take(stack(&[2]), 5);
        samples.host_call(stack(&[2]), 0, 70);
        samples.host_call(stack(&[2]), 0, 30);
        samples.host_call(stack(&[2]), 1, 4);
        let all = samples.all();
        let all = all
            .iter()
            .map(|one| (one.host_call, one.count, one.fuel, one.nanos));
        assert_eq!(
            all.collect::<Vec<_>>(),
            [(None, 1, 5, 0), (Some(0), 2, 0, 100), (Some(1), 1, 0, 4)]
        );
    }
}
