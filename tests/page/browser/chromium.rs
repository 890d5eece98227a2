//! Chromium, and chromedriver.

use crate::browser::driver::Driver;
use crate::site::repository;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use thirtyfour::WebDriver;

pub(crate) fn driver() -> Driver {
    Driver::start("chromedriver", &["--port=0"], "successfully on port ")
}

/// `webdriver.json`, and that the console's messages are kept for us.
pub(crate) fn capabilities(saved: &Path) -> Value {
    let file = repository().join("webdriver.json");
    let text = fs::read_to_string(file).expect("webdriver.json can be read");
    let mut all: Value = serde_json::from_str(&text).expect("webdriver.json is JSON");
    all["goog:loggingPrefs"] = json!({ "browser": "ALL" });
    let options = &mut all["goog:chromeOptions"];
    options["prefs"] = json!({ "download.default_directory": saved });
    options["args"]
        .as_array_mut()
        .expect("webdriver.json has arguments")
        .push("--window-size=1280,1000".into());
    all
}

pub(crate) async fn complaints(driver: &WebDriver) -> Vec<String> {
    let log = driver
        .browser_log()
        .await
        .expect("the browser keeps its log");
    log.into_iter()
        .filter(|entry| entry.level == "SEVERE")
        .map(|entry| entry.message)
        .collect()
}
