//! A Go plugin that exports every type which can cross the border, written in as many ways as Go has
//! (`border/`): its source says what its exports take, what is sent arrives, and what Go changes comes
//! back. And what is refused here is what the Go compiler refuses.

use crate::driver::printed;
use crate::go;
use plugboard::go::check::{Directive, check_for};
use plugboard::go::value::json;
use plugboard::go::{Abi, Signature, parse};
use plugboard::protocol::{Outcome, Stream};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/native/border")
}

/// All Go files below the folder, by their path from there.
pub fn source(folder: &Path, under: &str) -> Vec<(String, String)> {
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

/// What is sent, and what Go made of it: it prints what it is given, and changes what pointers point
/// at. The tests of the JS package make the same calls.
fn cases() -> Json {
    let text = fs::read_to_string(folder().join("calls.json")).expect("the calls are there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Makes the calls of the plugin with this source.
fn cross(files: Vec<(String, String)>) {
    let wasm = go::build(&folder(), &["-buildmode=c-shared"]);
    let wasm = wasm.unwrap_or_else(|errors| panic!("{errors}"));
    let (mut driver, exports) = go::plug_in(wasm, files);
    let cases = cases();
    let shown: Vec<String> = exports.values().map(Signature::to_string).collect();
    assert_eq!(Json::from(shown), cases["signatures"]);
    let mut uncalled: BTreeSet<&str> = exports.keys().map(String::as_str).collect();
    for call in cases["calls"].as_array().expect("it is a list") {
        let name = call["call"].as_str().expect("it is a name");
        uncalled.remove(name);
        let signature = &exports[name];
        assert_eq!(check_for(signature, Abi::Go, Directive::WasmExport), Ok(()));
        let read = |args: &Json| {
            json::arguments_from_json(args, signature)
                .unwrap_or_else(|error| panic!("{call}: {error}"))
        };
        let ended = driver.call_as(signature.clone(), read(&call["args"]));
        let Outcome::Returned { args, result, .. } = &ended.outcome else {
            panic!("{call}: {:?}", ended.outcome);
        };
        let prints = printed(&ended.events, Stream::Stdout);
        assert_eq!(
            prints,
            call["prints"].as_str().unwrap_or_default(),
            "{call}"
        );
        assert_eq!(*args, read(&call["left"]), "{call}");
        // Where memory lies is Go's to say: such a result is not among what is known.
        if let Some(known) = call.get("result") {
            let known = signature
                .result
                .as_ref()
                .map(|ty| json::from_json(known, ty));
            assert_eq!(result.clone().map(Ok), known, "{call}");
        }
    }
    assert_eq!(uncalled, BTreeSet::new(), "exports that nothing calls");
}

#[test]
fn what_crosses_the_border_is_what_the_source_says() {
    cross(source(&folder(), ""));
}

#[test]
fn source_of_windows_says_the_same() {
    // Its line endings, its paths, and its mark before the text.
    let files = source(&folder(), "").into_iter().map(|(name, text)| {
        let name = name.replace('/', "\\");
        (name, format!("\u{feff}{}", text.replace('\n', "\r\n")))
    });
    cross(files.collect());
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
