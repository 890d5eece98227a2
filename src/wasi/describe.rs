//! What a call says, in words: for whoever watches a guest.
//!
//! A call is described from its raw arguments and the guest's memory alone, before it is made
//! ([`arguments`]) and after ([`result`], [`stretches`]). What each of its arguments is stands in
//! [`params`]. Nothing here changes anything, and no pointer, length or count that a guest gives
//! makes it work, or write, without bound.

mod memory;
mod names;
mod params;
mod poll;
mod structs;
mod text;

pub use self::text::Text;

use self::memory::{Iovecs, bytes, u32_at, u64_at, until_nul};
use self::params::{Output, Param, params};
use super::{Errno, Function};
use crate::linear::Linear;
use std::borrow::Cow;

/// The most bytes of a path that are quoted.
const PATH_QUOTED: usize = 128;

/// The most bytes that are quoted of what is read or written.
const DATA_QUOTED: usize = 32;

/// The most bytes of what a call has replied that are looked at: more than those of the entries of a directory that are told.
const REPLY: usize = 4 << 10;

/// Writes the arguments as between parentheses: `3, SYMLINK_FOLLOW, "etc/motd", CREAT, …`.
///
/// Call it before the call is made: what it overwrites is still there. Pointers to results are left
/// out, since [`result`] tells what is there.
pub fn arguments(function: Function, args: &[u64], memory: Linear<'_>, text: &mut Text<'_>) {
    let mut args = Args(args);
    let mut first = true;
    for param in params(function) {
        if matches!(param, Param::Result(..)) {
            args.next();
            continue;
        }
        if !std::mem::take(&mut first) {
            text.push(", ");
        }
        argument(*param, &mut args, memory, text);
    }
}

/// Writes what came back: the errno by name, then what the call wrote, decoded.
///
/// Call it after the call, with the memory as that left it.
pub fn result(
    function: Function,
    args: &[u64],
    errno: Errno,
    memory: Linear<'_>,
    text: &mut Text<'_>,
) {
    text.push(errno.name());
    match errno {
        Errno::Success => written(function, args, memory, text),
        Errno::Fault => out_of_bounds(function, args, memory, text),
        Errno::Badf => uncovered(function, args, memory, text),
        _ => {}
    }
}

/// Hands each stretch of memory that the arguments point to, but for plain numbers, to `each`: the
/// name of its parameter, its address, and as many of its first `most` bytes as there are in memory.
///
/// There are at most [`STRETCHES`] of them.
pub fn stretches(
    function: Function,
    args: &[u64],
    memory: Linear<'_>,
    most: usize,
    mut each: impl FnMut(&str, u32, &[u8]),
) {
    let mut args = Args(args);
    let mut left = STRETCHES;
    let mut tell = |name: &str, address: u32, length: u32| {
        if left > 0 && length > 0 {
            let bytes = bytes(memory, address, length, most);
            if !bytes.is_empty() {
                left -= 1;
                each(name, address, &bytes);
            }
        }
    };
    for param in params(function) {
        match *param {
            Param::Path(name) | Param::Buffer(name) | Param::Reply(name) => {
                let (address, length) = args.pair();
                tell(name, address, length);
            }
            Param::Given(name) | Param::Room(name) => {
                let (address, count) = args.pair();
                for buffer in Iovecs::new(memory, address, count).take(STRETCHES) {
                    tell(name, buffer.address, buffer.length);
                }
            }
            Param::Poll(size) => {
                let (input, _) = args.pair();
                let count = args.word();
                tell("in", input, count.saturating_mul(size));
            }
            Param::Result(name, output) => {
                let address = args.word();
                if let Some(length) = output.struct_size() {
                    tell(name, address, length);
                }
            }
            _ => {
                args.next();
            }
        }
    }
}

/// The most stretches of memory that are told of one call.
pub const STRETCHES: usize = 8;

fn argument(param: Param, args: &mut Args<'_>, memory: Linear<'_>, text: &mut Text<'_>) {
    match param {
        Param::Number => text.number(args.next()),
        Param::Word => text.number(args.word().into()),
        Param::Signed => text.signed(args.next()),
        Param::Address => text.hex(args.word().into()),
        Param::Flags(names) => text.flags(names, args.word().into()),
        Param::Rights => text.rights(args.next()),
        Param::Name(names) => text.name(names, args.word()),
        Param::Path(_) => {
            let (address, length) = args.pair();
            match memory::all(memory, address, length, PATH_QUOTED) {
                Some(path) => text.quoted_of(&path, usize::try_from(length).unwrap_or(usize::MAX)),
                None => text.outside(address, length),
            }
        }
        Param::Buffer(_) | Param::Reply(_) => {
            let (address, length) = args.pair();
            text.hex(address.into());
            text.push(", ");
            text.number(length.into());
        }
        Param::Given(_) | Param::Room(_) => {
            let (address, count) = args.pair();
            let size = Iovecs::new(memory, address, count).size();
            text.counted(count.into(), "iovec", "iovecs");
            match size {
                memory::Size::Bytes(size) => {
                    text.push(", ");
                    text.number(size);
                    text.push(" B");
                }
                memory::Size::TooMany => text.push(", …"),
                memory::Size::Outside => {
                    text.push(" at ");
                    text.hex(address.into());
                    text.push(", out of bounds");
                }
            }
            if let (Param::Given(_), memory::Size::Bytes(1..)) = (param, size) {
                text.push(" ");
                quote_iovecs(&Iovecs::new(memory, address, count), size, text);
            }
        }
        Param::Poll(size) => {
            let (input, _) = args.pair();
            poll::subscriptions(memory, size, input, args.word(), text);
        }
        Param::Result(..) => {
            args.next();
        }
    }
}

/// Quotes the first of `size` bytes in buffers.
fn quote_iovecs(buffers: &Iovecs<'_>, size: memory::Size, text: &mut Text<'_>) {
    let memory::Size::Bytes(size) = size else {
        return;
    };
    let mut quoted = [0; DATA_QUOTED];
    let mut length = 0;
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    for buffer in buffers.clone() {
        let rest = quoted.get_mut(length..).unwrap_or_default();
        let wanted = rest.len().min(size - length.min(size));
        let some = buffers.bytes(buffer, wanted);
        for (place, byte) in rest.iter_mut().zip(some.iter()) {
            *place = *byte;
        }
        length += some.len();
        if length >= DATA_QUOTED || length >= size {
            break;
        }
    }
    text.quoted_of(quoted.get(..length).unwrap_or_default(), size);
}

/// What a call that succeeded wrote.
fn written(function: Function, args: &[u64], memory: Linear<'_>, text: &mut Text<'_>) {
    let params = params(function);
    let mut args = Args(args);
    // The last argument is where the number of bytes goes that the one before it got.
    let moved = match params.last() {
        Some(Param::Result(_, Output::U32)) => args
            .0
            .last()
            .and_then(|address| u32_at(memory, low(*address))),
        _ => None,
    };
    let mut shown: Option<Shown<'_>> = None;
    for param in params {
        match *param {
            Param::Room(_) => {
                let (address, count) = args.pair();
                shown = Some(Shown::Iovecs(Iovecs::new(memory, address, count)));
            }
            Param::Reply(_) => {
                let (address, length) = args.pair();
                let length = moved.unwrap_or(length).min(length);
                let reply = bytes(memory, address, length, REPLY);
                match (function, moved) {
                    (Function::FdReaddir, _) => shown = Some(Shown::Entries(reply)),
                    (_, None) => {
                        text.push(", ");
                        text.quoted(until_nul(&reply), PATH_QUOTED);
                    }
                    _ => shown = Some(Shown::Text(reply)),
                }
            }
            Param::Path(_) | Param::Buffer(_) | Param::Given(_) => {
                args.pair();
            }
            Param::Poll(_) => {
                let (_, output) = args.pair();
                args.next();
                shown = Some(Shown::Events(output));
            }
            Param::Result(name, output) => {
                let address = args.word();
                text.push(", ");
                output_value(name, output, memory, address, text);
            }
            _ => {
                args.next();
            }
        }
    }
    match (shown, moved) {
        (Some(Shown::Iovecs(buffers)), Some(moved @ 1..)) => {
            text.push(" ");
            quote_iovecs(&buffers, memory::Size::Bytes(moved.into()), text);
        }
        (Some(Shown::Text(reply)), _) => {
            text.push(" ");
            text.quoted(&reply, PATH_QUOTED);
        }
        (Some(Shown::Entries(reply)), _) => structs::entries(&reply, text),
        (Some(Shown::Events(output)), Some(count)) => poll::events(memory, output, count, text),
        _ => {}
    }
}

/// What stands behind the number of its bytes.
enum Shown<'m> {
    Iovecs(Iovecs<'m>),
    Text(Cow<'m, [u8]>),
    Entries(Cow<'m, [u8]>),
    /// The address of the events.
    Events(u32),
}

fn output_value(name: &str, output: Output, memory: Linear<'_>, address: u32, text: &mut Text<'_>) {
    let value = match output {
        Output::U32 => u32_at(memory, address).map(u64::from),
        Output::U64 | Output::Nanoseconds => u64_at(memory, address),
        Output::Fdstat => return structs::fdstat(memory, address, text),
        Output::Filestat => return structs::filestat(memory, address, 64, text),
        Output::Filestat0 => return structs::filestat(memory, address, 56, text),
        Output::Prestat => return structs::prestat(memory, address, text),
        Output::Flags(names) => {
            text.push(name);
            text.push(" ");
            let bytes = usize::try_from(address).ok();
            return match bytes.and_then(|address| memory.read(address)) {
                Some(bytes) => text.flags(names, u16::from_le_bytes(bytes).into()),
                None => text.push("out of bounds"),
            };
        }
    };
    if let Some(value) = value {
        text.push(name);
        text.push(" ");
        text.number(value);
        if matches!(output, Output::Nanoseconds) {
            text.push(" ns");
        }
    }
}

/// The first pointer to a result that leads out of memory: nothing else tells of it.
fn out_of_bounds(function: Function, args: &[u64], memory: Linear<'_>, text: &mut Text<'_>) {
    let mut args = Args(args);
    for param in params(function) {
        if let Param::Result(name, output) = *param {
            let address = args.word();
            if !memory::has(memory, address, output.size()) {
                text.push(", ");
                text.push(name);
                text.push(" at ");
                text.hex(address.into());
                text.push(", out of bounds");
                return;
            }
        } else {
            for _ in 0..param.words() {
                args.next();
            }
        }
    }
}

/// What is said of a path that no directory covers that is open: see [`uncovered`].
pub const UNCOVERED: &str = ": no open directory covers ";

/// Go's way to open what no preopen covers: a path below `/`, from descriptor -1.
fn uncovered(function: Function, args: &[u64], memory: Linear<'_>, text: &mut Text<'_>) {
    let mut args = Args(args);
    let mut directory = 0;
    for param in params(function) {
        match param {
            Param::Word => directory = args.word(),
            Param::Path(_) => {
                let (address, length) = args.pair();
                if directory == u32::MAX
                    && let Some(path) = memory::all(memory, address, length, PATH_QUOTED)
                {
                    text.push(UNCOVERED);
                    let length = usize::try_from(length).unwrap_or(usize::MAX);
                    let path = [b"/", &*path].concat();
                    let head = path.get(..PATH_QUOTED).unwrap_or(&path);
                    return text.quoted_of(head, length.saturating_add(1));
                }
            }
            _ => {
                for _ in 0..param.words() {
                    args.next();
                }
            }
        }
    }
}

/// Raw arguments, in order; those that are not there are 0.
struct Args<'a>(&'a [u64]);

impl Args<'_> {
    fn next(&mut self) -> u64 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn word(&mut self) -> u32 {
        low(self.next())
    }

    fn pair(&mut self) -> (u32, u32) {
        (self.word(), self.word())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "an engine may extend the sign: only the low half is the value"
)]
fn low(word: u64) -> u32 {
    word as u32
}
