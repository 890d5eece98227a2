//! What the trace says of a call.

use super::Extism;
use super::functions::Extern;
use crate::hosts::FunctionId;
use crate::wasi::describe::Text;

/// The most bytes of a block that are shown.
const MOST: usize = 64;

impl Extism {
    /// Writes the arguments: handles with what they stand for.
    pub(super) fn tell(&self, function: FunctionId, args: &[u64], to: &mut Text<'_>) {
        let Some(function) = Extern::of(function) else {
            return;
        };
        for (place, arg) in args.iter().enumerate() {
            if place > 0 {
                to.push(", ");
            }
            match (function, place) {
                (Extern::Alloc | Extern::InputLoadU8 | Extern::InputLoadU64, _)
                | (Extern::InputSet | Extern::OutputSet, 1) => to.number(*arg),
                (Extern::StoreU8 | Extern::StoreU64, 1) => to.hex(*arg),
                _ => self.tell_handle(*arg, to),
            }
        }
    }

    /// Writes the result.
    pub(super) fn tell_result(&self, function: FunctionId, results: &[u64], to: &mut Text<'_>) {
        let (Some(function), [result, ..]) = (Extern::of(function), results) else {
            return to.push("returned");
        };
        match function {
            Extern::Alloc
            | Extern::InputOffset
            | Extern::OutputOffset
            | Extern::ErrorGet
            | Extern::ConfigGet
            | Extern::VarGet
            | Extern::HttpRequest
            | Extern::HttpHeaders => self.tell_handle(*result, to),
            Extern::LoadU8 | Extern::LoadU64 | Extern::InputLoadU8 | Extern::InputLoadU64 => {
                to.hex(*result);
            }
            _ => to.number(*result),
        }
    }

    fn tell_handle(&self, handle: u64, to: &mut Text<'_>) {
        match handle {
            0 => to.push("0"),
            handle => to.hex(handle),
        }
        if let (Some(head), Some(length)) =
            (self.blocks.head(handle, MOST), self.blocks.length(handle))
            && !head.is_empty()
        {
            to.push(" ");
            to.quoted_of(head, usize::try_from(length).unwrap_or(usize::MAX));
        }
    }
}
