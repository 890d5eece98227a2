//! Where the guest is while it is held, and where it was when a run ended in the middle: the session sees its stack, the
//! reader says what that is in the source.

use super::board::{Board, Effect};
use super::go_source::GoSource;
use super::shared::Shared;
use crate::protocol::{Backtrace, CallId, Command, Debug, Frame, Seen, Stack};

/// Lines of source that are shown before a line, and behind it.
const AROUND: usize = 2;

/// What is known of where the guest is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Located {
    /// The call, and where in it; `None`: it has not been told.
    told: Option<(CallId, Shared<Backtrace>)>,
    /// Whether the reader has yet to say what it was asked.
    asked: bool,
    /// Whether the call was debugged.
    debugged: bool,
    /// What is to be asked then.
    newer: Option<(CallId, Box<Stack>)>,
    /// How often the session has yet to write arguments.
    unwritten: u32,
}

impl Board {
    /// Where the guest is, or was when the last call ended.
    pub(crate) fn backtrace(&self) -> Option<&Shared<Backtrace>> {
        let (call, backtrace) = self.located.told.as_ref()?;
        let is_of = match (&self.run, self.finished()) {
            (Some(run), _) => run.call == *call && run.is_held(),
            (None, finished) => finished.is_some_and(|last| last.number == *call),
        };
        is_of.then_some(backtrace)
    }

    /// How the stack was seen, as a sentence.
    pub(crate) fn how_seen(&self, backtrace: &Backtrace) -> &'static str {
        match backtrace.seen {
            _ if self.located.debugged => "With Debug: every frame is where its function is.",
            Seen::Traced => {
                "As the browser's engine traces it: every frame is where its function is."
            }
            Seen::Returns { .. } => {
                "By the return addresses in the guest's memory: every frame but the innermost is where its function is."
            }
            Seen::Noted => {
                "By what functions note when they call and trap: where the innermost one is, is not known when it read or wrote memory."
            }
        }
    }

    /// The session has seen a stack.
    pub(super) fn seen(&mut self, call: CallId, stack: Box<Stack>) -> Vec<Effect> {
        if self.is_saved_run() {
            return Vec::new();
        }
        self.located.debugged = self.is_debugged();
        // One after the other: a program that reads line by line is held each time.
        if std::mem::replace(&mut self.located.asked, true) {
            self.located.newer = Some((call, stack));
            return Vec::new();
        }
        let bytes = Vec::new();
        vec![Effect::Send(Command::Backtrace { call, stack, bytes })]
    }

    /// The reader has said what it is.
    #[inline(never)]
    pub(super) fn locate(&mut self, call: CallId, backtrace: Backtrace) -> Vec<Effect> {
        // What was asked about may have gone on, and come to its end.
        if !std::mem::take(&mut self.located.asked) {
            return Vec::new();
        }
        self.show_where_it_stopped(&backtrace);
        let values = backtrace.values().filter_map(|it| it.value.clone());
        let values: Vec<_> = values.collect();
        self.located.told = Some((call, Shared::new(backtrace)));
        match self.located.newer.take() {
            Some((call, stack)) => self.seen(call, stack),
            None if values.is_empty() => Vec::new(),
            None => {
                self.located.unwritten += 1;
                vec![Effect::Send(Command::Debug(Debug::Show(values)))]
            }
        }
    }

    /// The session has written the values of the arguments.
    pub(super) fn shown(&mut self, values: Vec<String>) {
        self.located.unwritten = self.located.unwritten.saturating_sub(1);
        // Those of a backtrace before are of no use any more.
        if self.located.unwritten > 0 {
            return;
        }
        if let Some((_, backtrace)) = &mut self.located.told {
            backtrace.make_mut().write(values);
        }
    }

    /// A call begins: what the reader has not answered until then, it will not.
    pub(super) fn ask_anew(&mut self) {
        self.located.asked = false;
        self.located.newer = None;
    }

    /// What was seen before is of no call any more, and the reader may have been replaced.
    pub(super) fn locate_anew(&mut self) {
        self.located = Located::default();
    }
}

/// A row of a backtrace.
#[derive(Debug, PartialEq)]
pub(crate) enum Row<'a> {
    /// A function of the program's, and the lines around the one that it is at, if its source is there.
    Own(&'a Frame, Option<Excerpt<'a>>),
    /// Functions of the language's runtime.
    Runtime(&'a [Frame]),
    /// So many that are left out.
    LeftOut(u32),
}

/// Lines of a source: the number of the first one, and all of them.
pub(crate) type Excerpt<'a> = (usize, Vec<&'a str>);

/// The rows of a backtrace, with those of the runtime together.
pub(crate) fn rows<'a>(backtrace: &'a Backtrace, source: Option<&'a GoSource>) -> Vec<Row<'a>> {
    let cut = backtrace.left_out.map_or(0, |(_, behind)| behind as usize);
    let (inner, outer) = backtrace.frames.split_at_checked(cut).unwrap_or_default();
    let mut rows = Vec::new();
    for part in [inner, outer] {
        if let (Some((count, _)), false) = (backtrace.left_out, rows.is_empty()) {
            rows.push(Row::LeftOut(count));
        }
        for frames in part.chunk_by(|one, next| one.runtime && next.runtime) {
            rows.push(match frames {
                [frame] if !frame.runtime => {
                    Row::Own(frame, source.and_then(|source| excerpt(frame, source)))
                }
                frames => Row::Runtime(frames),
            });
        }
    }
    rows
}

/// The lines of the source around the one that a frame is at: those of the file of this name, if it is one of the
/// function's package.
fn excerpt<'a>(frame: &Frame, source: &'a GoSource) -> Option<Excerpt<'a>> {
    let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
    let file = name(frame.file.as_deref()?)?;
    let package = name(&frame.function)?;
    let package = format!("package {}", package.split('.').next()?);
    let mut files = source.dropped().map(|path| (path, source.built_text(path)));
    let (_, text) = files.find(|(path, text)| {
        name(path).as_deref() == Some(&*file) && text.lines().any(|line| line.trim_end() == package)
    })?;
    let at = (frame.line as usize).checked_sub(1)?;
    let first = at.saturating_sub(AROUND);
    let lines = text.lines().skip(first);
    let lines: Vec<&str> = lines.take(at - first + AROUND + 1).collect();
    (lines.len() > at - first).then_some((first + 1, lines))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Event, Outcome, Usage, WaitingFor};
    use crate::ui::state::outcome::Called;
    use crate::ui::state::run::Run;

    fn frame(function: &str, file: &str, line: u32) -> Frame {
        Frame {
            function: function.to_owned(),
            file: Some(file.to_owned()),
            line,
            runtime: function.starts_with("runtime."),
            ..Frame::default()
        }
    }

    fn told() -> Backtrace {
        let frames = vec![
            frame("runtime.gopanic", "runtime/panic.go", 9),
            frame("runtime.sigpanic", "runtime/panic.go", 1),
            frame("main.f", "/home/a/main.go", 5),
            frame("os.Exit", "os/main.go", 5),
            frame("main.g", "/home/a/main.go", 99),
            frame("runtime.goexit", "runtime/asm.s", 1),
        ];
        Backtrace {
            frames,
            left_out: Some((7, 5)),
            ..Backtrace::default()
        }
    }

    #[test]
    fn rows_fold_the_runtime_and_show_the_plugin_s_own_source_alone() {
        let mut board = Board::default();
        let text = "package main\n\n\nfunc f() {\n\tpanic(1)\n}\n".to_owned();
        board.given.source = Some(Shared::new(GoSource::default()));
        let source = board.given.source.as_mut().unwrap().make_mut();
        source.set("plugin/main.go", &text);
        let backtrace = told();
        let rows = rows(&backtrace, board.given.source.as_deref());
        let lines = vec!["", "func f() {", "\tpanic(1)", "}"];
        let frames = &backtrace.frames;
        let wanted = [
            Row::Runtime(&frames[..2]),
            Row::Own(&frames[2], Some((3, lines))),
            Row::Own(&frames[3], None),
            Row::Own(&frames[4], None),
            Row::LeftOut(7),
            Row::Runtime(&frames[5..]),
        ];
        assert_eq!(rows, wanted);
    }

    #[test]
    fn a_stack_is_asked_about_once_at_a_time_and_shown_for_its_call() {
        let call = CallId(1);
        let stack = || Event::Stack {
            call,
            stack: Box::default(),
        };
        let mut board = Board {
            run: Some(Run::new(call, Called::default())),
            calls: 1,
            ..Board::default()
        };
        let asks = |effects: &[Effect]| {
            matches!(
                effects,
                [Effect::Send(Command::Backtrace {
                    call: CallId(1),
                    ..
                })]
            )
        };
        board.apply(Event::Waiting(WaitingFor::Stdin));
        assert!(asks(&board.apply(stack())));
        assert_eq!(board.apply(stack()), []);
        assert_eq!(board.backtrace(), None);
        let answer = || Event::Backtrace {
            call,
            backtrace: Box::new(told()),
        };
        assert!(asks(&board.apply(answer())), "the newer one");
        assert!(board.backtrace().is_some());
        assert_eq!(board.apply(answer()), []);
        board.apply(Event::Progress(Usage::default()));
        assert_eq!(board.backtrace(), None, "it goes on");
        assert!(asks(&board.apply(stack())));
        board.apply(Event::Ended {
            call,
            outcome: Outcome::Stopped,
            usage: Usage::default(),
        });
        board.apply(answer());
        assert!(board.located.told.is_some());
    }

    #[test]
    fn a_call_that_was_held_and_has_returned_is_nowhere() {
        for is_answered_late in [false, true] {
            let call = CallId(1);
            let mut board = Board {
                run: Some(Run::new(call, Called::default())),
                calls: 1,
                ..Board::default()
            };
            board.apply(Event::Waiting(WaitingFor::Debugger));
            let stack = Box::default();
            board.apply(Event::Stack { call, stack });
            let answer = Event::Backtrace {
                call,
                backtrace: Box::new(told()),
            };
            let returned = Event::Ended {
                call,
                outcome: Outcome::Returned {
                    result: None,
                    shown: None,
                    raw: Vec::new(),
                    args: Vec::new(),
                },
                usage: Usage::default(),
            };
            let mut events = [answer, returned];
            if is_answered_late {
                events.reverse();
            }
            for event in events {
                board.apply(event);
            }
            assert_eq!(board.backtrace(), None, "{is_answered_late}");
        }
    }
}
