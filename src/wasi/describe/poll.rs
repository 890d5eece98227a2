//! Subscriptions and events of `poll_oneoff`; see [`crate::wasi`]'s subscription for their bytes.

use super::low;
use super::memory::{u32_at, u64_at};
use super::names::CLOCKS;
use super::text::Text;
use crate::linear::Linear;
use crate::wasi::Errno;

/// The size of an `event`.
const EVENT: u32 = 32;

/// The most of either that are told.
const MOST: u32 = 16;

/// `[clock MONOTONIC +200ms, fd_read 0]`, of so many bytes each: what preview 0 has more of them lies
/// before the number of a clock.
pub(super) fn subscriptions(
    memory: Linear<'_>,
    size: u32,
    input: u32,
    count: u32,
    text: &mut Text<'_>,
) {
    list(count, text, |index, text| {
        let start = input.checked_add(index.checked_mul(size)?)?;
        let tag = u32_at(memory, start.checked_add(8)?)? & 0xff;
        match tag {
            0 => {
                let clock = start.checked_add(size.checked_sub(32)?)?;
                let timeout = u64_at(memory, clock.checked_add(8)?)?;
                let flags = u32_at(memory, clock.checked_add(24)?)? & 0xffff;
                text.push("clock ");
                text.name(CLOCKS, u32_at(memory, clock)?);
                text.push(if flags & 1 == 0 { " +" } else { " until " });
                text.duration(timeout);
            }
            1 | 2 => {
                text.push(if tag == 1 { "fd_read " } else { "fd_write " });
                text.number(u32_at(memory, start.checked_add(16)?)?.into());
            }
            tag => {
                text.push("type ");
                text.number(tag.into());
            }
        }
        Some(())
    });
}

/// ` [clock, fd_read 14 B]`: what each event is, in their order.
pub(super) fn events(memory: Linear<'_>, output: u32, count: u32, text: &mut Text<'_>) {
    text.push(" ");
    list(count, text, |index, text| {
        let start = output.checked_add(index.checked_mul(EVENT)?)?;
        let word = u32_at(memory, start.checked_add(8)?)?;
        let errno = u16::try_from(word & 0xffff).ok()?;
        match word >> 16 & 0xff {
            0 => text.push("clock"),
            tag @ (1 | 2) => {
                let bytes = u64_at(memory, start.checked_add(16)?)?;
                let flags = u32_at(memory, start.checked_add(24)?)?;
                text.push(if tag == 1 { "fd_read " } else { "fd_write " });
                text.number(bytes);
                text.push(" B");
                if flags & 1 != 0 {
                    text.push(" HANGUP");
                }
            }
            tag => {
                text.push("type ");
                text.number(low(tag.into()).into());
            }
        }
        if errno != 0 {
            text.push(" ");
            text.push(Errno::from_raw(errno).map_or("?", Errno::name));
        }
        Some(())
    });
}

/// Items between brackets; what is not in memory is said to be out of bounds.
fn list<'t>(
    count: u32,
    text: &mut Text<'t>,
    mut item: impl FnMut(u32, &mut Text<'t>) -> Option<()>,
) {
    text.push("[");
    for index in 0..count.min(MOST) {
        if index > 0 {
            text.push(", ");
        }
        if item(index, text).is_none() {
            text.push("out of bounds");
            break;
        }
    }
    if count > MOST {
        text.push(", … ");
        text.number(count.into());
        text.push(" in all");
    }
    text.push("]");
}
