//! How the imports of a module are answered: what is chosen and typed, kept by module.

mod file;
#[cfg(test)]
mod tests;

pub(crate) use self::file::{Told, parse, read, to_json, write};

use crate::amount::{read_size, size};
use crate::go::{self, Type};
use crate::module::{ExternType, FuncType, Import, PAGE, ValType};
use crate::protocol::{Answer, Limits, Provision};
use crate::script::parameter_names;
use std::mem::discriminant;

/// One import that is not a function of WASI.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Socket {
    /// WASI serves it.
    Wasi,
    /// A function.
    Function(Function),
    /// A memory, a table or a global.
    Other(Other),
}

/// How an imported function is answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Function {
    /// As the session has it, or is to have it.
    pub(crate) answer: Answer,
    /// Whether nobody chose it.
    pub(crate) guessed: bool,
    /// What is typed for a constant; empty: one.
    pub(crate) constant: String,
    /// The latest of it that was right.
    good: String,
    /// What is typed as JavaScript.
    pub(crate) script: String,
    /// Whether the script came with a file, and nobody has agreed to it: it does not run.
    pub(crate) held: bool,
    /// What is wrong with what is typed.
    pub(crate) problem: Option<String>,
}

/// What stands in for an import that is no function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Other {
    /// What is typed; empty: what the import's type has at least.
    pub(crate) text: String,
    /// The latest of it that was right.
    good: String,
    /// What is wrong with it.
    pub(crate) problem: Option<String>,
}

/// What somebody does with an imported function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Edit {
    /// Chooses an answer of this kind.
    Choose(Answer),
    /// Types a constant.
    Constant(String),
    /// Types JavaScript.
    Script(String),
    /// Puts lines in front of it.
    Snippet(&'static str),
    /// Agrees to the script that came with a file.
    Agree,
}

impl Socket {
    /// That of an import about which nothing is known but its type.
    pub(crate) fn new(import: &Import) -> Self {
        match import.ty.func() {
            _ if import.is_wasi() => Self::Wasi,
            Some(_) => Self::Function(Function {
                answer: Answer::guess(import),
                guessed: true,
                constant: String::new(),
                good: String::new(),
                script: String::new(),
                held: false,
                problem: None,
            }),
            None => Self::Other(Other {
                text: String::new(),
                good: String::new(),
                problem: None,
            }),
        }
    }
}

impl Socket {
    /// Whether somebody chose it, or typed something.
    pub(crate) fn is_chosen(&self) -> bool {
        match self {
            Self::Wasi => false,
            Self::Function(function) => !function.guessed,
            Self::Other(other) => !other.text.is_empty(),
        }
    }

    /// What the session is to be told of it, if what is typed is right.
    pub(crate) fn told(&self, import: &Import) -> Option<Told> {
        match self {
            Self::Wasi => None,
            Self::Function(function) => Some(Told::Answer(function.answer.clone())),
            Self::Other(other) => {
                let provision = other.clone().enter(&other.text, &import.ty);
                provision.map(Told::Provision)
            }
        }
    }
}

impl Function {
    /// Takes an edit in; says whether the answer is another one now.
    pub(crate) fn edit(&mut self, edit: Edit, import: &Import) -> bool {
        let Some(ty) = import.ty.func() else {
            return false;
        };
        let before = (self.answer.clone(), self.guessed);
        self.guessed = false;
        match edit {
            Edit::Choose(answer) => {
                self.problem = None;
                match answer {
                    Answer::Script(_) => {
                        // What was typed before is still there; a file's needs a yes.
                        if !self.held {
                            if self.script.trim().is_empty() {
                                self.script = example(import);
                            }
                            self.answer = Answer::Script(self.script.clone());
                        }
                    }
                    Answer::Constant(bits) => {
                        self.held = false;
                        self.answer = Answer::Constant(bits);
                        self.read_constant(import, ty);
                    }
                    answer => {
                        self.held = false;
                        self.answer = answer;
                    }
                }
            }
            Edit::Constant(text) => {
                self.constant = text;
                self.read_constant(import, ty);
            }
            Edit::Script(text) => {
                // Whoever edits it has seen it.
                self.held = false;
                self.problem = None;
                self.script.clone_from(&text);
                self.answer = Answer::Script(text);
            }
            Edit::Snippet(lines) => {
                let script = format!("{lines}\n{}", self.script);
                return self.edit(Edit::Script(script), import);
            }
            Edit::Agree => {
                self.held = false;
                self.answer = Answer::Script(self.script.clone());
            }
        }
        before != (self.answer.clone(), self.guessed)
    }

    /// Whether its answer has more to it than its kind: a value, or a script.
    pub(crate) fn has_more(&self) -> bool {
        self.held || matches!(self.answer, Answer::Constant(_) | Answer::Script(_))
    }

    /// Whether it is answered as `choice` would have it, whatever the values.
    pub(crate) fn is_like(&self, choice: &Answer) -> bool {
        if self.held {
            return matches!(choice, Answer::Script(_));
        }
        match (&self.answer, choice) {
            (Answer::Echo(one), Answer::Echo(other)) => one == other,
            (one, other) => discriminant(one) == discriminant(other),
        }
    }

    fn read_constant(&mut self, import: &Import, ty: &FuncType) {
        let read = match self.constant.trim() {
            "" => Ok(Answer::ones(ty)),
            text => bits(text, import, ty),
        };
        match read {
            Ok(bits) => {
                self.answer = Answer::Constant(bits);
                self.good.clone_from(&self.constant);
                self.problem = None;
            }
            Err(problem) => self.problem = Some(problem),
        }
    }
}

impl Other {
    /// Takes in what is typed; what the session is to be told, if it can be.
    pub(crate) fn enter(&mut self, text: &str, ty: &ExternType) -> Option<Provision> {
        text.clone_into(&mut self.text);
        match provision(text, ty) {
            Ok(provision) => {
                self.good.clone_from(&self.text);
                self.problem = None;
                Some(provision)
            }
            Err(problem) => {
                self.problem = Some(problem);
                None
            }
        }
    }
}

/// What the parameters of the import are called in a script.
pub(crate) fn names(import: &Import) -> Vec<String> {
    match (&import.signature, import.ty.func()) {
        (Some((signature, _)), _) => parameter_names(signature),
        (None, Some(ty)) => (0..ty.params.len())
            .map(|place| format!("p{place}"))
            .collect(),
        (None, None) => Vec::new(),
    }
}

/// A script that works for the type of the import: it prints what it is called with, and returns zeros.
fn example(import: &Import) -> String {
    let names = names(import);
    let mut lines = match (&Answer::guess(import), names.as_slice()) {
        (Answer::PrintString, [address, length]) => {
            format!("console.log(guest.string({address}, {length}));")
        }
        (_, []) => "console.log(\"called\");".to_owned(),
        (_, names) => format!("console.log({});", names.join(", ")),
    };
    let results = import.ty.func().map_or(&[][..], |ty| &ty.results);
    let known = import.signature.as_ref();
    let is_bool = known.is_some_and(|(it, _)| {
        matches!(it.result.as_ref().map(Type::underlying), Some(Type::Bool))
    });
    lines.push_str(match (results.len(), is_bool) {
        (0, _) => "",
        (1, true) => "\nreturn false;",
        (1, false) => "\nreturn 0;",
        _ => "\nreturn [",
    });
    if results.len() > 1 {
        lines.push_str(&vec!["0"; results.len()].join(", "));
        lines.push_str("];");
    }
    lines
}

/// What is often wanted in a script: what for, and the lines.
pub(crate) const SNIPPETS: [(&str, &str); 6] = [
    (
        "Read a string",
        "const text = guest.string(address, length);",
    ),
    (
        "Read a number from memory",
        "const view = new DataView(guest.memory.read(address, 8).buffer);\n\
         const number = view.getUint32(0, true);",
    ),
    (
        "Write bytes",
        "guest.memory.write(address, new TextEncoder().encode(\"text\"));",
    ),
    (
        "Call an export",
        "const result = await guest.call(\"name\", 1);",
    ),
    (
        "Fetch",
        "const response = await fetch(\"https://example.com/\");\n\
         const body = await response.text();",
    ),
    (
        "Wait",
        "await new Promise((done) => setTimeout(done, 1000));",
    ),
];

/// What the constant means, in the terms of the result's Go type, if that is known; of several results,
/// each stands between commas.
fn bits(text: &str, import: &Import, ty: &FuncType) -> Result<Vec<u64>, String> {
    let signature = import.signature.as_ref();
    let known = signature.and_then(|(signature, _)| signature.result.clone());
    let result = known.or_else(|| ty.numbers("").result);
    let result = result.ok_or("it returns nothing")?;
    let types = go::abi::each(&result);
    if types.len() == 1 {
        return Ok(vec![scalar(text, &result)?]);
    }
    let text = text.trim().trim_start_matches('(').trim_end_matches(')');
    let texts: Vec<&str> = text.split(',').collect();
    if texts.len() != types.len() {
        return Err(format!(
            "it returns {result}: {} values, with commas between them",
            types.len()
        ));
    }
    let pairs = texts.into_iter().zip(types);
    pairs.map(|(text, ty)| scalar(text.trim(), ty)).collect()
}

fn scalar(text: &str, ty: &Type) -> Result<u64, String> {
    let read = |ty: &Type| {
        let value = go::value::parse(text, ty)?;
        go::abi::lower_result(&value, ty)
    };
    // An i32 is signed or not, as whoever types it likes it.
    let unsigned = match ty {
        Type::Int32 => Some(Type::Uint32),
        Type::Int64 => Some(Type::Uint64),
        _ => None,
    };
    let bits = read(ty);
    let as_unsigned = unsigned.and_then(|ty| read(&ty).ok());
    bits.or_else(|error| as_unsigned.ok_or(error))
        .map_err(|error| error.to_string())
}

fn number_type(ty: ValType) -> Option<Type> {
    Some(match ty {
        ValType::I32 => Type::Int32,
        ValType::I64 => Type::Int64,
        ValType::F32 => Type::Float32,
        ValType::F64 => Type::Float64,
        ValType::V128 | ValType::FuncRef | ValType::ExternRef => return None,
    })
}

/// What the text means for an import of the type; empty: the least that it may be.
fn provision(text: &str, ty: &ExternType) -> Result<Provision, String> {
    let text = text.trim();
    let count = |what: &str, minimum: u64, maximum: Option<u64>, most: u64| {
        if text.is_empty() {
            return Ok(minimum);
        }
        let most = maximum.unwrap_or(most).min(most);
        let number = text.parse().ok().filter(|n| (minimum..=most).contains(n));
        number
            .ok_or_else(|| format!("{what}: {text} is not a whole number from {minimum} to {most}"))
    };
    match ty {
        ExternType::Memory(memory) => {
            let most = Limits::MOST_MEMORY_PAGES;
            let pages = match read_size(text) {
                // A number alone is pages, as the module counts them.
                Some(bytes) if text.contains(char::is_alphabetic) => bytes / PAGE,
                _ => {
                    return count("pages", memory.minimum, memory.maximum, most)
                        .map(Provision::Memory);
                }
            };
            let most = memory.maximum.unwrap_or(most).min(most);
            if !(memory.minimum..=most).contains(&pages) {
                let (least, most) = [memory.minimum, most]
                    .map(|it| size(it.saturating_mul(PAGE)))
                    .into();
                return Err(format!("memory: {text} is not from {least} to {most}"));
            }
            Ok(Provision::Memory(pages))
        }
        ExternType::Table(_, minimum, maximum) => {
            let most = Limits::MOST_TABLE_ELEMENTS;
            count("elements", *minimum, *maximum, most).map(Provision::Table)
        }
        ExternType::Global(ty, _) if text.is_empty() => number_type(*ty)
            .map(|_| Provision::Global(0))
            .ok_or_else(reference),
        ExternType::Global(ty, _) => {
            let ty = number_type(*ty).ok_or_else(reference)?;
            scalar(text, &ty).map(Provision::Global)
        }
        ExternType::Func(_) | ExternType::Tag => Err("nothing stands in for it".to_owned()),
    }
}

fn reference() -> String {
    "a reference can only be null".to_owned()
}
