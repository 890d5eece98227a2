//! New directories and symbolic links.

use super::directory::Directory;
use super::error::Error;
use super::fs::{Base, Fs};
use super::node::{Body, InodeId, Kind, Timestamp};
use super::path::{Name, PATH_MAX};
use super::resolve::End;

impl Fs {
    /// Makes an empty directory. A `/` at the end of `path` changes nothing.
    ///
    /// # Errors
    /// [`Error::Exists`] if anything is there, a dangling link included; [`Error::ReadOnly`];
    /// [`Error::NoSpace`]; what a lookup can fail with.
    pub fn create_directory(
        &mut self,
        base: Base,
        path: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        match self.resolve_entry(base.directory, path)?.end {
            End::Dots { .. } | End::Entry { inode: Some(_), .. } => Err(Error::Exists),
            End::Entry { parent, name, .. } => {
                base.check_writable()?;
                self.create_in(parent, name, now, 0, |_| {
                    Body::Directory(Directory::new(parent))
                })?;
                Ok(())
            }
        }
    }

    /// Makes a symbolic link at `path` that holds `target`, which need not exist.
    ///
    /// # Errors
    /// - [`Error::NotPermitted`]: the target is absolute, which could never be followed.
    /// - [`Error::NotFound`]: the target is empty, or `path` is free but ends in `/`.
    /// - [`Error::Exists`]; or [`Error::NotDirectory`] if `path` ends in `/` and is no directory.
    /// - [`Error::Invalid`] and [`Error::NameTooLong`], for the target as for a path.
    /// - [`Error::ReadOnly`], [`Error::NoSpace`], what a lookup can fail with.
    pub fn create_symlink(
        &mut self,
        target: &str,
        base: Base,
        path: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        if target.is_empty() {
            return Err(Error::NotFound);
        }
        if target.len() > PATH_MAX {
            return Err(Error::NameTooLong);
        }
        if target.contains('\0') {
            return Err(Error::Invalid);
        }
        if target.starts_with('/') {
            return Err(Error::NotPermitted);
        }
        let (parent, name) = self.vacancy(base, path)?;
        self.create_in(parent, name, now, target.len() as u64, |_| {
            Body::Symlink(target.into())
        })?;
        Ok(())
    }

    /// The free entry that `path` means, for something that is no directory.
    ///
    /// # Errors
    /// [`Error::Exists`]; if `path` ends in `/`, [`Error::NotDirectory`] instead for what is no
    /// directory, and [`Error::NotFound`] for what is free; [`Error::ReadOnly`].
    pub(super) fn vacancy(&self, base: Base, path: &str) -> Result<(InodeId, Name), Error> {
        let place = self.resolve_entry(base.directory, path)?;
        match place.end {
            End::Dots { .. } => Err(Error::Exists),
            End::Entry {
                inode: Some(inode), ..
            } => {
                if place.trailing_slash && self.kind(inode)? != Kind::Directory {
                    Err(Error::NotDirectory)
                } else {
                    Err(Error::Exists)
                }
            }
            End::Entry { .. } if place.trailing_slash => Err(Error::NotFound),
            End::Entry { parent, name, .. } => {
                base.check_writable()?;
                Ok((parent, name))
            }
        }
    }

    /// Makes an inode that will be charged `bytes`, and enters it into `parent`.
    pub(super) fn create_in(
        &mut self,
        parent: InodeId,
        name: Name,
        now: Timestamp,
        bytes: u64,
        body: impl FnOnce(InodeId) -> Body,
    ) -> Result<InodeId, Error> {
        self.check_linked(parent)?;
        self.check_room(&name, Some(bytes))?;
        let inode = self.allocate(now, body);
        self.attach(parent, name, inode, now)?;
        Ok(inode)
    }

    /// # Errors
    /// [`Error::NotFound`] if `directory` has been removed, and only an open handle keeps it.
    pub(super) fn check_linked(&self, directory: InodeId) -> Result<(), Error> {
        if self.node(directory)?.links == 0 {
            Err(Error::NotFound)
        } else {
            Ok(())
        }
    }
}
