//! Where calls stop, as a list: lines, functions and host calls by their names, traps.

use super::{Debugger, files_of};
use crate::protocol::{Command, Debug, Held};
use crate::ui::state::board::{Board, Effect};
use crate::ui::state::go_source::GoSource;
use crate::ui::state::module::import_name;

/// Something that calls stop at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// As it was typed, and as it is kept: `main.go:12`, `main.f`, `env.log`.
    pub(crate) text: String,
    /// What is wrong with it, if that is known.
    pub(crate) problem: Option<&'static str>,
}

/// What is shown of where calls stop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stopping {
    /// Everything but traps.
    pub(crate) list: Vec<Stop>,
    /// Whether they stop where they trap.
    pub(crate) traps: bool,
    /// What is typed, and names that go on like that.
    pub(crate) typed: String,
    pub(crate) names: Vec<String>,
}

/// Names that are offered for what is typed.
const MOST: usize = 20;

impl Board {
    /// Where calls stop; `None`: they are not debugged.
    pub(crate) fn stopping(&self) -> Option<Stopping> {
        self.debugs().then(|| self.list_stops())
    }

    fn list_stops(&self) -> Stopping {
        let typed = &self.debugger.typed;
        let functions = self.debugger.lines.iter().flat_map(|it| &it.functions);
        let functions = functions.map(|(name, _)| name.clone());
        let plugged = self.plugged.as_ref();
        let imports = plugged.map_or(&[][..], |plugged| &plugged.info.imports);
        let imports = imports.iter().filter(|import| import.ty.func().is_some());
        let mut names: Vec<String> = imports.map(import_name).chain(functions).collect();
        names.dedup();
        names.retain(|name| name.contains(&**typed));
        names.truncate(MOST);
        Stopping {
            list: self.stops(),
            traps: self.given.debug.traps,
            typed: typed.clone(),
            names,
        }
    }

    /// Where a call is to stop is typed.
    pub(crate) fn type_stop(&mut self, text: String) {
        self.debugger.typed = text;
    }

    /// Calls stop at what is typed.
    pub(crate) fn add_typed_stop(&mut self) -> Vec<Effect> {
        let typed = std::mem::take(&mut self.debugger.typed);
        self.add_stop(&typed)
    }

    /// What calls stop at, beside traps.
    pub(super) fn stops(&self) -> Vec<Stop> {
        let wanted = &self.given.debug;
        let source = self.given.source.as_deref();
        let lines = self.debugger.lines.as_ref().filter(|_| self.debugs());
        let of_line = wanted.breakpoints.iter().map(|(file, line)| {
            let has_code = lines.is_none_or(|lines| {
                let files = files_of(lines, source, file);
                let mut all = lines.lines.iter();
                all.any(|(of, number)| number == line && files.contains(of))
            });
            Stop {
                text: format!("{file}:{line}"),
                problem: (!has_code).then_some("no code is known to be of this line"),
            }
        });
        let of_name = wanted.names.iter().map(|name| {
            let is_known = lines.is_none()
                || self.debugger.places_of(name).next().is_some()
                || self.imports_of(name).next().is_some();
            Stop {
                text: name.clone(),
                problem: (!is_known)
                    .then_some("no function of the plugin's own, and no import, is called so"),
            }
        });
        of_line.chain(of_name).collect()
    }

    /// A call that traps stops there from now on, or not any more.
    pub(crate) fn switch_traps(&mut self) -> Vec<Effect> {
        self.given.debug.traps ^= true;
        let is_wanted = self.given.debug.traps;
        self.stops_changed(is_wanted)
    }

    /// Calls stop there from now on: at a line, as `main.go:12`, at a function or at a host call, by its name.
    pub(crate) fn add_stop(&mut self, text: &str) -> Vec<Effect> {
        let text = text.trim();
        let line = text.rsplit_once(':');
        let line = line.and_then(|(file, line)| Some((file, line.trim().parse().ok()?)));
        match line {
            _ if text.is_empty() => return Vec::new(),
            Some((file, line)) => {
                let (file, line) = self.with_code(self.whole_name(file), line);
                self.given.debug.insert((file, line));
            }
            None => self.given.debug.insert_name(text),
        }
        self.stops_changed(true)
    }

    /// Calls stop there no longer.
    pub(crate) fn remove_stop(&mut self, text: &str) -> Vec<Effect> {
        let wanted = &mut self.given.debug;
        wanted.names.retain(|name| name != text);
        wanted
            .breakpoints
            .retain(|(file, line)| format!("{file}:{line}") != text);
        self.stops_changed(false)
    }

    /// What a guest that has stopped is at.
    pub(crate) fn held_at(&self) -> String {
        match &self.debugger.held {
            Held::Line => "stopped at a line".to_owned(),
            Held::Import(import) => {
                let plugged = self.plugged.as_ref();
                let import = plugged.and_then(|it| it.info.imports.get(*import as usize));
                let name = import.map(import_name).unwrap_or_default();
                format!("stopped before it calls {name}")
            }
            Held::Trap(why) => format!("stopped where it traps: {why}"),
        }
    }

    /// The whole of a path of which somebody typed the end.
    fn whole_name(&self, typed: &str) -> String {
        let source = self.given.source.as_deref();
        let mut files = source.into_iter().flat_map(GoSource::dropped);
        let found = files.find(|file| {
            let front = file.strip_suffix(typed);
            front.is_some_and(|front| front.is_empty() || front.ends_with('/'))
        });
        found.unwrap_or(typed).to_owned()
    }

    fn stops_changed(&mut self, wanted: bool) -> Vec<Effect> {
        self.changed = true;
        match wanted && !self.given.debug.on {
            true => self.switch_debug(),
            false => self.send_breakpoints(),
        }
    }

    /// The imports that are called so.
    fn imports_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = u32> + 'a {
        let plugged = self.plugged.as_ref();
        let imports = plugged.map_or(&[][..], |plugged| &plugged.info.imports);
        let its = (0..).zip(imports).filter(move |(_, import)| {
            import.ty.func().is_some() && (import.name == name || import_name(import) == name)
        });
        its.map(|(place, _)| place)
    }

    /// Tells the session what to stop at, beside lines and functions.
    pub(super) fn send_held(&self) -> Effect {
        let wanted = &self.given.debug;
        let names = wanted.names.iter();
        let imports = names.flat_map(|name| self.imports_of(name)).collect();
        let traps = wanted.traps;
        Effect::Send(Command::Debug(Debug::Hold { imports, traps }))
    }
}

impl Debugger {
    /// Where the functions of this name begin: `main.f`, or `f` alone.
    pub(super) fn places_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = u32> + 'a {
        let functions = self.lines.iter().flat_map(|lines| &lines.functions);
        let its = functions.filter(move |(known, _)| {
            let front = known.strip_suffix(name);
            front.is_some_and(|front| front.is_empty() || front.ends_with('.'))
        });
        its.map(|(_, place)| *place)
    }
}
