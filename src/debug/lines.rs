//! The lines of a module's source that have code.

use super::dwarf;
use super::go::{self, Tables};
use super::names;
use super::places::Places;
use crate::protocol::{Inlined, Lines, SourceFile, encode};
use std::collections::HashMap;

/// Places beyond this number are left out.
const MOST: usize = 1 << 20;

/// A line: its file and its number.
pub(super) type At<'a> = (&'a str, u32);

impl Places {
    /// The lines at which a guest can be stopped: those of its own functions, not those of a runtime. Where no line is
    /// known, each function has one, which is in no file.
    #[must_use]
    pub fn lines(&self) -> Lines {
        let mut table = Table::default();
        let bodies = &self.module.bodies;
        let add = |place, function: &str, file: &str, line, call, callers: &[At<'_>]| {
            let body = bodies.partition_point(|body| body.start <= place);
            if line > 0 {
                table.begins(body, place, function, call);
            }
            table.add(place, function, file, line);
            table.is_within(place, callers);
        };
        match Tables::find(&self.image) {
            Some(tables) => go::statements(&self.module, &go::Lines::new(tables), add),
            None => {
                let lines = dwarf::Lines::new(&self.module, &self.index);
                lines.statements(add);
                // No message here fails to be written.
                table.told.kept = encode(&lines.kept()).unwrap_or_default();
            }
        }
        if table.told.lines.is_empty() {
            self.each_function(|place, function| {
                table.begins(place as usize, place, function, 0);
                table.told.lines.push((NO_FILE, 0));
                let number = u32::try_from(table.told.lines.len()).unwrap_or(0);
                table.told.places.push((place, number));
            });
        }
        let problem = self.index.problem.clone();
        table.finish(problem)
    }

    /// Where each function begins that is not of a runtime, and what it is called.
    fn each_function(&self, mut found: impl FnMut(u32, &str)) {
        for (body, function) in self.module.bodies.iter().zip(self.module.imported()..) {
            let name = self.name(function);
            if let (Some(place), false) = (self.module.first(body), names::is_runtime(&name)) {
                found(place, &name);
            }
        }
    }
}

/// That a line is in no file that is known: it stands for a function.
const NO_FILE: u32 = u32::MAX;

#[derive(Default)]
struct Table {
    told: Lines,
    files: HashMap<String, u32>,
    lines: HashMap<(u32, u32), u32>,
    /// Which calls are inlined where; the numbers of lines without code count down from the largest.
    inlined: Vec<Inlined>,
    calls: HashMap<(String, u32), u32>,
    /// Where functions begin: by the body that they are in, which call of it is inlined there, and the name.
    begins: HashMap<(usize, usize, String), u32>,
}

impl Table {
    fn begins(&mut self, body: usize, place: u32, function: &str, call: usize) {
        if self.begins.len() < MOST {
            let key = (body, call, function.to_owned());
            let first = self.begins.entry(key).or_insert(place);
            *first = place.min(*first);
        }
    }

    fn functions(&mut self) -> Vec<(String, u32)> {
        let begins = std::mem::take(&mut self.begins).into_iter();
        let mut functions: Vec<_> = begins.map(|((.., name), place)| (name, place)).collect();
        functions.sort_unstable();
        functions
    }

    fn add(&mut self, place: u32, function: &str, file: &str, line: u32) {
        if self.told.places.len() >= MOST {
            return;
        }
        if line == 0 || file.is_empty() {
            self.told.places.push((place, 0));
            return;
        }
        let file = match self.files.get(file) {
            Some(known) => *known,
            None => {
                let number = u32::try_from(self.told.files.len()).unwrap_or(u32::MAX);
                self.files.insert(file.to_owned(), number);
                self.told.files.push(SourceFile {
                    path: file.to_owned(),
                    package: names::package(function).to_owned(),
                });
                number
            }
        };
        let lines = &mut self.told.lines;
        let number = *self.lines.entry((file, line)).or_insert_with(|| {
            lines.push((file, line));
            u32::try_from(lines.len()).unwrap_or(0)
        });
        self.told.places.push((place, number));
    }

    /// From this place on, these calls are inlined, the outermost first.
    fn is_within(&mut self, place: u32, callers: &[At<'_>]) {
        let calls = &mut self.calls;
        let number = |(file, line): &At<'_>| {
            let next = u32::try_from(calls.len()).unwrap_or(0);
            let number = calls.entry(((*file).to_owned(), *line));
            *number.or_insert(u32::MAX - next)
        };
        let callers: Vec<u32> = callers.iter().map(number).collect();
        if self.inlined.len() < MOST {
            self.inlined.push((place, callers));
        }
    }

    /// What the session is told of that, with the numbers of those lines that have code.
    fn within(&mut self) -> Vec<u8> {
        let numbers = self.calls.iter().filter_map(|((file, line), number)| {
            let file = self.files.get(file)?;
            Some((*number, *self.lines.get(&(*file, *line))?))
        });
        let numbers: HashMap<u32, u32> = numbers.collect();
        let mut inlined = std::mem::take(&mut self.inlined);
        inlined.reverse();
        inlined.sort_by_key(|(place, _)| *place);
        inlined.dedup_by_key(|(place, _)| *place);
        inlined.dedup_by(|next, before| next.1 == before.1);
        for call in inlined.iter_mut().flat_map(|(_, calls)| calls) {
            *call = numbers.get(call).copied().unwrap_or(*call);
        }
        // No message here fails to be written.
        encode(&inlined).unwrap_or_default()
    }

    fn finish(mut self, problem: Option<String>) -> Lines {
        self.told.functions = self.functions();
        self.told.inlined = self.within();
        let places = &mut self.told.places;
        // Of several at one place the last one counts.
        places.reverse();
        places.sort_by_key(|(place, _)| *place);
        places.dedup_by_key(|(place, _)| *place);
        self.told.problem = problem;
        self.told
    }
}
