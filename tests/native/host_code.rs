//! Calls as host code: what is written compiles, is formatted as Go formats it, and says what was called.
//! wazero itself cannot be had everywhere, so `host_code/wazero` states the part of its API that is used;
//! with `WAZERO=<a folder>` in the environment it is wazero's own source, in that folder.

mod frameworks;

use crate::go;
use plugboard::go::value::json;
use plugboard::go::{Signature, Value};
use plugboard::host_code::{go_program, go_test, javascript};
use plugboard::module::{self, Info};
use plugboard::protocol::{Answer, Case, Determinism, Expected, Limits, Preopen, Settings, Stdin};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A Go module in a folder of its own, whose packages are host programs.
struct Programs(PathBuf);

impl Programs {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("plugboard-{name}-{}", std::process::id()));
        let stated = || repository().join("tests/native/host_code/wazero");
        let wazero = env::var_os("WAZERO").map_or_else(stated, PathBuf::from);
        fs::create_dir_all(&folder).expect("the folder can be made");
        let text = format!(
            "module hosts\n\ngo 1.24\n\nrequire github.com/tetratelabs/wazero v1.0.0\n\n\
             replace github.com/tetratelabs/wazero => {}\n",
            wazero.display()
        );
        fs::write(folder.join("go.mod"), text).expect("it can be written");
        Self(folder)
    }

    fn add(&self, package: &str, file: &str, text: &str) {
        let folder = self.0.join(package);
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(folder.join(file), text).expect("it can be written");
    }

    fn run(&self, command: &mut Command) -> Output {
        let run = command.current_dir(&self.0).env("GOFLAGS", "-mod=mod");
        run.output().expect("Go runs")
    }

    /// They compile, `go vet` finds nothing, and they are formatted.
    fn check(&self) {
        let vetted = self.run(go::native(&self.0).args(["vet", "./..."]));
        let errors = String::from_utf8_lossy(&vetted.stderr);
        assert!(vetted.status.success(), "{errors}");
        let formatted = self.run(Command::new(go::formatter()).args(["-d", "."]));
        let difference = String::from_utf8_lossy(&formatted.stdout);
        assert_eq!(difference, "", "{formatted:?}");
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A call of the export that `signature` is of.
fn case(module: &Info, signature: Signature, args: Vec<Value>) -> Case {
    let answers = module.imports.iter().map(|import| {
        let answered = import.ty.func().filter(|_| !import.is_wasi());
        answered.map(|_| Answer::guess(import))
    });
    Case {
        answers: answers.collect(),
        module: module.clone(),
        settings: Settings::default(),
        allocator: None,
        export: signature.name.clone(),
        signature: Some(signature),
        args,
        by_form: None,
        expected: Some(Expected::default()),
    }
}

fn of_wat(wat: &str) -> Info {
    let bytes = wat::parse_str(wat).expect("the test's WAT assembles");
    module::read("plugin.wasm", &bytes).expect("it is a module")
}

#[test]
fn calls_of_every_type_are_programs_and_tests_that_compile() {
    let folder = repository().join("tests/native/border");
    let wasm =
        go::build(&folder, &["-buildmode=c-shared"]).unwrap_or_else(|error| panic!("{error}"));
    let module = module::read("border.wasm", &wasm).expect("it is a module");
    let (_, exports) = go::plug_in(wasm, crate::border::source(&folder, ""));
    let text = fs::read_to_string(folder.join("calls.json")).expect("the calls are there");
    let calls: Json = serde_json::from_str(&text).expect("it is JSON");
    let programs = Programs::new("border-hosts");
    let mut seen = BTreeSet::new();
    for call in calls["calls"].as_array().expect("it is a list") {
        let name = call["call"].as_str().expect("it is a name");
        if !seen.insert(name) {
            continue;
        }
        let signature = &exports[name];
        let args = json::arguments_from_json(&call["args"], signature).expect("they fit");
        let case = case(&module, signature.clone(), args);
        let program = go_program(&case).unwrap_or_else(|error| panic!("{call}: {error}"));
        programs.add(&format!("program{}", seen.len()), "main.go", &program);
        if seen.len() % 8 == 0 {
            let test = go_test(&case).unwrap_or_else(|error| panic!("{call}: {error}"));
            programs.add(&format!("test{}", seen.len()), "plugin_test.go", &test);
        }
    }
    programs.check();
}

/// A module that imports what there is to answer, and asks WASI for much.
const ASKING: &str = r#"(module
    (import "log" "log" (func (param i32 i32)))
    (import "env" "print" (func (param i32 i64 f32 f64)))
    (import "env" "zero" (func (result i32 i64)))
    (import "env" "pi" (func (result f64)))
    (import "env" "nan" (func (result f32)))
    (import "env" "same" (func (param i64 i32) (result i32)))
    (import "env" "count" (func (result f32)))
    (import "env" "fetch" (func (param i32) (result i32)))
    (import "env" "trap" (func))
    (import "env" "none" (func (param externref)))
    (import "env" "none" (func (param funcref)))
    (import "env" "odd \"name\"\n%d" (func (param i32)))
    (import "env" "memory" (memory 1))
    (import "wasi_snapshot_preview1" "args_get" (func (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get" (func (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_unlink_file" (func (param i32 i32 i32) (result i32)))
    OTHER
    (func (export "go") (param f64 f32 i64) (result i64) i64.const 0))"#;

#[test]
fn every_answer_and_every_setting_compiles() {
    let programs = Programs::new("asking-hosts");
    for (kind, start) in [
        ("command", "_start"),
        ("reactor", "_initialize"),
        ("bare", "go"),
    ] {
        let other = match start {
            "go" => String::new(),
            start => format!(r#"(func (export "{start}"))"#),
        };
        let module = of_wat(&ASKING.replace("OTHER", &other));
        let numbers = module.exports.iter().find(|export| export.name == "go");
        let ty = numbers
            .and_then(|export| export.ty.func())
            .expect("it is exported");
        let args = vec![
            Value::Float64(f64::NAN.to_bits()),
            Value::Float32((-0.0f32).to_bits()),
            Value::Int(i64::MIN),
        ];
        let mut asking = case(&module, ty.numbers("go"), args);
        let answers = [
            Answer::PrintString,
            Answer::PrintArguments,
            Answer::ReturnZero,
            Answer::Constant(vec![std::f64::consts::PI.to_bits()]),
            Answer::Constant(vec![f32::NAN.to_bits().into()]),
            Answer::Echo(1),
            Answer::Count,
            Answer::Script("const reply = await fetch(`/${p0}`);\n\nreturn reply.status;".into()),
            Answer::Trap,
        ];
        for (place, answer) in asking.answers.iter_mut().zip(answers) {
            *place = Some(answer);
        }
        asking.settings = Settings {
            args: vec!["plugin.wasm".into(), "a \"b\"".into()],
            env: vec![("KEY".into(), "a\nb".into())],
            stdin: Stdin::Bytes(b"a\xff".to_vec()),
            preopens: vec![
                Preopen::empty("/"),
                Preopen {
                    read_only: true,
                    ..Preopen::empty("/data")
                },
            ],
            limits: Limits {
                memory_pages: 100,
                wall_millis: Some(1_500),
                fuel: Some(7),
                ..Limits::default()
            },
            ..Settings::default()
        };
        let mut of = asking.clone();
        for (name, determinism) in [("real", None), ("fixed", Some(Determinism::default()))] {
            of.settings.determinism = determinism;
            let program = go_program(&of).expect("the arguments fit");
            programs.add(&format!("{kind}-{name}"), "main.go", &program);
        }
        if start != "go" {
            let starting = Case {
                export: start.to_owned(),
                signature: None,
                args: Vec::new(),
                ..of.clone()
            };
            let test = go_test(&starting).expect("there are no arguments");
            programs.add(&format!("{kind}-test"), "plugin_test.go", &test);
            programs.add(
                &format!("{kind}-start"),
                "main.go",
                &go_program(&starting).expect("as before"),
            );
        }
    }
    programs.check();
}

/// What is written for the sample, as files to be looked at; `UPDATE=1` writes them anew.
#[test]
fn what_is_written_for_greet_reads_as_if_by_hand() {
    let folder = repository().join("plugin/greet");
    let wasm =
        go::build(&folder, &["-buildmode=c-shared"]).unwrap_or_else(|error| panic!("{error}"));
    let mut module = module::read("greet.wasm", &wasm).expect("it is a module");
    let (_, exports) = go::plug_in(wasm, crate::border::source(&folder, ""));
    let log = plugboard::go::parse::signature("log(msg string)", "").expect("it is a signature");
    for import in &mut module.imports {
        if !import.is_wasi() {
            import.signature = Some((log.clone(), plugboard::go::Source::ByHand));
        }
    }
    let greet = json::arguments_from_json(&serde_json::json!(["WaZero"]), &exports["greet"]);
    let mut greet = case(&module, exports["greet"].clone(), greet.expect("it fits"));
    greet.expected = Some(Expected {
        printed: b"wasm >> Hello, WaZero\n".to_vec(),
        ..Expected::default()
    });
    let st = json::arguments_from_json(&serde_json::json!([{ "val": 7 }]), &exports["st"]);
    let st = case(&module, exports["st"].clone(), st.expect("it fits"));
    let written = [
        ("greet.go", go_program(&greet).expect("it fits")),
        ("greet_test.go", go_test(&greet).expect("it fits")),
        ("greet.mjs", javascript(&greet)),
        ("st.go", go_program(&st).expect("it fits")),
        ("st.mjs", javascript(&st)),
    ];
    for (name, text) in written {
        let file = repository()
            .join("tests/native/host_code/written")
            .join(format!("{name}.txt"));
        if env::var_os("UPDATE").is_some() {
            fs::write(&file, &text).expect("it can be written");
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(text, kept, "{}", file.display());
    }
}
