//! Names.

use super::*;

#[test]
fn a_name_is_one_component() {
    for text in ["a", "...", " ", "é", "a.b", "\u{1}"] {
        assert_eq!(Name::new(text).unwrap().as_str(), text);
    }
    assert_eq!(Name::new(""), Err(Error::NotFound));
    for text in [".", "..", "a/b", "/", "a\0"] {
        assert_eq!(Name::new(text), Err(Error::Invalid));
    }
}

#[test]
fn a_name_has_at_most_255_bytes() {
    assert!(Name::new(&"n".repeat(255)).is_ok());
    assert_eq!(Name::new(&"n".repeat(256)), Err(Error::NameTooLong));
    assert_eq!(Name::new(&"é".repeat(128)), Err(Error::NameTooLong));
}
