//! The file or the address that a module came from, which is looked at again and again: when the compiler has
//! written it, it comes onto the board.
//!
//! What a look finds is told from outside ([`Board::watch_saw`]). A file is taken once two looks have found it
//! the same: whoever writes it is done then, or so it seems. One that turns out to be cut short, or is refused,
//! is waited for a while before it is said to be so: compilers pause, too.

use super::board::{Board, Effect, Loading};
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
    /// How often the signatures of the module that is there are still to be told.
    pub(super) awaited: u8,
    /// Whether it has those of the one before until then.
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

impl Board {
    /// What there is to see of the file that is watched.
    pub(crate) fn watched(&self) -> Option<Watched> {
        let watch = self.rebuilds.watch.as_ref()?;
        let offer = match &watch.status {
            Status::Forbidden => Some(Offer::Allow),
            Status::Due => Some(Offer::Now),
            _ => None,
        };
        Some(Watched {
            text: watch.text(self.rebuilds.off),
            can_watch: !matches!(watch.status, Status::Never(_)),
            can_read: watch.target > 0,
            on: !self.rebuilds.off,
            repeats: self.rebuilds.repeats,
            offer,
        })
    }

    /// What is remembered from one visit to the next.
    pub(crate) fn set_watching(&mut self, off: bool, repeats: bool) {
        self.rebuilds.off = off;
        self.rebuilds.repeats = repeats;
    }

    /// Gives a target to look at a number.
    pub(crate) fn new_target(&mut self) -> u32 {
        self.rebuilds.targets = self.rebuilds.targets.wrapping_add(1);
        self.rebuilds.targets
    }

    /// The target is where the module that was loaded last came from; its stamp was this. Without one, it is
    /// where a module is to come from.
    pub(crate) fn watch(&mut self, target: u32, name: &str, stamp: Option<String>) -> Vec<Effect> {
        let mut watch = Watch::new(target, name, stamp);
        let mut loading = self.loading.iter();
        let plugged = self.plugged.as_ref();
        let is_there = plugged.is_some_and(|plugged| plugged.info.name == name);
        let is_coming = loading.any(|loading| !loading.again);
        watch.is_good = is_there && !is_coming && self.refused.is_none();
        if is_coming && watch.taken.is_none() {
            // It is to be fetched, whatever it is.
            watch.reads = true;
            watch.anyway = true;
        }
        let was_refused = self.refused.as_ref().filter(|refused| refused.name == name);
        if let (Some(refused), true) = (was_refused, watch.taken.is_some()) {
            // It came a moment ago, and may still be written.
            watch.held = Some(Held::Refused(refused.message.clone()));
            watch.status = Status::Writing { size: None };
            self.refused = None;
        }
        self.set_aside();
        self.rebuilds.watch = Some(watch);
        vec![
            Effect::Watch(Ask::Follow(Some(target))),
            Effect::Watch(Ask::Watch(!self.rebuilds.off)),
        ]
    }

    /// What was loaded last cannot be looked at again.
    pub(crate) fn cannot_watch(&mut self, name: &str, why: &'static str) {
        self.set_aside();
        let mut watch = Watch::new(0, name, None);
        watch.status = Status::Never(why);
        self.rebuilds.watch = Some(watch);
    }

    /// Another module comes, from elsewhere.
    pub(super) fn leave_watch(&mut self) -> Vec<Effect> {
        self.rebuilds.is_due = false;
        if self.rebuilds.watch.is_none() {
            return Vec::new();
        }
        self.set_aside();
        vec![Effect::Watch(Ask::Follow(None))]
    }

    fn set_aside(&mut self) {
        let watch = self.rebuilds.watch.take();
        if let Some(watch) = watch.filter(|watch| watch.is_good || watch.target == 0) {
            self.rebuilds.before = Some(watch);
        }
    }

    /// What came from elsewhere is not to be: what was watched before is again, if anything was. If nothing
    /// was, `stays` says whether the other one still is.
    pub(super) fn return_watch(&mut self, stays: bool) -> Vec<Effect> {
        let is_first = stays && self.rebuilds.before.is_none();
        let stays = |watch: &Watch| watch.is_good || is_first;
        let has_none = self.rebuilds.watch.is_none() && self.rebuilds.before.is_none();
        if has_none || self.rebuilds.watch.as_ref().is_some_and(stays) {
            return Vec::new();
        }
        self.rebuilds.watch = self.rebuilds.before.take();
        let target = self.rebuilds.watch.as_ref();
        let target = target
            .map(|watch| watch.target)
            .filter(|target| *target > 0);
        vec![
            Effect::Watch(Ask::Follow(target)),
            Effect::Watch(Ask::Watch(!self.rebuilds.off)),
        ]
    }

    /// The module that was loaded last is on the board.
    pub(super) fn watch_is_good(&mut self) {
        self.rebuilds.before = None;
        if let Some(watch) = &mut self.rebuilds.watch {
            watch.is_good = true;
        }
    }

    /// The module that was loaded last is refused; whether that is not to be said yet.
    pub(super) fn holds_refusal(&mut self, name: &str, why: &str) -> bool {
        let off = self.rebuilds.off;
        let watch = self.rebuilds.watch.as_mut();
        let watch = watch.filter(|watch| watch.target > 0 && watch.name == name && !off);
        if let Some(watch) = watch {
            watch.held = Some(Held::Refused(why.to_owned()));
            watch.status = Status::Writing { size: None };
            watch.looks = 0;
            return true;
        }
        false
    }

    /// A look at the target has found this. Whether there is something else to see, and what is to be done.
    pub(crate) fn watch_saw(&mut self, target: u32, look: Look) -> (bool, Vec<Effect>) {
        let free = self.run.is_none() && self.loading.is_none();
        let Some(watch) = &mut self.rebuilds.watch else {
            return (false, Vec::new());
        };
        if watch.target != target || self.rebuilds.off {
            return (false, Vec::new());
        }
        let before = watch.status.clone();
        let effects = match watch.saw(look, free) {
            Step::Wait => Vec::new(),
            Step::Read => vec![Effect::Watch(Ask::Read)],
            Step::Refuse(why) => {
                let name = watch.name.clone();
                watch.status = Status::Refused;
                self.refuse(&name, &why);
                return (true, self.return_watch(true));
            }
        };
        (watch.status != before, effects)
    }

    /// A copy of the target has come; whether it is to be loaded, and as a module that was built anew.
    pub(crate) fn watch_copied(&mut self, target: u32, copied: &Copied) -> Option<bool> {
        let watch = self.rebuilds.watch.as_mut()?;
        if watch.target != target {
            return None;
        }
        // The first one of an address has been announced.
        let is_new = |loading: &Loading| !watch.is_good && !loading.again && !loading.read;
        let loading = self.loading.as_deref();
        let free = self.run.is_none() && loading.is_none_or(is_new);
        watch.copied(copied, free).then_some(watch.is_good)
    }

    /// No copy could be had.
    pub(crate) fn watch_missed(&mut self, target: u32) {
        if let Some(watch) = self.rebuilds.at(target) {
            watch.reads = false;
        }
    }

    /// So many bytes of so many have been fetched; of 0, if nobody knows.
    pub(crate) fn fetched(&mut self, target: u32, progress: (u64, u64)) {
        let is_first = self.rebuilds.at(target).is_some_and(|watch| !watch.is_good);
        if let Some(loading) = self.loading.as_mut().filter(|_| is_first) {
            loading.make_mut().progress = Some(progress);
        }
    }

    /// A target could not be fetched.
    pub(crate) fn fetch_failed(&mut self, target: u32, why: &str) -> Vec<Effect> {
        let Some(watch) = self.rebuilds.at(target) else {
            return Vec::new();
        };
        watch.reads = false;
        watch.now = false;
        watch.anyway = false;
        watch.status = Status::Failed(why.to_owned());
        let name = watch.name.clone();
        if watch.is_good || self.loading.is_none() {
            return Vec::new();
        }
        self.load_failed(&name, &format!("could not be fetched: {why}"))
    }

    /// The target cannot be looked at again.
    pub(crate) fn stop_watch(&mut self, target: u32, why: &'static str) {
        if let Some(watch) = self.rebuilds.at(target) {
            watch.status = Status::Never(why);
        }
    }

    /// What is watched, if it can be looked at.
    pub(crate) fn target(&self) -> Option<u32> {
        let target = self.rebuilds.watch.as_ref()?.target;
        (target > 0).then_some(target)
    }

    /// The file that was built anew is to come although something runs, which is ended.
    pub(crate) fn take_now(&mut self) -> Vec<Effect> {
        if let Some(watch) = &mut self.rebuilds.watch {
            watch.now = true;
        }
        vec![Effect::Watch(Ask::Look)]
    }

    /// The file is to be loaded once more, whether it has changed or not.
    pub(crate) fn load_again(&mut self) -> Vec<Effect> {
        if let Some(watch) = &mut self.rebuilds.watch {
            watch.now = true;
            watch.anyway = true;
            watch.reads = true;
        }
        vec![Effect::Watch(Ask::Read)]
    }

    /// Files are to be watched, or not.
    pub(crate) fn switch_watch(&mut self, on: bool) -> Vec<Effect> {
        self.rebuilds.off = !on;
        vec![Effect::Watch(Ask::Watch(on))]
    }

    /// The last call is to be repeated after each rebuild, or not.
    pub(crate) fn switch_repeat(&mut self, on: bool) {
        self.rebuilds.repeats = on;
    }
}

#[cfg(test)]
mod tests;
