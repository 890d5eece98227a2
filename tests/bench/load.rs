//! From a file that is picked to its exports listed.

use crate::picked::{self, Timed};
use crate::table::Table;
use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TypeSection, ValType,
};

/// The sizes, in bytes, and for how many milliseconds the page may load them.
const SIZES: [(usize, f64); 3] = [(100_000, 100.0), (2_000_000, 250.0), (25_000_000, 500.0)];

pub(crate) async fn measure(table: &mut Table) {
    let timed = SIZES.map(|(size, level)| Timed {
        module: module(size),
        deed: "timeLoad",
        args: Vec::new(),
        row: format!("load: {} MB, picked → exports listed", size as f64 / 1e6),
        level: Some(level),
    });
    picked::measure(table, "load", timed.into()).await;
}

/// A valid module of about so many bytes, in functions of a size that compilers write.
pub(crate) fn module(size: usize) -> Vec<u8> {
    const BODY: usize = 600;
    let mut body = Function::new([(1, ValType::I32)]);
    let mut instructions = body.instructions();
    for constant in 0.. {
        if constant * 11 > BODY {
            break;
        }
        let offset = i32::try_from(constant).unwrap() * 1000;
        instructions
            .local_get(0)
            .i32_const(offset)
            .i32_add()
            .local_tee(1)
            .i32_eqz()
            .drop();
    }
    instructions.local_get(1).end();
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let (mut functions, mut code, mut exports) = (
        FunctionSection::new(),
        CodeSection::new(),
        ExportSection::new(),
    );
    for index in 0..u32::try_from(size / (body.byte_len() + 4)).unwrap() {
        functions.function(0);
        code.function(&body);
        if index % 100 == 0 {
            exports.export(&format!("export_{index}"), ExportKind::Func, index);
        }
    }
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&exports)
        .section(&code);
    module.finish()
}
