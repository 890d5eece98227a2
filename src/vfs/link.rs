//! Hard links, and reading symbolic ones.

use std::sync::Arc;

use super::error::Error;
use super::fs::{Base, Fs};
use super::node::{Body, Kind, Timestamp};
use super::resolve::{End, Follow};

impl Fs {
    /// Gives what `source` leads to a second name. A symbolic link is itself linked, not followed.
    ///
    /// # Errors
    /// - [`Error::NotPermitted`]: the source is a directory; or one base is read-only and the other
    ///   is not, which would open a way around it.
    /// - [`Error::Exists`]: something is at `target`, be it the source itself.
    /// - [`Error::NotFound`]: also if `target` ends in `/`.
    /// - [`Error::ReadOnly`], [`Error::NoSpace`], what a lookup can fail with.
    pub fn link(
        &mut self,
        source_base: Base,
        source: &str,
        target_base: Base,
        target: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let place = self.resolve_entry(source_base.directory, source)?;
        let inode = match place.end {
            End::Dots { inode, .. } => inode,
            End::Entry { inode, .. } => inode.ok_or(Error::NotFound)?,
        };
        if place.trailing_slash {
            self.directory(inode)?;
        }
        if source_base.read_only != target_base.read_only {
            return Err(Error::NotPermitted);
        }
        let (parent, name) = self.vacancy(target_base, target)?;
        if self.kind(inode)? == Kind::Directory {
            return Err(Error::NotPermitted);
        }
        self.check_linked(parent)?;
        self.check_room(&name, None)?;
        self.attach(parent, name, inode, now)
    }

    /// What the symbolic link at `path` holds.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is no link; what a lookup can fail with.
    pub fn read_link(&self, base: Base, path: &str) -> Result<Arc<str>, Error> {
        let inode = self.find(base.directory, path, Follow::No)?;
        match &self.node(inode)?.body {
            Body::Symlink(target) => Ok(Arc::clone(target)),
            Body::File(_) | Body::Directory(_) => Err(Error::Invalid),
        }
    }
}
