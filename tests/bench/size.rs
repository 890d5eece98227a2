//! What a first visit costs to download, and which dispatch the worker was built with.

use crate::site::repository;
use crate::table::Table;
use std::fs;
use std::io::Write;
use std::path::Path;
use wasmparser::{Operator, Parser, Payload};

/// The level to reach for the whole page. (The first version aimed at 500 kB.)
const KILOBYTES: f64 = 600.0;

/// What files that are not part of a first visit begin with: the reader of Go signatures is fetched
/// when there is something for it to read.
const LATER: &str = "reader";

pub(crate) fn measure(table: &mut Table) {
    let dist = repository().join("dist");
    let mut total = 0.0;
    let mut files: Vec<_> = fs::read_dir(&dist)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    // What is in directories (the samples) is fetched when it is asked for.
    for file in files.iter().filter(|file| file.is_file()) {
        let kilobytes = compressed(&fs::read(file).unwrap());
        if !name(file).starts_with(LATER) {
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
    let program = files.iter().find(|file| name(file) == "app_bg.wasm");
    table.told(
        "dispatch: guaranteed tail calls in the page's program (none: a loop)",
        tail_calls(&fs::read(program.unwrap()).unwrap()),
        "",
    );
}

/// Kilobytes, as a host with brotli would send them.
#[expect(clippy::cast_precision_loss, reason = "a file is not that large")]
fn compressed(bytes: &[u8]) -> f64 {
    let mut out = Vec::new();
    {
        let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, 11, 22);
        writer.write_all(bytes).unwrap();
    }
    out.len() as f64 / 1000.0
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
    // Trunk's hash says nothing here.
    match name.split_once('-') {
        Some((stem, rest)) => format!("{stem}{}", &rest[rest.find(['.', '_']).unwrap_or(0)..]),
        None => name.into_owned(),
    }
}
