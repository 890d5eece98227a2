//! Go that is written on the page is built there, by Go's own compiler and linker.

use crate::board::{Board, Seen, journey, journey_to};
use crate::editor::{begin, chord, editor, enter, keys, paste, run, shows};
use crate::first_visit::{IS_KEPT, copy_of_the_page, empty, until, visit_again};
use crate::kept::is_kept;
use crate::scratch::Scratch;
use serde_json::Value;
use std::fs;
use std::io::Read;
use thirtyfour::Key;

const PLUGIN: &str = r#"package main

//go:wasmimport log log
func log(msg string)

//go:wasmexport double
func double(n int32) int32 {
	log("doubled\n")
	return n * 2
}

func main() {}
"#;

/// What stands above the editor.
async fn status(board: &Board) -> String {
    let text = "return document.querySelector('.build-status')?.textContent ?? ''";
    run(board, text).await.as_str().unwrap().to_owned()
}

/// Waits until the build says so. It may have to fetch the toolchain, and the machine may be slow.
async fn says(board: &Board, text: &str) {
    for _ in 0..20 {
        for _ in 0..200 {
            if status(board).await.contains(text) {
                return;
            }
            board.seen().await;
        }
    }
    panic!(
        "waited for {text:?}; the build says {:?}",
        status(board).await
    );
}

async fn ctrl_b(board: &Board) {
    enter(board).await;
    chord(board, Key::Control, 'b').await;
}

#[tokio::test]
async fn a_program_is_written_built_called_broken_and_mended() {
    journey(|board| async move {
        begin(&board, "Plugin that traps").await;
        paste(&board, PLUGIN).await;
        shows(&board, "func double(n int32) int32").await;
        board.press_exactly("Build").await;
        says(&board, "as a plugin: -buildmode=c-shared").await;
        board.phase("ready").await;
        board.press("double").await;
        board.fill("n", "21").await;
        board.press("Call").await;
        let seen = board.outcome_shows("42").await;
        assert!(seen.console.contains("doubled"), "{}", seen.console);
        board.press("Download module").await;
        let module = board.saved("trap.wasm").await;
        assert!(module.starts_with(b"\0asm"), "{} bytes", module.len());

        // A wrong type and a wrong word: each at its place.
        paste(&board, &PLUGIN.replace("n * 2", "\"n\"")).await;
        ctrl_b(&board).await;
        says(&board, "1 error").await;
        let is_told = |seen: &Seen| seen.all.contains("./main.go:9:9: cannot use \"n\"");
        let seen = board.until("the error", is_told).await;
        assert!(seen.console.contains("./main.go:9:9:"), "{}", seen.console);
        paste(&board, &PLUGIN.replace("return n", "retrn n")).await;
        ctrl_b(&board).await;
        let is_told = |seen: &Seen| seen.all.contains("./main.go:9:8: syntax error");
        board.until("the other error", is_told).await;
        board.press("./main.go:9:8").await;
        let at_line = |said: &Value| said["line"] == "9" && said["focused"] == true;
        editor(&board, "its line", at_line).await;
        keys(&board, "m").await;
        shows(&board, "retrn mn * 2").await;

        // What was built before is still there; what is mended is built, and called with what was typed.
        assert!(board.can_press("double").await);
        paste(&board, &PLUGIN.replace("n * 2", "n * 3")).await;
        shows(&board, "n * 3").await;
        enter(&board).await;
        chord(&board, Key::Control, Key::Enter).await;
        board.outcome_shows("63").await;
    })
    .await;
}

#[tokio::test]
async fn packages_embedded_files_tests_formatting_and_vetting() {
    const MAIN: &str = "package main\n\nimport (\n\t_ \"embed\"\n\t\"fmt\"\n\n\t\"example/shop/words\"\n)\n\n//go:embed list.txt\nvar list string\n\nfunc main() {\nfmt.Print(words.Upper(list))\n}\n";
    const WORDS: &str = "// Package words has words.\npackage words\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n)\n\n// Upper shouts.\nfunc Upper(text string) string { return strings.ToUpper(text) }\n\n// Wrong has a mistake.\nfunc Wrong(n int) string { return fmt.Sprintf(\"%s\", n) }\n";
    const TEST: &str = "package words\n\nimport \"testing\"\n\nfunc TestUpper(t *testing.T) {\n\tif Upper(\"a\") != \"A\" {\n\t\tt.Error(\"not A\")\n\t}\n}\n";
    journey(|board| async move {
        let files: [(&str, &[u8]); 1] = [("main.go", MAIN.as_bytes())];
        board.drop_files(&files).await;
        shows(&board, "package main").await;
        for (name, text) in [
            ("go.mod", "module example/shop\n\ngo 1.24\n"),
            ("words/words.go", WORDS),
            ("words/words_test.go", TEST),
            ("list.txt", "apples\n"),
        ] {
            board.press("Add file").await;
            board.fill("Name of the new file", name).await;
            board.keys("Name of the new file", Key::Enter).await;
            editor(&board, "the file", |said| said["name"] == name).await;
            paste(&board, text).await;
            shows(&board, text.trim_end()).await;
        }
        board.press_exactly("Build").await;
        says(&board, "as a command").await;
        board.phase("ready").await;
        board.press_exactly("Run").await;
        board.console_shows("APPLES").await;

        board.press("Run tests").await;
        says(&board, "tests passed").await;
        let seen = board.seen().await;
        assert!(seen.all.contains("--- PASS: TestUpper"), "{}", seen.all);

        board.press_exactly("Vet").await;
        says(&board, "1 warning").await;
        let is_told = |seen: &Seen| seen.all.contains("./words/words.go:13:");
        board.until("the warning", is_told).await;

        board.press_exactly("main.go").await;
        board.press_exactly("Format").await;
        says(&board, "formatted").await;
        shows(&board, "\tfmt.Print").await;
        // As somebody undoes it.
        enter(&board).await;
        chord(&board, Key::Control, 'z').await;
        shows(&board, "\nfmt.Print").await;
    })
    .await;
}

#[tokio::test]
async fn a_build_is_stopped_and_one_behind_it_needs_no_network() {
    let page = copy_of_the_page("builds");
    let host = page.0.clone();
    journey_to(page.0.clone(), |board| async move {
        until(&board, "the page is kept", IS_KEPT).await;
        begin(&board, "Plugin that traps").await;
        board.press_exactly("Build").await;
        says(&board, "loading compile").await;
        board.press_exactly("Stop").await;
        says(&board, "stopped").await;
        board.press_exactly("Build").await;
        says(&board, "built in").await;
        board.phase("ready").await;
        is_kept(&board, "sha256").await;

        empty(&host);
        visit_again(&board).await;
        board.phase("ready").await;
        board.press("Source").await;
        shows(&board, "package main").await;
        enter(&board).await;
        keys(&board, "// Offline.\n").await;
        shows(&board, "// Offline.").await;
        board.press_exactly("Build").await;
        says(&board, "built in").await;
    })
    .await;
}

#[tokio::test]
async fn a_link_carries_the_source_and_nothing_is_built_before_somebody_says_so() {
    journey(|board| async move {
        begin(&board, "Plugin that traps").await;
        enter(&board).await;
        keys(&board, "// For you.\n").await;
        shows(&board, "// For you.").await;
        run(
            &board,
            "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }",
        )
        .await;
        board.unfold("Share").await;
        board.press("Copy a link").await;
        let mut link = String::new();
        while link.is_empty() {
            let copied = run(&board, "return window.copied ?? ''").await;
            link = copied.as_str().unwrap().to_owned();
        }
        board.unfold("Recent").await;
        board.press("Unplug").await;
        board.phase("empty").await;
        let away = board.driver.goto("about:blank").await;
        away.unwrap();
        board.driver.goto(link).await.unwrap();
        board
            .until("what it would open", |seen| {
                seen.all.contains("the Go source of trap.wasm: Build makes the module")
            })
            .await;
        board.press("Open it").await;
        shows(&board, "// For you.").await;
        assert!(status(&board).await.starts_with("Build makes a module"));
    })
    .await;
}

/// What is in the file of an archive whose path ends so.
fn in_archive(archive: &[u8], path: &str) -> Vec<u8> {
    let mut archive = tar::Archive::new(archive);
    let mut files = archive.entries().unwrap().map(Result::unwrap);
    let file = files.find(|file| file.path().unwrap().ends_with(path));
    let mut contents = Vec::new();
    file.unwrap().read_to_end(&mut contents).unwrap();
    contents
}

#[tokio::test]
async fn a_file_that_is_no_text_is_built_in_kept_and_in_the_archive() {
    const MAIN: &str = "package main\n\nimport _ \"embed\"\n\n//go:embed art/logo.bin\nvar logo []byte\n\nfunc main() { println(len(logo), logo[0], logo[5]) }\n";
    const LOGO: &[u8] = b"\x89PNG\0\xff";
    journey(|board| async move {
        let files: [(&str, &[u8]); 2] = [("other.bin", b"\xff"), ("main.go", MAIN.as_bytes())];
        board.drop_files(&files).await;
        shows(&board, "package main").await;
        let is_there = |seen: &Seen| seen.all.contains("other.bin");
        board.until("the other file", is_there).await;
        board.drop_on(".editing", &[("logo.bin", LOGO)]).await;
        let is_told = |seen: &Seen| seen.all.contains("logo.bin: binary, 6 B");
        board.until("the file", is_told).await;
        board.press("Rename").await;
        board.fill("New name of logo.bin", "art/logo.bin").await;
        board.keys("New name of logo.bin", Key::Enter).await;
        board.press_exactly("Build").await;
        says(&board, "as a command").await;
        board.phase("ready").await;
        board.press_exactly("Run").await;
        board.console_shows("6 137 255").await;

        board.press("Download all").await;
        let saved = board.saved("plugin.tar").await;
        assert_eq!(in_archive(&saved, "art/logo.bin"), LOGO);

        // After a reload it is there for the next build; another one in its place is another program.
        is_kept(&board, "=6").await;
        is_kept(&board, "sha256").await;
        board.driver.refresh().await.unwrap();
        board.phase("ready").await;
        board.press("Source").await;
        board.press_exactly("main.go").await;
        enter(&board).await;
        keys(&board, "// More.\n").await;
        board.press_exactly("Build").await;
        says(&board, "built in").await;
        board.console_shows("rebuilt: plugin.wasm").await;
        board.press_exactly("Run").await;
        board.console_shows("6 137 255").await;
        let (text, here) = ("no binary at all", Scratch::new("binary"));
        fs::create_dir_all(here.0.join("art")).unwrap();
        let file = here.0.join("art/logo.bin");
        fs::write(&file, text).unwrap();
        board.pick_file_with("add-from-disk", &file).await;
        shows(&board, text).await;

        // The archive is the program again.
        board.drop_file("plugin.tar", &saved).await;
        board.phase("empty").await;
        shows(&board, "//go:embed art/logo.bin").await;
        board.press("art/logo.bin").await;
        board
            .until("the file", |seen| {
                seen.all.contains("art/logo.bin: binary, 6 B")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn files_are_formatted_before_they_are_built_where_that_is_wanted() {
    journey(|board| async move {
        begin(&board, "Plugin that traps").await;
        paste(&board, "package main\n\nfunc  main()  {\nprintln(1)\n}\n").await;
        board.tick("Format on Build", true).await;
        ctrl_b(&board).await;
        says(&board, "built in").await;
        shows(&board, "func main() {\n\tprintln(1)\n}").await;
        is_kept(&board, "sha256").await;
        board.driver.refresh().await.unwrap();
        board.phase("ready").await;
        board.press("Source").await;
        shows(&board, "func main() {").await;
        // What is no Go is not formatted, and said once.
        paste(&board, "package main\n\nfunc  main( {\n}\n").await;
        ctrl_b(&board).await;
        says(&board, "1 error").await;
        shows(&board, "func  main( {").await;
    })
    .await;
}
