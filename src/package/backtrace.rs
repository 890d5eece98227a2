//! Where a call has ended in the middle, in the words of the module's source.

use super::Plain;
use crate::debug::{Places, values};
use crate::protocol::{Argument, At, Frame, Stack};
use std::cell::RefCell;

/// What is needed for that of one module.
#[derive(Default)]
pub(super) struct Located {
    module: RefCell<Module>,
    /// The stack that was seen last, and not asked about.
    stack: RefCell<Option<Box<Stack>>>,
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

    /// The frames of the stack that was seen last, once; `memory` is the guest's as it is now.
    pub(super) fn take(&self, memory: &[u8]) -> Option<Plain> {
        let stack = self.stack.borrow_mut().take()?;
        let frames = self.with(|places| places.backtrace(&stack).frames)?;
        let frames = frames.into_iter().map(|it| frame(it, memory));
        Some(Plain::List(frames.collect()))
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

/// A frame; what is not known is left out.
fn frame(frame: Frame, memory: &[u8]) -> Plain {
    let arguments = frame.arguments.into_iter();
    let arguments: Vec<Plain> = arguments.map(|it| argument(it, memory)).collect();
    let number = |number: u32| (number > 0).then(|| Plain::Number(number.into()));
    let parts = [
        ("function", Some(Plain::Text(frame.function))),
        ("file", frame.file.map(Plain::Text)),
        ("line", number(frame.line)),
        ("column", number(frame.column)),
        ("inlined", Some(Plain::Bool(frame.inlined))),
        ("runtime", Some(Plain::Bool(frame.runtime))),
        (
            "arguments",
            (!arguments.is_empty()).then_some(Plain::List(arguments)),
        ),
    ];
    object(parts)
}

/// What a function was called with, for a parameter; without a value, it is not known.
fn argument(argument: Argument, memory: &[u8]) -> Plain {
    let text = |text: String| (!text.is_empty()).then_some(Plain::Text(text));
    let value = argument.value.as_ref();
    let value = value.map(|(shape, words)| Plain::Text(values::shown(shape, words, memory)));
    object([
        ("name", text(argument.name)),
        ("type", text(argument.ty)),
        ("value", value),
    ])
}

fn object<const N: usize>(parts: [(&str, Option<Plain>); N]) -> Plain {
    let parts = parts.into_iter();
    let known = parts.filter_map(|(name, part)| Some((name.to_owned(), part?)));
    Plain::Object(known.collect())
}
