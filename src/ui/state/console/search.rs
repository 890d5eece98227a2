//! Searching the console, a part of it at a time.

use super::Filter;
use super::log::Console;
use super::pattern::Pattern;
use std::collections::VecDeque;

/// Which lines a text is in, as far as they have been looked at.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// As it was typed.
    text: String,
    pattern: Pattern,
    filter: Filter,
    /// The numbers of the lines that it is in, in order.
    hits: VecDeque<u64>,
    /// The first line that has not been looked at.
    next: u64,
    /// Lines that may have changed since they were looked at.
    unsettled: Vec<u64>,
    /// The console when those were looked at last.
    version: u64,
    /// The line from which on the first hit is looked for.
    origin: u64,
    current: Option<u64>,
    scratch: Vec<u8>,
}

impl Search {
    /// A search whose first hit is to be at or behind the line `origin`.
    pub(crate) fn new(text: &str, filter: Filter, origin: u64) -> Self {
        Self {
            text: text.to_owned(),
            pattern: Pattern::new(text),
            filter,
            origin,
            ..Self::default()
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The first line that has not been looked at.
    pub(crate) fn looked_at(&self) -> u64 {
        self.next
    }

    /// How many lines it is in.
    pub(crate) fn count(&self) -> usize {
        self.hits.len()
    }

    /// The line that is shown.
    pub(crate) fn current(&self) -> Option<u64> {
        self.current
    }

    /// Which of the hits that is, from 1 on.
    pub(crate) fn ordinal(&self) -> Option<usize> {
        let place = self.hits.binary_search(&self.current?).ok()?;
        Some(place + 1)
    }

    /// Where the search began: the line that is shown, or the one it was begun at.
    pub(crate) fn place(&self) -> u64 {
        self.current.unwrap_or(self.origin)
    }

    /// Whether there is more to look at.
    pub(crate) fn is_behind(&self, console: &Console) -> bool {
        !self.pattern.is_empty()
            && (self.next < console.lines.end() || self.version != console.version())
    }

    /// Looks at some more lines: about so many bytes of them.
    pub(crate) fn step(&mut self, console: &Console, bytes: usize) {
        if self.pattern.is_empty() {
            return;
        }
        let start = console.lines.start();
        while self.hits.front().is_some_and(|&hit| hit < start) {
            self.hits.pop_front();
        }
        if self.version != console.version() {
            self.version = console.version();
            let lines = std::mem::take(&mut self.unsettled);
            for number in lines.into_iter().filter(|&number| number >= start) {
                self.look_at(console, number);
            }
        }
        self.next = self.next.max(start);
        let mut left = bytes;
        while self.next < console.lines.end() && left > 0 {
            self.look_at(console, self.next);
            self.next += 1;
            left = left.saturating_sub(self.scratch.len() + 16);
        }
        let done = self.next == console.lines.end();
        if self.current.is_none_or(|current| current < start) {
            let from = self.hits.partition_point(|&hit| hit < self.origin);
            let hit = self.hits.get(from).copied();
            self.current = hit.or_else(|| self.hits.back().copied().filter(|_| done));
        }
    }

    /// Goes to the next hit, or the one before; round the ends.
    pub(crate) fn go(&mut self, on: bool) {
        let at = self.hits.partition_point(|&hit| hit < self.place());
        let hit = if on {
            let behind = self.hits.partition_point(|&hit| hit <= self.place());
            self.hits.get(behind).or_else(|| self.hits.front())
        } else {
            let before = at.checked_sub(1).and_then(|at| self.hits.get(at));
            before.or_else(|| self.hits.back())
        };
        self.current = hit.copied().or(self.current);
    }

    fn look_at(&mut self, console: &Console, number: u64) {
        self.scratch.clear();
        let Some((source, settled)) = console.read_line(number, &mut self.scratch) else {
            return;
        };
        if !settled {
            self.unsettled.push(number);
        }
        let is_hit = self.filter.shows(source) && self.pattern.is_in(&self.scratch);
        match (self.hits.binary_search(&number), is_hit) {
            (Err(place), true) => self.hits.insert(place, number),
            (Ok(place), false) => {
                self.hits.remove(place);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Source::{Note, Stderr, Stdout};
    use super::*;

    fn searched(console: &Console, text: &str) -> Search {
        let mut search = Search::new(text, Filter::default(), 0);
        search.step(console, usize::MAX);
        assert!(!search.is_behind(console));
        search
    }

    fn hits(search: &Search) -> Vec<u64> {
        search.hits.iter().copied().collect()
    }

    #[test]
    fn lines_are_found_in_what_is_seen_of_them() {
        let mut console = Console::default();
        console.write(
            Stdout,
            b"An error\nfine\n\x1b[31mer\x1b[mror\nXXXXX\rError\n",
        );
        console.say(Note, "no error");
        console.write(Stdout, b"an open err");
        assert_eq!(hits(&searched(&console, "ERROR")), [0, 2, 3, 4]);
        assert_eq!(hits(&searched(&console, "31m")), [0; 0]);
        assert_eq!(hits(&searched(&console, "")), [0; 0]);
        let mut search = searched(&console, "error");
        console.write(Stdout, b"or");
        assert!(search.is_behind(&console));
        search.step(&console, usize::MAX);
        assert_eq!(
            hits(&search),
            [0, 2, 3, 4, 5],
            "an open line is looked at again"
        );
        console.write(Stdout, b"\r\x1b[K");
        search.step(&console, usize::MAX);
        assert_eq!(
            hits(&search),
            [0, 2, 3, 4],
            "and what is erased is not there"
        );
    }

    #[test]
    fn hits_are_gone_through_round_the_ends() {
        let mut console = Console::default();
        for line in 0..100 {
            console.write(Stdout, format!("line {line}\n").as_bytes());
        }
        let mut search = Search::new("7", Filter::default(), 60);
        search.step(&console, usize::MAX);
        assert_eq!(search.count(), 19);
        assert_eq!((search.current(), search.ordinal()), (Some(67), Some(7)));
        search.go(true);
        assert_eq!(search.current(), Some(70));
        search.go(false);
        search.go(false);
        assert_eq!(search.current(), Some(57));
        let mut search = Search::new("97", Filter::default(), 99);
        search.step(&console, usize::MAX);
        assert_eq!(search.current(), Some(97), "there is none behind");
        search.go(true);
        assert_eq!(search.current(), Some(97));
    }

    #[test]
    fn it_goes_by_steps_and_keeps_up_with_what_comes_and_goes() {
        let mut console = Console::default();
        console.write(Stdout, &b"needle\nhay\n".repeat(1000));
        let mut search = Search::new("needle", Filter::default(), 0);
        search.step(&console, 4096);
        assert!(
            search.count() > 50 && search.count() < 200,
            "{}",
            search.count()
        );
        assert_eq!(search.current(), Some(0));
        while search.is_behind(&console) {
            search.step(&console, 4096);
        }
        assert_eq!(search.count(), 1000);
        console.write(Stderr, b"another needle\n");
        search.step(&console, 4096);
        assert_eq!(search.count(), 1001);
        console.write(Stdout, &b"hay\n".repeat(1_100_000));
        while search.is_behind(&console) {
            search.step(&console, 1 << 20);
        }
        assert_eq!((search.count(), search.current()), (0, None));
    }

    #[test]
    fn what_is_hidden_is_not_found() {
        let mut console = Console::default();
        console.write(Stdout, b"needle\n");
        console.write(Stderr, b"needle\n");
        let mut filter = Filter::default();
        filter.toggle(Stdout);
        let mut search = Search::new("needle", filter, 0);
        search.step(&console, usize::MAX);
        assert_eq!(hits(&search), [1]);
    }
}
