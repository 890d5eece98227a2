use super::*;
use crate::go::{Abi, parse, received};

fn sign(line: &str) -> Signature {
    parse::signature(line, "").unwrap()
}

fn text(text: &str) -> Plain {
    Plain::Text(text.to_owned())
}

fn object(fields: &[(&str, Plain)]) -> Plain {
    let fields = fields.iter();
    Plain::Object(
        fields
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    )
}

fn arguments_of(line: &str, words: &[u64], memory: &[u8]) -> Result<Vec<Plain>, String> {
    let signature = sign(line);
    arguments(
        &signature,
        &received(&signature, words, memory.into(), Abi::TinyGo),
    )
}

#[test]
fn what_the_guest_passes_is_what_go_has() {
    let memory = b"\0\0\0\0\x07\0\0\0hello";
    assert_eq!(
        arguments_of(
            "f(s string, n int64, u uint64, b bool, x float64, p unsafe.Pointer, i int32)",
            &[
                8,
                5,
                u64::MAX,
                u64::MAX,
                1,
                0.5f64.to_bits(),
                4,
                0xffff_ffff
            ],
            memory
        ),
        Ok(vec![
            text("hello"),
            Plain::BigInt("-1".to_owned()),
            Plain::BigInt(u64::MAX.to_string()),
            Plain::Bool(true),
            Plain::Number(0.5),
            Plain::Number(4.0),
            Plain::Number(-1.0),
        ])
    );
    assert_eq!(
        arguments_of(
            "f(s *struct{ _ structs.HostLayout; val int32 }, n *int32, z *int32)",
            &[4, 4, 0],
            memory
        ),
        Ok(vec![
            object(&[
                ("$address", Plain::Number(4.0)),
                ("val", Plain::Number(7.0))
            ]),
            object(&[
                ("$address", Plain::Number(4.0)),
                ("value", Plain::Number(7.0))
            ]),
            Plain::Null,
        ])
    );
    let outside = arguments_of("f(msg string)", &[12, 5], memory).unwrap_err();
    assert!(outside.starts_with("parameter msg: "), "{outside}");
}

fn result_of(line: &str, value: &Plain) -> Result<HostResult, String> {
    let signature = sign(line);
    let (params, results) = crate::go::abi::flatten(&signature).unwrap();
    let wasm = |types: &[crate::go::WasmType]| {
        types
            .iter()
            .map(|ty| match ty {
                crate::go::WasmType::I32 => ValType::I32,
                crate::go::WasmType::I64 => ValType::I64,
                crate::go::WasmType::F32 => ValType::F32,
                crate::go::WasmType::F64 => ValType::F64,
                crate::go::WasmType::FuncRef => ValType::FuncRef,
                crate::go::WasmType::ExternRef => ValType::ExternRef,
            })
            .collect()
    };
    let ty = FuncType {
        params: wasm(&params),
        results: wasm(&results),
    };
    result(value, &signature, &ty)
}

#[test]
fn what_is_returned_is_of_the_type() {
    let one = |value| Ok(HostResult::Value(Some(value)));
    let number = Plain::Number;
    for (line, value, expected) in [
        ("f() int32", number(-5.0), one(Value::Int(-5))),
        (
            "f() int64",
            Plain::BigInt("-5".to_owned()),
            one(Value::Int(-5)),
        ),
        ("f() int64", number(7.0), one(Value::Int(7))),
        ("f() bool", Plain::Bool(true), one(Value::Bool(true))),
        (
            "f() float64",
            number(0.5),
            one(Value::Float64(0.5f64.to_bits())),
        ),
        (
            "f() unsafe.Pointer",
            number(16.0),
            one(Value::Pointer(Pointer::Address(16))),
        ),
        ("f() *int32", Plain::Null, one(Value::Pointer(Pointer::Nil))),
        (
            "f() *int32",
            object(&[("$address", number(16.0))]),
            one(Value::Pointer(Pointer::Address(16))),
        ),
        ("f()", number(1.0), Ok(HostResult::Value(None))),
    ] {
        assert_eq!(result_of(line, &value), expected, "{line} {value}");
    }
    for (line, value, what) in [
        (
            "f() int32",
            text("abc"),
            "it needs to return int32, and returned \"abc\"",
        ),
        (
            "f() int32",
            Plain::Undefined,
            "it needs to return int32, and returned undefined",
        ),
        (
            "f() int32",
            number(0.5),
            "it needs to return int32, and returned 0.5",
        ),
        (
            "f() int32",
            number(2_147_483_648.0),
            "it needs to return int32, and returned 2147483648",
        ),
        (
            "f() bool",
            number(1.0),
            "it needs to return bool, and returned 1",
        ),
        (
            "f() int64",
            Plain::Function,
            "it needs to return int64, and returned a function",
        ),
        (
            "f() *int32",
            number(-1.0),
            "it needs to return *int32, and returned -1",
        ),
    ] {
        assert_eq!(result_of(line, &value), Err(what.to_owned()), "{line}");
    }
}

#[test]
fn several_results_are_an_array() {
    let ty = FuncType {
        params: vec![],
        results: vec![ValType::I32, ValType::F64],
    };
    let signature = ty.numbers("f");
    let pair = Plain::List(vec![Plain::Number(-1.0), Plain::Number(0.5)]);
    assert_eq!(
        result(&pair, &signature, &ty),
        Ok(HostResult::Raw(vec![0xffff_ffff, 0.5f64.to_bits()]))
    );
    assert_eq!(
        result(&Plain::Number(1.0), &signature, &ty),
        Err("it needs to return an array of 2 values, and returned 1".to_owned())
    );
}

/// A framework's host has handles of bytes: what stands for one is text, JSON, or a number, which is one.
#[test]
fn a_handle_is_returned_as_what_it_stands_for() {
    let ty = FuncType {
        params: Vec::new(),
        results: vec![ValType::I64],
    };
    let mut signature = ty.numbers("f");
    signature.result = Some(Type::String);
    let returned = |value: &Plain| result(value, &signature, &ty);
    let text = |text: &str| {
        Ok(HostResult::Value(Some(Value::String(
            text.as_bytes().to_vec(),
        ))))
    };
    assert_eq!(returned(&Plain::Text("42".to_owned())), text("42"));
    assert_eq!(returned(&Plain::Bytes(vec![b'a'])), text("a"));
    let object = Plain::Object(vec![("a".to_owned(), Plain::Bool(true))]);
    assert_eq!(returned(&object), text(r#"{"a":true}"#));
    assert_eq!(returned(&Plain::Number(7.0)), Ok(HostResult::Raw(vec![7])));
    assert!(returned(&Plain::Undefined).is_err());
}
