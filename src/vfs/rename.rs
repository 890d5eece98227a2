//! Moving names.

use super::error::Error;
use super::fs::{Base, Fs};
use super::node::{InodeId, Kind, Timestamp};
use super::path::Name;
use super::resolve::End;

impl Fs {
    /// Gives what is at `source` the name `target` instead, replacing what is there. A symbolic link
    /// at either end is itself moved or replaced. Nothing happens if both are the same inode.
    ///
    /// # Errors
    /// - [`Error::NotFound`]: there is nothing at `source`.
    /// - [`Error::Busy`]: either path ends in `.` or `..`.
    /// - [`Error::IsDirectory`], [`Error::NotDirectory`]: a directory replaces only a directory, and
    ///   nothing else does; a `/` at the end of either path means a directory.
    /// - [`Error::NotEmpty`]: the directory at `target` has entries.
    /// - [`Error::Invalid`]: a directory would move into itself.
    /// - [`Error::NotPermitted`]: one base is read-only and the other is not.
    /// - [`Error::ReadOnly`], [`Error::NoSpace`], what a lookup can fail with.
    pub fn rename(
        &mut self,
        source_base: Base,
        source: &str,
        target_base: Base,
        target: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let source = self.entry(source_base, source)?;
        let target = self.entry(target_base, target)?;
        let inode = source.inode.ok_or(Error::NotFound)?;
        if source_base.read_only != target_base.read_only {
            return Err(Error::NotPermitted);
        }
        source_base.check_writable()?;

        let is_directory = self.kind(inode)? == Kind::Directory;
        if !is_directory && (source.trailing_slash || target.trailing_slash) {
            return Err(Error::NotDirectory);
        }
        if is_directory && self.is_within(target.parent, inode)? {
            return Err(Error::Invalid);
        }
        self.check_linked(target.parent)?;
        match target.inode {
            Some(replaced) if replaced == inode => return Ok(()),
            Some(replaced) => {
                match (is_directory, self.kind(replaced)? == Kind::Directory) {
                    (true, false) => return Err(Error::NotDirectory),
                    (false, true) => return Err(Error::IsDirectory),
                    (true, true) if !self.directory(replaced)?.is_empty() => {
                        return Err(Error::NotEmpty);
                    }
                    (true, true) | (false, false) => {}
                }
                self.detach(target.parent, &target.name, now)?;
            }
            None if target.name.as_str().len() > source.name.as_str().len() => {
                self.check_room(&target.name, None)?;
            }
            None => {}
        }
        self.unlink_entry(source.parent, &source.name, now)?;
        self.attach(target.parent, target.name, inode, now)
    }

    fn entry(&self, base: Base, path: &str) -> Result<Entry, Error> {
        let place = self.resolve_entry(base.directory, path)?;
        match place.end {
            End::Dots { .. } => Err(Error::Busy),
            End::Entry {
                parent,
                name,
                inode,
            } => Ok(Entry {
                parent,
                name,
                inode,
                trailing_slash: place.trailing_slash,
            }),
        }
    }

    /// Whether `directory` is `ancestor`, or somewhere below it.
    fn is_within(&self, directory: InodeId, ancestor: InodeId) -> Result<bool, Error> {
        let mut here = directory;
        loop {
            if here == ancestor {
                return Ok(true);
            }
            let parent = self.directory(here)?.parent;
            if parent == here {
                return Ok(false);
            }
            here = parent;
        }
    }
}

struct Entry {
    parent: InodeId,
    name: Name,
    inode: Option<InodeId>,
    trailing_slash: bool,
}
