//! Files on their way to the worker: in batches, so that neither side is flooded, the rest can be
//! cancelled, and one can see how far it is.

use super::{is_within, shown};
use crate::protocol::{Files, Place};
use crate::ui::state::board::{Board, Effect};
use crate::ui::state::console::Source;
use crate::ui::state::format;
use std::collections::VecDeque;

/// Entries of a batch at most.
const MOST_ENTRIES: usize = 100;

/// Bytes of a batch, unless its first file is larger.
const MOST_BYTES: u64 = 16 << 20;

/// A file or directory that a person puts where guests see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Added {
    pub(crate) at: Place,
    /// Bytes of a file; `None`: a directory.
    pub(crate) size: Option<u64>,
}

/// What is being added.
#[derive(Debug, Default)]
pub(in crate::ui::state) struct Adding {
    waiting: VecDeque<Added>,
    /// Entries of the batch that the worker has; its number is that of `batches`.
    sent: u64,
    batches: u32,
    /// How many workers have failed at the batch.
    broken: u32,
    done: u64,
    failed: u64,
    /// Where they go, if to one place.
    into: String,
    /// Folders that are still being read.
    searches: u32,
    /// Counts what was cancelled: what is found for it afterwards is not wanted.
    cancelled: u32,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AddingSeen {
    pub(crate) done: u64,
    /// As many as are known so far.
    pub(crate) total: u64,
    /// Whether more are being looked for.
    pub(crate) searching: bool,
}

/// Names what is found in a folder, so that it can be refused once it is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Search(u32);

impl Adding {
    pub(super) fn seen(&self) -> Option<AddingSeen> {
        let under_way = self.sent > 0 || self.searches > 0 || !self.waiting.is_empty();
        under_way.then(|| AddingSeen {
            done: self.done,
            total: self.done + self.sent + self.waiting.len() as u64,
            searching: self.searches > 0,
        })
    }

    /// One of those under way has failed.
    pub(super) fn one_failed(&mut self) {
        if self.sent > 0 {
            self.failed += 1;
        }
    }

    /// Those within a place are not wanted any more.
    pub(super) fn remove(&mut self, at: &Place) -> Vec<Place> {
        let waiting = std::mem::take(&mut self.waiting);
        let (gone, waiting): (VecDeque<_>, _) = waiting
            .into_iter()
            .partition(|entry| is_within(&entry.at, at));
        self.waiting = waiting;
        gone.into_iter().map(|entry| entry.at).collect()
    }

    fn next_batch(&mut self) -> Vec<Added> {
        let mut bytes = 0;
        let mut batch = Vec::new();
        while let Some(next) = self.waiting.front() {
            bytes += next.size.unwrap_or(0);
            if batch.len() == MOST_ENTRIES || (bytes > MOST_BYTES && !batch.is_empty()) {
                break;
            }
            batch.extend(self.waiting.pop_front());
        }
        batch
    }
}

impl Board {
    /// Puts files and directories where guests see them.
    pub(crate) fn add_files(&mut self, into: &str, entries: Vec<Added>) -> Vec<Effect> {
        into.clone_into(&mut self.adding.into);
        self.adding.waiting.extend(entries);
        self.files.make_mut().failed = None;
        self.go_on_adding()
    }

    /// A folder is being read.
    pub(crate) fn begin_search(&mut self) -> Search {
        self.adding.searches += 1;
        let adding = self.adding.seen();
        let files = self.files.make_mut();
        files.adding = adding;
        files.failed = None;
        Search(self.adding.cancelled)
    }

    /// Whether what is found in the folder is wanted still.
    pub(crate) fn wants(&self, search: Search) -> bool {
        search.0 == self.adding.cancelled
    }

    /// A folder has been read, but for `unread` of its entries.
    pub(crate) fn end_search(&mut self, search: Search, unread: u64) -> Vec<Effect> {
        if !self.wants(search) {
            return Vec::new();
        }
        self.adding.searches = self.adding.searches.saturating_sub(1);
        if unread > 0 {
            let unread = format::count(unread, "file");
            self.files.make_mut().failed = Some(format!("{unread} could not be read"));
        }
        self.go_on_adding()
    }

    /// A folder was dropped on the page: what is in it goes where guests see it.
    pub(crate) fn folder_is_for_guests(&mut self, folder: &str, into: &Place) {
        let into = shown(into);
        self.say(
            Source::Note,
            &format!("{folder}/ is added to {into}: see Files"),
        );
    }

    /// A folder was dropped where nobody can see what is in it.
    pub(crate) fn refuse_folder(&mut self, folder: &str) {
        let advice = "this is a folder: open a .wasm first, then drop the folder for it to see";
        self.refuse(folder, advice);
    }

    /// What has not been added yet is not to be.
    pub(crate) fn cancel_adding(&mut self) -> Vec<Effect> {
        self.adding.searches = 0;
        self.adding.cancelled = self.adding.cancelled.wrapping_add(1);
        let waiting = std::mem::take(&mut self.adding.waiting);
        // One that was added before, and was to be replaced, is forgotten with the others.
        let mut effects: Vec<Effect> = waiting
            .into_iter()
            .map(|entry| Effect::ForgetFile(entry.at))
            .collect();
        effects.extend(self.go_on_adding());
        effects
    }

    /// What is on its way is not to be added: the disk is another one.
    pub(in crate::ui::state) fn drop_adding(&mut self) -> Vec<Effect> {
        let next = Adding {
            cancelled: self.adding.cancelled.wrapping_add(1),
            batches: self.adding.batches.wrapping_add(1),
            ..Adding::default()
        };
        let dropped = std::mem::replace(&mut self.adding, next).waiting;
        let dropped = dropped.into_iter().map(|entry| entry.at);
        super::forget(dropped.filter(|at| !self.given.kept.has(at)).collect())
    }

    /// The worker has done a batch.
    pub(super) fn added_batch(&mut self, number: u32) -> Vec<Effect> {
        if number != self.adding.batches {
            return Vec::new();
        }
        self.adding.done += std::mem::take(&mut self.adding.sent);
        self.adding.broken = 0;
        self.go_on_adding()
    }

    /// The worker is another one, which is to have what was kept, and then the rest.
    pub(super) fn add_again(&mut self) -> Vec<Effect> {
        if self.adding_is_hopeless() {
            return self.give_up_adding();
        }
        if self.adding.sent > 0 {
            self.adding.broken += 1;
        }
        let kept = self.given.kept.all();
        let waiting = std::mem::take(&mut self.adding.waiting);
        self.adding.waiting = kept.chain(waiting).collect();
        self.adding.sent = 0;
        self.adding.into.clear();
        self.files.make_mut().forget_listed();
        self.go_on_adding()
    }

    /// Whether one more worker would fail at the batch that another one has failed at.
    pub(super) fn adding_is_hopeless(&self) -> bool {
        self.adding.sent > 0 && self.adding.broken > 0
    }

    /// Nothing of what was added or was to be is tried again.
    fn give_up_adding(&mut self) -> Vec<Effect> {
        self.adding.sent = 0;
        self.adding.broken = 0;
        let mut effects = self.cancel_adding();
        effects.extend(super::forget(self.given.kept.clear()));
        self.files.make_mut().forget_listed();
        effects
    }

    /// Sends the next batch, unless one is under way.
    fn go_on_adding(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.adding.sent == 0 {
            let batch = self.adding.next_batch();
            self.adding.sent = batch.len() as u64;
            if batch.is_empty() {
                effects.extend(self.all_added());
            } else {
                self.adding.batches = self.adding.batches.wrapping_add(1);
                for entry in batch {
                    effects.extend(self.send_entry(&entry));
                    self.given.kept.add(entry);
                }
                let sync = Files::Sync(self.adding.batches);
                effects.push(super::ask(sync));
            }
        }
        self.files.make_mut().adding = self.adding.seen();
        effects
    }

    fn send_entry(&self, entry: &Added) -> Option<Effect> {
        match entry.size {
            Some(_) => Some(Effect::AddFile(entry.at.clone())),
            None if self.files.is_there(&entry.at) => None,
            None => Some(super::ask(Files::MakeDirectory(entry.at.clone()))),
        }
    }

    /// Says what was added, once all of it is.
    fn all_added(&mut self) -> Option<Effect> {
        let Adding { done, failed, .. } = self.adding;
        if done == 0 || self.adding.searches > 0 {
            return None;
        }
        self.adding.done = 0;
        self.adding.failed = 0;
        let files = self.files.make_mut();
        let succeeded = done.saturating_sub(failed);
        let added = format::count(succeeded, "file");
        let into = std::mem::take(&mut self.adding.into);
        files.added = match into.as_str() {
            _ if succeeded == 0 => String::new(),
            "" => format!("{added} put back"),
            into => format!("{added} added to {into}"),
        };
        if failed > 1
            && let Some(reason) = &mut files.failed
        {
            let more = format::count(failed - 1, "more failure");
            reason.push_str(&format!("; {more}"));
        }
        Some(super::ask(Files::List))
    }
}
