//! What is kept of plugins beyond a visit: `store.js`, which keeps it in the browser's IndexedDB.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::Blob;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = plugboard, js_name = list, catch)]
    async fn js_list() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = plugboard, js_name = read, catch)]
    async fn js_read(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = plugboard, js_name = write, catch)]
    async fn js_write(id: &str, about: &str, parts: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = plugboard, js_name = remove, catch)]
    async fn js_remove(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = plugboard, js_name = snapshot, catch)]
    async fn js_snapshot(file: &Blob) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = plugboard, js_name = pack, catch)]
    async fn js_pack(value: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = plugboard, js_name = unpack, catch)]
    async fn js_unpack(text: &str, most: f64) -> Result<JsValue, JsValue>;
    /// Takes what stands behind the `#` of the page's address, if it opens something.
    #[wasm_bindgen(js_namespace = plugboard)]
    pub(super) fn link() -> String;
    /// Says whether leaving the page is to ask first.
    #[wasm_bindgen(js_namespace = plugboard)]
    pub(super) fn holds(on: bool);
}

/// The id of each plugin that is kept, and what it is.
pub(super) async fn list() -> Result<Vec<(String, String)>, String> {
    let pairs = js_list().await.map_err(|error| reason(&error))?;
    let pairs = pairs_of(&pairs).into_iter();
    Ok(pairs
        .filter_map(|(id, about)| Some((id, about.as_string()?)))
        .collect())
}

/// The parts of a plugin.
pub(super) async fn read(id: &str) -> Result<Vec<(String, JsValue)>, String> {
    let parts = js_read(id).await.map_err(|error| reason(&error))?;
    Ok(pairs_of(&parts))
}

/// Keeps some parts of a plugin; one that is undefined is not kept any more.
pub(super) async fn write(
    id: &str,
    about: &str,
    parts: Vec<(String, JsValue)>,
) -> Result<(), String> {
    let parts = parts.into_iter();
    let parts: Array = parts
        .map(|(part, value)| Array::of2(&part.into(), &value))
        .collect();
    let written = js_write(id, about, &parts).await;
    written.map(|_| ()).map_err(|error| reason(&error))
}

/// Keeps nothing of a plugin any more.
pub(super) async fn remove(id: &str) -> Result<(), String> {
    let removed = js_remove(id).await;
    removed.map(|_| ()).map_err(|error| reason(&error))
}

/// The file as it is now, whatever becomes of it on the disk, and its SHA-256 as hexadecimal digits, where
/// the browser computes it.
pub(super) async fn snapshot(file: &Blob) -> Result<(Blob, Option<String>), String> {
    let taken = js_snapshot(file).await.map_err(|error| reason(&error))?;
    let taken = Array::from(&taken);
    let copy = taken.get(0).dyn_into().map_err(|error| reason(&error))?;
    Ok((copy, taken.get(1).as_string()))
}

/// Text or a file, compressed, as base64.
pub(super) async fn pack(value: &JsValue) -> Result<String, String> {
    let packed = js_pack(value).await.map_err(|error| reason(&error))?;
    Ok(packed.as_string().unwrap_or_default())
}

/// What was packed, if it is at most so many bytes.
pub(super) async fn unpack(text: &str, most: f64) -> Result<Blob, String> {
    let file = js_unpack(text, most).await;
    file.and_then(JsCast::dyn_into)
        .map_err(|error| reason(&error))
}

fn pairs_of(list: &JsValue) -> Vec<(String, JsValue)> {
    let pairs = Array::from(list);
    let pairs = pairs.iter().map(|pair| Array::from(&pair));
    pairs
        .filter_map(|pair| Some((pair.get(0).as_string()?, pair.get(1))))
        .collect()
}

fn reason(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Object>().map_or_else(
        || "unknown error".to_owned(),
        |error| error.to_string().into(),
    )
}
