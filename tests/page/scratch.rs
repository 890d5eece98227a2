//! Files beside the page: what is dropped on it, picked for it, and saved by it.

use crate::board::Board;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// A directory for one test, which ends with it.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("plugboard-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// What the page offers to be saved goes into this directory from now on.
pub(crate) async fn save_into(board: &Board, directory: &Path) {
    let allow = json!({ "behavior": "allow", "downloadPath": directory });
    board
        .driver
        .cdp()
        .send_raw("Page.setDownloadBehavior", allow)
        .await
        .unwrap();
}

/// What is in a file that a browser is writing, once all of it is: it has another name before.
pub(crate) async fn saved(path: &Path) -> Vec<u8> {
    let there = async {
        while !path.exists() {
            sleep(Duration::from_millis(20)).await;
        }
        fs::read(path).unwrap()
    };
    let bytes = timeout(Duration::from_secs(20), there).await;
    bytes.unwrap_or_else(|_| panic!("there is no {}", path.display()))
}
