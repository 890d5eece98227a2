//! Amounts as people read them, and as they write them.

/// So many of something: `1 page`, `2 pages`.
#[must_use]
pub fn amount(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", grouped(number))
}

/// `1204` as `1,204`.
#[must_use]
pub fn grouped(number: u64) -> String {
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

/// The units of sizes, in bytes, the largest first.
const SIZES: [(u64, &str); 4] = [
    (1 << 40, "TiB"),
    (1 << 30, "GiB"),
    (1 << 20, "MiB"),
    (1 << 10, "KiB"),
];

/// The units of times, in nanoseconds, the largest first.
const TIMES: [(u64, &str); 6] = [
    (3_600_000_000_000, "h"),
    (60_000_000_000, "min"),
    (1_000_000_000, "s"),
    (1_000_000, "ms"),
    (1_000, "µs"),
    (1, "ns"),
];

/// A number of bytes, exactly: `256 MiB`, `1.5 GiB`, `100,000 B`. [`read_size`] reads it back.
#[must_use]
pub fn size(bytes: u64) -> String {
    // As many places as a page of 64 KiB has in MiB.
    const PLACES: u64 = 10_000;
    for (unit, name) in SIZES {
        let rest = bytes % unit * PLACES;
        if bytes >= unit && rest.is_multiple_of(unit) {
            let whole = grouped(bytes / unit);
            let part = format!("{:04}", rest / unit);
            return match part.trim_end_matches('0') {
                "" => format!("{whole} {name}"),
                part => format!("{whole}.{part} {name}"),
            };
        }
    }
    format!("{} B", grouped(bytes))
}

/// A number of nanoseconds, exactly: `10 min`, `90 s`, `500 ms`. [`read_time`] reads it back.
#[must_use]
pub fn time(nanos: u64) -> String {
    let whole = |unit: &&(u64, &str)| nanos != 0 && nanos.is_multiple_of(unit.0);
    let (unit, name) = TIMES.iter().find(whole).unwrap_or(&(1, "ns"));
    format!("{} {name}", grouped(nanos / unit))
}

/// The same of milliseconds.
#[must_use]
pub fn millis(millis: u64) -> String {
    match millis {
        0 => "0 ms".to_owned(),
        _ => time(millis.saturating_mul(1_000_000)),
    }
}

/// The number of bytes that is written as `256 MiB`, `256MB`, `4096 pages`, `1.5 GiB`, `65,536`. A unit without
/// an i is taken as one with it, as is usual for memory. `None`: it is no size, or larger than there can be.
#[must_use]
pub fn read_size(text: &str) -> Option<u64> {
    read(text, 1, |unit| {
        if matches!(unit, "page" | "pages") {
            return Some(crate::module::PAGE);
        }
        let (first, rest) = unit.split_at_checked(1)?;
        if first == "b" {
            return matches!(rest, "" | "yte" | "ytes").then_some(1);
        }
        let known = SIZES
            .iter()
            .find(|(_, name)| name.to_ascii_lowercase().starts_with(first))?;
        matches!(rest, "" | "b" | "ib").then_some(known.0)
    })
}

/// The number of nanoseconds that is written as `10 min`, `90 s`, `500ms`, `1h`, `1h30m`; of a number alone, with
/// `plain` nanoseconds each. `None`: it is no time, or longer than there can be.
#[must_use]
pub fn read_time(text: &str, plain: u64) -> Option<u64> {
    read(text, plain, |unit| {
        let name = match unit {
            "nanosecond" | "nanoseconds" => "ns",
            // The Greek letter, and `us`.
            "us" | "μs" | "microsecond" | "microseconds" => "µs",
            "millisecond" | "milliseconds" => "ms",
            "sec" | "second" | "seconds" => "s",
            "m" | "minute" | "minutes" => "min",
            "hour" | "hours" => "h",
            name => name,
        };
        let known = TIMES.iter().find(|(_, unit)| *unit == name);
        known.map(|(unit, _)| *unit)
    })
}

/// The sum of the numbers in the text, each times its unit, which `unit` knows in lower case; a number alone is
/// of `plain`. Parts of one are left out.
fn read(text: &str, plain: u64, unit: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    let mut rest = text.trim();
    let mut sum: u64 = 0;
    loop {
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '_');
        let (number, behind) = rest.split_at(rest.find(|c| !is_number(c)).unwrap_or(rest.len()));
        let behind = behind.trim_start();
        let end = behind.find(|c: char| !c.is_alphabetic());
        let (name, next) = behind.split_at(end.unwrap_or(behind.len()));
        let unit = match name {
            "" if number.len() == text.trim().len() => plain,
            name => unit(&name.to_ascii_lowercase())?,
        };
        sum = sum.checked_add(times(number, unit)?)?;
        rest = next.trim_start();
        if rest.is_empty() {
            return Some(sum);
        }
    }
}

/// `1.5` times a unit, without what is left of one. Commas stand between groups of three.
fn times(number: &str, unit: u64) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    if groups.any(|group| group.len() != 3) || whole.contains(',') && first.is_empty() {
        return None;
    }
    let digits = whole.replace([',', '_'], "");
    let part = part.get(..9).unwrap_or(part);
    let whole: u64 = match digits.as_str() {
        "" if part.is_empty() => return None,
        "" => 0,
        digits => digits.parse().ok()?,
    };
    let mut sum = whole.checked_mul(unit)?;
    if !part.is_empty() {
        let scale = 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
        let part: u64 = part.parse().ok()?;
        // The unit is at most 2⁴⁰: what is lost by dividing first is less than a byte.
        let exact = part.checked_mul(unit).map(|product| product / scale);
        sum = sum.checked_add(exact.unwrap_or(part.checked_mul(unit / scale)?))?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_digits_are_grouped() {
        let all = [0, 1, 2, 65_536].map(|number| amount(number, "page"));
        assert_eq!(all, ["0 pages", "1 page", "2 pages", "65,536 pages"]);
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn a_size_is_told_in_the_largest_unit_that_is_exact() {
        for (bytes, text) in [
            (0, "0 B"),
            (1, "1 B"),
            (1023, "1,023 B"),
            (65_536, "64 KiB"),
            (100_000, "100,000 B"),
            (256 << 20, "256 MiB"),
            (65 << 16, "4.0625 MiB"),
            (3 << 29, "1.5 GiB"),
            (32_767 << 16, "2,047.9375 MiB"),
            (u64::MAX, "18,446,744,073,709,551,615 B"),
        ] {
            assert_eq!(size(bytes), text);
            assert_eq!(read_size(text), Some(bytes), "{text}");
        }
    }

    #[test]
    fn a_size_is_read_as_people_write_it() {
        for (text, bytes) in [
            ("256 MiB", 256 << 20),
            ("256MB", 256 << 20),
            ("256m", 256 << 20),
            ("4096 pages", 256 << 20),
            ("1 page", 65_536),
            ("1.5 GiB", 3 << 29),
            (".5 kb", 512),
            ("1.0625MiB", 17 << 16),
            ("16777216", 16 << 20),
            ("16_777_216", 16 << 20),
            (" 65,536 bytes ", 65_536),
            ("1 GiB 512 MiB", 3 << 29),
            ("0", 0),
        ] {
            assert_eq!(read_size(text), Some(bytes), "{text}");
        }
    }

    #[test]
    fn a_time_is_told_and_read_as_people_do() {
        const SECOND: u64 = 1_000_000_000;
        for (nanos, text) in [
            (0, "0 ns"),
            (1_000, "1 µs"),
            (SECOND / 2, "500 ms"),
            (SECOND + SECOND / 2, "1,500 ms"),
            (90 * SECOND, "90 s"),
            (600 * SECOND, "10 min"),
            (3_600 * SECOND, "1 h"),
        ] {
            assert_eq!(time(nanos), text);
            assert_eq!(read_time(text, SECOND), Some(nanos), "{text}");
        }
        assert_eq!((&*millis(0), &*millis(1_000)), ("0 ms", "1 s"));
        for (text, millis) in [
            ("10 min", 600_000),
            ("500ms", 500),
            ("1h", 3_600_000),
            ("1h30m", 5_400_000),
            ("1.5 h", 5_400_000),
            ("2 Minutes", 120_000),
            ("7 us 3µs 999990 μs", 1_000),
            ("90", 90_000),
            ("0.25", 250),
        ] {
            assert_eq!(read_time(text, SECOND), Some(millis * 1_000_000), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_not_taken_for_one() {
        for text in [
            "",
            " ",
            "MiB",
            "-1",
            "1 2",
            "12 parsecs",
            "1,5 GiB",
            "1.2.3 MiB",
            ",123",
            "1 MiB 5",
            "1e3",
            "99999999999 TiB",
            "18446744073709551616",
            "ü",
            "1 ü",
            ".",
            "1 MiBs",
            "+5",
        ] {
            assert_eq!(read_size(text), None, "{text:?}");
            assert_eq!(read_time(text, 1), None, "{text:?}");
        }
        assert_eq!((read_size("5 min"), read_time("5 MiB", 1)), (None, None));
    }
}
