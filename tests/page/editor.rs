//! Source of one's own: written in the editor, in several files, with and without a module on the board.

use crate::board::{Board, Seen, journey};
use crate::guests::wat;
use crate::kept::is_kept;
use crate::scratch::Scratch;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use thirtyfour::{Key, TypingData};

/// The editor's text, as far as it is drawn, and what it says of itself.
const EDITOR: &str = "
    const content = document.querySelector('.editor')?.shadowRoot?.querySelector('.cm-content');
    const root = content?.getRootNode();
    return JSON.stringify({
        text: content ? [...content.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\\n') : '',
        name: content?.getAttribute('aria-label') ?? '',
        focused: Boolean(root?.activeElement?.classList.contains('cm-content')),
        stops: [...(root?.querySelectorAll('.stop') ?? [])].map((mark) => mark.textContent).join(),
        line: root?.querySelector('.cm-activeLineGutter')?.textContent ?? '',
        search: Boolean(root?.querySelector('.cm-search')),
        height: document.querySelector('.editor')?.clientHeight ?? 0,
    });
";

pub(crate) async fn run(board: &Board, script: &str) -> Value {
    let ran = board.driver.execute(script, Vec::new()).await;
    ran.expect("the script runs").json().clone()
}

/// Waits until what the editor says is so.
pub(crate) async fn editor(board: &Board, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let mut said = Value::Null;
    for _ in 0..1000 {
        let text = run(board, EDITOR).await;
        said = serde_json::from_str(text.as_str().unwrap()).unwrap();
        if is_so(&said) {
            return said;
        }
        board.seen().await;
    }
    panic!("waited for {what}; the editor says {said:#}");
}

pub(crate) async fn shows(board: &Board, text: &str) {
    let has = |said: &Value| said["text"].as_str().unwrap().contains(text);
    editor(board, text, has).await;
}

/// Presses keys where the focus is.
pub(crate) async fn keys(board: &Board, keys: impl Into<TypingData>) {
    let keys = board.driver.action_chain().send_keys(keys);
    keys.perform().await.expect("keys can be pressed");
}

pub(crate) async fn chord(board: &Board, held: Key, key: impl Into<TypingData>) {
    let pressed = board.driver.action_chain().key_down(held.clone());
    let pressed = pressed.send_keys(key.into()).key_up(held);
    pressed.perform().await.expect("keys can be pressed");
}

/// Moves the focus into the editor, at the beginning of its text.
pub(crate) async fn enter(board: &Board) {
    editor(board, "an editor", |said| said["name"] != "").await;
    run(
        board,
        "document.querySelector('.editor').shadowRoot.querySelector('.cm-content').focus()",
    )
    .await;
    chord(board, Key::Control, Key::Home).await;
}

/// Undoes what was typed, bit by bit, until `text` is not there.
async fn undo(board: &Board, text: &str) {
    for _ in 0..50 {
        let said = editor(board, "an editor", |_| true).await;
        if !said["text"].as_str().unwrap().contains(text) {
            return;
        }
        chord(board, Key::Control, 'z').await;
    }
    panic!("{text} cannot be undone");
}

pub(crate) fn is_writing(seen: &Seen) -> bool {
    seen.all.contains("Build it at home")
}

/// A program from a template.
pub(crate) async fn begin(board: &Board, template: &str) {
    board.press(template).await;
    board.until("the program", is_writing).await;
    shows(board, "package main").await;
}

/// Puts a text in place of all of the file that is shown, as from the clipboard.
pub(crate) async fn paste(board: &Board, text: &str) {
    enter(board).await;
    chord(board, Key::Control, 'a').await;
    let paste = "
        const content = document.querySelector('.editor').shadowRoot.querySelector('.cm-content');
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', arguments[0]);
        const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
        // Firefox gives such an event none of what it is made with.
        Object.defineProperty(event, 'clipboardData', { value: clipboardData });
        content.dispatchEvent(event);";
    let pasted = board.driver.execute(paste, vec![text.into()]).await;
    pasted.expect("the script runs");
}

#[tokio::test]
async fn a_program_begins_with_a_template_is_edited_and_survives_a_reload() {
    journey(|board| async move {
        begin(&board, "Plugin").await;
        let seen = board.phase("empty").await;
        for file in ["main.go", "malloc.go", "go.mod"] {
            assert!(seen.all.contains(file), "{}", seen.all);
        }
        editor(&board, "the file's name", |said| said["name"] == "main.go").await;
        enter(&board).await;
        keys(&board, "// Mine (not /yours/?).\n").await;
        shows(&board, "// Mine (not /yours/?).\n// A plugin").await;
        is_kept(&board, "// Mine (not /yours/?).").await;
        board.driver.refresh().await.unwrap();
        board.until("the program", is_writing).await;
        shows(&board, "// Mine (not /yours/?).\n// A plugin").await;

        // Another plugin has none of it, and it comes back.
        let module = wat(r#"(module (func (export "other")))"#);
        board.plug_in("other.wasm", &module).await;
        board.press("Source").await;
        let seen = board
            .until("no source", |seen| {
                seen.all.contains("Signatures are read from")
            })
            .await;
        assert!(!seen.all.contains("malloc.go"), "{}", seen.all);
        board.unfold("Recent").await;
        board.press("Unplug").await;
        board.press("plugin.wasm").await;
        shows(&board, "// Mine (not /yours/?).\n// A plugin").await;
        board.unfold("Recent").await;
        board.press("Unplug").await;
        board
            .until("the empty page", |seen| {
                seen.all.contains("Drop a .wasm file here")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn files_are_added_renamed_deleted_and_edited_each_with_its_own_undo() {
    journey(|board| async move {
        begin(&board, "Plugin that traps").await;
        enter(&board).await;
        keys(&board, "// First\n").await;
        shows(&board, "// First").await;
        board.press("Add file").await;
        board.fill("Name of the new file", "../list.go").await;
        board
            .until("why not", |seen| seen.all.contains(". and .. are none"))
            .await;
        let disabled = "return document.querySelector('.naming [type=submit]').disabled";
        assert_eq!(run(&board, disabled).await, true);
        board.fill("Name of the new file", "main.go").await;
        board
            .until("why not", |seen| {
                seen.all.contains("There is a file of this name")
            })
            .await;
        board.fill("Name of the new file", "words/list.go").await;
        board.keys("Name of the new file", Key::Enter).await;
        shows(&board, "package words").await;
        enter(&board).await;
        keys(&board, "// Second\n").await;
        shows(&board, "// Second\npackage words").await;

        // By the keyboard, from tab to tab.
        run(
            &board,
            "document.querySelector('[aria-label=Files] [aria-selected=true]').focus()",
        )
        .await;
        keys(&board, Key::Left + "").await;
        shows(&board, "// First").await;
        enter(&board).await;
        undo(&board, "// First").await;
        board.press_exactly("words/list.go").await;
        shows(&board, "// Second").await;

        board.press("Rename").await;
        board
            .fill("New name of words/list.go", "words/all.go")
            .await;
        board.keys("New name of words/list.go", Key::Enter).await;
        editor(&board, "its name", |said| said["name"] == "words/all.go").await;
        enter(&board).await;
        undo(&board, "// Second").await;
        board.press("Delete").await;
        board
            .until("that it was deleted", |seen| {
                seen.all.contains("words/all.go was deleted")
            })
            .await;
        board.press("Put it back").await;
        shows(&board, "package words").await;
    })
    .await;
}

#[tokio::test]
async fn the_editor_finds_stops_at_lines_and_lets_the_keyboard_out() {
    journey(|board| async move {
        begin(&board, "Plugin that traps").await;
        enter(&board).await;
        chord(&board, Key::Control, 'f').await;
        editor(&board, "the search", |said| said["search"] == true).await;
        keys(&board, Key::Escape + "").await;
        editor(&board, "no search", |said| said["search"] == false).await;
        enter(&board).await;
        keys(&board, Key::F9 + "").await;
        editor(&board, "a stop", |said| said["stops"] == "1").await;
        // It goes where its line goes.
        keys(&board, "\n").await;
        editor(&board, "the stop goes along", |said| said["stops"] == "2").await;
        keys(&board, Key::Tab + "").await;
        editor(&board, "Tab indents", |said| said["focused"] == true).await;
        keys(&board, Key::Escape + Key::Tab).await;
        editor(&board, "and leaves it behind Escape", |said| {
            said["focused"] == false
        })
        .await;
        // Commands are at hand in it, too.
        enter(&board).await;
        chord(&board, Key::Control, 'k').await;
        board
            .until("the commands", |seen| seen.all.contains("Show Settings"))
            .await;
    })
    .await;
}

#[tokio::test]
async fn source_that_was_found_is_edited_once_somebody_wants_to() {
    journey(|board| async move {
        board.press("greet").await;
        board.phase("ready").await;
        board.press("Source").await;
        board.press_exactly("Edit").await;
        shows(&board, "func greet(name string)").await;
        enter(&board).await;
        keys(&board, "// Mine\n").await;
        shows(&board, "// Mine").await;
        // The signatures are those of what was built.
        board
            .until("its signature", |seen| {
                seen.all.contains("greet(name string)")
            })
            .await;
        is_kept(&board, "// Mine").await;
        // Other panels leave the editor as it is.
        board.press("Trace").await;
        board.press("Source").await;
        shows(&board, "// Mine").await;
        enter(&board).await;
        undo(&board, "// Mine").await;
        keys(&board, "// Again\n").await;
        is_kept(&board, "// Again").await;
        board.driver.refresh().await.unwrap();
        board.phase("ready").await;
        board.press("Source").await;
        shows(&board, "// Again").await;
    })
    .await;
}

#[tokio::test]
async fn go_files_without_a_module_are_a_program_and_all_of_it_can_be_downloaded() {
    journey(|board| async move {
        let source = b"package main\n\n//go:wasmexport f\nfunc f() {}\n\nfunc main() {}\n";
        board.drop_file("first.go", source).await;
        board.until("the program", is_writing).await;
        shows(&board, "func f()").await;
        board.drop_file("second.go", b"package main\n").await;
        board
            .until("both", |seen| seen.all.contains("second.go"))
            .await;
        board.unfold("Build it at home").await;
        board
            .until("how", |seen| {
                seen.all.contains(
                    "GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o plugin.wasm .",
                )
            })
            .await;
        board.press("Download all").await;
        let archive = board.saved("plugin.tar").await;
        let mut archive = tar::Archive::new(&archive[..]);
        let mut files = BTreeMap::new();
        for file in archive.entries().unwrap() {
            let mut file = file.unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            files.insert(file.path().unwrap().display().to_string(), text);
        }
        let names: Vec<&String> = files.keys().collect();
        assert_eq!(
            names,
            ["plugin/first.go", "plugin/go.mod", "plugin/second.go"]
        );
        assert_eq!(files["plugin/first.go"].as_bytes(), source);
        assert!(files["plugin/go.mod"].starts_with("module example/plugin\n"));
    })
    .await;
}

#[tokio::test]
async fn a_folder_that_is_dropped_without_a_module_is_a_program() {
    journey(|board| async move {
        let here = Scratch::new("program");
        let folder = here.0.join("shop");
        fs::create_dir_all(folder.join("words")).unwrap();
        fs::create_dir_all(folder.join(".git")).unwrap();
        fs::write(folder.join("go.mod"), "module example/shop\n\ngo 1.24\n").unwrap();
        fs::write(folder.join("main.go"), "package main\n\nfunc main() {}\n").unwrap();
        fs::write(folder.join("words/list.go"), "package words\n").unwrap();
        fs::write(folder.join("words/list.txt"), "one\ntwo\n").unwrap();
        fs::write(folder.join("logo.png"), b"\x89PNG\0\0").unwrap();
        fs::write(folder.join(".git/config"), "[core]").unwrap();
        board.drop_paths("main", &[&folder]).await;
        let seen = board.until("the program", is_writing).await;
        for file in [
            "main.go",
            "go.mod",
            "words/list.go",
            "words/list.txt",
            "logo.png",
        ] {
            assert!(seen.all.contains(file), "{file}: {}", seen.all);
        }
        assert!(!seen.all.contains("config"), "{}", seen.all);
        assert!(board.driver.title().await.unwrap().contains("shop.wasm"));
    })
    .await;
}

#[tokio::test]
async fn the_editor_has_room_on_a_phone() {
    journey(|board| async move {
        board.driver.set_window_rect(0, 0, 500, 740).await.unwrap();
        begin(&board, "Plugin").await;
        let said = editor(&board, "an editor", |said| said["name"] == "main.go").await;
        assert!(said["height"].as_u64() >= Some(190), "{said}");
        let wide =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(run(&board, wide).await, 0, "nothing sticks out");
    })
    .await;
}

/// Faster than the page can show it.
#[tokio::test]
async fn nothing_of_what_is_typed_fast_is_lost() {
    journey(|board| async move {
        begin(&board, "Plugin that traps").await;
        enter(&board).await;
        let type_fast = "
            for (const letter of arguments[0]) {
                document.execCommand('insertText', false, letter);
                await new Promise((resolve) => setTimeout(resolve, 1));
            }";
        let typed = format!(
            "const done = arguments[arguments.length - 1]; (async () => {{ {type_fast} }})().then(done);"
        );
        let text = "// What is typed fast stays, each letter of it, in its order: 0123456789.";
        let typed = board.driver.execute_async(&typed, vec![text.into()]);
        typed.await.expect("the script runs");
        shows(&board, text).await;
        is_kept(&board, text).await;
    })
    .await;
}
