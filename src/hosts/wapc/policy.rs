//! Kubewarden on waPC: what a policy is given, and what it answers.

use crate::hosts::fields::text;
use crate::hosts::{Part, Shown, Values};
use serde_json::{Map, Value as Json, json};
use std::fmt::Write;

/// The levels of a policy's log.
const LEVELS: [&str; 6] = ["trace", "debug", "info", "warning", "error", "fatal"];

/// The level and the text of what a policy logs: JSON with both and whatever else is to be known. What is none is text.
pub(super) fn logged(payload: &[u8]) -> (&'static str, String) {
    let text = || text(payload).into_owned();
    let Ok(Json::Object(mut fields)) = serde_json::from_slice::<Json>(payload) else {
        return ("info", text());
    };
    let level = fields.remove("level");
    let level = level.as_ref().and_then(Json::as_str).unwrap_or("info");
    let level = match level {
        "warn" => "warning",
        level => level,
    };
    let Some(level) = LEVELS.into_iter().find(|one| *one == level) else {
        return ("info", text());
    };
    let Some(Json::String(mut line)) = fields.remove("message") else {
        return (level, text());
    };
    for (name, value) in fields {
        let _ = write!(line, " {name}={value}");
    }
    (level, line)
}

/// The payload of an operation, of what was filled in.
///
/// # Errors
/// What is no JSON, and where.
pub(super) fn payload(operation: &str, values: &Values) -> Result<Vec<u8>, String> {
    let field = |key, label| {
        let json = serde_json::from_str::<Json>(values.text(key));
        json.map_err(|error| format!("{label}: {error}"))
    };
    let payload = match operation {
        "validate" => json!({
            "request": request(field("request", "Request")?),
            "settings": field("settings", "Settings")?,
        }),
        "validate_settings" => field("settings", "Settings")?,
        _ => return Ok(Vec::new()),
    };
    Ok(payload.to_string().into_bytes())
}

/// The admission request in what was filled in, which may be a whole review.
fn request(mut filled_in: Json) -> Json {
    let is_review = filled_in.get("kind").and_then(Json::as_str) == Some("AdmissionReview");
    match filled_in.get_mut("request") {
        Some(request) if is_review => request.take(),
        _ => filled_in,
    }
}

/// What a policy has answered.
pub(super) fn show(operation: &str, payload: &[u8], response: &[u8], shown: &mut Shown) {
    let Ok(answer) = serde_json::from_slice::<Json>(response) else {
        shown.failed = Some(format!(
            "what {operation} answered is no JSON, which the policy server reads"
        ));
        return;
    };
    let flag = |name: &str| answer.get(name).and_then(Json::as_bool);
    let said = match operation {
        "validate" => flag("accepted").map(|yes| if yes { "accepted" } else { "rejected" }),
        "validate_settings" => flag("valid").map(|yes| if yes { "valid" } else { "not valid" }),
        _ => answer.as_str(),
    };
    match said {
        Some(said) => said.clone_into(&mut shown.said),
        None => {
            let needed = match operation {
                "validate" => "boolean accepted",
                "validate_settings" => "boolean valid",
                _ => "string",
            };
            shown.failed = Some(format!("what {operation} answered has no {needed}"));
        }
    }
    for (label, name) in [("Message", "message"), ("Code", "code")] {
        match answer.get(name) {
            None | Some(Json::Null) => {}
            Some(Json::String(text)) => shown.add(label, Part::Text(text.clone())),
            Some(other) => shown.add(label, Part::Text(other.to_string())),
        }
    }
    let changed = answer.get("mutated_object");
    if let Some(changed) = changed.filter(|object| !object.is_null()) {
        let given = serde_json::from_slice::<Json>(payload).unwrap_or_default();
        let object = given.pointer("/request/object");
        shown.add(
            "Object",
            Part::Difference {
                before: object.map(lines).unwrap_or_default(),
                after: lines(changed),
            },
        );
    }
}

/// A value as lines, the names in the order of the alphabet: Go's maps have no order of their own.
fn lines(value: &Json) -> String {
    serde_json::to_string_pretty(&sorted(value)).unwrap_or_default()
}

/// The value with its names in order. It is no deeper than what reads JSON allows.
fn sorted(value: &Json) -> Json {
    match value {
        Json::Object(fields) => {
            let mut fields: Vec<(&String, &Json)> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            let fields = fields.into_iter();
            let fields = fields.map(|(name, value)| (name.clone(), sorted(value)));
            Json::Object(fields.collect::<Map<String, Json>>())
        }
        Json::Array(items) => Json::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
