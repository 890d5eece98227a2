use super::*;
use crate::go::parse::signature;

#[test]
fn signatures_are_written_as_go_does() {
    for text in [
        "greet(name string)",
        "f(p *[4]int32) bool",
        "st(s *struct{ _ structs.HostLayout; val int32 })",
        "f(int32, unsafe.Pointer) uintptr",
        "f(a int64, _ float32)",
        "f(p *struct{})",
    ] {
        assert_eq!(signature(text, "").unwrap().to_string(), text);
    }
}

#[test]
fn another_languages_own_words_come_first() {
    let mut add = signature("add(a, b int32) int32", "").unwrap();
    add.written = Some("int add(int a, int b)".to_owned());
    assert_eq!(add.to_string(), "int add(int a, int b)");
    assert_eq!(add.in_go(), "add(a int32, b int32) int32");
}

#[test]
fn a_source_is_a_phrase() {
    assert_eq!(Source::Dwarf.to_string(), "from DWARF");
    let file = "greet.go".to_owned();
    assert_eq!(Source::GoSource { file }.to_string(), "from greet.go");
}
