//! The references that cross the border: numbers stand for them on the other side.
//!
//! A number is opaque, and good for one instance: that of a function stands for one that the guest gave,
//! that of something of the host's is whatever the host says. 0 is null.

use super::value::{number_bits, val};
use litemap::LiteMap;
use wasmi::{ExternRef, Func, Nullable, Val, ValType};

/// The references that an instance has given or been given.
#[derive(Debug, Default)]
pub(super) struct Refs {
    /// The functions by their numbers, from 1.
    funcs: Vec<Func>,
    /// Their numbers. Of two functions, wasmi says only by their `Debug` whether they are the same.
    numbers: LiteMap<String, u32>,
    externs: LiteMap<u32, ExternRef>,
}

impl Refs {
    /// The bits of a value, zero-extended; those of a reference are its number.
    pub(super) fn bits(&mut self, value: &Val) -> u64 {
        match value {
            Val::FuncRef(Nullable::Val(func)) => self.number(*func).into(),
            Val::ExternRef(Nullable::Val(given)) => {
                // There are only those that the host has given.
                let given = format!("{given:?}");
                let mut externs = self.externs.iter();
                let found = externs.find(|(_, one)| format!("{one:?}") == given);
                found.map_or(0, |(number, _)| u64::from(*number))
            }
            value => number_bits(value),
        }
    }

    fn number(&mut self, func: Func) -> u32 {
        let next = u32::try_from(self.funcs.len() + 1).unwrap_or(u32::MAX);
        let name = format!("{func:?}");
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        self.numbers.insert(name, next);
        self.funcs.push(func);
        next
    }

    /// The value of a type with these bits; `None` if it is a reference to a function that the guest has
    /// not given, or to something of the host's that is to be made first.
    pub(super) fn val(&self, ty: ValType, bits: u64) -> Option<Val> {
        let number = u32::try_from(bits).ok();
        Some(match ty {
            ValType::FuncRef if bits > 0 => {
                let index = usize::try_from(bits - 1).ok()?;
                Val::FuncRef(Nullable::Val(*self.funcs.get(index)?))
            }
            ValType::ExternRef if bits > 0 => {
                Val::ExternRef(Nullable::Val(*self.externs.get(&number?)?))
            }
            ty => val(ty, bits),
        })
    }

    /// Takes in what stands for a thing of the host's from now on.
    pub(super) fn give(&mut self, number: u32, given: ExternRef) {
        self.externs.insert(number, given);
    }
}
