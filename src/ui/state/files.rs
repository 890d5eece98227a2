//! The files that guests see, as the panel shows them.

mod adding;
mod kept;
mod rows;
mod viewed;

pub(super) use self::adding::Adding;
pub(crate) use self::adding::{Added, AddingSeen};
pub(super) use self::kept::Kept;
pub(crate) use self::rows::{Row, Rows, date};
pub(crate) use self::viewed::{View, Viewed, hex, image_type};

use super::board::{Board, Effect};
use super::shared::Shared;
use crate::protocol::{Change, Command, EntryKind, Files, FilesReport, Listing, Place};
use litemap::LiteMap;

/// Directories that are offered at most to put files into.
const MOST_TARGETS: usize = 500;

/// The name of the archive of all files.
const ARCHIVE: &str = "files.tar";

/// What is known of the files, and how it is shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct FilesView {
    pub(crate) listing: Shared<Listing>,
    /// Directories that are open or closed other than at first.
    toggled: LiteMap<Place, ()>,
    /// Where files are put; `None`: into the first preopen.
    into: Option<Place>,
    /// What is typed for a new directory.
    pub(crate) directory: String,
    pub(crate) viewed: Option<Viewed>,
    /// What could not be done.
    pub(crate) failed: Option<String>,
    /// What was added last: `3 files added to /`.
    pub(crate) added: String,
    pub(crate) adding: Option<AddingSeen>,
    /// What is done once it is confirmed.
    pub(crate) asked: Option<Asked>,
}

/// What cannot be undone, and is asked for again before it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To delete what is at a place, with all that is below it.
    Delete(Place),
    /// To make all as the settings have it.
    Reset,
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

    /// How many entries there are; with a place, how many are below it.
    pub(crate) fn entries(&self, within: Option<&Place>) -> u64 {
        let preopens = self.listing.preopens.iter();
        let counts = preopens.map(|preopen| {
            let entries = preopen.entries.iter().filter(|entry| {
                let below = |at: &Place| {
                    at.preopen == preopen.path
                        && entry
                            .path
                            .strip_prefix(&at.path)
                            .is_some_and(|rest| rest.starts_with('/'))
                };
                entry.change != Some(Change::Deleted) && within.is_none_or(below)
            });
            entries.count() as u64
        });
        counts.sum()
    }

    /// Whether something is at a place.
    fn is_there(&self, at: &Place) -> bool {
        let mut preopens = self.listing.preopens.iter();
        let preopen = preopens.find(|preopen| preopen.path == at.preopen);
        preopen.is_some_and(|preopen| {
            let mut entries = preopen.entries.iter();
            entries.any(|entry| entry.path == at.path && entry.change != Some(Change::Deleted))
        })
    }

    /// Nothing is known of what is in the preopens.
    fn forget_listed(&mut self) {
        for preopen in &mut self.listing.make_mut().preopens {
            preopen.entries.clear();
        }
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

/// Whether a place is `directory`, or below it.
fn is_within(place: &Place, directory: &Place) -> bool {
    place.preopen == directory.preopen
        && match place.path.strip_prefix(&directory.path) {
            Some(rest) => directory.path.is_empty() || rest.is_empty() || rest.starts_with('/'),
            None => false,
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
        self.files.make_mut().failed = None;
        vec![ask(Files::Save(at))]
    }

    /// Asks for all files, to save them.
    pub(crate) fn save_all_files(&mut self) -> Vec<Effect> {
        self.files.make_mut().failed = None;
        vec![ask(Files::Archive)]
    }

    /// Asks whether this is meant.
    pub(crate) fn ask_for(&mut self, asked: Asked) {
        self.files.make_mut().asked = Some(asked);
    }

    /// It is not meant.
    pub(crate) fn never_mind(&mut self) {
        self.files.make_mut().asked = None;
    }

    /// It is meant.
    pub(crate) fn confirm(&mut self) -> Vec<Effect> {
        let files = self.files.make_mut();
        files.failed = None;
        files.added.clear();
        match files.asked.take() {
            Some(Asked::Delete(at)) => {
                files.viewed.take_if(|viewed| is_within(&viewed.at, &at));
                let mut gone = self.given.kept.remove(&at);
                gone.extend(self.adding.remove(&at));
                let mut effects = forget(gone);
                effects.extend([ask(Files::Remove(at)), ask(Files::List)]);
                effects
            }
            Some(Asked::Reset) => {
                files.viewed = None;
                let mut effects = self.cancel_adding();
                effects.extend(forget(self.given.kept.clear()));
                effects.extend([ask(Files::Reset), ask(Files::List)]);
                effects
            }
            None => Vec::new(),
        }
    }

    /// The name of a new directory is typed.
    pub(crate) fn type_directory(&mut self, name: String) {
        self.files.make_mut().directory = name;
    }

    /// Makes the directory that is typed where files are put now, and puts them there from now on.
    pub(crate) fn make_directory(&mut self) -> Vec<Effect> {
        let Some(into) = self.files.target() else {
            return Vec::new();
        };
        let files = self.files.make_mut();
        let name = std::mem::take(&mut files.directory);
        if name.trim().is_empty() {
            return Vec::new();
        }
        let at = below(&into, name.trim());
        files.failed = None;
        files.into = Some(at.clone());
        self.given.kept.add(Added {
            at: at.clone(),
            size: None,
        });
        vec![ask(Files::MakeDirectory(at)), ask(Files::List)]
    }

    /// Files are put here from now on.
    pub(crate) fn put_files_into(&mut self, place: Place) {
        self.files.make_mut().into = Some(place);
    }

    /// Opens a directory, or closes it.
    pub(crate) fn toggle_directory(&mut self, at: Place) {
        let toggled = &mut self.files.make_mut().toggled;
        if toggled.remove(&at).is_none() {
            toggled.insert(at, ());
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
            FilesReport::Listing(listing) => {
                let gone = self
                    .given
                    .kept
                    .take_in(&listing, self.adding.seen().is_none());
                files.listing = Shared::new(listing);
                self.changed = true;
                let mut effects = forget(gone);
                effects.extend(self.keep_written());
                return effects;
            }
            FilesReport::Kept { at, size, .. } => {
                self.changed = true;
                self.given.kept.add(Added {
                    at: at.clone(),
                    size: Some(size),
                });
                return vec![Effect::KeepFile(at)];
            }
            FilesReport::File { at, bytes, size } => {
                files.viewed = Some(Viewed::new(at, bytes, size));
            }
            FilesReport::Saved { at, .. } => {
                let name = at.path.rsplit('/').next().unwrap_or("file");
                return vec![Effect::Save(name.to_owned())];
            }
            FilesReport::Synced(number) => return self.added_batch(number),
            FilesReport::Archive { left_out, .. } => {
                if let Some(first) = left_out.first() {
                    let more = match left_out.len() - 1 {
                        0 => String::new(),
                        more => format!(" and {more} more"),
                    };
                    files.failed = Some(format!(
                        "{}{more} could not be put into the archive: too large, or a name that it \
                         cannot have",
                        shown(first),
                    ));
                }
                return vec![Effect::Save(ARCHIVE.to_owned())];
            }
            FilesReport::Failed(reason) => {
                files.failed = Some(reason);
                self.adding.one_failed();
            }
        }
        Vec::new()
    }
}

fn forget(places: Vec<Place>) -> Vec<Effect> {
    places.into_iter().map(Effect::ForgetFile).collect()
}

fn ask(files: Files) -> Effect {
    Effect::Send(Command::Files(files))
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod adding_tests;
