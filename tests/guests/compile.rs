//! Compiles the guests: Rust by the pinned toolchain, WAT by the `wat` crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// Where the sources are.
pub fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests/programs")
}

/// The module of `guest`, compiled if it is older than its source.
pub fn module(guest: &str) -> Vec<u8> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/guests/wasi");
    fs::create_dir_all(&folder).expect("target can be written");
    let module = folder.join(format!("{guest}.wasm"));
    let wat = programs().join(format!("{guest}.wat"));
    let rust = programs().join(format!("{guest}.rs"));
    if wat.exists() {
        let bytes = wat::parse_file(&wat).expect("the guest assembles");
        fs::write(&module, bytes).expect("target can be written");
    } else {
        let sources = [rust.clone(), programs().join("support/wasi.rs")];
        let newest = sources.iter().map(|source| modified(source)).max();
        if !module.exists() || Some(modified(&module)) < newest {
            compile(&rust, &module);
        }
    }
    fs::read(&module).expect("it was compiled")
}

fn modified(file: &Path) -> SystemTime {
    fs::metadata(file)
        .and_then(|metadata| metadata.modified())
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn compile(source: &Path, module: &Path) {
    // Under another name first: what is there under its own is always whole.
    let unfinished = module.with_extension(format!("{}.unfinished", process::id()));
    let status = Command::new("rustc")
        .args(["--edition", "2024", "--target", "wasm32-wasip1", "-O"])
        .args(["-C", "strip=debuginfo"])
        .arg("-o")
        .args([&unfinished, source])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("rustc is there: it has compiled this test");
    assert!(status.success(), "{} does not compile", source.display());
    fs::rename(&unfinished, module).expect("target can be written");
}
