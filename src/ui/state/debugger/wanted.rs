//! What a person wants of the debugger.

use crate::ui::state::json::Mistake;
use serde_json::{Map, Value as Json};

/// What that is; it belongs to the plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Whether calls are debugged.
    pub(crate) on: bool,
    /// Files of the source, and the numbers of the lines in them at which a call stops; in order.
    pub(super) breakpoints: Vec<(String, u32)>,
    /// The names of functions, and of imports, at whose calls one stops; in order.
    pub(super) names: Vec<String>,
    /// Whether a call that traps stops there, before it ends.
    pub(super) traps: bool,
}

impl Wanted {
    pub(super) fn insert(&mut self, breakpoint: (String, u32)) {
        if let Err(place) = self.breakpoints.binary_search(&breakpoint) {
            self.breakpoints.insert(place, breakpoint);
        }
    }

    /// Takes it away; whether it was there.
    pub(super) fn remove(&mut self, breakpoint: &(String, u32)) -> bool {
        let found = self.breakpoints.binary_search(breakpoint);
        found.map(|place| self.breakpoints.remove(place)).is_ok()
    }

    /// Adds a name, unless it is there.
    pub(super) fn insert_name(&mut self, name: &str) {
        if let Err(place) = self.names.binary_search_by(|known| (**known).cmp(name)) {
            self.names.insert(place, name.to_owned());
        }
    }

    /// Whether something is to be stopped at.
    pub(super) fn stops(&self) -> bool {
        self.traps || !self.breakpoints.is_empty() || !self.names.is_empty()
    }

    pub(in crate::ui::state) fn to_json(&self) -> Map<String, Json> {
        let mut json = Map::new();
        if self.on {
            json.insert("on".to_owned(), true.into());
        }
        if !self.breakpoints.is_empty() {
            let lines = self.breakpoints.iter();
            let lines: Vec<Json> = lines
                .map(|(file, line)| format!("{file}:{line}").into())
                .collect();
            json.insert("breakpoints".to_owned(), lines.into());
        }
        if !self.names.is_empty() {
            json.insert("functions".to_owned(), self.names.clone().into());
        }
        if self.traps {
            json.insert("traps".to_owned(), true.into());
        }
        json
    }

    pub(in crate::ui::state) fn from_json(json: &Json) -> Result<Self, Mistake> {
        let is_on = |name| json.get(name).is_some_and(|on| *on == Json::Bool(true));
        let list = |name| {
            json.get(name)
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
        };
        let breakpoints = list("breakpoints").map(|line| {
            let line = line.as_str().and_then(|line| line.rsplit_once(':'));
            line.and_then(|(file, line)| Some((file.to_owned(), line.parse().ok()?)))
                .ok_or_else(|| "a breakpoint is written file.go:12".to_owned())
        });
        let mut wanted = Self {
            on: is_on("on"),
            traps: is_on("traps"),
            ..Self::default()
        };
        for breakpoint in breakpoints {
            wanted.insert(breakpoint?);
        }
        for name in list("functions") {
            let name = name.as_str();
            wanted.insert_name(name.ok_or_else(|| "a function is written main.f".to_owned())?);
        }
        Ok(wanted)
    }
}
