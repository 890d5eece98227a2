//! Floating-point numbers as Go writes them, exact to the bit.
//!
//! With [`Whole`] numbers, and not by Rust's library, whose tables of powers of ten are a thirtieth of
//! the download: no number is read or shown so often that its speed would be felt.

use super::number::{sign, without_underscores};
use super::whole::Whole;
use std::cmp::Ordering;

/// Why a text is not a floating-point number.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FloatError {
    Syntax,
    /// Further from zero than any number of the type.
    Range,
}

/// A binary floating-point format.
pub(crate) struct Format {
    bits: u32,
    mantissa: u32,
    bias: i64,
}

/// That of a float64, and of Wasm's f64.
pub(crate) const F64: Format = Format {
    bits: 64,
    mantissa: 52,
    bias: 1023,
};

/// That of a float32, and of Wasm's f32.
pub(crate) const F32: Format = Format {
    bits: 32,
    mantissa: 23,
    bias: 127,
};

impl Format {
    fn sign(&self, negative: bool) -> u64 {
        u64::from(negative) << (self.bits - 1)
    }

    fn infinity(&self) -> u64 {
        ((1 << (self.bits - 1 - self.mantissa)) - 1) << self.mantissa
    }

    fn nan(&self) -> u64 {
        self.infinity() | 1 << (self.mantissa - 1)
    }
}

/// The bits of the number nearest to what was written: decimal or hexadecimal, `NaN`, `Inf`, or
/// `NaN(0x7ff8000000000001)` with all the bits.
///
/// # Errors
///
/// As [`FloatError`].
pub(super) fn read(text: &str, format: &Format) -> Result<u64, FloatError> {
    let (negative, body) = sign(text);
    let sign = format.sign(negative);
    let lower = body.to_ascii_lowercase();
    match lower.as_str() {
        "inf" | "infinity" => return Ok(sign | format.infinity()),
        "nan" => return Ok(sign | format.nan()),
        _ => {}
    }
    if let Some(bits) = lower
        .strip_prefix("nan(0x")
        .and_then(|b| b.strip_suffix(')'))
    {
        let bits = u64::from_str_radix(bits, 16).map_err(|_| FloatError::Syntax)?;
        let whole = format.sign(true) | (format.sign(true) - 1);
        let nan = bits & !format.sign(true) > format.infinity() && bits <= whole;
        return if nan && !text.starts_with(['+', '-']) {
            Ok(bits)
        } else {
            Err(FloatError::Syntax)
        };
    }
    let leading = match lower.strip_prefix("0x") {
        Some(hex) => hexadecimal(hex)?,
        None => {
            let plain = without_underscores(&lower, false).ok_or(FloatError::Syntax)?;
            if !plain.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
                return Err(FloatError::Syntax);
            }
            decimal(&plain)?
        }
    };
    leading.rounded(format).map(|bits| sign | bits)
}

/// A number: its leading 64 bits times 2^`exponent`, and whether any bit after them is set.
struct Leading {
    bits: u64,
    exponent: i64,
    more: bool,
}

impl Leading {
    const ZERO: Self = Self {
        bits: 0,
        exponent: 0,
        more: false,
    };

    /// To nearest, ties to even.
    fn rounded(self, format: &Format) -> Result<u64, FloatError> {
        if self.bits == 0 {
            return Ok(0);
        }
        // The leading bit is 2^scale.
        let shift = self.bits.leading_zeros();
        let bits = self.bits << shift;
        let scale = self.exponent - i64::from(shift) + 63;
        let smallest = 1 - format.bias;
        let lost = 63 - i64::from(format.mantissa) + (smallest - scale).max(0);
        let (kept, round) = if lost > 64 {
            (0, false)
        } else {
            let kept = u64::try_from(u128::from(bits) >> lost).unwrap_or_default();
            let half = 1u128 << (lost - 1);
            let rest = u128::from(bits) & ((1u128 << lost) - 1);
            let above = rest > half || (rest == half && self.more);
            let tie = rest == half && !self.more;
            (kept, above || (tie && kept & 1 == 1))
        };
        let rounded = kept + u64::from(round);
        // A subnormal number has exponent field 0 and no hidden bit; the carry out of rounding goes into
        // the exponent by itself.
        let field = u64::try_from((scale - smallest).max(0)).unwrap_or_default();
        if field >= 1 << 16 {
            return Err(FloatError::Range);
        }
        let bits = (field << format.mantissa) + rounded;
        if bits >= format.infinity() {
            return Err(FloatError::Range);
        }
        Ok(bits)
    }
}

/// An exponent; one that is beyond all numbers is cut.
fn exponent(text: &str) -> Result<i64, FloatError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(FloatError::Syntax);
    }
    let most = 1 << 40;
    let magnitude = digits.parse().unwrap_or(most).min(most);
    Ok(if text.starts_with('-') {
        -magnitude
    } else {
        magnitude
    })
}

/// The digits of a mantissa, each with whether it stands after the point.
fn digits(mantissa: &str, base: u32) -> Result<Vec<(u32, bool)>, FloatError> {
    let mut digits = Vec::new();
    let mut after_point = false;
    for c in mantissa.chars() {
        match c.to_digit(base) {
            Some(digit) => digits.push((digit, after_point)),
            None if c == '.' && !after_point => after_point = true,
            None => return Err(FloatError::Syntax),
        }
    }
    if digits.is_empty() {
        return Err(FloatError::Syntax);
    }
    Ok(digits)
}

/// A hexadecimal mantissa and a binary exponent.
fn hexadecimal(text: &str) -> Result<Leading, FloatError> {
    let (mantissa, power) = match text.split_once('p') {
        Some((mantissa, power)) => (mantissa, power),
        None if !text.contains('.') => (text, "0"),
        None => return Err(FloatError::Syntax),
    };
    let mut exponent = exponent(power)?;
    let mantissa = without_underscores(mantissa, true).ok_or(FloatError::Syntax)?;
    let (mut bits, mut more) = (0, false);
    for (digit, after_point) in digits(&mantissa, 16)? {
        if bits >> 60 == 0 {
            bits = bits << 4 | u64::from(digit);
            exponent -= if after_point { 4 } else { 0 };
        } else {
            more |= digit != 0;
            exponent += if after_point { 0 } else { 4 };
        }
    }
    Ok(Leading {
        bits,
        exponent,
        more,
    })
}

/// No number that is halfway between two of a float's has more digits, down to those that are nearer to 0
/// than any.
const DIGITS: i64 = 1200;

/// Above and below these powers of ten everything is infinite, or 0.
const POWERS: std::ops::Range<i64> = -400..400;

/// A decimal mantissa and exponent.
fn decimal(text: &str) -> Result<Leading, FloatError> {
    let (mantissa, power) = text.split_once('e').unwrap_or((text, "0"));
    let mut exponent = exponent(power)?;
    let mut number = Whole::default();
    let (mut count, mut more) = (0, false);
    for (digit, after_point) in digits(mantissa, 10)? {
        if count < DIGITS {
            number.extend(10, digit);
            count += i64::from(!number.is_zero());
            exponent -= i64::from(after_point);
        } else {
            more |= digit != 0;
            exponent += i64::from(!after_point);
        }
    }
    let magnitude = exponent + count;
    if number.is_zero() || magnitude < POWERS.start {
        return Ok(Leading::ZERO);
    }
    if magnitude > POWERS.end {
        return Err(FloatError::Range);
    }
    // It is number / divisor × 2^scale, where that quotient is from 1 to 2.
    let mut divisor = Whole::new(1);
    let scaled = if exponent < 0 {
        &mut divisor
    } else {
        &mut number
    };
    for _ in 0..exponent.unsigned_abs() {
        scaled.tenfold();
    }
    let mut scale = number.bits() - divisor.bits();
    number.shift(-scale);
    divisor.shift(scale);
    if number.cmp(&divisor) == Ordering::Less {
        number.shift(1);
        scale -= 1;
    }
    let mut bits = 0;
    for _ in 0..u64::BITS {
        bits = bits << 1 | u64::from(number.take(&divisor));
        number.shift(1);
    }
    Ok(Leading {
        bits,
        exponent: scale - 63,
        more: more || !number.is_zero(),
    })
}

/// How Go prints a number with `%v`: the shortest decimal that reads back as the same number. NaNs other
/// than the canonical one with their bits.
pub(super) fn show(bits: u64, format: &Format) -> String {
    let magnitude = bits & !format.sign(true);
    if magnitude > format.infinity() {
        return if bits == format.nan() {
            "NaN".to_owned()
        } else {
            format!("NaN({bits:#x})")
        };
    }
    let negative = bits != magnitude;
    if magnitude == format.infinity() {
        return if negative { "-Inf" } else { "+Inf" }.to_owned();
    }
    let (digits, exponent) = shortest(magnitude, format);
    let sign = if negative { "-" } else { "" };
    if (-4..6).contains(&exponent) {
        return format!("{sign}{}", positional(&digits, exponent));
    }
    let mark = if exponent < 0 { '-' } else { '+' };
    format!(
        "{sign}{}e{mark}{:02}",
        mantissa(&digits),
        exponent.unsigned_abs()
    )
}

/// The same number as Rust prints it with `{:?}`, which JSON, Go and Wasm's text format read: with a point or
/// an exponent. NaNs are alike.
pub(crate) fn plain(bits: u64, format: &Format) -> String {
    let magnitude = bits & !format.sign(true);
    if magnitude > format.infinity() {
        return "NaN".to_owned();
    }
    let sign = if bits == magnitude { "" } else { "-" };
    if magnitude == format.infinity() {
        return format!("{sign}inf");
    }
    let (digits, exponent) = shortest(magnitude, format);
    if !(-4..16).contains(&exponent) {
        return format!("{sign}{}e{exponent}", mantissa(&digits));
    }
    let text = positional(&digits, exponent);
    let whole = if text.contains('.') { "" } else { ".0" };
    format!("{sign}{text}{whole}")
}

/// `1.25` of 125.
fn mantissa(digits: &str) -> String {
    positional(digits, 0)
}

/// The digits, of which the first is worth 10^`exponent`, with a point where it is needed.
fn positional(digits: &str, exponent: i32) -> String {
    if exponent < 0 {
        let zeros = usize::try_from(-exponent - 1).unwrap_or_default();
        return format!("0.{}{digits}", "0".repeat(zeros));
    }
    let before = usize::try_from(exponent).unwrap_or_default() + 1;
    match digits.split_at_checked(before) {
        Some((whole, "")) => whole.to_owned(),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
        None => format!("{digits:0<before$}"),
    }
}

/// The fewest digits that read back as the number with these bits, which is finite and not negative, the
/// nearest to it of these; and the power of ten that the first is worth. (Steele and White's way.)
fn shortest(bits: u64, format: &Format) -> (String, i32) {
    if bits == 0 {
        return ("0".to_owned(), 0);
    }
    let field = bits >> format.mantissa;
    let fraction = bits & ((1 << format.mantissa) - 1);
    let mantissa = fraction | u64::from(field > 0) << format.mantissa;
    let exponent = i64::try_from(field.max(1)).unwrap_or_default();
    let exponent = exponent - format.bias - i64::from(format.mantissa);
    // Below a power of two numbers are twice as close together.
    let closer = i64::from(fraction == 0 && field > 1);
    // The number is rest / one, the numbers halfway to the next are it - below / one and it + above / one.
    let mut rest = Whole::new(mantissa);
    rest.shift(1 + closer + exponent.max(0));
    let mut below = Whole::new(1);
    below.shift(exponent);
    let mut above = below.clone();
    above.shift(closer);
    let mut one = Whole::new(1);
    one.shift(1 + closer - exponent.min(0));
    // A number that is halfway is read as the even one of the two.
    let even = mantissa & 1 == 0;
    let within = |order: Ordering| order == Ordering::Less || (even && order == Ordering::Equal);
    let reaches = |rest: &Whole, above: &Whole, one: &Whole| within(one.cmp(&rest.plus(above)));

    let mut power = 0;
    while reaches(&rest, &above, &one) {
        one.tenfold();
        power += 1;
    }
    let mut digits = String::new();
    loop {
        for number in [&mut rest, &mut below, &mut above] {
            number.tenfold();
        }
        let mut digit = 0;
        while rest.take(&one) {
            digit += 1;
        }
        let low = within(rest.cmp(&below));
        let high = reaches(&rest, &above, &one);
        if !low && !high {
            if digit == 0 && digits.is_empty() {
                power -= 1;
            } else {
                digits.push(char::from(b'0' + digit));
            }
            continue;
        }
        let nearer_above = one.cmp(&rest.plus(&rest)) != Ordering::Greater;
        let up = high && (!low || nearer_above);
        digits.push(char::from(b'0' + digit + u8::from(up)));
        return (digits, power - 1);
    }
}

#[cfg(test)]
mod tests;
