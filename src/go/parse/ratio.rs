//! Exact rational numbers: what Go's constants are made of.
//!
//! Arithmetic is on 128 bits; what needs more is no array length. Must not know of types.

use crate::go::value::{F64, plain};

/// A number as a fraction in lowest terms, with a denominator above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    /// `None`: the denominator is zero, or the fraction does not fit.
    fn new(numerator: i128, denominator: i128) -> Option<Ratio> {
        if denominator == 0 {
            return None;
        }
        let (mut a, mut b) = (numerator, denominator);
        while b != 0 {
            (a, b) = (b, a.checked_rem(b)?);
        }
        let divisor = if (a < 0) == (denominator < 0) {
            a
        } else {
            a.checked_neg()?
        };
        Some(Ratio {
            numerator: numerator.checked_div(divisor)?,
            denominator: denominator.checked_div(divisor)?,
        })
    }

    pub(super) fn whole(number: i128) -> Ratio {
        Ratio {
            numerator: number,
            denominator: 1,
        }
    }

    /// The number, if it is an integer.
    pub(super) fn integer(self) -> Option<i128> {
        (self.denominator == 1).then_some(self.numerator)
    }

    pub(super) fn is_zero(self) -> bool {
        self.numerator == 0
    }

    pub(super) fn negated(self) -> Option<Ratio> {
        Ratio::new(self.numerator.checked_neg()?, self.denominator)
    }

    pub(super) fn plus(self, other: Ratio) -> Option<Ratio> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        let denominator = self.denominator.checked_mul(other.denominator)?;
        Ratio::new(left.checked_add(right)?, denominator)
    }

    pub(super) fn times(self, other: Ratio) -> Option<Ratio> {
        Ratio::new(
            self.numerator.checked_mul(other.numerator)?,
            self.denominator.checked_mul(other.denominator)?,
        )
    }

    /// `None` for a division by zero as well.
    pub(super) fn over(self, other: Ratio) -> Option<Ratio> {
        Ratio::new(
            self.numerator.checked_mul(other.denominator)?,
            self.denominator.checked_mul(other.numerator)?,
        )
    }

    pub(super) fn is_above(self, other: Ratio) -> Option<bool> {
        let difference = self.plus(other.negated()?)?;
        Some(difference.numerator > 0)
    }

    /// A floating-point literal of Go: `1e3`, `.5`, `0x1p-2`.
    pub(super) fn literal(text: &str) -> Option<Ratio> {
        let text = text.replace('_', "").to_ascii_lowercase();
        let (base, digits, exponent) = match text.strip_prefix("0x") {
            Some(rest) => (16, rest, 'p'),
            None => (10, text.as_str(), 'e'),
        };
        let (digits, exponent) = match digits.split_once(exponent) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (digits, 0),
        };
        let (before, after) = digits.split_once('.').unwrap_or((digits, ""));
        let mut number = Ratio::whole(0);
        for digit in before.chars().chain(after.chars()) {
            let digit = Ratio::whole(digit.to_digit(base)?.into());
            number = number.times(Ratio::whole(base.into()))?.plus(digit)?;
        }
        let places = u32::try_from(after.len()).ok()?;
        let scale = i128::from(base).checked_pow(places)?;
        number = number.over(Ratio::whole(scale))?;
        let power = if base == 16 { 2i128 } else { 10 };
        let factor = Ratio::whole(power.checked_pow(exponent.unsigned_abs())?);
        if exponent < 0 {
            number.over(factor)
        } else {
            number.times(factor)
        }
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.denominator {
            1 => self.numerator.fmt(f),
            #[allow(clippy::cast_precision_loss, reason = "only to be shown")]
            denominator => {
                let number = self.numerator as f64 / denominator as f64;
                f.write_str(&plain(number.to_bits(), &F64))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_exact() {
        for (text, numerator, denominator) in [
            ("1e3", 1000, 1),
            (".5", 1, 2),
            ("1_0.25", 41, 4),
            ("0x1p-2", 1, 4),
            ("0X1.8p1", 3, 1),
            ("7.", 7, 1),
            ("0.1", 1, 10),
        ] {
            let literal = Ratio::literal(text);
            assert_eq!(literal, Ratio::new(numerator, denominator), "{text}");
        }
        assert_eq!(Ratio::literal("1e999"), None);
        assert_eq!(Ratio::new(i128::MIN, -1), None);
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(Ratio::new(0, -5), Some(Ratio::whole(0)));
    }
}
