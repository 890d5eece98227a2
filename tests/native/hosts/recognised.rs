//! What a module is written for, by what it imports and exports.

use super::plug_in_text;
use plugboard::hosts::{Kind, Recognised};

#[track_caller]
fn recognised(wat: &str) -> Recognised {
    let (_, host) = plug_in_text(wat);
    host.recognised.expect("it is recognised")
}

#[test]
fn each_framework_is_recognised_by_what_is_its_own() {
    for (wat, kind) in [
        (
            r#"(import "http_handler" "log" (func (param i32 i32 i32)))"#,
            Kind::HttpWasm,
        ),
        (
            r#"(func (export "handle_request") (result i64) (i64.const 0))
               (func (export "handle_response") (param i32 i32))"#,
            Kind::HttpWasm,
        ),
        (
            r#"(import "wapc" "__console_log" (func (param i32 i32)))"#,
            Kind::Wapc,
        ),
        (
            r#"(func (export "__guest_call") (param i32 i32) (result i32) (i32.const 0))"#,
            Kind::Wapc,
        ),
        (
            r#"(func (export "proxy_abi_version_0_2_0"))"#,
            Kind::ProxyWasm,
        ),
        (
            r#"(import "env" "proxy_done" (func (result i32)))"#,
            Kind::ProxyWasm,
        ),
    ] {
        assert_eq!(
            recognised(&format!("(module {wat})")).kind,
            Some(kind),
            "{wat}"
        );
    }
}

#[test]
fn what_has_no_host_is_known_by_name() {
    for (wat, name) in [
        (
            r#"(import "wasmcloud:bus/lattice" "f" (func))"#,
            "wasmCloud",
        ),
        (r#"(import "fermyon:spin/http" "f" (func))"#, "Spin"),
        (
            r#"(import "k8s.io/scheduler" "f" (func))"#,
            "the kube-scheduler's wasm extension",
        ),
        (
            r#"(import "go_exporter" "f" (func))"#,
            "go_exporter, which Go had before it could export (1.24)",
        ),
        (
            r#"(import "wasi_snapshot_preview1" "sock_open" (func (param i32 i32 i32) (result i32)))"#,
            "WASI with sockets, which preview 1 has not",
        ),
        (
            r#"(func (export "greeter_api_version") (result i64) (i64.const 1))"#,
            "knqyf263/go-plugin",
        ),
    ] {
        let recognised = recognised(&format!("(module {wat})"));
        assert_eq!((recognised.name.as_str(), recognised.kind), (name, None));
    }
}

#[test]
fn a_plugin_that_only_tinygo_exports_is_told_what_happened() {
    let empty = r#"(module (memory (export "memory") 1) (func (export "_initialize"))
        (@producers (processed-by "Go cmd/compile" "go1.27")))"#;
    let note = recognised(empty).notes.pop().expect("a note");
    assert!(note.contains("//go:wasmexport"), "{note}");
    // The same of one that imports what its SDK does.
    let handler = r#"(module (import "http_handler" "log" (func (param i32 i32 i32)))
        (memory (export "memory") 1) (func (export "_initialize")))"#;
    let recognised = recognised(handler);
    assert_eq!(recognised.kind, Some(Kind::HttpWasm));
    let note = recognised.notes.last().expect("a note");
    assert!(
        note.starts_with("It does not export handle_request"),
        "{note}"
    );
}

#[test]
fn of_a_command_it_is_said_what_its_own_host_does_to_it() {
    let exports = r#"(memory (export "memory") 1) (func (export "_start"))"#;
    let guest = r#"(func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1))"#;
    let by = |version| format!(r#"(@producers (processed-by "TinyGo" "{version}"))"#);
    let extism = r#"(import "extism:host/env" "input_length" (func (result i64)))"#;
    for (wat, said) in [
        (format!("{exports} {guest}"), "over wazero refuse"),
        (
            format!("{exports} {guest} {}", by("0.40.1")),
            "over wazero refuse",
        ),
        (format!("{exports} {guest} {}", by("0.33.0")), ""),
        (
            format!(r#"{exports} {guest} (@custom "io.kubewarden.metadata" "{{}}")"#),
            "",
        ),
        // Its input and output are enough.
        (format!("{extism} {exports}"), ""),
        (
            format!(r#"{extism} {exports} (func (export "run"))"#),
            "without it",
        ),
    ] {
        let notes = recognised(&format!("(module {wat})")).notes;
        assert_eq!(notes.is_empty(), said.is_empty(), "{wat}: {notes:?}");
        assert!(notes.iter().all(|note| note.contains(said)), "{notes:?}");
    }
}
