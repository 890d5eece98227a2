//! Files, lines and inlined calls of a place in a program of Go's, as `runtime/symtab.go` and
//! `runtime/symtabinl.go` have them.

use super::tables::{Function, Part, Tables, long, text, word};
use crate::debug::names;
use crate::protocol::Frame;

/// Which of a function's tables has the inlined call that a block is in, and which of its data the calls.
const INLINED_INDEX: u32 = 2;
const INLINED_CALLS: u32 = 3;

/// How deep inlined calls may be nested.
const DEEPEST: usize = 100;

/// Entries of tables that are gone through for one place.
const BUDGET: u32 = 1 << 18;

/// Words behind the tables' own in `runtime.moduledata`, among which is the address of what functions refer to.
const MODULE_WORDS: std::ops::Range<usize> = 37..52;

/// The lines of a program.
pub(in super::super) struct Lines<'a> {
    pub(in super::super) tables: Tables<'a>,
    /// Where the data of functions are in memory.
    data: Option<usize>,
    /// How the tables mark what the compiler has made by itself.
    wrapper: Option<u8>,
}

impl<'a> Lines<'a> {
    pub(in super::super) fn new(tables: Tables<'a>) -> Self {
        let functions = || (0..tables.count()).filter_map(|place| tables.nth(place));
        let mut all = functions();
        let switch = all.find(|function| tables.raw_name(*function) == b"runtime.systemstack");
        let mut lines = Self {
            tables,
            data: None,
            // The last of the marks, after those of `systemstack` and `systemstack_switch`.
            wrapper: switch.map(|function| tables.byte(function, Part::Id).saturating_add(2)),
        };
        let samples: Vec<Function> = functions()
            .filter(|function| lines.calls_offset(*function).is_some())
            .take(64)
            .collect();
        lines.data = lines.find_data(&samples);
        lines
    }

    /// The frames of a place in a function, the innermost first, with those inlined.
    pub(in super::super) fn frames(&self, function: Function, block: Option<u32>) -> Vec<Frame> {
        let mut budget = BUDGET;
        let mut frames = Vec::new();
        let mut block = block;
        for _ in 0..DEEPEST {
            let call = block.and_then(|block| self.inlined(function, block, &mut budget));
            let (raw, mark) = match &call {
                Some(call) => (call.name, call.mark),
                None => (
                    self.tables.raw_name(function),
                    self.tables.byte(function, Part::Id),
                ),
            };
            let raw = String::from_utf8_lossy(raw);
            let place = block.and_then(|block| self.line(function, block, &mut budget));
            let (file, line) = place.unzip();
            frames.push(Frame {
                arguments: Vec::new(),
                variables: Vec::new(),
                runtime: names::is_runtime_of_go(&raw)
                    || Some(mark) == self.wrapper
                    || is_closure_of_runtime(&raw, file.as_deref()),
                function: written(&raw),
                index: function.index,
                file,
                line: line.unwrap_or(0),
                column: 0,
                inlined: call.is_some(),
                place: None,
            });
            match call {
                Some(call) => block = Some(call.parent),
                None => break,
            }
        }
        frames
    }

    /// The file and the line of a block.
    fn line(&self, function: Function, block: u32, budget: &mut u32) -> Option<(String, u32)> {
        let tables = &self.tables;
        let mut value = |part| tables.value(tables.part(function, part)?, block, budget);
        let line = u32::try_from(value(Part::Line)?)
            .ok()
            .filter(|line| *line > 0)?;
        let file = u32::try_from(value(Part::File)?).ok()?;
        let unit = tables.part(function, Part::Unit)?;
        let at = (unit.checked_add(file)? as usize).checked_mul(4)?;
        let at = word(tables.image, tables.units.checked_add(at)?)?;
        let name = text(tables.image, tables.files.checked_add(at as usize)?);
        let name = std::str::from_utf8(name)
            .ok()
            .filter(|name| !name.is_empty())?;
        Some((name.to_owned(), line))
    }

    /// The inlined call that a block is in.
    fn inlined(&self, function: Function, block: u32, budget: &mut u32) -> Option<Call<'a>> {
        let tables = &self.tables;
        let offset = self.calls_offset(function)?;
        let count = tables.part(function, Part::Tables)?;
        let table = (INLINED_INDEX < count)
            .then_some(Part::Further as usize + 4 * INLINED_INDEX as usize)?;
        let table = word(tables.image, function.record.checked_add(table)?)?;
        let index = tables.value(table, block, budget)?;
        self.call(self.data?, offset, u32::try_from(index).ok()?)
    }

    /// Where a function's inlined calls are among the data.
    fn calls_offset(&self, function: Function) -> Option<u32> {
        self.offset(function, INLINED_CALLS)
    }

    /// One of a function's data, and what lies behind it.
    pub(super) fn datum(&self, function: Function, which: u32) -> Option<&'a [u8]> {
        let at = self
            .data?
            .checked_add(self.offset(function, which)? as usize)?;
        self.tables.image.get(at..)
    }

    fn offset(&self, function: Function, which: u32) -> Option<u32> {
        let tables = &self.tables;
        if u32::from(tables.byte(function, Part::Data)) <= which {
            return None;
        }
        let further = tables.part(function, Part::Tables)?.checked_add(which)?;
        let at = (further as usize)
            .checked_mul(4)?
            .checked_add(Part::Further as usize)?;
        let offset = word(tables.image, function.record.checked_add(at)?)?;
        (offset != u32::MAX).then_some(offset)
    }

    fn call(&self, data: usize, offset: u32, index: u32) -> Option<Call<'a>> {
        const SIZE: usize = 16;
        let at = data.checked_add(offset as usize)?;
        let at = at.checked_add((index as usize).checked_mul(SIZE)?)?;
        let part = |offset: usize| word(self.tables.image, at.checked_add(offset)?);
        let call = Call {
            mark: *self.tables.image.get(at)?,
            name: self.tables.name_at(part(4)?),
            parent: part(8)?,
        };
        // The function's first line, which is never 0.
        let is_one = part(0)? < 0x100 && call.parent < 1 << 16 && part(12)? > 0;
        (is_one && !call.name.is_empty()).then_some(call)
    }

    /// The address that the data of functions are counted from: the one among those in `runtime.moduledata` where
    /// all of the samples have an inlined call. Which it is, is not the same in all versions.
    fn find_data(&self, samples: &[Function]) -> Option<usize> {
        let image = self.tables.image;
        let (words, _) = image.as_chunks::<8>();
        let start = self.tables.start as u64;
        let names = self.tables.names as u64;
        let mut places = words.windows(2).enumerate().filter_map(|(place, pair)| {
            let [first, second] = pair else { return None };
            let is_it = u64::from_le_bytes(*first) == start && u64::from_le_bytes(*second) == names;
            is_it.then_some(place)
        });
        let module = places.next()?;
        MODULE_WORDS
            .filter_map(|word| {
                let data = long(image, module.checked_add(word)?.checked_mul(8)?)?;
                usize::try_from(data).ok().filter(|data| *data != 0)
            })
            .find(|data| {
                !samples.is_empty()
                    && samples.iter().all(|function| {
                        let offset = self.calls_offset(*function);
                        offset.is_some_and(|offset| self.call(*data, offset, 0).is_some())
                    })
            })
    }
}

/// A call that the compiler has inlined.
struct Call<'a> {
    mark: u8,
    name: &'a [u8],
    /// A block that has the line of the call.
    parent: u32,
}

/// Whether this is a closure of the runtime's, which Go 1.27 writes without its package where the function
/// around it was inlined: `_.goready.func1`.
fn is_closure_of_runtime(name: &str, file: Option<&str>) -> bool {
    let folder = file.and_then(|file| file.rsplit_once('/'));
    let folder = folder.map_or("", |(folder, _)| folder);
    name.starts_with("_.") && (folder == "runtime" || folder.ends_with("/src/runtime"))
}

/// A name as Go's own traceback prints it.
fn written(name: &str) -> String {
    match name {
        "runtime.gopanic" => "panic".to_owned(),
        name => names::without_types(name),
    }
}
