//! What the file system promises.

use super::*;

mod content;
mod directory;
mod link;
mod name;
mod open;
mod quota;
mod rename;
mod resolve;
mod times;
mod tree;

/// A file system with one tree, and a clock that is set by hand.
struct Disk {
    fs: Fs,
    base: Base,
    now: Timestamp,
}

impl Disk {
    fn new() -> Disk {
        Disk::with_quota(Quota::default())
    }

    fn with_quota(quota: Quota) -> Disk {
        let mut fs = Fs::new(quota);
        let now = Timestamp(1);
        let directory = fs.create_root(now);
        let base = Base {
            directory,
            read_only: false,
        };
        Disk { fs, base, now }
    }

    /// With these files; a path that ends in `/` is a directory.
    fn with(files: &[(&str, &str)]) -> Disk {
        let mut disk = Disk::new();
        let mut tree = Tree::default();
        for (path, content) in files {
            let leaf = match path.strip_suffix('/') {
                Some(_) => Tree::default(),
                None => Tree::File(content.as_bytes().to_vec()),
            };
            tree.insert(path.trim_end_matches('/'), leaf).unwrap();
        }
        disk.fs
            .add_tree(disk.base.directory, tree, disk.now)
            .unwrap();
        disk
    }

    fn open(&mut self, path: &str, options: OpenOptions) -> Result<InodeId, Error> {
        self.fs.open(self.base, path, options, self.now)
    }

    fn create(&mut self, path: &str) -> InodeId {
        self.open(path, CREATE).unwrap()
    }

    fn mkdir(&mut self, path: &str) -> Result<(), Error> {
        self.fs.create_directory(self.base, path, self.now)
    }

    fn symlink(&mut self, target: &str, path: &str) -> Result<(), Error> {
        self.fs.create_symlink(target, self.base, path, self.now)
    }

    fn unlink(&mut self, path: &str) -> Result<(), Error> {
        self.fs.unlink(self.base, path, self.now)
    }

    fn rmdir(&mut self, path: &str) -> Result<(), Error> {
        self.fs.remove_directory(self.base, path, self.now)
    }

    fn link(&mut self, source: &str, target: &str) -> Result<(), Error> {
        self.fs.link(self.base, source, self.base, target, self.now)
    }

    fn rename(&mut self, source: &str, target: &str) -> Result<(), Error> {
        self.fs
            .rename(self.base, source, self.base, target, self.now)
    }

    fn stat(&self, path: &str) -> Result<Metadata, Error> {
        self.fs.stat(self.base, path, Follow::No)
    }

    fn text(&mut self, path: &str) -> Result<String, Error> {
        let inode = self.open(path, OpenOptions::READ)?;
        let text = self.fs.contents(inode);
        self.fs.release(inode);
        Ok(String::from_utf8(text?).unwrap())
    }

    fn write(&mut self, inode: InodeId, offset: u64, text: &str) -> Result<usize, Error> {
        self.fs.write(inode, offset, text.as_bytes(), self.now)
    }

    /// Every path, in order.
    fn paths(&self) -> Vec<String> {
        let entries = self.fs.walk(self.base.directory).unwrap();
        entries.into_iter().map(|entry| entry.path).collect()
    }
}

const CREATE: OpenOptions = OpenOptions {
    write: true,
    create: true,
    ..OpenOptions::READ
};
