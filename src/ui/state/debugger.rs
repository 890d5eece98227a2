//! Debugging as the page has it: whether calls are debugged, where they are to stop, and which lines were reached.
//!
//! The reader says which lines have code; the session is told by places in that code, and knows no lines.

use super::board::{Board, Effect};
use super::coverage::{Coverage, Reached};
use super::go_source::GoSource;
use super::json::Mistake;
use super::shared::Shared;
use crate::protocol::{Backtrace, Command, Debug, Debugged, Frame, Go, Lines, WaitingFor};
use serde_json::{Map, Value as Json};

/// What a person wants of it; it belongs to the plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Whether calls are debugged.
    pub(crate) on: bool,
    /// Files of the source, and the numbers of the lines in them at which a call stops; in order.
    breakpoints: Vec<(String, u32)>,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Debugger {
    /// The lines that have code; `None`: the reader has yet to tell, or was not asked.
    pub(super) lines: Option<Shared<Lines>>,
    /// Whether it was asked.
    asked: bool,
    /// Whether the session can stop the guest.
    pub(super) ready: bool,
    /// By the number of a line, from 1, whether it has been reached.
    pub(super) reached: Shared<Vec<bool>>,
    /// By which calls, and how much of each file.
    pub(super) by_calls: Reached,
    pub(super) coverage: Shared<Coverage>,
}

/// What is known of the lines of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gutter {
    /// The lines that have code, and whether they have been reached, if that is known.
    pub(crate) code: Vec<(u32, Option<bool>)>,
    /// Those at which a call stops.
    pub(crate) breakpoints: Vec<u32>,
}

impl Wanted {
    fn insert(&mut self, breakpoint: (String, u32)) {
        if let Err(place) = self.breakpoints.binary_search(&breakpoint) {
            self.breakpoints.insert(place, breakpoint);
        }
    }

    /// Takes it away; whether it was there.
    fn remove(&mut self, breakpoint: &(String, u32)) -> bool {
        let found = self.breakpoints.binary_search(breakpoint);
        found.map(|place| self.breakpoints.remove(place)).is_ok()
    }

    pub(super) fn to_json(&self) -> Map<String, Json> {
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
        json
    }

    pub(super) fn from_json(json: &Json) -> Result<Self, Mistake> {
        let on = json.get("on").is_some_and(|on| *on == Json::Bool(true));
        let breakpoints = json.get("breakpoints").and_then(Json::as_array);
        let breakpoints = breakpoints.into_iter().flatten().map(|line| {
            let line = line.as_str().and_then(|line| line.rsplit_once(':'));
            line.and_then(|(file, line)| Some((file.to_owned(), line.parse().ok()?)))
                .ok_or_else(|| "a breakpoint is written file.go:12".to_owned())
        });
        let mut wanted = Self {
            on,
            ..Self::default()
        };
        for breakpoint in breakpoints {
            wanted.insert(breakpoint?);
        }
        Ok(wanted)
    }
}

impl Board {
    /// Whether calls are debugged.
    pub(crate) fn debugs(&self) -> bool {
        self.given.debug.on
    }

    /// What is in the way of stopping anywhere, as a sentence.
    pub(crate) fn debug_problem(&self) -> Option<&str> {
        let lines = self.debugger.lines.as_ref().filter(|_| self.debugs())?;
        let none = lines
            .lines
            .is_empty()
            .then_some("The module does not say where its lines are.");
        lines.problem.as_deref().or(none)
    }

    /// Whether the guest has stopped at a line.
    pub(crate) fn is_stopped(&self) -> bool {
        let run = self.run.as_ref();
        run.is_some_and(|run| run.waiting == Some(WaitingFor::Debugger))
    }

    /// Calls are debugged from now on, in a fresh instance, or not any more.
    pub(crate) fn switch_debug(&mut self) -> Vec<Effect> {
        self.given.debug.on ^= true;
        self.changed = true;
        self.debug_anew()
    }

    /// Goes on from where the guest has stopped.
    pub(crate) fn go_on(&mut self, how: Go) -> Vec<Effect> {
        match self.is_stopped() {
            true => vec![Effect::Send(Command::Debug(Debug::Go(how)))],
            false => Vec::new(),
        }
    }

    /// A call stops at the line from now on, or not any more. Where it has no code, it is the next one that has.
    pub(crate) fn switch_breakpoint(&mut self, file: &str, line: u32) -> Vec<Effect> {
        let at = (file.to_owned(), line);
        if !self.given.debug.remove(&at) {
            let at = self.with_code(at.0, at.1);
            self.given.debug.insert(at);
            if !self.given.debug.on {
                return self.switch_debug();
            }
        }
        self.changed = true;
        self.send_breakpoints()
    }

    /// What stands beside the lines of a file.
    pub(crate) fn gutter(&self, file: &str) -> Gutter {
        let breakpoints = &self.given.debug.breakpoints;
        let breakpoints = breakpoints.iter().filter(|(of, _)| of == file);
        let mut gutter = Gutter {
            code: Vec::new(),
            breakpoints: breakpoints.map(|(_, line)| *line).collect(),
        };
        let Some(lines) = self.debugger.lines.as_ref().filter(|_| self.debugs()) else {
            return gutter;
        };
        let files = files_of(lines, self.given.source.as_deref(), file);
        for (index, (of, line)) in lines.lines.iter().enumerate() {
            if files.contains(of) {
                let reached = self.debugger.reached.get(index).copied();
                match gutter.code.binary_search_by_key(line, |(line, _)| *line) {
                    // Where one of its pieces was reached, it was.
                    Ok(place) => {
                        if let Some(known) = gutter.code.get_mut(place) {
                            known.1 = known.1.max(reached);
                        }
                    }
                    Err(place) => gutter.code.insert(place, (*line, reached)),
                }
            }
        }
        gutter
    }

    /// What stands beside the lines of the file that is shown.
    pub(crate) fn shown_gutter(&self) -> Gutter {
        let source = self.given.source.as_deref();
        if !self.debugs() && self.given.debug.breakpoints.is_empty() {
            return Gutter::default();
        }
        let file = source.and_then(|source| self.source_view.file(source.dropped()));
        file.map(|file| self.gutter(file)).unwrap_or_default()
    }

    /// The module, or the worker, is another one; or calls are to be debugged, or not.
    pub(super) fn debug_anew(&mut self) -> Vec<Effect> {
        let is_there = self.plugged.as_ref().is_some_and(|plugged| plugged.ready);
        if !is_there {
            return Vec::new();
        }
        if !self.debugs() {
            self.reached_nothing();
            let was_ready = std::mem::take(&mut self.debugger.ready);
            let as_usual = || Effect::Send(Command::Debug(Debug::Lines(None)));
            return was_ready.then(as_usual).into_iter().collect();
        }
        match &self.debugger.lines {
            Some(lines) => {
                let places = lines.places.clone();
                vec![Effect::Send(Command::Debug(Debug::Lines(Some(places))))]
            }
            None if self.debugger.asked => Vec::new(),
            None => {
                self.debugger.asked = true;
                let bytes = Vec::new();
                vec![Effect::Send(Command::Lines { bytes })]
            }
        }
    }

    /// What was known of another module is not of this one.
    pub(super) fn forget_lines(&mut self) {
        self.debugger = Debugger::default();
    }

    /// The worker is another one; the module is the same.
    pub(super) fn debugger_is_new(&mut self) {
        self.debugger.ready = false;
        self.debugger.asked = false;
        self.reached_nothing();
    }

    /// The reader has said which lines have code.
    pub(super) fn take_lines(&mut self, lines: Lines) -> Vec<Effect> {
        if !std::mem::take(&mut self.debugger.asked) {
            return Vec::new();
        }
        self.debugger.lines = Some(Shared::new(lines));
        for (file, line) in std::mem::take(&mut self.given.debug.breakpoints) {
            let at = self.with_code(file, line);
            self.given.debug.insert(at);
        }
        self.debug_anew()
    }

    /// The debugger has said something.
    pub(super) fn debugged(&mut self, said: Debugged) -> Vec<Effect> {
        match said {
            Debugged::Ready(places) => {
                self.debugger.ready = places.is_some();
                self.reached_nothing();
                if !self.debugger.ready {
                    return Vec::new();
                }
                let mut effects = self.send_breakpoints();
                effects.push(Effect::Send(Command::Debug(Debug::Cover(true))));
                effects
            }
            Debugged::Covered(places) => {
                let count = self
                    .debugger
                    .lines
                    .as_ref()
                    .map_or(0, |lines| lines.lines.len());
                let mut reached = vec![false; count];
                for ((_, line), is_reached) in places {
                    let line = (line as usize).checked_sub(1);
                    if let (Some(slot), true) =
                        (line.and_then(|line| reached.get_mut(line)), is_reached)
                    {
                        *slot = true;
                    }
                }
                self.has_reached(reached);
                Vec::new()
            }
            Debugged::Profiled(samples) => self.sampled(samples),
        }
    }

    /// What is to be asked when a run has ended.
    pub(super) fn ask_what_was_reached(&self) -> Option<Effect> {
        let ask = || Effect::Send(Command::Debug(Debug::Covered));
        self.debugger.ready.then(ask)
    }

    /// The guest has stopped, and this is where: its line is shown.
    pub(super) fn show_where_it_stopped(&mut self, backtrace: &Backtrace) {
        if !self.is_stopped() {
            return;
        }
        let source = self.given.source.as_deref();
        let own = backtrace.frames.iter().filter(|frame| !frame.runtime);
        let found = own.filter_map(|frame| Some((file_of(source?, frame)?.to_owned(), frame.line)));
        if let Some((file, line)) = found.take(1).next() {
            self.show_source(&file, line);
        }
    }

    /// The line itself, or the next one that has code, if that is known.
    fn with_code(&self, file: String, line: u32) -> (String, u32) {
        let code = self.debugger.code(self.given.source.as_deref(), &file);
        let next = code
            .into_iter()
            .filter(|with_code| *with_code >= line)
            .min();
        (file, next.unwrap_or(line))
    }

    fn send_breakpoints(&self) -> Vec<Effect> {
        let Some(lines) = self.debugger.lines.as_ref().filter(|_| self.debugger.ready) else {
            return Vec::new();
        };
        let source = self.given.source.as_deref();
        let wanted = self.given.debug.breakpoints.iter();
        let wanted = wanted.map(|(file, line)| (files_of(lines, source, file), *line));
        let wanted: Vec<_> = wanted.collect();
        let is_wanted = |(_, at): &(u32, &(u32, u32))| {
            wanted
                .iter()
                .any(|(files, line)| *line == at.1 && files.contains(&at.0))
        };
        let numbers = (1..).zip(&lines.lines).filter(is_wanted);
        let numbers: Vec<u32> = numbers.map(|(number, _)| number).collect();
        // A line whose code is in several pieces one behind the other is come to once.
        let before = [0]
            .into_iter()
            .chain(lines.places.iter().map(|(_, line)| *line));
        let places = lines.places.iter().zip(before);
        let first = places
            .filter(|((_, line), before)| line != before && numbers.binary_search(line).is_ok());
        let places = first.map(|((place, _), _)| *place).collect();
        vec![Effect::Send(Command::Debug(Debug::Breakpoints(places)))]
    }
}

impl Debugger {
    /// The numbers of the lines of a file that have code.
    fn code(&self, source: Option<&GoSource>, file: &str) -> Vec<u32> {
        let Some(lines) = &self.lines else {
            return Vec::new();
        };
        let files = files_of(lines, source, file);
        let its = lines.lines.iter().filter(|(of, _)| files.contains(of));
        its.map(|(_, line)| *line).collect()
    }
}

/// Which of the compiler's files a file of the source is: those of its name, in a package of the name that it gives.
pub(super) fn files_of(lines: &Lines, source: Option<&GoSource>, file: &str) -> Vec<u32> {
    let text = source.map_or("", |source| source.text(file));
    let files = (0..).zip(&lines.files);
    let its = files.filter(|(_, known)| {
        last(&known.path) == last(file) && says_package(text, last(&known.package))
    });
    its.map(|(number, _)| number).collect()
}

/// The file of the source that a frame is in, if it is there.
pub(crate) fn file_of<'a>(source: &'a GoSource, frame: &Frame) -> Option<&'a str> {
    let name = last(frame.file.as_deref()?);
    let package = last(&frame.function).split('.').next()?;
    let mut files = source.dropped();
    files.find(|file| last(file) == name && says_package(source.text(file), package))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a Go file says that it is of this package.
fn says_package(text: &str, package: &str) -> bool {
    let mut words = text.lines().map(|line| line.split_whitespace());
    words.any(|mut words| words.next() == Some("package") && words.next() == Some(package))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::SourceFile;
    use crate::ui::state::tests::plugged;

    const TEXT: &str = "package main\n\nfunc f() {\n\tg()\n\n\tg()\n}\n";

    fn lines() -> Lines {
        let file = |path: &str, package: &str| SourceFile {
            path: path.to_owned(),
            package: package.to_owned(),
        };
        Lines {
            places: vec![(10, 1), (20, 2), (25, 2), (30, 0), (40, 3), (50, 2)],
            lines: vec![(0, 3), (0, 4), (1, 4)],
            files: vec![
                file("/home/a/x/main.go", "main"),
                file("/lib/main.go", "example.com/lib"),
            ],
            problem: None,
        }
    }

    fn board() -> Board {
        let mut board = plugged();
        board.add_source(&[("main.go".to_owned(), TEXT.to_owned())]);
        board
    }

    fn sent(effects: Vec<Effect>) -> Vec<Debug> {
        let sent = effects.into_iter().filter_map(|effect| match effect {
            Effect::Send(Command::Debug(debug)) => Some(debug),
            _ => None,
        });
        sent.collect()
    }

    #[test]
    fn a_breakpoint_goes_to_where_its_line_begins_and_switches_debugging_on() {
        let mut board = board();
        let asked = board.switch_breakpoint("main.go", 4);
        assert!(board.debugs());
        assert!(
            matches!(asked[..], [Effect::Send(Command::Lines { .. })]),
            "{asked:?}"
        );
        assert_eq!(
            sent(board.take_lines(lines())),
            [Debug::Lines(Some(lines().places))]
        );
        let told = sent(board.debugged(Debugged::Ready(Some(5))));
        assert_eq!(told, [Debug::Breakpoints(vec![20, 50]), Debug::Cover(true)]);
        assert_eq!(
            sent(board.switch_breakpoint("main.go", 4)),
            [Debug::Breakpoints(vec![])]
        );
        // A line without code stands for the next one that has some.
        assert_eq!(
            sent(board.switch_breakpoint("main.go", 1)),
            [Debug::Breakpoints(vec![10])]
        );
        assert_eq!(board.gutter("main.go").breakpoints, [3]);
        assert_eq!(sent(board.switch_debug()), [Debug::Lines(None)]);
    }

    #[test]
    fn the_gutter_says_which_lines_were_reached() {
        let mut board = board();
        board.switch_debug();
        board.take_lines(lines());
        board.debugged(Debugged::Ready(Some(5)));
        assert_eq!(board.gutter("main.go").code, [(3, None), (4, None)]);
        let places = lines().places.into_iter();
        let covered = places
            .map(|(place, line)| ((place, line), place == 50))
            .collect();
        board.debugged(Debugged::Covered(covered));
        assert_eq!(
            board.gutter("main.go").code,
            [(3, Some(false)), (4, Some(true))]
        );
        assert_eq!(board.gutter("other.go"), Gutter::default());
    }

    #[test]
    fn what_is_wanted_is_kept() {
        let mut wanted = Wanted {
            on: true,
            ..Wanted::default()
        };
        wanted.insert(("a:b.go".to_owned(), 7));
        let json = Json::Object(wanted.to_json());
        assert_eq!(Wanted::from_json(&json), Ok(wanted));
        assert_eq!(Wanted::from_json(&Json::Null), Ok(Wanted::default()));
        let wrong = serde_json::json!({ "breakpoints": ["main.go"] });
        assert!(Wanted::from_json(&wrong).is_err());
    }
}
