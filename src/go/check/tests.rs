use super::*;
use crate::go::parse::signature;

fn refusal(text: &str, compiler: Abi) -> String {
    let signature = signature(text, "f").unwrap();
    check_for(&signature, compiler, Directive::WasmExport)
        .err()
        .map_or("permitted".to_owned(), |refusal| refusal.to_string())
}

#[test]
fn the_whole_table_is_permitted() {
    let host = "*struct{ _ structs.HostLayout; a int8; b [2]float32; c struct{} }";
    for ty in [
        "bool",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "float32",
        "float64",
        "unsafe.Pointer",
        "uintptr",
        "*bool",
        "*int8",
        "*int16",
        "*uint8",
        "*uint64",
        "*float64",
        "*[4]int32",
        "*[2][3]uint8",
        "*struct{}",
        host,
    ] {
        for compiler in [Abi::Go, Abi::TinyGo] {
            assert_eq!(
                refusal(&format!("f(x {ty}) {ty}"), compiler),
                "permitted",
                "{ty}"
            );
        }
    }
    assert_eq!(refusal("f(x string)", Abi::Go), "permitted");
}

#[test]
fn the_reason_is_the_one_a_go_programmer_expects() {
    for (text, reason) in [
        (
            "greet() string",
            "greet: result type string is not allowed: strings are permitted as parameters only",
        ),
        (
            "f(n int)",
            "f: parameter n: type int is not allowed: int has no fixed size: use int32 or int64",
        ),
        (
            "f(uint)",
            "f: parameter 1: type uint is not allowed: uint has no fixed size: use uint32 or uint64",
        ),
        (
            "f(a bool, n int8)",
            "f: parameter n: type int8 is not allowed: integers of 8 and 16 bits are permitted behind \
             a pointer only: use int32",
        ),
        (
            "f() (int32, error)",
            "f: result type (int32, error) is not allowed: more than one result is not permitted",
        ),
        (
            "f(s struct{ _ structs.HostLayout; a int32 })",
            "f: parameter s: type struct{ _ structs.HostLayout; a int32 } is not allowed: structs are \
             permitted behind a pointer only",
        ),
        (
            "f(a [4]int32)",
            "f: parameter a: type [4]int32 is not allowed: arrays are permitted behind a pointer only",
        ),
        (
            "f(s *struct{ a int32 })",
            "f: parameter s: type *struct{ a int32 } is not allowed: a struct that is not empty needs a \
             field `_ structs.HostLayout`",
        ),
        (
            "f(s *struct{ _ structs.HostLayout; a [2]struct{ b []byte } })",
            "f: parameter s: type *struct{ _ structs.HostLayout; a [2]struct{ b []byte } } is not \
             allowed: .a[0] has type struct{ b []byte }: a struct that is not empty needs a field \
             `_ structs.HostLayout`",
        ),
        (
            "f(b []byte)",
            "f: parameter b: type []byte is not allowed: it cannot be passed between Go and its host",
        ),
        (
            "f(b ...int32)",
            "f: parameter b: type ...int32 is not allowed: it cannot be passed between Go and its host",
        ),
    ] {
        assert_eq!(refusal(text, Abi::TinyGo), reason);
        assert_eq!(refusal(text, Abi::Go), reason);
    }
}

#[test]
fn pointers_in_memory_are_tinygos() {
    for ty in [
        "**int32",
        "*uintptr",
        "*unsafe.Pointer",
        "*string",
        "*[2]string",
    ] {
        let text = format!("f(p {ty})");
        assert_eq!(refusal(&text, Abi::TinyGo), "permitted", "{ty}");
        assert!(
            refusal(&text, Abi::Go).ends_with("(TinyGo permits them)"),
            "{ty}"
        );
    }
    assert_eq!(
        refusal("f(p **int32)", Abi::Go),
        "f: parameter p: type **int32 is not allowed: pointers in memory are not permitted: they are \
         8 bytes wide in Go's memory and 4 on the host (TinyGo permits them)"
    );
}

/// `cmd/compile` says `wasmexport function argument too large` above 128 bytes of frame.
#[test]
fn the_arguments_of_an_export_are_limited_in_go() {
    let strings = |count| vec!["string"; count].join(", ");
    assert_eq!(refusal(&format!("f({})", strings(8)), Abi::Go), "permitted");
    assert_eq!(
        refusal(&format!("f({}, *int32) int32", strings(7)), Abi::Go),
        "permitted"
    );
    assert_eq!(
        refusal(&format!("f({})", strings(9)), Abi::Go),
        "f: its arguments take 144 bytes: the Go compiler's limit for an exported function is 128 (a \
         string takes 16)"
    );
    assert_eq!(
        refusal(&format!("f({})", strings(9)), Abi::TinyGo),
        "permitted"
    );
    let import = signature(&format!("f({})", strings(9)), "").unwrap();
    assert_eq!(check_for(&import, Abi::Go, Directive::WasmImport), Ok(()));
}

#[test]
fn names_count_as_what_they_name() {
    let word = Type::Int32.named("Word");
    assert_eq!(result_type(&word, Abi::Go), Ok(()));
    assert_eq!(
        result_type(&Type::String.named("Text"), Abi::Go),
        Err(Reason::StringResult)
    );
    assert!(param_type(&Type::String.named("Text"), Abi::Go).is_ok());
}
