//! The file of the source that is looked at, and the line in it that something led to.

use super::arrangement::Panel;
use super::board::Board;
use super::program::Naming;

/// What is looked at in the plugin's Go source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SourceView {
    /// The file, if one was chosen.
    file: Option<String>,
    /// The line that is marked, from 1; 0: none.
    pub(crate) line: u32,
    /// The column in it that something led to, in bytes, from 1; 0: none.
    pub(crate) column: u32,
    /// How often something has led here.
    pub(crate) visits: u32,
    /// The name that is being typed for a file.
    pub(crate) naming: Option<Naming>,
    /// The file that was taken away last, and its text.
    pub(crate) removed: Option<(String, String)>,
}

impl SourceView {
    /// The file that is shown of these: the one that was chosen, or else the first Go file, or the first.
    pub(crate) fn file<'a>(&self, files: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        let is_go = |file: &str| file.ends_with(".go");
        let mut best: Option<&str> = None;
        for file in files {
            if Some(file) == self.file.as_deref() {
                return Some(file);
            }
            if best.is_none_or(|best| !is_go(best) && is_go(file)) {
                best = Some(file);
            }
        }
        best
    }
}

impl Board {
    /// What is looked at in the source.
    pub(crate) fn source_view(&self) -> &SourceView {
        &self.source_view
    }

    /// Shows a line of a file of the source as the module on the board was built of it.
    pub(crate) fn show_source(&mut self, file: &str, line: u32) {
        let source = self.given.source.as_deref();
        let moves = source.and_then(|source| source.moves(file));
        let line = moves.map_or(line, |moves| moves.line(line));
        self.show_place(file, line, 0);
    }

    /// Shows a line of a file of the source as it is now, at a column unless that is 0.
    pub(crate) fn show_place(&mut self, file: &str, line: u32, column: u32) {
        self.look_at_source(file);
        self.source_view.line = line;
        self.source_view.column = column;
        self.source_view.visits += 1;
        self.arrangement.show(Panel::Source);
    }

    /// Shows a file of the source.
    pub(crate) fn look_at_source(&mut self, file: &str) {
        self.source_view.file = Some(file.to_owned());
        self.source_view.line = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_in_its_file_and_another_file_has_no_mark() {
        let mut board = Board::default();
        let files = || ["a.go", "b.go"].into_iter();
        assert_eq!(board.source_view().file(files()), Some("a.go"));
        board.show_source("b.go", 7);
        let view = board.source_view();
        assert_eq!(
            (view.file(files()), view.line, view.visits),
            (Some("b.go"), 7, 1)
        );
        board.look_at_source("a.go");
        assert_eq!(
            (board.source_view().file(files()), board.source_view().line),
            (Some("a.go"), 0)
        );
        // It may be gone meanwhile.
        board.show_source("c.go", 1);
        assert_eq!(board.source_view().file(files()), Some("a.go"));
        assert_eq!(board.source_view().file([].into_iter()), None);
    }
}
