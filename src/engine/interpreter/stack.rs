//! The functions that have been called and have not returned.

use super::data::Data;
use super::noting::Noting;
use super::registers::Globals;
use crate::debug::go::{self, Running};
use crate::linear::Linear;
use crate::protocol::{At, RawFrame, Stack};
use wasmi::AsContext;

/// The functions that have been called and have not returned, as far as can be seen; and standard Go's registers, where these have led to
/// them. `memory` is the guest's.
pub(super) fn stack(
    noting: Option<&Noting>,
    registers: Option<&Globals>,
    store: impl AsContext<Data = Data>,
    memory: Linear<'_>,
) -> (Option<Stack>, Option<go::Registers>) {
    let noted = noting.map(|noting| noting.noted(&store));
    let innermost = noted
        .as_ref()
        .and_then(|noted| noted.frames.first().copied());
    let running = noting.zip(innermost);
    let running = running.map(|(noting, frame)| running_in(noting, frame));
    let found = registers.and_then(|registers| {
        let values = registers.values(&store)?;
        let values = go::Registers { running, ..values };
        let stack = registers.registers.stack(values, memory, innermost)?;
        Some((stack, values))
    });
    match found.unzip() {
        (None, _) => (noted, None),
        found => found,
    }
}

/// The function that runs, which has noted that it is there.
fn running_in(noting: &Noting, frame: RawFrame) -> Running {
    let begins = match frame.at {
        At::Place(place) => noting.map.begins_at(place),
        _ => None,
    };
    Running {
        function: frame.function,
        begins,
    }
}
