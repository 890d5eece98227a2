//! What is on the disk, and what a run did to it.

use super::{Disk, Root, Snapshot};
use crate::protocol::{Change, EntryKind, Listed, Listing, PreopenListing};
use crate::vfs::{Fs, InodeId, Kind, Metadata, WalkEntry};
use std::cmp::Ordering;

/// What is noted of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    inode: InodeId,
    kind: EntryKind,
    size: u64,
    modified: u64,
}

impl Seen {
    fn of(metadata: &Metadata) -> Self {
        Self {
            inode: metadata.inode,
            kind: match metadata.kind {
                Kind::File => EntryKind::File,
                Kind::Directory => EntryKind::Directory,
                Kind::Symlink => EntryKind::Symlink,
            },
            size: metadata.size,
            modified: metadata.modified.0,
        }
    }

    /// Whether `after` holds something else. What is in a directory is listed by itself.
    fn differs(&self, after: &Self) -> bool {
        self != after && (self.kind, after.kind) != (EntryKind::Directory, EntryKind::Directory)
    }

    fn listed(self, path: String, change: Option<Change>) -> Listed {
        Listed {
            path,
            kind: self.kind,
            size: self.size,
            modified: self.modified,
            change,
        }
    }
}

impl Disk {
    /// What there is, with what has become of it since the snapshot.
    pub(super) fn listing(&self, fs: &Fs) -> Listing {
        let mut listing = Listing {
            used: fs.usage().bytes,
            room: fs.quota().bytes,
            ..Listing::default()
        };
        let mut room = Listing::MOST;
        for root in &self.roots {
            let mut entries = self.entries(root.inode, fs);
            let more = entries.len().saturating_sub(room);
            entries.truncate(room);
            room -= entries.len();
            listing.left_out += more as u64;
            listing.preopens.push(PreopenListing {
                path: root.path.clone(),
                read_only: root.read_only,
                entries,
            });
        }
        listing
    }

    /// What there is now.
    pub(super) fn snapshot(&self, fs: &Fs) -> Snapshot {
        let noted = |root: &Root| {
            let walked = fs.walk(root.inode).unwrap_or_default();
            let seen = walked
                .into_iter()
                .map(|entry| (entry.path, Seen::of(&entry.metadata)));
            (root.inode, seen.collect())
        };
        self.roots.iter().map(noted).collect()
    }

    /// What has become of `path` just now is not the doing of a run: the snapshot takes it in.
    pub(super) fn not_of_a_run(&mut self, root: InodeId, path: &str, fs: &Fs) {
        let Some(before) = &mut self.before else {
            return;
        };
        if before.iter().all(|(of, _)| *of != root) {
            before.push((root, Vec::new()));
        }
        let Some((_, noted)) = before.iter_mut().find(|(of, _)| *of == root) else {
            return;
        };
        let path = path.trim_matches('/');
        let below = format!("{path}/");
        noted.retain(|(noted, _)| noted != path && !noted.starts_with(&below));
        let ends = path.match_indices('/').map(|(end, _)| end);
        for end in ends.chain([path.len()]) {
            let above = path.get(..end).unwrap_or_default();
            let there = fs.inode_at(root, above);
            if let Ok(metadata) = there.and_then(|inode| fs.metadata(inode)) {
                let place = noted.partition_point(|(noted, _)| walked(noted, above).is_lt());
                if noted.get(place).is_some_and(|(noted, _)| noted == above) {
                    noted.remove(place);
                }
                noted.insert(place, (above.to_owned(), Seen::of(&metadata)));
            }
        }
    }

    fn entries(&self, root: InodeId, fs: &Fs) -> Vec<Listed> {
        let found = fs.walk(root).unwrap_or_default();
        let Some(before) = &self.before else {
            let listed = |entry: WalkEntry| Seen::of(&entry.metadata).listed(entry.path, None);
            return found.into_iter().map(listed).collect();
        };
        let noted = before.iter().find(|(of, _)| *of == root);
        let mut noted = noted.into_iter().flat_map(|(_, noted)| noted).peekable();
        let deleted =
            |(path, seen): &(String, Seen)| seen.listed(path.clone(), Some(Change::Deleted));
        let mut entries: Vec<Listed> = Vec::with_capacity(found.len());
        for WalkEntry { path, metadata } in found {
            while let Some(gone) = noted.next_if(|(noted, _)| walked(noted, &path).is_lt()) {
                entries.push(deleted(gone));
            }
            let now = Seen::of(&metadata);
            let change = match noted.next_if(|(noted, _)| *noted == path) {
                None => Some(Change::Created),
                Some((_, then)) if then.differs(&now) => Some(Change::Changed),
                Some(_) => None,
            };
            entries.push(now.listed(path, change));
        }
        entries.extend(noted.map(deleted));
        entries
    }
}

/// In which order a walk comes to two paths.
fn walked(a: &str, b: &str) -> Ordering {
    a.split('/').cmp(b.split('/'))
}
