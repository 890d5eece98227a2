//! What the Module panel tells of a module: the reader writes it, while the panel is open.

use super::board::{Board, Effect};
use super::shared::Shared;
use crate::protocol::{Account, Command, Item};
use crate::wasi::Used;

/// What is known of the module beside its facts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inspected {
    is_open: bool,
    /// What the instance has used.
    used: Used,
    /// Whether the reader is writing the account, and whether that is of before.
    asking: bool,
    stale: bool,
    /// What it needs and what it has used.
    pub(crate) account: Shared<Vec<Item>>,
    /// Where its bytes go, and what else is in it; empty: it has not been told.
    pub(crate) contents: Shared<Vec<Item>>,
    /// The places of the lines that are not as they were at first: folded above, unfolded below.
    turned: Vec<String>,
}

impl Inspected {
    /// Whether what is below the line at this place is shown.
    pub(crate) fn shows(&self, place: &str) -> bool {
        let is_first = !place.contains('.');
        self.turned.iter().any(|turned| turned == place) != is_first
    }
}

impl Board {
    pub(crate) fn inspected(&self) -> &Shared<Inspected> {
        &self.inspected
    }

    /// The panel is opened: from now on it is told what is in the module.
    pub(crate) fn open_inspected(&mut self) -> Vec<Effect> {
        let inspected = self.inspected.make_mut();
        inspected.is_open = true;
        // What was on its way when the panel was closed may have been lost.
        inspected.asking = false;
        let mut effects = self.inspect();
        if self.inspected.contents.is_empty() {
            effects.push(Effect::Send(Command::Contents { bytes: Vec::new() }));
        }
        effects
    }

    pub(crate) fn close_inspected(&mut self) {
        self.inspected.make_mut().is_open = false;
    }

    /// Folds what is below a line, or unfolds it.
    pub(crate) fn turn(&mut self, place: &str) {
        let turned = &mut self.inspected.make_mut().turned;
        match turned.iter().position(|other| other == place) {
            Some(at) => {
                turned.swap_remove(at);
            }
            None => turned.push(place.to_owned()),
        }
    }

    /// Another module has been read: nothing is known of it.
    pub(super) fn inspect_another(&mut self) -> Vec<Effect> {
        let Inspected {
            is_open, turned, ..
        } = Inspected::clone(&self.inspected);
        self.inspected = Shared::new(Inspected {
            is_open,
            turned,
            ..Inspected::default()
        });
        match is_open {
            true => self.open_inspected(),
            false => Vec::new(),
        }
    }

    /// The instance has used more; or is another one, which has used nothing.
    pub(super) fn has_used(&mut self, used: Used) -> Vec<Effect> {
        self.inspected.make_mut().used = used;
        self.inspect()
    }

    /// Asks for the account, if somebody looks and none is on its way.
    pub(super) fn inspect(&mut self) -> Vec<Effect> {
        let (true, Some(plugged)) = (self.inspected.is_open, &self.plugged) else {
            return Vec::new();
        };
        let inspected = self.inspected.make_mut();
        inspected.stale = inspected.asking;
        if std::mem::replace(&mut inspected.asking, true) {
            return Vec::new();
        }
        let account = Account {
            module: (*plugged.info).clone(),
            called: (*self.called).clone(),
            used: inspected.used.clone(),
        };
        vec![Effect::Send(Command::Account(Box::new(account)))]
    }

    #[inline(never)]
    pub(super) fn accounted(&mut self, account: Vec<Item>) -> Vec<Effect> {
        let inspected = self.inspected.make_mut();
        inspected.account = Shared::new(account);
        inspected.asking = false;
        match inspected.stale {
            true => self.inspect(),
            false => Vec::new(),
        }
    }

    #[inline(never)]
    pub(super) fn contained(&mut self, contents: Vec<Item>) {
        self.inspected.make_mut().contents = Shared::new(contents);
    }
}

#[cfg(test)]
mod tests;
