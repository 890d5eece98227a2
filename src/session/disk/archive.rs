//! Everything on the disk as one tar file.

use super::Disk;
use super::tar::{self, Tar};
use crate::protocol::{FilesReport, Place};
use crate::vfs::{Base, Fs, InodeId, Kind, WalkEntry};

impl Disk {
    /// A folder for each preopen that is not `/`, with what is in it.
    pub(super) fn archive(&self, fs: &Fs) -> FilesReport {
        let mut tar = Tar::default();
        let mut left_out = Vec::new();
        for root in &self.roots {
            let folder = folder(&root.path);
            for entry in fs.walk(root.inode).unwrap_or_default() {
                let name = format!("{folder}{}", entry.path);
                if add(&mut tar, &name, root.inode, &entry, fs).is_none() {
                    left_out.push(Place {
                        preopen: root.path.clone(),
                        path: entry.path,
                    });
                }
            }
        }
        FilesReport::Archive {
            bytes: tar.finish(),
            left_out,
        }
    }
}

/// `None` if the entry cannot be had, or written down.
fn add(tar: &mut Tar, name: &str, root: InodeId, entry: &WalkEntry, fs: &Fs) -> Option<()> {
    let metadata = &entry.metadata;
    let modified = metadata.modified.0 / 1_000_000_000;
    match metadata.kind {
        Kind::File => {
            let bytes = fs.contents(metadata.inode).ok()?;
            tar.add(name, modified, tar::Kind::File(&bytes));
        }
        Kind::Directory => tar.add(name, modified, tar::Kind::Directory),
        Kind::Symlink => {
            let base = Base {
                directory: root,
                read_only: true,
            };
            let target = fs.read_link(base, &entry.path).ok()?;
            tar.add(name, modified, tar::Kind::Symlink(&target));
        }
    }
    Some(())
}

/// The path of a preopen as the beginning of names in the archive: it leads nowhere else.
fn folder(path: &str) -> String {
    let names = path.split('/');
    let proper = names.filter(|name| !matches!(*name, "" | "." | ".."));
    proper.fold(String::new(), |folder, name| folder + name + "/")
}
