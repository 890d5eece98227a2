//! The page as its user sees it: what is on it by role, label and text, and what can be done.
//!
//! Nothing here sleeps for a fixed time: everything that takes time is waited for by its condition.

use crate::browser::Browser;
use crate::site::{dist, serve};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thirtyfour::{By, Key, TypingData, WebDriver, WebElement};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

/// How long a condition may take to come true on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// One journey at a time: some of them measure.
static TURN: Mutex<()> = Mutex::const_new(());

/// Opens the page, goes on the journey, and checks that the page had nothing to complain of.
pub(crate) async fn journey<F>(steps: impl FnOnce(Board) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    on_journey(dist(), "no other host", steps).await;
}

/// The same, to a page that lies in another directory.
pub(crate) async fn journey_to<F>(page: PathBuf, steps: impl FnOnce(Board) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    on_journey(page, "no other host", steps).await;
}

/// As [`journey`]; what the browser complains of a host elsewhere is not the page's.
pub(crate) async fn journey_beside<F>(elsewhere: &str, steps: impl FnOnce(Board) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    on_journey(dist(), elsewhere, steps).await;
}

/// To a page some of whose files are missing, of which the browser complains so.
pub(crate) async fn journey_without<F>(
    page: PathBuf,
    complaint: &str,
    steps: impl FnOnce(Board) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    on_journey(page, complaint, steps).await;
}

async fn on_journey<F>(page: PathBuf, elsewhere: &str, steps: impl FnOnce(Board) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let _turn = TURN.lock().await;
    let browser = Browser::open(serve(page)).await;
    let board = Board {
        driver: browser.driver.clone(),
        saved: browser.saved.0.clone(),
    };
    board.phase("empty").await;
    let end = tokio::spawn(steps(board.clone())).await;
    let mut complaints = browser.close().await;
    complaints.retain(|complaint| !complaint.contains(elsewhere));
    if let Err(error) = end {
        std::panic::resume_unwind(error.into_panic());
    }
    assert_eq!(complaints, Vec::<String>::new(), "the browser's console");
}

/// What there is to see.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Seen {
    /// `data-phase` of `main`: `empty`, `loading`, `ready`, `running` or `waiting`.
    pub(crate) phase: String,
    /// How the last call ended.
    pub(crate) outcome: String,
    /// What the last call used: its fuel, its time, its memory.
    pub(crate) used: String,
    /// The console's text.
    pub(crate) console: String,
    /// The messages.
    pub(crate) alerts: String,
    /// All text of the page.
    pub(crate) all: String,
}

/// What the watch on the page's thread saw, in milliseconds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Frames {
    /// The longest task: in Chromium, less than 50 ms count as zero.
    pub(crate) longest_task: f64,
    /// The longest time between two frames.
    pub(crate) longest_frame: f64,
    /// How many there were.
    pub(crate) frames: u64,
}

/// The page.
#[derive(Clone)]
pub(crate) struct Board {
    pub(crate) driver: WebDriver,
    /// Where it saves files.
    saved: PathBuf,
}

impl Board {
    /// Drops a file on the page.
    pub(crate) async fn drop_file(&self, name: &str, bytes: &[u8]) {
        self.drop_files(&[(name, bytes)]).await;
    }

    /// Drops files on the page, all at once.
    pub(crate) async fn drop_files(&self, files: &[(&str, &[u8])]) {
        self.drop_on("main", files).await;
    }

    /// Drops files on an element.
    pub(crate) async fn drop_on(&self, selector: &str, files: &[(&str, &[u8])]) {
        let contents = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect::<String>();
        let files: Vec<_> = files
            .iter()
            .map(|(name, bytes)| json!([name, contents(bytes)]))
            .collect();
        self.deed("drop", &[json!(selector), json!(files)]).await;
    }

    /// Drops files and folders of this machine on an element, as a file manager does. Not in Firefox, which
    /// WebDriver cannot make do so.
    pub(crate) async fn drop_paths(&self, selector: &str, paths: &[&Path]) {
        let place = self.deed("middle", &[json!(selector)]).await;
        let data = json!({ "items": [], "files": paths, "dragOperationsMask": 1 });
        for step in ["dragEnter", "dragOver", "drop"] {
            let event = json!({ "type": step, "x": place["x"], "y": place["y"], "data": data });
            let cdp = self.driver.cdp();
            cdp.send_raw("Input.dispatchDragEvent", event)
                .await
                .expect("Chromium can drop files");
        }
    }

    /// Drops a file that is a good module, and waits until it can be called.
    pub(crate) async fn plug_in(&self, name: &str, bytes: &[u8]) {
        self.drop_file(name, bytes).await;
        self.until(&format!("{name} is on the board"), |seen| {
            seen.phase == "ready" && seen.all.contains(name)
        })
        .await;
    }

    /// Opens the sample `greet`, of standard Go, and waits until it can be called with its Go types.
    pub(crate) async fn open_greet(&self) {
        self.press("greet").await;
        self.until("its Go types are known", |seen| {
            seen.phase == "ready" && seen.all.contains("from main.go")
        })
        .await;
    }

    /// Picks a file in the file dialog.
    pub(crate) async fn pick_file(&self, path: &Path) {
        let input = self
            .driver
            .find(By::Css("input[type=file]"))
            .await
            .expect("there is a file dialog");
        let path = path.to_str().expect("the path is UTF-8");
        input.send_keys(path).await.expect("the file can be picked");
    }

    /// Picks a file in the dialog of this id.
    pub(crate) async fn pick_file_with(&self, id: &str, path: &Path) {
        let input = self.driver.find(By::Id(id)).await;
        let path = path.to_str().expect("the path is UTF-8");
        let input = input.expect("there is such a dialog");
        input.send_keys(path).await.expect("the file can be picked");
    }

    /// Types into the field that is labelled so, after what is there.
    pub(crate) async fn keys(&self, label: &str, keys: impl Into<TypingData>) {
        self.field(label)
            .await
            .send_keys(keys)
            .await
            .expect("the field takes keys");
    }

    /// Presses the button, or what unfolds something, whose text begins so.
    pub(crate) async fn press(&self, label: &str) {
        let pressing = async {
            loop {
                let button = self.button(label).await;
                // To press one that cannot be pressed yet does nothing.
                if button.is_enabled().await.unwrap_or(false) && self.is_pressed(&button).await {
                    return;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        let pressed = timeout(PATIENCE, pressing).await;
        pressed.unwrap_or_else(|_| panic!("{label} cannot be pressed"));
    }

    /// Presses a button; says whether it has heard of that: it may have been disabled, or replaced, in that moment.
    async fn is_pressed(&self, button: &WebElement) -> bool {
        const LISTEN: &str = "window.heard = false;
            arguments[0].addEventListener('click', () => { window.heard = true; }, { once: true, capture: true });";
        let (Ok(element), driver) = (button.to_json(), &self.driver) else {
            return false;
        };
        if driver.execute(LISTEN, vec![element]).await.is_err() || button.click().await.is_err() {
            return false;
        }
        // A page that is left by that has heard of it.
        match driver.execute("return window.heard", vec![]).await {
            Ok(heard) => heard.json().as_bool() != Some(false),
            Err(_) => true,
        }
    }

    /// Opens the fold whose summary begins so.
    pub(crate) async fn unfold(&self, summary: &str) {
        let summary = format!("//summary[starts-with(normalize-space(), '{summary}')]");
        let summary = self.found(By::XPath(summary)).await;
        summary.click().await.expect("the fold can be opened");
    }

    /// Presses the button whose text is this.
    pub(crate) async fn press_exactly(&self, label: &str) {
        let button = By::XPath(format!("//button[normalize-space()='{label}']"));
        let button = self.found(button).await;
        button.click().await.expect("the button can be pressed");
    }

    /// Whether there is such a button to press.
    pub(crate) async fn can_press(&self, label: &str) -> bool {
        match self.displayed(button(label)).await {
            Some(button) => button.is_enabled().await.unwrap_or(false),
            None => false,
        }
    }

    /// Puts a value into the field that is labelled so, in place of what is there.
    pub(crate) async fn fill(&self, label: &str, value: &str) {
        let field = self.field(label).await;
        let select_all = Key::Control + "a";
        field
            .send_keys(select_all)
            .await
            .expect("the field takes keys");
        field
            .send_keys(Key::Delete + "")
            .await
            .expect("the field takes keys");
        field.send_keys(value).await.expect("the field takes keys");
    }

    /// Presses Ctrl+Enter in the field that is labelled so.
    pub(crate) async fn ctrl_enter(&self, label: &str) {
        let keys = Key::Control + Key::Enter;
        self.field(label)
            .await
            .send_keys(keys)
            .await
            .expect("the field takes keys");
    }

    /// Ticks, or unticks, the box that is labelled so.
    pub(crate) async fn tick(&self, label: &str, on: bool) {
        let ticking = async {
            loop {
                let field = self.field(label).await;
                // It may be drawn anew in that moment.
                if field.is_selected().await.is_ok_and(|is| is == on) {
                    return;
                }
                let _ = field.click().await;
                sleep(Duration::from_millis(20)).await;
            }
        };
        let ticked = timeout(PATIENCE, ticking).await;
        ticked.unwrap_or_else(|_| panic!("{label} cannot be ticked"));
    }

    /// Chooses an option of the list that is labelled so.
    pub(crate) async fn choose(&self, label: &str, option: &str) {
        let option = By::XPath(format!("./option[normalize-space()=\"{option}\"]"));
        let option = self
            .field(label)
            .await
            .find(option)
            .await
            .expect("there is such an option");
        option.click().await.expect("the option can be chosen");
    }

    /// The text in the field that is labelled so.
    pub(crate) async fn typed(&self, label: &str) -> String {
        let text = self.field(label).await.prop("value").await;
        text.expect("the field has a text").unwrap_or_default()
    }

    /// The option that is chosen of the list that is labelled so.
    pub(crate) async fn chosen(&self, label: &str) -> String {
        let option = By::Css("option:checked");
        let option = self.field(label).await.find(option).await;
        let option = option.expect("an option is chosen");
        option.text().await.expect("it has a text")
    }

    /// Waits for a phase.
    pub(crate) async fn phase(&self, phase: &str) -> Seen {
        self.until(&format!("phase {phase}"), |seen| seen.phase == phase)
            .await
    }

    /// Waits for text in the console.
    pub(crate) async fn console_shows(&self, text: &str) -> Seen {
        self.until(&format!("console {text:?}"), |seen| {
            seen.console.contains(text)
        })
        .await
    }

    /// Waits for text in the outcome.
    pub(crate) async fn outcome_shows(&self, text: &str) -> Seen {
        self.until(&format!("outcome {text:?}"), |seen| {
            seen.outcome.contains(text)
        })
        .await
    }

    /// Waits until what there is to see is so.
    pub(crate) async fn until(&self, what: &str, is_so: impl Fn(&Seen) -> bool) -> Seen {
        let waiting = async {
            loop {
                let seen = self.seen().await;
                if is_so(&seen) {
                    return seen;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        match timeout(PATIENCE, waiting).await {
            Ok(seen) => seen,
            Err(_) => panic!("waited for {what}; there is {:#?}", self.seen().await),
        }
    }

    /// What there is to see.
    pub(crate) async fn seen(&self) -> Seen {
        serde_json::from_value(self.deed("state", &[]).await).expect("it has the form")
    }

    /// Presses a button; the milliseconds, by the page's clock, until the phase and the outcome
    /// are so.
    pub(crate) async fn milliseconds_from_press(
        &self,
        label: &str,
        phase: &str,
        outcome: &str,
    ) -> f64 {
        let args = [json!(label), json!(phase), json!(outcome)];
        self.deed("press", &args)
            .await
            .as_f64()
            .expect("it is a number")
    }

    /// Watches the page's thread from now on.
    pub(crate) async fn watch_frames(&self) {
        self.deed("watch", &[]).await;
    }

    /// What the watch has seen.
    pub(crate) async fn frames(&self) -> Frames {
        serde_json::from_value(self.deed("seen", &[]).await).expect("it has the form")
    }

    /// What is in a file that the page has saved, which is not empty, once all of it is there.
    pub(crate) async fn saved(&self, name: &str) -> Vec<u8> {
        let path = self.saved.join(name);
        // Until then Chromium has it under another name, and Firefox, beside an empty one, too.
        let part = path.with_added_extension("part");
        let whole = || fs::metadata(&path).is_ok_and(|file| file.len() > 0) && !part.exists();
        let there = async {
            while !whole() {
                sleep(Duration::from_millis(20)).await;
            }
            fs::read(&path).expect("it can be read")
        };
        let bytes = timeout(PATIENCE, there).await;
        bytes.unwrap_or_else(|_| panic!("there is no {}", path.display()))
    }

    /// Does a deed of `board.js`, and waits for what it promises.
    pub(crate) async fn deed(&self, deed: &str, args: &[Value]) -> Value {
        let mut all = vec![json!(deed)];
        all.extend_from_slice(args);
        let result = self.driver.execute(include_str!("board.js"), all).await;
        result
            .unwrap_or_else(|error| panic!("{deed}: {error}"))
            .json()
            .clone()
    }

    /// The button whose text begins with these words.
    async fn button(&self, label: &str) -> WebElement {
        self.found(button(label)).await
    }

    /// The field whose label begins with these words.
    async fn field(&self, label: &str) -> WebElement {
        let labelled = format!("starts-with(concat(normalize-space(), ' '), '{label} ')");
        self.found(By::XPath(format!(
            "//*[@aria-label='{label}'] | //*[@id = //label[{labelled}]/@for] \
             | //label[{labelled}]//*[self::input or self::textarea or self::select]"
        )))
        .await
    }

    /// Waits for an element that is displayed.
    async fn found(&self, by: By) -> WebElement {
        let waiting = async {
            loop {
                if let Some(element) = self.displayed(by.clone()).await {
                    return element;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        match timeout(PATIENCE, waiting).await {
            Ok(element) => element,
            Err(_) => panic!("there is no {by}; there is {:#?}", self.seen().await),
        }
    }

    /// The first of these elements that is displayed now.
    async fn displayed(&self, by: By) -> Option<WebElement> {
        for element in self.driver.find_all(by).await.unwrap_or_default() {
            if element.is_displayed().await.unwrap_or(false) {
                return Some(element);
            }
        }
        None
    }
}

/// "Call" is not "Calls", which would do in its place while it is drawn anew.
fn button(label: &str) -> By {
    let is_it = match label {
        "Call" => "normalize-space()='Call'".to_owned(),
        _ => format!("starts-with(normalize-space(), '{label}')"),
    };
    By::XPath(format!(
        "//*[self::button or self::summary][{is_it} or @aria-label='{label}']"
    ))
}
