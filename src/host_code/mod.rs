//! A call as host code: a program of one's own that loads the module, answers its imports and makes the
//! same call.
//!
//! [`go_program`] is the small wazero host that every plugin author writes, [`go_test`] the same as a test
//! in Go, [`javascript`] the same for the JS package. All are text: pure, made from what the page knows. They must
//! not know who asks for them, or run anything.

mod answers;
mod arguments;
mod frameworks;
mod go_file;
mod go_host;
mod javascript;
mod memory;
mod results;
mod words;

pub use self::go_host::{go_program, go_test};
pub use self::javascript::javascript;

use crate::module::Export;
use crate::protocol::{Allocator, Case, HostCode};

/// The text of a call; where it cannot be made, why.
#[must_use]
pub fn write(form: HostCode, case: &Case) -> String {
    let text = match (form, &case.by_form) {
        (HostCode::GoProgram, Some(by_form)) => frameworks::go_program(case, by_form),
        (HostCode::GoTest, Some(_)) => Err(
            "a call by a form is tested as a saved call (Calls), here and by the JS package"
                .to_owned(),
        ),
        (HostCode::GoProgram, None) => go_program(case),
        (HostCode::GoTest, None) => go_test(case),
        (HostCode::JavaScript, _) => Ok(javascript(case)),
    };
    text.unwrap_or_else(|reason| format!("// This call cannot be made: {reason}\n"))
}

impl Case {
    /// The call as Go writes it, for a comment: on one line, and not too long.
    fn written(&self) -> String {
        const MOST: usize = 100;
        let args = self.signature.iter().flat_map(|signature| {
            let params = signature.params.iter().zip(&self.args);
            params.map(|(param, value)| crate::go::value::show(value, &param.ty).to_string())
        });
        let args: Vec<String> = args.collect();
        let args = match &self.by_form {
            Some(form) => form.written(MOST),
            None => args.join(", "),
        };
        let text = format!("{}({args})", self.export);
        let text = crate::go::value::legible(&text).to_string();
        match text.char_indices().nth(MOST) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }

    /// Whether the call is that of `_start` or `_initialize`.
    fn is_start(&self) -> bool {
        self.module.kind.start_export() == Some(&*self.export)
    }

    fn allocator(&self) -> Option<Allocator> {
        let chosen = self.allocator.clone();
        chosen.or_else(|| Allocator::usual(&self.module))
    }

    fn exported(&self) -> Option<&Export> {
        let mut exports = self.module.exports.iter();
        exports.find(|export| export.name == self.export && export.ty.func().is_some())
    }
}
