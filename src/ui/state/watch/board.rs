//! What the board makes of what is seen of the file.

use super::{Ask, Copied, Held, Look, Offer, Status, Step, Watch, Watched, Watches};
use crate::ui::state::board::{Board, Effect, Loading};

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
    pub(in crate::ui::state) fn leave_watch(&mut self) -> Vec<Effect> {
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
    pub(in crate::ui::state) fn return_watch(&mut self, stays: bool) -> Vec<Effect> {
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
    pub(in crate::ui::state) fn watch_is_good(&mut self) {
        self.rebuilds.before = None;
        if let Some(watch) = &mut self.rebuilds.watch {
            watch.is_good = true;
        }
    }

    /// The module that was loaded last is refused; whether that is not to be said yet.
    pub(in crate::ui::state) fn holds_refusal(&mut self, name: &str, why: &str) -> bool {
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

    /// By what the module on the board can be watched again on the next visit.
    pub(crate) fn watches(&self) -> Option<Watches> {
        let watch = self.rebuilds.watch.as_ref();
        let watch = watch.filter(|watch| watch.is_good && watch.target > 0)?;
        Some(Watches {
            target: watch.target,
            name: watch.name.clone(),
            stamp: watch.taken.clone()?,
        })
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
