//! What a guest has really used: for whoever wants to know what it does before it runs for real.
//!
//! It is counted as the calls are made, at the cost of a few instructions each, and bounded: a guest may open
//! a million paths, of which the first [`PATHS`] are named and the rest counted.

use super::fd_table::{Descriptor, Fd, FdTable};
use super::memory::{GuestPtr, Memory};
use super::stdio::Stream;
use super::{Errno, Function};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most paths that are named.
pub const PATHS: usize = 256;

/// The most bytes of a path that are kept; of a longer one, the first.
pub const PATH: usize = 512;

/// The most variables of the environment that are named.
pub const VARIABLES: usize = 256;

/// What a guest has used of WASI since it was instantiated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// How often the clocks have been read: the time of day, the monotonic one, those of the CPU.
    pub clocks: [u64; 3],
    /// How often it has waited for a clock or a descriptor.
    pub waits: u64,
    /// Random bytes that it got.
    pub random: u64,
    /// How many arguments it has been handed, with the program's name; `None`: it has not asked.
    pub arguments: Option<u64>,
    /// The names of the variables that it has been handed, all at once: which of them it looks at shows
    /// nowhere. `None`: it has not asked.
    pub variables: Option<Vec<String>>,
    /// Bytes read from stdin.
    pub stdin: u64,
    /// Bytes written to stdout.
    pub stdout: u64,
    /// Bytes written to stderr.
    pub stderr: u64,
    /// The paths that it has named, in the order in which it first did.
    pub paths: Vec<UsedPath>,
    /// The calls that named a path beyond the first [`PATHS`].
    pub unnamed: u64,
}

/// What a guest has done with a path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedPath {
    /// As the guest knows it, from the directory that it was named from on; neither `..` nor a symbolic link
    /// is followed in it.
    pub path: String,
    /// What succeeded: the bits of [`Deed`].
    pub did: u16,
    /// Bytes read from what was opened there.
    pub read: u64,
    /// Bytes written to it.
    pub written: u64,
    /// Calls that named it.
    pub calls: u64,
    /// How many of them failed.
    pub failures: u64,
    /// The number of the errno that the last of these failed with; 0: none did.
    pub errno: u16,
}

/// What can be done with a path: each is a bit of [`UsedPath::did`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Deed {
    /// Opened.
    Opened = 1,
    /// Opened so that it would be made, where it was not there.
    Created = 2,
    /// Emptied as it was opened.
    Truncated = 4,
    /// Its attributes were read.
    Examined = 8,
    /// Its entries were listed.
    Listed = 16,
    /// Made, as a directory.
    MadeDirectory = 32,
    /// Removed, or moved away.
    Removed = 64,
    /// Made, as a link or as the new name of something.
    Named = 128,
    /// Its times were set.
    Touched = 256,
    /// Its target was read, as that of a symbolic link.
    Followed = 512,
}

impl UsedPath {
    /// Whether this was done with it.
    #[must_use]
    pub fn has(&self, deed: Deed) -> bool {
        self.did & deed as u16 != 0
    }

    /// The name of the errno that the last failure was; `None`: nothing failed.
    #[must_use]
    pub fn error(&self) -> Option<&'static str> {
        let errno = Errno::from_raw(self.errno).filter(|errno| *errno != Errno::Success);
        errno.map(Errno::name)
    }
}

/// The place of a path among those that are named.
pub(super) type Place = Option<u16>;

/// What has been used so far, and what the call that is being made names.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub used: Used,
    places: BTreeMap<String, u16>,
    /// The paths of the call that is being made.
    named: [Place; 2],
}

/// Where the paths of a function are among its arguments: the directory, and the address with the length
/// behind it.
fn paths(function: Function) -> &'static [(usize, usize)] {
    match function {
        Function::PathCreateDirectory
        | Function::PathReadlink
        | Function::PathRemoveDirectory
        | Function::PathUnlinkFile => &[(0, 1)],
        Function::PathFilestatGet
        | Function::PathFilestatGet0
        | Function::PathFilestatSetTimes
        | Function::PathOpen => &[(0, 2)],
        Function::PathLink => &[(0, 2), (4, 5)],
        Function::PathRename => &[(0, 1), (3, 4)],
        Function::PathSymlink => &[(2, 3)],
        _ => &[],
    }
}

impl Tally {
    /// The first path of the call that is being made.
    pub fn named(&self) -> Place {
        self.named[0]
    }

    /// Notes the paths of a call that is about to be made: what it writes may lie over them.
    pub fn begin(&mut self, function: Function, args: &[u64], memory: &Memory<'_>, fds: &FdTable) {
        self.named = [None; 2];
        for (&(fd, path), named) in paths(function).iter().zip(&mut self.named) {
            let fd = Fd(word(args, fd));
            let span = memory.span(GuestPtr(word(args, path)), word(args, path + 1));
            let Ok(span) = span else { continue };
            // One byte more tells that it is cut.
            let path = joined(&self.used, fds, fd, &memory.get(span.head(PATH + 1)));
            let place = match self.places.get(&path) {
                Some(place) => *place,
                None if self.used.paths.len() < PATHS => {
                    let place = u16::try_from(self.used.paths.len()).unwrap_or(u16::MAX);
                    self.used.paths.push(UsedPath {
                        path: path.clone(),
                        ..UsedPath::default()
                    });
                    self.places.insert(path, place);
                    place
                }
                None => {
                    self.used.unnamed = self.used.unnamed.saturating_add(1);
                    continue;
                }
            };
            *named = Some(place);
        }
    }

    /// Notes what a call that has been made came to.
    pub fn end(
        &mut self,
        function: Function,
        args: &[u64],
        errno: Errno,
        memory: &Memory<'_>,
        fds: &FdTable,
    ) {
        for place in self.named {
            if let Some(path) = path_mut(&mut self.used, place) {
                path.calls = path.calls.saturating_add(1);
                if errno != Errno::Success {
                    path.failures = path.failures.saturating_add(1);
                    path.errno = errno.raw();
                }
            }
        }
        if errno != Errno::Success {
            return;
        }
        let [first, second] = self.named;
        let used = &mut self.used;
        let add = |count: &mut u64, more: u64| *count = count.saturating_add(more);
        match function {
            Function::ClockTimeGet => {
                let clock = used.clocks.get_mut(word(args, 0).min(2) as usize);
                clock.into_iter().for_each(|count| add(count, 1));
            }
            Function::RandomGet => add(&mut used.random, word(args, 1).into()),
            Function::PollOneoff | Function::PollOneoff0 => add(&mut used.waits, 1),
            Function::FdRead | Function::FdPread | Function::FdWrite | Function::FdPwrite => {
                let place = GuestPtr(args.last().copied().map_or(0, low));
                let moved = memory.read(place).map_or(0, u32::from_le_bytes);
                moved_bytes(used, fds, Fd(word(args, 0)), moved.into(), function);
            }
            Function::FdReaddir => {
                let directory = fds.directory(Fd(word(args, 0)));
                did(used, directory.ok().and_then(|it| it.named), Deed::Listed);
            }
            Function::PathOpen => {
                did(used, first, Deed::Opened);
                for (bit, deed) in [(1, Deed::Created), (8, Deed::Truncated)] {
                    if word(args, 4) & bit != 0 {
                        did(used, first, deed);
                    }
                }
            }
            Function::PathFilestatGet | Function::PathFilestatGet0 => {
                did(used, first, Deed::Examined);
            }
            Function::PathFilestatSetTimes => did(used, first, Deed::Touched),
            Function::PathReadlink => did(used, first, Deed::Followed),
            Function::PathCreateDirectory => did(used, first, Deed::MadeDirectory),
            Function::PathRemoveDirectory | Function::PathUnlinkFile => {
                did(used, first, Deed::Removed);
            }
            Function::PathSymlink => did(used, first, Deed::Named),
            Function::PathLink => did(used, second, Deed::Named),
            Function::PathRename => {
                did(used, first, Deed::Removed);
                did(used, second, Deed::Named);
            }
            _ => {}
        }
    }

    /// The guest has been handed the command line.
    pub fn hand_arguments(&mut self, count: usize) {
        self.used.arguments = Some(count as u64);
    }

    /// The guest has been handed the environment.
    pub fn hand_environment(&mut self, environ: &[Vec<u8>]) {
        if self.used.variables.is_none() {
            let names = environ.iter().take(VARIABLES).map(|variable| {
                let end = variable.iter().position(|byte| *byte == b'=');
                let name = end.and_then(|end| variable.get(..end));
                cut(name.unwrap_or(variable))
            });
            self.used.variables = Some(names.collect());
        }
    }
}

fn moved_bytes(used: &mut Used, fds: &FdTable, fd: Fd, bytes: u64, function: Function) {
    let reads = matches!(function, Function::FdRead | Function::FdPread);
    let count = match fds.get(fd) {
        Ok(Descriptor::Stdin { .. }) => Some(&mut used.stdin),
        Ok(Descriptor::Output { stream, .. }) => Some(match stream {
            Stream::Stdout => &mut used.stdout,
            Stream::Stderr => &mut used.stderr,
        }),
        Ok(Descriptor::File(file)) => path_mut(used, file.named).map(|path| match reads {
            true => &mut path.read,
            false => &mut path.written,
        }),
        _ => None,
    };
    if let Some(count) = count {
        *count = count.saturating_add(bytes);
    }
}

fn did(used: &mut Used, place: Place, deed: Deed) {
    if let Some(path) = path_mut(used, place) {
        path.did |= deed as u16;
    }
}

fn path_mut(used: &mut Used, place: Place) -> Option<&mut UsedPath> {
    used.paths.get_mut(usize::from(place?))
}

/// The path as the guest would name it from nowhere.
fn joined(used: &Used, fds: &FdTable, fd: Fd, path: &[u8]) -> String {
    let path = cut(path);
    let directory = fds.directory(fd).ok();
    let base = match directory {
        Some(directory) => match (&directory.preopen, directory.named) {
            (Some(preopen), _) => preopen.clone(),
            (None, Some(place)) => {
                let above = used.paths.get(usize::from(place));
                above.map(|it| it.path.clone()).unwrap_or_default()
            }
            (None, None) => "…".to_owned(),
        },
        // From no directory: Go's way to name what none covers.
        None if fd.0 == u32::MAX => String::new(),
        None => format!("fd {}:", fd.0),
    };
    if path == "." && !base.is_empty() {
        return base;
    }
    let slash = if base.ends_with('/') { "" } else { "/" };
    cut(format!("{base}{slash}{path}").as_bytes())
}

/// Text of bounded length.
fn cut(bytes: &[u8]) -> String {
    match bytes.get(..PATH) {
        Some(head) if bytes.len() > PATH => format!("{}…", String::from_utf8_lossy(head)),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn word(args: &[u64], index: usize) -> u32 {
    args.get(index).copied().map_or(0, low)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "an engine may extend the sign: only the low half is the value"
)]
fn low(word: u64) -> u32 {
    word as u32
}
