//! Samples in the words of the source, each frame and each function once, and the tree of what called what.

use super::{ELSEWHERE, Seen, folded, pprof};
use crate::debug::Places;
use crate::protocol::{
    Backtrace, Frame, Profile as Ask, ProfileFile, ProfileReport, ProfileTotal, Sample,
};
use std::collections::HashMap;

/// What stands for frames that are left out.
const LEFT_OUT: &str = "(frames left out)";

/// What was used: fuel, and nanoseconds in host calls.
pub(super) type Amount = [u64; 2];

/// What one thing amounts to: itself, and with what it has called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Used {
    pub(super) own: Amount,
    pub(super) total: Amount,
}

/// A profile that has been read, to be asked.
#[derive(Debug, Default)]
pub struct Profile {
    pub(super) total: ProfileTotal,
    /// Each line of each function once.
    pub(super) frames: Vec<Located>,
    /// Each function once: its frames.
    pub(super) functions: Vec<Function>,
    /// What called what: the first is everything, and a parent comes before its children.
    pub(super) nodes: Vec<Node>,
    stacks: Vec<Counted>,
}

/// A line of a function.
#[derive(Debug, Default)]
pub(super) struct Located {
    pub(super) frame: Frame,
    pub(super) function: usize,
    pub(super) used: Used,
}

/// A function.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// Its frames, by their places.
    pub(super) frames: Vec<usize>,
    pub(super) used: Used,
}

/// A function that was called on one way.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) function: usize,
    pub(super) parent: usize,
    pub(super) children: Vec<usize>,
    pub(super) used: Used,
}

/// A stack, the innermost frame first, and what was used there.
#[derive(Debug)]
struct Counted {
    frames: Vec<usize>,
    count: u64,
    used: Amount,
}

/// What has been met already, while samples are read.
#[derive(Default)]
struct Known {
    frames: HashMap<(usize, u32), usize>,
    functions: HashMap<(String, Option<String>), usize>,
    children: HashMap<(usize, usize), usize>,
    /// By function and by frame, the last stack that it was in: recursion counts once.
    in_stack: [Vec<usize>; 2],
}

impl Profile {
    /// Reads samples of a module.
    #[must_use]
    pub fn read(places: &Places, samples: &[Sample]) -> Self {
        let mut profile = Self {
            nodes: vec![Node::default()],
            total: ProfileTotal {
                imports: places.module.imported(),
                ..ProfileTotal::default()
            },
            ..Self::default()
        };
        let mut known = Known::default();
        // What stands for everything is the first function.
        profile.frame(&mut known, named("all"));
        let mut next = samples.iter();
        places.each(samples.iter().map(|one| &one.stack), |backtrace| {
            if let Some(sample) = next.next() {
                let host_call = sample.host_call.map(|function| places.function(function));
                profile.add(&mut known, backtrace, host_call, sample);
            }
        });
        profile
    }

    /// What it amounts to.
    #[must_use]
    pub fn total(&self) -> &ProfileTotal {
        &self.total
    }

    /// What it has to say to whoever asks; nothing, of what it is to be read from.
    #[must_use]
    pub fn answer(&self, ask: &Ask) -> Option<ProfileReport> {
        match *ask {
            Ask::Read(_) => None,
            Ask::Table(view) => Some(ProfileReport::Table(self.table(view))),
            Ask::Flame(view) => Some(ProfileReport::Flame(self.flame(view))),
            Ask::Save(form) => Some(ProfileReport::File(form, self.file(form))),
        }
    }

    /// It as a file.
    #[must_use]
    pub fn file(&self, form: ProfileFile) -> Vec<u8> {
        let seen = self.stacks.iter().map(|one| {
            let frames = one.frames.iter().filter_map(|at| self.frames.get(*at));
            let [fuel, nanos] = one.used;
            Seen {
                frames: frames.map(|it| it.frame.clone()).collect(),
                count: one.count,
                fuel,
                nanos,
            }
        });
        match form {
            ProfileFile::Pprof => pprof(seen),
            ProfileFile::Folded => folded(seen).into_bytes(),
        }
    }

    /// The frame that shows a function: that of its most used line.
    pub(super) fn shown(&self, function: usize) -> Frame {
        let frames = self.functions.get(function).map(|it| &it.frames[..]);
        let frames = frames.unwrap_or_default().iter();
        let frames = frames.filter_map(|at| self.frames.get(*at));
        let most = frames.max_by_key(|it| (it.frame.line > 0, it.used.total));
        most.map(|it| it.frame.clone()).unwrap_or_default()
    }

    fn add(
        &mut self,
        known: &mut Known,
        backtrace: Backtrace,
        host_call: Option<Frame>,
        sample: &Sample,
    ) {
        let used = [sample.fuel, sample.nanos];
        self.total.count = self.total.count.saturating_add(sample.count);
        self.total.fuel = self.total.fuel.saturating_add(sample.fuel);
        self.total.nanos = self.total.nanos.saturating_add(sample.nanos);
        if self.total.problem.is_none() && !sample.stack.frames.is_empty() {
            self.total.problem = backtrace.problem.filter(|_| !is_usual(&backtrace.frames));
        }
        let mut frames = backtrace.frames;
        if let Some((_, behind)) = backtrace.left_out {
            frames.insert((behind as usize).min(frames.len()), named(LEFT_OUT));
        }
        if frames.is_empty() {
            frames.push(named(ELSEWHERE));
        }
        frames.splice(0..0, host_call);
        let stack = self.stacks.len() + 1;
        let frames: Vec<usize> = frames
            .into_iter()
            .map(|frame| self.frame(known, frame))
            .collect();
        if let Some(root) = self.nodes.first_mut() {
            add(&mut root.used.total, used);
        }
        let mut node = 0;
        for (place, at) in frames.iter().enumerate().rev() {
            let is_innermost = place == 0;
            let Some(located) = self.frames.get_mut(*at) else {
                continue;
            };
            let function = located.function;
            let [of_function, of_frame] = &mut known.in_stack;
            located
                .used
                .count(used, is_innermost, first(of_frame, *at, stack));
            if let Some(it) = self.functions.get_mut(function) {
                let is_first = first(of_function, function, stack);
                it.used.count(used, is_innermost, is_first);
            }
            node = self.child(known, node, function);
            if let Some(it) = self.nodes.get_mut(node) {
                it.used.count(used, is_innermost, true);
            }
        }
        self.stacks.push(Counted {
            frames,
            count: sample.count,
            used,
        });
    }

    fn frame(&mut self, known: &mut Known, frame: Frame) -> usize {
        let name = (frame.function.clone(), frame.file.clone());
        let next = self.functions.len();
        let function = *known.functions.entry(name).or_insert(next);
        if function == next {
            self.functions.push(Function::default());
        }
        let next = self.frames.len();
        let at = *known.frames.entry((function, frame.line)).or_insert(next);
        if at == next {
            self.frames.push(Located {
                frame,
                function,
                used: Used::default(),
            });
            if let Some(it) = self.functions.get_mut(function) {
                it.frames.push(at);
            }
        }
        at
    }

    fn child(&mut self, known: &mut Known, parent: usize, function: usize) -> usize {
        let next = self.nodes.len();
        let child = *known.children.entry((parent, function)).or_insert(next);
        if child == next {
            self.nodes.push(Node {
                function,
                parent,
                ..Node::default()
            });
            if let Some(it) = self.nodes.get_mut(parent) {
                it.children.push(child);
            }
        }
        child
    }
}

impl Used {
    fn count(&mut self, used: Amount, is_innermost: bool, is_first: bool) {
        if is_innermost {
            add(&mut self.own, used);
        }
        if is_first {
            add(&mut self.total, used);
        }
    }
}

/// Whether frames have lines all the same: that the innermost of some stacks is not known is no problem of a profile.
fn is_usual(frames: &[Frame]) -> bool {
    frames.iter().any(|frame| frame.line > 0)
}

/// Whether it was not in this stack before.
fn first(last: &mut Vec<usize>, at: usize, stack: usize) -> bool {
    if last.len() <= at {
        last.resize(at + 1, 0);
    }
    let last = last.get_mut(at);
    last.is_some_and(|last| std::mem::replace(last, stack) != stack)
}

fn add(to: &mut Amount, used: Amount) {
    for (to, used) in to.iter_mut().zip(used) {
        *to = to.saturating_add(used);
    }
}

fn named(function: &str) -> Frame {
    Frame {
        function: function.to_owned(),
        // No function of a module.
        index: u32::MAX,
        runtime: true,
        ..Frame::default()
    }
}
