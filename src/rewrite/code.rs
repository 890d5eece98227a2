//! The instructions of valid code, as far as what rewrites it has to tell them apart: core specification, section 5.4.
//!
//! It knows those of version 3.0, those of threads and the first ones for exceptions, whatever an engine admits of them. One that
//! it does not know ends the rewriting.

/// An instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// Whatever does nothing of what follows.
    Plain,
    /// `i32.const` and `i64.const`.
    Constant(i64),
    /// A division or a remainder of integers; whether it overflows when the divisor is -1.
    Divide {
        overflows: bool,
    },
    Block,
    If,
    Loop,
    /// `try_table`: the outermost label that it may branch to, as seen from outside of it. `try` branches to none.
    Try(u32),
    Else,
    /// `catch` and `catch_all` of a `try`.
    Catch,
    End,
    /// `delegate`, which ends a `try`.
    Delegate,
    /// `br`: the label.
    Branch(u32),
    /// It branches, or goes on: `br_if` and its like.
    BranchIf(u32),
    /// `br_table`: the outermost of the labels that it may branch to.
    Branches(u32),
    Return,
    /// `throw`, `throw_ref`, `rethrow`.
    Throw,
    Call,
    TailCall,
    /// It traps, or may, and is seldom: `unreachable`, tables, references, floats that become integers.
    Trap,
    /// It writes a global.
    Global,
    /// It reads or writes linear memory.
    Memory,
    /// It does so with as many bytes as the uppermost operand says.
    Bulk {
        /// The memory whose addresses that operand counts in.
        memory: u32,
        /// The other one, if two take part: the operand is as wide as the narrower of them.
        other: Option<u32>,
    },
    /// It does something with as many elements of a table or an array as the uppermost operand says: the tables, `None` for those of
    /// which it is an `i32` in any case.
    Elements(Option<(u32, u32)>),
    /// `memory.grow` of this memory.
    GrowMemory(u32),
    /// `table.grow` of this table.
    GrowTable(u32),
}

/// Code from the instruction at [`Code::at`] on.
#[derive(Clone, Copy)]
pub(crate) struct Code<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Code<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes have been read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// The next byte, which is not passed over.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// What is passed over by that.
    pub(crate) fn passed(
        &mut self,
        pass: impl FnOnce(&mut Self) -> Option<()>,
    ) -> Option<&'a [u8]> {
        let from = self.at;
        pass(self)?;
        self.bytes.get(from..self.at)
    }

    /// Passes over an expression that ends with `end`, in which no block begins.
    pub(crate) fn expression(&mut self) -> Option<()> {
        while self.next()? != Op::End {}
        Some(())
    }

    /// Passes over some bytes.
    fn pass(&mut self, bytes: usize) -> Option<Op> {
        self.take(bytes)?;
        Some(Op::Plain)
    }

    /// The next bytes.
    pub(crate) fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(bytes)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// As many bytes as the number before them says.
    pub(crate) fn counted(&mut self) -> Option<&'a [u8]> {
        let bytes = self.number()?;
        self.take(bytes as usize)
    }

    /// Passes over some numbers.
    pub(crate) fn pass_numbers(&mut self, numbers: u32) -> Option<Op> {
        for _ in 0..numbers {
            while self.byte()? & 0x80 != 0 {}
        }
        Some(Op::Plain)
    }

    /// An unsigned number of 32 bits.
    pub(crate) fn number(&mut self) -> Option<u32> {
        let mut number = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(number).ok();
            }
        }
        None
    }

    /// An unsigned number of 64 bits.
    pub(crate) fn long(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A signed number of up to 64 bits.
    fn signed(&mut self) -> Option<i64> {
        let mut number = 0_i64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            number |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let unused = 57_u32.saturating_sub(shift);
                return Some(number << unused >> unused);
            }
        }
        None
    }

    /// A value type, or the type of a block.
    pub(crate) fn value_type(&mut self) -> Option<()> {
        // `(ref null $t)` and `(ref $t)`: what it refers to comes after it.
        const REFERENCES: [u8; 2] = [0x63, 0x64];
        let is_reference = REFERENCES.contains(&self.peek()?);
        self.pass_numbers(1 + u32::from(is_reference))?;
        Some(())
    }

    /// What an access of memory names: its alignment, the memory if it is not the first, the offset.
    fn access(&mut self) -> Option<Op> {
        const NAMES_MEMORY: u32 = 0x40;
        let flags = self.number()?;
        self.pass_numbers(1 + u32::from(flags & NAMES_MEMORY != 0))?;
        Some(Op::Memory)
    }

    /// The next instruction; `None`: there is none, or one that is not known.
    pub(crate) fn next(&mut self) -> Option<Op> {
        Some(match self.byte()? {
            0x00 => Op::Trap,
            0x02 => {
                self.value_type()?;
                Op::Block
            }
            0x03 => {
                self.value_type()?;
                Op::Loop
            }
            0x04 => {
                self.value_type()?;
                Op::If
            }
            0x05 => Op::Else,
            0x06 => {
                self.value_type()?;
                Op::Try(0)
            }
            0x07 => {
                self.pass_numbers(1)?;
                Op::Catch
            }
            0x08 | 0x09 => {
                self.pass_numbers(1)?;
                Op::Throw
            }
            0x0a => Op::Throw,
            0x0b => Op::End,
            0x0c => Op::Branch(self.number()?),
            0x0d => Op::BranchIf(self.number()?),
            0x0e => {
                let mut outermost = 0;
                for _ in 0..=self.number()? {
                    outermost = outermost.max(self.number()?);
                }
                Op::Branches(outermost)
            }
            0x0f => Op::Return,
            0x10 | 0x14 => {
                self.pass_numbers(1)?;
                Op::Call
            }
            0x11 => {
                self.pass_numbers(2)?;
                Op::Call
            }
            0x12 | 0x15 => {
                self.pass_numbers(1)?;
                Op::TailCall
            }
            0x13 => {
                self.pass_numbers(2)?;
                Op::TailCall
            }
            0x18 => {
                self.pass_numbers(1)?;
                Op::Delegate
            }
            0x19 => Op::Catch,
            0x1c => {
                for _ in 0..self.number()? {
                    self.value_type()?;
                }
                Op::Plain
            }
            0x1f => self.try_table()?,
            // Locals, and globals that are read.
            0x20..=0x23 => self.pass_numbers(1)?,
            0x24 => {
                self.pass_numbers(1)?;
                Op::Global
            }
            0x25 | 0x26 => {
                self.pass_numbers(1)?;
                Op::Trap
            }
            0x28..=0x3e => self.access()?,
            // The size of a memory.
            0x3f => self.pass_numbers(1)?,
            0x40 => Op::GrowMemory(self.number()?),
            0x41 | 0x42 => Op::Constant(self.signed()?),
            0x43 => self.pass(4)?,
            0x44 => self.pass(8)?,
            0x6d | 0x7f => Op::Divide { overflows: true },
            0x6e..=0x70 | 0x80..=0x82 => Op::Divide { overflows: false },
            0xa8..=0xab | 0xae..=0xb1 | 0xd4 => Op::Trap,
            // `nop`, `drop`, `select`; all else that computes; `ref.is_null`, `ref.eq`.
            0x01 | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 | 0xd3 => Op::Plain,
            // `ref.null` and `ref.func`.
            0xd0 | 0xd2 => self.pass_numbers(1)?,
            0xd5 | 0xd6 => Op::BranchIf(self.number()?),
            0xfb => self.aggregate()?,
            0xfc => self.bulk()?,
            0xfd => self.vector()?,
            0xfe => match self.number()? {
                // `atomic.fence`
                0x03 => self.pass(1)?,
                0x00..=0x02 | 0x10..=0x4e => self.access()?,
                _ => return None,
            },
            _ => return None,
        })
    }

    fn try_table(&mut self) -> Option<Op> {
        self.value_type()?;
        let mut outermost = 0;
        for _ in 0..self.number()? {
            match self.byte()? {
                // `catch` and `catch_ref` name a tag.
                0 | 1 => self.pass_numbers(1)?,
                2 | 3 => Op::Plain,
                _ => return None,
            };
            outermost = outermost.max(self.number()?);
        }
        Some(Op::Try(outermost))
    }

    /// Structures, arrays, and what casts references.
    fn aggregate(&mut self) -> Option<Op> {
        Some(match self.number()? {
            0 | 1 => self.pass_numbers(1)?,
            2..=5 => {
                self.pass_numbers(2)?;
                Op::Trap
            }
            6 | 7 | 16 => {
                self.pass_numbers(1)?;
                Op::Elements(None)
            }
            8 => self.pass_numbers(2)?,
            9 | 10 | 17..=19 => {
                self.pass_numbers(2)?;
                Op::Elements(None)
            }
            11..=14 | 20..=23 => {
                self.pass_numbers(1)?;
                Op::Trap
            }
            15 | 29 | 30 => Op::Trap,
            24 | 25 => {
                self.byte()?;
                let label = self.number()?;
                self.pass_numbers(2)?;
                Op::BranchIf(label)
            }
            26..=28 => Op::Plain,
            _ => return None,
        })
    }

    /// Conversions that saturate, bulk memory and tables, arithmetic with 128 bits.
    fn bulk(&mut self) -> Option<Op> {
        Some(match self.number()? {
            0..=7 | 19..=22 => Op::Plain,
            // A segment is as long as an `i32` says.
            8 => {
                self.pass_numbers(2)?;
                Op::Elements(None)
            }
            10 => {
                let (memory, other) = (self.number()?, self.number()?);
                Op::Bulk {
                    memory,
                    other: Some(other),
                }
            }
            11 => Op::Bulk {
                memory: self.number()?,
                other: None,
            },
            12 => {
                self.pass_numbers(2)?;
                Op::Elements(None)
            }
            14 => Op::Elements(Some((self.number()?, self.number()?))),
            15 => Op::GrowTable(self.number()?),
            17 => {
                let table = self.number()?;
                Op::Elements(Some((table, table)))
            }
            // Segments that are dropped, the size of a table.
            9 | 13 | 16 => self.pass_numbers(1)?,
            _ => return None,
        })
    }

    /// Vectors of 128 bits.
    fn vector(&mut self) -> Option<Op> {
        Some(match self.number()? {
            0..=11 | 92 | 93 => self.access()?,
            // A constant, the lanes of a shuffle.
            12 | 13 => self.pass(16)?,
            21..=34 => self.pass(1)?,
            84..=91 => {
                self.access()?;
                self.pass(1)?;
                Op::Memory
            }
            14..=20 | 35..=83 | 94..=275 => Op::Plain,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Op> {
        let mut code = Code::new(bytes);
        let ops = std::iter::from_fn(|| code.next()).collect();
        assert_eq!(code.at(), bytes.len());
        ops
    }

    #[test]
    fn immediates_are_passed_over() {
        let code = [
            0x02, 0x40, 0x41, 0xff, 0x7f, 0x42, 0x80, 0x01, 0x43, 1, 2, 3, 4, 0x44, 1, 2, 3, 4, 5,
            6, 7, 8, 0x28, 0x42, 0x01, 0x90, 0x03, 0x36, 0x02, 0x10, 0x1c, 0x01, 0x7f, 0xfc, 0x0a,
            0, 0, 0x0e, 0x02, 0x00, 0x03, 0x01, 0x0b,
        ];
        let expected = [
            Op::Block,
            Op::Constant(-1),
            Op::Constant(128),
            Op::Plain,
            Op::Plain,
            Op::Memory,
            Op::Memory,
            Op::Plain,
            Op::Bulk {
                memory: 0,
                other: Some(0),
            },
            Op::Branches(3),
            Op::End,
        ];
        assert_eq!(all(&code), expected);
    }

    #[test]
    fn constants_have_their_sign() {
        let mut least = vec![0x42];
        least.extend([0x80; 9]);
        least.push(0x7f);
        assert_eq!(all(&least), [Op::Constant(i64::MIN)]);
        assert_eq!(all(&[0x41, 0x80, 0x00]), [Op::Constant(0)]);
        assert_eq!(all(&[0x41, 0x40]), [Op::Constant(-64)]);
    }
}
