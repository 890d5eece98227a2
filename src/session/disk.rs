//! The disk: the preopens that guests see, which outlive the instances that see them, and what a
//! run does to them.
//!
//! The file system itself is with the instance while there is one, and with the session otherwise;
//! so everything here is given it.

mod archive;
mod listing;
mod tar;

use self::listing::Seen;
use super::Session;
use super::board::Board;
use crate::amount::amount;
use crate::protocol::{Event, FileEntry, Files, FilesReport, Listing, Place, Preopen};
use crate::vfs::{Fs, InodeId, Kind, Name, Timestamp, Tree};
use crate::wasi;

/// Nanoseconds after which it is told again what a run does.
const TELLING: u64 = 500_000_000;

/// What there was when a run began: of each root, in the order of a walk.
type Snapshot = Vec<(InodeId, Vec<(String, Seen)>)>;

/// The preopens on a file system.
#[derive(Debug, Default)]
pub(super) struct Disk {
    /// In the order of the settings.
    roots: Vec<Root>,
    /// Those that the settings do not have any more: they may come back.
    parked: Vec<Root>,
    before: Option<Snapshot>,
    /// The last listing that was told; `None` until there is somebody to tell.
    told: Option<Listing>,
    /// The fuel that runs had spent when that was looked at during one, and the time, in nanoseconds.
    told_after: (u64, u64),
}

#[derive(Debug)]
struct Root {
    path: String,
    inode: InodeId,
    read_only: bool,
    /// Whether it does not hold yet what the settings put into it.
    stale: bool,
}

impl Session {
    /// The files are looked at and changed also while a guest runs: it is between two of its calls.
    pub(super) fn files(&mut self, files: Files) {
        if files == Files::Exchange {
            return self.exchange_disks();
        }
        let fixed = self.settings.determinism.map(|fixed| fixed.realtime);
        let now = Timestamp(fixed.unwrap_or_else(|| (self.hosts)().realtime()));
        let preopens = std::mem::take(&mut self.settings.preopens);
        let report = self.with_disk(|disk, fs| {
            // What of the settings cannot be is told when an instance is made.
            let _ = disk.prepare(&preopens, fs, now);
            disk.obey(files, fs, now)
        });
        self.settings.preopens = preopens;
        self.events.extend(report.map(Event::Files));
    }

    /// Another disk, which no instance has seen.
    fn exchange_disks(&mut self) {
        if self.run.is_some() {
            return;
        }
        if let Some(board) = &mut self.board {
            board.reset(&mut self.rest);
        }
        std::mem::swap(&mut self.disk, &mut self.aside.0);
        std::mem::swap(&mut self.rest, &mut self.aside.1);
        self.announce();
    }

    /// Does something to the disk, and its file system, wherever that is.
    pub(super) fn with_disk<T>(&mut self, act: impl FnOnce(&mut Disk, &mut Fs) -> T) -> T {
        let instance = self.board.as_mut().and_then(Board::instance_mut);
        match instance {
            Some(instance) => act(&mut self.disk, instance.wasi_mut().fs_mut()),
            None => act(&mut self.disk, &mut self.rest),
        }
    }
}

impl Disk {
    /// Takes in that the settings change: what they put into a preopen otherwise than before is to
    /// replace what is in it.
    pub(super) fn settings_change(&mut self, before: &[Preopen], after: &[Preopen]) {
        for root in self.roots.iter_mut().chain(&mut self.parked) {
            let is_it = |preopen: &&Preopen| preopen.path == root.path;
            root.stale |= match (before.iter().find(is_it), after.iter().find(is_it)) {
                (Some(before), Some(after)) => before.files != after.files,
                (None, Some(after)) => !after.files.is_empty(),
                (_, None) => false,
            };
        }
    }

    /// Makes the preopens those of the settings. What is in them stays, by their paths.
    ///
    /// # Errors
    ///
    /// Says which file of the settings cannot be.
    pub(super) fn prepare(
        &mut self,
        preopens: &[Preopen],
        fs: &mut Fs,
        now: Timestamp,
    ) -> Result<(), String> {
        let mut known = std::mem::take(&mut self.roots);
        known.append(&mut self.parked);
        let mut result = Ok(());
        for preopen in preopens {
            let found = known.iter().position(|root| root.path == preopen.path);
            let mut root = match found {
                Some(place) => known.remove(place),
                None => Root {
                    path: preopen.path.clone(),
                    inode: fs.create_root(now),
                    read_only: false,
                    stale: true,
                },
            };
            root.read_only = preopen.read_only;
            if root.stale {
                match tree(preopen) {
                    Ok(tree) => {
                        clear(fs, root.inode, now);
                        // Cannot fail: it is a directory.
                        let _ = fs.add_tree(root.inode, tree, now);
                        root.stale = false;
                    }
                    Err(reason) => result = Err(reason),
                }
            }
            self.roots.push(root);
        }
        self.parked = known;
        result
    }

    /// Lets a guest find the preopens open.
    pub(super) fn mount(&self, context: &mut wasi::Context) {
        for root in &self.roots {
            context.mount(root.path.clone(), root.inode, root.read_only);
        }
    }

    /// Does what the page asks for; the preopens are those of the settings.
    pub(super) fn obey(
        &mut self,
        files: Files,
        fs: &mut Fs,
        now: Timestamp,
    ) -> Option<FilesReport> {
        let done = match files {
            Files::List => {
                let listing = self.listing(fs);
                self.told = Some(listing.clone());
                return Some(FilesReport::Listing(listing));
            }
            Files::Archive => return Some(self.archive(fs)),
            Files::Sync(number) => return Some(FilesReport::Synced(number)),
            Files::Write { at, bytes } => self
                .write(&at, bytes, fs, now)
                .map_err(|reason| failed("write", &at, &reason)),
            Files::MakeDirectory(at) => self
                .make_directory(&at, fs, now)
                .map_err(|reason| failed("make", &at, &reason)),
            Files::Remove(at) => self
                .remove(&at, fs, now)
                .map_err(|reason| failed("delete", &at, &reason)),
            Files::Read { at, most } => match self.read(&at, most, fs) {
                Ok((bytes, size)) => return Some(FilesReport::File { at, bytes, size }),
                Err(reason) => Err(failed("read", &at, &reason)),
            },
            Files::Save(at) => match self.read(&at, u64::MAX, fs) {
                Ok((bytes, _)) => return Some(FilesReport::Saved { at, bytes }),
                Err(reason) => Err(failed("read", &at, &reason)),
            },
            Files::Keep(at) => {
                // One that is gone again is not missed.
                let (bytes, size) = self.read(&at, u64::MAX, fs).ok()?;
                return Some(FilesReport::Kept { at, size, bytes });
            }
            // The session's affair.
            Files::Exchange => Ok(()),
            Files::Reset => {
                self.parked.clear();
                self.before = None;
                for root in &mut self.roots {
                    root.stale = true;
                }
                Ok(())
            }
        };
        done.err().map(FilesReport::Failed)
    }

    /// A run begins: what it does to the files is told at its end, if there is somebody to tell.
    pub(super) fn run_begins(&mut self, fs: &Fs) {
        if self.told.is_some() {
            self.before = Some(self.snapshot(fs));
        }
    }

    /// Whether a run that has spent so much fuel may have done something that is not told, and somebody wants
    /// to know: from when on that is to be told.
    pub(super) fn owes(&self, fuel: u64) -> Option<u64> {
        let owes = self.told.is_some() && self.told_after.0 != fuel;
        owes.then(|| self.told_after.1.saturating_add(TELLING))
    }

    /// What a run that has spent so much fuel has done is told at this time.
    pub(super) fn tell(&mut self, fuel: u64, now: u64, fs: &Fs) -> Option<FilesReport> {
        self.told_after = (fuel, now);
        self.news(fs)
    }

    /// The listing, if it is another one than was told.
    pub(super) fn news(&mut self, fs: &Fs) -> Option<FilesReport> {
        let told = self.told.as_ref()?;
        let listing = self.listing(fs);
        if *told == listing {
            return None;
        }
        self.told = Some(listing.clone());
        Some(FilesReport::Listing(listing))
    }

    fn write(
        &mut self,
        at: &Place,
        bytes: Vec<u8>,
        fs: &mut Fs,
        now: Timestamp,
    ) -> Result<(), String> {
        let root = self.root(at)?;
        let there = fs.inode_at(root, &at.path);
        if there
            .and_then(|inode| fs.metadata(inode))
            .is_ok_and(is_directory)
        {
            return Err("a directory of this name is there".to_owned());
        }
        let room = fs.quota().bytes.saturating_sub(fs.usage().bytes);
        if bytes.len() as u64 > room {
            let size = amount(bytes.len() as u64, "byte");
            return Err(format!("{size} do not fit: {room} are left"));
        }
        self.add(root, &at.path, Tree::File(bytes), fs, now)
    }

    fn make_directory(&mut self, at: &Place, fs: &mut Fs, now: Timestamp) -> Result<(), String> {
        let root = self.root(at)?;
        if fs.inode_at(root, &at.path).is_ok() {
            return Err("something of this name is there".to_owned());
        }
        self.add(root, &at.path, Tree::default(), fs, now)
    }

    /// Puts `leaf` at a path. The directories on the way are made, but nothing else is in the way.
    fn add(
        &mut self,
        root: InodeId,
        path: &str,
        leaf: Tree,
        fs: &mut Fs,
        now: Timestamp,
    ) -> Result<(), String> {
        for (end, _) in path.match_indices('/').filter(|(end, _)| *end > 0) {
            let above = path.get(..end).unwrap_or_default();
            let there = fs.inode_at(root, above);
            if let Ok(metadata) = there.and_then(|inode| fs.metadata(inode))
                && metadata.kind != Kind::Directory
            {
                return Err(format!("{above} is no directory"));
            }
        }
        let mut tree = Tree::default();
        tree.insert(path, leaf).map_err(|error| error.to_string())?;
        fs.add_tree(root, tree, now)
            .map_err(|error| error.to_string())?;
        self.not_of_a_run(root, path, fs);
        Ok(())
    }

    fn remove(&mut self, at: &Place, fs: &mut Fs, now: Timestamp) -> Result<(), String> {
        let root = self.root(at)?;
        let (parent, name) = at.path.rsplit_once('/').unwrap_or(("", &at.path));
        let parent = fs.inode_at(root, parent);
        let name = Name::new(name);
        parent
            .and_then(|parent| fs.detach_tree(parent, &name?, now))
            .map_err(|error| error.to_string())?;
        self.not_of_a_run(root, &at.path, fs);
        Ok(())
    }

    fn read(&self, at: &Place, most: u64, fs: &Fs) -> Result<(Vec<u8>, u64), String> {
        let inode = fs.inode_at(self.root(at)?, &at.path);
        inode
            .and_then(|inode| Ok((fs.head(inode, most)?, fs.metadata(inode)?.size)))
            .map_err(|error| error.to_string())
    }

    fn root(&self, at: &Place) -> Result<InodeId, String> {
        self.roots
            .iter()
            .find(|root| root.path == at.preopen)
            .map(|root| root.inode)
            .ok_or_else(|| format!("there is no preopen {}", at.preopen))
    }
}

/// What the settings put into a preopen.
fn tree(preopen: &Preopen) -> Result<Tree, String> {
    let mut tree = Tree::default();
    for (path, entry) in &preopen.files {
        let leaf = match entry {
            FileEntry::Directory => Tree::default(),
            FileEntry::File(bytes) => Tree::File(bytes.clone()),
            FileEntry::Symlink(target) => Tree::Symlink(target.clone()),
        };
        tree.insert(path, leaf)
            .map_err(|error| format!("the preopen {}: {path}: {error}", preopen.path))?;
    }
    Ok(tree)
}

/// Empties a directory.
fn clear(fs: &mut Fs, root: InodeId, now: Timestamp) {
    let entries = fs.walk(root).unwrap_or_default();
    for entry in entries.iter().filter(|entry| !entry.path.contains('/')) {
        if let Ok(name) = Name::new(&entry.path) {
            // Cannot fail: it is there.
            let _ = fs.detach_tree(root, &name, now);
        }
    }
}

fn is_directory(metadata: crate::vfs::Metadata) -> bool {
    metadata.kind == Kind::Directory
}

fn failed(verb: &str, at: &Place, reason: &str) -> String {
    format!("cannot {verb} {} in {}: {reason}", at.path, at.preopen)
}
