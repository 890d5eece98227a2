//! Whole trees at once: how a host fills a file system and reads it back.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::content::Content;
use super::directory::Directory;
use super::error::Error;
use super::fs::Fs;
use super::node::{Body, InodeId, Kind, Metadata, Timestamp};
use super::path::{Name, PATH_MAX, Step, Steps};

/// How deep [`Fs::tree`] and [`Fs::walk`] look. What a guest has nested deeper is left out.
pub const TREE_DEPTH_MAX: usize = 512;

/// How many bytes of paths [`Fs::tree`] and [`Fs::walk`] collect.
pub const WALK_BYTES_MAX: usize = 64 << 20;

/// A file, a link, or a directory with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// A directory, and what is in it.
    Directory(BTreeMap<Name, Tree>),
    /// A file of these bytes.
    File(Vec<u8>),
    /// A symbolic link that holds this path.
    Symlink(String),
    /// Read back only: a file whose holes make it larger than can be read into memory.
    TooLarge {
        /// Its size, in bytes.
        size: u64,
    },
}

impl Default for Tree {
    fn default() -> Tree {
        Tree::Directory(BTreeMap::new())
    }
}

impl Tree {
    /// Puts `leaf` at `path`, making the directories on the way. A leading `/` is ignored; what was
    /// there is replaced.
    ///
    /// # Errors
    /// [`Error::NotDirectory`] if something on the way is no directory; [`Error::Invalid`] if the
    /// path has a `..` or leads nowhere; [`Error::NameTooLong`] also beyond [`TREE_DEPTH_MAX`]; what
    /// is wrong with the path as text.
    pub fn insert(&mut self, path: &str, leaf: Tree) -> Result<(), Error> {
        let mut names = Vec::new();
        for step in Steps::parse(path.trim_start_matches('/'))?
            .reversed
            .into_iter()
            .rev()
        {
            match step {
                Step::Current => {}
                Step::Parent => return Err(Error::Invalid),
                Step::Name(name) => names.push(name),
            }
        }
        if names.len() > TREE_DEPTH_MAX {
            return Err(Error::NameTooLong);
        }
        let last = names.pop().ok_or(Error::Invalid)?;
        let mut here = self;
        for name in names {
            here = here.entries_mut()?.entry(name).or_default();
        }
        here.entries_mut()?.insert(last, leaf);
        Ok(())
    }

    fn entries_mut(&mut self) -> Result<&mut BTreeMap<Name, Tree>, Error> {
        match self {
            Tree::Directory(entries) => Ok(entries),
            Tree::File(_) | Tree::Symlink(_) | Tree::TooLarge { .. } => Err(Error::NotDirectory),
        }
    }
}

/// One line of [`Fs::walk`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkEntry {
    /// Relative to where the walk began, without a leading `/`.
    pub path: String,
    /// What is there.
    pub metadata: Metadata,
}

impl Fs {
    /// Adds what is in `tree` to `directory`; if `tree` is no directory, nothing. Directories that
    /// exist are merged, anything else that exists is replaced. It is charged, but not refused: the
    /// quota is for guests.
    ///
    /// # Errors
    /// [`Error::NotDirectory`] if `directory` is none.
    pub fn add_tree(
        &mut self,
        directory: InodeId,
        tree: Tree,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.directory(directory)?;
        let mut ahead = vec![(directory, tree)];
        while let Some((parent, tree)) = ahead.pop() {
            let Tree::Directory(entries) = tree else {
                continue;
            };
            for (name, child) in entries {
                let present = self.directory(parent)?.get(name.as_str());
                let merge = match present {
                    Some(inode) if matches!(child, Tree::Directory(_)) => {
                        self.kind(inode)? == Kind::Directory
                    }
                    _ => false,
                };
                if let (Some(inode), true) = (present, merge) {
                    ahead.push((inode, child));
                    continue;
                }
                if present.is_some() {
                    self.detach_tree(parent, &name, now)?;
                }
                let (body, rest) = match child {
                    Tree::Directory(_) => (Body::Directory(Directory::new(parent)), Some(child)),
                    Tree::File(bytes) => {
                        let mut content = Content::default();
                        content.write(0, &bytes, u64::MAX);
                        (Body::File(content), None)
                    }
                    Tree::Symlink(target) => (Body::Symlink(target.into()), None),
                    Tree::TooLarge { size } => {
                        let mut content = Content::default();
                        content.resize(size.min(self.quota.file_bytes));
                        (Body::File(content), None)
                    }
                };
                let inode = self.allocate(now, |_| body);
                self.attach(parent, name, inode, now)?;
                ahead.extend(rest.map(|rest| (inode, rest)));
            }
        }
        Ok(())
    }

    /// Takes the entry `name` out of `parent`, with all that is below it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub fn detach_tree(
        &mut self,
        parent: InodeId,
        name: &Name,
        now: Timestamp,
    ) -> Result<(), Error> {
        let root = self
            .directory(parent)?
            .get(name.as_str())
            .ok_or(Error::NotFound)?;
        let mut ahead = vec![root];
        while let Some(inode) = ahead.pop() {
            let entries: Vec<_> = match self.directory(inode) {
                Ok(directory) => directory
                    .iter()
                    .map(|(name, child)| (name.clone(), child))
                    .collect(),
                Err(_) => Vec::new(),
            };
            for (name, child) in entries {
                // The handle keeps the child until its own entries are gone.
                self.retain(child)?;
                self.detach(inode, &name, now)?;
                ahead.push(child);
            }
            if inode != root {
                self.release(inode);
            }
        }
        self.detach(parent, name, now)
    }

    /// Everything below `directory`, parents before children, names in order of their bytes. What is
    /// deeper than [`TREE_DEPTH_MAX`], has a path longer than [`PATH_MAX`], or comes after
    /// [`WALK_BYTES_MAX`] bytes of paths is left out.
    ///
    /// # Errors
    /// [`Error::NotDirectory`] if `directory` is none.
    pub fn walk(&self, directory: InodeId) -> Result<Vec<WalkEntry>, Error> {
        let mut found = Vec::new();
        let mut left = WALK_BYTES_MAX;
        // What is still to be visited: where it is, its name there, and how deep that is. Paths are
        // put together only when their turn comes: a guest decides how many wait.
        let mut ahead: Vec<(Arc<str>, Name, InodeId, usize)> = Vec::new();
        self.push_children(&mut ahead, "", directory, 1)?;
        while let Some((parent, name, inode, depth)) = ahead.pop() {
            let path = format!("{parent}{name}");
            if path.len() > PATH_MAX {
                continue;
            }
            if path.len() > left {
                break;
            }
            left -= path.len();
            if depth < TREE_DEPTH_MAX && self.kind(inode)? == Kind::Directory {
                self.push_children(&mut ahead, &path, inode, depth + 1)?;
            }
            found.push(WalkEntry {
                path,
                metadata: self.metadata(inode)?,
            });
        }
        Ok(found)
    }

    fn push_children(
        &self,
        ahead: &mut Vec<(Arc<str>, Name, InodeId, usize)>,
        path: &str,
        directory: InodeId,
        depth: usize,
    ) -> Result<(), Error> {
        let parent: Arc<str> = match path {
            "" => "".into(),
            path => format!("{path}/").into(),
        };
        let first = ahead.len();
        ahead.extend(
            self.directory(directory)?
                .iter()
                .map(|(name, child)| (Arc::clone(&parent), name.clone(), child, depth)),
        );
        if let Some(children) = ahead.get_mut(first..) {
            children.reverse();
        }
        Ok(())
    }

    /// All that a file holds.
    ///
    /// # Errors
    /// [`Error::FileTooLarge`] if its holes make it larger than the whole quota of bytes;
    /// [`Error::IsDirectory`]; [`Error::Invalid`] for a symbolic link.
    pub fn contents(&self, file: InodeId) -> Result<Vec<u8>, Error> {
        self.head(file, u64::MAX)
    }

    /// The first bytes of a file: all that it holds, or `most` of them.
    ///
    /// # Errors
    /// As [`Fs::contents`], of what is read.
    pub fn head(&self, file: InodeId, most: u64) -> Result<Vec<u8>, Error> {
        let content = self.content(file)?;
        let length = content.size().min(most);
        if length > content.charged().max(self.quota.bytes) {
            return Err(Error::FileTooLarge);
        }
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| Error::FileTooLarge)?];
        content.read(0, &mut bytes);
        Ok(bytes)
    }

    /// What `directory` holds, read back: the counterpart of [`Fs::add_tree`]. Files are read until
    /// twice the quota of bytes is in memory; larger ones then are [`Tree::TooLarge`].
    ///
    /// # Errors
    /// [`Error::NotDirectory`] if `directory` is none.
    pub fn tree(&self, directory: InodeId) -> Result<Tree, Error> {
        let mut budget = self.quota.bytes.max(self.usage.bytes).saturating_mul(2);
        let mut tree = Tree::default();
        for WalkEntry { path, metadata } in self.walk(directory)? {
            let leaf = match &self.node(metadata.inode)?.body {
                Body::Directory(_) => Tree::default(),
                Body::Symlink(target) => Tree::Symlink(target.as_ref().to_owned()),
                Body::File(_) if metadata.size > budget => Tree::TooLarge {
                    size: metadata.size,
                },
                Body::File(_) => match self.contents(metadata.inode) {
                    Ok(bytes) => {
                        budget -= metadata.size;
                        Tree::File(bytes)
                    }
                    Err(_) => Tree::TooLarge {
                        size: metadata.size,
                    },
                },
            };
            tree.place(&path, leaf)?;
        }
        Ok(tree)
    }

    /// The inode of `path` below `directory`, for the host: links are not followed, and a leading
    /// `/` is ignored.
    ///
    /// # Errors
    /// What a lookup can fail with.
    pub fn inode_at(&self, directory: InodeId, path: &str) -> Result<InodeId, Error> {
        let path = path.trim_start_matches('/');
        if path.is_empty() {
            return Ok(directory);
        }
        self.find(directory, path, super::Follow::No)
    }
}

impl Tree {
    /// As [`Tree::insert`], for paths of any length that [`Fs::walk`] made.
    fn place(&mut self, path: &str, leaf: Tree) -> Result<(), Error> {
        let mut here = self;
        let mut names = path.split('/').peekable();
        while let Some(name) = names.next() {
            let name = Name::new(name)?;
            if names.peek().is_none() {
                here.entries_mut()?.insert(name, leaf);
                return Ok(());
            }
            here = here.entries_mut()?.entry(name).or_default();
        }
        Ok(())
    }
}
