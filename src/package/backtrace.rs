//! Where a call has ended in the middle, in the words of the module's source.

use super::Plain;
use crate::browser::js::{define, from_plain};
use crate::debug::{Places, values};
use crate::linear::Linear;
use crate::protocol::{Argument, At, Frame, Goroutine, Stack};
use js_sys::Object;
use std::cell::RefCell;

/// What is needed for that of one module.
#[derive(Default)]
pub(super) struct Located {
    module: RefCell<Module>,
    /// The stack that was seen last, and not asked about.
    stack: RefCell<Option<Box<Stack>>>,
}

/// What is told of a stack.
pub(super) struct Told {
    /// Its frames.
    pub(super) backtrace: Plain,
    /// The other goroutines, if they are known.
    pub(super) goroutines: Option<Plain>,
    /// The variables of the packages, if there are some.
    pub(super) variables: Option<Plain>,
}

impl Told {
    /// Gives an object what is told.
    pub(super) fn define_on(&self, object: &Object) {
        define(object, "backtrace", &from_plain(&self.backtrace));
        if let Some(goroutines) = &self.goroutines {
            define(object, "goroutines", &from_plain(goroutines));
        }
        if let Some(variables) = &self.variables {
            define(object, "variables", &from_plain(variables));
        }
    }
}

#[derive(Default)]
enum Module {
    #[default]
    None,
    /// Its file, which is not read before it is needed.
    File(Vec<u8>),
    Read(Box<Places>),
}

impl Located {
    /// From now on this is the module.
    pub(super) fn load(&self, file: Vec<u8>) {
        *self.module.borrow_mut() = Module::File(file);
    }

    /// A stack was seen.
    pub(super) fn see(&self, stack: Box<Stack>) {
        *self.stack.borrow_mut() = Some(stack);
    }

    /// Another call begins.
    pub(super) fn begin(&self) {
        self.stack.borrow_mut().take();
    }

    /// The stack that was seen last, once; `memory` is the guest's as it is now.
    pub(super) fn take(&self, memory: Linear<'_>) -> Option<Told> {
        let stack = self.stack.borrow_mut().take()?;
        let mut backtrace = self.with(|places| places.backtrace(&stack))?;
        let values = backtrace.values().filter_map(|it| it.value.as_ref());
        let texts = values.map(|(shape, words)| values::shown(shape, words, memory));
        backtrace.write(texts.collect());
        // Those of another compiler's module are not known, nor are those of a Go that keeps them otherwise.
        let goroutines = (!stack.goroutines.is_empty()).then_some(backtrace.others);
        let goroutines = goroutines.map(|others| {
            let others = others.into_iter();
            Plain::List(others.map(goroutine).collect())
        });
        Some(Told {
            backtrace: frames(backtrace.frames),
            goroutines,
            variables: arguments(backtrace.globals),
        })
    }

    /// Where the innermost function of that stack is, if it has noted it.
    pub(super) fn innermost(&self) -> Option<u32> {
        match self.stack.borrow().as_ref()?.frames.first()?.at {
            At::Place(place) => Some(place),
            At::Unknown | At::Block(_) => None,
        }
    }

    /// Does something with the places of the module, if there is one.
    pub(super) fn with<T>(&self, act: impl FnOnce(&Places) -> T) -> Option<T> {
        let mut module = self.module.borrow_mut();
        let places = match std::mem::take(&mut *module) {
            Module::None => return None,
            Module::File(file) => Box::new(Places::read(file)),
            Module::Read(places) => places,
        };
        let done = act(&places);
        *module = Module::Read(places);
        Some(done)
    }
}

fn frames(frames: Vec<Frame>) -> Plain {
    Plain::List(frames.into_iter().map(frame).collect())
}

fn goroutine(goroutine: Goroutine) -> Plain {
    #[expect(clippy::cast_precision_loss, reason = "ids are smaller than 2^48")]
    let id = |id: u64| Plain::Number(id as f64);
    let creator = goroutine.creator;
    object([
        ("id", Some(id(goroutine.id))),
        ("status", Some(Plain::Text(goroutine.status))),
        ("backtrace", Some(frames(goroutine.backtrace.frames))),
        ("createdBy", goroutine.created.map(frame)),
        ("creator", (creator > 0).then(|| id(creator))),
    ])
}

/// A frame; what is not known is left out.
fn frame(frame: Frame) -> Plain {
    let number = |number: u32| (number > 0).then(|| Plain::Number(number.into()));
    object([
        ("function", Some(Plain::Text(frame.function))),
        ("file", frame.file.map(Plain::Text)),
        ("line", number(frame.line)),
        ("column", number(frame.column)),
        ("inlined", Some(Plain::Bool(frame.inlined))),
        ("runtime", Some(Plain::Bool(frame.runtime))),
        ("arguments", arguments(frame.arguments)),
        ("variables", arguments(frame.variables)),
    ])
}

/// Arguments or variables, if there are some; one without a value is not known.
fn arguments(arguments: Vec<Argument>) -> Option<Plain> {
    let text = |text: String| (!text.is_empty()).then_some(Plain::Text(text));
    let arguments = arguments.into_iter().map(|it| {
        object([
            ("name", text(it.name)),
            ("type", text(it.ty)),
            ("value", text(it.text)),
        ])
    });
    let arguments: Vec<Plain> = arguments.collect();
    (!arguments.is_empty()).then_some(Plain::List(arguments))
}

fn object<const N: usize>(parts: [(&str, Option<Plain>); N]) -> Plain {
    let parts = parts.into_iter();
    let known = parts.filter_map(|(name, part)| Some((name.to_owned(), part?)));
    Plain::Object(known.collect())
}
