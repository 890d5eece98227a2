//! What is in files and directories, by inode.

use super::content::Content;
use super::directory::{Cookie, Entry};
use super::error::Error;
use super::fs::Fs;
use super::node::{Body, InodeId, Kind, Timestamp};

impl Fs {
    /// Copies what the file holds from `offset` on into `buffer`; returns how many bytes there were,
    /// 0 at the end and beyond.
    ///
    /// The access time follows the rule of `relatime`: it is set when it is not later than the last
    /// change.
    ///
    /// # Errors
    /// [`Error::IsDirectory`]; [`Error::Invalid`] for a symbolic link.
    pub fn read(
        &mut self,
        inode: InodeId,
        offset: u64,
        buffer: &mut [u8],
        now: Timestamp,
    ) -> Result<usize, Error> {
        let read = self.content(inode)?.read(offset, buffer);
        if read > 0 {
            let node = self.node_mut(inode)?;
            if node.accessed <= node.modified || node.accessed <= node.changed {
                node.accessed = now;
            }
        }
        Ok(read)
    }

    /// Writes `bytes` at `offset`; returns how many, which is fewer than all if the quota or the
    /// size limit is reached on the way. Beyond the end, a hole is left that reads as zeros. Nothing
    /// to write changes nothing, not even the size.
    ///
    /// # Errors
    /// [`Error::NoSpace`], [`Error::FileTooLarge`] if not a single byte can be written;
    /// [`Error::IsDirectory`]; [`Error::Invalid`] for a symbolic link.
    pub fn write(
        &mut self,
        inode: InodeId,
        offset: u64,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<usize, Error> {
        self.content(inode)?;
        if bytes.is_empty() {
            return Ok(0);
        }
        let room = self.quota.file_bytes.saturating_sub(offset);
        let length = bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        let bytes = match bytes.get(..length) {
            Some([]) | None => return Err(Error::FileTooLarge),
            Some(bytes) => bytes,
        };
        let allowance = self.bytes_left();
        let content = self.content_mut(inode)?;
        let before = content.charged();
        let written = content.write(offset, bytes, allowance);
        let growth = content.charged().saturating_sub(before);
        self.usage.bytes = self.usage.bytes.saturating_add(growth);
        if written == 0 {
            return Err(Error::NoSpace);
        }
        self.node_mut(inode)?.touch(now);
        Ok(written)
    }

    /// Cuts the file to `size` bytes, or lets it grow to them with a hole.
    ///
    /// # Errors
    /// [`Error::FileTooLarge`]; [`Error::IsDirectory`]; [`Error::Invalid`] for a symbolic link.
    pub fn set_size(&mut self, inode: InodeId, size: u64, now: Timestamp) -> Result<(), Error> {
        let limit = self.quota.file_bytes;
        let content = self.content_mut(inode)?;
        if size > limit && size > content.size() {
            return Err(Error::FileTooLarge);
        }
        let before = content.charged();
        content.resize(size);
        let freed = before.saturating_sub(content.charged());
        self.usage.bytes = self.usage.bytes.saturating_sub(freed);
        self.node_mut(inode)?.touch(now);
        Ok(())
    }

    /// Lets the file grow, if need be, so that it has `length` bytes from `offset` on.
    ///
    /// # Errors
    /// [`Error::FileTooLarge`]; [`Error::NoSpace`] if so many bytes are not left;
    /// [`Error::IsDirectory`]; [`Error::Invalid`] for a symbolic link.
    pub fn allocate_range(
        &mut self,
        inode: InodeId,
        offset: u64,
        length: u64,
        now: Timestamp,
    ) -> Result<(), Error> {
        let end = offset.checked_add(length).ok_or(Error::FileTooLarge)?;
        let size = self.content(inode)?.size();
        if end <= size {
            return Ok(());
        }
        if end > self.quota.file_bytes {
            return Err(Error::FileTooLarge);
        }
        if end - size > self.bytes_left() {
            return Err(Error::NoSpace);
        }
        self.set_size(inode, end, now)
    }

    /// The entries of a directory from `from` on, `.` and `..` first, until `visit` has had enough
    /// and returns `false`. `..` of a directory without a parent is itself.
    ///
    /// # Errors
    /// [`Error::NotDirectory`].
    pub fn list(
        &self,
        inode: InodeId,
        from: Cookie,
        mut visit: impl FnMut(Entry) -> bool,
    ) -> Result<(), Error> {
        let directory = self.directory(inode)?;
        let dots = [
            (Cookie::AFTER_SELF, ".", inode),
            (Cookie::AFTER_PARENT, "..", directory.parent),
        ];
        for (next, name, inode) in dots {
            let entry = Entry {
                next,
                inode,
                kind: Kind::Directory,
                name: name.to_owned(),
            };
            if from < next && !visit(entry) {
                return Ok(());
            }
        }
        for (next, name, inode) in directory.after(from.max(Cookie::AFTER_PARENT)) {
            let entry = Entry {
                next,
                inode,
                kind: self.kind(inode)?,
                name: name.as_str().to_owned(),
            };
            if !visit(entry) {
                return Ok(());
            }
        }
        Ok(())
    }

    pub(super) fn content(&self, inode: InodeId) -> Result<&Content, Error> {
        match &self.node(inode)?.body {
            Body::File(content) => Ok(content),
            Body::Directory(_) => Err(Error::IsDirectory),
            Body::Symlink(_) => Err(Error::Invalid),
        }
    }

    pub(super) fn content_mut(&mut self, inode: InodeId) -> Result<&mut Content, Error> {
        match &mut self.node_mut(inode)?.body {
            Body::File(content) => Ok(content),
            Body::Directory(_) => Err(Error::IsDirectory),
            Body::Symlink(_) => Err(Error::Invalid),
        }
    }
}
