//! Numbers as Go writes them: integer and floating-point literals, exact to the bit.
//!
//! Must not know of values and types: it deals in `i128` and in the bits of floats.

/// The integer that a person or a Go program wrote: decimal, `0x`, `0o`, `0b`, with `_` between
/// digits, with a sign. A decimal number with a leading zero is refused: Go reads it as octal, and a
/// person hardly ever means that.
///
/// # Errors
///
/// `None`: it is not an integer. `Some`: what to write instead.
pub(super) fn integer(text: &str) -> Result<i128, Option<String>> {
    let (negative, digits) = sign(text);
    let (base, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..)),
        Some("0o" | "0O") => (8, digits.get(2..)),
        Some("0b" | "0B") => (2, digits.get(2..)),
        _ => (10, Some(digits)),
    };
    let digits = digits.unwrap_or_default();
    let plain = without_underscores(digits, base != 10).ok_or(None)?;
    if plain.is_empty() || !plain.chars().all(|c| c.is_digit(base)) {
        return Err(None);
    }
    if base == 10 && plain.len() > 1 && plain.starts_with('0') {
        let rest = plain.trim_start_matches('0');
        let rest = if rest.is_empty() { "0" } else { rest };
        return Err(Some(format!("write {rest}, or 0o{rest} for octal")));
    }
    let significant = plain.trim_start_matches('0');
    // Larger than any type, and still small enough to be shown as out of range.
    let number = if significant.is_empty() {
        0
    } else {
        i128::from_str_radix(significant, base).unwrap_or(i128::MAX)
    };
    Ok(if negative { -number } else { number })
}

/// The bits of the float64 nearest to what was written: decimal or hexadecimal, `NaN`, `Inf`, or
/// `NaN(0x7ff8000000000001)` with all the bits.
///
/// # Errors
///
/// As [`FloatError`].
pub(super) fn float64(text: &str) -> Result<u64, FloatError> {
    float(text, &F64)
}

/// As [`float64`], for a float32.
///
/// # Errors
///
/// As [`FloatError`].
pub(super) fn float32(text: &str) -> Result<u32, FloatError> {
    float(text, &F32).map(|bits| u32::try_from(bits).unwrap_or_default())
}

/// Why a text is not a floating-point number.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FloatError {
    Syntax,
    /// Further from zero than any number of the type.
    Range,
}

/// A binary floating-point format.
struct Format {
    bits: u32,
    mantissa: u32,
    bias: i64,
    decimal: fn(&str) -> Option<(u64, bool)>,
}

const F64: Format = Format {
    bits: 64,
    mantissa: 52,
    bias: 1023,
    decimal: |text| {
        text.parse::<f64>()
            .ok()
            .map(|f| (f.to_bits(), f.is_infinite()))
    },
};

const F32: Format = Format {
    bits: 32,
    mantissa: 23,
    bias: 127,
    decimal: |text| {
        let float = text.parse::<f32>().ok()?;
        Some((u64::from(float.to_bits()), float.is_infinite()))
    },
};

impl Format {
    fn sign(&self, negative: bool) -> u64 {
        u64::from(negative) << (self.bits - 1)
    }

    fn infinity(&self) -> u64 {
        ((1 << (self.bits - 1 - self.mantissa)) - 1) << self.mantissa
    }
}

fn float(text: &str, format: &Format) -> Result<u64, FloatError> {
    let (negative, body) = sign(text);
    let sign = format.sign(negative);
    let lower = body.to_ascii_lowercase();
    match lower.as_str() {
        "inf" | "infinity" => return Ok(sign | format.infinity()),
        "nan" => return Ok(sign | format.infinity() | 1 << (format.mantissa - 1)),
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
    if let Some(hex) = lower.strip_prefix("0x") {
        return hexadecimal(hex, format).map(|bits| sign | bits);
    }
    let plain = without_underscores(&lower, false).ok_or(FloatError::Syntax)?;
    if !plain.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(FloatError::Syntax);
    }
    match (format.decimal)(&plain) {
        Some((_, true)) => Err(FloatError::Range),
        Some((bits, false)) => Ok(sign | bits),
        None => Err(FloatError::Syntax),
    }
}

/// A hexadecimal mantissa and a binary exponent, rounded to nearest, ties to even.
fn hexadecimal(text: &str, format: &Format) -> Result<u64, FloatError> {
    let (mantissa, exponent) = match text.split_once('p') {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None if !text.contains('.') => (text, "0"),
        None => return Err(FloatError::Syntax),
    };
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(FloatError::Syntax);
    }
    let huge = if exponent.starts_with('-') {
        -1_000_000_000
    } else {
        1_000_000_000
    };
    let mut exponent: i64 = exponent
        .parse::<i64>()
        .unwrap_or(huge)
        .clamp(-1 << 40, 1 << 40);
    let mantissa = without_underscores(mantissa, true).ok_or(FloatError::Syntax)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(FloatError::Syntax);
    }
    // The leading 64 significant bits, and whether any bit after them is set.
    let (mut bits, mut sticky) = (0u64, false);
    for (c, after_point) in whole
        .chars()
        .map(|c| (c, false))
        .chain(fraction.chars().map(|c| (c, true)))
    {
        let digit = c.to_digit(16).ok_or(FloatError::Syntax)?;
        if bits >> 60 == 0 {
            bits = bits << 4 | u64::from(digit);
            exponent -= if after_point { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            exponent += if after_point { 0 } else { 4 };
        }
    }
    if bits == 0 {
        return Ok(0);
    }
    let shift = bits.leading_zeros();
    bits <<= shift;
    // The value is bits × 2^exponent, and its leading bit is 2^(exponent + 63).
    exponent -= i64::from(shift);
    let scale = exponent + 63;
    let smallest = 1 - format.bias;
    let lost = 63 - i64::from(format.mantissa) + (smallest - scale).max(0);
    let (kept, round) = if lost > 64 {
        (0, false)
    } else {
        let kept = u64::try_from(u128::from(bits) >> lost).unwrap_or_default();
        let half = 1u128 << (lost - 1);
        let rest = u128::from(bits) & ((1u128 << lost) - 1);
        let above = rest > half || (rest == half && sticky);
        let tie = rest == half && !sticky;
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

/// How Go prints a float64 with `%v`: the shortest decimal that reads back as the same number. NaNs
/// other than the canonical one with their bits.
pub(super) fn show_float64(bits: u64) -> String {
    let float = f64::from_bits(bits);
    if float.is_nan() {
        return nan(bits, 0x7ff8_0000_0000_0000);
    }
    shortest(float.is_infinite(), float < 0.0, &format!("{float:e}"))
}

/// As [`show_float64`], for a float32.
pub(super) fn show_float32(bits: u32) -> String {
    let float = f32::from_bits(bits);
    if float.is_nan() {
        return nan(u64::from(bits), 0x7fc0_0000);
    }
    shortest(float.is_infinite(), float < 0.0, &format!("{float:e}"))
}

fn nan(bits: u64, canonical: u64) -> String {
    if bits == canonical {
        "NaN".to_owned()
    } else {
        format!("NaN({bits:#x})")
    }
}

/// Go's `%v` from Rust's `{:e}`: the same digits, but an exponent only below 1e-4 and from 1e6.
fn shortest(infinite: bool, negative: bool, text: &str) -> String {
    if infinite {
        return if negative { "-Inf" } else { "+Inf" }.to_owned();
    }
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    if !(-4..6).contains(&exponent) {
        let mark = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{mark}{:02}", exponent.abs());
    }
    let digits = mantissa.replace('.', "");
    let before = usize::try_from(exponent + 1).unwrap_or_default();
    if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or_default());
        return format!("{sign}0.{zeros}{digits}");
    }
    match digits.split_at_checked(before) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{digits:0<before$}"),
    }
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The digits without the `_` that Go permits between them, and after a base prefix.
fn without_underscores(digits: &str, after_prefix: bool) -> Option<String> {
    let mut previous = if after_prefix { '0' } else { '_' };
    for c in digits.chars() {
        if c == '_' && !previous.is_ascii_alphanumeric() {
            return None;
        }
        if previous == '_' && !c.is_ascii_alphanumeric() && !digits.starts_with(c) {
            return None;
        }
        previous = c;
    }
    if previous == '_' && !digits.is_empty() {
        return None;
    }
    Some(digits.replace('_', ""))
}
