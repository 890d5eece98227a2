//! Files in and out.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, FileList, HtmlAnchorElement, Response, Url};

/// Of several files, the one that looks like a module; else the first.
pub(crate) fn first_module(files: &FileList) -> Option<File> {
    let all = || (0..files.length()).filter_map(|index| files.get(index));
    all()
        .find(|file| file.name().to_lowercase().ends_with(".wasm"))
        .or_else(|| all().next())
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
    // It fails only where there is no document, and nobody to download anything.
    let _ = try_download(name, bytes);
}

fn try_download(name: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(document) = document {
        let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    Url::revoke_object_url(&url)
}

fn text(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(
        || "unknown error".to_owned(),
        |error| error.message().into(),
    )
}
