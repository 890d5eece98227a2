//! Files that are picked or dropped for guests to see, and files of theirs that are shown.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, File, FileList, HtmlInputElement, Url};

/// A file, by its path; without one, a directory.
pub(crate) type Entry = (String, Option<Blob>);

/// The files that were picked.
pub(crate) fn picked(input: &HtmlInputElement) -> Vec<File> {
    input.files().map(|files| all(&files)).unwrap_or_default()
}

/// Files by paths: what is in a folder that was picked has that of the folder.
pub(crate) fn with_paths(files: Vec<File>) -> Vec<Entry> {
    files
        .into_iter()
        .map(|file| {
            let path = Reflect::get(&file, &"webkitRelativePath".into()).ok();
            let path = path.and_then(|path| path.as_string());
            let path = path.filter(|path| !path.is_empty());
            (path.unwrap_or_else(|| file.name()), Some(file.into()))
        })
        .collect()
}

/// The files of a list.
pub(super) fn all(files: &FileList) -> Vec<File> {
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
        Self::of(&Blob::new_with_u8_array_sequence_and_options(
            &parts, &options,
        )?)
    }

    pub(super) fn of(file: &Blob) -> Result<Self, JsValue> {
        Url::create_object_url_with_blob(file).map(Self)
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
