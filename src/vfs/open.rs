//! Opening, and creating on the way.

use super::content::Content;
use super::error::Error;
use super::fs::{Base, Fs};
use super::node::{Body, InodeId, Kind, Timestamp};
use super::path::Name;
use super::resolve::{End, Follow};

/// What [`Fs::open`] is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenOptions {
    /// What to do with a symbolic link at the end of the path.
    pub follow: Follow,
    /// The file will be written through this handle.
    pub write: bool,
    /// Create the file if it does not exist.
    pub create: bool,
    /// With `create`: fail if it exists, even as a symbolic link.
    pub exclusive: bool,
    /// Cut the file to nothing.
    pub truncate: bool,
    /// Fail unless it is a directory.
    pub directory: bool,
}

impl OpenOptions {
    /// To read what is there.
    pub const READ: OpenOptions = OpenOptions {
        follow: Follow::Yes,
        write: false,
        create: false,
        exclusive: false,
        truncate: false,
        directory: false,
    };
}

impl Fs {
    /// Opens what `path` leads to, and retains it: [`Fs::release`] is its counterpart.
    ///
    /// # Errors
    /// - [`Error::Exists`]: exclusive creation of what exists.
    /// - [`Error::IsDirectory`]: a directory to be written, created or truncated; a `/` at the end of
    ///   what is to be created.
    /// - [`Error::NotDirectory`]: a directory is asked for, by option or by a `/` at the end.
    /// - [`Error::Loop`]: a symbolic link at the end that must not be followed.
    /// - [`Error::ReadOnly`]: to be written or created below a read-only base;
    ///   [`Error::NotPermitted`]: to be truncated there.
    /// - [`Error::NoSpace`]: creation beyond the quota.
    /// - what a lookup can fail with.
    pub fn open(
        &mut self,
        base: Base,
        path: &str,
        options: OpenOptions,
        now: Timestamp,
    ) -> Result<InodeId, Error> {
        if base.read_only && options.truncate {
            return Err(Error::NotPermitted);
        }
        let exclusive = options.create && options.exclusive;
        let place = if exclusive {
            self.resolve_entry(base.directory, path)?
        } else {
            self.resolve(base.directory, path, options.follow)?
        };
        if options.create && place.trailing_slash {
            // As on Linux, whatever is there.
            return Err(Error::IsDirectory);
        }
        let inode = match place.end {
            End::Dots { .. } | End::Entry { inode: Some(_), .. } if exclusive => {
                return Err(Error::Exists);
            }
            End::Dots { inode, .. } => inode,
            End::Entry {
                inode: Some(inode), ..
            } => {
                if place.trailing_slash && self.kind(inode)? != Kind::Directory {
                    return Err(Error::NotDirectory);
                }
                inode
            }
            End::Entry { inode: None, .. } if !options.create => return Err(Error::NotFound),
            End::Entry { parent, name, .. } => {
                base.check_writable()?;
                self.create_file(parent, name, now)?
            }
        };
        match self.kind(inode)? {
            Kind::Symlink if options.directory => return Err(Error::NotDirectory),
            Kind::Symlink => return Err(Error::Loop),
            Kind::Directory if options.write || options.create || options.truncate => {
                return Err(Error::IsDirectory);
            }
            Kind::File if options.directory => return Err(Error::NotDirectory),
            Kind::File if options.write => base.check_writable()?,
            Kind::Directory | Kind::File => {}
        }
        if options.truncate {
            self.set_size(inode, 0, now)?;
        }
        self.retain(inode)?;
        Ok(inode)
    }

    fn create_file(
        &mut self,
        parent: InodeId,
        name: Name,
        now: Timestamp,
    ) -> Result<InodeId, Error> {
        self.create_in(parent, name, now, 0, |_| Body::File(Content::default()))
    }
}
