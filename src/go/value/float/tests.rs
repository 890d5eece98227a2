//! Reading and showing numbers, against Rust's library, which does both exactly.

use super::*;
use proptest::prelude::*;

fn read64(text: &str) -> Option<u64> {
    match read(text, &F64) {
        Ok(bits) => Some(bits),
        Err(FloatError::Range) => Some(sign_of(text, &F64) | F64.infinity()),
        Err(FloatError::Syntax) => None,
    }
}

fn read32(text: &str) -> Option<u64> {
    match read(text, &F32) {
        Ok(bits) => Some(bits),
        Err(FloatError::Range) => Some(sign_of(text, &F32) | F32.infinity()),
        Err(FloatError::Syntax) => None,
    }
}

fn sign_of(text: &str, format: &Format) -> u64 {
    format.sign(text.starts_with('-'))
}

#[track_caller]
fn is_read_as_by_rust(text: &str) {
    let rust = text.parse().ok().map(f64::to_bits);
    assert_eq!(read64(text), rust, "{text} as a float64");
    let rust = text.parse().ok().map(|float: f32| float.to_bits().into());
    assert_eq!(read32(text), rust, "{text} as a float32");
}

#[track_caller]
fn is_shown_as_by_rust(bits: u64) {
    assert_eq!(plain(bits, &F64), format!("{:?}", f64::from_bits(bits)));
    let low = bits & 0xffff_ffff;
    let float = f32::from_bits(u32::try_from(low).unwrap());
    assert_eq!(plain(low, &F32), format!("{float:?}"));
}

#[test]
fn what_lies_at_an_edge_is_shown_and_read() {
    let edges = [
        0,
        1,
        2,
        0x007f_ffff,
        0x0080_0000,
        0x0080_0001,
        0x7f7f_ffff,
        0x7f80_0000,
    ];
    for low in edges {
        is_shown_as_by_rust(low);
        is_shown_as_by_rust(low | 1 << 31);
    }
    for field in 0..0x7ff_u64 {
        for fraction in [0, 1, 2, (1 << 52) - 2, (1 << 52) - 1] {
            let bits = field << 52 | fraction;
            is_shown_as_by_rust(bits);
            is_read_as_by_rust(&format!("{:e}", f64::from_bits(bits)));
        }
    }
    for field in 0..0xff_u64 {
        for fraction in [0, 1, 2, (1 << 23) - 2, (1 << 23) - 1] {
            let bits = field << 23 | fraction;
            is_shown_as_by_rust(bits);
            let float = f32::from_bits(u32::try_from(bits).unwrap());
            is_read_as_by_rust(&format!("{float:e}"));
        }
    }
}

#[test]
fn what_is_halfway_goes_to_the_even_one() {
    // The exact decimal of the middle between two numbers, the same a little more, and a little less.
    let middles = [
        "9007199254740993",
        "9007199254740995",
        "16777217",
        "16777219",
        "2.4703282292062327208299449410421e-324",
        "7.0064923216240853546186479164495e-46",
        "1.797693134862315807e308",
        "3.4028235677973366e38",
    ];
    for text in middles {
        is_read_as_by_rust(text);
    }
    // Halfway to the least float64, to its last digit: it is 2^-1075.
    let mut least = Whole::new(1);
    for _ in 0..1075 {
        least.extend(5, 0);
    }
    let mut digits = String::new();
    let mut tens = vec![Whole::new(1)];
    while tens.last().unwrap().cmp(&least) != Ordering::Greater {
        let mut next = tens.last().unwrap().clone();
        next.tenfold();
        tens.push(next);
    }
    for ten in tens.iter().rev().skip(1) {
        let mut digit = b'0';
        while least.take(ten) {
            digit += 1;
        }
        digits.push(char::from(digit));
    }
    for end in ["", "0", "00000000000000000001"] {
        is_read_as_by_rust(&format!("{digits}{end}e-{}", 1075 + end.len()));
    }
    let less = digits.trim_end_matches('5').to_owned() + "4999999999";
    is_read_as_by_rust(&format!("{less}e-{}", 1075 + 9));
}

#[test]
fn what_is_not_a_number_is_refused() {
    for text in [
        "", ".", "e5", ".e5", "1e", "1e+", "1e-", "1.2.3", "1 ", "1e5.0", "1e1e1", "0x", "+", "-",
    ] {
        assert_eq!(read64(text), None, "{text:?}");
    }
    for text in [
        "1.",
        ".5",
        "00.10",
        "1e0005",
        "0e99999999999999999999",
        "0.0e-5",
        "1E5",
    ] {
        is_read_as_by_rust(text);
    }
    is_read_as_by_rust("1e99999999999999999999");
    is_read_as_by_rust("-1e-99999999999999999999");
    is_read_as_by_rust(&format!("0.{}1e400", "0".repeat(399)));
    is_read_as_by_rust(&format!("{}e-1400", "9".repeat(1400)));
    is_read_as_by_rust(&format!("1{}1e-2000", "0".repeat(1999)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_number_is_shown_and_read(bits in any::<u64>()) {
        is_shown_as_by_rust(bits);
        let float = f64::from_bits(bits);
        if !float.is_nan() {
            is_read_as_by_rust(&format!("{float:e}"));
        }
    }

    #[test]
    fn any_short_decimal_is_read(digits in 0..10_000_000_u64, power in -360..330_i32) {
        is_read_as_by_rust(&format!("{digits}e{power}"));
    }

    #[test]
    fn any_decimal_is_read(text in "[0-9]{0,40}[.]?[0-9]{0,40}(e[+-]?[0-9]{1,3})?") {
        is_read_as_by_rust(&text);
    }

    #[test]
    fn what_is_near_the_middle_between_two_numbers_is_read(bits in any::<u64>(), more in -2..3_i128) {
        // Between two float32s lies a float64, exactly; beside it, others.
        let low = u32::try_from(bits & 0x7f7f_fffe).unwrap();
        let middle = f64::midpoint(f32::from_bits(low).into(), f32::from_bits(low + 1).into());
        let beside = u64::try_from(i128::from(middle.to_bits()) + more).unwrap_or_default();
        is_read_as_by_rust(&format!("{:.200}", f64::from_bits(beside)));
    }
}
