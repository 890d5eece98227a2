//! The files that guests see, as the panel shows them.

mod rows;
mod viewed;

pub(crate) use self::rows::{Row, Rows, date};
pub(crate) use self::viewed::{View, Viewed};

use super::board::{Board, Effect};
use super::shared::Shared;
use crate::protocol::{Change, Command, EntryKind, Files, FilesReport, Listing, Place};
use std::collections::BTreeSet;

/// Directories that are offered at most to put files into.
const MOST_TARGETS: usize = 500;

/// The name of the archive of all files.
const ARCHIVE: &str = "files.tar";

/// What is known of the files, and how it is shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct FilesView {
    pub(crate) listing: Shared<Listing>,
    /// Directories that are open or closed other than at first.
    toggled: BTreeSet<Place>,
    /// Where files are put; `None`: into the first preopen.
    into: Option<Place>,
    pub(crate) viewed: Option<Viewed>,
    /// What could not be done.
    pub(crate) failed: Option<String>,
    /// What is asked for to be saved, not to be viewed.
    saving: Vec<Place>,
}

impl FilesView {
    /// Every directory that files can be put into.
    pub(crate) fn targets(&self) -> Vec<Place> {
        let preopens = self.listing.preopens.iter();
        let directories = preopens.flat_map(|preopen| {
            let below = preopen.entries.iter().filter(|entry| {
                entry.kind == EntryKind::Directory && entry.change != Some(Change::Deleted)
            });
            let paths = std::iter::once("").chain(below.map(|entry| entry.path.as_str()));
            paths.map(|path| Place {
                preopen: preopen.path.clone(),
                path: path.to_owned(),
            })
        });
        directories.take(MOST_TARGETS).collect()
    }

    /// Where files are put.
    pub(crate) fn target(&self) -> Option<Place> {
        let mut targets = self.targets();
        let chosen = self.into.as_ref();
        let place = targets.iter().position(|target| Some(target) == chosen);
        (!targets.is_empty()).then(|| targets.swap_remove(place.unwrap_or(0)))
    }

    /// `1 created, 2 deleted`; empty if the last run did nothing to the files.
    pub(crate) fn changes(&self) -> String {
        let preopens = self.listing.preopens.iter();
        let changes: Vec<Change> = preopens
            .flat_map(|preopen| preopen.entries.iter().filter_map(|entry| entry.change))
            .collect();
        let counts = [Change::Created, Change::Changed, Change::Deleted].map(|change| {
            let count = changes.iter().filter(|one| **one == change).count();
            (count > 0).then(|| format!("{count} {}", word(change)))
        });
        counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// What a run did to an entry, as a word.
pub(crate) fn word(change: Change) -> &'static str {
    match change {
        Change::Created => "created",
        Change::Changed => "changed",
        Change::Deleted => "deleted",
    }
}

/// A place as one reads it.
pub(crate) fn shown(at: &Place) -> String {
    match (at.preopen.trim_end_matches('/'), at.path.as_str()) {
        (_, "") => at.preopen.clone(),
        (preopen, path) => format!("{preopen}/{path}"),
    }
}

/// A place below another one.
pub(crate) fn below(place: &Place, path: &str) -> Place {
    let path = path.trim_start_matches('/');
    Place {
        preopen: place.preopen.clone(),
        path: match place.path.as_str() {
            "" => path.to_owned(),
            directory => format!("{directory}/{path}"),
        },
    }
}

impl Board {
    pub(crate) fn files(&self) -> &Shared<FilesView> {
        &self.files
    }

    /// Asks what there is.
    pub(crate) fn list_files(&self) -> Vec<Effect> {
        vec![ask(Files::List)]
    }

    /// Asks for a file, to show it.
    pub(crate) fn view_file(&mut self, at: Place) -> Vec<Effect> {
        self.files.make_mut().failed = None;
        let most = Viewed::MOST;
        vec![ask(Files::Read { at, most })]
    }

    /// Asks for a file, to save it.
    pub(crate) fn save_file(&mut self, at: Place) -> Vec<Effect> {
        let files = self.files.make_mut();
        files.failed = None;
        files.saving.push(at.clone());
        let most = u64::MAX;
        vec![ask(Files::Read { at, most })]
    }

    /// Asks for all files, to save them.
    pub(crate) fn save_all_files(&mut self) -> Vec<Effect> {
        self.files.make_mut().failed = None;
        vec![ask(Files::Archive)]
    }

    pub(crate) fn delete_file(&mut self, at: Place) -> Vec<Effect> {
        let files = self.files.make_mut();
        files.failed = None;
        files.viewed.take_if(|viewed| viewed.at == at);
        vec![ask(Files::Remove(at)), ask(Files::List)]
    }

    /// Makes a directory where files are put now, and puts them there from now on.
    pub(crate) fn make_directory(&mut self, name: &str) -> Vec<Effect> {
        let Some(into) = self.files.target() else {
            return Vec::new();
        };
        let at = below(&into, name.trim());
        let files = self.files.make_mut();
        files.failed = None;
        files.into = Some(at.clone());
        vec![ask(Files::MakeDirectory(at)), ask(Files::List)]
    }

    /// Forgets everything that was added or written.
    pub(crate) fn reset_files(&mut self) -> Vec<Effect> {
        let files = self.files.make_mut();
        files.failed = None;
        files.viewed = None;
        vec![ask(Files::Reset), ask(Files::List)]
    }

    /// Files are put here from now on.
    pub(crate) fn put_files_into(&mut self, place: Place) {
        self.files.make_mut().into = Some(place);
    }

    /// Opens a directory, or closes it.
    pub(crate) fn toggle_directory(&mut self, at: Place) {
        let toggled = &mut self.files.make_mut().toggled;
        if !toggled.remove(&at) {
            toggled.insert(at);
        }
    }

    pub(crate) fn view_as(&mut self, view: View) {
        if let Some(viewed) = &mut self.files.make_mut().viewed {
            viewed.view = view;
        }
    }

    pub(crate) fn close_file(&mut self) {
        self.files.make_mut().viewed = None;
    }

    pub(super) fn files_report(&mut self, report: FilesReport) -> Vec<Effect> {
        let files = self.files.make_mut();
        match report {
            FilesReport::Listing(listing) => files.listing = Shared::new(listing),
            FilesReport::File { at, bytes, size } => {
                let Some(place) = files.saving.iter().position(|saving| *saving == at) else {
                    files.viewed = Some(Viewed::new(at, bytes, size));
                    return Vec::new();
                };
                files.saving.swap_remove(place);
                let name = at.path.rsplit('/').next().unwrap_or("file").to_owned();
                return vec![Effect::Save { name, bytes }];
            }
            FilesReport::Archive { bytes, left_out } => {
                if let Some(first) = left_out.first() {
                    files.failed = Some(format!(
                        "{} and {} more could not be put into the archive: too large, or a name that \
                         it cannot have",
                        shown(first),
                        left_out.len() - 1
                    ));
                }
                let name = ARCHIVE.to_owned();
                return vec![Effect::Save { name, bytes }];
            }
            FilesReport::Failed(reason) => {
                files.saving.clear();
                files.failed = Some(reason);
            }
        }
        Vec::new()
    }
}

fn ask(files: Files) -> Effect {
    Effect::Send(Command::Files(files))
}

#[cfg(test)]
mod tests;
