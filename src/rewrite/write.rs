//! What modules are written with: numbers, instructions and sections as the binary format has them.

pub(crate) const I32: u8 = 0x7f;
pub(crate) const I64: u8 = 0x7e;
pub(crate) const F32: u8 = 0x7d;
pub(crate) const F64: u8 = 0x7c;
pub(crate) const V128: u8 = 0x7b;
pub(crate) const FUNCTION_TYPE: u8 = 0x60;
pub(crate) const FUNC_REF: u8 = 0x70;
pub(crate) const EXTERN_REF: u8 = 0x6f;
/// The type of a block without results.
pub(crate) const NOTHING: u8 = 0x40;

pub(crate) const UNREACHABLE: u8 = 0x00;
pub(crate) const BLOCK: u8 = 0x02;
pub(crate) const IF: u8 = 0x04;
pub(crate) const END: u8 = 0x0b;
pub(crate) const BR: u8 = 0x0c;
pub(crate) const RETURN: u8 = 0x0f;
pub(crate) const CALL: u8 = 0x10;
const CALL_INDIRECT: u8 = 0x11;
pub(crate) const DROP: u8 = 0x1a;
pub(crate) const LOCAL_GET: u8 = 0x20;
pub(crate) const LOCAL_SET: u8 = 0x21;
pub(crate) const LOCAL_TEE: u8 = 0x22;
pub(crate) const GLOBAL_GET: u8 = 0x23;
pub(crate) const GLOBAL_SET: u8 = 0x24;
pub(crate) const I32_LOAD: u8 = 0x28;
pub(crate) const I64_LOAD: u8 = 0x29;
pub(crate) const F32_LOAD: u8 = 0x2a;
pub(crate) const F64_LOAD: u8 = 0x2b;
pub(crate) const I32_LOAD8_U: u8 = 0x2d;
pub(crate) const I32_LOAD16_U: u8 = 0x2f;
pub(crate) const I32_STORE: u8 = 0x36;
pub(crate) const I64_STORE: u8 = 0x37;
pub(crate) const MEMORY_SIZE: u8 = 0x3f;
pub(crate) const MEMORY_GROW: u8 = 0x40;
pub(crate) const I32_CONST: u8 = 0x41;
pub(crate) const I64_CONST: u8 = 0x42;
pub(crate) const I32_NE: u8 = 0x47;
pub(crate) const I32_LT_S: u8 = 0x48;
pub(crate) const I64_NE: u8 = 0x52;
pub(crate) const I64_LT_U: u8 = 0x54;
pub(crate) const I64_GT_U: u8 = 0x56;
pub(crate) const I32_ADD: u8 = 0x6a;
pub(crate) const I32_SUB: u8 = 0x6b;
pub(crate) const I32_OR: u8 = 0x72;
pub(crate) const I32_SHR_U: u8 = 0x76;
pub(crate) const I64_ADD: u8 = 0x7c;
pub(crate) const I64_SHR_U: u8 = 0x88;
pub(crate) const I32_WRAP_I64: u8 = 0xa7;
pub(crate) const I64_EXTEND_I32_U: u8 = 0xad;
pub(crate) const I32_REINTERPRET_F32: u8 = 0xbc;
pub(crate) const I64_REINTERPRET_F64: u8 = 0xbd;
/// What instructions on vectors begin with, and two of them.
pub(crate) const VECTOR: u8 = 0xfd;
pub(crate) const V128_LOAD: u8 = 0x00;
pub(crate) const V128_STORE: u8 = 0x0b;
/// What two-byte instructions begin with, and two of them.
pub(crate) const MISC: u8 = 0xfc;
pub(crate) const TABLE_GROW: u8 = 0x0f;
pub(crate) const TABLE_SIZE: u8 = 0x10;

/// Appends a number.
pub(crate) fn number(to: &mut Vec<u8>, mut number: u32) {
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
pub(crate) fn count(to: &mut Vec<u8>, count: usize) {
    number(to, u32::try_from(count).unwrap_or(u32::MAX));
}

/// Appends a name.
pub(crate) fn name(to: &mut Vec<u8>, name: &str) {
    count(to, name.len());
    to.extend(name.bytes());
}

/// Appends an instruction with one immediate.
pub(crate) fn op(to: &mut Vec<u8>, opcode: u8, immediate: u32) {
    to.push(opcode);
    number(to, immediate);
}

/// Appends `i32.const` of what an unsigned number is as a signed one.
pub(crate) fn constant(to: &mut Vec<u8>, value: u32) {
    to.push(I32_CONST);
    signed(to, value.cast_signed().into());
}

/// Appends a signed number.
pub(crate) fn signed(to: &mut Vec<u8>, mut rest: i64) {
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
pub(crate) fn access(to: &mut Vec<u8>, opcode: u8, align: u8, memory: u32, offset: u32) {
    const NAMES_MEMORY: u8 = 0x40;
    to.push(opcode);
    match memory {
        0 => to.push(align),
        _ => op(to, align | NAMES_MEMORY, memory),
    }
    number(to, offset);
}

/// Appends a call of the only function of a table.
pub(crate) fn call_indirect(to: &mut Vec<u8>, ty: u32, table: u32) {
    constant(to, 0);
    op(to, CALL_INDIRECT, ty);
    number(to, table);
}

/// Appends a section.
pub(crate) fn section(to: &mut Vec<u8>, id: u8, contents: &[u8]) {
    to.push(id);
    count(to, contents.len());
    to.extend(contents);
}
