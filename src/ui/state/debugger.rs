//! Debugging as the page has it: whether calls are debugged, where they are to stop, and which lines were reached.
//!
//! The reader says which lines have code; the session is told by places in that code, and knows no lines.

mod stops;
mod wanted;

pub(crate) use self::stops::{Stop, Stopping};
pub(super) use self::wanted::Moves;
pub(crate) use self::wanted::Wanted;

use super::board::{Board, Effect};
use super::coverage::{Coverage, Reached};
use super::go_source::GoSource;
use super::shared::Shared;
use crate::protocol::{Backtrace, Command, Debug, Debugged, Frame, Go, Held, Lines, WaitingFor};

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Debugger {
    /// The lines that have code; `None`: the reader has yet to tell, or was not asked.
    pub(super) lines: Option<Shared<Lines>>,
    /// Whether it was asked.
    asked: bool,
    /// Whether the session can stop the guest, or is being made able to.
    pub(super) ready: bool,
    making: bool,
    /// Whether that waits for what runs to end.
    due: bool,
    /// What is typed, to be stopped at.
    typed: String,
    /// Where the guest stopped last.
    held: Held,
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

impl Board {
    /// Whether calls are debugged.
    pub(crate) fn debugs(&self) -> bool {
        self.given.debug.on && !self.is_only_elsewhere()
    }

    /// What is in the way of stopping anywhere, as a sentence.
    pub(crate) fn debug_problem(&self) -> Option<&str> {
        if self.given.debug.on && self.is_only_elsewhere() {
            return Some("Debug is the interpreter's, which cannot run this module.");
        }
        if self.debugger.due {
            return Some("Debug is switched when what runs has ended.");
        }
        if self.is_made_ready() {
            return Some("The module is being made ready for the debugger.");
        }
        let lines = self.debugger.lines.as_ref().filter(|_| self.debugs())?;
        let none = (!lines.are_known()).then_some("The module does not say where its lines are.");
        lines.problem.as_deref().or(none)
    }

    /// Whether no call can be made until the session can stop it.
    pub(super) fn is_made_ready(&self) -> bool {
        self.debugger.making || (self.debugs() && self.debugger.asked)
    }

    /// Whether what runs now can be stopped.
    pub(super) fn is_debugged(&self) -> bool {
        self.debugger.ready
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
        let source = self.given.source.as_deref();
        let files = files_of(lines, source, file);
        let moves = source.and_then(|source| source.moves(file));
        for (index, (of, line)) in lines.lines.iter().enumerate() {
            if files.contains(of) {
                let reached = self.debugger.reached.get(index).copied();
                let line = moves.as_ref().map_or(*line, |moves| moves.line(*line));
                match gutter.code.binary_search_by_key(&line, |(line, _)| *line) {
                    // Where one of its pieces was reached, it was.
                    Ok(place) => {
                        if let Some(known) = gutter.code.get_mut(place) {
                            known.1 = known.1.max(reached);
                        }
                    }
                    Err(place) => gutter.code.insert(place, (line, reached)),
                }
            }
        }
        gutter
    }

    /// What stands beside the lines of the file that is shown.
    pub(crate) fn shown_gutter(&self) -> Gutter {
        let source = self.given.source.as_deref();
        if !self.debugs() && !self.given.debug.stops() {
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
        self.debugger.due = self.run.is_some();
        if self.debugger.due {
            return Vec::new();
        }
        if !self.debugs() {
            self.leave_again();
            self.reached_nothing();
            let was_ready = std::mem::take(&mut self.debugger.ready);
            let as_usual = || Effect::Send(Command::Debug(Debug::Lines(None)));
            return was_ready.then(as_usual).into_iter().collect();
        }
        match &self.debugger.lines {
            Some(lines) => {
                let (keep, places) = (lines.kept.clone(), lines.places.clone());
                self.debugger.making = true;
                self.is_interpreted();
                let told = [Debug::Keep(keep), Debug::Lines(Some(places))];
                told.map(|it| Effect::Send(Command::Debug(it))).into()
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
        self.leave_again();
    }

    /// The worker is another one; the module is the same.
    pub(super) fn debugger_is_new(&mut self) {
        self.debugger.ready = false;
        self.debugger.making = false;
        self.debugger.asked = false;
        self.reached_nothing();
    }

    /// The reader has said which lines have code.
    #[inline(never)]
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
    #[inline(never)]
    pub(super) fn debugged(&mut self, said: Debugged) -> Vec<Effect> {
        match said {
            Debugged::Ready(places) => {
                self.debugger.ready = places.is_some();
                self.debugger.making = false;
                self.reached_nothing();
                if !self.debugger.ready {
                    self.leave_again();
                    return self.engine_anew();
                }
                let mut effects = self.send_breakpoints();
                if let Some(lines) = &self.debugger.lines {
                    let inlined = Debug::Inlined(lines.inlined.clone());
                    effects.push(Effect::Send(Command::Debug(inlined)));
                }
                effects.push(Effect::Send(Command::Debug(Debug::Cover(true))));
                effects.extend(self.next_again());
                effects.extend(self.go_on_after_rebuild());
                effects.extend(self.call_at_last());
                effects
            }
            Debugged::Covered(places) => {
                let lines = self.debugger.lines.as_ref();
                let count = lines.map_or(0, |lines| lines.lines.len());
                let (mut reached, mut stops) = (vec![false; count], vec![false; count]);
                for ((_, line), is_reached) in places {
                    let line = (line as usize).checked_sub(1);
                    if let Some(slot) = line.and_then(|line| stops.get_mut(line)) {
                        *slot = true;
                    }
                    if let Some(slot) = line.and_then(|line| reached.get_mut(line)) {
                        *slot |= is_reached;
                    }
                }
                self.debugger.stops_at(&stops);
                self.has_reached(reached);
                Vec::new()
            }
            Debugged::Stopped(held) => {
                self.debugger.held = held;
                Vec::new()
            }
            Debugged::Shown(values) => {
                self.shown(values);
                Vec::new()
            }
            Debugged::Profiled(samples) => self.sampled(samples),
        }
    }

    /// What is to be done when a run has ended: what was reached is asked, and what was to wait for that is done.
    pub(super) fn after_debugged(&mut self) -> Vec<Effect> {
        let ask = || Effect::Send(Command::Debug(Debug::Covered));
        let mut effects: Vec<Effect> = self.debugger.ready.then(ask).into_iter().collect();
        if self.debugger.due {
            effects.extend(self.debug_anew());
        }
        effects
    }

    /// The session could not do what it was asked.
    pub(super) fn debug_failed(&mut self) {
        self.debugger.making = false;
        self.leave_again();
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
        let source = self.given.source.as_deref();
        let code = self.debugger.code(source, &file);
        let moves = source.and_then(|source| source.moves(&file));
        let built = moves.as_ref().map_or(line, |moves| moves.back(line));
        let code = code.into_iter().filter(|with_code| *with_code >= built);
        let next = code
            .min()
            .map(|next| moves.as_ref().map_or(next, |moves| moves.line(next)));
        (file, next.unwrap_or(line))
    }

    fn send_breakpoints(&self) -> Vec<Effect> {
        let Some(lines) = self.debugger.lines.as_ref().filter(|_| self.debugger.ready) else {
            return Vec::new();
        };
        let source = self.given.source.as_deref();
        let wanted = self.given.debug.breakpoints.iter();
        let wanted = wanted.map(|(file, line)| {
            let moves = source.and_then(|source| source.moves(file));
            let line = moves.map_or(*line, |moves| moves.back(*line));
            (files_of(lines, source, file), line)
        });
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
        let mut places: Vec<u32> = first.map(|((place, _), _)| *place).collect();
        let names = self.given.debug.names.iter();
        places.extend(names.flat_map(|name| self.debugger.places_of(name)));
        let places = Debug::Breakpoints(places);
        vec![Effect::Send(Command::Debug(places)), self.send_held()]
    }
}

impl Debugger {
    /// The guest can be stopped at these lines; of the others nothing is left but what ends a block, and they have no
    /// code to anybody.
    fn stops_at(&mut self, stops: &[bool]) {
        let Some(lines) = &mut self.lines else { return };
        let is_in_a_file = |file: u32| lines.files.len() > file as usize;
        let mut pairs = lines.lines.iter().zip(stops);
        if pairs.all(|((file, _), stops)| *stops || !is_in_a_file(*file)) {
            return;
        }
        let lines = &mut lines.make_mut().lines;
        for (line, _) in lines.iter_mut().zip(stops).filter(|(_, stops)| !**stops) {
            *line = (u32::MAX, 0);
        }
    }

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
    let text = source.map_or("", |source| source.built_text(file));
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
    files.find(|file| last(file) == name && says_package(source.built_text(file), package))
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
mod tests;
