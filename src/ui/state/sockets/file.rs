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
//!
//! Where a module imports one name more than once, the name has a list, and each entry says for which of
//! them it is: by its type, and, where there are several of one type, by its number among these, from 1.
//!
//! ```json
//! "get": [ { "type": "(i32) → i32", "answer": "zero" },
//!          { "type": "(i32) → i32", "nth": 2, "answer": "trap" },
//!          { "type": "global i32", "value": "7" } ]
//! ```
//!
//! An entry that is no list answers all imports of the name that it fits.

use super::{Edit, Function, Socket};
use crate::module::{ExternType, Import};
use crate::protocol::{Answer, Provision};
use crate::ui::state::maps::map;
use litemap::LiteMap;
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
    let mut file = Map::new();
    file.insert("plugboard".to_owned(), "imports".into());
    file.insert("imports".to_owned(), to_json(imports, sockets).into());
    format!("{:#}", Json::Object(file))
}

/// What the file has under `imports`.
pub(crate) fn to_json(imports: &[Import], sockets: &[Socket]) -> Map<String, Json> {
    let mut modules = Map::new();
    for ((module, name), places) in by_name(imports) {
        let mut entries = Vec::new();
        for (&place, (ty, nth)) in places.iter().zip(kinds(imports, &places)) {
            let Some(mut entry) = sockets.get(place).and_then(entry) else {
                continue;
            };
            if places.len() > 1 {
                entry.insert("type".to_owned(), ty.into());
                if nth > 1 {
                    entry.insert("nth".to_owned(), nth.into());
                }
            }
            entries.push(Json::Object(entry));
        }
        let entry = match (places.len(), entries.pop()) {
            (_, None) => continue,
            (1, Some(entry)) => entry,
            (_, Some(last)) => {
                entries.push(last);
                Json::Array(entries)
            }
        };
        let module = modules
            .entry(module)
            .or_insert_with(|| Json::Object(Map::new()));
        if let Json::Object(names) = module {
            names.insert(name.to_owned(), entry);
        }
    }
    modules
}

/// The places of the imports of each name, by module and name.
fn by_name(imports: &[Import]) -> LiteMap<(&str, &str), Vec<usize>> {
    let mut names: LiteMap<_, Vec<usize>> = LiteMap::new();
    for (place, import) in imports.iter().enumerate() {
        let name = (&*import.module, &*import.name);
        names.entry(name).or_default().push(place);
    }
    names
}

/// What tells imports of one name apart: the type of each, and its number, from 1, among those of that
/// type.
fn kinds(imports: &[Import], places: &[usize]) -> Vec<(String, u64)> {
    let mut counts: LiteMap<String, u64> = LiteMap::new();
    let imports = places.iter().filter_map(|place| imports.get(*place));
    imports
        .map(|import| {
            let ty = kind(&import.ty);
            let count = counts.entry(ty.clone()).or_default();
            *count += 1;
            (ty, *count)
        })
        .collect()
}

/// The type, but for limits: another build of the module may have others.
fn kind(ty: &ExternType) -> String {
    match ty {
        ExternType::Memory(_) => "memory".to_owned(),
        ExternType::Table(element, ..) => format!("table of {element}"),
        ty => ty.to_string(),
    }
}

/// What there is to be kept of a socket.
fn entry(socket: &Socket) -> Option<Map<String, Json>> {
    match socket {
        Socket::Wasi => None,
        Socket::Function(function) => (!function.guessed).then(|| answer(function)),
        Socket::Other(other) if other.good.is_empty() => None,
        Socket::Other(other) => Some(object(&[("value", &other.good)])),
    }
}

fn object(fields: &[(&str, &str)]) -> Map<String, Json> {
    let fields = fields.iter();
    fields
        .map(|(key, value)| ((*key).to_owned(), (*value).into()))
        .collect()
}

fn answer(function: &Function) -> Map<String, Json> {
    if function.held {
        let mut entry = object(&[("answer", "javascript"), ("code", &function.script)]);
        entry.insert("held".to_owned(), true.into());
        return entry;
    }
    match &function.answer {
        Answer::Constant(_) => object(&[("answer", "constant"), ("value", &function.good)]),
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

/// What a file has under `imports`.
///
/// # Errors
///
/// When it is no such file.
pub(crate) fn parse(text: &str) -> Result<Json, FileError> {
    let mut json: Json =
        serde_json::from_str(text).map_err(|error| FileError::Json(error.to_string()))?;
    if json.get("plugboard").and_then(Json::as_str) != Some("imports") {
        return Err(FileError::Other);
    }
    Ok(json.get_mut("imports").map(Json::take).unwrap_or_default())
}

/// Takes answers in: the places of the imports that they changed, with what the session is to be told.
/// Unless they are `trusted`, their JavaScript is held until somebody agrees.
///
/// # Errors
///
/// When there is an answer that the import cannot have; then nothing is changed.
pub(crate) fn read(
    answers: &Json,
    trusted: bool,
    imports: &[Import],
    sockets: &mut [Socket],
) -> Result<Vec<(usize, Told)>, FileError> {
    let mut changed = sockets.to_vec();
    let mut told = Vec::new();
    for ((module, name), places) in by_name(imports) {
        let names = answers.get(module);
        let Some(entry) = names.and_then(|names| names.get(name)) else {
            continue;
        };
        let list = entry.as_array().map(|list| {
            let kinds = list.iter().filter_map(|one| {
                let nth = one.get("nth").map_or(Some(1), Json::as_u64);
                Some(((one.get("type")?.as_str()?, nth?), one))
            });
            map(kinds)
        });
        let mut refused = None;
        let mut fits = false;
        for (&place, (ty, nth)) in places.iter().zip(kinds(imports, &places)) {
            let entry = match &list {
                Some(list) => list.get(&(&*ty, nth)).copied(),
                None => Some(entry),
            };
            let (Some(entry), Some(import), Some(socket)) =
                (entry, imports.get(place), changed.get_mut(place))
            else {
                continue;
            };
            let before = socket.clone();
            match take(entry, trusted, import, socket) {
                Ok(news) => {
                    fits = true;
                    if let Some(news) = news {
                        let before = told.partition_point(|(other, _)| *other <= place);
                        told.insert(before, (place, news));
                    }
                }
                Err(reason) => {
                    *socket = before;
                    refused.get_or_insert(reason);
                }
            }
        }
        // An entry for all of a name need not fit all of them; one of a list is for one.
        if let Some(reason) = refused.filter(|_| !fits || list.is_some()) {
            let import = format!("{module}.{name}");
            return Err(FileError::Answer { import, reason });
        }
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
