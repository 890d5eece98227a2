//! Commands that a tool starts: the guest of the tests, in Go, for sqlc.

use super::{begin, bytes, chosen, form, pairs, plug_in, plug_in_text, say, shown};
use crate::driver::Driver;
use crate::go;
use plugboard::hosts::{ByForm, Kind, Part, Value, protobuf};
use plugboard::protocol::hosts::{Chosen, ToHost};
use plugboard::protocol::{Outcome, Stream, Trace};
use plugboard::saved;
use std::path::Path;
use std::sync::LazyLock;

static SQLC: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page/guests/sqlc");
    go::build(&folder, &[]).expect("it builds")
});

fn sqlc() -> (Driver, Chosen) {
    plug_in(SQLC.clone())
}

/// A request with a query of this name.
fn request(name: &str) -> Value {
    let mut query = Vec::new();
    for (number, text) in [(1, "SELECT 1"), (2, name), (3, ":one")] {
        protobuf::put(&mut query, number, text.as_bytes());
    }
    let mut request = Vec::new();
    protobuf::put(&mut request, 3, &query);
    Value::Bytes(request)
}

#[test]
fn a_command_is_taken_for_one_of_a_tools_by_a_name_among_its_bytes() {
    let (_, host) = sqlc();
    let recognised = host.recognised.as_ref().expect("it is recognised");
    assert_eq!(
        (recognised.kind, recognised.is_certain),
        (Some(Kind::Sqlc), false)
    );
    assert_eq!(
        recognised.why,
        "it is a command, and has the name plugin.CodegenService among its bytes"
    );
    assert_eq!(host.forms.len(), 1);
    let (_, buf) = plug_in_text(
        r#"(module (memory 1) (data (i32.const 0) "/buf.plugin.check.v1.CheckService/Check")
            (func (export "_start")))"#,
    );
    assert_eq!(buf.kind, Some(Kind::Buf));
}

#[test]
fn each_call_has_its_own_process_and_answers_files() {
    let (mut driver, host) = sqlc();
    for name in ["GetUser", "ListUsers"] {
        let values = [("request", request(name)), ("env", pairs(&[("A", "b")]))];
        let call = begin(&mut driver, form(&host, "_start"), "_start", &values);
        let ended = driver.end_of(call);
        assert!(
            matches!(ended.outcome, Outcome::Returned { .. }),
            "{ended:?}"
        );
        let shown = shown(&ended);
        assert_eq!(
            (shown.failed.as_deref(), &*shown.said),
            (None, "generated 1 file")
        );
        assert_eq!(
            bytes(&shown, "queries.txt"),
            format!("-- v1.31.1\n{name} :one: SELECT 1\n")
        );
        assert!(matches!(&shown.parts[1], (label, Part::Bytes(_)) if label == "Response"));
    }
}

#[test]
fn a_command_that_fails_exits() {
    let (mut driver, host) = sqlc();
    let values = [("request", Value::Bytes(b"no message".to_vec()))];
    let call = begin(&mut driver, form(&host, "_start"), "_start", &values);
    let ended = driver.end_of(call);
    assert_eq!(ended.outcome, Outcome::Exited(2));
    assert_eq!(ended.printed(Stream::Stderr), "it is no GenerateRequest\n");
    assert_eq!(shown(&ended).parts, []);
}

#[test]
fn it_is_run_as_any_command_without_the_tool() {
    let (mut driver, _) = sqlc();
    say(&mut driver, &ToHost::Choose(None));
    let ended = driver.start();
    assert_eq!(ended.outcome, Outcome::Exited(2));
    assert_eq!(ended.printed(Stream::Stderr), "unknown method: []\n");
    let tool = |driver: &mut Driver, kind| {
        say(driver, &ToHost::Choose(Some(kind)));
        chosen(&driver.session.take_events())
    };
    let host = tool(&mut driver, Kind::Buf);
    let call = begin(&mut driver, form(&host, "_start"), "_start", &[]);
    let ended = driver.end_of(call);
    assert_eq!(
        ended.printed(Stream::Stderr),
        "unknown method: [\"/buf.plugin.check.v1.CheckService/Check\"]\n"
    );
}

/// As the page and the package make it.
#[test]
fn a_saved_call_by_a_form_is_made_again_and_judged() {
    let (mut driver, host) = sqlc();
    driver
        .session
        .handle(plugboard::protocol::Command::Trace(Trace::Record(true)));
    let text = r#"{"plugboard": 1, "calls": [{"export": "_start", "host": "sqlc", "fields": {"version": "v1"},
        "expect": {"exit": 0, "host_calls": [], "shown": {"said": "generated 1 file", "queries.txt": ["-- v1", ""]}}}]}"#;
    let file = saved::read(text).expect("it is a file");
    let call = &file.calls[0];
    let by_form = call.by_form.as_ref().expect("it is by a form");
    let (action, values) = host.fill("_start", by_form).expect("it fits");
    assert_eq!(action, "generate");
    let id = driver.id();
    let told = ToHost::Call {
        call: id,
        export: "_start".to_owned(),
        action,
        values,
    };
    say(&mut driver, &told);
    let ended = driver.end_of(id);
    let mut came = saved::came("_start", None, &ended.outcome, &saved::Output::default());
    saved::showed(&mut came, &shown(&ended));
    let made = driver.session.made().expect("they are recorded");
    came.insert("host_calls".to_owned(), made.into());
    assert_eq!(saved::judge(&call.expect, &came, None), []);
    let other = ByForm {
        kind: Kind::Extism,
        ..by_form.clone()
    };
    assert_eq!(
        host.fill("_start", &other),
        Err("it is a call with the host Extism, and the module runs with sqlc".to_owned())
    );
}
