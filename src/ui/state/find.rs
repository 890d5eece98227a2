//! What a person searches the console for.

use super::board::Board;
use super::console::{Search, Source};

impl Board {
    /// The search that is open.
    pub(crate) fn search(&self) -> Option<&Search> {
        self.search.as_ref()
    }

    /// Opens the search; what is found first is looked for from the line `origin` on.
    pub(crate) fn open_search(&mut self, origin: u64) {
        if self.search.is_none() {
            self.search = Some(Search::new("", self.filter, origin));
        }
    }

    pub(crate) fn close_search(&mut self) {
        self.search = None;
    }

    /// Searches for another text, from where the search is.
    pub(crate) fn search_for(&mut self, text: &str) {
        if let Some(search) = &mut self.search {
            *search = Search::new(text, self.filter, search.place());
        }
    }

    /// Goes to the next hit, or the one before.
    pub(crate) fn find(&mut self, on: bool) {
        if let Some(search) = &mut self.search {
            search.go(on);
        }
    }

    /// Looks at about so many bytes more; whether there is still more to look at.
    pub(crate) fn search_step(&mut self, bytes: usize) -> bool {
        let Some(search) = &mut self.search else {
            return false;
        };
        search.step(&self.console, bytes);
        search.is_behind(&self.console)
    }

    /// Goes to the next stretch of stderr, or of what went wrong.
    pub(crate) fn next_error(&mut self) {
        let (at, jumps) = self
            .error
            .map_or((None, 0), |(at, jumps)| (Some(at), jumps));
        let next = self.console.next_error(self.filter, at);
        self.error = next.map(|at| (at, jumps + 1));
    }

    /// The line that was gone to, and how many jumps there have been.
    pub(crate) fn error(&self) -> Option<(u64, u32)> {
        self.error
    }

    pub(crate) fn clear_console(&mut self) {
        self.error = None;
        self.console.clear();
        self.search_again();
    }

    pub(crate) fn toggle(&mut self, source: Source) {
        self.filter.toggle(source);
        self.search_again();
    }

    fn search_again(&mut self) {
        if let Some(search) = &mut self.search {
            let text = search.text().to_owned();
            *search = Search::new(&text, self.filter, search.place());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_goes_on_with_what_is_typed_shown_and_cleared() {
        let mut board = Board::default();
        board.console.write(Source::Stdout, b"one\ntwo\n");
        board.console.write(Source::Stderr, b"one more\n");
        assert!(!board.search_step(1 << 20), "there is none");
        board.open_search(0);
        board.search_for("on");
        assert!(!board.search_step(1 << 20));
        let seen = |board: &Board| {
            let search = board.search().unwrap();
            (search.count(), search.current())
        };
        assert_eq!(seen(&board), (2, Some(0)));
        board.find(true);
        assert_eq!(seen(&board), (2, Some(2)));
        board.search_for("one");
        board.search_step(1 << 20);
        assert_eq!(seen(&board), (2, Some(2)), "where it was");
        board.toggle(Source::Stderr);
        board.search_step(1 << 20);
        assert_eq!(seen(&board), (1, Some(0)));
        board.clear_console();
        board.search_step(1 << 20);
        assert_eq!(seen(&board), (0, None));
        assert_eq!(board.search().unwrap().text(), "one");
        board.close_search();
        assert!(board.search().is_none());
    }
}
