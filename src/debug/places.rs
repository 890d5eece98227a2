//! A module's places, read once and asked again and again.

use super::dwarf::{self, Index};
use super::go::{self, Lines, Tables};
use super::module::Module;
use super::names;
use crate::protocol::{At, Backtrace, Frame, Goroutine, Goroutines, RawFrame, Stack, decode};

/// What is said where the innermost frame is that of a caller.
const RUNNING: &str =
    "Which function was running is not known: the first one here has called it by a value.";

/// What is said where the goroutines are not known.
const UNREAD: &str = "The other goroutines are not shown: what this version of Go keeps of them in memory cannot be read.";

/// What is known of the places in one module.
pub struct Places {
    pub(in crate::debug) module: Module,
    /// What memory begins with, where standard Go's tables are.
    pub(super) image: Vec<u8>,
    /// What is described, in a module of another compiler's.
    pub(super) index: Index,
}

impl std::fmt::Debug for Places {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Places").finish_non_exhaustive()
    }
}

impl Places {
    /// Those of a module, of which only what can be read is known.
    #[must_use]
    pub fn read(bytes: Vec<u8>) -> Self {
        let module = Module::read(bytes);
        let image = if module.is_go {
            module.image()
        } else {
            Vec::new()
        };
        let index = match Tables::find(&image) {
            Some(_) => Index::default(),
            None => Index::read(&module),
        };
        Self {
            module,
            image,
            index,
        }
    }

    /// Whether they are those of this module.
    #[must_use]
    pub fn are_of(&self, bytes: &[u8]) -> bool {
        self.module.bytes == bytes
    }

    /// A stack in the words of the source.
    #[must_use]
    pub fn backtrace(&self, stack: &Stack) -> Backtrace {
        let mut told = Backtrace::default();
        self.each([stack], |backtrace| told = backtrace);
        told
    }

    /// Takes each of several stacks in the words of the source.
    pub(super) fn each<'a>(
        &self,
        stacks: impl IntoIterator<Item = &'a Stack>,
        mut take: impl FnMut(Backtrace),
    ) {
        let stacks = stacks.into_iter();
        if let Some(tables) = Tables::find(&self.image) {
            let lines = Lines::new(tables);
            stacks.for_each(|stack| take(self.of_go(&lines, stack)));
        } else {
            let lines = dwarf::Lines::new(&self.module, &self.index);
            stacks.for_each(|stack| take(self.of_dwarf(&lines, stack)));
        }
    }

    fn of_go(&self, lines: &Lines<'_>, stack: &Stack) -> Backtrace {
        // The innermost one may have noted where it is, when the guest is debugged; then it is what runs.
        let (noted, walked) = match stack.frames.split_first() {
            Some((noted, _)) if matches!(noted.at, At::Place(_)) => (Some(*noted), {
                let mut walked = stack.clone();
                walked.frames.remove(0);
                walked.left_out = walked
                    .left_out
                    .map(|(count, behind)| (count, behind.saturating_sub(1)));
                walked
            }),
            _ => (None, stack.clone()),
        };
        let mut settled = go::settle(&self.module, lines, &walked);
        if let Some(noted) = &noted {
            settled.is_running(noted.function);
        }
        let stack = &walked;
        let mut backtrace = Backtrace {
            seen: stack.seen,
            problem: settled.running.is_none().then(|| RUNNING.to_owned()),
            ..Backtrace::default()
        };
        let running = settled.running.map(|function| RawFrame {
            function,
            at: noted.map_or(At::Unknown, |noted| noted.at),
        });
        let frames = stack.frames.iter().zip(settled.calls).enumerate();
        let frames = frames
            .skip(settled.left_behind)
            .map(|(place, (frame, call))| (place, frame, call));
        let first = running.iter().map(|frame| (usize::MAX, frame, None));
        for (place, raw, call) in first.chain(frames) {
            if let Some((count, behind)) = stack.left_out
                && place == behind as usize
            {
                backtrace.left_out = Some((count, length(&backtrace.frames)));
            }
            let place = match raw.at {
                At::Place(place) => Some(place),
                _ => call.map(|call| call.place),
            };
            backtrace.frames.extend(self.go_frames(lines, raw, place));
        }
        self.tell_goroutines(lines, stack, &mut backtrace);
        backtrace
    }

    /// The frames of a function of Go's, with those inlined; its text is at `place`.
    fn go_frames(&self, lines: &Lines<'_>, raw: &RawFrame, place: Option<u32>) -> Vec<Frame> {
        let own = raw.function.checked_sub(self.module.imported());
        let Some(function) = own.and_then(|own| lines.tables.by_index(own)) else {
            return vec![self.named(raw)];
        };
        let block = match raw.at {
            At::Block(block) => Some(block),
            At::Place(place) => go::block_at(&self.module, raw.function, place),
            At::Unknown => None,
        };
        let frames = lines.frames(function, block).into_iter();
        let index = raw.function;
        frames
            .map(|frame| Frame {
                index,
                place,
                ..frame
            })
            .collect()
    }

    fn tell_goroutines(&self, lines: &Lines<'_>, stack: &Stack, backtrace: &mut Backtrace) {
        let Some(all) = decode::<Goroutines>(&stack.goroutines).ok() else {
            backtrace.goroutine = UNREAD.to_owned();
            return;
        };
        let (id, status) = &all.told;
        if *id > 0 {
            backtrace.goroutine = format!("goroutine {id} [{status}]");
        }
        backtrace.more = all.more;
        let mut calls = go::Calls::new(&self.module);
        let others = all.others.into_iter().map(|raw| {
            let mut told = Backtrace::default();
            for (place, frame) in raw.frames.iter().enumerate() {
                if let Some((count, behind)) = raw.left_out
                    && place == behind as usize
                {
                    told.left_out = Some((count, length(&told.frames)));
                }
                let place = calls.of(frame).map(|call| call.place);
                told.frames.extend(self.go_frames(lines, frame, place));
            }
            let (created, creator) = raw.created.unzip();
            let created = created.map(|frame| {
                let place = calls.of(&frame).map(|call| call.place);
                self.go_frames(lines, &frame, place)
            });
            Goroutine {
                id: raw.id,
                status: raw.status,
                backtrace: told,
                // What the runtime has created says nothing.
                created: created.and_then(|frames| frames.into_iter().find(|it| !it.runtime)),
                creator: creator.unwrap_or(0),
            }
        });
        backtrace.others = others.collect();
    }

    fn of_dwarf(&self, lines: &dwarf::Lines<'_>, stack: &Stack) -> Backtrace {
        let mut backtrace = Backtrace {
            seen: stack.seen,
            problem: self.index.problem.clone(),
            ..Backtrace::default()
        };
        for (place, raw) in stack.frames.iter().enumerate() {
            if let Some((count, behind)) = stack.left_out
                && place == behind as usize
            {
                backtrace.left_out = Some((count, length(&backtrace.frames)));
            }
            let at = match raw.at {
                At::Place(place) => Some(place),
                At::Unknown | At::Block(_) => None,
            };
            let mut frames = lines.frames(raw.function, at).unwrap_or_else(|| {
                vec![Frame {
                    place: at,
                    ..self.named(raw)
                }]
            });
            // Those before it are inlined.
            if let (Some(frame), Some(given)) = (frames.last_mut(), stack.given.get(place)) {
                frame.arguments = lines.arguments(raw.function, at, given);
            }
            backtrace.frames.extend(frames);
        }
        backtrace
    }

    /// What a function is called.
    pub(super) fn name(&self, function: u32) -> String {
        let imported = self.module.imports.get(function as usize);
        let found = imported.or_else(|| self.module.names.get(&function));
        match found.or_else(|| self.module.exports.get(&function)) {
            Some(name) => names::written(name, None),
            None => format!("function {function}"),
        }
    }

    fn named(&self, raw: &RawFrame) -> Frame {
        self.function(raw.function)
    }

    /// A function of the module's, wherever in it.
    pub(super) fn function(&self, index: u32) -> Frame {
        let name = self.name(index);
        Frame {
            runtime: names::is_runtime(&name),
            function: name,
            index,
            ..Frame::default()
        }
    }
}

fn length(frames: &[Frame]) -> u32 {
    u32::try_from(frames.len()).unwrap_or(u32::MAX)
}
