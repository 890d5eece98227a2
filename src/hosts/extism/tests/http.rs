//! HTTP requests.

use super::*;
use crate::hosts::{Ask, Response};

fn allowed(hosts: &[&str]) -> Plugin {
    let hosts = hosts.iter().map(|&host| host.to_owned());
    plugin(&[(key::ALLOWED, Value::List(hosts.collect()))])
}

#[test]
fn a_request_goes_to_hosts_that_are_allowed_and_to_no_others() {
    let mut plugin = allowed(&["*.example.com"]);
    let json = r#"{"url": "https://a.example.com/x", "method": "POST", "headers": {"A": "b"}}"#;
    let (request, body) = (plugin.write(json), plugin.write("body"));
    let (flow, _) = plugin.flow(Extern::HttpRequest, &[request, body], &[]);
    let Flow::Ask(Ask::Http(asked)) = flow else {
        panic!("{flow:?}");
    };
    assert_eq!(
        (asked.method.as_str(), asked.url.as_str()),
        ("POST", "https://a.example.com/x")
    );
    assert_eq!(asked.headers, [("A".to_owned(), "b".to_owned())]);
    assert_eq!(asked.body, b"body");
    let answer = Came::Http(Ok(Response {
        status: 201,
        headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
        body: b"made".to_vec(),
    }));
    let (flow, handle) = plugin.flow(Extern::HttpRequest, &[request, body], &[answer]);
    assert_eq!(flow, Flow::Return);
    assert_eq!(plugin.read(handle), "made");
    assert_eq!(plugin.call(Extern::HttpStatusCode, &[]), 201);
    let headers = plugin.call(Extern::HttpHeaders, &[]);
    assert_eq!(plugin.read(headers), r#"{"content-type":"text/plain"}"#);
    for freed in [request, body] {
        assert_eq!(plugin.call(Extern::Length, &[freed]), 0);
    }
    let request = plugin.write(r#"{"url": "https://example.org/"}"#);
    assert_eq!(
        plugin.traps(Extern::HttpRequest, &[request, 0]),
        "HTTP request to https://example.org/ is not allowed"
    );
}

#[test]
fn a_request_that_is_none_or_has_no_answer_traps() {
    let mut plugin = allowed(&["*"]);
    for (request, problem) in [
        ("", "the request is no JSON"),
        ("[]", "the request has no url"),
        (r#"{"url": 1}"#, "the request has no url"),
        (
            r#"{"url": "file:///etc/passwd"}"#,
            "invalid URL: file:///etc/passwd",
        ),
    ] {
        let request = plugin.write(request);
        let trap = plugin.traps(Extern::HttpRequest, &[request, 0]);
        assert!(trap.starts_with(problem), "{trap}");
    }
    assert!(
        plugin
            .traps(Extern::HttpRequest, &[99, 0])
            .starts_with("invalid handle")
    );
    let request = plugin.write(r#"{"url": "http://x"}"#);
    let failed = Came::Http(Err("it cannot be reached".to_owned()));
    let (flow, _) = plugin.flow(Extern::HttpRequest, &[request, 0], &[failed]);
    assert_eq!(flow, Flow::Trap("it cannot be reached".to_owned()));
    let large = Response {
        status: 200,
        body: vec![0; (50 << 20) + 1],
        ..Response::default()
    };
    let (flow, _) = plugin.flow(Extern::HttpRequest, &[request, 0], &[Came::Http(Ok(large))]);
    assert!(matches!(flow, Flow::Trap(text) if text.starts_with("HTTP response exceeds")));
    assert_eq!(
        plugin.call(Extern::HttpHeaders, &[]),
        0,
        "there was no response"
    );
}
