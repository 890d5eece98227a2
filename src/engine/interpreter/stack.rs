//! The functions that have been called and have not returned.

use super::data::Data;
use super::noting::Noting;
use super::registers::Globals;
use crate::debug::go::{self, Running};
use crate::linear::Linear;
use crate::protocol::{At, Stack};
use wasmi::AsContext;

/// The functions that have been called and have not returned, as far as can be seen; `memory` is the guest's.
pub(super) fn stack(
    noting: Option<&Noting>,
    registers: Option<&Globals>,
    store: impl AsContext<Data = Data>,
    memory: Linear<'_>,
) -> Option<Stack> {
    let noted = noting.map(|noting| noting.noted(&store));
    let Some(registers) = registers else {
        return noted;
    };
    let values = values(noting, registers, &store);
    let stack = values.and_then(|values| registers.registers.stack(values, memory));
    let Some(mut stack) = stack else {
        return noted;
    };
    // The function that runs is what they do not lead to.
    let innermost = noted.and_then(|noted| noted.frames.first().copied());
    if let Some(innermost) = innermost {
        stack.frames.insert(0, innermost);
    }
    Some(stack)
}

/// The registers, with the function that runs where that is noted.
pub(super) fn values(
    noting: Option<&Noting>,
    registers: &Globals,
    store: &impl AsContext<Data = Data>,
) -> Option<go::Registers> {
    let running = noting.and_then(|noting| {
        let frame = noting.noted(store).frames.first().copied()?;
        let begins = match frame.at {
            At::Place(place) => noting.map.begins_at(place),
            _ => None,
        };
        Some(Running {
            function: frame.function,
            begins,
        })
    });
    let values = registers.values(store)?;
    Some(go::Registers { running, ..values })
}
