//! The call that is in the form, as host code: the reader writes it.

use super::board::{Board, Effect};
use super::outcome::Called;
use super::sockets::Socket;
use crate::module::Info;
use crate::protocol::{Case, Command, Expected, HostCode, Outcome};

impl HostCode {
    /// What it is called on the page.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::GoProgram => "Go program (wazero)",
            Self::GoTest => "Go test (wazero)",
            Self::JavaScript => "JavaScript (Node)",
        }
    }

    /// The name of its file.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::GoProgram => "main.go",
            Self::GoTest => "plugin_test.go",
            Self::JavaScript => "call.mjs",
        }
    }
}

impl Board {
    /// Asks for the call as host code: with what is typed, or, for a test, as it was when it was made.
    pub(crate) fn write_host_code(&mut self, form: HostCode) -> Vec<Effect> {
        self.host_code = None;
        let Some(case) = self.case(form) else {
            return Vec::new();
        };
        vec![Effect::Send(Command::HostCode(form, Box::new(case)))]
    }

    /// What was written last, and in which form.
    pub(crate) fn host_code(&self) -> Option<&(HostCode, String)> {
        self.host_code.as_ref()
    }

    /// Whether a test can expect something: the last call of the export ended by itself.
    pub(crate) fn can_test(&self) -> bool {
        let finished = self.finished();
        finished.is_some_and(|it| it.expected.is_some() && it.called.by_form.is_none())
    }

    fn case(&self, form: HostCode) -> Option<Case> {
        let plugged = self.plugged.as_ref()?;
        let export = self.selected()?;
        let mut called = Called {
            export: export.name.clone(),
            ..Called::default()
        };
        let mut expected = None;
        if form == HostCode::GoTest {
            let finished = self.finished()?;
            expected = Some(finished.expected.clone()?);
            called = finished.called.clone();
        } else if let Some(form) = self.host_form() {
            called.by_form = self.filled_in(&form);
            called.by_form.as_ref()?;
        } else if !plugged.is_start(&export.name) {
            let typed = self.form();
            called.known = Some(typed.signature(export)?.clone());
            called.args = typed.arguments(export)?;
        }
        let answers = (0..)
            .zip(&plugged.sockets)
            .map(|(place, socket)| match socket {
                // What answers it is no answer of the page's.
                _ if plugged.served_by(place).is_some() => None,
                Socket::Function(function) => Some(function.answer.clone()),
                Socket::Wasi | Socket::Other(_) => None,
            });
        Some(Case {
            answers: answers.collect(),
            module: Info::clone(&plugged.info),
            settings: self.given.settings.settings(&plugged.info.name).ok()?,
            allocator: self.given.allocator.clone(),
            export: called.export,
            signature: called.known.map(|(signature, _)| signature),
            args: called.args,
            by_form: called.by_form.as_deref().cloned(),
            expected,
        })
    }
}

/// What a test may expect of a call: how it ended by itself, and what it printed, where that is all there.
pub(super) fn expected(outcome: &Outcome, printed: Option<Vec<u8>>) -> Option<Expected> {
    let printed = printed?;
    Some(match outcome {
        Outcome::Returned { raw, .. } => Expected {
            results: raw.iter().map(|(_, bits)| *bits).collect(),
            exit: None,
            printed,
        },
        Outcome::Exited(code) => Expected {
            results: Vec::new(),
            exit: Some(*code),
            printed,
        },
        _ => return None,
    })
}
