//! Calls by a form, as programs over the frameworks' own hosts for Go. These cannot be had everywhere: with `PROGRAMS=<a folder>` in the
//! environment the programs are left there, to be built with them.

use super::{case, of_wat, repository};
use crate::go;
use plugboard::go::Signature;
use plugboard::host_code::write;
use plugboard::hosts::ByForm;
use plugboard::protocol::{Case, HostCode};
use std::io::Write;
use std::process::{Command, Stdio};

/// The call that a saved call's JSON is, of a module in WAT.
fn by_form(wat: &str, export: &str, json: &str) -> Case {
    let json = serde_json::from_str(json).expect("it is JSON");
    let made = case(
        &of_wat(wat),
        Signature::new(export, Vec::new(), None),
        Vec::new(),
    );
    Case {
        signature: None,
        answers: vec![None; made.module.imports.len()],
        by_form: ByForm::get(&json).expect("it is a call by a form"),
        ..made
    }
}

/// The program, which is as Go formats it.
#[track_caller]
fn program(case: &Case) -> String {
    let text = write(HostCode::GoProgram, case);
    let mut formatter = Command::new(go::formatter())
        .current_dir(repository())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("gofmt runs");
    let mut stdin = formatter.stdin.take().expect("it has stdin");
    stdin.write_all(text.as_bytes()).expect("it reads");
    drop(stdin);
    let formatted = formatter.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&formatted.stdout), text);
    if let Some(folder) = std::env::var_os("PROGRAMS") {
        let name = case.by_form.as_ref().expect("a form").kind.key();
        let folder = std::path::Path::new(&folder).join(name);
        std::fs::create_dir_all(&folder).expect("it can be made");
        std::fs::write(folder.join("main.go"), &text).expect("it can be written");
    }
    text
}

#[track_caller]
fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(line), "{line}: {text}");
    }
}

const EXTISM: &str = r#"(module (import "extism:host/env" "alloc" (func (param i64) (result i64)))
    (import "extism:host/user" "upper" (func (param i64) (result i64)))
    (func (export "greet") (result i32) (i32.const 0)))"#;

#[test]
fn a_plugin_of_extism_is_called_by_its_go_sdk() {
    let call = r#"{"host": "Extism", "action": "call", "fields": {"input": "Ada", "config": [["a", "b"], ["a", "c"]],
        "allowed_hosts": ["*.org"], "variables": [["n", "1"]], "log_level": "warn"}}"#;
    let case = by_form(EXTISM, "greet", call);
    has(
        &program(&case),
        &[
            "extism.SetLogLevel(extism.LogLevelWarn)",
            r#"manifest.Config = map[string]string{"a": "c"}"#,
            r#"manifest.AllowedHosts = []string{"*.org"}"#,
            r#"extism.NewHostFunctionWithStack("upper", "#,
            r#"function.SetNamespace("extism:host/user")"#,
            r#"plugin.Var["n"] = []byte("1")"#,
            r#"plugin.CallWithContext(ctx, "greet", []byte("Ada"))"#,
        ],
    );
    has(
        &write(HostCode::JavaScript, &case),
        &[
            "host: \"extism\",",
            r#"plugin.perform("greet", { "input": "Ada", "config": [["a","b"],["a","c"]], "allowedHosts": ["*.org"], "#,
        ],
    );
    has(
        &write(HostCode::GoTest, &case),
        &["is tested as a saved call"],
    );
}

#[test]
fn guests_of_wapc_and_handlers_have_hosts_in_go_and_others_none() {
    let guest =
        r#"(module (func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1)))"#;
    let call = r#"{"host": "waPC", "fields": {"operation": "greet", "payload": {"hex": "00 ff"},
        "replies": [["a/b/c", "yes"]], "errors": [["d/e/f", "no"]]}}"#;
    has(
        &program(&by_form(guest, "__guest_call", call)),
        &[
            r#"instance.Invoke(ctx, "greet", []byte("\x00\xff"))"#,
            "\tcase \"a/b/c\":\n\t\treturn []byte(\"yes\"), nil\n",
            "\tcase \"d/e/f\":\n\t\treturn nil, errors.New(\"no\")\n",
        ],
    );
    let policy = r#"{"host": "Kubewarden", "fields": {}}"#;
    let none = write(HostCode::GoProgram, &by_form(guest, "__guest_call", policy));
    has(
        &none,
        &["// This call cannot be made: Kubewarden has no host in Go"],
    );
    let handler = r#"(module (func (export "handle_request") (result i64) (i64.const 0))
        (func (export "_initialize")))"#;
    let call = r#"{"host": "http-wasm", "fields": {"uri": "/a?b=c", "headers": [["host", "h"], ["x", "y"]],
        "backend": "the answer below", "status": "404", "answer-body": "gone"}}"#;
    let case = by_form(handler, "handle_request", call);
    has(
        &program(&case),
        &[
            r#"httptest.NewRequest("GET", "/a?b=c", bytes.NewReader([]byte("")))"#,
            "WithStartFunctions(\"_initialize\")",
            "request.Host = \"h\"\n\trequest.Header.Add(\"x\", \"y\")\n",
            "w.WriteHeader(404)\n\t\tw.Write([]byte(\"gone\"))\n",
        ],
    );
    has(&write(HostCode::JavaScript, &case), &["\"status\": 404"]);
    let proxy = r#"(module (func (export "proxy_on_context_create") (param i32 i32)))"#;
    let call = r#"{"host": "proxy-wasm", "fields": {}}"#;
    let case = by_form(proxy, "proxy_on_context_create", call);
    has(
        &write(HostCode::GoProgram, &case),
        &["// This call cannot be made: "],
    );
}

#[test]
fn a_command_is_started_as_its_tool_does() {
    let command = r#"(module
        (import "wasi_snapshot_preview1" "args_get" (func (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "environ_get" (func (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read" (func (param i32 i32 i32 i32) (result i32)))
        (func (export "_start")))"#;
    let call = r#"{"host": "sqlc", "fields": {"request": "\b\u0001", "version": "v1"}}"#;
    has(
        &program(&by_form(command, "_start", call)),
        &["/plugin.CodegenService/Generate", "SQLC_VERSION", r#""v1""#],
    );
}
