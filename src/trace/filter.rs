//! Which calls are looked at.

use super::Trace;
use super::pack::Record;
use crate::protocol::{CallId, TraceFilter};

/// A filter, ready to be applied.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: String,
    failed: bool,
    call: Option<CallId>,
}

impl Filter {
    /// The filter that the page asks for.
    #[must_use]
    pub fn new(asked: &TraceFilter) -> Self {
        Self {
            text: asked.text.to_ascii_lowercase(),
            failed: asked.failed,
            call: asked.call,
        }
    }

    /// Whether a call passes; it is written into `line` as it is searched, and `line` says how long
    /// that took.
    pub(super) fn admits(&self, record: &Record<'_>, call: CallId, line: &mut String) -> bool {
        line.clear();
        if self.failed && !record.failed || self.call.is_some_and(|wanted| wanted != call) {
            return false;
        }
        if self.text.is_empty() {
            return true;
        }
        for part in [record.name, "(", record.arguments, ")"] {
            line.push_str(part);
        }
        if !record.result.is_empty() {
            line.push_str(" = ");
            line.push_str(record.result);
        }
        line.make_ascii_lowercase();
        line.contains(&self.text)
    }

    /// Whether the call of this number passes.
    pub(super) fn admits_number(&self, trace: &Trace, number: u64, line: &mut String) -> bool {
        let looked = trace.look(number);
        looked.is_some_and(|(record, scope)| self.admits(&record, scope.call, line))
    }
}
