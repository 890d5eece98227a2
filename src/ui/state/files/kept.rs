//! What is remembered of the files, for when the worker that has them is gone: what a person added,
//! which can be added again, and what runs wrote, which is lost.

use super::adding::Added;
use super::{is_within, shown};
use crate::protocol::{Change, EntryKind, Files, Listing, Place};
use crate::ui::state::board::{Board, Effect};
use crate::ui::state::console::Source;
use crate::ui::state::format;
use crate::ui::state::maps::map;
use litemap::LiteMap;

/// Names of lost files that are told at most.
const MOST_NAMES: usize = 3;

/// Bytes of all files together up to which what runs write is kept.
const MOST_WRITTEN: u64 = 64 << 20;

/// Files that are asked for at once, to be kept.
const MOST_ASKED: usize = 256;

/// What was added, and what runs wrote.
#[derive(Debug, Default)]
pub(in crate::ui::state) struct Kept {
    /// With the bytes of a file; `None`: a directory.
    added: LiteMap<Place, Option<u64>>,
    /// With when, in nanoseconds since 1970, and how many bytes: the page does not have these.
    written: LiteMap<Place, (u64, u64)>,
    /// Those of which it has been asked for them, with when they had been written to.
    asked: LiteMap<Place, u64>,
}

impl Kept {
    pub(super) fn add(&mut self, Added { at, size }: Added) {
        self.written.remove(&at);
        self.added.insert(at, size);
    }

    /// What is at a place, and below it, is gone: those that were added.
    pub(super) fn remove(&mut self, at: &Place) -> Vec<Place> {
        self.written.retain(|place, _| !is_within(place, at));
        self.asked.retain(|place, _| !is_within(place, at));
        let gone = self.added.keys().filter(|place| is_within(place, at));
        let gone: Vec<Place> = gone.cloned().collect();
        for place in &gone {
            self.added.remove(place);
        }
        gone
    }

    /// Everything is gone: those that were added.
    pub(super) fn clear(&mut self) -> Vec<Place> {
        self.written.clear();
        self.asked.clear();
        let added = std::mem::take(&mut self.added).into_iter();
        added.map(|(at, _)| at).collect()
    }

    pub(in crate::ui::state) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.written.is_empty()
    }

    pub(super) fn has(&self, at: &Place) -> bool {
        self.added.contains_key(at)
    }

    /// All that was added, directories before what is in them.
    pub(in crate::ui::state) fn all(&self) -> impl Iterator<Item = Added> {
        let all = self.added.iter().map(|(at, size)| Added {
            at: at.clone(),
            size: *size,
        });
        all.collect::<Vec<_>>().into_iter()
    }

    /// What was added to a preopen that is listed, and is not in it.
    fn missing(&self, listing: &Listing) -> Vec<Place> {
        let preopens = listing.preopens.iter().map(|preopen| {
            let entries = preopen.entries.iter();
            let paths = map(entries.map(|entry| (entry.path.as_str(), ())));
            (preopen.path.as_str(), paths)
        });
        let listed: Vec<_> = preopens.collect();
        let missing = self.added.keys().filter(|at| {
            let mut preopens = listed.iter();
            let preopen = preopens.find(|(path, _)| *path == at.preopen);
            preopen.is_some_and(|(_, paths)| !paths.contains_key(at.path.as_str()))
        });
        missing.cloned().collect()
    }

    /// Takes in what there is, and what the last run did; tells what was added and is not there.
    /// `settled`: nothing is on its way.
    pub(super) fn take_in(&mut self, listing: &Listing, settled: bool) -> Vec<Place> {
        let mut gone = Vec::new();
        if settled && listing.left_out == 0 {
            gone = self.missing(listing);
            for at in &gone {
                self.added.remove(at);
            }
        }
        for preopen in &listing.preopens {
            for entry in &preopen.entries {
                let Some(change) = entry.change else { continue };
                let at = Place {
                    preopen: preopen.path.clone(),
                    path: entry.path.clone(),
                };
                if change == Change::Deleted {
                    gone.extend(self.remove(&at));
                } else if entry.kind == EntryKind::Directory {
                    self.added.insert(at, None);
                } else if self.asked.get(&at) != Some(&entry.modified) {
                    self.written.insert(at, (entry.modified, entry.size));
                }
            }
        }
        gone
    }
}

impl Board {
    /// Asks for what runs wrote, to keep it. While one goes on it may change.
    pub(in crate::ui::state) fn keep_written(&mut self) -> Vec<Effect> {
        if self.run.is_some() {
            return Vec::new();
        }
        let kept = &mut self.given.kept;
        let mut room = MOST_WRITTEN.saturating_sub(kept.added.values().flatten().sum());
        let mut effects = Vec::new();
        for (at, (modified, size)) in &kept.written {
            if kept.asked.get(at) == Some(modified) || effects.len() >= MOST_ASKED {
                continue;
            }
            let Some(left) = room.checked_sub(*size) else {
                continue;
            };
            room = left;
            kept.asked.insert(at.clone(), *modified);
            effects.push(super::ask(Files::Keep(at.clone())));
        }
        effects
    }

    /// The worker is another one, whose disk is empty: puts back what was added, and says what
    /// cannot be. `running`: a run was under way, which may have written more.
    pub(in crate::ui::state) fn put_files_back(&mut self, running: bool) -> Vec<Effect> {
        let files = self.given.kept.added.values().flatten().count();
        let mut parts = Vec::new();
        if files > 0 && self.adding_is_hopeless() {
            parts.push("given up: the files that were added, at which it failed again".to_owned());
        } else if files > 0 {
            let files = format::count(files as u64, "file");
            parts.push(format!("put back: {files}"));
        }
        let written = std::mem::take(&mut self.given.kept.written);
        let may_write = running
            && self
                .plugged
                .as_ref()
                .is_some_and(|module| module.opens_files());
        if !written.is_empty() {
            parts.push(format!("lost: what runs wrote ({})", names(&written)));
        } else if may_write {
            parts.push("lost: what this run wrote to files".to_owned());
        }
        if !parts.is_empty() {
            self.say(Source::Alarm, &parts.join("; "));
        }
        self.add_again()
    }
}

fn names<T>(places: &LiteMap<Place, T>) -> String {
    let first: Vec<String> = places.keys().take(MOST_NAMES).map(shown).collect();
    match places.len().saturating_sub(MOST_NAMES) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
