//! What is on the disk, and what a run did to it.

use super::{Disk, Snapshot};
use crate::protocol::{Change, EntryKind, Listed, Listing, PreopenListing};
use crate::vfs::{Fs, InodeId, Kind, Metadata, WalkEntry};

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
        let mut snapshot = Snapshot::new();
        for root in &self.roots {
            for WalkEntry { path, metadata } in fs.walk(root.inode).unwrap_or_default() {
                snapshot.insert((root.inode, path), Seen::of(&metadata));
            }
        }
        snapshot
    }

    /// What has become of `path` just now is not the doing of a run: the snapshot takes it in.
    pub(super) fn not_of_a_run(&mut self, root: InodeId, path: &str, fs: &Fs) {
        let Some(before) = &mut self.before else {
            return;
        };
        let path = path.trim_matches('/');
        let below = format!("{path}/");
        before.remove(&(root, path.to_owned()));
        let gone = before
            .range((root, below.clone())..)
            .map(|(key, _)| key)
            .take_while(|(of, path)| *of == root && path.starts_with(&below));
        for key in gone.cloned().collect::<Vec<_>>() {
            before.remove(&key);
        }
        let ends = path.match_indices('/').map(|(end, _)| end);
        for end in ends.chain([path.len()]) {
            let above = path.get(..end).unwrap_or_default();
            let there = fs.inode_at(root, above);
            if let Ok(metadata) = there.and_then(|inode| fs.metadata(inode)) {
                before.insert((root, above.to_owned()), Seen::of(&metadata));
            }
        }
    }

    fn entries(&self, root: InodeId, fs: &Fs) -> Vec<Listed> {
        let walked = fs.walk(root).unwrap_or_default();
        let Some(before) = &self.before else {
            let listed = |entry: WalkEntry| Seen::of(&entry.metadata).listed(entry.path, None);
            return walked.into_iter().map(listed).collect();
        };
        let mut gone: Snapshot = before
            .range((root, String::new())..)
            .take_while(|((of, _), _)| *of == root)
            .map(|(key, seen)| (key.clone(), *seen))
            .collect();
        let mut entries: Vec<Listed> = Vec::with_capacity(walked.len());
        for WalkEntry { path, metadata } in walked {
            let now = Seen::of(&metadata);
            let key = (root, path);
            let change = match gone.remove(&key) {
                None => Some(Change::Created),
                Some(then) if then.differs(&now) => Some(Change::Changed),
                Some(_) => None,
            };
            entries.push(now.listed(key.1, change));
        }
        if !gone.is_empty() {
            let deleted = gone.into_iter();
            entries
                .extend(deleted.map(|((_, path), seen)| seen.listed(path, Some(Change::Deleted))));
            entries.sort_by(|a, b| a.path.split('/').cmp(b.path.split('/')));
        }
        entries
    }
}
