//! Whole numbers of any size: what decimal and binary fractions are exactly made of each other with.

use std::cmp::Ordering;

/// A whole number: its digits to the base 2³², the lowest first; the highest is not 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Whole(Vec<u32>);

impl Whole {
    pub(super) fn new(number: u64) -> Self {
        let mut whole = Self::default();
        whole.extend(1, low(number >> 32));
        whole.shift(32);
        whole.extend(1, low(number));
        whole
    }

    /// Makes it so many times as large, and `more` larger than that.
    pub(super) fn extend(&mut self, times: u32, more: u32) {
        let mut carry = u64::from(more);
        for digit in &mut self.0 {
            carry += u64::from(*digit) * u64::from(times);
            *digit = low(carry);
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(low(carry));
        }
    }

    /// Makes it 10 times as large.
    pub(super) fn tenfold(&mut self) {
        self.extend(10, 0);
    }

    /// Makes it 2^`bits` times as large; a negative number is 0.
    pub(super) fn shift(&mut self, bits: i64) {
        let mut left = bits;
        while left > 0 {
            self.extend(1 << left.min(31), 0);
            left -= 31;
        }
    }

    /// How many bits it has, without leading zeros.
    pub(super) fn bits(&self) -> i64 {
        let highest = self.0.last().map_or(0, |digit| digit.leading_zeros());
        32 * i64::try_from(self.0.len()).unwrap_or(i64::MAX) - i64::from(highest)
    }

    /// Takes the other number away, unless that is larger. Whether it was taken.
    pub(super) fn take(&mut self, other: &Self) -> bool {
        let fits = (*self).cmp(other) != Ordering::Less;
        if fits {
            let mut borrowed = false;
            let digits = other.0.iter().copied().chain(std::iter::repeat(0));
            for (digit, other) in self.0.iter_mut().zip(digits) {
                let (less, under) = digit.overflowing_sub(other);
                let (less, again) = less.overflowing_sub(u32::from(borrowed));
                (*digit, borrowed) = (less, under || again);
            }
            while self.0.last() == Some(&0) {
                self.0.pop();
            }
        }
        fits
    }

    /// What both are together.
    pub(super) fn plus(&self, other: &Self) -> Self {
        let (long, short) = if self.0.len() < other.0.len() {
            (other, self)
        } else {
            (self, other)
        };
        let mut sum = long.clone();
        let mut carry = 0;
        let digits = short.0.iter().copied().chain(std::iter::repeat(0));
        for (digit, other) in sum.0.iter_mut().zip(digits) {
            carry += u64::from(*digit) + u64::from(other);
            *digit = low(carry);
            carry >>= 32;
        }
        if carry > 0 {
            sum.0.push(low(carry));
        }
        sum
    }

    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what is cut off is carried"
)]
fn low(number: u64) -> u32 {
    number as u32
}
