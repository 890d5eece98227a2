//! From a path to an inode.

use super::error::Error;
use super::fs::Fs;
use super::node::{Body, InodeId};
use super::path::{Name, Step, Steps};

/// How many symbolic links one lookup may pass.
pub const SYMLINK_MAX: usize = 40;

/// What a lookup does with a symbolic link in the last component. Links before it are always followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// The link's target is meant.
    Yes,
    /// The link itself is meant, unless the path ends in `/`.
    No,
}

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub end: End,
    /// Whether the path, or the link that its last component is, ends in `/`.
    pub trailing_slash: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A name in a directory, and what is there, if anything.
    Entry {
        parent: InodeId,
        name: Name,
        inode: Option<InodeId>,
    },
    /// A directory meant by `.` or `..`.
    Dots { inode: InodeId, last: Dots },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dots {
    Current,
    Parent,
}

impl Fs {
    /// Follows `path` from `base` to its end, which need not exist.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::NotDirectory`] for what comes before the end;
    /// [`Error::Escape`], [`Error::Loop`], and what is wrong with the path as text.
    pub(super) fn resolve(
        &self,
        base: InodeId,
        path: &str,
        follow: Follow,
    ) -> Result<Place, Error> {
        let steps = Steps::parse(path)?;
        let follow_last = follow == Follow::Yes || steps.trailing_slash;
        self.walk_steps(base, steps, follow_last)
    }

    /// As [`Fs::resolve`], to the entry itself: a link at the end is never followed.
    pub(super) fn resolve_entry(&self, base: InodeId, path: &str) -> Result<Place, Error> {
        self.walk_steps(base, Steps::parse(path)?, false)
    }

    /// As [`Fs::resolve`], to something that exists.
    ///
    /// # Errors
    /// Also [`Error::NotFound`], and [`Error::NotDirectory`] if the path ends in `/` and what is
    /// there is no directory.
    pub(super) fn find(&self, base: InodeId, path: &str, follow: Follow) -> Result<InodeId, Error> {
        let place = self.resolve(base, path, follow)?;
        match place.end {
            End::Dots { inode, .. } => Ok(inode),
            End::Entry { inode: None, .. } => Err(Error::NotFound),
            End::Entry {
                inode: Some(inode), ..
            } => {
                if place.trailing_slash {
                    self.directory(inode)?;
                }
                Ok(inode)
            }
        }
    }

    fn walk_steps(&self, base: InodeId, steps: Steps, follow_last: bool) -> Result<Place, Error> {
        let Steps {
            reversed: mut ahead,
            mut trailing_slash,
        } = steps;
        // The directories walked through, from the base on. It is what `..` goes back along.
        let mut above: Vec<InodeId> = Vec::new();
        let mut here = base;
        let mut links = 0;
        self.directory(here)?;
        while let Some(step) = ahead.pop() {
            let is_last = ahead.is_empty();
            let name = match step {
                Step::Current if is_last => return Ok(dots(here, Dots::Current)),
                Step::Current => continue,
                Step::Parent => {
                    here = above.pop().ok_or(Error::Escape)?;
                    if is_last {
                        return Ok(dots(here, Dots::Parent));
                    }
                    continue;
                }
                Step::Name(name) => name,
            };
            let inode = self.directory(here)?.get(name.as_str());
            let body = match inode {
                Some(inode) => Some(&self.node(inode)?.body),
                None => None,
            };
            match (body, inode) {
                (Some(Body::Symlink(target)), _) if !is_last || follow_last => {
                    links += 1;
                    if links > SYMLINK_MAX {
                        return Err(Error::Loop);
                    }
                    let target = Steps::parse(target)?;
                    trailing_slash |= is_last && target.trailing_slash;
                    ahead.extend(target.reversed);
                }
                (_, inode) if is_last => {
                    let end = End::Entry {
                        parent: here,
                        name,
                        inode,
                    };
                    return Ok(Place {
                        end,
                        trailing_slash,
                    });
                }
                (Some(Body::Directory(_)), Some(inode)) => {
                    above.push(here);
                    here = inode;
                }
                (Some(_), _) => return Err(Error::NotDirectory),
                (None, _) => return Err(Error::NotFound),
            }
        }
        Ok(dots(here, Dots::Current))
    }
}

fn dots(inode: InodeId, last: Dots) -> Place {
    Place {
        end: End::Dots { inode, last },
        trailing_slash: false,
    }
}
