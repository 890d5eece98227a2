//! Before the program is there, without a network, and when there is a new version.

use crate::board::{Board, journey, journey_to, journey_without};
use crate::scratch::Scratch;
use crate::site::dist;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// What is in the file, and what the program has drawn: the elements of header and main with their classes,
/// and the texts.
const OUTLINES: &str = r"
    const outline = (node) => {
        if (node.nodeType === Node.TEXT_NODE) {
            const text = node.data.replace(/\s+/g, ' ').trim();
            return text ? [text] : [];
        }
        if (node.nodeType !== Node.ELEMENT_NODE) return [];
        const inner = [...node.childNodes].flatMap(outline);
        return [`<${node.localName} ${node.getAttribute('class') ?? ''}>`, ...inner, '</>'];
    };
    const of = (page) => ['header', 'main'].flatMap((name) => outline(page.querySelector(name)));
    const response = await fetch(location.href);
    const file = new DOMParser().parseFromString(await response.text(), 'text/html');
    return [of(file), of(document), file.querySelector('noscript')?.textContent ?? ''];
";

#[tokio::test]
async fn what_is_drawn_first_is_in_the_file_already() {
    journey(|board| async move {
        let found = run(&board, OUTLINES).await;
        assert!(
            found[0].to_string().contains("Drop a .wasm file here"),
            "{found}"
        );
        assert_eq!(found[0], found[1], "index.html, and what the app draws");
        assert!(found[2].as_str().unwrap().contains("needs JavaScript"));
    })
    .await;
}

/// What the end of the name is of the part of the program that is not there from the start (`src/parts.txt`).
const LATER: &str = "_later.wasm";

#[tokio::test]
async fn a_first_call_needs_no_later_part_and_what_does_says_that_it_is_missing() {
    let page = copy_of_the_page("parts");
    let mut removed = 0;
    for entry in fs::read_dir(&page.0).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains(LATER) {
            fs::remove_file(path).unwrap();
            removed += 1;
        }
    }
    assert!(removed > 0, "the page is not split: `make build`");
    journey_without(page.0.clone(), "404", |board| async move {
        board.press("greet").await;
        board.phase("ready").await;
        board.press("greet").await;
        board.fill("name", "nobody").await;
        board.press("Call").await;
        board.console_shows("Hello, nobody").await;
        let seen = board.seen().await;
        assert!(!seen.all.contains("could not load"), "{}", seen.all);
        board.press("Memory").await;
        board
            .until("it says so", |seen| {
                seen.all
                    .contains("Plugboard could not load a part of itself.")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_picked_before_anything_else_does_not_have_the_page_wait_for_the_later_part()
{
    const FETCHED: &str = "return performance.getEntriesByType('resource')
        .filter((entry) => entry.name.endsWith('_later.wasm')).map((entry) => entry.initiatorType).join()";
    journey(|board| async move {
        board.pick_file(&dist().join("samples/hello.wasm")).await;
        board.phase("ready").await;
        let mut fetched = run(&board, FETCHED).await;
        while fetched == "" {
            board.seen().await;
            fetched = run(&board, FETCHED).await;
        }
        // `xmlhttprequest`: the page stood still meanwhile.
        assert_eq!(fetched, "fetch");
    })
    .await;
}

#[tokio::test]
async fn the_page_itself_never_loads_what_only_its_worker_needs() {
    journey(|board| async move {
        board.press("greet").await;
        board.phase("ready").await;
        board.press("greet").await;
        board.fill("name", "nobody").await;
        board.press("Call").await;
        board.console_shows("Hello, nobody").await;
        for panel in [
            "Module", "Trace", "Memory", "Files", "Imports", "Calls", "Profile", "Settings",
        ] {
            board.press(panel).await;
        }
        let loaded = "return performance.getEntriesByType('resource').map(({ name }) => name)";
        let loaded = run(&board, loaded).await.to_string();
        assert!(loaded.contains("_first.wasm"), "not split: {loaded}");
        assert!(!loaded.contains("_worker.wasm"), "{loaded}");
    })
    .await;
}

/// Whether a service worker keeps all of this version.
pub(crate) const IS_KEPT: &str = r"
    const kept = await navigator.serviceWorker.getRegistration();
    if (kept?.active?.state !== 'activated') return false;
    return Boolean(await caches.match(new URL('samples/types.wasm', document.baseURI)));
";

#[tokio::test]
async fn it_starts_and_runs_a_sample_when_its_host_has_gone() {
    let page = copy_of_the_page("offline");
    let host = page.0.clone();
    journey_to(page.0.clone(), |board| async move {
        until(&board, "all is kept", IS_KEPT).await;
        empty(&host);
        visit_again(&board).await;
        board.phase("empty").await;
        board.press("greet").await;
        board.phase("ready").await;
        board
            .until("the reader has read its source", |seen| {
                seen.all.contains("from main.go") || seen.all.contains("from DWARF")
            })
            .await;
        board.press("greet").await;
        board.fill("name", "nobody").await;
        board.press("Call").await;
        board.console_shows("Hello, nobody").await;
    })
    .await;
}

#[tokio::test]
async fn a_new_version_is_announced_and_comes_when_it_is_asked_for() {
    let page = copy_of_the_page("version");
    let host = page.0.clone();
    journey_to(page.0.clone(), |board| async move {
        until(&board, "this version is kept", IS_KEPT).await;
        // From the second visit on it is what the service worker has kept.
        visit_again(&board).await;
        board.phase("empty").await;
        until(
            &board,
            "it comes from there",
            "return Boolean(navigator.serviceWorker.controller)",
        )
        .await;
        run(&board, "document.documentElement.dataset.visit = 'second'").await;

        let keeper = host.join("sw.js");
        let newer = fs::read_to_string(&keeper).unwrap() + "\n// Another version.\n";
        fs::write(&keeper, newer).unwrap();
        until(
            &board,
            "it has been looked for",
            "return Boolean(await (await navigator.serviceWorker.getRegistration())?.update())",
        )
        .await;
        board
            .until("it is announced", |seen| {
                seen.all.contains("There is a new version of Plugboard.")
            })
            .await;
        let visit = "return document.documentElement.dataset.visit ?? 'third'";
        assert_eq!(
            run(&board, visit).await,
            "second",
            "nothing is reloaded unasked"
        );

        board.press("Reload").await;
        until(&board, "it is reloaded", &format!("{visit} === 'third'")).await;
        board.phase("empty").await;
        let seen = board.seen().await;
        assert!(!seen.all.contains("There is a new version"), "{}", seen.all);
    })
    .await;
}

/// A copy of the built page, whose host a journey may change.
pub(crate) fn copy_of_the_page(name: &str) -> Scratch {
    let copy = Scratch::new(name);
    copy_all(&dist(), &copy.0);
    copy
}

/// Removes all that is in a directory.
pub(crate) fn empty(directory: &Path) {
    fs::remove_dir_all(directory).unwrap();
    fs::create_dir(directory).unwrap();
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// As somebody who types its address. (What WebDriver does to refresh, Firefox takes for Shift+Ctrl+R.)
pub(crate) async fn visit_again(board: &Board) {
    let page = board.driver.current_url().await.unwrap();
    board.driver.goto(page.as_str()).await.unwrap();
}

async fn run(board: &Board, script: &str) -> Value {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         (async () => {{ {script} }})().then(done, (error) => done(String(error)));"
    );
    let result = board.driver.execute_async(script, Vec::new()).await;
    result.map_or(Value::Null, |result| result.json().clone())
}

pub(crate) async fn until(board: &Board, what: &str, script: &str) {
    let so = async {
        // While the page is being reloaded there is nobody to ask.
        while run(board, script).await != Value::Bool(true) {
            sleep(Duration::from_millis(50)).await;
        }
    };
    let waited = timeout(Duration::from_secs(60), so).await;
    assert!(waited.is_ok(), "{what}");
}
