//! A headless browser with the built page in it, for as long as one journey takes: Chromium, or with
//! `JOURNEYS=firefox` in the environment Firefox.

mod chromium;
mod driver;
mod firefox;

use crate::scratch::Scratch;
use driver::Driver;
use serde_json::Value;
use std::env;
use std::path::Path;
use thirtyfour::{Capabilities, WebDriver};

/// Which browser.
#[derive(Clone, Copy)]
enum Kind {
    Chromium,
    Firefox,
}

impl Kind {
    fn wanted() -> Self {
        match env::var("JOURNEYS").as_deref() {
            Err(_) | Ok("" | "chromium") => Self::Chromium,
            Ok("firefox") => Self::Firefox,
            Ok(other) => panic!("JOURNEYS={other}: there are chromium and firefox"),
        }
    }

    fn start(self) -> Driver {
        match self {
            Self::Chromium => chromium::driver(),
            Self::Firefox => firefox::driver(),
        }
    }

    /// What is asked of the driver: saved files go into the directory.
    fn capabilities(self, saved: &Path) -> Value {
        match self {
            Self::Chromium => chromium::capabilities(saved),
            Self::Firefox => firefox::capabilities(saved),
        }
    }

    async fn complaints(self, driver: &WebDriver, page: &str) -> Vec<String> {
        match self {
            Self::Chromium => chromium::complaints(driver).await,
            Self::Firefox => firefox::complaints(driver, page).await,
        }
    }
}

/// A browser, showing the page.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    /// Where files are saved.
    pub(crate) saved: Scratch,
    kind: Kind,
    page: String,
    process: Driver,
}

impl Browser {
    /// Starts one, with a profile of its own.
    pub(crate) async fn open(page: String) -> Self {
        let kind = Kind::wanted();
        let process = kind.start();
        let saved = Scratch::new("saved");
        let capabilities: Capabilities = kind
            .capabilities(&saved.0)
            .as_object()
            .expect("capabilities are an object")
            .clone()
            .into();
        let driver = WebDriver::new(process.url(), capabilities)
            .await
            .expect("the browser starts");
        driver.goto(&page).await.expect("the page is served");
        Self {
            driver,
            saved,
            kind,
            page,
            process,
        }
    }

    /// Ends it; what it complained of until then: errors of the page, and what its policy forbids.
    pub(crate) async fn close(self) -> Vec<String> {
        let complaints = self.kind.complaints(&self.driver, &self.page).await;
        let closed = self.driver.quit().await;
        drop(self.process);
        closed.expect("the browser ends");
        complaints
    }
}
