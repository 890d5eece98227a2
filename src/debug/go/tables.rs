//! `runtime.pclntab`, wherever it lies in an image of linear memory. The layout is that of `runtime/symtab.go`
//! and `internal/abi/symtab.go`, the same since Go 1.20 but for how functions are numbered.

use std::cell::Cell;

/// What the tables begin with since Go 1.20; then two zeros, the least size of an instruction and that of a pointer.
pub(super) const MAGIC: [u8; 8] = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];

/// They are among what is known of memory when the program is linked, which is less than this.
pub(super) const SEARCHED: usize = 256 << 20;

/// What Go adds to the index of a function, imports not counted, for its place in the table of functions.
pub(super) const FIRST: u32 = 0x1000;

/// The tables of a program. Their contents are checked as they are read, since a guest can write over them.
#[derive(Clone, Copy)]
pub(in super::super) struct Tables<'a> {
    pub(super) image: &'a [u8],
    /// How many functions there are.
    count: usize,
    /// Where they begin in the image, and each part of them.
    pub(super) start: usize,
    pub(super) names: usize,
    pub(super) units: usize,
    pub(super) files: usize,
    values: usize,
    functions: usize,
    /// Before Go 1.27 a function is there by its PC, since then by its number.
    shift: u32,
    /// The number of the first one.
    first: u32,
}

/// One function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Function {
    /// Its index in the module, without imports.
    pub(in super::super) index: u32,
    /// Where its record is in the image.
    pub(super) record: usize,
}

/// Where in a function's record its parts are, in bytes.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Name = 4,
    /// The table of how far SP is below the return address.
    Sp = 16,
    File = 20,
    Line = 24,
    Tables = 28,
    Unit = 32,
    Id = 40,
    Flags = 41,
    Data = 43,
    /// Where lists of further tables and data begin.
    Further = 44,
}

impl<'a> Tables<'a> {
    /// The tables in an image of memory; `None`: there are none.
    pub(in super::super) fn find(image: &'a [u8]) -> Option<Self> {
        let searched = image.get(..SEARCHED).unwrap_or(image);
        let (words, _) = searched.as_chunks::<8>();
        let mut found = words.iter().enumerate();
        found.find_map(|(index, word)| (*word == MAGIC).then(|| Self::at(image, index * 8))?)
    }

    /// The same, if they were found at `known` before, without looking for them.
    pub(super) fn find_again(image: &'a [u8], known: &Cell<usize>) -> Option<Self> {
        let at = known.get();
        let is_there = image.get(at..).and_then(<[u8]>::first_chunk) == Some(&MAGIC);
        let tables = is_there.then(|| Self::at(image, at)).flatten();
        let tables = tables.or_else(|| Self::find(image))?;
        known.set(tables.start);
        Some(tables)
    }

    /// The tables that begin there.
    pub(super) fn at(image: &'a [u8], at: usize) -> Option<Self> {
        let part = |offset: usize| at.checked_add(usize::try_from(long(image, at + offset)?).ok()?);
        let mut tables = Self {
            image,
            start: at,
            count: usize::try_from(long(image, at + 8)?).ok()?,
            names: part(32)?,
            units: part(40)?,
            files: part(48)?,
            values: part(56)?,
            functions: part(64)?,
            shift: 0,
            first: 0,
        };
        let end = tables.count.checked_mul(8)?.checked_add(tables.functions)?;
        image.get(tables.functions..end)?;
        let second = tables.number(1)?;
        if second != 0 && second.trailing_zeros() >= 16 {
            tables.shift = 16;
        }
        if tables.number(0)? >= FIRST {
            tables.first = FIRST;
        }
        Some(tables)
    }

    /// The number of the function at this place in the table.
    fn number(&self, place: usize) -> Option<u32> {
        Some(
            word(
                self.image,
                self.functions.checked_add(place.checked_mul(8)?)?,
            )? >> self.shift,
        )
    }

    /// How many functions there are.
    pub(in super::super) fn count(&self) -> usize {
        self.count
    }

    /// The function at this place in the table.
    pub(in super::super) fn nth(&self, place: usize) -> Option<Function> {
        let number = (place < self.count).then(|| self.number(place))??;
        let record = word(self.image, self.functions + place * 8 + 4)?;
        Some(Function {
            index: number.checked_sub(self.first)?,
            record: self.functions.checked_add(record as usize)?,
        })
    }

    /// The function with this index in the module, without imports.
    pub(in super::super) fn by_index(&self, index: u32) -> Option<Function> {
        let number = index.checked_add(self.first)?;
        let (mut from, mut to) = (0, self.count);
        while from < to {
            let middle = from + (to - from) / 2;
            match self.number(middle)?.cmp(&number) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Equal => return self.nth(middle),
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        None
    }

    /// The function and the block that a PC names; `None`: it is none.
    pub(super) fn at_pc(&self, pc: u64) -> Option<(Function, u32)> {
        let number = u32::try_from(pc >> 16).ok()?;
        let function = self.by_index(number.checked_sub(FIRST)?)?;
        Some((function, (pc & 0xffff) as u32))
    }

    /// A number of a function's record.
    pub(super) fn part(&self, function: Function, part: Part) -> Option<u32> {
        word(self.image, function.record.checked_add(part as usize)?)
    }

    /// A byte of a function's record.
    pub(super) fn byte(&self, function: Function, part: Part) -> u8 {
        let at = function.record.saturating_add(part as usize);
        self.image.get(at).copied().unwrap_or(0)
    }

    /// What the function is called in the tables.
    pub(super) fn raw_name(&self, function: Function) -> &'a [u8] {
        let name = self.part(function, Part::Name);
        name.map_or(&[], |name| self.name_at(name))
    }

    /// The name at this offset among the names.
    pub(super) fn name_at(&self, offset: u32) -> &'a [u8] {
        text(self.image, self.names.saturating_add(offset as usize))
    }

    /// The value that a table of values has for a block. `budget` is how many entries may be gone through.
    pub(super) fn value(&self, table: u32, block: u32, budget: &mut u32) -> Option<i32> {
        let mut at = self.values.checked_add(table as usize)?;
        let (mut end, mut value, mut is_first) = (0_u32, -1_i32, true);
        // Offset 0 is that of no table.
        while table != 0 && *budget > 0 {
            *budget -= 1;
            let delta = varint(self.image, &mut at)?;
            if delta == 0 && !is_first {
                break;
            }
            is_first = false;
            let magnitude = (delta >> 1).cast_signed();
            value = value.wrapping_add(if delta & 1 == 0 {
                magnitude
            } else {
                !magnitude
            });
            end = end.checked_add(varint(self.image, &mut at)?)?;
            if block < end {
                return Some(value);
            }
        }
        None
    }
}

/// The text at this place, up to the next zero.
pub(super) fn text(image: &[u8], at: usize) -> &[u8] {
    const LONGEST: usize = 1 << 12;
    let rest = image.get(at..).unwrap_or_default();
    let rest = rest.get(..LONGEST).unwrap_or(rest);
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(0);
    rest.get(..end).unwrap_or_default()
}

/// The 32 bits at this place.
pub(super) fn word(image: &[u8], at: usize) -> Option<u32> {
    let bytes = image.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}

/// The 64 bits at this place.
pub(super) fn long(image: &[u8], at: usize) -> Option<u64> {
    let bytes = image.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*bytes))
}

fn varint(image: &[u8], at: &mut usize) -> Option<u32> {
    let (mut value, mut shift) = (0_u32, 0);
    loop {
        let byte = *image.get(*at)?;
        *at += 1;
        value |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}
