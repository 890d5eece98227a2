//! The messages about the files that guests see: the disk outlives the instance.

use serde::{Deserialize, Serialize};

/// Where something is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The path of the preopen, as the guest knows it.
    pub preopen: String,
    /// The path below it, without a leading `/`; empty: the preopen itself.
    pub path: String,
}

/// What the page asks for. Reading and writing is never refused because a guest runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Files {
    /// Tell what there is, now and from now on after each run that changed something.
    List,
    /// Put a file at a place, with the directories on the way, instead of what is there.
    Write {
        /// The place.
        at: Place,
        /// Its contents. Between the page and the worker they travel beside the command.
        #[serde(skip)]
        bytes: Vec<u8>,
    },
    /// Make a directory, and those on the way.
    MakeDirectory(Place),
    /// Remove what is at a place, with all that is below it.
    Remove(Place),
    /// Tell what a file holds.
    Read {
        /// The place.
        at: Place,
        /// Bytes to tell at most.
        most: u64,
    },
    /// Give a whole file, to be saved.
    Save(Place),
    /// Give a whole file, to be kept for when the worker is gone.
    Keep(Place),
    /// Say this number again: whatever was asked for before has been done.
    Sync(u32),
    /// Make all as the settings have it: nothing stays that was added or written.
    Reset,
    /// Set everything aside, in exchange for what was set aside before; then there is no instance.
    Exchange,
    /// Put everything into one archive.
    Archive,
}

/// What the session says about the files. Contents travel beside a report, not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilesReport {
    /// What there is.
    Listing(Listing),
    /// What a file holds.
    File {
        /// The place.
        at: Place,
        /// Its first bytes, or all of them.
        #[serde(skip)]
        bytes: Vec<u8>,
        /// Its size, in bytes.
        size: u64,
    },
    /// A whole file, to be saved.
    Saved {
        /// The place.
        at: Place,
        /// Its contents.
        #[serde(skip)]
        bytes: Vec<u8>,
    },
    /// A whole file, to be kept.
    Kept {
        /// The place.
        at: Place,
        /// Its size, in bytes.
        size: u64,
        /// Its contents.
        #[serde(skip)]
        bytes: Vec<u8>,
    },
    /// Everything, as a tar file, to be saved.
    Archive {
        /// The file.
        #[serde(skip)]
        bytes: Vec<u8>,
        /// The places of files that are too large for it.
        left_out: Vec<Place>,
    },
    /// The number of [`Files::Sync`].
    Synced(u32),
    /// Something cannot be done; the text says what, and why.
    Failed(String),
}

impl FilesReport {
    /// What travels beside the report.
    pub fn contents_mut(&mut self) -> Option<&mut Vec<u8>> {
        match self {
            Self::File { bytes, .. }
            | Self::Saved { bytes, .. }
            | Self::Kept { bytes, .. }
            | Self::Archive { bytes, .. } => Some(bytes),
            Self::Listing(_) | Self::Synced(_) | Self::Failed(_) => None,
        }
    }

    /// Whether something travels beside the report.
    #[must_use]
    pub fn has_contents(&self) -> bool {
        self.is_to_be_saved() || matches!(self, Self::File { .. })
    }

    /// Whether its contents are there to be saved or kept, and not looked at: then the page never has them
    /// in its own memory.
    #[must_use]
    pub fn is_to_be_saved(&self) -> bool {
        matches!(
            self,
            Self::Saved { .. } | Self::Kept { .. } | Self::Archive { .. }
        )
    }
}

/// What there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Each preopen, in the order of the settings.
    pub preopens: Vec<PreopenListing>,
    /// Bytes that all take together.
    pub used: u64,
    /// Bytes that they may take.
    pub room: u64,
    /// How many more entries there are than are listed.
    pub left_out: u64,
}

impl Listing {
    /// Entries that are listed at most.
    pub const MOST: usize = 20_000;
}

/// What there is in a preopen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreopenListing {
    /// The path that the guest knows it by.
    pub path: String,
    /// Whether the guest may not change anything in it.
    pub read_only: bool,
    /// What is in it, parents before children, names in the order of their bytes.
    pub entries: Vec<Listed>,
}

/// A file, directory or link, or one that was there when the last run began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its path below the preopen.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Its size, in bytes.
    pub size: u64,
    /// When it was last written to, in nanoseconds since 1970.
    pub modified: u64,
    /// What the last run did to it.
    pub change: Option<Change>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryKind {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
}

/// What a run did to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// It was not there before.
    Created,
    /// It was there with other contents.
    Changed,
    /// It is not there any more.
    Deleted,
}
