//! The lines of a module's source that have code.

use super::dwarf;
use super::go::{self, Tables};
use super::names;
use super::places::Places;
use crate::protocol::{Lines, SourceFile};
use std::collections::HashMap;

/// Places beyond this number are left out.
const MOST: usize = 1 << 20;

impl Places {
    /// The lines at which a guest can be stopped: those of its own functions, not those of a runtime.
    #[must_use]
    pub fn lines(&self) -> Lines {
        let mut table = Table::default();
        let add = |place, function: &str, file: &str, line| table.add(place, function, file, line);
        match Tables::find(&self.image) {
            Some(tables) => go::statements(&self.module, &go::Lines::new(tables), add),
            None => dwarf::Lines::new(&self.module, &self.index).statements(add),
        }
        let problem = self.index.problem.clone();
        table.finish(problem)
    }
}

#[derive(Default)]
struct Table {
    told: Lines,
    files: HashMap<String, u32>,
    lines: HashMap<(u32, u32), u32>,
}

impl Table {
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

    fn finish(mut self, problem: Option<String>) -> Lines {
        let places = &mut self.told.places;
        // Of several at one place the last one counts.
        places.reverse();
        places.sort_by_key(|(place, _)| *place);
        places.dedup_by_key(|(place, _)| *place);
        self.told.problem = problem;
        self.told
    }
}
