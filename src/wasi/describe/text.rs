//! Writing the description: without `format!`, since a trace of a million calls writes a million.

use super::names::RIGHTS;

/// Text that is being written, and stops growing at a length.
#[derive(Debug)]
pub struct Text<'t> {
    text: &'t mut String,
    /// The length of the whole that is not exceeded, in bytes.
    most: usize,
}

impl<'t> Text<'t> {
    /// Writes behind what is in `text`, at most `most` bytes and an ellipsis.
    pub fn new(text: &'t mut String, most: usize) -> Self {
        let most = text.len().saturating_add(most);
        Self { text, most }
    }

    /// Writes text as it is.
    pub fn push(&mut self, text: &str) {
        if self.text.len().saturating_add(text.len()) <= self.most {
            self.text.push_str(text);
        } else if self.text.len() <= self.most {
            let room = self.most - self.text.len();
            let end = (0..=room).rev().find(|end| text.is_char_boundary(*end));
            self.text
                .push_str(text.get(..end.unwrap_or(0)).unwrap_or_default());
            self.text.push('…');
        }
    }

    /// Writes a number in decimal.
    pub fn number(&mut self, number: u64) {
        let mut digits = [0; 20];
        self.digits(number, 10, &mut digits);
    }

    /// Writes a number with the sign that its highest bit says it has.
    #[expect(clippy::cast_possible_wrap, reason = "the bits are what is meant")]
    pub(super) fn signed(&mut self, bits: u64) {
        let number = bits as i64;
        if number < 0 {
            self.push("-");
        }
        self.number(number.unsigned_abs());
    }

    /// Writes a number in hexadecimal, with `0x`.
    pub fn hex(&mut self, number: u64) {
        self.push("0x");
        let mut digits = [0; 16];
        self.digits(number, 16, &mut digits);
    }

    fn digits(&mut self, mut number: u64, base: u64, digits: &mut [u8]) {
        let mut start = digits.len();
        for place in digits.iter_mut().rev() {
            let digit = u8::try_from(number % base).unwrap_or(0);
            *place = if digit < 10 { b'0' } else { b'a' - 10 } + digit;
            number /= base;
            start -= 1;
            if number == 0 {
                break;
            }
        }
        let digits = digits.get(start..).unwrap_or_default();
        self.push(std::str::from_utf8(digits).unwrap_or_default());
    }

    /// Writes how many there are, and of what.
    pub(super) fn counted(&mut self, count: u64, one: &str, more: &str) {
        self.number(count);
        self.push(" ");
        self.push(if count == 1 { one } else { more });
    }

    /// Writes nanoseconds in the largest unit in which they are whole: `200ms`.
    pub(super) fn duration(&mut self, nanos: u64) {
        let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs")];
        let whole = units
            .iter()
            .find(|(unit, _)| nanos != 0 && nanos.is_multiple_of(*unit));
        let (unit, name) = whole.copied().unwrap_or((1, "ns"));
        self.number(nanos / unit);
        self.push(name);
    }

    /// Writes the names of the bits that are set, joined by `|`, and those without a name as a
    /// number; no bits are 0.
    pub(super) fn flags(&mut self, names: &[&str], bits: u64) {
        if bits == 0 {
            return self.push("0");
        }
        let mut rest = bits;
        let mut first = true;
        for (place, name) in names.iter().enumerate() {
            if bits >> place & 1 != 0 {
                rest &= !(1 << place);
                if !std::mem::take(&mut first) {
                    self.push("|");
                }
                self.push(name);
            }
        }
        if rest != 0 {
            if !first {
                self.push("|");
            }
            self.hex(rest);
        }
    }

    /// Writes rights by their names; where it is most of them, the names of those that are missing:
    /// `all but FD_WRITE|FD_ALLOCATE`. C libraries ask for bits that have no name, together with the rest;
    /// these are left out then.
    pub(super) fn rights(&mut self, bits: u64) {
        let all = (1 << RIGHTS.len()) - 1;
        let missing = all & !bits;
        if missing == 0 {
            self.push("all");
        } else if missing.count_ones() < (bits & all).count_ones() {
            self.push("all but ");
            self.flags(RIGHTS, missing);
        } else {
            self.flags(RIGHTS, bits);
        }
    }

    /// Writes the name of a number that has one.
    pub(super) fn name(&mut self, names: &[&str], number: u32) {
        match usize::try_from(number).ok().and_then(|at| names.get(at)) {
            Some(name) => self.push(name),
            None => self.number(number.into()),
        }
    }

    /// Says that bytes are not all in memory.
    pub(super) fn outside(&mut self, address: u32, length: u32) {
        self.number(length.into());
        self.push(" B at ");
        self.hex(address.into());
        self.push(", out of bounds");
    }

    /// Writes bytes as a string literal of Go's; behind the first `most` comes an ellipsis.
    pub fn quoted(&mut self, bytes: &[u8], most: usize) {
        let head = bytes.get(..most).unwrap_or(bytes);
        self.quoted_of(head, bytes.len());
    }

    /// Writes the first of `length` bytes, as [`Text::quoted`] does.
    pub fn quoted_of(&mut self, head: &[u8], length: usize) {
        let is_cut = head.len() < length;
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
        self.push("\"");
        if let (true, Ok(plain)) = (head.iter().all(is_plain), std::str::from_utf8(head)) {
            self.push(plain);
            self.push(if is_cut { "\"…" } else { "\"" });
            return;
        }
        let mut chunks = head.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            self.escaped(chunk.valid());
            // A code point that the end cuts in two is left out.
            if !(is_cut && chunks.peek().is_none() && is_begun(chunk.invalid())) {
                for byte in chunk.invalid() {
                    self.push("\\x");
                    self.byte(*byte);
                }
            }
        }
        self.push("\"");
        if is_cut {
            self.push("…");
        }
    }

    fn escaped(&mut self, valid: &str) {
        let mut plain = 0;
        for (at, letter) in valid.char_indices() {
            if matches!(letter, ' '..='~') && !matches!(letter, '"' | '\\') {
                continue;
            }
            self.push(valid.get(plain..at).unwrap_or_default());
            plain = at + letter.len_utf8();
            match letter {
                '"' => self.push("\\\""),
                '\\' => self.push("\\\\"),
                '\n' => self.push("\\n"),
                '\r' => self.push("\\r"),
                '\t' => self.push("\\t"),
                '\0'..='\x7f' => {
                    self.push("\\x");
                    self.byte(u8::try_from(letter).unwrap_or_default());
                }
                // Printable letters come out as they are, what hides or turns text does not.
                _ => {
                    for part in letter.escape_debug() {
                        self.push(part.encode_utf8(&mut [0; 4]));
                    }
                }
            }
        }
        self.push(valid.get(plain..).unwrap_or_default());
    }

    fn byte(&mut self, byte: u8) {
        for half in [byte >> 4, byte & 15] {
            let digit = if half < 10 { b'0' } else { b'a' - 10 } + half;
            self.push(char::from(digit).encode_utf8(&mut [0; 4]));
        }
    }
}

/// Whether these bytes are the beginning of a code point.
fn is_begun(bytes: &[u8]) -> bool {
    let length = match bytes.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return false,
    };
    bytes.len() < length
}
