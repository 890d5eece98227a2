//! The answers of a module as a file: JSON, to be kept and to be given to others.
//!
//! ```json
//! {
//!   "plugboard": "imports",
//!   "imports": {
//!     "log": { "log": { "answer": "print-string" } },
//!     "env": { "now": { "answer": "constant", "value": "42" },
//!              "get": { "answer": "javascript", "code": "return 1", "held": true },
//!              "memory": { "value": "2" } }
//!   }
//! }
//! ```

use super::{Edit, Function, Socket};
use crate::module::Import;
use crate::protocol::{Answer, Provision};
use serde_json::{Map, Value as Json};

/// Why a file of answers cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FileError {
    /// It is not JSON.
    #[error("it is not JSON: {0}")]
    Json(String),
    /// It is something else.
    #[error("it is not a file of answers: it has no \"plugboard\": \"imports\"")]
    Other,
    /// An answer is none.
    #[error("{import}: {reason}")]
    Answer {
        /// `module.name`.
        import: String,
        /// Why.
        reason: String,
    },
}

/// What the session has to be told about the import at a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    Answer(Answer),
    Provision(Provision),
}

/// The text of the file.
pub(crate) fn write(imports: &[Import], sockets: &[Socket]) -> String {
    let mut modules = Map::new();
    for (import, socket) in imports.iter().zip(sockets) {
        let entry = match socket {
            Socket::Wasi => continue,
            Socket::Function(function) if function.guessed => continue,
            Socket::Function(function) => answer(function),
            Socket::Other(other) if other.text.is_empty() => continue,
            Socket::Other(other) => object(&[("value", &other.text)]),
        };
        let module = modules
            .entry(import.module.clone())
            .or_insert_with(|| Json::Object(Map::new()));
        if let Json::Object(names) = module {
            names.insert(import.name.clone(), entry);
        }
    }
    let mut file = Map::new();
    file.insert("plugboard".to_owned(), "imports".into());
    file.insert("imports".to_owned(), Json::Object(modules));
    format!("{:#}", Json::Object(file))
}

fn object(fields: &[(&str, &str)]) -> Json {
    let fields = fields.iter();
    Json::Object(
        fields
            .map(|(key, value)| ((*key).to_owned(), (*value).into()))
            .collect(),
    )
}

fn answer(function: &Function) -> Json {
    if function.held {
        let mut entry = object(&[("answer", "javascript"), ("code", &function.script)]);
        if let Json::Object(fields) = &mut entry {
            fields.insert("held".to_owned(), true.into());
        }
        return entry;
    }
    match &function.answer {
        Answer::Constant(_) => object(&[("answer", "constant"), ("value", &function.constant)]),
        Answer::Echo(place) => object(&[("answer", "echo"), ("argument", &place.to_string())]),
        Answer::Script(code) => object(&[("answer", "javascript"), ("code", code)]),
        answer => object(&[("answer", name(answer))]),
    }
}

/// What an answer is called in a file.
fn name(answer: &Answer) -> &'static str {
    match answer {
        Answer::PrintString => "print-string",
        Answer::PrintArguments => "print-arguments",
        Answer::ReturnZero => "zero",
        Answer::Constant(_) => "constant",
        Answer::Echo(_) => "echo",
        Answer::Count => "count",
        Answer::Trap => "trap",
        Answer::Nothing | Answer::Driver => "nothing",
        Answer::Script(_) => "javascript",
    }
}

/// Takes in a file: the places of the imports that it changed, with what the session is to be told.
/// Unless it is `trusted`, its JavaScript is held until somebody agrees.
///
/// # Errors
///
/// When it is no such file, or has an answer that the import cannot have; then nothing is changed.
pub(crate) fn read(
    text: &str,
    trusted: bool,
    imports: &[Import],
    sockets: &mut [Socket],
) -> Result<Vec<(usize, Told)>, FileError> {
    let json: Json =
        serde_json::from_str(text).map_err(|error| FileError::Json(error.to_string()))?;
    if json.get("plugboard").and_then(Json::as_str) != Some("imports") {
        return Err(FileError::Other);
    }
    let mut changed = sockets.to_vec();
    let mut told = Vec::new();
    for (place, (import, socket)) in imports.iter().zip(&mut changed).enumerate() {
        let names = json
            .get("imports")
            .and_then(|modules| modules.get(&import.module));
        let Some(entry) = names.and_then(|names| names.get(&import.name)) else {
            continue;
        };
        let news = take(entry, trusted, import, socket).map_err(|reason| FileError::Answer {
            import: format!("{}.{}", import.module, import.name),
            reason,
        })?;
        told.extend(news.map(|news| (place, news)));
    }
    sockets.clone_from_slice(&changed);
    Ok(told)
}

/// The argument at `place` as an answer, if it has the type of the result.
fn echoes(import: &Import, place: u32) -> Option<Answer> {
    let ty = import.ty.func()?;
    let param = ty.params.get(usize::try_from(place).ok()?)?;
    (ty.results == [*param]).then_some(Answer::Echo(place))
}

fn take(
    entry: &Json,
    trusted: bool,
    import: &Import,
    socket: &mut Socket,
) -> Result<Option<Told>, String> {
    let text = |key: &str| entry.get(key).and_then(Json::as_str);
    match socket {
        Socket::Wasi => Err("WASI serves it".to_owned()),
        Socket::Other(other) => {
            let value = text("value").ok_or("it needs a \"value\"")?;
            match other.enter(value, &import.ty) {
                Some(provision) => Ok(Some(Told::Provision(provision))),
                None => Err(other.problem.clone().unwrap_or_default()),
            }
        }
        Socket::Function(function) => {
            let kind = text("answer").ok_or("it needs an \"answer\"")?;
            if kind == "javascript" {
                let code = text("code").ok_or("javascript needs its \"code\"")?;
                code.clone_into(&mut function.script);
                function.guessed = false;
                let held = entry.get("held").and_then(Json::as_bool).unwrap_or(false);
                function.held = held || !trusted;
                function.answer = if function.held {
                    Answer::Nothing
                } else {
                    Answer::Script(code.to_owned())
                };
                return Ok(Some(Told::Answer(function.answer.clone())));
            }
            let wanted = text("argument").and_then(|place| place.parse().ok());
            let choices = import.ty.func().map(Answer::choices).unwrap_or_default();
            let mut choices = choices.into_iter();
            let choice = choices.find(|choice| name(choice) == kind);
            let choice = match (choice, wanted) {
                (Some(Answer::Echo(_)), Some(place)) => echoes(import, place),
                (choice, _) => choice,
            };
            let choice = choice.ok_or_else(|| format!("{kind:?} is no answer of its"))?;
            function.edit(Edit::Choose(choice), import);
            if let Some(value) = text("value") {
                function.edit(Edit::Constant(value.to_owned()), import);
            }
            match &function.problem {
                Some(problem) => Err(problem.clone()),
                None => Ok(Some(Told::Answer(function.answer.clone()))),
            }
        }
    }
}
