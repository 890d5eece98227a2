//! The rules of ARCHITECTURE.md that a machine can check.

use std::fs;
use std::path::{Path, PathBuf};

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).expect("a folder of the repository") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The lines of code, without comments, in which one of `words` stands.
fn mentions(path: &Path, words: &[&str]) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a file of the repository");
    text.lines()
        .enumerate()
        .filter(|(_, line)| {
            let code = line.split("//").next().unwrap_or_default();
            words.iter().any(|word| code.contains(word))
        })
        .map(|(number, line)| format!("{}:{}: {line}", path.display(), number + 1))
        .collect()
}

#[track_caller]
fn assert_absent(places: &[&str], words: &[&str]) {
    let mut found = Vec::new();
    for place in places {
        let path = src().join(place);
        let files = if path.is_dir() {
            rust_files(&path)
        } else {
            vec![path]
        };
        assert!(!files.is_empty(), "{place} has no Rust files");
        for file in files {
            found.extend(mentions(&file, words));
        }
    }
    assert!(found.is_empty(), "must not be there:\n{}", found.join("\n"));
}

const CORE: &[&str] = &[
    "build",
    "wasi",
    "vfs",
    "debug",
    "engine",
    "go",
    "linear.rs",
    "host_code",
    "hosts",
    "outline",
    "module",
    "saved",
    "script.rs",
    "session",
    "signatures.rs",
    "text_form",
    "trace",
    "protocol.rs",
    "rewrite",
    "package/breakpoints.rs",
    "package/calls.rs",
    "package/coverage.rs",
    "package/options.rs",
    "package/plain.rs",
    "package/profile.rs",
    "ui/state",
];

#[test]
fn the_core_knows_no_browser() {
    assert_absent(
        CORE,
        &[
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "yew",
            "gloo",
            "crate::browser",
            "target_arch",
        ],
    );
}

#[test]
fn the_core_reads_no_clock_and_rolls_no_dice() {
    assert_absent(
        CORE,
        &[
            "Instant::now",
            "SystemTime",
            "std::thread",
            "std::fs::",
            "std::env::",
            "getrandom",
            "RandomState",
        ],
    );
}

#[test]
fn only_the_engine_knows_wasmi() {
    assert_absent(
        &[
            "build",
            "wasi",
            "vfs",
            "debug",
            "go",
            "linear.rs",
            "module",
            "session",
            "trace",
            "protocol.rs",
            "package",
            "browser",
            "ui",
        ],
        &["wasmi::", "use wasmi"],
    );
}

#[test]
fn the_file_system_knows_nothing_of_wasi() {
    assert_absent(&["vfs"], &["wasi", "Errno"]);
}

#[test]
fn the_page_knows_no_session_and_no_engine() {
    assert_absent(&["ui"], &["crate::session", "crate::engine", "crate::vfs"]);
}

/// A field that hears of its text when it is left only, or never, loses it at the next drawing.
#[test]
fn every_field_of_the_page_is_told_of_its_text_as_it_is_typed() {
    let mut fields = 0;
    for file in rust_files(&src().join("ui")) {
        let text = fs::read_to_string(&file).expect("a file of the repository");
        let starts = ["<input", "<textarea"].into_iter();
        let starts = starts.flat_map(|tag| text.match_indices(tag));
        for (at, _) in starts {
            let rest = &text[at..];
            let field = &rest[..rest.find("/>").expect("a field has no contents")];
            let is = |kind: &str| field.contains(&format!("type=\"{kind}\""));
            if is("checkbox") || is("file") {
                continue;
            }
            fields += 1;
            let told = field.contains("oninput") && field.contains("value");
            let late = field.contains("onchange") || field.contains("onblur");
            // What nobody draws over stays, until it is asked for.
            if !late && !field.contains("value") && !field.contains("oninput") {
                continue;
            }
            assert!(told, "{}: {field}", file.display());
        }
    }
    assert!(fields > 10, "only {fields} were found");
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for file in rust_files(&src()) {
        let lines = fs::read_to_string(&file)
            .expect("a file of the repository")
            .lines()
            .count();
        if lines > 500 {
            long.push(format!("{}: {lines} lines", file.display()));
        }
    }
    assert!(long.is_empty(), "over 500 lines:\n{}", long.join("\n"));
}
