//! Inodes: what a name leads to.

use std::sync::Arc;

use super::content::Content;
use super::directory::Directory;

/// The number of an inode. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InodeId(pub u64);

/// Nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub u64);

/// What an inode is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
}

/// What there is to say about an inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Its number.
    pub inode: InodeId,
    /// What it is.
    pub kind: Kind,
    /// How many names it has. A directory has two, and one more for each directory in it; none once
    /// it is removed.
    pub links: u64,
    /// In bytes: of a file, what it holds; of a link, its target; of a directory, 0.
    pub size: u64,
    /// When what it holds was last read.
    pub accessed: Timestamp,
    /// When what it holds last changed.
    pub modified: Timestamp,
    /// When the inode itself last changed: its links, its size, its times.
    pub changed: Timestamp,
}

/// What to do with a time stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetTime {
    /// Leave it.
    Keep,
    /// Set it to this.
    To(Timestamp),
}

#[derive(Debug)]
pub(super) enum Body {
    File(Content),
    Directory(Directory),
    Symlink(Arc<str>),
}

#[derive(Debug)]
pub(super) struct Node {
    pub body: Body,
    /// How many directory entries lead here; 1 for a root.
    pub links: u32,
    /// How many open descriptors hold it.
    pub handles: u32,
    pub accessed: Timestamp,
    pub modified: Timestamp,
    pub changed: Timestamp,
}

impl Node {
    pub fn new(body: Body, now: Timestamp) -> Node {
        Node {
            body,
            links: 0,
            handles: 0,
            accessed: now,
            modified: now,
            changed: now,
        }
    }

    pub fn kind(&self) -> Kind {
        match self.body {
            Body::File(_) => Kind::File,
            Body::Directory(_) => Kind::Directory,
            Body::Symlink(_) => Kind::Symlink,
        }
    }

    pub fn metadata(&self, inode: InodeId) -> Metadata {
        let (links, size) = match &self.body {
            Body::File(content) => (u64::from(self.links), content.size()),
            Body::Symlink(target) => (u64::from(self.links), target.len() as u64),
            Body::Directory(_) if self.links == 0 => (0, 0),
            Body::Directory(directory) => (2 + u64::from(directory.subdirectories), 0),
        };
        Metadata {
            inode,
            kind: self.kind(),
            links,
            size,
            accessed: self.accessed,
            modified: self.modified,
            changed: self.changed,
        }
    }

    /// Marks that what the inode holds has changed.
    pub fn touch(&mut self, now: Timestamp) {
        self.modified = now;
        self.changed = now;
    }
}
