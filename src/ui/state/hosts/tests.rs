//! Forms that are filled in, and what is made of what comes.

use super::*;

#[test]
fn bytes_are_filled_in_as_text_or_digits() {
    let bytes = |bytes: &[u8]| Ok(Value::Bytes(bytes.to_vec()));
    assert_eq!(Entry::Text("aé".to_owned()).value(), bytes("aé".as_bytes()));
    let hex = |text: &str| Entry::Hex(text.to_owned()).value();
    assert_eq!(hex(" 00fF\n1 2"), bytes(&[0, 255, 18]));
    assert_eq!(hex(""), bytes(&[]));
    assert_eq!(
        hex("0"),
        Err("a byte has two hexadecimal digits".to_owned())
    );
    assert_eq!(hex("0x"), Err("'x' is no hexadecimal digit".to_owned()));
    let text = Entry::Text("ab".to_owned());
    assert_eq!(text.as_hex(), Entry::Hex("61 62".to_owned()));
    assert_eq!(text.as_hex().as_text(), text);
}

#[test]
fn bytes_are_shown_as_what_they_look_like() {
    assert_eq!(look(b""), Look::Nothing);
    assert_eq!(look(b"plain\n"), Look::Text("plain\n".to_owned(), false));
    assert_eq!(
        look(b"{\"a\":1}"),
        Look::Json("{\n  \"a\": 1\n}".to_owned())
    );
    assert_eq!(
        look(b"{not json"),
        Look::Text("{not json".to_owned(), false)
    );
    assert_eq!(look(b"\x89PNG\r\n"), Look::Picture("image/png"));
    let digits = "000000  00 41                                            .A\n";
    assert_eq!(look(b"\0A"), Look::Hex(digits.to_owned(), false));
    let long = "é".repeat(40_000) + "x";
    assert!(matches!(look(long.as_bytes()), Look::Text(text, true) if text.len() == 65_536));
    // A character that is cut is left out.
    let long = "x".to_owned() + &long;
    assert!(matches!(look(long.as_bytes()), Look::Text(text, true) if text.len() == 65_535));
}
