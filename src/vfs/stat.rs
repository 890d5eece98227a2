//! Asking for and setting what is known of a path.

use super::error::Error;
use super::fs::{Base, Fs};
use super::node::{InodeId, Metadata, SetTime, Timestamp};
use super::resolve::Follow;

impl Fs {
    /// What there is to say about what `path` leads to.
    ///
    /// # Errors
    /// What a lookup can fail with.
    pub fn stat(&self, base: Base, path: &str, follow: Follow) -> Result<Metadata, Error> {
        self.metadata(self.find(base.directory, path, follow)?)
    }

    /// Sets the access and modification times of what `path` leads to.
    ///
    /// # Errors
    /// [`Error::ReadOnly`]; what a lookup can fail with.
    pub fn set_times_at(
        &mut self,
        base: Base,
        path: &str,
        follow: Follow,
        accessed: SetTime,
        modified: SetTime,
        now: Timestamp,
    ) -> Result<(), Error> {
        let inode = self.find(base.directory, path, follow)?;
        base.check_writable()?;
        self.set_times(inode, accessed, modified, now)
    }

    /// Sets the access and modification times of `inode`.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is gone.
    pub fn set_times(
        &mut self,
        inode: InodeId,
        accessed: SetTime,
        modified: SetTime,
        now: Timestamp,
    ) -> Result<(), Error> {
        let node = self.node_mut(inode)?;
        if let SetTime::To(time) = accessed {
            node.accessed = time;
            node.changed = now;
        }
        if let SetTime::To(time) = modified {
            node.modified = time;
            node.changed = now;
        }
        Ok(())
    }
}
