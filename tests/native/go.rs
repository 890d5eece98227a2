//! Go programs: built for wasip1, with the Go of PATH or the one that `make setup` has installed, and put
//! on a board with their source.

use crate::driver::Driver;
use plugboard::go::{Signature, Source};
use plugboard::protocol::{Command as Told, Event};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs};

/// Builds the program in a folder, with flags of `go build`.
///
/// # Errors
///
/// What Go says if it does not build.
pub fn build(folder: &Path, flags: &[&str]) -> Result<Vec<u8>, String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let wasm = env::temp_dir().join(format!("plugboard-{}-{next}.wasm", std::process::id()));
    let built = go(folder)
        .args(["build", "-trimpath", "-buildvcs=false"])
        .args(flags)
        .arg("-o")
        .args([wasm.as_path(), Path::new(".")])
        .output()
        .expect("Go runs");
    if !built.status.success() {
        return Err(String::from_utf8_lossy(&built.stderr).into_owned());
    }
    let bytes = fs::read(&wasm).expect("it was built");
    fs::remove_file(&wasm).expect("it can be removed");
    Ok(bytes)
}

/// Go for wasip1 in a folder: the one of PATH, else the one that `make setup` has installed.
pub fn go(folder: &Path) -> Command {
    let mut go = Command::new(tool());
    go.current_dir(folder)
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        .env("GOTOOLCHAIN", "local");
    go
}

/// The same Go, for this machine.
pub fn native(folder: &Path) -> Command {
    let mut go = go(folder);
    go.env_remove("GOOS").env_remove("GOARCH");
    go
}

/// Its gofmt.
pub fn formatter() -> PathBuf {
    tool().with_file_name("gofmt")
}

/// A plugin on a board with its source, files by name, and the signatures that this gives its exports, but
/// for those in `malloc.go`.
pub fn plug_in(
    wasm: Vec<u8>,
    files: Vec<(String, String)>,
) -> (Driver, BTreeMap<String, Signature>) {
    let mut driver = Driver::new();
    // Go ends where the monotonic clock is at zero.
    driver.clock.set(1);
    let mut events = driver.load("plugin.wasm", wasm);
    driver.session.handle(Told::GoSource { files });
    events.extend(driver.drain().1);
    let (mut info, mut signatures) = (None, None);
    for event in events {
        match event {
            Event::Read(read) => info = Some(read),
            Event::Signatures(read) => signatures = Some(read),
            _ => {}
        }
    }
    let info = info.expect("the module is read");
    let signatures = signatures.expect("the source is read");
    assert_eq!(signatures.problems, Vec::<String>::new());
    let mut exports = BTreeMap::new();
    for (export, known) in info.exports.iter().zip(signatures.exports) {
        if let Some((signature, Source::GoSource { file })) = known.into_iter().next()
            && file != "malloc.go"
        {
            exports.insert(export.name.clone(), signature);
        }
    }
    (driver, exports)
}

fn tool() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    if env::split_paths(&path).any(|folder| folder.join("go").is_file()) {
        return PathBuf::from("go");
    }
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")));
    let tools = cache.expect("there is a home").join("plugboard");
    let installed = fs::read_dir(&tools).into_iter().flatten().flatten();
    let mut installed = installed.map(|entry| entry.path().join("go/bin/go"));
    let go = installed.find(|go| go.is_file());
    go.expect("there is no Go: `make setup` installs it")
}
