//! A module's places, read once and asked again and again.

use super::dwarf::{self, Index};
use super::go::{self, Lines, Tables};
use super::module::Module;
use super::names;
use super::twin::PARAMS;
use crate::protocol::{
    Argument, At, Backtrace, Frame, Goroutine, Goroutines, RawFrame, Stack, decode,
};

/// What is said where the innermost frame is that of a caller.
const RUNNING: &str =
    "Which function was running is not known: the first one here has called it by a value.";

/// What is said where the code has other Wasm locals than the debug information means.
const REWRITTEN: &str = "What most variables are is not known: a tool, such as the wasm-opt that TinyGo runs, has written the code \
    anew, and left what the debug information says of them as it was.";

/// What is said where the goroutines are not known.
const UNREAD: &str = "The other goroutines are not shown: what this version of Go keeps of them in memory cannot be read.";

/// Variables in one backtrace, about: the frames behind have none.
const MOST_VALUES: usize = 2000;

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
        let mut stack = &walked;
        if let Some(noted) = &noted {
            settled.is_running(noted.function);
        } else if settled.running.is_none() {
            let others = stack.perhaps.iter();
            let others = others.map(|other| (other, go::settle(&self.module, lines, other)));
            if let Some(other) = { others }.find(|(_, settled)| settled.running.is_some()) {
                (stack, settled) = other;
            }
        }
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
            let given = stack.given.get(place);
            let place = match raw.at {
                At::Place(place) => Some(place),
                _ => call.map(|call| call.place),
            };
            let mut frames = self.go_frames(lines, raw, place);
            if let (Some(frame), Some(given)) = (frames.last_mut(), given) {
                frame.arguments = self.go_arguments(lines, raw.function, given);
            }
            backtrace.frames.extend(frames);
        }
        self.tell_goroutines(lines, &walked, &mut backtrace);
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

    /// What a function of Go's was called with.
    fn go_arguments(&self, lines: &Lines<'_>, function: u32, given: &[u64]) -> Vec<Argument> {
        let own = function.checked_sub(self.module.imported());
        let function = own.and_then(|own| lines.tables.by_index(own));
        function.map_or_else(Vec::new, |function| lines.arguments(function, given))
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
        let mut values = 0;
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
            let given = stack.given.get(place);
            let held = given
                .filter(|_| values < MOST_VALUES)
                .map(|given| lines.held(raw.function, at, given, stack.behind && place == 0));
            let frames = lines.frames(raw.function, at, held.as_ref());
            let mut frames = frames.unwrap_or_else(|| {
                vec![Frame {
                    place: at,
                    ..self.named(raw)
                }]
            });
            // Those before it are inlined.
            if let (Some(frame), Some(given)) = (frames.last_mut(), given) {
                let params = given.get(..PARAMS).unwrap_or(given);
                frame.arguments = lines.arguments(raw.function, at, params);
                told_once(frame);
            }
            values += frames.iter().map(|it| it.variables.len()).sum::<usize>();
            backtrace.frames.extend(frames);
        }
        if !stack.given.is_empty() {
            backtrace.globals = lines.globals(&backtrace.frames);
        }
        let mut variables = backtrace.frames.iter().flat_map(|frame| &frame.variables);
        if !lines.has_locals() && variables.any(|it| it.value.is_none()) {
            backtrace
                .problem
                .get_or_insert_with(|| REWRITTEN.to_owned());
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

/// A parameter is an argument if it is known what the function was called with, else a variable if it is known what it is now.
fn told_once(frame: &mut Frame) {
    let Frame {
        arguments,
        variables,
        ..
    } = frame;
    let is_among = |name: &str, all: &[Argument], known: bool| {
        let mut all = all.iter();
        all.any(|it| it.name == name && (it.value.is_some() || !known))
    };
    arguments.retain(|it| it.value.is_some() || !is_among(&it.name, variables, true));
    variables.retain(|it| it.value.is_some() || !is_among(&it.name, arguments, false));
}

fn length(frames: &[Frame]) -> u32 {
    u32::try_from(frames.len()).unwrap_or(u32::MAX)
}
