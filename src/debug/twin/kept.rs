//! What the frame of a function keeps for whoever looks at it: its parameters as they were at its entry, and Wasm
//! locals as they are.
//!
//! The first of the locals is the one that addresses in the frame count from, if there is such a one: that is looked at wherever the guest
//! ends, so it is stored where it is written. The others are looked at only where the guest has noted exactly where it is.

use super::body::Body;
use crate::rewrite::code::Code;
use crate::rewrite::write::{self, op};

/// The parameters of a function that a frame keeps, at most.
pub(in super::super) const PARAMS: usize = 16;

/// The locals that it keeps, at most.
const LOCALS: usize = 64;

/// How many of them are stored where the frame may be looked at; the rest is stored where it is written, which is less code.
const LATER: u32 = 16;

/// Bytes of a frame before what it keeps.
pub(super) const KEPT_AT: u32 = 8;

/// Bytes for each.
const SLOT: u32 = 8;

/// What a frame keeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    local: u32,
    /// The type of the local, as the binary format has it.
    ty: u8,
    /// Where in the frame it is.
    at: u32,
}

/// What the frames of a function keep.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    slots: Vec<Slot>,
    /// How many of them are parameters as they were.
    params: usize,
}

impl Slots {
    pub(super) fn of(body: &Body<'_>, with_params: bool) -> Self {
        let params = &body.ty.params.bytes;
        let params = params.get(..PARAMS).unwrap_or(params);
        let params = if with_params { params } else { &[] };
        let locals = body.kept.get(..LOCALS).unwrap_or(body.kept);
        let params = (0..).zip(params.iter().map(|ty| Some(*ty)));
        let kept = locals.iter().map(|local| (*local, type_of(body, *local)));
        let places = (KEPT_AT..).step_by(SLOT as usize);
        let slots = params.clone().chain(kept).zip(places);
        Self {
            slots: slots
                .map(|((local, ty), at)| Slot {
                    local,
                    ty: ty.unwrap_or_default(),
                    at,
                })
                .collect(),
            params: params.count(),
        }
    }

    /// The bytes of a frame.
    pub(super) fn frame(&self) -> u32 {
        let count = u32::try_from(self.slots.len()).unwrap_or(0);
        KEPT_AT + SLOT * count
    }

    /// Those that a frame has when its function begins: all but the locals `later`.
    pub(super) fn at_first(&self, later: u64) -> impl Iterator<Item = Slot> {
        let (params, kept) = self.slots.split_at_checked(self.params).unwrap_or_default();
        let later = (0..)
            .zip(kept)
            .filter(move |(index, _)| later >> index & 1 == 0);
        params.iter().copied().chain(later.map(|(_, slot)| *slot))
    }

    /// The locals that need not be stored where they are written, of which these are written once.
    pub(super) fn later(&self, once: u64) -> u64 {
        let count = u32::try_from(self.kept().len()).unwrap_or(LATER);
        let all = (1 << count.min(LATER)) - 1;
        all & !(once & 1)
    }

    /// The locals.
    pub(super) fn kept(&self) -> &[Slot] {
        self.slots.get(self.params..).unwrap_or_default()
    }

    /// The number of the local that the instruction at `at` writes, if it does and is one of them.
    pub(super) fn written(&self, body: &[u8], at: usize) -> Option<usize> {
        let kept = self.kept();
        if kept.is_empty() {
            return None;
        }
        let mut code = Code::new(body.get(at..)?);
        if !matches!(code.byte()?, write::LOCAL_SET | write::LOCAL_TEE) {
            return None;
        }
        let local = code.number()?;
        kept.iter().position(|slot| slot.local == local)
    }
}

/// Appends what stores a local in the frame whose address is in the local `fp`.
pub(super) fn store(slot: Slot, fp: u32, memory: u32, out: &mut Vec<u8>) {
    // `i32.store`, `i64.store`, `f32.store`, `f64.store`.
    let (opcode, align) = match slot.ty {
        0x7f => (0x36, 2),
        0x7e => (0x37, 3),
        0x7d => (0x38, 2),
        0x7c => (0x39, 3),
        _ => return,
    };
    op(out, write::LOCAL_GET, fp);
    op(out, write::LOCAL_GET, slot.local);
    write::access(out, opcode, align, memory, slot.at);
}

/// The type of a local, if it is a number.
fn type_of(body: &Body<'_>, local: u32) -> Option<u8> {
    let params = &body.ty.params;
    let Some(mut rest) = local.checked_sub(params.count) else {
        let all_are_numbers = params.bytes.len() == params.count as usize;
        return params
            .bytes
            .get(local as usize)
            .copied()
            .filter(|_| all_are_numbers);
    };
    let mut code = Code::new(body.bytes);
    for _ in 0..code.number()? {
        let count = code.number()?;
        let [ty] = code.passed(Code::value_type)? else {
            return None;
        };
        match rest.checked_sub(count) {
            Some(behind) => rest = behind,
            None => return Some(*ty),
        }
    }
    None
}
