//! The entries of one directory, and how they are listed while they change.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::node::{InodeId, Kind};
use super::path::Name;

/// Where a listing continues: what it has already shown has smaller cookies.
///
/// [`Cookie::START`] is the beginning. `.` and `..` come first, then the entries in the order in which
/// they came into the directory. An entry keeps its cookie for as long as it exists, and a cookie is
/// never used twice, so a listing shows each entry that is there all the time exactly once, whatever
/// comes and goes meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cookie(pub u64);

impl Cookie {
    /// Before `.`.
    pub const START: Cookie = Cookie(0);
    /// After `.`, before `..`.
    pub const AFTER_SELF: Cookie = Cookie(1);
    /// After `..`, before the first name.
    pub const AFTER_PARENT: Cookie = Cookie(2);
}

/// One line of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where the listing continues after this entry.
    pub next: Cookie,
    /// What it leads to.
    pub inode: InodeId,
    /// What that is.
    pub kind: Kind,
    /// `.`, `..` or a [`Name`].
    pub name: String,
}

#[derive(Debug)]
struct Slot {
    cookie: u64,
    inode: InodeId,
}

#[derive(Debug)]
pub(super) struct Directory {
    /// The directory that this one is an entry of; itself, for a root.
    pub parent: InodeId,
    /// How many of the entries are directories: each adds one to this directory's link count.
    pub subdirectories: u32,
    slots: BTreeMap<Name, Slot>,
    order: BTreeMap<u64, Name>,
    last_cookie: u64,
}

impl Directory {
    pub fn new(parent: InodeId) -> Directory {
        Directory {
            parent,
            subdirectories: 0,
            slots: BTreeMap::new(),
            order: BTreeMap::new(),
            last_cookie: Cookie::AFTER_PARENT.0,
        }
    }

    pub fn get(&self, name: &str) -> Option<InodeId> {
        self.slots.get(name).map(|slot| slot.inode)
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds an entry, after all others. The name must be free.
    pub fn insert(&mut self, name: Name, inode: InodeId) {
        self.last_cookie += 1;
        let cookie = self.last_cookie;
        self.order.insert(cookie, name.clone());
        self.slots.insert(name, Slot { cookie, inode });
    }

    pub fn remove(&mut self, name: &str) -> Option<InodeId> {
        let slot = self.slots.remove(name)?;
        self.order.remove(&slot.cookie);
        Some(slot.inode)
    }

    /// The names by bytes.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, InodeId)> {
        self.slots.iter().map(|(name, slot)| (name, slot.inode))
    }

    /// The entries after `cookie`, in order, each with its own cookie.
    pub fn after(&self, cookie: Cookie) -> impl Iterator<Item = (Cookie, &Name, InodeId)> {
        self.order
            .range((Bound::Excluded(cookie.0), Bound::Unbounded))
            .filter_map(|(cookie, name)| {
                let inode = self.get(name.as_str())?;
                Some((Cookie(*cookie), name, inode))
            })
    }
}
