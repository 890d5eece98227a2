use proptest::prelude::*;

use super::json::{arguments_from_json, from_json, to_json};
use super::*;
use crate::go::generated::{typed_values, without_blanks};
use crate::go::parse::{signature, type_text};
use crate::go::types::Type;

fn shown(text: &str, ty: &str) -> String {
    let ty = type_text(ty).unwrap();
    match parse(text, &ty) {
        Ok(value) => show(&value, &ty).to_string(),
        Err(error) => error.to_string(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_shown_reads_back((ty, value) in typed_values(true)) {
        // A string field takes its text as it stands.
        prop_assume!(*ty.underlying() != Type::String);
        let value = without_blanks(value, &ty);
        let text = show(&value, &ty).to_string();
        prop_assert_eq!(parse(&text, &ty), Ok(value), "{}", text);
    }

    #[test]
    fn json_goes_both_ways((ty, value) in typed_values(true)) {
        let value = without_blanks(value, &ty);
        let text = to_json(&value, &ty).to_string();
        let json = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(from_json(&json, &ty), Ok(value), "{}", text);
    }

    #[test]
    fn no_text_is_too_much(text in "[-+&*{}()\\[\\],:\"`'\\\\ \n0-9a-z_.xS]{0,40}", ty in crate::go::generated::types(true)) {
        let _ = parse(&text, &ty);
        let _ = parse_string(&text, StringForm::Escaped);
        let _ = parse_string(&text, StringForm::Hex);
    }

    #[test]
    fn a_quoted_string_unquotes(bytes in any::<Vec<u8>>()) {
        prop_assert_eq!(unquote(&quote(&bytes)), Ok(bytes));
    }
}

#[test]
fn integers_are_read_as_go_writes_them() {
    for (text, number) in [
        ("42", "42"),
        ("-42", "-42"),
        ("+7", "7"),
        ("0x7fff_ffff", "2147483647"),
        ("-0x80000000", "-2147483648"),
        ("0b101", "5"),
        ("0o17", "15"),
        ("1_000_000", "1000000"),
        (" 3 ", "3"),
        ("0", "0"),
        ("-0", "0"),
    ] {
        assert_eq!(shown(text, "int32"), number, "{text}");
    }
    assert_eq!(
        shown("-9223372036854775808", "int64"),
        "-9223372036854775808"
    );
    assert_eq!(
        shown("18446744073709551615", "uint64"),
        "18446744073709551615"
    );
    assert_eq!(shown("4096", "uintptr"), "0x1000");
}

#[test]
fn what_is_no_integer_is_refused_with_the_reason() {
    for (text, ty, reason) in [
        (
            "3000000000",
            "int32",
            "int32: 3000000000 is out of range -2147483648 to 2147483647",
        ),
        ("-1", "uint32", "uint32: -1 is out of range 0 to 4294967295"),
        ("256", "uint8", "uint8: 256 is out of range 0 to 255"),
        (
            "4294967296",
            "uintptr",
            "uintptr: 4294967296 is out of range 0 to 4294967295",
        ),
        ("12a", "int32", "int32: \"12a\" is not an integer"),
        ("", "int64", "int64: \"\" is not an integer"),
        ("1.5", "int64", "int64: \"1.5\" is not an integer"),
        ("_1", "int64", "int64: \"_1\" is not an integer"),
        ("1__0", "int64", "int64: \"1__0\" is not an integer"),
        ("0x", "int64", "int64: \"0x\" is not an integer"),
        ("--1", "int64", "int64: \"--1\" is not an integer"),
        ("０", "int64", "int64: \"０\" is not an integer"),
        (
            "010",
            "int32",
            "int32: 010 is ambiguous: write 10, or 0o10 for octal",
        ),
        ("yes", "bool", "bool: \"yes\" is not true or false"),
        ("abc", "float64", "float64: \"abc\" is not a number"),
        (
            "1e39",
            "float32",
            "float32: 1e39 is out of range -3.4028235e+38 to 3.4028235e+38",
        ),
    ] {
        assert_eq!(shown(text, ty), reason);
    }
    let long = "9".repeat(100_000);
    assert!(shown(&long, "uint64").ends_with("is out of range 0 to 18446744073709551615"));
}

#[test]
fn floats_are_shown_as_go_prints_them() {
    // fmt.Println of each.
    for (text, shown_as) in [
        ("0", "0"),
        ("-0", "-0"),
        ("1", "1"),
        ("0.1", "0.1"),
        ("-2.50", "-2.5"),
        ("123456", "123456"),
        ("1e6", "1e+06"),
        ("1234567", "1.234567e+06"),
        ("1e21", "1e+21"),
        ("123456789.125", "1.23456789125e+08"),
        ("0.0001", "0.0001"),
        ("0.00001", "1e-05"),
        ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("inf", "+Inf"),
        ("-Inf", "-Inf"),
        ("NaN", "NaN"),
        (".5", "0.5"),
        ("1_0.2_5", "10.25"),
        ("0x1p-2", "0.25"),
        ("0x1.8p1", "3"),
        ("0x_1FFFP-16", "0.1249847412109375"),
    ] {
        assert_eq!(shown(text, "float64"), shown_as, "{text}");
    }
    assert_eq!(shown("0.1", "float32"), "0.1");
    assert_eq!(shown("16777217", "float32"), "1.6777216e+07");
}

#[test]
fn hexadecimal_floats_are_rounded_to_even() {
    let bits = |text: &str| match parse(text, &Type::Float64).unwrap() {
        Value::Float64(bits) => bits,
        other => panic!("{other:?}"),
    };
    assert_eq!(bits("0x1p0"), 1f64.to_bits());
    assert_eq!(bits("0x1.0000000000000p-1074"), 1);
    assert_eq!(bits("0x1p-1075"), 0);
    assert_eq!(bits("0x1.0000000000001p-1075"), 1);
    assert_eq!(bits("0x1.8p-1074"), 2);
    assert_eq!(bits("0x1.fffffffffffffp1023"), f64::MAX.to_bits());
    assert_eq!(bits("0x1.00000000000008p0"), 1f64.to_bits());
    assert_eq!(bits("0x1.00000000000018p0"), 1f64.to_bits() + 2);
    assert_eq!(
        bits("0x1.000000000000080000000000001p0"),
        1f64.to_bits() + 1
    );
    assert_eq!(
        bits("0x0.fffffffffffffcp-1022"),
        f64::MIN_POSITIVE.to_bits()
    );
    assert_eq!(bits("-0x0p9"), 1 << 63);
    assert_eq!(bits("0x100000000000000000000p-80"), 1f64.to_bits());
    assert!(parse("0x1.fffffffffffff8p1023", &Type::Float64).is_err());
    assert!(parse("0x1p99999999999999999999", &Type::Float64).is_err());
    assert_eq!(bits("0x1p-99999999999999999999"), 0);
    assert!(parse("0x1.8", &Type::Float64).is_err());
    assert_eq!(
        parse("0x1p-149", &Type::Float32).unwrap(),
        Value::Float32(1)
    );
}

#[test]
fn nans_keep_their_payload() {
    let ty = Type::Float64;
    let nan = Value::Float64(0xfff8_0000_0000_0123);
    assert_eq!(show(&nan, &ty).to_string(), "NaN(0xfff8000000000123)");
    assert_eq!(parse("NaN(0xfff8000000000123)", &ty).unwrap(), nan);
    assert!(parse("NaN(0x3ff0000000000000)", &ty).is_err());
    let signalling = Value::Float32(0x7f80_0001);
    assert_eq!(
        show(&signalling, &Type::Float32).to_string(),
        "NaN(0x7f800001)"
    );
    assert_eq!(
        parse("NaN(0x7f800001)", &Type::Float32).unwrap(),
        signalling
    );
    assert!(parse("NaN(0x1_7f800001)", &Type::Float32).is_err());
}

#[test]
fn a_name_shows_what_would_hide_or_turn_it_around() {
    for plain in ["greet", "日本語", "a b", "<b>\"\\", "e\u{301}", ""] {
        assert_eq!(legible(plain), plain);
    }
    assert_eq!(legible("\u{202e}gnp.evil"), "\\u202egnp.evil");
    assert_eq!(
        legible("a\n\x1b[2J\0\u{200b}\u{e0001}"),
        "a\\n\\x1b[2J\\x00\\u200b\\U000e0001"
    );
}

#[test]
fn strings_are_quoted_as_strconv_does() {
    for (bytes, text) in [
        (&b"plain"[..], r#""plain""#),
        (b"a\x00b", r#""a\x00b""#),
        (
            b"\"\\\n\t\r\x07\x08\x0b\x0c\x7f'",
            r#""\"\\\n\t\r\a\b\v\f\x7f'""#,
        ),
        ("é世🙂".as_bytes(), r#""é世🙂""#),
        ("e\u{301}\u{301}".as_bytes(), "\"e\u{301}\u{301}\""),
        ("\u{301}".as_bytes(), "\"\u{301}\""),
        (
            "\u{200b}\u{a0}\u{e000}".as_bytes(),
            r#""\u200b\u00a0\ue000""#,
        ),
        ("\u{10ffff}".as_bytes(), r#""\U0010ffff""#),
        ("\u{fffd}".as_bytes(), "\"\u{fffd}\""),
        (b"\xff\xc3(\xe4\xb8", r#""\xff\xc3(\xe4\xb8""#),
    ] {
        assert_eq!(quote(bytes), text);
    }
}

#[test]
fn a_string_field_has_three_forms() {
    let bytes = |text, form| parse_string(text, form).map_err(|error| error.to_string());
    assert_eq!(
        parse("\"as it stands\\n\" ", &Type::String).unwrap(),
        Value::string("\"as it stands\\n\" ")
    );
    assert_eq!(
        bytes(r#"a\x00"\u00e9\377"#, StringForm::Escaped),
        Ok(Value::string(b"a\x00\"\xc3\xa9\xff"))
    );
    assert_eq!(
        bytes("ff 00\n4A", StringForm::Hex),
        Ok(Value::string(b"\xff\x00J"))
    );
    for (text, form, error) in [
        (r"\q", StringForm::Escaped, r"string: unknown escape \q"),
        (
            r"\x4",
            StringForm::Escaped,
            r"string: invalid digits in escape \x",
        ),
        (r"\", StringForm::Escaped, "string: escape not terminated"),
        (
            r"\ud800",
            StringForm::Escaped,
            "string: escape is invalid Unicode code point 0xd800",
        ),
        (
            r"\400",
            StringForm::Escaped,
            "string: octal escape value 256 > 255",
        ),
        (
            "f f",
            StringForm::Hex,
            "string: ' ' is not a hexadecimal digit",
        ),
        (
            "fff",
            StringForm::Hex,
            "string: the last byte has only one hexadecimal digit",
        ),
    ] {
        assert_eq!(bytes(text, form), Err(error.to_owned()));
    }
}

#[test]
fn composites_are_shown_and_read_as_go_literals() {
    let point = "struct{ _ structs.HostLayout; x int32; y float32 }";
    assert_eq!(
        shown("{x: 1, y: 2.5}", &format!("*{point}")),
        format!("&{point}{{x: 1, y: 2.5}}")
    );
    assert_eq!(shown("{1, 2, 3, 4}", "*[4]int32"), "&[4]int32{1, 2, 3, 4}");
    assert_eq!(
        shown("&[4]int32{1, -2}", "*[4]int32"),
        "&[4]int32{1, -2, 0, 0}"
    );
    assert_eq!(
        shown("[2]bool{\n true,\n false,\n}", "[2]bool"),
        "[2]bool{true, false}"
    );
    assert_eq!(
        shown("{{1, 2}, {3, 4}}", "[2][2]int8"),
        "[2][2]int8{[2]int8{1, 2}, [2]int8{3, 4}}"
    );
    assert_eq!(shown("nil", "*int32"), "nil");
    assert_eq!(shown("0x1000", "*int32"), "(*int32)(0x1000)");
    assert_eq!(shown("0", "*int32"), "nil");
    assert_eq!(shown("new(int32(7))", "*int32"), "new(int32(7))");
    assert_eq!(
        shown("unsafe.Pointer(0x10)", "unsafe.Pointer"),
        "unsafe.Pointer(0x10)"
    );
    assert_eq!(shown("{x: 1}", point), format!("{point}{{x: 1, y: 0}}"));
    let named = type_text(point).unwrap().named("S");
    let value = parse("S{y: 7}", &named).unwrap();
    assert_eq!(show(&value, &named).to_string(), "S{x: 0, y: 7}");
}

#[test]
fn what_is_wrong_in_a_composite_is_named() {
    let point = "struct{ x int32; y [2]uint8 }";
    for (text, ty, error) in [
        (
            "{1, 2, 3}",
            "[2]int8",
            "[2]int8: 3 elements where the array has 2",
        ),
        (
            "{1, 300}",
            "[2]uint8",
            "[1]: uint8: 300 is out of range 0 to 255",
        ),
        (
            "{y: {1, 256}}",
            point,
            ".y[1]: uint8: 256 is out of range 0 to 255",
        ),
        (
            "{z: 1}",
            "struct{ x int32 }",
            "struct{ x int32 } has no field z",
        ),
        (
            "{1, 2}",
            "struct{ x int32 }",
            "struct{ x int32 } has no field 2",
        ),
        (
            "{x: 1, x: 2}",
            "struct{ x int32 }",
            "struct{ x int32 }: duplicate field name x in struct literal",
        ),
        (
            "{1",
            "[2]int8",
            "[2]int8: 1:3: syntax error: unexpected end of text, expected ,",
        ),
        (
            "{1} 2",
            "[1]int8",
            "[1]int8: 1:5: syntax error: unexpected literal 2 after the value",
        ),
        (
            "banana",
            "*int8",
            "*int8: 1:7: syntax error: unexpected EOF, expected (",
        ),
        (
            "-5",
            "unsafe.Pointer",
            "unsafe.Pointer: 1:1: syntax error: unexpected -",
        ),
    ] {
        assert_eq!(shown(text, ty), error, "{text}");
    }
    let deep = "{".repeat(10_000);
    assert!(parse(&deep, &type_text("[1][1]int8").unwrap()).is_err());
}

#[test]
fn zero_values_are_gos() {
    let ty = type_text("struct{ a bool; p *int8; s string; f [2]float32 }").unwrap();
    assert_eq!(
        show(&Value::zero(&ty).unwrap(), &ty).to_string(),
        "struct{ a bool; p *int8; s string; f [2]float32 }\
         {a: false, p: nil, s: \"\", f: [2]float32{0, 0}}"
    );
    assert!(Value::zero(&Type::Other("int".to_owned())).is_err());
}

#[test]
fn changes_are_named_by_their_path() {
    let ty = type_text("*struct{ a [3]int32; b struct{ c bool } }").unwrap();
    let before = parse("&{a: {1, 2, 3}}", &ty).unwrap();
    let after = parse("&{a: {1, 5, 3}, b: {c: true}}", &ty).unwrap();
    assert_eq!(changes(&before, &after), [".a[1]", ".b.c"]);
    assert!(changes(&after, &after).is_empty());
    assert_eq!(changes(&Value::Int(1), &Value::Int(2)), [""]);
}

#[test]
fn json_is_what_javascript_can_hold() {
    let json = |text: &str, ty: &str| {
        let ty = type_text(ty).unwrap();
        to_json(&parse(text, &ty).unwrap(), &ty).to_string()
    };
    assert_eq!(json("9007199254740991", "int64"), "9007199254740991");
    assert_eq!(json("9007199254740992", "int64"), "\"9007199254740992\"");
    assert_eq!(
        json("-9223372036854775808", "int64"),
        "\"-9223372036854775808\""
    );
    assert_eq!(json("0.1", "float32"), "0.1");
    assert_eq!(json("NaN", "float64"), "\"NaN\"");
    assert_eq!(json("-0", "float64"), "-0.0");
    assert_eq!(json("nil", "*int8"), "null");
    assert_eq!(json("16", "*int8"), "{\"$address\":16}");
    assert_eq!(json("&{val: 7}", "*struct{ val int32 }"), "{\"val\":7}");
    assert_eq!(json("new(nil)", "**int8"), "{\"$new\":null}");
}

#[test]
fn json_is_read_leniently_and_exactly() {
    let read = |json: &str, ty: &str| {
        let ty = type_text(ty).unwrap();
        let json = serde_json::from_str(json).unwrap();
        match from_json(&json, &ty) {
            Ok(value) => show(&value, &ty).to_string(),
            Err(error) => error.to_string(),
        }
    };
    assert_eq!(
        read("18446744073709551615", "uint64"),
        "18446744073709551615"
    );
    assert_eq!(
        read("\"18446744073709551615\"", "uint64"),
        "18446744073709551615"
    );
    assert_eq!(
        read("18446744073709551616", "uint64"),
        "uint64: 18446744073709551616 is out of range 0 to 18446744073709551615"
    );
    assert_eq!(read("1e3", "int32"), "1000");
    assert_eq!(read("-0.0", "int32"), "0");
    assert_eq!(read("1.5", "int32"), "int32: \"1.5\" is not an integer");
    assert_eq!(read("\"0x10\"", "int32"), "16");
    assert_eq!(read("\"-Inf\"", "float32"), "-Inf");
    assert_eq!(read("{\"$bytes\":\"ff00\"}", "string"), r#""\xff\x00""#);
    assert_eq!(
        read("{\"val\":7}", "*struct{ val int32 }"),
        "&struct{ val int32 }{val: 7}"
    );
    assert_eq!(read("4096", "unsafe.Pointer"), "unsafe.Pointer(0x1000)");
    assert_eq!(
        read("{\"val\":\"x\"}", "*struct{ val int32 }"),
        ".val: int32: \"x\" is not an integer"
    );
    assert_eq!(
        read("{\"v\":7}", "*struct{ val int32 }"),
        "struct{ val int32 } has no field v"
    );
    assert_eq!(
        read("[1]", "[2]int8"),
        "[2]int8: 1 element where the array has 2"
    );
    assert_eq!(read("true", "int8"), "int8: needs a number, not a bool");
}

#[test]
fn arguments_are_a_list() {
    let st = signature(
        "st(s *struct{ _ structs.HostLayout; val int32 }, n int64)",
        "",
    )
    .unwrap();
    let json = serde_json::from_str("[{\"val\":7}, \"-1\"]").unwrap();
    let arguments = arguments_from_json(&json, &st).unwrap();
    assert_eq!(
        json::arguments_to_json(&arguments, &st).to_string(),
        "[{\"val\":7},-1]"
    );
    let few = serde_json::from_str("[]").unwrap();
    assert!(arguments_from_json(&few, &st).is_err());
    let unnamed = signature("f(bool, int8)", "").unwrap();
    let wide = serde_json::from_str("[true, 300]").unwrap();
    assert_eq!(
        arguments_from_json(&wide, &unnamed)
            .unwrap_err()
            .to_string(),
        "argument 2: int8: 300 is out of range -128 to 127"
    );
}
