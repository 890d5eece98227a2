//! Numbers and amounts as people read them.

pub(crate) use crate::amount::{amount as count, grouped};

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

/// What part of the whole it is: `12.5 %`.
pub(crate) fn share(part: u64, whole: u64) -> String {
    let share = part as f64 * 100.0 / whole.max(1) as f64;
    format!("{} %", decimal(share, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

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
