//! The file system: the table of inodes, and what they may cost.

use std::collections::BTreeMap;

use super::directory::Directory;
use super::error::Error;
use super::node::{Body, InodeId, Kind, Metadata, Node, Timestamp};
use super::path::Name;

/// What a directory entry is charged, beside the length of its name.
const ENTRY_BYTES: u64 = 32;

/// How much a file system may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Bytes of content (in blocks of 512), of link targets and of names.
    pub bytes: u64,
    /// Files, directories and links.
    pub inodes: u64,
    /// The largest size of one file, holes included.
    pub file_bytes: u64,
}

impl Default for Quota {
    /// 256 MiB in 100,000 inodes, with files of up to 16 GiB.
    fn default() -> Quota {
        Quota {
            bytes: 256 << 20,
            inodes: 100_000,
            file_bytes: 16 << 30,
        }
    }
}

/// How much a file system holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bytes, counted as for [`Quota::bytes`].
    pub bytes: u64,
    /// Inodes, counted as for [`Quota::inodes`].
    pub inodes: u64,
}

/// The directory that a lookup starts from, and cannot leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its inode.
    pub directory: InodeId,
    /// Whether nothing below it may be changed.
    pub read_only: bool,
}

impl Base {
    /// # Errors
    /// [`Error::ReadOnly`] if nothing below may be changed.
    pub(super) fn check_writable(self) -> Result<(), Error> {
        if self.read_only {
            Err(Error::ReadOnly)
        } else {
            Ok(())
        }
    }
}

/// An in-memory file system: any number of trees in one table of inodes.
#[derive(Debug)]
pub struct Fs {
    nodes: BTreeMap<InodeId, Node>,
    last_inode: u64,
    pub(super) quota: Quota,
    pub(super) usage: Usage,
}

impl Fs {
    /// A file system without a single directory.
    pub fn new(quota: Quota) -> Fs {
        Fs {
            nodes: BTreeMap::new(),
            last_inode: 0,
            quota,
            usage: Usage::default(),
        }
    }

    /// What is in use.
    pub fn usage(&self) -> Usage {
        self.usage
    }

    /// What may be in use.
    pub fn quota(&self) -> Quota {
        self.quota
    }

    /// Makes a new, empty tree, and returns its root. A root is no entry of any directory and is
    /// never removed. The quota does not refuse it: it is the host that makes roots.
    pub fn create_root(&mut self, now: Timestamp) -> InodeId {
        let root = self.allocate(now, |inode| Body::Directory(Directory::new(inode)));
        if let Ok(node) = self.node_mut(root) {
            node.links = 1;
        }
        root
    }

    /// What there is to say about `inode`.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is gone.
    pub fn metadata(&self, inode: InodeId) -> Result<Metadata, Error> {
        Ok(self.node(inode)?.metadata(inode))
    }

    /// Keeps `inode` alive, whatever becomes of its names, until [`Fs::release`].
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is gone.
    pub fn retain(&mut self, inode: InodeId) -> Result<(), Error> {
        let node = self.node_mut(inode)?;
        node.handles = node.handles.saturating_add(1);
        Ok(())
    }

    /// Undoes one [`Fs::retain`] or [`Fs::open`]; frees the inode if nothing leads to it any more.
    pub fn release(&mut self, inode: InodeId) {
        if let Ok(node) = self.node_mut(inode) {
            node.handles = node.handles.saturating_sub(1);
            self.reap(inode);
        }
    }

    /// Undoes every [`Fs::retain`] and [`Fs::open`]: nothing has a file open any more.
    pub fn release_all(&mut self) {
        for node in self.nodes.values_mut() {
            node.handles = 0;
        }
        let unlinked = self.nodes.iter().filter(|(_, node)| node.links == 0);
        for inode in unlinked.map(|(inode, _)| *inode).collect::<Vec<_>>() {
            self.reap(inode);
        }
    }

    pub(super) fn node(&self, inode: InodeId) -> Result<&Node, Error> {
        self.nodes.get(&inode).ok_or(Error::NotFound)
    }

    pub(super) fn node_mut(&mut self, inode: InodeId) -> Result<&mut Node, Error> {
        self.nodes.get_mut(&inode).ok_or(Error::NotFound)
    }

    pub(super) fn kind(&self, inode: InodeId) -> Result<Kind, Error> {
        Ok(self.node(inode)?.kind())
    }

    pub(super) fn directory(&self, inode: InodeId) -> Result<&Directory, Error> {
        match &self.node(inode)?.body {
            Body::Directory(directory) => Ok(directory),
            Body::File(_) | Body::Symlink(_) => Err(Error::NotDirectory),
        }
    }

    pub(super) fn directory_mut(&mut self, inode: InodeId) -> Result<&mut Directory, Error> {
        match &mut self.node_mut(inode)?.body {
            Body::Directory(directory) => Ok(directory),
            Body::File(_) | Body::Symlink(_) => Err(Error::NotDirectory),
        }
    }

    /// How many more bytes may be charged.
    pub(super) fn bytes_left(&self) -> u64 {
        self.quota.bytes.saturating_sub(self.usage.bytes)
    }

    /// # Errors
    /// [`Error::NoSpace`] unless an entry called `name` fits, with a new inode of `bytes` if
    /// `bytes` is some.
    pub(super) fn check_room(&self, name: &Name, bytes: Option<u64>) -> Result<(), Error> {
        let entry = entry_bytes(name);
        if entry.saturating_add(bytes.unwrap_or(0)) > self.bytes_left() {
            return Err(Error::NoSpace);
        }
        if bytes.is_some() && self.usage.inodes >= self.quota.inodes {
            return Err(Error::NoSpace);
        }
        Ok(())
    }

    /// Makes an inode that nothing leads to yet. Charges it, but does not ask the quota.
    pub(super) fn allocate(
        &mut self,
        now: Timestamp,
        body: impl FnOnce(InodeId) -> Body,
    ) -> InodeId {
        self.last_inode += 1;
        let inode = InodeId(self.last_inode);
        let body = body(inode);
        self.usage.inodes += 1;
        self.usage.bytes += charge(&body);
        self.nodes.insert(inode, Node::new(body, now));
        inode
    }

    /// Enters `child` into `parent`. The name must be free. Charges it, but does not ask the quota.
    pub(super) fn attach(
        &mut self,
        parent: InodeId,
        name: Name,
        child: InodeId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let node = self.node_mut(child)?;
        node.links = node.links.saturating_add(1);
        node.changed = now;
        let is_directory = match &mut node.body {
            Body::Directory(directory) => {
                directory.parent = parent;
                true
            }
            Body::File(_) | Body::Symlink(_) => false,
        };
        self.usage.bytes += entry_bytes(&name);
        let directory = self.directory_mut(parent)?;
        directory.insert(name, child);
        if is_directory {
            directory.subdirectories = directory.subdirectories.saturating_add(1);
        }
        self.node_mut(parent)?.touch(now);
        Ok(())
    }

    /// Takes the entry `name` out of `parent`, and frees what it led to if nothing else does.
    pub(super) fn detach(
        &mut self,
        parent: InodeId,
        name: &Name,
        now: Timestamp,
    ) -> Result<(), Error> {
        let child = self.unlink_entry(parent, name, now)?;
        self.reap(child);
        Ok(())
    }

    /// As [`Fs::detach`], but leaves an inode without names in the table.
    pub(super) fn unlink_entry(
        &mut self,
        parent: InodeId,
        name: &Name,
        now: Timestamp,
    ) -> Result<InodeId, Error> {
        let directory = self.directory_mut(parent)?;
        let child = directory.remove(name.as_str()).ok_or(Error::NotFound)?;
        self.usage.bytes = self.usage.bytes.saturating_sub(entry_bytes(name));
        let node = self.node_mut(child)?;
        node.links = node.links.saturating_sub(1);
        node.changed = now;
        if node.kind() == Kind::Directory {
            let directory = self.directory_mut(parent)?;
            directory.subdirectories = directory.subdirectories.saturating_sub(1);
        }
        self.node_mut(parent)?.touch(now);
        Ok(child)
    }

    /// Frees `inode` if nothing leads to it.
    fn reap(&mut self, inode: InodeId) {
        let Ok(node) = self.node(inode) else { return };
        if node.links == 0 && node.handles == 0 {
            let charge = charge(&node.body);
            self.nodes.remove(&inode);
            self.usage.inodes = self.usage.inodes.saturating_sub(1);
            self.usage.bytes = self.usage.bytes.saturating_sub(charge);
        }
    }
}

fn entry_bytes(name: &Name) -> u64 {
    ENTRY_BYTES + name.as_str().len() as u64
}

fn charge(body: &Body) -> u64 {
    match body {
        Body::File(content) => content.charged(),
        Body::Symlink(target) => target.len() as u64,
        Body::Directory(_) => 0,
    }
}
