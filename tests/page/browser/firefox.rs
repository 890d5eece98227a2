//! Firefox, and geckodriver.

use crate::browser::driver::Driver;
use serde_json::{Value, json};
use std::path::Path;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{RequestData, SessionId, WebDriver};

pub(crate) fn driver() -> Driver {
    // Its console can be read by who has the access of the system.
    let args = ["--port=0", "--websocket-port=0", "--allow-system-access"];
    Driver::start("geckodriver", &args, "Listening on 127.0.0.1:")
}

pub(crate) fn capabilities(saved: &Path) -> Value {
    // 2: into `browser.download.dir`.
    let preferences = json!({
        "browser.download.folderList": 2,
        "browser.download.dir": saved,
        "browser.download.alwaysOpenPanel": false,
    });
    json!({ "moz:firefoxOptions": {
        "args": ["-headless", "--width=1280", "--height=900"],
        "prefs": preferences,
    } })
}

/// The errors in its console, but for those of its own parts.
pub(crate) async fn complaints(driver: &WebDriver, page: &str) -> Vec<String> {
    let errors = "return Services.console.getMessageArray()
        .filter((message) => message instanceof Ci.nsIScriptError)
        .filter(({ flags, sourceName }) => !(flags & Ci.nsIScriptError.warningFlag)
            && sourceName.startsWith(arguments[0]))
        .map(({ sourceName, lineNumber, errorMessage }) =>
            `${sourceName}:${lineNumber}: ${errorMessage}`);";
    driver.cmd(SystemContext).await.expect("it has the access");
    let errors = driver.execute(errors, vec![json!(page)]).await;
    errors
        .expect("the console can be read")
        .convert()
        .expect("they are texts")
}

/// From now on, scripts are those of the browser.
#[derive(Debug)]
struct SystemContext;

impl FormatRequestData for SystemContext {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let post = "POST".parse().expect("it is a method");
        RequestData::new(post, format!("/session/{session}/moz/context"))
            .add_body(json!({ "context": "chrome" }))
    }
}
