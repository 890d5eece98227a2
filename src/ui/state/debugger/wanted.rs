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

    /// The text of a file is another one: what calls stop at goes where its line has gone.
    pub(in crate::ui::state) fn follow(&mut self, file: &str, before: &str, now: &str) {
        if self.breakpoints.iter().all(|(of, _)| of != file) {
            return;
        }
        let moves = Moves::new(before, now);
        let breakpoints = std::mem::take(&mut self.breakpoints);
        for (of, line) in breakpoints {
            let line = match of == file {
                true => moves.line(line),
                false => line,
            };
            self.insert((of, line));
        }
    }

    /// A file is called otherwise.
    pub(in crate::ui::state) fn rename(&mut self, from: &str, to: &str) {
        for (of, line) in std::mem::take(&mut self.breakpoints) {
            let of = if of == from { to.to_owned() } else { of };
            self.insert((of, line));
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

/// Where the lines of a text have gone: what has been written behind one or before it leaves it as far from the text's
/// beginning, or its end; else it is the nearest line of the same text among those that have changed; and where that is
/// gone, the number stays.
pub(in crate::ui::state) struct Moves<'a> {
    before: Vec<&'a str>,
    now: Vec<&'a str>,
    /// How many lines are alike at the beginning, and at the end.
    begins: usize,
    ends: usize,
}

impl<'a> Moves<'a> {
    pub(in crate::ui::state) fn new(before: &'a str, now: &'a str) -> Self {
        let before: Vec<&str> = before.lines().collect();
        let now: Vec<&str> = now.lines().collect();
        let alike = |(one, other): &(&&str, &&str)| one.trim() == other.trim();
        let begins = before.iter().zip(&now).take_while(alike).count();
        let ends = before
            .iter()
            .rev()
            .zip(now.iter().rev())
            .take_while(alike)
            .count();
        Self {
            before,
            now,
            begins,
            ends,
        }
    }

    /// Where a line is now.
    pub(in crate::ui::state) fn line(&self, line: u32) -> u32 {
        self.moved(&self.before, &self.now, line)
    }

    /// Where a line was before.
    pub(in crate::ui::state) fn back(&self, line: u32) -> u32 {
        self.moved(&self.now, &self.before, line)
    }

    fn moved(&self, before: &[&str], now: &[&str], line: u32) -> u32 {
        let Some(at) = usize::try_from(line)
            .ok()
            .and_then(|line| line.checked_sub(1))
        else {
            return line;
        };
        let changed = self.begins..now.len().saturating_sub(self.ends).max(self.begins);
        let as_many = before.len() == now.len();
        let to = if at < self.begins || as_many {
            at
        } else if before
            .len()
            .checked_sub(at)
            .is_some_and(|left| left <= self.ends)
        {
            (now.len() + at).saturating_sub(before.len())
        } else {
            let text = before
                .get(at)
                .map(|text| text.trim())
                .filter(|text| !text.is_empty());
            let same = changed.filter(|place| now.get(*place).map(|it| it.trim()) == text);
            same.min_by_key(|place| place.abs_diff(at)).unwrap_or(at)
        };
        u32::try_from(to + 1).unwrap_or(line)
    }
}
