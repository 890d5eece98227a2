//! The lines that a plugin logs, as far as they are kept to be shown; the console has all.

use super::Part;

/// The most lines that are kept, and the most bytes of each.
const MOST_LINES: usize = 200;
const MOST_LINE: usize = 2000;

/// The latest lines of a call's log, each with its level.
#[derive(Debug, Default)]
pub(super) struct Log {
    lines: Vec<(&'static str, String)>,
    /// Lines that are not kept.
    more: u64,
}

impl Log {
    /// One more line.
    pub fn add(&mut self, level: &'static str, line: &str) {
        if self.lines.len() >= MOST_LINES {
            self.more += 1;
            return;
        }
        let line = line.trim_end_matches('\n');
        let end = (0..=MOST_LINE)
            .rev()
            .find(|end| line.is_char_boundary(*end));
        let line = match end.and_then(|end| line.get(..end)) {
            Some(head) if line.len() > MOST_LINE => format!("{head}…"),
            _ => line.to_owned(),
        };
        self.lines.push((level, line));
    }

    /// It is empty.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The lines as a table; `None`: there are none.
    pub fn part(&self) -> Option<Part> {
        if self.lines.is_empty() {
            return None;
        }
        let row = |(level, line): &(&str, String)| vec![(*level).to_owned(), line.clone()];
        let mut rows: Vec<Vec<String>> = self.lines.iter().map(row).collect();
        if self.more > 0 {
            rows.push(vec![String::new(), format!("{} more (Console)", self.more)]);
        }
        Some(Part::Table {
            columns: vec!["level".to_owned(), "message".to_owned()],
            rows,
        })
    }
}
