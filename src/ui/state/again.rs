//! The calls of an instance, made again in one that can be looked into: debugged, and fresh.

use super::board::{Board, Effect};
use super::console::Source;
use super::outcome::Called;
use std::collections::VecDeque;

/// What of that is known.
#[derive(Debug, Default)]
pub(crate) struct Again {
    /// The number of the last call before the instance began.
    before: u32,
    /// The calls that are yet to be made.
    calls: VecDeque<Called>,
}

impl Board {
    /// An instance has begun: the calls from now on, and the one that is under way, are made in it.
    pub(super) fn instance_began(&mut self) {
        let under_way = self.run.as_ref().map(|run| run.call.0.saturating_sub(1));
        self.again.before = under_way.unwrap_or(self.calls);
    }

    /// Whether there are calls that can be made again with Debug.
    pub(crate) fn can_debug_again(&self) -> bool {
        !self.debugs() && self.can_call() && self.calls_of_instance().next().is_some()
    }

    /// Makes the calls of this instance again, in a fresh one and with Debug.
    pub(crate) fn debug_again(&mut self) -> Vec<Effect> {
        if !self.can_debug_again() {
            return Vec::new();
        }
        let mut calls: VecDeque<Called> = self.calls_of_instance().cloned().collect();
        calls.make_contiguous().reverse();
        self.again.calls = calls;
        self.switch_debug()
    }

    /// The last one first.
    fn calls_of_instance(&self) -> impl Iterator<Item = &Called> {
        let history = self.given.history.iter();
        let its = history.take_while(|finished| finished.number.0 > self.again.before);
        its.map(|finished| &finished.called)
    }

    /// Makes the next of the calls that are to be made again.
    pub(super) fn next_again(&mut self) -> Vec<Effect> {
        if self.run.is_some() || self.is_saved_run() {
            return Vec::new();
        }
        match self.again.calls.pop_front() {
            Some(called) => self.call_again(called),
            None => Vec::new(),
        }
    }

    /// Makes a call of before once more, with what it was made with.
    pub(super) fn call_again(&mut self, mut called: Called) -> Vec<Effect> {
        if let Some(form) = &called.by_form {
            return self
                .send_by_form(&called.export, form)
                .unwrap_or_else(|why| {
                    self.say(Source::Alarm, &format!("{}: {why}", called.written));
                    Vec::new()
                });
        }
        match called.known.take() {
            None => self.start(&called.export),
            Some(known) => self.call_with(called.export, known, called.args),
        }
    }

    /// They are not wanted any more.
    pub(super) fn leave_again(&mut self) {
        self.again.calls.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{
        CallId, Command, Debug, Debugged, Event, InstanceState, Lines, Outcome, Usage,
    };
    use crate::ui::state::tests::plugged;

    fn called(effects: &[Effect]) -> Vec<(u32, String)> {
        let calls = effects.iter().filter_map(|effect| match effect {
            Effect::Send(Command::Call { call, export, .. }) => Some((call.0, export.clone())),
            _ => None,
        });
        calls.collect()
    }

    fn ends(board: &mut Board, outcome: Outcome) -> Vec<Effect> {
        board.apply(Event::Ended {
            call: CallId(board.calls),
            outcome,
            usage: Usage::default(),
        })
    }

    fn call(board: &mut Board) {
        let signature = crate::go::Signature::new("f", Vec::new(), None);
        board.call_with(
            "f".to_owned(),
            (signature, crate::go::Source::Guess),
            Vec::new(),
        );
    }

    #[test]
    fn the_calls_of_the_instance_are_made_again_one_after_the_other() {
        let mut board = plugged();
        assert!(!board.can_debug_again());
        call(&mut board);
        ends(&mut board, Outcome::Stopped);
        board.apply(Event::Instance(InstanceState::Fresh));
        assert!(
            !board.can_debug_again(),
            "those of another instance are not made"
        );
        for _ in 0..2 {
            call(&mut board);
            ends(
                &mut board,
                Outcome::Trapped("unreachable executed".to_owned()),
            );
        }
        assert_eq!(board.calls, 3);
        board.debug_again();
        assert!(board.debugs());
        board.take_lines(Lines::default());
        board.apply(Event::Instance(InstanceState::Fresh));
        let first = board.debugged(Debugged::Ready(Some(1)));
        assert!(matches!(
            first[0],
            Effect::Send(Command::Debug(Debug::Breakpoints(_)))
        ));
        assert_eq!(called(&first).len(), 1, "{first:?}");
        let second = ends(&mut board, Outcome::Stopped);
        assert_eq!(called(&second), [(5, called(&first)[0].1.clone())]);
        let none = ends(&mut board, Outcome::Stopped);
        assert_eq!(called(&none), []);
        assert!(!board.can_debug_again());
    }
}
