//! Which framework a module is written for. It is asked of every module that is opened: it must be cheap, and need nothing of the hosts.

use super::{Kind, Recognised};
use crate::module::{Info, Kind as Module};

/// What a module is written for, if that can be seen.
#[must_use]
pub fn recognise(info: &Info) -> Option<Recognised> {
    let here = Kind::ALL.iter().find_map(|kind| {
        Some(Recognised {
            why: kind.recognises(info)?,
            // What is not recognised needs nothing more of the hosts.
            name: kind.name().to_owned(),
            kind: Some(*kind),
            notes: notes(info),
        })
    });
    here.or_else(|| elsewhere(info))
}

impl Kind {
    /// What in the module says that it is written for this; `None`: nothing.
    fn recognises(self, info: &Info) -> Option<String> {
        match self {
            Self::Extism => imports_from(info, "extism:host/env"),
        }
    }
}

/// What holds for every plugin.
fn notes(info: &Info) -> Vec<String> {
    let is_command = info.kind == Module::Command;
    let note = "It is built as a command, whose _start ends in proc_exit: here its exports can be called afterwards, while hosts over \
                wazero refuse (\"module closed with exit_code(0)\"). Build it with -buildmode=c-shared.";
    is_command.then(|| note.to_owned()).into_iter().collect()
}

/// The frameworks that are known by name only: the modules that their plugins import from.
const ELSEWHERE: &[(&str, &str)] = &[
    ("Fastly Compute", "fastly_"),
    ("wasmCloud", "wasmcloud:"),
    ("Spin", "fermyon:"),
    ("Spin", "spin"),
    ("the kube-scheduler's wasm extension", "k8s.io/"),
];

/// What is recognised, and has no host here.
fn elsewhere(info: &Info) -> Option<Recognised> {
    let mut imports = info.imports.iter();
    let known = |module: &str| {
        let mut names = ELSEWHERE.iter();
        names.find(|(_, prefix)| module.starts_with(prefix))
    };
    let (name, module) =
        imports.find_map(|import| Some((known(&import.module)?.0, &import.module)))?;
    Some(Recognised {
        name: name.to_owned(),
        kind: None,
        why: format!("it imports from {module}"),
        notes: Vec::new(),
    })
}

/// Says that the module imports a function from `module`, if it does.
#[must_use]
fn imports_from(info: &Info, module: &str) -> Option<String> {
    let import = info.imports.iter().find(|import| import.module == module)?;
    Some(format!("it imports {} from {module}", import.name))
}
