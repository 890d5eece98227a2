//! The run that is under way.

use super::outcome::Called;
use super::panic::Panic;
use crate::protocol::{CallId, Expected, Usage, WaitingFor};
use crate::saved::Output;
use serde_json::{Map, Value as Json};

/// A call that was asked for and has not ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) call: CallId,
    /// What was called, and with what.
    pub(crate) called: Called,
    /// The export that runs: `_initialize` may come first.
    pub(crate) running: Option<String>,
    pub(crate) usage: Usage,
    /// Microseconds that the session worked for it.
    pub(crate) busy_micros: u64,
    pub(crate) waiting: Option<WaitingFor>,
    /// Whether Stop was pressed.
    pub(crate) stopping: bool,
    /// Whether Pause was pressed and has not been obeyed yet.
    pub(crate) pausing: bool,
    /// Bytes that it has printed.
    pub(crate) printed: u64,
    /// What that was.
    pub(super) output: Output,
    /// What came of it, once it has ended by itself.
    pub(super) came: Option<Map<String, Json>>,
    /// What a test may expect of it, once it has ended.
    pub(super) expected: Option<Expected>,
    /// What it has said of a panic on stdout, and on stderr.
    pub(super) panics: [Panic; 2],
    /// The one that ended it.
    pub(super) panic: Option<String>,
    /// Whether stdin is what is typed.
    pub(crate) interactive: bool,
    /// Whether it has run for a while.
    pub(crate) lasts: bool,
    /// Whether it has waited for stdin.
    pub(crate) reads: bool,
}

impl Run {
    pub(crate) fn new(call: CallId, called: Called) -> Self {
        Self {
            call,
            called,
            running: None,
            usage: Usage::default(),
            busy_micros: 0,
            waiting: None,
            stopping: false,
            pausing: false,
            printed: 0,
            output: Output::default(),
            came: None,
            expected: None,
            panics: Default::default(),
            panic: None,
            interactive: false,
            lasts: false,
            reads: false,
        }
    }

    /// What it is doing.
    pub(crate) fn status(&self) -> String {
        match self.waiting {
            _ if self.stopping => "stopping".to_owned(),
            Some(WaitingFor::Clock) => "waiting for a timer".to_owned(),
            Some(WaitingFor::Stdin) => "waiting for stdin: type below".to_owned(),
            Some(WaitingFor::StdinOrClock) => "waiting for stdin or a timer: type below".to_owned(),
            Some(WaitingFor::Import(_)) => "waiting for an import's answer".to_owned(),
            Some(WaitingFor::Resume) => "paused".to_owned(),
            // The board knows what it has stopped at.
            Some(WaitingFor::Debugger) => "stopped".to_owned(),
            Some(WaitingFor::Page) | None => match &self.running {
                Some(running) if *running != self.called.export => {
                    format!("running {running} first")
                }
                _ => "running".to_owned(),
            },
        }
    }

    /// Whether it is held until Resume.
    pub(crate) fn is_paused(&self) -> bool {
        self.waiting == Some(WaitingFor::Resume)
    }

    /// Whether there is to be a prompt: most calls are over before anybody could type.
    pub(super) fn prompts(&self) -> bool {
        self.reads || (self.interactive && self.lasts)
    }

    /// Whether it waits for what is typed.
    pub(crate) fn waits_for_stdin(&self) -> bool {
        matches!(
            self.waiting,
            Some(WaitingFor::Stdin | WaitingFor::StdinOrClock)
        )
    }

    /// Whether it stands until a person lets it go on.
    pub(crate) fn is_held(&self) -> bool {
        self.is_paused() || self.waits_for_stdin() || self.waiting == Some(WaitingFor::Debugger)
    }

    /// Whether it waits for something outside the page.
    pub(crate) fn waits(&self) -> bool {
        !matches!(self.waiting, None | Some(WaitingFor::Page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Command, Event, Outcome, Report, Stream};
    use crate::ui::state::board::{Board, Effect, Phase};

    #[test]
    fn a_run_is_held_and_goes_on() {
        let mut board = Board {
            run: Some(Run::new(CallId(1), Called::default())),
            ..Board::default()
        };
        assert_eq!(board.pause(), [Effect::Send(Command::Pause)]);
        assert_eq!(board.pause(), [], "once is enough");
        board.apply(Event::Waiting(WaitingFor::Resume));
        assert_eq!(board.phase(), Phase::Waiting);
        assert_eq!(board.run().unwrap().status(), "paused");
        assert_eq!(board.resume(), [Effect::Send(Command::Resume)]);
        assert_eq!(board.phase(), Phase::Running);
        assert_eq!(board.resume(), []);
        board.pause();
        assert_eq!(
            board.resume(),
            [Effect::Send(Command::Resume)],
            "it need not have been obeyed"
        );
        board.stop();
        assert_eq!(board.pause(), [], "it ends");
    }

    #[test]
    fn what_it_prints_is_counted() {
        let mut board = Board {
            run: Some(Run::new(CallId(1), Called::default())),
            ..Board::default()
        };
        for stream in [Stream::Stdout, Stream::Stderr] {
            let bytes = b"12345".to_vec();
            board.apply(Event::Output { stream, bytes });
        }
        board.apply(Event::Ended {
            call: CallId(1),
            outcome: Outcome::Stopped,
            usage: Usage::default(),
        });
        assert_eq!(board.history()[0].printed, 10);
    }
    #[test]
    fn what_it_prints_is_taken_in_by_pieces_and_acknowledged_as_a_whole() {
        let mut board = Board {
            run: Some(Run::new(CallId(1), Called::default())),
            ..Board::default()
        };
        let bytes: Vec<u8> = (0..40_000_u32).map(|at| b'a' + (at % 26) as u8).collect();
        let output = Event::Output {
            stream: Stream::Stdout,
            bytes: bytes.clone(),
        };
        board.receive(Report {
            events: vec![output, Event::Waiting(WaitingFor::Clock)],
            busy_micros: 0,
        });
        let mut pieces = 0;
        while let Some(effects) = board.take_in() {
            assert_eq!(effects, []);
            pieces += 1;
        }
        assert_eq!(pieces, 4, "three pieces, and what came after them");
        assert_eq!(
            board.acknowledge(),
            Some(Effect::Send(Command::Taken { bytes: 40_000 }))
        );
        assert_eq!(board.acknowledge(), None);
        assert!(board.run().unwrap().waits());
        assert_eq!(board.console().output(Default::default()), bytes);
    }
}
