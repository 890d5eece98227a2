//! The module that stands between a metered one and the host's functions.
//!
//! A browser suspends a guest only in a function that is marked for it, and a call of one costs far more than of a plain one. So each import is
//! a function of Wasm's that calls a plain one, and only when that says that the guest waits, or ends, calls the one that suspends. What ends a call is
//! `unreachable` here, not an exception, which a `catch_all` of the guest's would hold up.

use crate::rewrite::code::Code;
use crate::rewrite::outline::{self, Outline};
use crate::rewrite::write::{self, op};

/// The type of the function that suspends: whether the call ends.
pub(super) const TYPE: [u8; 4] = [write::FUNCTION_TYPE, 0, 1, write::I32];

/// The gate for `module`, which is valid; `None`: it has something that is not known.
///
/// For the function that the module imports as the n-th, it imports `call n`, of the same type, and `take n`, which
/// takes nothing and gives the same; it exports `n`. Beside these it imports the function `wait`, of type `[] → [i32]`, and the variable
/// global `waits`, an `i32`, all from the module `host`. Where `waits` is not 0 after `call n`, what that gave is dropped, and `wait` is called: when
/// it gives 0, `take n` says what the import gives, else the call ends. The export `wait` does nothing but to call `wait`.
#[must_use]
pub fn gate(module: &[u8]) -> Option<Vec<u8>> {
    let outline = Outline::read(module)?;
    let there = module
        .get(outline.contents(outline::TYPE))
        .unwrap_or_default();
    let mut rest = Code::new(there);
    let groups = rest.number().unwrap_or(0);
    let mut types = Vec::new();
    let wait_type = outline.types.len();
    let imported = outline.imported.len();
    // `call n`, `take n`, `wait`.
    let functions = 2 * imported + 1;
    let takes: Vec<Vec<u8>> = outline
        .imported
        .iter()
        .map(|ty| {
            let results = &outline.types.get(*ty as usize)?.results;
            let mut take = vec![write::FUNCTION_TYPE, 0];
            write::number(&mut take, results.count);
            take.extend(&results.bytes);
            Some(take)
        })
        .collect::<Option<_>>()?;
    write::count(&mut types, groups as usize + 1 + imported);
    types.extend(there.get(rest.at()..).unwrap_or_default());
    types.extend(TYPE);
    types.extend(takes.concat());

    let [mut imports, mut own, mut exports, mut code] = [const { Vec::new() }; 4];
    write::count(&mut imports, functions + 1);
    write::count(&mut own, imported + 1);
    write::count(&mut exports, imported + 1);
    write::count(&mut code, imported + 1);
    for (place, ty) in outline.imported.iter().enumerate() {
        import(
            &mut imports,
            &format!("call {place}"),
            FUNCTION,
            *ty as usize,
        );
        import(
            &mut imports,
            &format!("take {place}"),
            FUNCTION,
            wait_type + 1 + place,
        );
        write::number(&mut own, *ty);
        export(&mut exports, &place.to_string(), functions + place);
        let ty = outline.types.get(*ty as usize)?;
        body(&mut code, &through(ty, place, functions - 1));
    }
    import(&mut imports, "wait", FUNCTION, wait_type);
    name(&mut imports, "host");
    name(&mut imports, "waits");
    imports.extend([GLOBAL, write::I32, 1]);
    write::count(&mut own, wait_type);
    export(&mut exports, "wait", functions + imported);
    let mut wait = vec![0];
    call(&mut wait, functions - 1);
    wait.push(write::END);
    body(&mut code, &wait);

    let mut written = b"\0asm\x01\0\0\0".to_vec();
    for (id, contents) in [
        (outline::TYPE, types),
        (outline::IMPORT, imports),
        (outline::FUNCTION, own),
        (outline::EXPORT, exports),
        (outline::CODE, code),
    ] {
        write::section(&mut written, id, &contents);
    }
    Some(written)
}

const FUNCTION: u8 = 0;
const GLOBAL: u8 = 3;

/// The body of the function that the guest calls in place of an import.
fn through(ty: &outline::Type, place: usize, wait: usize) -> Vec<u8> {
    let mut out = vec![0];
    for param in 0..ty.params.count {
        op(&mut out, write::LOCAL_GET, param);
    }
    call(&mut out, 2 * place);
    op(&mut out, write::GLOBAL_GET, 0);
    out.push(write::I32_EQZ);
    op(&mut out, write::BR_IF, 0);
    out.extend((0..ty.results.count).map(|_| write::DROP));
    call(&mut out, wait);
    out.extend([write::IF, write::NOTHING, write::UNREACHABLE, write::END]);
    call(&mut out, 2 * place + 1);
    out.push(write::END);
    out
}

fn call(out: &mut Vec<u8>, function: usize) {
    op(
        out,
        write::CALL,
        u32::try_from(function).unwrap_or(u32::MAX),
    );
}

fn body(code: &mut Vec<u8>, body: &[u8]) {
    write::count(code, body.len());
    code.extend(body);
}

fn name(to: &mut Vec<u8>, name: &str) {
    write::count(to, name.len());
    to.extend(name.bytes());
}

fn import(imports: &mut Vec<u8>, what: &str, kind: u8, index: usize) {
    name(imports, "host");
    name(imports, what);
    imports.push(kind);
    write::count(imports, index);
}

fn export(exports: &mut Vec<u8>, what: &str, index: usize) {
    name(exports, what);
    exports.push(FUNCTION);
    write::count(exports, index);
}
