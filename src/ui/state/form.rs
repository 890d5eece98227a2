//! What was typed for each export, and whether it can be sent.

mod entries;
mod hand;
mod kept;
mod path;
mod way;

pub(crate) use self::entries::{Entries, Node};
pub(crate) use self::hand::{Hand, completions};
pub(crate) use self::path::Path;
pub(crate) use self::way::Way;

use crate::go::value::json;
use crate::go::{Signature, Source, Value};
use crate::module::Export;
use litemap::LiteMap;

/// What is typed for one export. It outlives everything but the page: errors, a new worker, and
/// the module itself, so that it is there again when the module is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Form {
    /// The signature that was chosen, if one was.
    reading: Option<String>,
    /// The signature that is typed, if one is.
    hand: Option<Hand>,
    /// What is typed, for each signature that something was typed for.
    typed: LiteMap<String, Entries>,
    /// All arguments as JSON, where that is how they are entered.
    json: Option<String>,
}

/// The arguments, as they are entered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Arguments {
    /// A field, or a group of fields, for each.
    Fields(Vec<Node>),
    /// A JSON list, and what is wrong with it.
    Json(String, Option<String>),
}

impl Form {
    /// Which of the export's signatures is in use; `None`: the one that is typed.
    pub(crate) fn reading(&self, export: &Export) -> Option<usize> {
        if self.typed_signature().is_some() {
            return None;
        }
        let chosen = self.reading.as_ref().and_then(|chosen| {
            let mut signatures = export.signatures.iter();
            signatures.position(|(signature, _)| signature.in_go() == *chosen)
        });
        Some(chosen.unwrap_or(0))
    }

    /// The signature in use and where it comes from.
    pub(crate) fn signature<'s>(&'s self, export: &'s Export) -> Option<&'s (Signature, Source)> {
        match self.reading(export) {
            Some(reading) => export.signatures.get(reading),
            None => self.typed_signature(),
        }
    }

    /// The signature that somebody typed, or chose in place of the first.
    pub(crate) fn chosen<'s>(&'s self, export: &'s Export) -> Option<&'s Signature> {
        match self.reading(export) {
            Some(0) => None,
            _ => self.signature(export).map(|(signature, _)| signature),
        }
    }

    /// The signature that is typed by hand, if it is one that can be used.
    pub(crate) fn typed_signature(&self) -> Option<&(Signature, Source)> {
        self.hand.as_ref()?.good.as_ref()
    }

    /// Chooses a signature. What was typed for another one is kept for it.
    pub(crate) fn choose(&mut self, export: &Export, reading: usize) {
        if let Some((signature, _)) = export.signatures.get(reading) {
            self.reading = Some(signature.in_go());
            self.hand = None;
            self.json = None;
        }
    }

    /// The signature as it is being typed, if it is.
    pub(crate) fn hand(&self) -> Option<&Hand> {
        self.hand.as_ref()
    }

    /// Begins to edit the signature in use.
    pub(crate) fn edit_signature(&mut self, export: &Export) {
        let known = self.signature(export).cloned();
        let text = known
            .as_ref()
            .map_or_else(|| format!("{}()", export.name), |(known, _)| known.in_go());
        self.hand = Some(Hand::new(&text));
    }

    /// Takes in a signature as it is typed.
    pub(crate) fn enter_signature(&mut self, export: &Export, text: &str) {
        let hand = self.hand.get_or_insert_with(|| Hand::new(""));
        let before = hand.good.clone();
        hand.enter(export, text);
        if hand.good != before {
            self.json = None;
        }
    }

    /// Goes back to the signatures that were found.
    pub(crate) fn forget_signature(&mut self) {
        self.hand = None;
        self.json = None;
    }

    /// Takes in what is typed at a place of the signature in use.
    pub(crate) fn enter(&mut self, export: &Export, path: Path, text: &str) {
        if let Some(signature) = self.signature(export).map(|(known, _)| known.in_go()) {
            self.typed.entry(signature).or_default().enter(path, text);
        }
    }

    /// Takes in a file that is picked for a place of the signature in use.
    pub(crate) fn enter_file(&mut self, export: &Export, path: Path, name: &str, bytes: &[u8]) {
        if let Some(signature) = self.signature(export).map(|(known, _)| known.in_go()) {
            let entries = self.typed.entry(signature).or_default();
            entries.enter_file(path, name, bytes.into());
        }
    }

    /// Chooses the way in which a value is entered.
    pub(crate) fn choose_way(&mut self, export: &Export, path: &Path, way: Way) {
        if let Some((signature, _)) = self.signature(export).cloned() {
            let entries = self.typed.entry(signature.in_go()).or_default();
            entries.choose(&signature, path, way);
        }
    }

    /// Shows more elements of an array.
    pub(crate) fn show_more(&mut self, export: &Export, path: Path) {
        if let Some(signature) = self.signature(export).map(|(known, _)| known.in_go()) {
            self.typed.entry(signature).or_default().show_more(path);
        }
    }

    /// Turns JSON for the arguments on or off. What is typed is carried over, if it is right.
    pub(crate) fn switch_json(&mut self, export: &Export, on: bool) {
        let Some((signature, _)) = self.signature(export).cloned() else {
            return;
        };
        let values = self.arguments(export);
        if on == self.json.is_some() {
            return;
        }
        if on {
            let values = values.or_else(|| {
                let params = signature.params.iter();
                params.map(|param| Value::zero(&param.ty).ok()).collect()
            });
            self.json = Some(written(&values.unwrap_or_default(), &signature));
        } else {
            self.json = None;
            if let Some(values) = values {
                self.fill(&signature, &values);
            }
        }
    }

    /// Takes in the arguments as JSON.
    pub(crate) fn enter_json(&mut self, text: &str) {
        if let Some(json) = &mut self.json {
            text.clone_into(json);
        }
    }

    /// Puts a call of before back: its signature and its values.
    pub(crate) fn restore(&mut self, export: &Export, known: &(Signature, Source), args: &[Value]) {
        let (signature, source) = known;
        let text = signature.in_go();
        let listed = export.signatures.iter().any(|(s, _)| s.in_go() == text);
        if *source == Source::ByHand || !listed {
            self.enter_signature(export, &text);
        } else {
            self.hand = None;
            self.reading = Some(text);
        }
        self.fill(signature, args);
        if self.json.is_some() {
            self.json = Some(written(args, signature));
        }
    }

    fn fill(&mut self, signature: &Signature, args: &[Value]) {
        let entries = self.typed.entry(signature.in_go()).or_default();
        entries.fill(signature, args);
    }

    /// What there is to be filled in for the signature in use.
    pub(crate) fn shown(&self, export: &Export) -> Arguments {
        let Some((signature, _)) = self.signature(export) else {
            return Arguments::Fields(Vec::new());
        };
        match &self.json {
            Some(json) => Arguments::Json(json.clone(), read(json, signature).err()),
            None => Arguments::Fields(self.entries(signature).fields(signature).0),
        }
    }

    /// Whether everything that is typed is right.
    pub(crate) fn is_right(&self, export: &Export) -> bool {
        let Some((signature, _)) = self.signature(export) else {
            return false;
        };
        let typed = self.hand.as_ref();
        typed.is_none_or(|hand| hand.problem.is_none())
            && match &self.json {
                Some(json) => read(json, signature).is_ok(),
                None => self.entries(signature).fields(signature).1,
            }
    }

    /// The values of the arguments; `None` if something that is typed is wrong.
    pub(crate) fn arguments(&self, export: &Export) -> Option<Vec<Value>> {
        let (signature, _) = self.signature(export)?;
        if self
            .hand
            .as_ref()
            .is_some_and(|hand| hand.problem.is_some())
        {
            return None;
        }
        match &self.json {
            Some(json) => read(json, signature).ok(),
            None => {
                let values = self.entries(signature).values(signature);
                values.into_iter().collect::<Result<_, _>>().ok()
            }
        }
    }

    fn entries(&self, signature: &Signature) -> std::borrow::Cow<'_, Entries> {
        match self.typed.get(&signature.in_go()) {
            Some(entries) => std::borrow::Cow::Borrowed(entries),
            None => std::borrow::Cow::Owned(Entries::default()),
        }
    }

    /// The text of each parameter of the signature in use.
    #[cfg(test)]
    pub(crate) fn texts(&self, export: &Export) -> Vec<std::rc::Rc<str>> {
        let Some((signature, _)) = self.signature(export) else {
            return Vec::new();
        };
        let entries = self.entries(signature);
        (0..signature.params.len())
            .map(|param| entries.text(&Path::from(param)))
            .collect()
    }
}

/// Arguments as JSON, to be edited.
fn written(args: &[Value], signature: &Signature) -> String {
    let list = json::arguments_to_json(args, signature);
    // Lines break where there is much to see.
    let short = list.to_string();
    if short.len() <= 60 {
        return short;
    }
    serde_json::to_string_pretty(&list).unwrap_or(short)
}

/// The arguments that a JSON text means.
fn read(text: &str, signature: &Signature) -> Result<Vec<Value>, String> {
    let list = serde_json::from_str(text).map_err(|error| format!("JSON: {error}"))?;
    json::arguments_from_json(&list, signature).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
