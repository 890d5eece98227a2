//! Numbers and amounts as people read them.

/// `1204` as `1,204`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A size: `104 KiB`.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if count < 1024 {
        return format!("{count} B");
    }
    let mut amount = count as f64 / 1024.0;
    let mut unit = 0;
    while amount >= 1024.0 && unit + 1 < UNITS.len() {
        amount /= 1024.0;
        unit += 1;
    }
    let places = u32::from(amount < 10.0);
    format!(
        "{} {}",
        decimal(amount, places),
        UNITS.get(unit).unwrap_or(&"TiB")
    )
}

/// Pages of 64 KiB as a size.
pub(crate) fn pages(count: u64) -> String {
    bytes(count.saturating_mul(crate::module::PAGE))
}

/// A time: `0.4 ms`, `38 ms`, `2.1 s`.
pub(crate) fn micros(count: u64) -> String {
    let millis = count as f64 / 1e3;
    if millis < 10.0 {
        format!("{} ms", decimal(millis, 1))
    } else if millis < 1e3 {
        format!("{} ms", decimal(millis, 0))
    } else {
        format!("{} s", decimal(millis / 1e3, 1))
    }
}

/// A number ≥ 0, to so many decimal places. (What formats a float to a number of places in Rust's
/// library is 2 kB of the download.)
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is shown is far below 2⁶⁴"
)]
pub(crate) fn decimal(number: f64, places: u32) -> String {
    let scale = 10_u64.pow(places);
    let scaled = (number * scale as f64).round() as u64;
    match places {
        0 => scaled.to_string(),
        _ => {
            let width = places as usize;
            format!("{}.{:0width$}", scaled / scale, scaled % scale)
        }
    }
}

/// `1 line`, `3 lines`.
pub(crate) fn count(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", grouped(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1_204, "1,204"),
            (100_000, "100,000"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn sizes_have_two_digits_or_more() {
        let cases = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (106_496, "104 KiB"),
            (26_000_000, "25 MiB"),
            (u64::MAX, "16777216 TiB"),
        ];
        for (size, text) in cases {
            assert_eq!(bytes(size), text);
        }
        assert_eq!(pages(2), "128 KiB");
    }

    #[test]
    fn times_keep_what_matters() {
        let cases = [
            (0, "0.0 ms"),
            (400, "0.4 ms"),
            (38_200, "38 ms"),
            (2_140_000, "2.1 s"),
        ];
        for (time, text) in cases {
            assert_eq!(micros(time), text);
        }
    }
}
