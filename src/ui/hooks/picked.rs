//! Files that are picked or dropped for guests to see, and files of theirs that are shown.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, DragEvent, File, FileList, HtmlInputElement, Url};

/// What was picked, by paths: what is in a folder that was picked has that of the folder.
pub(crate) fn picked(input: &HtmlInputElement) -> Vec<(String, Blob)> {
    let files = input.files().map(|files| all(&files)).unwrap_or_default();
    files
        .into_iter()
        .map(|file| {
            let path = Reflect::get(&file, &"webkitRelativePath".into()).ok();
            let path = path.and_then(|path| path.as_string());
            let path = path.filter(|path| !path.is_empty());
            (path.unwrap_or_else(|| file.name()), file.into())
        })
        .collect()
}

/// What was dropped, if it is for guests to see: a module is for the board, and so is what comes
/// with it.
pub(crate) fn dropped(event: &DragEvent) -> Option<Vec<(String, Blob)>> {
    let files = all(&event.data_transfer()?.files()?);
    let is_module = |file: &File| file.name().to_lowercase().ends_with(".wasm");
    if files.is_empty() || files.iter().any(is_module) {
        return None;
    }
    event.prevent_default();
    let named = files.into_iter().map(|file| (file.name(), file.into()));
    Some(named.collect())
}

fn all(files: &FileList) -> Vec<File> {
    (0..files.length())
        .filter_map(|index| files.get(index))
        .collect()
}

/// Bytes at a URL of their own, for as long as this is there.
#[derive(Debug)]
pub(crate) struct BlobUrl(String);

impl BlobUrl {
    pub(crate) fn new(bytes: &[u8], mime: &str) -> Option<Self> {
        Self::try_new(bytes, mime).ok()
    }

    fn try_new(bytes: &[u8], mime: &str) -> Result<Self, JsValue> {
        let parts = Array::of1(&Uint8Array::from(bytes));
        let options = BlobPropertyBag::new();
        options.set_type(mime);
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
        Url::create_object_url_with_blob(&blob).map(Self)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for BlobUrl {
    fn drop(&mut self) {
        // It fails only for what is no URL.
        let _ = Url::revoke_object_url(&self.0);
    }
}
