//! Taking names away.

use super::error::Error;
use super::fs::{Base, Fs};
use super::node::{Kind, Timestamp};
use super::resolve::{Dots, End};

impl Fs {
    /// Removes the name of a file or of a symbolic link. What it led to lives on while it has other
    /// names or is open.
    ///
    /// # Errors
    /// [`Error::IsDirectory`]; [`Error::NotDirectory`] if `path` ends in `/` but leads to no
    /// directory; [`Error::ReadOnly`]; what a lookup can fail with.
    pub fn unlink(&mut self, base: Base, path: &str, now: Timestamp) -> Result<(), Error> {
        let place = self.resolve_entry(base.directory, path)?;
        match place.end {
            End::Dots { .. } => Err(Error::IsDirectory),
            End::Entry { inode: None, .. } => Err(Error::NotFound),
            End::Entry {
                parent,
                name,
                inode: Some(inode),
            } => {
                if self.kind(inode)? == Kind::Directory {
                    return Err(Error::IsDirectory);
                }
                if place.trailing_slash {
                    return Err(Error::NotDirectory);
                }
                base.check_writable()?;
                self.detach(parent, &name, now)
            }
        }
    }

    /// Removes an empty directory. A handle that is open on it stays valid, but nothing can be
    /// created below it any more.
    ///
    /// # Errors
    /// [`Error::NotEmpty`]; [`Error::NotDirectory`], also for a link to a directory;
    /// [`Error::Invalid`] for `.`; [`Error::ReadOnly`]; what a lookup can fail with.
    pub fn remove_directory(
        &mut self,
        base: Base,
        path: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        match self.resolve_entry(base.directory, path)?.end {
            End::Dots {
                last: Dots::Current,
                ..
            } => Err(Error::Invalid),
            End::Dots {
                last: Dots::Parent, ..
            } => Err(Error::NotEmpty),
            End::Entry { inode: None, .. } => Err(Error::NotFound),
            End::Entry {
                parent,
                name,
                inode: Some(inode),
            } => {
                let is_empty = self.directory(inode)?.is_empty();
                base.check_writable()?;
                if !is_empty {
                    return Err(Error::NotEmpty);
                }
                self.detach(parent, &name, now)
            }
        }
    }
}
