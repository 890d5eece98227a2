//! What is to be filled in for a call, of any waPC guest and of a Kubewarden policy.

use crate::hosts::{Action, Field, Form, Input, Value};

/// An admission request, as small as one is that a policy can judge.
const REQUEST: &str = r#"{
  "uid": "1299d386-525b-4032-98ae-1949f69f9cfc",
  "kind": { "group": "", "version": "v1", "kind": "Pod" },
  "resource": { "group": "", "version": "v1", "resource": "pods" },
  "name": "nginx",
  "namespace": "default",
  "operation": "CREATE",
  "userInfo": { "username": "alice", "groups": ["system:authenticated"] },
  "object": {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": { "name": "nginx", "namespace": "default", "labels": {} },
    "spec": { "containers": [{ "name": "nginx", "image": "nginx:latest" }] }
  },
  "dryRun": false
}"#;

/// The operations of a policy, as its form calls them.
const OPERATIONS: [(&str, &str); 3] = [
    ("validate", "Validate"),
    ("validate_settings", "Validate settings"),
    ("protocol_version", "Protocol version"),
];

fn action((key, label): (&str, &str)) -> Action {
    Action {
        key: key.to_owned(),
        label: label.to_owned(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The replies to what the guest asks.
fn replies() -> [Field; 2] {
    let input = |value: &str| Input::Pairs {
        name: "binding/namespace/operation".to_owned(),
        value: value.to_owned(),
    };
    let none = || Value::Pairs(Vec::new());
    [
        Field::new("replies", "Replies", input("reply"), none())
            .of("Replies")
            .with_help("what __host_call gives; whatever has no reply fails, and says its name"),
        Field::new("errors", "Failures", input("error"), none()).of("Replies"),
    ]
}

/// The form of any guest.
pub(super) fn of_any() -> Form {
    let operation = Field::new("operation", "Operation", Input::Line, text("hello"));
    let payload = Field::new("payload", "Payload", Input::Bytes, Value::Bytes(Vec::new()));
    Form {
        name: "operation".to_owned(),
        actions: vec![action(("call", "Call"))],
        fields: [operation, payload].into_iter().chain(replies()).collect(),
    }
}

/// The form of a policy.
pub(super) fn of_policy() -> Form {
    let request = Field::new("request", "Request", Input::Json, text(REQUEST))
        .with_help("an AdmissionRequest, or an AdmissionReview that has one");
    let settings = Field::new("settings", "Settings", Input::Json, text("{}"));
    Form {
        name: "policy".to_owned(),
        actions: OPERATIONS.into_iter().map(action).collect(),
        fields: [request, settings].into_iter().chain(replies()).collect(),
    }
}
