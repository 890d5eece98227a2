//! How an import that is not WASI's is answered.

use super::Limits;
use crate::module::{ExternType, FuncType, Import, ValType};
use serde::{Deserialize, Serialize};

/// How an imported function that is not WASI's is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Print the string that two i32 parameters, an address and a length, point at.
    PrintString,
    /// Print the arguments: in Go's terms where the signature is known, else as Wasm's numbers.
    PrintArguments,
    /// Return zero for every result.
    ReturnZero,
    /// Return these: the bits of each result, zero-extended.
    Constant(Vec<u64>),
    /// Return the argument at this place, counted from 0; it has the type of the result.
    Echo(u32),
    /// Return how often it has been called in this instance, the first time 1; an import without a
    /// result is only counted.
    Count,
    /// End the run.
    Trap,
    /// Nothing yet: calling it ends the run with a message that names the import.
    Nothing,
    /// JavaScript: the body of an asynchronous function. The session only suspends the guest
    /// ([`WaitingFor::Import`](super::WaitingFor::Import)); its driver evaluates this.
    Script(String),
    /// A function of whoever drives the session, which has it at hand.
    Driver,
}

impl Answer {
    /// Those that can be given to an import of the type by choosing, with a likely value.
    #[must_use]
    pub fn choices(ty: &FuncType) -> Vec<Self> {
        let result = ty.results.first();
        let echoed = ty.params.iter().position(|param| Some(param) == result);
        let echoed = echoed.and_then(|place| u32::try_from(place).ok());
        let mut choices = vec![Self::PrintString, Self::PrintArguments, Self::ReturnZero];
        choices.push(Self::Constant(Self::ones(ty)));
        choices.extend(echoed.map(Self::Echo));
        choices.extend([Self::Count, Self::Trap, Self::Script(String::new())]);
        choices.push(Self::Nothing);
        choices.retain(|choice| choice.fits(ty).is_ok());
        choices
    }

    /// The constant that is returned until another one is given: 1 for each result, null for a reference.
    #[must_use]
    pub fn ones(ty: &FuncType) -> Vec<u64> {
        let one = |ty: &ValType| match ty {
            ValType::I32 | ValType::I64 => 1,
            ValType::F32 => 1.0f32.to_bits().into(),
            ValType::F64 => 1.0f64.to_bits(),
            ValType::V128 | ValType::FuncRef | ValType::ExternRef => 0,
        };
        ty.results.iter().map(one).collect()
    }

    /// Whether an import of the type can be answered so.
    ///
    /// # Errors
    ///
    /// Says what does not fit: `cannot return a constant: its type is () → (i32, i32)`.
    pub fn fits(&self, ty: &FuncType) -> Result<(), String> {
        let cannot = |why: &str| Err(format!("cannot {}: {why}its type is {ty}", self.label()));
        let number = |ty: &ValType| ty.in_go().is_some();
        match (self, ty.results.as_slice()) {
            (Self::PrintString, _) if ty.params != [ValType::I32, ValType::I32] => cannot(""),
            (Self::Constant(constant), results) => {
                if results.is_empty() || constant.len() != results.len() {
                    return cannot("");
                }
                let mut pairs = constant.iter().zip(results);
                let wide = pairs.find(|(bits, ty)| {
                    let small = matches!(ty, ValType::I32 | ValType::F32);
                    (small && **bits > u64::from(u32::MAX)) || (!number(ty) && **bits > 0)
                });
                match wide {
                    Some((_, ty)) if !number(ty) => cannot(&format!("{ty} can only be null, and ")),
                    Some((bits, _)) => cannot(&format!("{bits:#x} has more than 32 bits, and ")),
                    None => Ok(()),
                }
            }
            (Self::Echo(place), [result]) => match ty.params.get(*place as usize) {
                Some(param) if param == result => Ok(()),
                Some(param) => cannot(&format!("argument {place} is {param}, and ")),
                None => cannot(&format!("there is no argument {place}: ")),
            },
            (Self::Echo(_), _) => cannot(""),
            (Self::Count, [_, _, ..]) => cannot(""),
            (Self::Count, results) if !results.iter().all(number) => cannot(""),
            (Self::Script(_) | Self::Driver, results) if results.contains(&ValType::V128) => Err(
                format!("{} cannot give its results: its type is {ty}", self.label()),
            ),
            _ => Ok(()),
        }
    }

    /// The likely answer for an import: a guess, and to be shown as one.
    #[must_use]
    pub fn guess(import: &Import) -> Self {
        match import.ty.func() {
            Some(FuncType { params, results })
                if *params == [ValType::I32, ValType::I32]
                    && results.is_empty()
                    && import.mismatch().is_none() =>
            {
                Self::PrintString
            }
            _ => Self::Nothing,
        }
    }

    /// What it does, in a few words.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::PrintString => "print the string",
            Self::PrintArguments => "print the arguments",
            Self::ReturnZero => "return zero",
            Self::Constant(_) => "return a constant",
            Self::Echo(_) => "return an argument",
            Self::Count => "count the calls",
            Self::Trap => "trap",
            Self::Nothing => "nothing yet",
            Self::Script(_) => "JavaScript",
            Self::Driver => "a function of the host",
        }
    }
}

/// What stands in for an import that is no function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Provision {
    /// A global that begins with these bits, zero-extended.
    Global(u64),
    /// A memory that begins with this many pages of 64 KiB.
    Memory(u64),
    /// A table that begins with this many null elements.
    Table(u64),
}

impl Provision {
    /// What an import gets unless something else is said; `None` for a function or a tag.
    #[must_use]
    pub fn usual(ty: &ExternType) -> Option<Self> {
        match ty {
            ExternType::Global(..) => Some(Self::Global(0)),
            ExternType::Memory(memory) => Some(Self::Memory(memory.minimum)),
            ExternType::Table(_, minimum, _) => Some(Self::Table(*minimum)),
            ExternType::Func(_) | ExternType::Tag => None,
        }
    }

    /// Whether it can stand in for an import of the type.
    ///
    /// # Errors
    ///
    /// Says what does not fit: `needs 2 to 4 pages, not 7`.
    pub fn fits(self, ty: &ExternType) -> Result<(), String> {
        let between = |least: u64, most: Option<u64>, can_be: u64, given: u64, what: &str| {
            let most = most.map_or(can_be, |most| most.min(can_be));
            if (least..=most).contains(&given) {
                return Ok(());
            }
            Err(format!("needs {least} to {most} {what}, not {given}"))
        };
        match (self, ty) {
            (Self::Global(bits), ExternType::Global(of, _)) => match of {
                ValType::I32 | ValType::F32 if bits > u64::from(u32::MAX) => {
                    Err(format!("{bits:#x} has more than the 32 bits of an {of}"))
                }
                of if of.in_go().is_none() && bits != 0 => {
                    Err(format!("a global of {of} can only be null"))
                }
                _ => Ok(()),
            },
            (Self::Memory(pages), ExternType::Memory(memory)) => between(
                memory.minimum,
                memory.maximum,
                Limits::MOST_MEMORY_PAGES,
                pages,
                "pages",
            ),
            (Self::Table(elements), ExternType::Table(_, least, most)) => {
                let can_be = Limits::MOST_TABLE_ELEMENTS;
                between(*least, *most, can_be, elements, "elements")
            }
            (_, ExternType::Func(_)) => Err("is a function".to_owned()),
            (_, ty) => Err(format!("is a {ty}")),
        }
    }
}

#[cfg(test)]
#[path = "answer/tests.rs"]
mod tests;
