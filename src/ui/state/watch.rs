//! The file or the address that a module came from, which is looked at again and again: when the compiler has
//! written it, it comes onto the board.
//!
//! What a look finds is told from outside ([`watch_saw`](super::Board::watch_saw)). A file is taken once two looks have found it
//! the same: whoever writes it is done then, or so it seems. One that turns out to be cut short, or is refused,
//! is waited for a while before it is said to be so: compilers pause, too.

mod board;

use super::format;

/// Looks that have to find a file the same before it is taken, or before it is refused.
const STABLE: u32 = 2;

/// Looks for which a file that is cut short may stay so.
const PATIENCE: u32 = 10;

/// What a look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// A file.
    There {
        /// Another one when it has been written to.
        stamp: String,
        /// In bytes, if it is known.
        size: Option<u64>,
        /// When it was written to, as `12:03:05`.
        time: String,
    },
    /// None, for the moment.
    Gone,
    /// That the browser has to be allowed to look.
    Forbidden,
    /// That it cannot be had, and why.
    Failed(String),
}

/// A copy of what is in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copied {
    pub(crate) name: String,
    pub(crate) stamp: String,
    /// In bytes.
    pub(crate) size: u64,
    pub(crate) time: String,
    /// Whether its last section goes on beyond its end.
    pub(crate) is_cut: bool,
}

/// What is asked of whoever looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// To look at this target, and at no other; `None`: at none.
    Follow(Option<u32>),
    /// To look again and again, or to leave that.
    Watch(bool),
    /// To look now.
    Look,
    /// For a copy.
    Read,
}

/// By what the module on the board is watched, for the next visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watches {
    pub(crate) target: u32,
    /// The name of the file.
    pub(crate) name: String,
    /// The stamp of what was taken last.
    pub(crate) stamp: String,
}

/// What has come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Status {
    Watching,
    Loaded,
    Writing {
        size: Option<u64>,
    },
    Empty,
    Cut {
        size: u64,
    },
    Gone,
    Forbidden,
    Failed(String),
    /// It is taken when what runs has ended.
    Due,
    Refused,
    /// It cannot be looked at, and why.
    Never(&'static str),
}

/// What is not said yet of what was taken last.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    Cut,
    Refused(String),
}

/// What is looked at, and what has been seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Watch {
    target: u32,
    /// The name of the file; empty, as long as a folder has none.
    name: String,
    status: Status,
    /// The stamp of what was taken last.
    taken: Option<String>,
    /// The stamp that the last looks have found, and how many.
    seen: String,
    looks: u32,
    /// When it was written to.
    time: String,
    /// Whether a copy is awaited.
    reads: bool,
    /// Whether it is to be taken although something runs.
    now: bool,
    /// Whether it is to be taken whatever is in it.
    anyway: bool,
    held: Option<Held>,
    /// Whether it has been on the board.
    is_good: bool,
}

/// The rebuild loop, as the board keeps it.
#[derive(Debug, Default)]
pub(crate) struct Rebuilds {
    pub(super) watch: Option<Watch>,
    /// That of the module on the board, while another one is coming.
    before: Option<Watch>,
    /// Whether files are watched at all.
    off: bool,
    /// Whether the last call is repeated.
    pub(super) repeats: bool,
    /// Whether that is to be done, once the signatures are known.
    pub(super) is_due: bool,
    /// Whether the module that is there has the signatures of the one before until its own are told.
    pub(super) has_old_ones: bool,
    targets: u32,
}

/// What the page shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watched {
    pub(crate) text: String,
    /// Whether it can be looked at again and again, and whether it can be loaded again.
    pub(crate) can_watch: bool,
    pub(crate) can_read: bool,
    pub(crate) on: bool,
    pub(crate) repeats: bool,
    /// What a person can do about it.
    pub(crate) offer: Option<Offer>,
}

/// What a person can do about a file that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// Allow the browser to read it.
    Allow,
    /// End what runs, and have it.
    Now,
}

impl Rebuilds {
    fn at(&mut self, target: u32) -> Option<&mut Watch> {
        let watch = self.watch.as_mut();
        watch.filter(|watch| watch.target == target)
    }
}

impl Watch {
    fn new(target: u32, name: &str, stamp: Option<String>) -> Self {
        Self {
            target,
            name: name.to_owned(),
            status: Status::Watching,
            taken: stamp,
            seen: String::new(),
            looks: 0,
            time: String::new(),
            reads: false,
            now: false,
            anyway: false,
            held: None,
            is_good: false,
        }
    }

    /// Takes in what a look has found. `free`: whether it may be taken now.
    fn saw(&mut self, look: Look, free: bool) -> Step {
        let (stamp, size, time) = match look {
            Look::There { stamp, size, time } => (stamp, size, time),
            other => {
                self.looks = 0;
                self.reads = false;
                self.status = match other {
                    Look::Failed(why) => Status::Failed(why),
                    Look::Forbidden => Status::Forbidden,
                    _ => Status::Gone,
                };
                return Step::Wait;
            }
        };
        self.time = time;
        self.looks = self.looks.saturating_add(1);
        if self.seen != stamp {
            self.seen.clone_from(&stamp);
            self.looks = 1;
        }
        if self.taken.as_ref() == Some(&stamp) {
            return self.saw_taken();
        }
        // It has been written to since.
        self.held = None;
        if size == Some(0) {
            self.status = Status::Empty;
        } else if self.looks < STABLE {
            self.status = Status::Writing { size };
        } else if !free && !self.now {
            self.status = Status::Due;
        } else if !self.reads {
            self.reads = true;
            return Step::Read;
        }
        Step::Wait
    }

    /// A look has found what was taken last.
    fn saw_taken(&mut self) -> Step {
        match &self.held {
            Some(Held::Cut) if self.looks >= PATIENCE && !self.reads => {
                self.anyway = true;
                self.reads = true;
                return Step::Read;
            }
            Some(Held::Refused(_)) if self.looks >= STABLE => {
                if let Some(Held::Refused(why)) = self.held.take() {
                    return Step::Refuse(why);
                }
            }
            Some(_) => {}
            None => {
                if !matches!(self.status, Status::Loaded | Status::Refused) {
                    self.status = Status::Watching;
                }
            }
        }
        Step::Wait
    }

    /// Takes in a copy; whether it is to be loaded.
    fn copied(&mut self, copied: &Copied, free: bool) -> bool {
        let is_asked_for = std::mem::take(&mut self.reads);
        if !is_asked_for || (!free && !self.now) {
            return false;
        }
        if self.name != copied.name {
            self.name.clone_from(&copied.name);
            self.is_good = false;
        }
        self.taken = Some(copied.stamp.clone());
        self.time.clone_from(&copied.time);
        if !self.anyway && (copied.is_cut || copied.size == 0) {
            self.held = Some(Held::Cut);
            self.status = Status::Cut { size: copied.size };
            self.looks = 0;
            return false;
        }
        self.now = false;
        self.anyway = false;
        self.held = None;
        if !matches!(self.status, Status::Never(_)) {
            self.status = Status::Loaded;
        }
        true
    }

    fn text(&self, off: bool) -> String {
        let Self { name, time, .. } = self;
        let name = if name.is_empty() { "the file" } else { name };
        match &self.status {
            Status::Never(why) => (*why).to_owned(),
            _ if off => format!("{name} is not watched"),
            Status::Loaded if self.is_good => {
                format!("watching {name}: changed {time}, loaded again")
            }
            Status::Watching | Status::Loaded => format!("watching {name}"),
            Status::Refused => format!("watching {name}: changed {time}, refused"),
            Status::Writing { size: None } => format!("{name} is being written"),
            Status::Writing { size: Some(size) } => {
                format!("{name} is being written: {} so far", format::bytes(*size))
            }
            Status::Empty => "waiting for the compiler: the file is 0 bytes".to_owned(),
            Status::Cut { size } => format!(
                "waiting for the compiler: {name} is cut short at {}",
                format::bytes(*size)
            ),
            Status::Gone if self.name.is_empty() => {
                "waiting for the compiler: there is no .wasm file in the folder".to_owned()
            }
            Status::Gone => format!("waiting for the compiler: {name} is gone"),
            Status::Forbidden => format!("the browser asks before it reads {name} again"),
            Status::Failed(why) => format!("{name} cannot be had at the moment: {why}"),
            Status::Due => format!("{name} changed {time}: loaded when what runs has ended"),
        }
    }
}

/// What a look leads to.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Wait,
    Read,
    /// What was taken is wrong, and stays so.
    Refuse(String),
}

#[cfg(test)]
mod tests;
