//! Each state of the page: axe has nothing against it, light or dark, and with `SCREENSHOTS=<directory>` in the
//! environment there is a picture of it at four widths (`make screenshots`).

use crate::board::{Board, journey};
use crate::guests::{counting, gojs, greet, hello, spin, wat};
use crate::site::repository;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::{env, fs};
use thirtyfour::Key;

/// CSS pixels: a phone, a tablet, a laptop, a wide screen.
const SIZES: [(u32, u32); 4] = [(360, 740), (768, 1024), (1280, 800), (1920, 1080)];

/// What the page is looked at with.
struct Look<'a> {
    board: &'a Board,
    axe: String,
    pictures: Option<PathBuf>,
    violations: Vec<String>,
}

impl Look<'_> {
    /// Looks at the state that the page is in.
    async fn at(&mut self, state: &str) {
        for theme in ["light", "dark"] {
            self.run(&format!(
                "document.documentElement.dataset.theme = '{theme}'"
            ))
            .await;
            self.check(&format!("{state}, {theme}")).await;
            if self.pictures.is_some() {
                self.picture(state, theme).await;
            }
        }
    }

    async fn run(&self, script: &str) -> Value {
        let ran = self.board.driver.execute(script, vec![]).await;
        ran.expect("the script runs").json().clone()
    }

    async fn check(&mut self, state: &str) {
        let script = format!(
            "{}; return axe.run(document, {{ resultTypes: ['violations'], preload: false }}).then(({{ violations }}) =>
                violations.flatMap(({{ id, nodes }}) =>
                    nodes.map((node) => `${{id}}: ${{node.html.slice(0, 200)}}: ${{node.failureSummary}}`)));",
            self.axe
        );
        let found: Vec<String> = serde_json::from_value(self.run(&script).await).unwrap();
        let found = found.into_iter().map(|found| format!("{state}: {found}"));
        self.violations.extend(found);
    }

    /// In Chromium: Firefox has no window as small as a phone.
    async fn picture(&self, state: &str, theme: &str) {
        let directory = self.pictures.as_ref().expect("there are pictures");
        let cdp = self.board.driver.cdp();
        for (width, height) in SIZES {
            let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
            let sized = cdp.send_raw("Emulation.setDeviceMetricsOverride", size);
            sized.await.expect("the page takes the size");
            // Two frames: one in which the page hears of it, one in which it has drawn that.
            self.run(
                "return new Promise((drawn) => requestAnimationFrame(() =>
                    setTimeout(() => requestAnimationFrame(drawn))))",
            )
            .await;
            let name = format!("{state}-{width}-{theme}.png");
            let taken = self.board.driver.screenshot(&directory.join(name)).await;
            taken.expect("the picture is taken");
        }
        let whole = cdp.send_raw("Emulation.clearDeviceMetricsOverride", json!({}));
        whole.await.expect("the page has its size again");
    }
}

#[tokio::test]
async fn every_state_is_accessible_light_and_dark() {
    journey(|board| async move {
        let axe = fs::read_to_string(repository().join("target/axe.min.js"));
        let pictures = env::var_os("SCREENSHOTS").map(PathBuf::from);
        if let Some(directory) = &pictures {
            fs::create_dir_all(directory).expect("there is a place for pictures");
        }
        let mut look = Look {
            board: &board,
            axe: axe.expect("`make setup` brings target/axe.min.js"),
            pictures,
            violations: Vec::new(),
        };
        go_through(&board, &mut look).await;
        assert!(
            look.violations.is_empty(),
            "{}",
            look.violations.join("\n\n")
        );
    })
    .await;
}

async fn go_through(board: &Board, look: &mut Look<'_>) {
    look.at("empty").await;
    board.press("Plugin with structs").await;
    board
        .until("an editor", |seen| seen.all.contains("Build it at home"))
        .await;
    look.at("writing").await;
    board.press("Add file").await;
    board
        .until("a name", |seen| seen.all.contains("A file needs a name"))
        .await;
    look.at("naming").await;
    board.plug_in("greet.wasm", &greet()).await;
    let source = fs::read(repository().join("plugin/greet/main.go")).unwrap();
    board.drop_file("main.go", &source).await;
    board
        .until("all of it", |seen| {
            seen.all.contains("Wall time") && seen.all.contains("from main.go")
        })
        .await;
    look.at("loaded").await;
    board.fill("name", "WaZero").await;
    board.press("Call").await;
    board.console_shows("Hello, WaZero").await;
    board.phase("ready").await;
    look.at("called").await;
    for (panel, shows) in [
        ("Imports", "called once"),
        ("Trace", "host calls"),
        ("Memory", "Globals"),
        ("Files", "Download all"),
        ("Module", "What it needs"),
        ("Source", "Signatures are read from"),
        ("Settings", "Wall time"),
        ("Calls", "Run all"),
        ("Profile", "Turn Profile on"),
    ] {
        board.press(panel).await;
        board.until(panel, |seen| seen.all.contains(shows)).await;
        look.at(&format!("panel-{}", panel.to_lowercase())).await;
    }
    board.tick("Profile", true).await;
    board.press("Call").await;
    board
        .until("a flame graph", |seen| seen.all.contains("zooms in"))
        .await;
    look.at("profile-flame").await;
    board.choose("As what", "Table").await;
    board
        .until("the table", |seen| seen.all.contains("Fuel, total"))
        .await;
    look.at("profile-table").await;
    board.tick("Profile", false).await;
    board.press("Dock the panels at the right").await;
    look.at("docked-right").await;
    board.press("Dock the panels at the bottom").await;
    board.press("Maximise the console").await;
    look.at("maximised").await;
    board.press("Back to all panes").await;
    board.press("Search").await;
    board.fill("Search the console", "hello").await;
    board
        .until("what is found", |seen| seen.all.contains("1 of 2 lines"))
        .await;
    look.at("search").await;
    board.press("Close the search").await;

    for (dialog, state) in [("Commands", "palette"), ("Help", "help")] {
        board.press(dialog).await;
        board
            .until(state, |seen| seen.all.contains("Show Settings"))
            .await;
        look.at(state).await;
        let escape = board.driver.action_chain().send_keys(Key::Escape + "");
        escape.perform().await.unwrap();
        board
            .until("it is closed", |seen| !seen.all.contains("Show Settings"))
            .await;
    }

    board.drop_file("hello.wasm", &gojs()).await;
    board
        .until("the refusal", |seen| !seen.alerts.is_empty())
        .await;
    look.at("refused").await;
    board.press("Dismiss").await;

    let fails = wat(r#"(module (func (export "fails") unreachable))"#);
    board.plug_in("fails.wasm", &fails).await;
    look.at("another-plugin").await;
    board.press("Call").await;
    board.outcome_shows("unreachable").await;
    look.at("trapped").await;

    board.plug_in("counting.wasm", &counting()).await;
    board.press("count").await;
    board.fill("left", "9").await;
    board.tick("Debug", true).await;
    board.press("Call").await;
    board
        .until("variables", |seen| seen.all.contains("half f32 = 4"))
        .await;
    board.unfold("3 package variables").await;
    look.at("variables").await;

    board.plug_in("spin.wasm", &spin()).await;
    board.press("spin").await;
    board.press("Call").await;
    board.phase("running").await;
    look.at("running").await;
    board.press("Stop").await;
    board.phase("ready").await;
    look.at("stopped").await;

    board.plug_in("hello.wasm", &hello()).await;
    board.press("Run").await;
    board.phase("waiting").await;
    look.at("waiting").await;
    board.press("Stop").await;
    board.phase("ready").await;
}

/// Has Chromium lay the page out for another medium, or with other features.
async fn emulate(board: &Board, media: &str, features: Value) {
    let medium = json!({ "media": media, "features": features });
    let cdp = board.driver.cdp();
    let emulated = cdp.send_raw("Emulation.setEmulatedMedia", medium).await;
    emulated.expect("Chromium emulates it");
}

/// What a script finds.
async fn found(board: &Board, script: &str) -> Value {
    let found = board.driver.execute(script, vec![]).await;
    found.expect("the script runs").json().clone()
}

#[tokio::test]
async fn on_paper_are_the_call_its_result_all_of_the_console_and_the_open_panel() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        board.press("flood").await;
        board.fill("n", "300").await;
        board.press("Call").await;
        board.outcome_shows("returned").await;
        board
            .until("all of it", |seen| {
                seen.all.contains("301 lines") && seen.all.contains("Wall time")
            })
            .await;
        found(&board, "dispatchEvent(new Event('beforeprint'))").await;
        emulate(&board, "print", json!([])).await;
        let rows = "return document.querySelectorAll('.row').length";
        while found(&board, rows).await != 301 {}
        let shown = |selectors: &str| {
            format!(
                "return [{selectors}].map((selector) => document.querySelector(selector))
                    .map((element) => element.checkVisibility() && element.getBoundingClientRect().height > 0)"
            )
        };
        let there = shown("'#call h2', '#argument-0', '#outcome', '#console .row', '#panel'");
        assert_eq!(found(&board, &there).await, json!([true, true, true, true, true]));
        let away = shown("'.bar nav', '.side', '.splitter', '.console .tools', '#tab-trace', '#call-button'");
        assert_eq!(found(&board, &away).await, json!(vec![false; 6]));
        let order = "const bottom = (selector) => document.querySelector(selector).getBoundingClientRect().bottom;
            const top = (selector) => document.querySelector(selector).getBoundingClientRect().top;
            return [top('#console') >= bottom('#outcome'), top('#panel') >= bottom('.row:last-child'),
                bottom('#console') - top('#console') >= 300 * 20]";
        assert_eq!(found(&board, order).await, json!([true, true, true]));
        emulate(&board, "", json!([])).await;
        found(&board, "dispatchEvent(new Event('afterprint'))").await;
        while found(&board, rows).await == 301 {}
    })
    .await;
}

#[tokio::test]
async fn where_colours_are_forced_what_is_selected_is_still_seen() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        board.press("Trace").await;
        board.press("Commands").await;
        board
            .until("the palette", |seen| seen.all.contains("Show Settings"))
            .await;
        let forced = json!([{ "name": "forced-colors", "value": "active" }]);
        emulate(&board, "", forced).await;
        let lines = "const line = (selector, side) =>
                getComputedStyle(document.querySelector(selector))[side];
            return [
                line('#tab-trace', 'borderBottomStyle'), line('#tab-settings', 'borderBottomStyle'),
                line('.exports [aria-current]', 'outlineStyle'),
                line('.exports button:not([aria-current])', 'outlineStyle'),
                line('.palette [aria-selected=true]', 'outlineStyle'),
                line('.palette [aria-selected=false]', 'outlineStyle'),
            ]";
        let expected = json!(["solid", "none", "solid", "none", "solid", "none"]);
        assert_eq!(found(&board, lines).await, expected);
    })
    .await;
}
