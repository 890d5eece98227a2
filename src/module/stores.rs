//! Stores that wasmi 2.0.0 cannot translate: it panics where the address and the value of an `i32` store
//! are one local that it holds in a register, and the offset has more than 16 bits or the memory is not
//! the first. The engine gets such a function with the value moved through a local of its own.

use super::assemble::{self, Id, leb128};
use wasmparser::BinaryReader;

const LOCAL_GET: u8 = 0x20;
const LOCAL_SET: u8 = 0x21;
const LOCAL_TEE: u8 = 0x22;
const I32_STORE: u8 = 0x36;
const I32_STORE8: u8 = 0x3a;
const I32_STORE16: u8 = 0x3b;
const I32: u8 = 0x7f;

/// A function with such stores.
pub(super) struct Function {
    /// Where its body begins in the file, behind its size.
    pub(super) body: usize,
    /// The locals that it has, parameters counted.
    pub(super) locals: u32,
    /// Where the stores are in the file.
    pub(super) stores: Vec<usize>,
}

/// Whether the instruction at `at` may be such a store; `before` are the places of the two before it.
pub(super) fn is_one(module: &[u8], at: usize, before: [usize; 2]) -> bool {
    let is = || {
        let mut store = instruction(module, at)?;
        let opcode = store.read_u8().ok()?;
        if !matches!(opcode, I32_STORE | I32_STORE8 | I32_STORE16) {
            return None;
        }
        let names_memory = store.read_var_u32().ok()? & 0x40 != 0;
        let offset = if names_memory {
            u64::MAX
        } else {
            store.read_var_u64().ok()?
        };
        if offset <= u64::from(u16::MAX) {
            return None;
        }
        let [address, value] = before.map(|place| pushed(module, place));
        match (address?, value?) {
            // Whatever the address is.
            (_, Pushed::NoLocal) => None,
            (Pushed::NoLocal, Pushed::Local(_)) => None,
            (Pushed::Local(address), Pushed::Local(value)) if address != value => None,
            // What else makes a value may hand a local on: `x + 0` does.
            _ => Some(()),
        }
    };
    is().is_some()
}

/// What an instruction pushes.
enum Pushed {
    Local(u32),
    NoLocal,
    Unknown,
}

fn pushed(module: &[u8], at: usize) -> Option<Pushed> {
    let mut instruction = instruction(module, at)?;
    Some(match instruction.read_u8().ok()? {
        LOCAL_GET | LOCAL_TEE => Pushed::Local(instruction.read_var_u32().ok()?),
        // `global.get`, the loads, and the constants.
        0x23 | 0x28..=0x35 | 0x41..=0x44 => Pushed::NoLocal,
        _ => Pushed::Unknown,
    })
}

fn instruction(module: &[u8], at: usize) -> Option<BinaryReader<'_>> {
    Some(BinaryReader::new(module.get(at..)?, at))
}

/// The module with the value of each such store moved.
pub(super) fn moved(module: &[u8], functions: &[Function]) -> Option<Vec<u8>> {
    assemble::changed(module, &mut |id, contents, written| {
        if id != Id::Code as u8 {
            return Some(false);
        }
        let mut rest = contents;
        let count = rest.read_var_u32().ok()?;
        let mut code = leb128(count as usize);
        let mut functions = functions.iter().peekable();
        for _ in 0..count {
            let size = rest.read_var_u32().ok()?;
            let body = rest.original_position();
            let bytes = rest.read_bytes(size as usize).ok()?;
            match functions.next_if(|function| function.body == body) {
                Some(function) => {
                    let bytes = function.moved(bytes)?;
                    code.extend(leb128(bytes.len()));
                    code.extend(bytes);
                }
                None => {
                    code.extend(leb128(size as usize));
                    code.extend(bytes);
                }
            }
        }
        assemble::section(written, Id::Code, &code);
        Some(true)
    })
}

impl Function {
    /// The body, with a local more.
    fn moved(&self, body: &[u8]) -> Option<Vec<u8>> {
        let mut rest = BinaryReader::new(body, self.body);
        let groups = rest.read_var_u32().ok()?;
        let first = rest.original_position();
        for _ in 0..groups {
            rest.read_var_u32().ok()?;
            rest.read_u8().ok()?;
        }
        let mut from = rest.original_position();
        let part = |from: usize, to: usize| body.get(from - self.body..to - self.body);
        let mut moved = leb128(groups as usize + 1);
        moved.extend(part(first, from)?);
        moved.extend([1, I32]);
        let local = leb128(self.locals as usize);
        for store in &self.stores {
            moved.extend(part(from, *store)?);
            for opcode in [LOCAL_SET, LOCAL_GET] {
                moved.push(opcode);
                moved.extend(&local);
            }
            from = *store;
        }
        moved.extend(part(from, self.body + body.len())?);
        Some(moved)
    }
}
