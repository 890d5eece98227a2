//! What the variables of a function are, at a place of it.
//!
//! A variable is told where the debug information says for certain where it is: at an address, in a Wasm local that the frame
//! keeps, or that it is this number. Wasm locals, and with them the addresses that count from one, are those that the debug
//! information means as long as the code is the linker's. What writes code anew, as TinyGo has wasm-opt do it, numbers them
//! otherwise and leaves the debug information as it was.

use super::dwarf::Lines;
use super::names;
use super::shapes;
use super::twin::PARAMS;
use crate::go::dwarf::{Die, Entry, Location, written};
use crate::protocol::{Argument, Kept, Shape};
use crate::rewrite::write;
use gimli::{AttributeValue, Operation};
use std::rc::Rc;
use wasmparser::ValType;

/// Entries that are gone through for the variables of a function.
const BUDGET: usize = 1 << 16;
/// How deep scopes within a function may be nested.
const DEEPEST: usize = 200;
/// Wasm locals that a frame keeps.
const MOST_KEPT: usize = 32;
/// Variables of a frame that are told.
const MOST: usize = 200;

/// What is known of a frame: what locations refer to.
pub(super) struct Held {
    place: Option<u64>,
    /// Where what counts from the frame is in memory.
    base: Option<u32>,
    /// Whether a Wasm local that is named alone says where in memory something is.
    is_indirect: bool,
    /// Wasm locals, and what they are.
    locals: Vec<(u32, ValType, u64)>,
}

impl<'a> Lines<'a> {
    /// The Wasm locals that locations of variables refer to, in the order of the functions.
    pub(super) fn kept(&self) -> Vec<Kept> {
        let bodies = self.module.bodies.iter().zip(self.module.imported()..);
        let kept = bodies.map(|(body, function)| (body.start, self.kept_of(function).to_vec()));
        kept.filter(|(_, locals)| !locals.is_empty()).collect()
    }

    /// The ones of a function.
    fn kept_of(&self, function: u32) -> Rc<[u32]> {
        if let Some(known) = self.kept.borrow().get(&function) {
            return Rc::clone(known);
        }
        let subprogram = self.subprogram(function).filter(|_| self.has_locals());
        let found = subprogram.map(|subprogram| {
            let mut found = Vec::new();
            let mut budget = BUDGET;
            let is_own = !names::is_runtime(&self.name(&subprogram, function));
            let base = self.base_of(&subprogram).map(|(base, _)| base);
            self.find(&subprogram, base, is_own, DEEPEST, &mut budget, &mut found);
            if found.is_empty() {
                return found;
            }
            let (types, uses) = (self.module.locals(function), self.module.uses(function));
            found.retain(|local| {
                let local = *local as usize;
                let is_given = local < PARAMS.min(self.module.params(function).len())
                    && uses.get(local).is_some_and(|used| used.writes == 0);
                !is_given && types.get(local).is_some_and(|ty| is_number(*ty))
            });
            // What most count from is kept in any case.
            found.sort_by_key(|local| Some(*local) != base);
            found.truncate(MOST_KEPT);
            found
        });
        let found: Rc<[u32]> = found.unwrap_or_default().into();
        self.kept.borrow_mut().insert(function, Rc::clone(&found));
        found
    }

    /// Appends those that variables within an entry refer to; what counts from the frame counts from `base`.
    fn find(
        &self,
        within: &Entry<'a>,
        base: Option<u32>,
        is_own: bool,
        deepest: usize,
        budget: &mut usize,
        found: &mut Vec<u32>,
    ) {
        let Some(deepest) = deepest.checked_sub(1) else {
            return;
        };
        for child in self.debug.children(within, budget) {
            match child.tag {
                gimli::DW_TAG_variable | gimli::DW_TAG_formal_parameter if is_own => {
                    for expression in self.debug.locations(&child) {
                        let operations = self.debug.operations(child.at, expression);
                        for operation in operations.into_iter().flatten() {
                            let local = match operation {
                                Operation::WasmLocal { index } => Some(index),
                                Operation::FrameOffset { .. } => base,
                                _ => None,
                            };
                            found.extend(local.filter(|local| !found.contains(local)));
                        }
                    }
                }
                gimli::DW_TAG_lexical_block => {
                    self.find(&child, base, is_own, deepest, budget, found);
                }
                gimli::DW_TAG_inlined_subroutine => {
                    let is_own = !names::is_runtime(&self.name(&child, 0));
                    self.find(&child, base, is_own, deepest, budget, found);
                }
                _ => {}
            }
        }
    }

    /// The Wasm local that says where a function's frame is in memory, and whether that is said to be what it holds.
    fn base_of(&self, subprogram: &Entry<'a>) -> Option<(u32, bool)> {
        let AttributeValue::Exprloc(expression) = subprogram.value(gimli::DW_AT_frame_base)? else {
            return None;
        };
        let operations = self.debug.operations(subprogram.at, expression.0.slice())?;
        match *operations {
            [Operation::WasmLocal { index }] => Some((index, false)),
            [Operation::WasmLocal { index }, Operation::StackValue] => Some((index, true)),
            _ => None,
        }
    }

    /// What is known of a frame, of which `given` was kept. `behind`: it may have gone on from the place.
    pub(super) fn held(
        &self,
        function: u32,
        place: Option<u32>,
        given: &[u64],
        behind: bool,
    ) -> Held {
        let (types, uses) = (self.module.locals(function), self.module.uses(function));
        let params = PARAMS.min(self.module.params(function).len());
        let writes = |local: u32| uses.get(local as usize).map(|used| used.writes);
        let mut held = Held {
            place: place.map(u64::from),
            base: None,
            is_indirect: false,
            locals: Vec::new(),
        };
        let mut add = |local: u32, word: u64| {
            let ty = types.get(local as usize);
            held.locals.extend(ty.map(|ty| (local, *ty, word)));
        };
        for (local, word) in (0..).zip(given.iter().take(params)) {
            if writes(local) == Some(0) {
                add(local, *word);
            }
        }
        let kept = self.kept_of(function);
        let kept = kept.iter().zip(given.iter().skip(params));
        let base = self.subprogram(function);
        let base = base.and_then(|subprogram| self.base_of(&subprogram));
        for (local, word) in kept {
            if !behind {
                add(*local, *word);
            }
            // It is set once, and 0 until then.
            if base.is_some_and(|(base, _)| base == *local) && writes(*local) == Some(1) {
                held.base = u32::try_from(*word & 0xffff_ffff)
                    .ok()
                    .filter(|base| *base != 0);
            }
        }
        held.is_indirect = base.is_some_and(|(_, is_value)| is_value);
        held
    }

    /// The variables of a function or of a call that was inlined: what stands in the first entry, and in the blocks in it.
    pub(super) fn variables(&self, scopes: &[Entry<'a>], held: &Held) -> Vec<Argument> {
        let mut budget = BUDGET;
        let mut told: Vec<Argument> = Vec::new();
        for scope in scopes {
            for child in self.debug.children(scope, &mut budget) {
                let tags = [gimli::DW_TAG_variable, gimli::DW_TAG_formal_parameter];
                let name = self.debug.name(&child, gimli::DW_AT_name);
                let Some(name) = name.filter(|_| tags.contains(&child.tag)) else {
                    continue;
                };
                // It hides the one of the same name around it.
                told.retain(|outer| outer.name != name);
                if told.len() < MOST {
                    told.push(self.variable(&child, name, Some(held)));
                }
            }
        }
        told
    }

    /// A variable, as it is.
    pub(super) fn variable(&self, entry: &Entry<'a>, name: &str, held: Option<&Held>) -> Argument {
        let shape = shapes::of_attribute(&self.debug, entry);
        Argument {
            name: name.to_owned(),
            ty: written(&self.debug, entry),
            value: self.value(entry, shape, held),
            text: String::new(),
        }
    }

    fn value(
        &self,
        entry: &Entry<'a>,
        shape: Shape,
        held: Option<&Held>,
    ) -> Option<(Shape, Vec<u64>)> {
        let constant = self.debug.inherited(entry, gimli::DW_AT_const_value);
        if let Some((_, constant)) = constant {
            let parts = match constant {
                AttributeValue::Block(bytes) => vec![(Found::Bytes(bytes.slice().to_vec()), None)],
                number => {
                    let signed = number.sdata_value().map(i64::cast_unsigned);
                    let unsigned = number.udata_value();
                    let number = match shape {
                        Shape::Signed(_) => signed.or(unsigned),
                        _ => unsigned.or(signed),
                    };
                    vec![(Found::Number(number?, None), None)]
                }
            };
            return as_value(shape, &parts);
        }
        let place = held.and_then(|held| held.place);
        let expression = match self.debug.location(entry, place)? {
            Location::Everywhere(expression) => expression,
            // The places of code that was written anew may be others as well.
            Location::There(..) if !self.has_locals() => return None,
            Location::There(expression, begin) => {
                Some(expression).filter(|it| !self.is_moved(entry.at, it, begin))?
            }
        };
        as_value(shape, &self.evaluated(entry.at, expression, held)?)
    }

    /// Whether a variable may become this only later: where LLVM moves what a `local.tee` sets to where it is used first, it
    /// moves all that the debug information says of it there, also what holds from later on.
    fn is_moved(&self, die: Die, expression: &'a [u8], begin: u64) -> bool {
        let Ok(begin) = u32::try_from(begin) else {
            return true;
        };
        let code = self.module.code_of(&(0..begin));
        let operations = self.debug.operations(die, expression);
        operations.into_iter().flatten().any(|operation| {
            let Operation::WasmLocal { index } = operation else {
                return false;
            };
            let mut tee = Vec::new();
            write::op(&mut tee, write::LOCAL_TEE, index);
            code.ends_with(&tee)
        })
    }

    /// Where an expression says that something is, or what: in parts, each with its bytes, or as a whole.
    fn evaluated(
        &self,
        die: Die,
        expression: &'a [u8],
        held: Option<&Held>,
    ) -> Option<Vec<(Found, Option<u64>)>> {
        let mut parts = Vec::new();
        let mut stack: Vec<Item> = Vec::new();
        let mut found = None;
        let end = |stack: &mut Vec<Item>| match stack.pop()? {
            Item::Address(at) => Some(Found::Memory(at)),
            Item::Loaded(at) => Some(Found::Behind(at)),
            Item::Number(at, Some(ValType::I32)) if held?.is_indirect => {
                Some(Found::Memory(low(at)))
            }
            Item::Number(..) => None,
        };
        for operation in self.debug.operations(die, expression)? {
            // What is behind what says that it is a value can only be where a part of it ends.
            if found.is_some() && !matches!(operation, Operation::Piece { .. }) {
                return None;
            }
            match operation {
                Operation::WasmLocal { index } => {
                    let mut locals = held?.locals.iter();
                    let (_, ty, word) = locals.find(|(local, ..)| *local == index)?;
                    stack.push(Item::Number(*word, Some(*ty)));
                }
                Operation::FrameOffset { offset } => {
                    let offset = low(offset.cast_unsigned());
                    stack.push(Item::Address(held?.base?.wrapping_add(offset)));
                }
                Operation::Address { address } => stack.push(Item::Address(low(address))),
                Operation::AddressIndex { index } => {
                    let index = AttributeValue::DebugAddrIndex(index);
                    stack.push(Item::Address(low(self.debug.address(die, &index)?)));
                }
                Operation::UnsignedConstant { value } => stack.push(Item::Number(value, None)),
                Operation::SignedConstant { value } => {
                    stack.push(Item::Number(value.cast_unsigned(), None));
                }
                Operation::PlusConstant { value } => {
                    let sum = match stack.pop()? {
                        Item::Address(at) => Item::Address(at.wrapping_add(low(value))),
                        one => two(one, Item::Number(value, None), u32::wrapping_add)?,
                    };
                    stack.push(sum);
                }
                Operation::Plus => apply(&mut stack, u32::wrapping_add)?,
                Operation::Minus => apply(&mut stack, u32::wrapping_sub)?,
                Operation::Mul => apply(&mut stack, u32::wrapping_mul)?,
                Operation::And => apply(&mut stack, |one, other| one & other)?,
                Operation::Or => apply(&mut stack, |one, other| one | other)?,
                Operation::Xor => apply(&mut stack, |one, other| one ^ other)?,
                Operation::Shl => apply(&mut stack, u32::wrapping_shl)?,
                Operation::Deref {
                    size: 4,
                    space: false,
                    ..
                } => {
                    let at = match stack.pop()? {
                        Item::Address(at) => at,
                        Item::Number(at, Some(ValType::I32)) => low(at),
                        _ => return None,
                    };
                    stack.push(Item::Loaded(at));
                }
                Operation::StackValue => {
                    found = Some(match stack.pop()? {
                        Item::Number(number, ty) => Found::Number(number, ty),
                        Item::Address(at) => Found::Number(at.into(), Some(ValType::I32)),
                        Item::Loaded(at) => Found::Memory(at),
                    });
                }
                Operation::ImplicitValue { data } => {
                    found = Some(Found::Bytes(data.slice().to_vec()));
                }
                Operation::Piece {
                    size_in_bits,
                    bit_offset: None | Some(0),
                } if size_in_bits % 8 == 0 => {
                    let part = found.take().or_else(|| end(&mut stack))?;
                    parts.push((part, Some(size_in_bits / 8)));
                }
                _ => return None,
            }
        }
        if parts.is_empty() {
            parts.push((found.or_else(|| end(&mut stack))?, None));
        }
        Some(parts)
    }
}

/// What is on the stack while an expression is evaluated.
#[derive(Clone, Copy)]
enum Item {
    /// A number, and the type of the Wasm local that it was in, if it is no constant.
    Number(u64, Option<ValType>),
    /// An address.
    Address(u32),
    /// The 4 bytes that are there.
    Loaded(u32),
}

/// Where something is, or what.
enum Found {
    Number(u64, Option<ValType>),
    Bytes(Vec<u8>),
    /// In memory.
    Memory(u32),
    /// In memory, where what is at this address says.
    Behind(u32),
}

/// Computes with 32 bits, as DWARF does with what has no type of its own.
fn two(one: Item, other: Item, compute: impl FnOnce(u32, u32) -> u32) -> Option<Item> {
    let number = |item| match item {
        Item::Number(number, None | Some(ValType::I32)) => Some(low(number)),
        _ => None,
    };
    let computed = compute(number(one)?, number(other)?);
    Some(Item::Number(computed.into(), Some(ValType::I32)))
}

fn apply(stack: &mut Vec<Item>, compute: impl FnOnce(u32, u32) -> u32) -> Option<()> {
    let (other, one) = (stack.pop()?, stack.pop()?);
    stack.push(two(one, other, compute)?);
    Some(())
}

/// A value of this shape that was found so.
fn as_value(shape: Shape, parts: &[(Found, Option<u64>)]) -> Option<(Shape, Vec<u64>)> {
    let at = |shape| Shape::At(Box::new(shape));
    match parts {
        [(Found::Memory(address), None)] if shape.size() > 0 => {
            return Some((at(shape), vec![(*address).into()]));
        }
        [(Found::Behind(address), None)] if shape.size() > 0 => {
            return Some((at(at(shape)), vec![(*address).into()]));
        }
        [(Found::Bytes(_), None)] if matches!(shape, Shape::Opaque(_)) => return None,
        _ => {}
    }
    let mut words = Vec::new();
    let mut leaves = Vec::new();
    if !shape.leaves(&mut |at, size, is_float| leaves.push((u64::from(at), size, is_float))) {
        return None;
    }
    let is_one = leaves.len() == 1;
    for (at, size, is_float) in leaves {
        let mut begins = 0;
        let part = parts.iter().find_map(|(found, bytes)| {
            let begun = begins;
            begins += bytes.unwrap_or(0);
            let is_it = match bytes {
                None => true,
                Some(bytes) => begun == at && *bytes == size,
            };
            is_it.then_some((found, bytes.is_none()))
        });
        let (found, is_whole) = part?;
        words.push(match found {
            Found::Bytes(bytes) => {
                let from = usize::try_from(if is_whole { at } else { 0 }).ok()?;
                let its = bytes.get(from..)?.get(..usize::try_from(size).ok()?)?;
                let mut word = [0; 8];
                word.get_mut(..its.len())?.copy_from_slice(its);
                u64::from_le_bytes(word)
            }
            Found::Number(number, ty) if is_one || !is_whole => {
                let fits = match ty {
                    Some(ValType::I32) => size <= 4 && !is_float,
                    Some(ValType::I64) => size == 8 && !is_float,
                    Some(ValType::F32) => size == 4 && is_float,
                    Some(ValType::F64) => size == 8 && is_float,
                    Some(_) => false,
                    None => !is_float,
                };
                fits.then_some(*number)?
            }
            _ => return None,
        });
    }
    (!words.is_empty()).then_some((shape, words))
}

fn is_number(ty: ValType) -> bool {
    matches!(
        ty,
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64
    )
}

/// The lower 32 bits.
fn low(number: u64) -> u32 {
    u32::try_from(number & 0xffff_ffff).unwrap_or(0)
}
