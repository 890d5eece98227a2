//! Scripts that answer imports: compiled when they are set, so that a syntax error is told at once.

use super::guest::{Callee, thrown_text};
use crate::go::Signature;
use crate::protocol::Answer;
use crate::script::{CONSOLE, GUEST, at, line_of_error, parameter_names, source_name};
use crate::session::Session;
use js_sys::{Array, Function, Reflect};
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};

/// Calls that a stack trace has at most: those of this program come before those of a script.
const STACK_TRACE: u32 = 100;

/// The scripts of a module, compiled, by the places of their imports.
pub(super) struct Scripts {
    compiled: HashMap<u32, Compiled>,
}

struct Compiled {
    text: String,
    names: Vec<String>,
    callee: Callee,
}

impl Scripts {
    /// None yet. Stack traces are long from now on, in browsers that let them be.
    pub(super) fn new() -> Self {
        if let Ok(error) = Reflect::get(&js_sys::global(), &"Error".into()) {
            // Fails only if somebody froze it.
            let _ = Reflect::set(&error, &"stackTraceLimit".into(), &STACK_TRACE.into());
        }
        Self {
            compiled: HashMap::new(),
        }
    }

    /// Forgets all of them, as for another module.
    pub(super) fn clear(&mut self) {
        self.compiled.clear();
    }

    /// Compiles the script `text` for the import at a place of the session's module.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and in which line.
    pub(super) fn set(&mut self, import: u32, text: &str, session: &Session) -> Result<(), String> {
        let imports = session.info().map(|info| &info.imports);
        let found = imports.and_then(|imports| imports.get(import as usize));
        let signature = found.and_then(|import| match &import.signature {
            Some((signature, _)) => Some(signature.clone()),
            None => Some(import.ty.func()?.numbers(&import.name)),
        });
        let Some(signature) = signature else {
            // The session says what is wrong with the import.
            return Ok(());
        };
        self.compile(import, text, &signature).map(|_| ())
    }

    /// The script that answers an import, as a function of what the signature has.
    pub(super) fn get(
        &mut self,
        import: u32,
        signature: &Signature,
        session: &Session,
    ) -> Result<&Callee, String> {
        match session.answer(import) {
            Some(Answer::Script(text)) => self.compile(import, text, signature),
            _ => Err("it is not answered by a script".to_owned()),
        }
    }

    fn compile(
        &mut self,
        import: u32,
        text: &str,
        signature: &Signature,
    ) -> Result<&Callee, String> {
        let names = parameter_names(signature);
        let known = self.compiled.get(&import);
        if known.is_none_or(|known| known.text != text || known.names != names) {
            let function = function(import, &names, text).map_err(|thrown| {
                let message = thrown_text(&thrown, import);
                let problem = |text: &str| {
                    let failed = function(import, &names, text).err();
                    failed.map(|thrown| thrown_text(&thrown, import))
                };
                let line = line_of_error(text, &message, problem);
                at(&message, &line.to_string())
            })?;
            let compiled = Compiled {
                text: text.to_owned(),
                names,
                callee: Callee {
                    function,
                    is_script: true,
                },
            };
            self.compiled.insert(import, compiled);
        }
        let compiled = self.compiled.get(&import);
        compiled
            .map(|compiled| &compiled.callee)
            .ok_or_else(|| "it cannot be compiled".to_owned())
    }
}

/// A function of this body, asynchronous if it awaits: a guest need not wait for the event loop if it
/// does not. Its parameters are the names, `guest` and `console`.
fn function(import: u32, names: &[String], body: &str) -> Result<Function, JsValue> {
    let list: Array = names.iter().map(JsValue::from).collect();
    for name in [GUEST, CONSOLE] {
        list.push(&name.into());
    }
    let source = source_name(import);
    list.push(&format!("{body}\n//# sourceURL={source}").into());
    let like = if body.contains("await") {
        "return (async () => {}).constructor"
    } else {
        "return Function"
    };
    let constructor = Function::new_no_args(like).call0(&JsValue::NULL)?;
    Reflect::construct(constructor.unchecked_ref::<Function>(), &list)?.dyn_into()
}
