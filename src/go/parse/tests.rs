use super::lex::{Kind, Lexer};
use super::*;

fn error(text: &str) -> String {
    signature(text, "f").unwrap_err().to_string()
}

#[test]
fn a_signature_may_be_written_in_many_ways() {
    for text in [
        "add(a int32, b int32) bool",
        "func add(a, b int32) bool",
        "func add(a, b int32) (ok bool)",
        "add(a, b int32) (bool);",
        "func add(a, b int32) bool {",
        "func add(a, b int32) bool { return a == b }",
        "add (\n\ta int32, // first\n\tb int32, /* second */\n) (bool)",
        "add(a (int32), b rune) bool",
    ] {
        assert_eq!(
            signature(text, "").unwrap().to_string(),
            "add(a int32, b int32) bool",
            "{text}"
        );
    }
    assert_eq!(
        signature("(s string)", "greet").unwrap().to_string(),
        "greet(s string)"
    );
    assert_eq!(
        signature("my-plugin.v1(s string)", "").unwrap().name,
        "my-plugin.v1"
    );
    assert_eq!(
        signature("f(a [0xd]byte, b *[3]uint8, c ...int)", "")
            .unwrap()
            .to_string(),
        "f(a [13]uint8, b *[3]uint8, c ...int)"
    );
    assert_eq!(
        signature(
            "f(m map[string][]int, c chan<- func(a, b int) error, i interface{ X() })",
            ""
        )
        .unwrap()
        .to_string(),
        "f(m map[string][]int, c chan<- func(int, int) error, i interface{…})"
    );
}

#[test]
fn errors_name_line_and_column() {
    for (text, expected) in [
        (
            "",
            "1:1: syntax error: unexpected end of text, expected the function's name",
        ),
        (
            "greet",
            "1:6: syntax error: unexpected EOF after the function's name, expected (",
        ),
        (
            "greet(name string",
            "1:18: syntax error: unexpected EOF in parameter list, expected , or )",
        ),
        ("greet(\n\tname strin)", "2:7: undefined: strin"),
        (
            "greet(name string) x y",
            "1:22: syntax error: unexpected name y after the signature",
        ),
        (
            "greet(a, b c d)",
            "1:14: syntax error: unexpected name d in parameter list, expected , or )",
        ),
        (
            "f(a int32, []byte)",
            "1:12: syntax error: mixed named and unnamed parameters",
        ),
        (
            "f(a int32, b)",
            "1:14: syntax error: mixed named and unnamed parameters",
        ),
        ("f(a [n]int32)", "1:6: undefined: n"),
        (
            "f(a [-1]int32)",
            "1:6: array length needs to be a number here",
        ),
        (
            "f(a [4294967296]int32)",
            "1:6: invalid array length 4294967296",
        ),
        (
            "f(a [1/0]int32)",
            "1:7: array length needs to be a number here",
        ),
        ("f(a \"x)", "1:5: string not terminated"),
        ("f(a /* )", "1:5: comment not terminated"),
        ("f(a @)", "1:5: invalid character U+0040 '@'"),
        (
            "f(é int32, s *struct{ a int32 b bool })",
            "1:32: syntax error: unexpected name b, expected \
          semicolon, newline, or } after field",
        ),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn nesting_is_limited() {
    for text in [
        format!("f(a {}int32)", "*".repeat(100_000)),
        format!("f(a {}int32)", "[1]".repeat(100_000)),
        format!("f(a {}int32", "(".repeat(100_000)),
        format!("f(a {}", "struct{a ".repeat(100_000)),
        format!("f(a {}", "func(a ".repeat(100_000)),
        format!("f(a [{}1]int32)", "-".repeat(100_000)),
        format!("f(a [{}1]int32)", "1+".repeat(100_000)),
        format!("f(a [{}]int32)", "(".repeat(100_000)),
        format!("f(a [x{}]int32)", "()".repeat(100_000)),
        format!("f(a {}", "map[".repeat(100_000)),
    ] {
        assert!(signature(&text, "").is_err());
    }
    let wide = format!("f({})", vec!["a int32"; 10_000].join(", "));
    assert!(signature(&wide, "").is_err(), "too many types");
}

#[test]
fn a_lexer_puts_semicolons_where_go_does() {
    let mut lexer =
        Lexer::new("a := b // x\n}\n/* \n */ c ++ /*\n*/ return\nfunc\n'\\'' `\n` 0x1p-2i");
    let mut texts = Vec::new();
    loop {
        let token = lexer.next().unwrap();
        if token.kind == Kind::End {
            break;
        }
        texts.push(token.text);
    }
    assert_eq!(
        texts,
        [
            "a", ":=", "b", "newline", "}", "newline", "c", "++", "newline", "return", "newline",
            "func", "'\\''", "`\n`", "0x1p-2i", "EOF"
        ]
    );
}

#[test]
fn a_fragment_needs_no_package() {
    let text = "//go:wasmexport f\nfunc f(a A)\ntype A = int32\nfunc (";
    let source = read([(FRAGMENT, text)], None);
    let shown: Vec<String> = source
        .functions
        .iter()
        .map(|f| f.signature.to_string())
        .collect();
    assert_eq!(shown, ["f(a int32)"], "{:?}", source.problems);
    let problems: Vec<String> = source.problems.iter().map(ToString::to_string).collect();
    assert!(problems[0].starts_with("pasted.go:4:"), "{problems:?}");
    let whole = read([("main.go", text)], None);
    assert!(whole.functions.is_empty());
}

#[test]
fn a_fragment_sees_what_it_does_not_import() {
    let files = [
        ("plugin/main.go", "package main\ntype A int64"),
        (
            "plugin/geo/geo.go",
            "package geo\ntype P struct{}\nconst N = 3",
        ),
        (
            FRAGMENT,
            "//go:wasmexport f\nfunc f(a A, p *geo.P, q unsafe.Pointer, n *[geo.N]bool,\n\
             s *struct { _ structs.HostLayout; b int8 }, t *[unsafe.Sizeof(A(0))]int8)",
        ),
    ];
    let source = read(files, None);
    let shown: Vec<String> = source
        .functions
        .iter()
        .map(|f| f.signature.to_string())
        .collect();
    assert_eq!(
        shown,
        ["f(a A, p *geo.P, q unsafe.Pointer, n *[3]bool, \
             s *struct{ _ structs.HostLayout; b int8 }, t *[8]int8)"]
    );
}
