//! The modules that stand between a metered one and its host: the gate, which the guest calls its host through, and a door, through which
//! the host calls it.
//!
//! All that crosses is bits in the *room*, a stretch of the host's own memory: JavaScript's values could not tell one NaN from another, and
//! no JavaScript stands between guest and host. A browser suspends a guest only in a function that is marked for it, and a call of one costs far more than of a
//! plain one. So each import is a function of Wasm's that calls a plain one, and only when that says that the guest waits, calls the one that
//! suspends. References are numbers in the room; the engine's side makes these of them, and them of these. What ends a call is `unreachable` here, not an exception, which a `catch_all` of the guest's would hold up.

use crate::module::{FuncType, ValType};
use crate::rewrite::outline;
use crate::rewrite::write::{self, access, constant, op};

/// The type of the function that suspends: whether the call ends.
pub(super) const TYPE: [u8; 4] = [write::FUNCTION_TYPE, 0, 1, write::I32];

/// The type of what the host is asked by: the room and what is asked; what comes of that.
const ASK: [u8; 6] = [
    write::FUNCTION_TYPE,
    2,
    write::I32,
    write::I32,
    1,
    write::I32,
];

/// The type of what takes and gives nothing but what is in the room.
const PASS: [u8; 3] = [write::FUNCTION_TYPE, 0, 0];

/// Bytes of the room for each argument or result: the first one begins it.
pub const SLOT: u32 = 16;

/// What the host is asked beside calls of imports, which are asked for by their numbers from 0.
pub mod asked {
    /// The guest has no fuel left, or no depth.
    pub const TICK: i32 = -1;
    /// The guest goes on after it waited: what it is to get is put into the room.
    pub const TAKE: i32 = -2;
    /// An export has returned: its results are in the room.
    pub const RETURNED: i32 = -3;
}

/// What the host says to that.
pub mod said {
    /// The guest goes on.
    pub const ON: i32 = 0;
    /// It waits.
    pub const WAITS: i32 = 1;
    /// Its call ends.
    pub const ENDS: i32 = 2;
}

/// The types of what makes a number of a reference, and the reference that a number stands for.
const REFERENCES: [(&str, [u8; 5]); 4] = [
    (
        "function number",
        [write::FUNCTION_TYPE, 1, write::FUNC_REF, 1, write::I64],
    ),
    (
        "function",
        [write::FUNCTION_TYPE, 1, write::I64, 1, write::FUNC_REF],
    ),
    (
        "thing number",
        [write::FUNCTION_TYPE, 1, write::EXTERN_REF, 1, write::I64],
    ),
    (
        "thing",
        [write::FUNCTION_TYPE, 1, write::I64, 1, write::EXTERN_REF],
    ),
];

/// The indices of what both modules import, and of their first types.
const ASK_FUNCTION: u32 = 0;
const WAIT_FUNCTION: u32 = 1;
const FUNCTION_NUMBER: u32 = 2;
const THE_FUNCTION: u32 = 3;
const THING_NUMBER: u32 = 4;
const THE_THING: u32 = 5;
const IMPORTED: u32 = 6;
const WAIT_TYPE: usize = 0;
const ASK_TYPE: usize = 1;
const PASS_TYPE: usize = 2;
const REFERENCE_TYPE: usize = 3;
const OWN_TYPE: usize = REFERENCE_TYPE + REFERENCES.len();

/// The gate for a module that imports functions of these types, in their order.
///
/// It exports for the n-th of them the function `n`, and `tick`, which the metered module's table `gate` is to have. From the module `host` it imports the
/// memory `memory`, and the functions `ask`, of type `[i32 i32] → [i32]`, and `wait`, of type `[] → [i32]`, which suspends the guest: when that
/// gives 0, the guest goes on, else the call ends. `function number` and `thing number` give the numbers that stand for references, `function` and `thing` what
/// numbers stand for; 0 is null. `ask` gets the address of the room and what is [`asked`], and says one of [`said`].
/// Before a call of an import its arguments are in the room; after it, its results are to be there. `None`: the room
/// does not end within the memory.
#[must_use]
pub fn gate(imports: &[FuncType], room: u32) -> Option<Vec<u8>> {
    let mut types = host_types();
    let mut functions = Vec::new();
    let mut exports = Vec::new();
    let mut code = Vec::new();
    for (place, ty) in imports.iter().enumerate() {
        types.push(function_type(ty));
        functions.push(OWN_TYPE + place);
        exports.push(place.to_string());
        code.push(through(ty, u32::try_from(place).ok()?, room)?);
    }
    functions.push(WAIT_TYPE);
    exports.push("tick".to_owned());
    code.push(tick(room));
    let imported = IMPORTED as usize;
    Some(module(
        &types,
        &host(),
        (imported, &functions, &exports),
        &code,
    ))
}

/// The door to an export of this type: it imports that as `export` from the module `guest`, and what the gate imports from
/// `host`. It exports `open`, which calls it with what is in the room, puts its results there, and says that it has returned. `None`: as for
/// [`gate`].
#[must_use]
pub fn door(ty: &FuncType, room: u32) -> Option<Vec<u8>> {
    let mut types = host_types();
    types.push(function_type(ty));
    let mut imports = host();
    imports.push(import("guest", "export", FUNCTION, OWN_TYPE));
    // Results wait in locals, since addresses come first.
    let mut body = Vec::new();
    write::count(&mut body, ty.results.len());
    for ty in &ty.results {
        body.extend([1, byte(*ty)]);
    }
    load(&mut body, &ty.params, room)?;
    op(&mut body, write::CALL, IMPORTED);
    store_results(&mut body, &ty.results, room)?;
    ask(&mut body, room, asked::RETURNED);
    body.extend([write::DROP, write::END]);
    let exports = ["open".to_owned()];
    Some(module(
        &types,
        &imports,
        (IMPORTED as usize + 1, &[PASS_TYPE], &exports),
        &[body],
    ))
}

const FUNCTION: u8 = 0;
const MEMORY: u8 = 2;

/// The types that both begin with.
fn host_types() -> Vec<Vec<u8>> {
    let mut types = vec![TYPE.to_vec(), ASK.to_vec(), PASS.to_vec()];
    types.extend(REFERENCES.iter().map(|(_, ty)| ty.to_vec()));
    types
}

/// What both import from the host.
fn host() -> Vec<Vec<u8>> {
    let mut memory = import("host", "memory", MEMORY, 0);
    // As small as it likes.
    memory.push(0);
    let mut imports = vec![
        import("host", "ask", FUNCTION, ASK_TYPE),
        import("host", "wait", FUNCTION, WAIT_TYPE),
    ];
    let references = REFERENCES.iter().zip(REFERENCE_TYPE..);
    imports.extend(references.map(|((what, _), ty)| import("host", what, FUNCTION, ty)));
    imports.push(memory);
    imports
}

fn import(module: &str, what: &str, kind: u8, index: usize) -> Vec<u8> {
    let mut import = Vec::new();
    write::name(&mut import, module);
    write::name(&mut import, what);
    import.push(kind);
    write::count(&mut import, index);
    import
}

fn byte(ty: ValType) -> u8 {
    match ty {
        ValType::I32 => write::I32,
        ValType::I64 => write::I64,
        ValType::F32 => write::F32,
        ValType::F64 => write::F64,
        ValType::V128 => write::V128,
        ValType::FuncRef => write::FUNC_REF,
        ValType::ExternRef => write::EXTERN_REF,
    }
}

fn function_type(ty: &FuncType) -> Vec<u8> {
    let mut out = vec![write::FUNCTION_TYPE];
    for types in [&ty.params, &ty.results] {
        write::count(&mut out, types.len());
        out.extend(types.iter().map(|ty| byte(*ty)));
    }
    out
}

/// A module of these types, imports, functions of its own with their exports, behind so many that are imported, and bodies.
fn module(
    types: &[Vec<u8>],
    imports: &[Vec<u8>],
    (imported, functions, exports): (usize, &[usize], &[String]),
    code: &[Vec<u8>],
) -> Vec<u8> {
    let listed = |items: &[Vec<u8>]| {
        let mut out = Vec::new();
        write::count(&mut out, items.len());
        out.extend(items.concat());
        out
    };
    let counted = |index: &usize| {
        let mut out = Vec::new();
        write::count(&mut out, *index);
        out
    };
    let functions: Vec<_> = functions.iter().map(counted).collect();
    let exports = exports.iter().zip(imported..).map(|(what, index)| {
        let mut out = Vec::new();
        write::name(&mut out, what);
        out.push(FUNCTION);
        write::count(&mut out, index);
        out
    });
    let bodies = code.iter().map(|body| {
        let mut out = counted(&body.len());
        out.extend(body);
        out
    });
    let mut written = b"\0asm\x01\0\0\0".to_vec();
    for (id, contents) in [
        (outline::TYPE, listed(types)),
        (outline::IMPORT, listed(imports)),
        (outline::FUNCTION, listed(&functions)),
        (outline::EXPORT, listed(&exports.collect::<Vec<_>>())),
        (outline::CODE, listed(&bodies.collect::<Vec<_>>())),
    ] {
        write::section(&mut written, id, &contents);
    }
    written
}

/// Asks the host for something.
fn ask(out: &mut Vec<u8>, room: u32, what: i32) {
    constant(out, room);
    constant(out, what.cast_unsigned());
    op(out, write::CALL, ASK_FUNCTION);
}

/// The body of the function that the guest calls in place of an import.
fn through(ty: &FuncType, place: u32, room: u32) -> Option<Vec<u8>> {
    let status = u32::try_from(ty.params.len()).ok()?;
    let mut out = vec![1, 1, write::I32];
    for (index, ty) in (0..).zip(&ty.params) {
        constant(&mut out, address(room, index)?);
        op(&mut out, write::LOCAL_GET, index);
        store(&mut out, *ty);
    }
    ask(&mut out, room, place.cast_signed());
    op(&mut out, write::LOCAL_TEE, status);
    out.extend([write::IF, write::NOTHING]);
    op(&mut out, write::LOCAL_GET, status);
    constant(&mut out, said::WAITS.cast_unsigned());
    out.extend([
        write::I32_NE,
        write::IF,
        write::NOTHING,
        write::UNREACHABLE,
        write::END,
    ]);
    op(&mut out, write::CALL, WAIT_FUNCTION);
    out.extend([write::IF, write::NOTHING, write::UNREACHABLE, write::END]);
    ask(&mut out, room, asked::TAKE);
    out.extend([write::DROP, write::END]);
    load(&mut out, &ty.results, room)?;
    out.push(write::END);
    Some(out)
}

/// The body of what is called when there is no fuel left: whether the call ends.
fn tick(room: u32) -> Vec<u8> {
    let mut out = vec![1, 1, write::I32];
    ask(&mut out, room, asked::TICK);
    op(&mut out, write::LOCAL_TEE, 0);
    constant(&mut out, said::WAITS.cast_unsigned());
    out.extend([write::I32_NE, write::IF, write::NOTHING]);
    op(&mut out, write::LOCAL_GET, 0);
    out.extend([write::RETURN, write::END]);
    op(&mut out, write::CALL, WAIT_FUNCTION);
    out.push(write::END);
    out
}

/// Where an argument or a result is in the room.
fn address(room: u32, index: u32) -> Option<u32> {
    room.checked_add(index.checked_mul(SLOT)?)
}

/// Stores the operand at the address below it.
fn store(out: &mut Vec<u8>, ty: ValType) {
    match ty {
        ValType::I32 => out.push(write::I64_EXTEND_I32_U),
        ValType::F32 => out.extend([write::I32_REINTERPRET_F32, write::I64_EXTEND_I32_U]),
        ValType::F64 => out.push(write::I64_REINTERPRET_F64),
        ValType::FuncRef => op(out, write::CALL, FUNCTION_NUMBER),
        ValType::ExternRef => op(out, write::CALL, THING_NUMBER),
        ValType::V128 => return out.extend([write::VECTOR, write::V128_STORE, 0, 0]),
        ValType::I64 => {}
    }
    out.extend([write::I64_STORE, 0, 0]);
}

/// Pushes what is in the room.
fn load(out: &mut Vec<u8>, types: &[ValType], room: u32) -> Option<()> {
    for (index, ty) in (0..).zip(types) {
        constant(out, address(room, index)?);
        match ty {
            ValType::I32 => access(out, write::I32_LOAD, 0, 0, 0),
            ValType::F32 => access(out, write::F32_LOAD, 0, 0, 0),
            ValType::F64 => access(out, write::F64_LOAD, 0, 0, 0),
            ValType::V128 => out.extend([write::VECTOR, write::V128_LOAD, 0, 0]),
            ValType::I64 | ValType::FuncRef | ValType::ExternRef => {
                access(out, write::I64_LOAD, 0, 0, 0);
            }
        }
        match ty {
            ValType::FuncRef => op(out, write::CALL, THE_FUNCTION),
            ValType::ExternRef => op(out, write::CALL, THE_THING),
            _ => {}
        }
    }
    Some(())
}

/// Stores the operands into the room; there is a local for each.
fn store_results(out: &mut Vec<u8>, types: &[ValType], room: u32) -> Option<()> {
    let last = u32::try_from(types.len()).ok()?;
    for (index, ty) in (0..last).zip(types).rev() {
        op(out, write::LOCAL_SET, index);
        constant(out, address(room, index)?);
        op(out, write::LOCAL_GET, index);
        store(out, *ty);
    }
    Some(())
}
