//! Everything on the disk as one tar file.

use super::Disk;
use crate::protocol::{FilesReport, Place};
use crate::vfs::{Base, Fs, InodeId, Kind, WalkEntry};
use tar::{Builder, EntryType, Header};

impl Disk {
    /// A folder for each preopen that is not `/`, with what is in it.
    pub(super) fn archive(&self, fs: &Fs) -> FilesReport {
        let mut tar = Builder::new(Vec::new());
        let mut left_out = Vec::new();
        for root in &self.roots {
            let folder = folder(&root.path);
            for entry in fs.walk(root.inode).unwrap_or_default() {
                let name = format!("{folder}{}", entry.path);
                if append(&mut tar, &name, root.inode, &entry, fs).is_none() {
                    left_out.push(Place {
                        preopen: root.path.clone(),
                        path: entry.path,
                    });
                }
            }
        }
        match tar.into_inner() {
            Ok(bytes) => FilesReport::Archive { bytes, left_out },
            Err(error) => FilesReport::Failed(format!("cannot make the archive: {error}")),
        }
    }
}

/// `None` if the entry cannot be had, or written down.
fn append(
    tar: &mut Builder<Vec<u8>>,
    name: &str,
    root: InodeId,
    entry: &WalkEntry,
    fs: &Fs,
) -> Option<()> {
    let metadata = &entry.metadata;
    let mut header = Header::new_gnu();
    header.set_mtime(metadata.modified.0 / 1_000_000_000);
    header.set_mode(0o644);
    header.set_size(0);
    match metadata.kind {
        Kind::File => {
            let bytes = fs.contents(metadata.inode).ok()?;
            header.set_size(bytes.len() as u64);
            tar.append_data(&mut header, name, bytes.as_slice()).ok()
        }
        Kind::Directory => {
            header.set_entry_type(EntryType::Directory);
            header.set_mode(0o755);
            tar.append_data(&mut header, name, std::io::empty()).ok()
        }
        Kind::Symlink => {
            let base = Base {
                directory: root,
                read_only: true,
            };
            let target = fs.read_link(base, &entry.path).ok()?;
            header.set_entry_type(EntryType::Symlink);
            header.set_mode(0o777);
            tar.append_link(&mut header, name, &*target).ok()
        }
    }
}

/// The path of a preopen as the beginning of names in the archive: it leads nowhere else.
fn folder(path: &str) -> String {
    let names = path.split('/');
    let proper = names.filter(|name| !matches!(*name, "" | "." | ".."));
    proper.fold(String::new(), |folder, name| folder + name + "/")
}
