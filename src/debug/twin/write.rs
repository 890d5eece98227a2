//! What the twin is written with: numbers, instructions and sections as the binary format has them.

pub(super) const I32: u8 = 0x7f;
pub(super) const FUNCTION_TYPE: u8 = 0x60;
pub(super) const FUNC_REF: u8 = 0x70;
/// The type of a block without results.
pub(super) const NOTHING: u8 = 0x40;

pub(super) const UNREACHABLE: u8 = 0x00;
pub(super) const BLOCK: u8 = 0x02;
pub(super) const IF: u8 = 0x04;
pub(super) const END: u8 = 0x0b;
pub(super) const BR: u8 = 0x0c;
const CALL_INDIRECT: u8 = 0x11;
pub(super) const DROP: u8 = 0x1a;
pub(super) const LOCAL_GET: u8 = 0x20;
pub(super) const LOCAL_SET: u8 = 0x21;
pub(super) const LOCAL_TEE: u8 = 0x22;
pub(super) const GLOBAL_GET: u8 = 0x23;
pub(super) const GLOBAL_SET: u8 = 0x24;
pub(super) const I32_LOAD: u8 = 0x28;
pub(super) const I64_LOAD: u8 = 0x29;
pub(super) const I32_LOAD8_U: u8 = 0x2d;
pub(super) const I32_LOAD16_U: u8 = 0x2f;
pub(super) const I32_STORE: u8 = 0x36;
const I32_CONST: u8 = 0x41;
pub(super) const I64_CONST: u8 = 0x42;
pub(super) const I64_NE: u8 = 0x52;
pub(super) const I32_ADD: u8 = 0x6a;

/// Appends a number.
pub(super) fn number(to: &mut Vec<u8>, mut number: u32) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            to.push(low);
            return;
        }
        to.push(low | 0x80);
    }
}

/// How many things there are.
pub(super) fn count(to: &mut Vec<u8>, count: usize) {
    number(to, u32::try_from(count).unwrap_or(u32::MAX));
}

/// Appends an instruction with one immediate.
pub(super) fn op(to: &mut Vec<u8>, opcode: u8, immediate: u32) {
    to.push(opcode);
    number(to, immediate);
}

/// Appends `i32.const` of what an unsigned number is as a signed one.
pub(super) fn constant(to: &mut Vec<u8>, value: u32) {
    to.push(I32_CONST);
    signed(to, value.cast_signed().into());
}

/// Appends a signed number.
pub(super) fn signed(to: &mut Vec<u8>, mut rest: i64) {
    loop {
        let [low, ..] = rest.to_le_bytes();
        rest >>= 7;
        // The last byte's highest bit but one is the sign.
        if (rest == 0 && low & 0x40 == 0) || (rest == -1 && low & 0x40 != 0) {
            to.push(low & 0x7f);
            return;
        }
        to.push(low | 0x80);
    }
}

/// Appends a load or store of the memory that has this index.
pub(super) fn access(to: &mut Vec<u8>, opcode: u8, align: u8, memory: u32, offset: u32) {
    const NAMES_MEMORY: u8 = 0x40;
    to.push(opcode);
    match memory {
        0 => to.push(align),
        _ => op(to, align | NAMES_MEMORY, memory),
    }
    number(to, offset);
}

/// Appends a call of the only function of a table.
pub(super) fn call_indirect(to: &mut Vec<u8>, ty: u32, table: u32) {
    constant(to, 0);
    op(to, CALL_INDIRECT, ty);
    number(to, table);
}

/// Appends a section.
pub(super) fn section(to: &mut Vec<u8>, id: u8, contents: &[u8]) {
    to.push(id);
    count(to, contents.len());
    to.extend(contents);
}
