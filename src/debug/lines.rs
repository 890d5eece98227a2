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
        let bodies = &self.module.bodies;
        let add = |place, function: &str, file: &str, line| {
            let body = bodies.partition_point(|body| body.start <= place);
            table.begins(body, place, function, line);
            table.add(place, function, file, line);
        };
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
    /// The body and the function that the place before was in.
    last: (usize, String),
    /// Where functions may begin.
    begins: Vec<Begin>,
}

/// Where the code of a function begins, or goes on behind that of another one.
struct Begin {
    function: String,
    place: u32,
    line: u32,
    /// Whether it is the first of its body.
    is_first: bool,
}

impl Table {
    fn begins(&mut self, body: usize, place: u32, function: &str, line: u32) {
        let is_first = self.last.0 != body;
        if line == 0 || self.begins.len() >= MOST || (!is_first && self.last.1 == function) {
            return;
        }
        self.last = (body, function.to_owned());
        self.begins.push(Begin {
            function: function.to_owned(),
            place,
            line,
            is_first,
        });
    }

    /// Where they do: at the first place of a body, and, where they are inlined, wherever the least of their lines there begins.
    fn functions(&self) -> Vec<(String, u32)> {
        let mut least: HashMap<&str, u32> = HashMap::new();
        for begin in self.begins.iter().filter(|begin| !begin.is_first) {
            let line = least.entry(&begin.function).or_insert(begin.line);
            *line = begin.line.min(*line);
        }
        let is_one =
            |begin: &&Begin| begin.is_first || least.get(&*begin.function) == Some(&begin.line);
        let begins = self.begins.iter().filter(is_one);
        let mut functions: Vec<_> = begins
            .map(|begin| (begin.function.clone(), begin.place))
            .collect();
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

    fn finish(mut self, problem: Option<String>) -> Lines {
        self.told.functions = self.functions();
        let places = &mut self.told.places;
        // Of several at one place the last one counts.
        places.reverse();
        places.sort_by_key(|(place, _)| *place);
        places.dedup_by_key(|(place, _)| *place);
        self.told.problem = problem;
        self.told
    }
}
