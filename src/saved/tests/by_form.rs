//! Calls by the form of a framework's host.

use super::super::file;
use super::{call_from, judged};

#[test]
fn a_call_by_a_form_fails_only_if_that_is_expected() {
    let failed = r#"{"exit": null, "failed": "whom? The input is empty", "shown": {"said": ""}}"#;
    for (expect, came, lines) in [
        (r#"{"failed": "whom?"}"#, failed, vec![]),
        (
            "{}",
            failed,
            vec!["end -did not fail", "end +failed: whom? The input is empty"],
        ),
        (
            r#"{"failed": "no"}"#,
            failed,
            vec!["end -failed: no", "end +failed: whom? The input is empty"],
        ),
        (
            r#"{"failed": "no"}"#,
            r#"{"exit": null}"#,
            vec!["end -failed: no", "end +did not fail"],
        ),
        (
            r#"{"failed": "no", "shown": {"Output": "x"}}"#,
            r#"{"trap": "unreachable"}"#,
            vec!["end -returned", "end +unreachable"],
        ),
    ] {
        assert_eq!(judged(expect, came, None), lines, "{expect} {came}");
    }
}

#[test]
fn of_what_is_shown_only_the_parts_matter_that_are_expected() {
    let came =
        r#"{"exit": null, "shown": {"said": "returned 0", "Log": [], "Output": ["a", "b"]}}"#;
    for (expect, lines) in [
        (r#"{"shown": {"Output": ["a", "b"]}}"#, vec![]),
        (
            r#"{"shown": {"Output": ["a", "b"], "said": "returned 0"}}"#,
            vec![],
        ),
        (r#"{"shown": {}}"#, vec![]),
        (
            r#"{"shown": {"Gone": ""}}"#,
            vec![
                "shown -{",
                "shown -  \"Gone\": \"\"",
                "shown -}",
                "shown +{}",
            ],
        ),
    ] {
        assert_eq!(judged(expect, came, None), lines, "{expect}");
    }
    let other = judged(r#"{"shown": {"Output": ["a", "c"]}}"#, came, None);
    assert!(
        other.contains(&"shown -    \"c\"".to_owned())
            && other.contains(&"shown +    \"b\"".to_owned()),
        "{other:?}"
    );
}

#[test]
fn a_call_by_a_form_is_written_and_read() {
    let text = r#"{"name":"x","export":"greet","host":"Extism","action":"call","fields":{"input":"Ada"},"expect":{"failed":"no","shown":{"said":""}}}"#;
    let call = call_from(text);
    assert!(call.by_form.is_some() && call.args.is_empty());
    assert_eq!(file::call_to_json(&call).to_string(), text);
    assert_eq!(call.written(), r#"greet(input: "Ada")"#);
    let read = |text: &str| file::call_from_json(&serde_json::from_str(text).unwrap(), "call");
    for (text, problem) in [
        (
            r#"{"export": "f", "host": "Envoy"}"#,
            "call.host: needs one of",
        ),
        (
            r#"{"export": "f", "host": "Extism", "args": [1]}"#,
            "call: what is called by a form has neither",
        ),
        (
            r#"{"export": "f", "expect": {"shown": 1}}"#,
            "call.expect.shown: needs an object",
        ),
    ] {
        let refused = read(text).unwrap_err();
        assert!(refused.starts_with(problem), "{refused}");
    }
}
