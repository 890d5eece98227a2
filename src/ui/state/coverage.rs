//! Which lines calls have reached, file by file. The session tells it after each call, and begins anew: what all calls in the
//! instance have reached is put together here.

use super::board::{Board, Effect};
use super::debugger::files_of;
use super::shared::Shared;
use crate::debug::cover::{self, Covered};
use crate::protocol::{Command, Debug, Lines, SourceFile};

/// Files that are listed; the others count in the last row of all.
const MOST: usize = 500;

/// What has been reached, by the number of a line, from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reached {
    /// By the last call.
    last: Vec<bool>,
    /// By all calls in the instance.
    all: Vec<bool>,
}

/// What is shown of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Coverage {
    /// Whether it is of the last call alone.
    pub(crate) of_last: bool,
    /// The files that have code: those of the plugin's source, then the others.
    pub(crate) files: Vec<CoveredFile>,
    /// How many others there are.
    pub(crate) more: usize,
    /// Lines reached, and lines with code, in all files.
    pub(crate) total: [u32; 2],
}

/// The lines of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CoveredFile {
    /// Its path, as the compiler wrote it.
    pub(crate) path: String,
    /// Which file of the source it is, if it is there, and its first line that has not been reached, or else that has code.
    pub(crate) source: Option<(String, u32)>,
    /// Lines reached, and lines with code.
    pub(crate) lines: [u32; 2],
}

impl Board {
    /// What has been reached, file by file; `None`: calls are not debugged, or none has ended.
    pub(crate) fn coverage(&self) -> Option<&Shared<Coverage>> {
        let coverage = &self.debugger.coverage;
        (self.debugs() && !coverage.files.is_empty()).then_some(coverage)
    }

    /// Shows what the last call has reached, or all calls in the instance.
    pub(crate) fn cover_last(&mut self, of_last: bool) {
        self.debugger.coverage.make_mut().of_last = of_last;
        self.show_reached();
    }

    /// The file that `go tool cover` opens, and its name.
    pub(crate) fn cover_profile(&self) -> Option<(String, String)> {
        self.coverage()?;
        let lines = self.debugger.lines.as_ref()?;
        let reached = &self.debugger.reached;
        let covered = lines
            .lines
            .iter()
            .enumerate()
            .filter_map(|(at, (file, line))| {
                Some(Covered {
                    file: written(lines.files.get(*file as usize)?)?.to_owned(),
                    line: *line,
                    reached: reached.get(at).copied().unwrap_or(false),
                })
            });
        let covered: Vec<Covered> = covered.collect();
        let name = &self.plugged.as_ref()?.info.name;
        let name = name.strip_suffix(".wasm").unwrap_or(name);
        Some((format!("{name}.cover"), cover::profile(&covered)))
    }

    /// What the next call reaches is to be told apart.
    pub(super) fn cover_anew(&self) -> Option<Effect> {
        let again = || Effect::Send(Command::Debug(Debug::Cover(true)));
        self.debugger.ready.then(again)
    }

    /// A call has reached these lines.
    pub(super) fn has_reached(&mut self, last: Vec<bool>) {
        let reached = &mut self.debugger.by_calls;
        reached.all.resize(last.len(), false);
        for (all, last) in reached.all.iter_mut().zip(&last) {
            *all |= *last;
        }
        reached.last = last;
        self.show_reached();
    }

    /// The instance is another one, in which nothing has been reached.
    pub(super) fn reached_nothing(&mut self) {
        let debugger = &mut self.debugger;
        debugger.by_calls = Reached::default();
        debugger.reached = Shared::default();
        let of_last = debugger.coverage.of_last;
        debugger.coverage = Shared::new(Coverage {
            of_last,
            ..Coverage::default()
        });
    }

    fn show_reached(&mut self) {
        let debugger = &mut self.debugger;
        let of_last = debugger.coverage.of_last;
        let reached = match of_last {
            true => &debugger.by_calls.last,
            false => &debugger.by_calls.all,
        };
        debugger.reached = Shared::new(reached.clone());
        if let Some(lines) = &debugger.lines {
            let source = self.given.source.as_deref();
            let mut sources = vec![None; lines.files.len()];
            for file in source.into_iter().flat_map(|source| source.dropped()) {
                for at in files_of(lines, source, file) {
                    if let Some(of) = sources.get_mut(at as usize) {
                        *of = Some(file.to_owned());
                    }
                }
            }
            let coverage = by_file(lines, &debugger.reached, sources);
            debugger.coverage = Shared::new(Coverage {
                of_last,
                ..coverage
            });
        }
    }
}

/// The files of `lines`, of which `sources` says which file of the source each is.
fn by_file(lines: &Lines, reached: &[bool], sources: Vec<Option<String>>) -> Coverage {
    let files = lines.files.iter().zip(sources).map(|(file, source)| {
        let file = CoveredFile {
            path: file.path.clone(),
            source: source.map(|file| (file, 0)),
            lines: [0; 2],
        };
        (file, u32::MAX, u32::MAX)
    });
    let mut files: Vec<(CoveredFile, u32, u32)> = files.collect();
    let mut coverage = Coverage::default();
    for (at, (file, line)) in lines.lines.iter().enumerate() {
        let is_reached = reached.get(at).copied().unwrap_or(false);
        let known = lines.files.get(*file as usize).and_then(written);
        let (Some(_), Some((file, first, missed))) = (known, files.get_mut(*file as usize)) else {
            continue;
        };
        for counts in [&mut file.lines, &mut coverage.total] {
            let [of, all] = counts;
            *of += u32::from(is_reached);
            *all += 1;
        }
        *first = (*first).min(*line);
        if !is_reached {
            *missed = (*missed).min(*line);
        }
    }
    let files = files.into_iter().filter(|(file, ..)| file.lines != [0; 2]);
    let files = files.map(|(mut file, first, missed)| {
        if let Some((_, line)) = &mut file.source {
            *line = if missed == u32::MAX { first } else { missed };
        }
        file
    });
    coverage.files = files.collect();
    coverage
        .files
        .sort_by(|one, other| one.key().cmp(&other.key()));
    coverage.more = coverage.files.len().saturating_sub(MOST);
    coverage.files.truncate(MOST);
    coverage
}

/// The path of a file, unless the compiler has made it up: `<autogenerated>`.
fn written(file: &SourceFile) -> Option<&str> {
    Some(&*file.path).filter(|path| !path.starts_with('<'))
}

impl CoveredFile {
    fn key(&self) -> (bool, &str) {
        (self.source.is_none(), &self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Debugged, Event, InstanceState};
    use crate::ui::state::tests::plugged;

    const TEXT: &str = "package main\n\nfunc f() {\n\tg()\n\n\tg()\n}\n";

    fn lines() -> Lines {
        let file = |path: &str, package: &str| SourceFile {
            path: path.to_owned(),
            package: package.to_owned(),
        };
        Lines {
            inlined: Vec::new(),
            kept: Vec::new(),
            functions: Vec::new(),
            places: vec![(10, 1), (20, 2), (30, 3), (40, 4), (50, 5)],
            lines: vec![(1, 3), (1, 4), (1, 6), (0, 9), (3, 1)],
            files: vec![
                file("/a/lib/lib.go", "x/lib"),
                file("/a/main.go", "main"),
                file("/a/empty.go", "main"),
                file("<autogenerated>", "main"),
            ],
            problem: None,
        }
    }

    #[inline(never)]
    fn debugged() -> Board {
        let mut board = plugged();
        board.add_source(&[("main.go".to_owned(), TEXT.to_owned())]);
        board.switch_debug();
        board.take_lines(lines());
        board.debugged(Debugged::Ready(Some(4)));
        board
    }

    fn reach(board: &mut Board, places: &[u32]) {
        let told = lines().places.into_iter();
        let told = told.map(|line| (line, places.contains(&line.0)));
        board.debugged(Debugged::Covered(told.collect()));
    }

    fn shown(board: &Board) -> Vec<(&str, [u32; 2])> {
        let coverage = board.coverage();
        let files = coverage.iter().flat_map(|coverage| &coverage.files);
        files.map(|file| (file.path.as_str(), file.lines)).collect()
    }

    #[test]
    fn files_say_how_many_of_their_lines_were_reached() {
        let mut board = debugged();
        assert_eq!(board.coverage(), None);
        reach(&mut board, &[10, 40]);
        assert_eq!(
            shown(&board),
            [("/a/main.go", [1, 3]), ("/a/lib/lib.go", [1, 1])]
        );
        let coverage = board.coverage().unwrap();
        assert_eq!(coverage.total, [2, 4]);
        // To what is still missing.
        assert_eq!(coverage.files[0].source, Some(("main.go".to_owned(), 4)));
        assert_eq!(coverage.files[1].source, None);
    }

    #[test]
    fn calls_add_up_in_an_instance() {
        let mut board = debugged();
        reach(&mut board, &[10]);
        reach(&mut board, &[20]);
        assert_eq!(shown(&board)[0].1, [2, 3]);
        assert_eq!(
            board.gutter("main.go").code,
            [(3, Some(true)), (4, Some(true)), (6, Some(false))]
        );
        board.cover_last(true);
        assert_eq!(shown(&board)[0].1, [1, 3]);
        assert_eq!(
            board.gutter("main.go").code,
            [(3, Some(false)), (4, Some(true)), (6, Some(false))]
        );
        board.cover_last(false);
        board.apply(Event::Instance(InstanceState::Fresh));
        assert_eq!(board.coverage(), None);
        reach(&mut board, &[20]);
        assert_eq!(shown(&board)[0].1, [1, 3]);
    }

    #[test]
    fn each_call_is_told_apart() {
        let board = debugged();
        let again = Effect::Send(Command::Debug(Debug::Cover(true)));
        assert_eq!(board.cover_anew(), Some(again));
        assert_eq!(plugged().cover_anew(), None);
    }

    #[test]
    fn it_is_saved_as_go_has_it() {
        let mut board = debugged();
        assert_eq!(board.cover_profile(), None);
        reach(&mut board, &[10, 40]);
        let (name, text) = board.cover_profile().unwrap();
        assert_eq!(name, "greet.cover");
        let wanted = "mode: set\n/a/lib/lib.go:9.1,9.65536 1 1\n/a/main.go:3.1,3.65536 1 1\n\
                      /a/main.go:4.1,4.65536 1 0\n/a/main.go:6.1,6.65536 1 0\n";
        assert_eq!(text, wanted);
    }
}
