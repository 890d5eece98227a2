//! What a first visit costs to download, and which dispatch the worker was built with.

use crate::site::repository;
use crate::table::Table;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use wasmparser::{Operator, Parser, Payload};

/// The level to reach for the whole page: 600, the 25 that a second engine may take, 10 for debugging, and 10 for hosts.
const KILOBYTES: f64 = 645.0;

/// What stands in the names of files that are not part of a first visit: the reader of Go signatures is fetched
/// when there is something for it to read, the later part of the page's program when that is needed, the editor and the
/// builder when somebody writes Go, `engine.js` when another engine is chosen, `watch.js` when there is something to watch.
const LATER: [&str; 6] = ["reader", "_later", "editor", "builder", "watch", "engine"];

pub(crate) fn measure(table: &mut Table) {
    let dist = repository().join("dist");
    let mut total = 0.0;
    let mut files: Vec<_> = fs::read_dir(&dist)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    // What is in directories (the samples) is fetched when it is asked for.
    for file in files
        .iter()
        .filter(|file| file.is_file() && !is_compressed(file))
    {
        let kilobytes = sent(file);
        if !LATER.iter().any(|later| name(file).contains(later)) {
            total += kilobytes;
        }
        if kilobytes >= 10.0 {
            table.told(format!("size: {}, brotli", name(file)), kilobytes, "kB");
        }
    }
    table.held(
        "size: first visit, page and worker, brotli",
        total,
        "kB",
        KILOBYTES,
    );
    let program = files.iter().find(|file| name(file) == "app_worker.wasm");
    table.told(
        "dispatch: guaranteed tail calls in the worker's program (none: a loop)",
        tail_calls(&fs::read(program.unwrap()).unwrap()),
        "",
    );
}

/// Whether a host sends it only instead of another one.
fn is_compressed(file: &Path) -> bool {
    [Some(OsStr::new("br")), Some(OsStr::new("gz"))].contains(&file.extension())
}

/// Kilobytes, as a host with brotli sends it: what the build has compressed.
#[expect(clippy::cast_precision_loss, reason = "a file is not that large")]
fn sent(file: &Path) -> f64 {
    let mut compressed = file.as_os_str().to_owned();
    compressed.push(".br");
    let metadata = fs::metadata(&compressed).or_else(|_| fs::metadata(file));
    metadata.unwrap().len() as f64 / 1000.0
}

/// The instructions that interpret by tail call.
fn tail_calls(module: &[u8]) -> f64 {
    let mut count = 0.0;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload.unwrap() {
            for operator in body.get_operators_reader().unwrap() {
                if matches!(
                    operator.unwrap(),
                    Operator::ReturnCall { .. } | Operator::ReturnCallIndirect { .. }
                ) {
                    count += 1.0;
                }
            }
        }
    }
    count
}

fn name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    // The hash says nothing here.
    match name.split_once('-') {
        Some((stem, rest)) => format!("{stem}{}", &rest[rest.find(['.', '_']).unwrap_or(0)..]),
        None => name.into_owned(),
    }
}
