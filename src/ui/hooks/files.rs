//! Files in and out.

use super::picked::BlobUrl;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Response};

/// Bytes of a Go file at most; more is no source that somebody wrote.
const MAX_SOURCE: f64 = 4e6;

/// Bytes of a file at most that is an argument.
const MAX_ARGUMENT: f64 = 16e6;

/// How long a file that is offered can be had, in milliseconds.
const SAVING_MILLIS: u32 = 60_000;

/// Files that were dropped or picked together.
#[derive(Clone)]
pub(crate) struct Picked {
    /// The one that looks like a module; else the first that is no Go file.
    pub(super) module: Option<File>,
    /// The Go files, and `go.mod`.
    pub(super) source: Vec<File>,
    /// The names of those that are neither.
    pub(super) others: Vec<String>,
}

impl Picked {
    pub(crate) fn of(files: Vec<File>) -> Self {
        let is = |file: &File, ending: &str| file.name().to_ascii_lowercase().ends_with(ending);
        let is_source = |file: &File| is(file, ".go") || file.name() == "go.mod";
        let (source, mut others): (Vec<File>, Vec<File>) = files.into_iter().partition(is_source);
        let module = others.iter().position(|file| is(file, ".wasm"));
        let module = (!others.is_empty()).then(|| others.swap_remove(module.unwrap_or(0)));
        let others = others.iter().map(File::name).collect();
        Self {
            module,
            source,
            others,
        }
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.module.is_none() && self.source.is_empty()
    }
}

/// What is in a file, unless it is too large to be an argument.
pub(super) async fn bytes(file: &Blob) -> Option<Vec<u8>> {
    if file.size() > MAX_ARGUMENT {
        return None;
    }
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// The text that a file holds.
///
/// # Errors
///
/// Says why it cannot be had.
pub(super) async fn text_of(file: &Blob) -> Result<String, String> {
    let read = JsFuture::from(file.text())
        .await
        .map_err(|error| text(&error))?;
    Ok(read.as_string().unwrap_or_default())
}

/// The name and the text of each Go file that can be read.
pub(super) async fn texts(files: Vec<(String, Blob)>) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (name, file) in files {
        if file.size() <= MAX_SOURCE
            && let Ok(text) = JsFuture::from(file.text()).await
            && let Some(text) = text.as_string()
        {
            texts.push((name, text));
        }
    }
    texts
}

/// What is at a URL, relative to the page.
///
/// # Errors
///
/// Says why it cannot be had.
pub(super) async fn fetch(url: &str) -> Result<Blob, String> {
    let failed = |why: String| format!("{url} could not be fetched: {why}");
    let window = web_sys::window().ok_or_else(|| failed("there is no window".to_owned()))?;
    let response = JsFuture::from(window.fetch_with_str(url))
        .await
        .map_err(|error| failed(text(&error)))?;
    let response: Response = response.dyn_into().map_err(|error| failed(text(&error)))?;
    if !response.ok() {
        let status = format!("{} {}", response.status(), response.status_text());
        return Err(failed(status));
    }
    let body = response.blob().map_err(|error| failed(text(&error)))?;
    let body = JsFuture::from(body)
        .await
        .map_err(|error| failed(text(&error)))?;
    body.dyn_into().map_err(|error| failed(text(&error)))
}

/// Offers bytes as a file to be saved.
pub(crate) fn download(name: &str, bytes: &[u8]) {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    if let Ok(file) = Blob::new_with_u8_array_sequence_and_options(&parts, &options) {
        save(name, &file);
    }
}

/// One file of these, one behind the other.
pub(super) fn joined(parts: &[Blob]) -> Option<Blob> {
    let parts: Array = parts.iter().collect();
    Blob::new_with_blob_sequence(&parts).ok()
}

/// Offers a file to be saved.
pub(super) fn save(name: &str, file: &Blob) {
    // It fails only where there is no document, and nobody to save anything.
    let _ = try_save(name, file);
}

fn try_save(name: &str, file: &Blob) -> Result<(), JsValue> {
    let url = BlobUrl::of(file)?;
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(document) = document {
        let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
        anchor.set_href(url.as_str());
        anchor.set_download(name);
        anchor.click();
    }
    // Some browsers begin to read it only after a while.
    Timeout::new(SAVING_MILLIS, move || drop(url)).forget();
    Ok(())
}

fn text(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(
        || "unknown error".to_owned(),
        |error| error.message().into(),
    )
}
