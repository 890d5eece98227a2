//! The conformance tests that frameworks publish, where there is a checkout of them: `make conformance HOST=http-wasm SUITE=<folder>`.

use super::{after, begin, form, line, pairs, plug_in, shown};
use plugboard::hosts::Value;
use std::{env, fs};

/// A test of http-wasm's: what it is called, the request, and what the next handler must get of it.
struct Case {
    id: String,
    method: &'static str,
    uri: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: usize,
    passed: &'static str,
}

fn case(id: impl Into<String>, passed: &'static str) -> Case {
    Case {
        id: id.into(),
        method: "GET",
        uri: "/",
        headers: Vec::new(),
        body: 0,
        passed,
    }
}

/// All of them, as its runner has them.
fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("get_protocol_version", ""),
        case("get_source_addr", ""),
        case("set_method", "POST /"),
    ];
    for method in [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH",
    ] {
        let id = format!("get_method/{method}");
        cases.push(Case {
            method,
            ..case(id, "")
        });
    }
    for (id, uri) in [
        ("simple", "/simple"),
        ("simple/escaping", "/simple%26clean"),
        ("query", "/animal?name=panda"),
        ("query/escaping", "/disney?name=chip%26dale"),
    ] {
        cases.push(Case {
            uri,
            ..case(format!("get_uri/{id}"), "")
        });
        cases.push(case(format!("set_uri/{id}"), uri));
    }
    for (id, headers) in [
        (
            "values/request/lowercase-key",
            vec![("single-header", "value")],
        ),
        (
            "values/request/mixedcase-key",
            vec![("Single-Header", "value")],
        ),
        ("values/request/not-exists", vec![]),
        (
            "values/request/multiple-values",
            vec![("multi-header", "value1"), ("multi-header", "value2")],
        ),
        (
            "names/request",
            vec![("a-header", "value1"), ("b-header", "2")],
        ),
    ] {
        let id = format!("get_header_{id}");
        cases.push(Case {
            headers,
            ..case(id, "")
        });
    }
    for (id, passed) in [
        ("set_header_value/request/new", "\nnew-header: value\n"),
        (
            "set_header_value/request/existing",
            "\nexisting-header: value\n",
        ),
        ("add_header_value/request/new", "\nnew-header: value\n"),
        (
            "add_header_value/request/existing",
            "\nexisting-header: bear\n",
        ),
        ("remove_header/request/new", "\nexisting-header: bear\n"),
        ("remove_header/request/existing", ""),
    ] {
        let headers = vec![("existing-header", "bear")];
        cases.push(Case {
            headers,
            ..case(id, passed)
        });
    }
    for (id, body) in [
        ("empty", 0),
        ("small", 5),
        ("medium", 2048),
        ("large", 4096),
        ("xlarge", 5000),
    ] {
        let id = format!("read_body/request/{id}");
        cases.push(Case {
            method: "POST",
            body,
            ..case(id, "")
        });
    }
    cases
}

#[test]
fn http_wasm() {
    let Ok(suite) = env::var("HTTP_WASM_SUITE") else {
        return;
    };
    let wasm = fs::read(format!("{suite}/tck/tck.wasm")).expect("a checkout of http-wasm-host-go");
    let (mut driver, host) = plug_in(wasm);
    let mut failed = Vec::new();
    for case in cases() {
        let mut headers = case.headers.clone();
        headers.push(("x-httpwasm-tck-testid", &case.id));
        // Go's client sends these as well, and a test counts on it.
        headers.extend([
            ("host", "localhost"),
            ("user-agent", "Go"),
            ("accept-encoding", "gzip"),
        ]);
        let values = [
            ("method", line(case.method)),
            ("uri", line(case.uri)),
            ("headers", pairs(&headers)),
            ("body", Value::Bytes(vec![b'a'; case.body])),
            ("backend", line("the answer below")),
        ];
        let form = form(&host, "handle_request");
        let call = begin(&mut driver, form, "handle_request", &values);
        let shown = shown(&driver.end_of(call));
        let (request, response) = (after(&shown, "Request"), after(&shown, "Response"));
        let handled =
            response.contains("x-httpwasm-tck-handled: 1") && !response.starts_with("500");
        if !handled || !request.contains(case.passed) {
            failed.push(format!("{}:\n{request}\n{response}", case.id));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
