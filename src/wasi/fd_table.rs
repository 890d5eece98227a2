//! The guest's descriptors.

use super::Errno;
use super::abi::FdFlags;
use super::stdio::Stream;
use super::used::Place;
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
    /// The path that it was opened by.
    pub named: Place,
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
    /// The path that it was opened by.
    pub named: Place,
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
    slots: Vec<Option<Descriptor>>,
    /// How many are open.
    open: usize,
    /// All numbers below this one are open.
    dense: usize,
    capacity: usize,
}

impl FdTable {
    pub fn new(capacity: usize) -> FdTable {
        FdTable {
            slots: Vec::new(),
            open: 0,
            dense: 0,
            capacity,
        }
    }

    /// How many are open.
    pub fn len(&self) -> usize {
        self.open
    }

    /// # Errors
    /// [`Errno::Mfile`] if there is no room for one more.
    pub fn check_room(&self) -> Result<(), Errno> {
        if self.open < self.capacity {
            Ok(())
        } else {
            Err(Errno::Mfile)
        }
    }

    /// Opens the lowest number that is free. The capacity is not asked: see [`FdTable::check_room`].
    pub fn push(&mut self, descriptor: Descriptor) -> Fd {
        let above = self.slots.iter().skip(self.dense);
        let fd = self.dense + above.take_while(|slot| slot.is_some()).count();
        if fd == self.slots.len() {
            self.slots.push(None);
        }
        if let Some(slot) = self.slots.get_mut(fd) {
            *slot = Some(descriptor);
        }
        self.open += 1;
        self.dense = fd + 1;
        Fd(u32::try_from(fd).unwrap_or(u32::MAX))
    }

    /// # Errors
    /// [`Errno::Badf`] if it is not open.
    pub fn remove(&mut self, fd: Fd) -> Result<Descriptor, Errno> {
        let slot = self.slots.get_mut(fd.0 as usize);
        let descriptor = slot.and_then(Option::take).ok_or(Errno::Badf)?;
        self.open -= 1;
        self.dense = self.dense.min(fd.0 as usize);
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
        Ok(Some(std::mem::replace(self.get_mut(to)?, descriptor)))
    }

    /// # Errors
    /// [`Errno::Badf`] if it is not open.
    pub fn get(&self, fd: Fd) -> Result<&Descriptor, Errno> {
        let slot = self.slots.get(fd.0 as usize);
        slot.and_then(Option::as_ref).ok_or(Errno::Badf)
    }

    /// # Errors
    /// [`Errno::Badf`] if it is not open.
    pub fn get_mut(&mut self, fd: Fd) -> Result<&mut Descriptor, Errno> {
        let slot = self.slots.get_mut(fd.0 as usize);
        slot.and_then(Option::as_mut).ok_or(Errno::Badf)
    }

    /// # Errors
    /// [`Errno::Isdir`] if it is a directory, [`Errno::Badf`] if it is stdio or not open.
    pub fn file(&self, fd: Fd) -> Result<&OpenFile, Errno> {
        match self.get(fd)? {
            Descriptor::File(file) => Ok(file),
            Descriptor::Directory(_) => Err(Errno::Isdir),
            Descriptor::Stdin { .. } | Descriptor::Output { .. } => Err(Errno::Badf),
        }
    }

    /// # Errors
    /// [`Errno::Isdir`] if it is a directory, [`Errno::Spipe`] if it is stdio, which has no position,
    /// [`Errno::Badf`] if it is not open.
    pub fn seekable_mut(&mut self, fd: Fd) -> Result<&mut OpenFile, Errno> {
        match self.get_mut(fd)? {
            Descriptor::File(file) => Ok(file),
            Descriptor::Directory(_) => Err(Errno::Isdir),
            Descriptor::Stdin { .. } | Descriptor::Output { .. } => Err(Errno::Spipe),
        }
    }

    /// # Errors
    /// [`Errno::Notdir`] if it is anything else, [`Errno::Badf`] if it is not open.
    pub fn directory(&self, fd: Fd) -> Result<&OpenDirectory, Errno> {
        match self.get(fd)? {
            Descriptor::Directory(directory) => Ok(directory),
            Descriptor::File(_) | Descriptor::Stdin { .. } | Descriptor::Output { .. } => {
                Err(Errno::Notdir)
            }
        }
    }
}
