//! Plugins that are written for a framework, with its host.

use crate::board::{journey, journey_beside};
use crate::guests::{sqlc, wat};
use crate::host::{Answer, Host};

#[tokio::test]
async fn a_plugin_of_extism_is_recognised_and_called_by_its_form() {
    journey(|board| async move {
        board.press("extism").await;
        board
            .until("it is recognised", |seen| {
                seen.phase == "ready" && seen.all.contains("Written for Extism: it imports")
            })
            .await;
        board.press("greet").await;
        board.press_exactly("Call").await;
        board
            .outcome_shows("failed: whom? The input is empty")
            .await;
        board.fill("Input", "Ada").await;
        board.unfold("Host").await;
        board.fill("Configuration key 1", "greeting").await;
        board.fill("Configuration value 1", "Salve").await;
        board.press_exactly("Call").await;
        board.outcome_shows("returned 0").await;
        board.console_shows("info: greeting Ada").await;
        board
            .until("the output is shown", |seen| {
                seen.all.contains("Salve, Ada!")
            })
            .await;
        board.choose("Log level", "off").await;
        board.press("count").await;
        board.press_exactly("Call").await;
        board.outcome_shows("returned 0").await;
        board
            .until("the JSON is set out", |seen| {
                seen.all.contains("\"count\": 1")
            })
            .await;
        board.press_exactly("Call").await;
        board
            .until("the variable is shown before and after", |seen| {
                seen.all.contains("count: 1 → 2")
            })
            .await;
        board.press("Imports").await;
        board
            .until("the imports are the host's", |seen| {
                seen.all.contains("Extism answers it")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_function_of_ones_own_is_answered_in_javascript_with_text() {
    journey(|board| async move {
        board.press("extism").await;
        board.phase("ready").await;
        board.press("Imports").await;
        board
            .choose("How extism:host/user.upper is answered", "JavaScript")
            .await;
        board
            .fill("async (text, guest) => {", "return text.toUpperCase()")
            .await;
        board.press("shout").await;
        board.fill("Input", "quiet").await;
        board.press_exactly("Call").await;
        board.outcome_shows("returned 0").await;
        board
            .until("the output is shown", |seen| seen.all.contains("QUIET"))
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_plugin_fetches_from_a_host_that_is_allowed() {
    let host = Host::new(Answer::module(b"from elsewhere", "1"));
    let origin = host.origin.clone();
    journey_beside("127.0.0.1", |board| async move {
        board.press("extism").await;
        board.phase("ready").await;
        board.press("fetch").await;
        board.fill("Input", &format!("{origin}/x")).await;
        board.press_exactly("Call").await;
        board
            .outcome_shows(&format!("HTTP request to {origin}/x is not allowed"))
            .await;
        board.press_exactly("Restart").await;
        board.unfold("Host").await;
        board.fill("Allowed hosts", "127.0.0.1").await;
        board.press_exactly("Call").await;
        board.outcome_shows("returned 0").await;
        board
            .until("the output is shown", |seen| {
                seen.all.contains("from elsewhere")
            })
            .await;
        let asked = host.asked().join("\n");
        assert!(asked.contains("GET /x"), "{asked}");
    })
    .await;
}

/// The other side sees that the connection is closed.
#[tokio::test]
async fn stop_ends_a_request_that_is_under_way() {
    let host = Host::new(Answer::silent());
    let origin = host.origin.clone();
    journey_beside("127.0.0.1", |board| async move {
        board.press("extism").await;
        board.phase("ready").await;
        board.press("fetch").await;
        board.unfold("Host").await;
        board.fill("Allowed hosts", "127.0.0.1").await;
        board.fill("Input", &format!("{origin}/x")).await;
        board.press_exactly("Call").await;
        board
            .until("the request has come", |_| !host.asked().is_empty())
            .await;
        assert!(!host.asked().contains(&"gone".to_owned()));
        board.press_exactly("Stop").await;
        board.outcome_shows("stopped").await;
        board
            .until("the connection is closed", |_| {
                host.asked().contains(&"gone".to_owned())
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_plugin_that_asks_its_host_for_too_much_is_told_the_limit() {
    let greedy = wat(r#"(module
        (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
        (func (export "run") (drop (call $alloc (i64.const 0x10000000000)))))"#);
    journey(|board| async move {
        board.plug_in("greedy.wasm", &greedy).await;
        board.press_exactly("Call").await;
        let seen = board
            .outcome_shows("asked Extism for 1 TiB of memory")
            .await;
        assert!(
            seen.outcome.contains("(Settings, memory)"),
            "{}",
            seen.outcome
        );
        board.choose("Host", "none: imports as answered").await;
        board.press_exactly("Call").await;
        board.outcome_shows("has no answer (Imports)").await;
    })
    .await;
}

#[tokio::test]
async fn what_a_handler_does_to_a_request_and_its_response_is_shown() {
    journey(|board| async move {
        board.press("http-wasm").await;
        board
            .until("it is recognised", |seen| {
                seen.phase == "ready" && seen.all.contains("Written for http-wasm: it imports")
            })
            .await;
        board.fill("URI", "/a?b=c").await;
        board.press_exactly("Send").await;
        board.outcome_shows("next was called, 200").await;
        board
            .until("what the next handler was given", |seen| {
                seen.all.contains("GET /a HTTP/1.1") && seen.all.contains("x-seen-by: plugin")
            })
            .await;
        board.fill("URI", "/private/x").await;
        board.press_exactly("Send").await;
        board.outcome_shows("next was not called, 401").await;
        board
            .until("the response", |seen| {
                seen.all.contains("www-authenticate: Bearer") && seen.all.contains("who are you?")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_policy_is_a_guest_of_wapc_as_well_and_is_given_replies() {
    journey(|board| async move {
        board.press("wapc").await;
        board
            .until("it is recognised", |seen| {
                seen.phase == "ready" && seen.all.contains("Written for Kubewarden: it imports")
            })
            .await;
        board.press_exactly("Validate").await;
        board.outcome_shows("rejected").await;
        board
            .until("why", |seen| {
                seen.all
                    .contains("the image nginx:latest has no fixed version")
            })
            .await;
        board.choose("Host", "waPC").await;
        board
            .until("the form of any guest", |seen| seen.all.contains("Payload"))
            .await;
        board.fill("Operation", "greet").await;
        board.fill("Payload", "Ada").await;
        board.press_exactly("Call").await;
        board.outcome_shows("failed: no greeting").await;
        board.unfold("Replies").await;
        let key = "Replies binding/namespace/operation 1";
        board.fill(key, "sample/greetings/find").await;
        board.fill("Replies reply 1", "Salve").await;
        board.press_exactly("Call").await;
        board
            .until("the response", |seen| seen.all.contains("Salve, Ada!"))
            .await;
    })
    .await;
}

/// With a request that the plugin holds up until the server that it asks has replied.
#[tokio::test]
async fn a_plugin_for_proxies_pauses_and_calls_out() {
    let host = Host::new(Answer::module(b"yes", "1"));
    let origin = host.origin.clone();
    journey_beside("127.0.0.1", |board| async move {
        board.press("proxy-wasm").await;
        board
            .until("it is recognised", |seen| {
                seen.phase == "ready" && seen.all.contains("Written for proxy-wasm: it exports")
            })
            .await;
        board.press_exactly("Send").await;
        board.outcome_shows("passed on: 200").await;
        board
            .until("both bodies", |seen| {
                seen.all.contains("seen by a plugin")
                    && seen.all.contains("Hello from the upstream")
            })
            .await;
        board.fill("Headers value 2", "/private/x").await;
        board.press_exactly("Send").await;
        board.outcome_shows("500").await;
        board.unfold("Callouts").await;
        board.fill("Replies upstream 1", "auth").await;
        board.fill("Replies reply 1", "200").await;
        board.press_exactly("Send").await;
        board.outcome_shows("passed on: 200").await;
        board
            .console_shows("asked for a request, and was told 200")
            .await;
        // The same of a server that is there.
        board.fill("Replies reply 1", &origin).await;
        board.press_exactly("Send").await;
        board
            .until("the server is asked", |_| {
                host.asked()
                    .iter()
                    .any(|asked| asked.contains("GET /private/x"))
            })
            .await;
        board.outcome_shows("passed on: 200").await;
    })
    .await;
}

#[tokio::test]
async fn a_call_by_a_form_is_saved_made_again_compared_and_written_as_host_code() {
    journey(|board| async move {
        board.press("extism").await;
        board.phase("ready").await;
        board.press("greet").await;
        board.fill("Input", "Ada").await;
        board.press_exactly("Call").await;
        board.outcome_shows("returned 0").await;
        board.press("Save call").await;
        board.console_shows(r#"saved: greet(input: "Ada")"#).await;
        board.fill("Input", "Grace").await;
        board.press("Calls").await;
        board.press("Run all").await;
        board
            .until("it passes", |seen| seen.all.contains("1 call: 1 passed"))
            .await;
        board.press("Expected of").await;
        let text = board.typed("As a file has it").await;
        assert!(text.contains(r#""host": "Extism""#), "{text}");
        let other = text
            .replace('\n', " ")
            .replace("Hello, Ada!", "Hello, you!");
        board.fill("As a file has it", &other).await;
        board.press("Run all").await;
        board
            .until("it says what differs", |seen| {
                seen.all.contains("1 call: 1 failed")
                    && seen.all.contains(r#"+   "Output": "Hello, Ada!""#)
            })
            .await;
        assert_eq!(board.typed("Input").await, "Grace");
        board.press("Compare").await;
        board
            .until("both engines do the same", |seen| {
                seen.all.contains("The same in both")
            })
            .await;
        board.press("As host code").await;
        board.press("Go program").await;
        board
            .until("the program", |seen| {
                seen.all
                    .contains(r#"plugin.CallWithContext(ctx, "greet", []byte("Grace"))"#)
            })
            .await;
        board.press("JavaScript (Node)").await;
        board
            .until("the script", |seen| {
                seen.all
                    .contains(r#"plugin.perform("greet", { "input": "Grace" }, "call")"#)
            })
            .await;
    })
    .await;
}

/// With its request as digits, and its answer as files and as protobuf's fields.
#[tokio::test]
async fn a_command_that_sqlc_starts_generates_files() {
    journey(|board| async move {
        board.plug_in("sqlc.wasm", &sqlc()).await;
        board
            .until("it may be one", |seen| {
                seen.all
                    .contains("May be written for sqlc: it is a command")
            })
            .await;
        board.choose("How Request is entered", "hex").await;
        // Field 3, a query: 1 SELECT 1, 2 GetOne, 3 :one.
        let query = "0a08 53454c4543542031 1206 4765744f6e65 1a04 3a6f6e65";
        board.fill("Request", &format!("1a18 {query}")).await;
        board.unfold("As protobuf").await;
        board
            .until("the request's fields", |seen| {
                seen.all.contains("3 len {") && seen.all.contains("2 len \"GetOne\"")
            })
            .await;
        board.press_exactly("Generate").await;
        board.outcome_shows("generated 1 file").await;
        board
            .until("the file", |seen| {
                seen.all.contains("queries.txt")
                    && seen.all.contains("-- v1.31.1")
                    && seen.all.contains("GetOne :one: SELECT 1")
            })
            .await;
        board.fill("Request", "08").await;
        board.press_exactly("Generate").await;
        board.outcome_shows("exited with code 2").await;
        board.console_shows("it is cut short").await;
    })
    .await;
}
