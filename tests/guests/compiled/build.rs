//! Compiles the guests: Rust by the toolchain of this build, for `wasm32-wasip1`, and WAT by the `wat`
//! crate.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

fn main() {
    let programs = Path::new("../programs");
    // The whole folder, so that a new program is seen as well.
    println!("cargo::rerun-if-changed={}", programs.display());
    let out = PathBuf::from(variable("OUT_DIR"));
    let mut sources: Vec<PathBuf> = fs::read_dir(programs)
        .expect("a folder of the repository")
        .map(|entry| entry.expect("an entry of it").path())
        .filter(|path| path.is_file())
        .collect();
    sources.sort();

    let mut all = "pub const ALL: &[(&str, &[u8])] = &[\n".to_owned();
    for source in &sources {
        let name = source.file_stem().unwrap_or_default().to_string_lossy();
        let module = out.join(format!("{name}.wasm"));
        if source
            .extension()
            .is_some_and(|extension| extension == "wat")
        {
            let bytes = wat::parse_file(source).unwrap_or_else(|error| panic!("{error}"));
            fs::write(&module, bytes).expect("OUT_DIR can be written");
        } else if modified(&module)
            < modified(source).max(modified(&programs.join("support/wasi.rs")))
        {
            compile(source, &module);
        }
        writeln!(all, "    ({name:?}, include_bytes!({module:?})),")
            .expect("a string can be written");
    }
    all.push_str("];\n");
    fs::write(out.join("all.rs"), all).expect("OUT_DIR can be written");
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|error| panic!("{name}: {error}: cargo sets it"))
}

/// `None` if there is no such file.
fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file)
        .and_then(|metadata| metadata.modified())
        .ok()
}

/// rustc itself, and not cargo: what the outer build is told of flags and targets is none of theirs.
fn compile(source: &Path, module: &Path) {
    let status = Command::new(variable("RUSTC"))
        .args(["--edition", "2024", "--target", "wasm32-wasip1", "-O"])
        .args(["-C", "strip=debuginfo"])
        .arg("-o")
        .args([module, source])
        .status()
        .expect("rustc is there: it has compiled this");
    assert!(
        status.success(),
        "{} does not compile (is the target wasm32-wasip1 missing? `make setup` installs it)",
        source.display()
    );
}
