//! The guest's descriptors.

use std::collections::{BTreeMap, BTreeSet};

use super::Errno;
use super::abi::FdFlags;
use super::stdio::Stream;
use crate::vfs::{Base, InodeId};

/// The number of a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fd(pub u32);

/// What a descriptor stands for.
#[derive(Debug)]
pub(super) enum Descriptor {
    Stdin { flags: FdFlags },
    Output { stream: Stream, flags: FdFlags },
    File(OpenFile),
    Directory(OpenDirectory),
}

#[derive(Debug)]
pub(super) struct OpenFile {
    pub inode: InodeId,
    pub position: u64,
    pub mode: Mode,
    /// Whether it lies below a directory that must not be changed.
    pub read_only: bool,
    pub flags: FdFlags,
}

/// What a file was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mode {
    pub read: bool,
    pub write: bool,
}

#[derive(Debug)]
pub(super) struct OpenDirectory {
    pub base: Base,
    /// The path that the guest knows it by, if it was there from the start.
    pub preopen: Option<String>,
}

impl Descriptor {
    /// The inode that it retains.
    pub fn inode(&self) -> Option<InodeId> {
        match self {
            Descriptor::Stdin { .. } | Descriptor::Output { .. } => None,
            Descriptor::File(file) => Some(file.inode),
            Descriptor::Directory(directory) => Some(directory.base.directory),
        }
    }
}

/// The descriptors that are open, by number.
#[derive(Debug)]
pub(super) struct FdTable {
    open: BTreeMap<u32, Descriptor>,
    /// The numbers below `next` that are not open.
    free: BTreeSet<u32>,
    next: u32,
    capacity: usize,
}

impl FdTable {
    pub fn new(capacity: usize) -> FdTable {
        FdTable {
            open: BTreeMap::new(),
            free: BTreeSet::new(),
            next: 0,
            capacity,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (Fd, &Descriptor)> {
        self.open
            .iter()
            .map(|(fd, descriptor)| (Fd(*fd), descriptor))
    }

    /// # Errors
    /// [`Errno::Mfile`] if there is no room for one more.
    pub fn check_room(&self) -> Result<(), Errno> {
        if self.open.len() < self.capacity {
            Ok(())
        } else {
            Err(Errno::Mfile)
        }
    }

    /// Opens the lowest number that is free. The capacity is not asked: see [`FdTable::check_room`].
    pub fn push(&mut self, descriptor: Descriptor) -> Fd {
        let fd = match self.free.pop_first() {
            Some(fd) => fd,
            None => {
                self.next = self.next.saturating_add(1);
                self.next - 1
            }
        };
        self.open.insert(fd, descriptor);
        Fd(fd)
    }

    /// # Errors
    /// [`Errno::Badf`] if it is not open.
    pub fn remove(&mut self, fd: Fd) -> Result<Descriptor, Errno> {
        let descriptor = self.open.remove(&fd.0).ok_or(Errno::Badf)?;
        self.free.insert(fd.0);
        Ok(descriptor)
    }

    /// Moves what `from` stands for to `to`, and returns what that stood for until now; `None` if
    /// they are the same.
    ///
    /// # Errors
    /// [`Errno::Badf`] unless both are open.
    pub fn renumber(&mut self, from: Fd, to: Fd) -> Result<Option<Descriptor>, Errno> {
        self.get(from)?;
        self.get(to)?;
        if from == to {
            return Ok(None);
        }
        let descriptor = self.remove(from)?;
        Ok(self.open.insert(to.0, descriptor))
    }

    /// # Errors
    /// [`Errno::Badf`] if it is not open.
    pub fn get(&self, fd: Fd) -> Result<&Descriptor, Errno> {
        self.open.get(&fd.0).ok_or(Errno::Badf)
    }

    /// # Errors
    /// [`Errno::Badf`] if it is not open.
    pub fn get_mut(&mut self, fd: Fd) -> Result<&mut Descriptor, Errno> {
        self.open.get_mut(&fd.0).ok_or(Errno::Badf)
    }

    /// # Errors
    /// [`Errno::Badf`] unless it is an open file.
    pub fn file(&self, fd: Fd) -> Result<&OpenFile, Errno> {
        match self.get(fd)? {
            Descriptor::File(file) => Ok(file),
            Descriptor::Directory(_) | Descriptor::Stdin { .. } | Descriptor::Output { .. } => {
                Err(Errno::Badf)
            }
        }
    }

    /// # Errors
    /// [`Errno::Badf`] unless it is an open file; [`Errno::Spipe`] if it is stdio, which has no
    /// position.
    pub fn seekable_mut(&mut self, fd: Fd) -> Result<&mut OpenFile, Errno> {
        match self.get_mut(fd)? {
            Descriptor::File(file) => Ok(file),
            Descriptor::Directory(_) => Err(Errno::Badf),
            Descriptor::Stdin { .. } | Descriptor::Output { .. } => Err(Errno::Spipe),
        }
    }

    /// # Errors
    /// [`Errno::Notdir`] if it is a file, [`Errno::Badf`] if it is stdio or not open.
    pub fn directory(&self, fd: Fd) -> Result<&OpenDirectory, Errno> {
        match self.get(fd)? {
            Descriptor::Directory(directory) => Ok(directory),
            Descriptor::File(_) => Err(Errno::Notdir),
            Descriptor::Stdin { .. } | Descriptor::Output { .. } => Err(Errno::Badf),
        }
    }
}
