//! A Go plugin that exports every type which can cross the border, written in as many ways as Go has
//! (`border/`): its source says what its exports take, what is sent arrives, and what Go changes comes
//! back. And what is refused here is what the Go compiler refuses.

use crate::driver::{Driver, printed};
use crate::go;
use plugboard::go::check::{Directive, check_for};
use plugboard::go::{Abi, Pointer, Signature, Source, Type, Value, parse};
use plugboard::module::Info;
use plugboard::protocol::{Command, Event, Outcome, Stream};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// How often each export is called.
const CALLS: u64 = 8;

/// What the source says, as the page shows it.
const SIGNATURES: [&str; 17] = [
    "arrays(a *[3]int16, b *[2][3]bool, c *[0]int64, d *[5]Level, e *Matrix)",
    "bytes_at(a *int8, b *uint8, c *uint8, d *bool) *uint8",
    "elsewhere(a *geo.Place, b geo.Unit, c *[3]geo.Unit, d *mark.Dotted, e int64) geo.Unit",
    "ends(a *EndsInNothing, b *[3]EndsInNothing, c *EndsInMark, d *Holds)",
    "generic(a *Pair[int8,int64], b *Pair[Point,[2]bool], c *Twice[float32])",
    "geo.move(p *Place, by Unit)",
    "lengths(a *[8]uint8, b *[3]int8, c *[2]float32, d *[6]int16, e *[8]bool)",
    "literal(a *struct{ _ structs.HostLayout; x int8; y int8; _ [3]uint8; z [0]struct{} })",
    "named(a Celsius, b Flag, c *Celsius, d Text, e *Level, f Handle, g PointPointer) Celsius",
    "nothing()",
    "scalars(a bool, b int32, c int32, d uint32, e int64, f uint64, _ uint64, g float32, h float64)",
    "structs(a *Point, b *Mixed, c *struct{}, d *Marked, e *Outer) *Outer",
    "text.of-two(first string, second string, _ string) uint32",
    "unnamed(bool, int64, *int8) int64",
    "wide_at(a *int64, b *uint64, c *float32, d *float64) *float64",
    "words(a uintptr, b unsafe.Pointer, c unsafe.Pointer, d int32) unsafe.Pointer",
    "words_at(a *int16, b *uint16, c *int32, d *uint32, e *int32)",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/native/border")
}

/// All Go files below the folder, by their path from there.
fn source(folder: &Path, under: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let entry = entry.expect("it can be listed");
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files.extend(source(&entry.path(), &format!("{name}/")));
        } else if name.ends_with(".go") {
            let text = fs::read_to_string(entry.path()).expect("it can be read");
            files.push((name, text));
        }
    }
    files.sort();
    files
}

/// The plugin on a board, with the signatures of its exports but for those of the allocator.
fn open(files: Vec<(String, String)>, wasm: Vec<u8>) -> (Driver, BTreeMap<String, Signature>) {
    let mut driver = Driver::new();
    // Go ends where the monotonic clock is at zero.
    driver.clock.set(1);
    let events = driver.load("border.wasm", wasm);
    let info = events.iter().find_map(|event| match event {
        Event::Read(info) => Some((**info).clone()),
        _ => None,
    });
    let info: Info = info.expect("the module is read");
    driver.session.handle(Command::GoSource { files });
    let (_, events) = driver.drain();
    let Some(Event::Signatures(signatures)) = events.into_iter().next() else {
        panic!("the source is read");
    };
    assert_eq!(signatures.problems, Vec::<String>::new());
    let mut exports = BTreeMap::new();
    for (export, known) in info.exports.iter().zip(signatures.exports) {
        if let Some((signature, Source::GoSource { file })) = known.into_iter().next()
            && file != "malloc.go"
        {
            exports.insert(export.name.clone(), signature);
        }
    }
    (driver, exports)
}

/// The same numbers every time, so that a failure can be looked into.
struct Dice(u64);

impl Dice {
    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // Every bit of some, the ends of the range of others.
        match self.0 % 5 {
            0 => 0,
            1 => u64::MAX,
            2 => 1 << 63 | 1 << 31 | 1 << 15 | 1 << 7,
            _ => self.0.rotate_left(21),
        }
    }

    /// Some value of the type, but for one: what is no number may become another on its way through
    /// Go's own formatting.
    fn value(&mut self, ty: &Type) -> Value {
        let bits = self.bits();
        let signed = |width: u32| Value::Int(bits.cast_signed() << (64 - width) >> (64 - width));
        let unsigned = |width: u32| Value::Uint(bits << (64 - width) >> (64 - width));
        match ty.underlying() {
            Type::Bool => Value::Bool(bits & 1 != 0),
            Type::Int8 => signed(8),
            Type::Int16 => signed(16),
            Type::Int32 => signed(32),
            Type::Int64 => signed(64),
            Type::Uint8 => unsigned(8),
            Type::Uint16 => unsigned(16),
            Type::Uint32 | Type::Uintptr => unsigned(32),
            Type::Uint64 => unsigned(64),
            Type::Float32 => Value::Float32((bits >> 32) as u32 & !(1 << 23)),
            Type::Float64 => Value::Float64(bits & !(1 << 52)),
            Type::String => Value::string(&bits.to_be_bytes()[..(bits % 9) as usize]),
            Type::UnsafePointer => Value::Pointer(match (bits >> 32) as u32 {
                0 => Pointer::Nil,
                address => Pointer::Address(address),
            }),
            Type::Pointer(_) if bits.is_multiple_of(7) => Value::Pointer(Pointer::Nil),
            Type::Pointer(element) => Value::new(self.value(element)),
            Type::Array(element, length) => {
                Value::Array((0..*length).map(|_| self.value(element)).collect())
            }
            Type::Struct(structure) => {
                let fields = structure.fields.iter();
                let values = fields.map(|field| (field.name.clone(), self.value(&field.ty)));
                Value::Struct(values.collect())
            }
            other => panic!("{other} does not cross the border"),
        }
    }
}

/// What the plugin prints of a value.
fn print(value: &Value, text: &mut String) {
    match value {
        Value::Bool(value) => write!(text, " {value}"),
        Value::Int(value) => write!(text, " {value}"),
        Value::Uint(value) => write!(text, " {value}"),
        Value::Float32(bits) => write!(text, " {bits:x}"),
        Value::Float64(bits) => write!(text, " {bits:x}"),
        Value::String(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            write!(text, " {hex}.")
        }
        Value::Pointer(Pointer::Nil) => write!(text, " nil"),
        Value::Pointer(Pointer::Address(address)) => write!(text, " {address}"),
        Value::Pointer(Pointer::New(value)) => {
            print(value, text);
            Ok(())
        }
        Value::Array(values) => {
            values.iter().for_each(|value| print(value, text));
            Ok(())
        }
        Value::Struct(fields) => {
            let named = fields.iter().filter(|(name, _)| name != "_");
            named.for_each(|(_, value)| print(value, text));
            Ok(())
        }
    }
    .expect("it is memory");
}

/// What the plugin makes of what is behind a pointer.
fn change(value: &Value, ty: &Type) -> Value {
    let wrap = |value: i64, width: u32| value.wrapping_add(1) << (64 - width) >> (64 - width);
    match (value, ty.underlying()) {
        (Value::Bool(value), _) => Value::Bool(!value),
        (Value::Int(value), Type::Int8) => Value::Int(wrap(*value, 8)),
        (Value::Int(value), Type::Int16) => Value::Int(wrap(*value, 16)),
        (Value::Int(value), Type::Int32) => Value::Int(wrap(*value, 32)),
        (Value::Int(value), _) => Value::Int(value.wrapping_add(1)),
        (Value::Uint(value), Type::Uint8) => Value::Uint((value + 1) & 0xff),
        (Value::Uint(value), Type::Uint16) => Value::Uint((value + 1) & 0xffff),
        (Value::Uint(value), Type::Uint32) => Value::Uint((value + 1) & 0xffff_ffff),
        (Value::Uint(value), _) => Value::Uint(value.wrapping_add(1)),
        (Value::Float32(bits), _) => Value::Float32(bits ^ 1),
        (Value::Float64(bits), _) => Value::Float64(bits ^ 1),
        (Value::Array(values), Type::Array(element, _)) => {
            Value::Array(values.iter().map(|value| change(value, element)).collect())
        }
        (Value::Struct(values), Type::Struct(structure)) => {
            let fields = values.iter().zip(&structure.fields);
            let changed = fields.map(|((name, value), field)| match name.as_str() {
                "_" => (name.clone(), value.clone()),
                _ => (name.clone(), change(value, &field.ty)),
            });
            Value::Struct(changed.collect())
        }
        (value, _) => panic!("{value:?} of {ty}"),
    }
}

/// An argument after the call.
fn after(value: &Value, ty: &Type) -> Value {
    match (value, ty.underlying()) {
        (Value::Pointer(Pointer::New(value)), Type::Pointer(element)) => {
            Value::new(change(value, element))
        }
        (value, _) => value.clone(),
    }
}

#[test]
fn what_crosses_the_border_is_what_the_source_says() {
    let wasm = go::build(&folder(), &["-buildmode=c-shared"]);
    let wasm = wasm.unwrap_or_else(|errors| panic!("{errors}"));
    let (mut driver, exports) = open(source(&folder(), ""), wasm);
    let shown: Vec<String> = exports.values().map(Signature::to_string).collect();
    assert_eq!(shown, SIGNATURES);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for signature in exports.values() {
        assert_eq!(check_for(signature, Abi::Go, Directive::WasmExport), Ok(()));
        if signature.name == "geo.move" {
            continue;
        }
        for _ in 0..CALLS {
            let params = signature.params.iter();
            let args: Vec<Value> = params.map(|param| dice.value(&param.ty)).collect();
            let ended = driver.call_as(signature.clone(), args.clone());
            let Outcome::Returned { args: left, .. } = &ended.outcome else {
                panic!("{signature}: {:?}", ended.outcome);
            };
            // Parameters without a name are not printed, and not changed.
            let mut line = String::new();
            for ((param, arg), left) in signature.params.iter().zip(&args).zip(left) {
                if matches!(&*param.name, "" | "_") {
                    assert_eq!(left, arg, "{signature}");
                } else {
                    print(arg, &mut line);
                    assert_eq!(*left, after(arg, &param.ty), "{signature}: {}", param.name);
                }
            }
            let named = signature.params.iter().any(|param| !param.name.is_empty());
            let expected = if named { line + "\n" } else { String::new() };
            assert_eq!(
                printed(&ended.events, Stream::Stdout),
                expected,
                "{signature}"
            );
        }
    }
}

#[test]
fn an_export_of_another_package_is_called() {
    let wasm = go::build(&folder(), &["-buildmode=c-shared"]);
    let wasm = wasm.unwrap_or_else(|errors| panic!("{errors}"));
    // Windows' line endings, and its mark before the text.
    let windows = source(&folder(), "").into_iter().map(|(name, text)| {
        let name = name.replace('/', "\\");
        (name, format!("\u{feff}{}", text.replace('\n', "\r\n")))
    });
    let (mut driver, exports) = open(windows.collect(), wasm);
    let signature = exports["geo.move"].clone();
    let place = |at: f32| {
        Value::new(Value::Struct(vec![
            (
                "at".to_owned(),
                Value::Array(vec![Value::Float32(at.to_bits()); 3]),
            ),
            ("named".to_owned(), Value::Bool(true)),
        ]))
    };
    let by = Value::Float32(0.5f32.to_bits());
    let ended = driver.call_as(signature, vec![place(1.0), by.clone()]);
    let Outcome::Returned { args, .. } = ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert_eq!(args, [place(1.5), by]);
}

/// Types to be passed, permitted or not.
const TYPES: [&str; 52] = [
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "int",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uint",
    "uintptr",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "string",
    "unsafe.Pointer",
    "error",
    "any",
    "[]byte",
    "map[string]int",
    "chan int",
    "func()",
    "[2]int32",
    "struct{}",
    "struct{ _ structs.HostLayout; a int32 }",
    "structs.HostLayout",
    "*structs.HostLayout",
    "*int",
    "*uint",
    "*uint8",
    "*uintptr",
    "*unsafe.Pointer",
    "*string",
    "*complex64",
    "*error",
    "**int32",
    "*[]byte",
    "*[2]int16",
    "*[2]int",
    "*[2]*int32",
    "*[0]string",
    "*struct{}",
    "*struct{ a int32 }",
    "*struct{ _ structs.HostLayout }",
    "*struct{ structs.HostLayout; a struct{ b int8 } }",
    "*struct{ a int8; structs.HostLayout; b [2]struct{ _ structs.HostLayout; c bool } }",
    "*struct{ _ structs.HostLayout; a string }",
    "*struct{ _ structs.HostLayout; a *struct{} }",
    "*struct{ _ structs.HostLayout; _ int }",
    "*struct{ _ structs.HostLayout; a [0]struct{}; b struct{} }",
];

/// Functions with several parameters or results, by what is between their name and their body.
const FUNCTIONS: [&str; 8] = [
    "(a, b int32) (c, d int32)",
    "(a ...int32)",
    "(a, b, c, d, e, f, g, h string)",
    "(a, b, c, d, e, f, g, h string, i int32)",
    "(a, b, c, d, e, f, g string, i, j int64)",
    "(a, b, c, d, e, f, g string, i int64, j bool) bool",
    "(a, b, c, d, e, f, g string, i int64) bool",
    "(a, b, c, d, e, f, g string, i, j int32) int64",
];

#[test]
fn what_is_refused_is_what_the_compiler_refuses() {
    let mut functions: Vec<String> = FUNCTIONS.map(str::to_owned).to_vec();
    for ty in TYPES {
        functions.push(format!("(a {ty})"));
        functions.push(format!("() (a {ty})"));
    }
    let folder = env::temp_dir().join(format!("plugboard-refused-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join("go.mod"), "module refused\n\ngo 1.24\n").expect("it can be written");
    // A package for each, since the compiler stops at the first functions that it refuses.
    for (index, function) in functions.iter().enumerate() {
        let package = folder.join(format!("f{index}"));
        fs::create_dir_all(&package).expect("the folder can be made");
        let text = format!(
            "package p; import (\"structs\"; \"unsafe\"); var _ unsafe.Pointer; var _ structs.HostLayout\n\
             //go:wasmexport f{index}\nfunc f{index}{function} {{ panic(0) }}\n"
        );
        fs::write(package.join("p.go"), text).expect("it can be written");
    }
    let built = go::go(&folder).args(["build", "./..."]).output();
    fs::remove_dir_all(&folder).expect("the folder can be removed");
    let built = built.expect("Go runs");
    let errors = String::from_utf8_lossy(&built.stderr);
    for (index, function) in functions.iter().enumerate() {
        let signature = parse::signature(&format!("f{index}{function}"), "")
            .unwrap_or_else(|error| panic!("{function}: {error}"));
        assert_eq!(
            check_for(&signature, Abi::Go, Directive::WasmExport).is_err(),
            errors.contains(&format!("refused/f{index}\n")),
            "whether {function} is refused: {errors}"
        );
    }
}
