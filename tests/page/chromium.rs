//! A headless Chromium with the built page in it, for as long as one journey takes.

use crate::server;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use thirtyfour::{Capabilities, WebDriver};

/// Where the page is served: not at the root, since it must work under any path.
const BASE: &str = "/some/where/";

/// The directory of this repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Serves `dist/` on a port of its own; says where.
pub(crate) fn serve_dist() -> String {
    let dist = repository().join("dist");
    assert!(
        dist.join("index.html").is_file(),
        "there is no dist/: `make build` makes it"
    );
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || server::serve(&listener, &dist, BASE));
    format!("http://127.0.0.1:{port}{BASE}")
}

/// The driver's process, which ends with this.
struct Chromedriver {
    process: Child,
    port: u16,
}

impl Chromedriver {
    /// It picks a port that is free for IPv4, and ends at once where something has it for IPv6:
    /// then it picks another.
    fn start() -> Self {
        let mut attempts = (0..5).filter_map(|_| Self::try_start());
        attempts.next().expect("chromedriver says its port")
    }

    fn try_start() -> Option<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is on PATH: `make setup` sees to it");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            line.split("successfully on port ")
                .nth(1)?
                .trim_end_matches('.')
                .parse()
                .ok()
        });
        let Some(port) = port else {
            drop(process.wait());
            return None;
        };
        // What it says later is read too, so that it never waits for a reader.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Some(Self { process, port })
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A browser, showing the page.
pub(crate) struct Chromium {
    pub(crate) driver: WebDriver,
    chromedriver: Chromedriver,
}

impl Chromium {
    /// Starts one with the flags of `webdriver.json`, and a profile of its own.
    pub(crate) async fn open(url: &str) -> Self {
        let chromedriver = Chromedriver::start();
        let driver = WebDriver::new(
            format!("http://127.0.0.1:{}", chromedriver.port),
            capabilities(),
        )
        .await
        .expect("Chromium starts");
        driver.goto(url).await.expect("the page is served");
        Self {
            driver,
            chromedriver,
        }
    }

    /// Ends it.
    pub(crate) async fn close(self) {
        let closed = self.driver.quit().await;
        drop(self.chromedriver);
        closed.expect("Chromium ends");
    }
}

/// `webdriver.json`, and that the console's messages are kept for us.
fn capabilities() -> Capabilities {
    let file: PathBuf = repository().join("webdriver.json");
    let text = std::fs::read_to_string(file).expect("webdriver.json can be read");
    let mut all: Value = serde_json::from_str(&text).expect("webdriver.json is JSON");
    all["goog:loggingPrefs"] = serde_json::json!({ "browser": "ALL" });
    let args = all["goog:chromeOptions"]["args"]
        .as_array_mut()
        .expect("webdriver.json has arguments");
    args.push("--window-size=1280,900".into());
    all.as_object()
        .expect("webdriver.json is an object")
        .clone()
        .into()
}
