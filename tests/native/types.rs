//! Every type that can cross the border, through `plugin/types` as Go builds it: what is sent
//! arrives, and what Go makes of it comes back.

use crate::driver::Driver;
use crate::go;
use plugboard::go::value::{parse, show};
use plugboard::go::{Param, Pointer, Signature, Type, Value};
use plugboard::protocol::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The plugin on a board, its exports by name, and which of them have been called.
struct Plugin {
    driver: Driver,
    exports: BTreeMap<String, Signature>,
    called: BTreeSet<String>,
}

impl Plugin {
    fn open() -> Self {
        let wasm = file("plugin/build/types.wasm");
        let bytes = fs::read(&wasm)
            .unwrap_or_else(|error| panic!("{}: {error}: `make plugin` builds it", wasm.display()));
        let files = ["main.go", "malloc.go"].map(|name| {
            let text = fs::read_to_string(file("plugin/types").join(name));
            (name.to_owned(), text.expect("the source is there"))
        });
        let (driver, exports) = go::plug_in(bytes, files.to_vec());
        Self {
            driver,
            exports,
            called: BTreeSet::new(),
        }
    }

    /// Calls an export and gives its result and its arguments after the call.
    #[track_caller]
    fn call(&mut self, export: &str, args: Vec<Value>) -> (Option<Value>, Vec<Value>) {
        self.called.insert(export.to_owned());
        let signature = self.exports[export].clone();
        match self.driver.call_as(signature, args).outcome {
            Outcome::Returned { result, args, .. } => (result, args),
            other => panic!("{export}: {other:?}"),
        }
    }

    /// Calls with arguments in Go syntax, and compares the result and what the arguments have
    /// become with what is expected, in Go syntax; an argument that is not named is as it was.
    #[track_caller]
    fn check(&mut self, export: &str, args: &[&str], result: &str, after: &[&str]) {
        let signature = self.exports[export].clone();
        let values: Vec<Value> = read(&signature.params, args);
        let (given, left) = self.call(export, values);
        let given = match (&given, &signature.result) {
            (Some(value), Some(ty)) => show(value, ty).to_string(),
            _ => String::new(),
        };
        assert_eq!(given, result, "{export}({args:?})");
        let expected: Vec<&str> = args
            .iter()
            .enumerate()
            .map(|(index, arg)| after.get(index).copied().unwrap_or(arg))
            .collect();
        let expected = read(&signature.params, &expected);
        for ((param, left), expected) in signature.params.iter().zip(&left).zip(&expected) {
            assert_eq!(
                show(left, &param.ty).to_string(),
                show(expected, &param.ty).to_string(),
                "{export}({args:?}): {} after the call",
                param.name
            );
        }
    }
}

#[track_caller]
fn read(params: &[Param], texts: &[&str]) -> Vec<Value> {
    assert_eq!(params.len(), texts.len());
    let values = params.iter().zip(texts);
    values
        .map(|(param, text)| parse(text, &param.ty).unwrap_or_else(|error| panic!("{error}")))
        .collect()
}

/// `negate`, of an integer as wide as its type.
fn wrapped(n: i64, bits: u32) -> i64 {
    let unused = 64 - bits;
    (n.wrapping_neg() << unused) >> unused
}

#[test]
fn every_export_is_called_with_the_values_at_the_edges() {
    let mut plugin = Plugin::open();
    values(&mut plugin);
    strings(&mut plugin);
    pointers(&mut plugin);
    arrays_and_structs(&mut plugin);
    let exports: BTreeSet<String> = plugin.exports.keys().cloned().collect();
    assert_eq!(plugin.called, exports, "every export has been called");
    assert!(exports.len() >= 35, "{}", exports.len());
}

fn values(plugin: &mut Plugin) {
    plugin.check("notBool", &["true"], "false", &[]);
    plugin.check("notBool", &["false"], "true", &[]);
    for n in [0, 1, -1, i64::from(i32::MAX), i64::from(i32::MIN)] {
        let negated = wrapped(n, 32).to_string();
        plugin.check("negInt32", &[&n.to_string()], &negated, &[]);
    }
    for n in [0, 1, u32::MAX, 1 << 31] {
        plugin.check("invUint32", &[&n.to_string()], &(!n).to_string(), &[]);
    }
    for n in [0, (1 << 53) + 1, i64::MAX, i64::MIN, -1] {
        let negated = n.wrapping_neg().to_string();
        plugin.check("negInt64", &[&n.to_string()], &negated, &[]);
    }
    for n in [0, (1 << 53) + 1, u64::MAX, 1 << 63] {
        plugin.check("invUint64", &[&n.to_string()], &(!n).to_string(), &[]);
    }
    for bits in FLOATS32 {
        let (result, _) = plugin.call("negFloat32", vec![Value::Float32(bits)]);
        assert_eq!(result, Some(Value::Float32(bits ^ 1 << 31)), "{bits:#x}");
    }
    for bits in FLOATS64 {
        let (result, _) = plugin.call("negFloat64", vec![Value::Float64(bits)]);
        assert_eq!(result, Some(Value::Float64(bits ^ 1 << 63)), "{bits:#x}");
    }
    plugin.check("nextUintptr", &["0xfffffffe"], "0xffffffff", &[]);
    plugin.check("samePointer", &["nil"], "nil", &[]);
    plugin.check("samePointer", &["0x10"], "unsafe.Pointer(0x10)", &[]);
    plugin.check("toFahrenheit", &["-40"], "-40", &[]);
    plugin.check("toFahrenheit", &["100"], "212", &[]);
}

/// Zero and -0, the smallest and the largest, infinity, and what is no number: quiet, signalling,
/// and with other bits set.
const FLOATS32: [u32; 8] = [
    0,
    1 << 31,
    1,
    0x7f7f_ffff,
    0x7f80_0000,
    0x7fc0_0000,
    0x7f80_0001,
    0xffc1_2345,
];

const FLOATS64: [u64; 8] = [
    0,
    1 << 63,
    1,
    0x7fef_ffff_ffff_ffff,
    0x7ff0_0000_0000_0000,
    0x7ff8_0000_0000_0000,
    0x7ff0_0000_0000_0001,
    0xfff8_1234_5678_9abc,
];

fn strings(plugin: &mut Plugin) {
    let long = vec![b'x'; 100_000];
    let texts: [&[u8]; 6] = [
        b"",
        b"\0",
        b"a\0b",
        "h\u{e9}llo, \u{1f30d}".as_bytes(),
        b"\xff\xfe\xc3(",
        &long,
    ];
    for text in texts {
        let arg = || vec![Value::string(text)];
        let (length, _) = plugin.call("lenString", arg());
        assert_eq!(length, Some(Value::Uint(text.len() as u64)));
        let (hash, _) = plugin.call("hashString", arg());
        let fnv = text
            .iter()
            .fold(14_695_981_039_346_656_037_u64, |hash, &byte| {
                (hash ^ u64::from(byte)).wrapping_mul(1_099_511_628_211)
            });
        assert_eq!(hash, Some(Value::Uint(fnv)));
    }
    // Each byte that is not UTF-8 counts as one.
    for (text, runes) in [("a\u{e9}\u{1f30d}".as_bytes(), 3), (b"\xff\xfe", 2)] {
        let (count, _) = plugin.call("runesString", vec![Value::string(text)]);
        assert_eq!(count, Some(Value::Int(runes)));
    }
}

fn pointers(plugin: &mut Plugin) {
    plugin.check("notBoolAt", &["new(false)"], "", &["new(true)"]);
    for (bits, min, max) in [
        (8, i64::from(i8::MIN), i64::from(i8::MAX)),
        (16, i64::from(i16::MIN), i64::from(i16::MAX)),
        (32, i64::from(i32::MIN), i64::from(i32::MAX)),
        (64, i64::MIN, i64::MAX),
    ] {
        for n in [0, -1, min, max] {
            let after = Value::new(Value::Int(wrapped(n, bits)));
            let args = vec![Value::new(Value::Int(n))];
            assert_eq!(plugin.call(&format!("negInt{bits}At"), args).1, [after]);
        }
        let mask = u64::MAX >> (64 - bits);
        for n in [0, 1, mask, mask >> 1] {
            let after = Value::new(Value::Uint(!n & mask));
            let args = vec![Value::new(Value::Uint(n))];
            assert_eq!(plugin.call(&format!("invUint{bits}At"), args).1, [after]);
        }
    }
    for bits in FLOATS32 {
        let (_, after) = plugin.call("negFloat32At", vec![Value::new(Value::Float32(bits))]);
        assert_eq!(after, [Value::new(Value::Float32(bits ^ 1 << 31))]);
    }
    for bits in FLOATS64 {
        let (_, after) = plugin.call("negFloat64At", vec![Value::new(Value::Float64(bits))]);
        assert_eq!(after, [Value::new(Value::Float64(bits ^ 1 << 63))]);
    }
    plugin.check("raise", &["new(255)"], "", &["new(0)"]);
    plugin.check("noFields", &["nil"], "false", &[]);
    plugin.check("noFields", &["&{}"], "true", &[]);
}

fn arrays_and_structs(plugin: &mut Plugin) {
    plugin.check("reverse", &["&{1, 2, 3, -4}"], "", &["&{-4, 3, 2, 1}"]);
    let bytes = format!("&{{{}}}", vec!["255"; 32].join(", "));
    plugin.check("sumBytes", &[&bytes], "8160", &[]);
    plugin.check(
        "flipGrid",
        &["&{{1, 2, 3}, {-1, -2, -32768}}"],
        "",
        &["&{{-1, -2, -32768}, {1, 2, 3}}"],
    );
    plugin.check(
        "movePoint",
        &["&{X: 2147483647, Y: 1}", "1", "-2"],
        "",
        &["&{X: -2147483648, Y: -1}"],
    );
    plugin.check(
        "touchMixed",
        &["&{On: true, Wide: 9007199254740993, Small: 65535, Ratio: -0.5, Tag: {1, 2, 3}}"],
        "",
        &["&{On: false, Wide: -9007199254740993, Small: 0, Ratio: -1, Tag: {3, 2, 1}}"],
    );
    plugin.check(
        "growRect",
        &["&{Min: {X: 1, Y: 2}, Max: {X: 3, Y: 4}, Label: 7}", "10"],
        "484",
        &["&{Min: {X: -9, Y: -8}, Max: {X: 13, Y: 14}, Marks: {{}, {X: -9, Y: -8}}, Label: 7}"],
    );
    plugin.check(
        "sortPoints",
        &["&{{X: 3}, {X: 1, Y: 5}, {X: 2}}"],
        "",
        &["&{{X: 1, Y: 5}, {X: 2}, {X: 3}}"],
    );
    plugin.check(
        "many",
        &["true", "40", "na\0", "0.5", "&{X: 7}", "0x10"],
        "66.5",
        &["true", "40", "na\0", "0.5", "&{X: 7, Y: 3}"],
    );
    let (home, _) = plugin.call("homePoint", Vec::new());
    let Some(Value::Pointer(Pointer::Address(address))) = home else {
        panic!("{home:?}");
    };
    // The plugin's own memory can be changed by its address.
    let Type::Pointer(_) = plugin.exports["movePoint"].params[0].ty else {
        panic!("a pointer");
    };
    let at = Value::Pointer(Pointer::Address(address));
    let args = vec![at.clone(), Value::Int(1), Value::Int(1)];
    assert_eq!(plugin.call("movePoint", args).1[0], at);
    let start = address as usize;
    let memory = plugin.driver.session.instance().expect("it runs").memory();
    let moved = memory.get(start..start + 8);
    assert_eq!(moved.as_deref(), Some(&[4, 0, 0, 0, 5, 0, 0, 0][..]));
}
