//! The instructions of valid code, as far as the twin has to tell them apart: core specification, section 5.4.
//!
//! It knows the instructions that [`Validation`](crate::module::Validation) admits. One that it does not know ends the
//! making of the twin.

/// An instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
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
    Else,
    End,
    /// `br` and `br_if`: the label that it may branch to.
    Branch(u32),
    /// `br_table`: the outermost of the labels that it may branch to.
    Branches(u32),
    Return,
    Call,
    TailCall,
    /// It traps, or may, and is seldom: `unreachable`, tables, floats that become integers.
    Trap,
    /// It reads or writes linear memory, or makes it larger.
    Memory,
    /// It writes a global.
    Global,
}

/// Code from the instruction at [`Code::at`] on.
#[derive(Clone, Copy)]
pub(super) struct Code<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Code<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes have been read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// Passes over some bytes.
    fn pass(&mut self, bytes: usize) -> Option<Op> {
        self.take(bytes)?;
        Some(Op::Plain)
    }

    /// The next bytes.
    pub(super) fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(bytes)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// As many bytes as the number before them says.
    pub(super) fn counted(&mut self) -> Option<&'a [u8]> {
        let bytes = self.number()?;
        self.take(bytes as usize)
    }

    /// Passes over some numbers.
    pub(super) fn pass_numbers(&mut self, numbers: u32) -> Option<Op> {
        for _ in 0..numbers {
            while self.byte()? & 0x80 != 0 {}
        }
        Some(Op::Plain)
    }

    /// An unsigned number of 32 bits.
    pub(super) fn number(&mut self) -> Option<u32> {
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

    /// The groups of locals that a body begins with: how many groups, and how many locals.
    pub(super) fn locals(&mut self) -> Option<(u32, u32)> {
        let groups = self.number()?;
        let mut locals = 0_u32;
        for _ in 0..groups {
            locals = locals.checked_add(self.number()?)?;
            self.pass_numbers(1)?;
        }
        Some((groups, locals))
    }

    /// The next instruction; `None`: there is none, or one that is not known.
    pub(super) fn next(&mut self) -> Option<Op> {
        Some(match self.byte()? {
            0x00 => Op::Trap,
            0x02 => {
                self.pass_numbers(1)?;
                Op::Block
            }
            0x04 => {
                self.pass_numbers(1)?;
                Op::If
            }
            0x03 => {
                self.pass_numbers(1)?;
                Op::Loop
            }
            0x05 => Op::Else,
            0x0b => Op::End,
            0x0c | 0x0d => Op::Branch(self.number()?),
            0x0e => {
                let mut outermost = 0;
                for _ in 0..=self.number()? {
                    outermost = outermost.max(self.number()?);
                }
                Op::Branches(outermost)
            }
            0x0f => Op::Return,
            0x10 => {
                self.pass_numbers(1)?;
                Op::Call
            }
            0x11 => {
                self.pass_numbers(2)?;
                Op::Call
            }
            0x12 => {
                self.pass_numbers(1)?;
                Op::TailCall
            }
            0x13 => {
                self.pass_numbers(2)?;
                Op::TailCall
            }
            0x1c => {
                let types = self.number()?;
                self.pass_numbers(types)?
            }
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
            0x28..=0x3e => {
                const NAMES_MEMORY: u32 = 0x40;
                let flags = self.number()?;
                self.pass_numbers(1 + u32::from(flags & NAMES_MEMORY != 0))?;
                Op::Memory
            }
            // The size of a memory.
            0x3f => self.pass_numbers(1)?,
            0x40 => {
                self.pass_numbers(1)?;
                Op::Memory
            }
            0x41 | 0x42 => Op::Constant(self.signed()?),
            0x43 => self.pass(4)?,
            0x44 => self.pass(8)?,
            0x6d | 0x7f => Op::Divide { overflows: true },
            0x6e..=0x70 | 0x80..=0x82 => Op::Divide { overflows: false },
            0xa8..=0xab | 0xae..=0xb1 => Op::Trap,
            // `nop`, `drop`, `select`; all else that computes.
            0x01 | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => Op::Plain,
            // `ref.null` and `ref.func`.
            0xd0 | 0xd2 => self.pass_numbers(1)?,
            0xfc => match self.number()? {
                0..=7 => Op::Plain,
                // `memory.init` and `memory.copy`, `memory.fill`.
                8 | 10 => {
                    self.pass_numbers(2)?;
                    Op::Memory
                }
                11 => {
                    self.pass_numbers(1)?;
                    Op::Memory
                }
                // `table.init` and `table.copy`, `table.fill`.
                12 | 14 => {
                    self.pass_numbers(2)?;
                    Op::Trap
                }
                17 => {
                    self.pass_numbers(1)?;
                    Op::Trap
                }
                // Segments that are dropped, the size of a table.
                9 | 13 | 15 | 16 => self.pass_numbers(1)?,
                _ => return None,
            },
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
            Op::Memory,
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
