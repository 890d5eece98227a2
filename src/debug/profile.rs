//! A profile: samples in the words of the source, as a table, as a flame graph, and as files that other programs open,
//! pprof's `profile.proto` and folded stacks.

mod flame;
mod read;
mod table;

pub use self::read::Profile;

use crate::protocol::Frame;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Where a guest was, in the words of its source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The innermost first, with inlined ones; empty: elsewhere.
    pub frames: Vec<Frame>,
    /// How often it was there.
    pub count: u64,
    /// The fuel that this stands for.
    pub fuel: u64,
    /// The nanoseconds that the host call took that is the innermost frame.
    pub nanos: u64,
}

/// What a stack without frames is called.
const ELSEWHERE: &str = "(elsewhere)";

/// Folded stacks, as flame graphs are drawn from: on each line the functions, the outermost first, and the fuel.
#[must_use]
pub fn folded(seen: impl IntoIterator<Item = Seen>) -> String {
    let mut stacks = BTreeMap::<String, u64>::new();
    for one in seen.into_iter().filter(|one| one.fuel > 0) {
        // A semicolon stands between functions.
        let names = one.frames.iter().rev();
        let names: Vec<String> = names.map(|it| it.function.replace(';', ":")).collect();
        let stack = match names.is_empty() {
            true => ELSEWHERE.to_owned(),
            false => names.join(";"),
        };
        let fuel = stacks.entry(stack).or_default();
        *fuel = fuel.saturating_add(one.fuel);
    }
    let mut text = String::new();
    for (stack, fuel) in stacks {
        // Writing into a string does not fail.
        let _ = writeln!(text, "{stack} {fuel}");
    }
    text
}

/// The profile as `go tool pprof` reads it: `profile.proto`, not compressed. Each sample has a count, the time in
/// host calls and the fuel.
#[must_use]
pub fn pprof(seen: impl IntoIterator<Item = Seen>) -> Vec<u8> {
    let mut writer = Writer::default();
    // The first string is empty.
    writer.string("");
    let mut profile = Vec::new();
    for [what, unit] in [
        ["samples", "count"],
        ["host", "nanoseconds"],
        ["fuel", "units"],
    ] {
        let mut ty = Vec::new();
        number(&mut ty, 1, writer.string(what));
        number(&mut ty, 2, writer.string(unit));
        message(&mut profile, 1, &ty);
    }
    let elsewhere = [Frame {
        function: ELSEWHERE.to_owned(),
        ..Frame::default()
    }];
    for one in seen {
        let frames = match one.frames.as_slice() {
            [] => &elsewhere,
            frames => frames,
        };
        let mut sample = Vec::new();
        for frame in frames {
            number(&mut sample, 1, writer.location(frame));
        }
        number(&mut sample, 2, one.count);
        number(&mut sample, 2, one.nanos);
        number(&mut sample, 2, one.fuel);
        message(&mut profile, 2, &sample);
    }
    profile.extend(&writer.locations);
    profile.extend(&writer.functions);
    let default = writer.string("fuel");
    for string in &writer.strings {
        message(&mut profile, 6, string.as_bytes());
    }
    number(&mut profile, 14, default);
    profile
}

/// What samples refer to, each thing once.
#[derive(Default)]
struct Writer {
    strings: Vec<String>,
    string_ids: BTreeMap<String, u64>,
    function_ids: BTreeMap<(u64, u64), u64>,
    location_ids: BTreeMap<(u64, u32, u32), u64>,
    functions: Vec<u8>,
    locations: Vec<u8>,
}

impl Writer {
    fn string(&mut self, text: &str) -> u64 {
        if let Some(id) = self.string_ids.get(text) {
            return *id;
        }
        let id = self.strings.len() as u64;
        self.strings.push(text.to_owned());
        self.string_ids.insert(text.to_owned(), id);
        id
    }

    fn function(&mut self, frame: &Frame) -> u64 {
        let name = self.string(&frame.function);
        let file = self.string(frame.file.as_deref().unwrap_or_default());
        // 0 is none.
        let next = self.function_ids.len() as u64 + 1;
        *self.function_ids.entry((name, file)).or_insert_with(|| {
            let mut function = Vec::new();
            number(&mut function, 1, next);
            number(&mut function, 2, name);
            number(&mut function, 3, name);
            number(&mut function, 4, file);
            message(&mut self.functions, 5, &function);
            next
        })
    }

    fn location(&mut self, frame: &Frame) -> u64 {
        let function = self.function(frame);
        let next = self.location_ids.len() as u64 + 1;
        let key = (function, frame.line, frame.place.unwrap_or_default());
        *self.location_ids.entry(key).or_insert_with(|| {
            let mut line = Vec::new();
            number(&mut line, 1, function);
            number(&mut line, 2, frame.line.into());
            let mut location = Vec::new();
            number(&mut location, 1, next);
            number(&mut location, 3, frame.place.unwrap_or_default().into());
            message(&mut location, 4, &line);
            message(&mut self.locations, 4, &location);
            next
        })
    }
}

/// Appends a field that is a number.
fn number(to: &mut Vec<u8>, field: u32, value: u64) {
    varint(to, u64::from(field) << 3);
    varint(to, value);
}

/// Appends a field that is bytes.
fn message(to: &mut Vec<u8>, field: u32, bytes: &[u8]) {
    const BYTES: u64 = 2;
    varint(to, u64::from(field) << 3 | BYTES);
    varint(to, bytes.len() as u64);
    to.extend(bytes);
}

fn varint(to: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            to.push(low);
            return;
        }
        to.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests;
