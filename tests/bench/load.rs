//! From a file that is picked to its exports listed.

use crate::board::journey;
use crate::table::Table;
use std::fs;
use std::sync::{Arc, Mutex};
use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TypeSection, ValType,
};

/// The sizes, in bytes, and for how many milliseconds the page may load them.
const SIZES: [(usize, f64); 3] = [(100_000, 100.0), (2_000_000, 250.0), (25_000_000, 500.0)];

/// A frame of the page may take so many milliseconds meanwhile.
const FRAME: f64 = 50.0;

pub(crate) async fn measure(table: &mut Table) {
    let times: Arc<Mutex<Vec<[f64; 2]>>> = Arc::default();
    let seen = Arc::clone(&times);
    let scratch = std::env::temp_dir().join(format!("plugboard-bench-{}", std::process::id()));
    fs::create_dir_all(&scratch).unwrap();
    let files = SIZES.map(|(size, _)| {
        let file = scratch.join(format!("{size}.wasm"));
        fs::write(&file, module(size)).unwrap();
        file
    });
    journey(|board| async move {
        for file in files {
            board.watch_frames().await;
            board.deed("timeLoad", &[]).await;
            board.pick_file(&file).await;
            let milliseconds = board.deed("load", &[]).await.as_f64().unwrap();
            let task = board.frames().await.longest_task;
            seen.lock().unwrap().push([milliseconds, task]);
        }
    })
    .await;
    fs::remove_dir_all(scratch).unwrap();
    let mut longest: f64 = 0.0;
    for ((size, level), [milliseconds, task]) in SIZES.iter().zip(times.lock().unwrap().iter()) {
        let megabytes = *size as f64 / 1e6;
        table.held(
            format!("load: {megabytes} MB, picked → exports listed"),
            *milliseconds,
            "ms",
            *level,
        );
        longest = longest.max(*task);
    }
    table.held(
        "load: the longest task of the page's thread meanwhile (0: under 50 ms)",
        longest,
        "ms",
        FRAME,
    );
}

/// A valid module of about so many bytes, in functions of a size that compilers write.
fn module(size: usize) -> Vec<u8> {
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
