//! A plugin that was built anew and is on the board: what is said of it, and what is repeated.

use super::board::{Board, Effect};
use super::console::Source;
use super::format;
use super::maps::map;
use super::module::{Plugged, import_name};
use super::outcome::Called;
use crate::go::value::named;
use crate::go::{self, Signature, Value};
use crate::module::{Export, ExternType, Info};
use crate::protocol::Command;
use litemap::LiteMap;

/// Names in a list at most.
const MAX_NAMES: usize = 8;

/// What is said of a module in place of the one before.
pub(super) fn message(before: &Info, now: &Info) -> String {
    let (was, is) = (before.size, now.size);
    let change = match is.abs_diff(was) {
        0 => "as large as before".to_owned(),
        change if is > was => format!("{} larger", format::bytes(change)),
        change => format!("{} smaller", format::bytes(change)),
    };
    let mut text = format!("rebuilt: {}, {}, {change}", now.name, format::bytes(is));
    let exports = |info: &Info| {
        let exports = info.exports.iter();
        map(exports.map(|export| (named(&export.name), export.ty.clone())))
    };
    let imports = |info: &Info| {
        let imports = info.imports.iter();
        map(imports.map(|import| (import_name(import), import.ty.clone())))
    };
    differ(&mut text, "export", &exports(before), &exports(now));
    differ(&mut text, "import", &imports(before), &imports(now));
    text
}

type Names = LiteMap<String, ExternType>;

/// Appends a line for each way in which the lists differ.
fn differ(text: &mut String, what: &str, was: &Names, is: &Names) {
    let mut changes: [Vec<String>; 3] = Default::default();
    let [new, gone, changed] = &mut changes;
    for (name, ty) in is {
        match was.get(name) {
            None => new.push(name.clone()),
            // A memory grows with what is in it.
            Some(before) if before != ty && ty.func().is_some() => {
                changed.push(format!("{name} was {before}, is {ty}"));
            }
            Some(_) => {}
        }
    }
    let lost = was.iter().filter(|(name, _)| !is.contains_key(*name));
    gone.extend(lost.map(|(name, _)| name.clone()));
    for (how, names) in ["new", "gone", "changed"].into_iter().zip(changes) {
        if names.is_empty() {
            continue;
        }
        let others = names.len().saturating_sub(MAX_NAMES);
        let s = if names.len() == 1 { "" } else { "s" };
        text.push_str(&format!("\n{how} {what}{s}: "));
        let shown: Vec<String> = names.into_iter().take(MAX_NAMES).collect();
        text.push_str(&shown.join(", "));
        if others > 0 {
            text.push_str(&format!(" and {}", format::count(others as u64, "other")));
        }
    }
}

impl Board {
    /// A plugin that was built anew is ready. What is to be repeated then is begun here, and only here: once
    /// its signatures are known, if they are yet to be read.
    pub(super) fn after_rebuild(&mut self) -> Vec<Effect> {
        self.rebuilds.is_due = true;
        self.go_on_after_rebuild()
    }

    /// A module has been read whose signatures may be still to be. Until they are, one that was built anew has
    /// those of the one before: what somebody types stays where it is.
    pub(super) fn expect_signatures(&mut self, plugged: &mut Plugged, rebuilt: bool) {
        // The debug information is read first, and the source after it.
        let source = u8::from(self.go_source().is_some() || !self.coming.is_empty());
        self.unread = source + u8::from(source > 0 || plugged.info.has_debug());
        let has_old_ones = rebuilt && !self.switched && self.unread > 0;
        self.rebuilds.has_old_ones = has_old_ones;
        let Some(before) = self.plugged.as_ref().filter(|_| has_old_ones) else {
            return;
        };
        let known = before.info.exports.iter();
        let known = map(known.map(|export| (export.name.as_str(), export)));
        for export in &mut plugged.info.make_mut().exports {
            let before = known.get(export.name.as_str());
            if let Some(before) = before.filter(|before| before.ty == export.ty) {
                export.signatures.clone_from(&before.signatures);
            }
        }
    }

    /// The signatures have been told; whether there are others that come in a moment, and those of before stay
    /// until then.
    pub(super) fn awaits_more_signatures(&mut self) -> bool {
        self.unread = self.unread.saturating_sub(1);
        self.unread > 0 && self.rebuilds.has_old_ones
    }

    /// The signatures of the module are known, or never will be.
    pub(super) fn go_on_after_rebuild(&mut self) -> Vec<Effect> {
        if !self.can_call() || self.unread > 0 || !std::mem::take(&mut self.rebuilds.is_due) {
            return Vec::new();
        }
        if let Some(effects) = self.call_what_was_built() {
            return effects;
        }
        if self.rebuilds.repeats && !self.saved_calls().list.is_empty() {
            self.run_saved(None)
        } else if self.rebuilds.repeats {
            self.repeat_last()
        } else {
            Vec::new()
        }
    }

    /// Makes the last call once more, with what it was made with, whatever is typed meanwhile.
    fn repeat_last(&mut self) -> Vec<Effect> {
        let last = self.given.history.front().cloned();
        let (Some(last), Some(plugged)) = (last, &self.plugged) else {
            return Vec::new();
        };
        let called = &last.called;
        if called.by_form.is_some() && plugged.function(&called.export).is_some() {
            return self.call_again(called.clone());
        }
        let why = match (plugged.function(&called.export), &called.known) {
            (None, _) => "it is not exported any more",
            (Some(_), None) => return self.start(&called.export),
            (Some(export), Some(known)) => {
                let export = export.clone();
                if let Some((known, args)) = self.fitting(&export, known, &called.args) {
                    return self.call_with(export.name, known, args);
                }
                "it takes other arguments now"
            }
        };
        let note = format!("{} is not repeated: {why}", called.written);
        self.say(Source::Note, &note);
        Vec::new()
    }

    /// What the export is to be called with, where a call of before was this one.
    fn fitting(
        &self,
        export: &Export,
        known: &(Signature, go::Source),
        args: &[Value],
    ) -> Option<((Signature, go::Source), Vec<Value>)> {
        let text = known.0.in_go();
        let mut listed = export.signatures.iter();
        let form = self.given.forms.get(&export.name);
        let form = form.cloned().unwrap_or_default();
        let now = form.signature(export)?;
        let same = listed.find(|(signature, _)| signature.in_go() == text);
        match same.or_else(|| Some(now).filter(|(signature, _)| signature.in_go() == text)) {
            Some(same) => Some((same.clone(), args.to_vec())),
            // What is typed is carried over to another signature, as far as it can be.
            None => Some((now.clone(), form.arguments(export)?)),
        }
    }

    /// Calls the export.
    pub(super) fn call_with(
        &mut self,
        export: String,
        known: (Signature, go::Source),
        args: Vec<Value>,
    ) -> Vec<Effect> {
        let signature = known.0.clone();
        let call = self.begin(Called {
            export: export.clone(),
            known: Some(known),
            args: args.clone(),
            ..Called::default()
        });
        let mut effects = self.trace_next_call();
        effects.push(Effect::Send(Command::Call {
            call,
            export,
            signature,
            args,
        }));
        effects
    }

    /// Calls the export that starts the guest.
    pub(super) fn start(&mut self, export: &str) -> Vec<Effect> {
        let call = self.begin(Called {
            export: export.to_owned(),
            ..Called::default()
        });
        let mut effects = self.trace_next_call();
        effects.push(Effect::Send(Command::Start { call }));
        effects
    }
}

#[cfg(test)]
mod tests;
