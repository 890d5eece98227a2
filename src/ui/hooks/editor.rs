//! The editor, which is a program of its own: `editor/editor.js`, loaded when it is shown first.

use super::driver::Driver;
use crate::protocol::build::Diagnostic;
use crate::ui::state::debugger::Gutter;
use crate::ui::state::go_source::GoSource;
use crate::ui::state::source_view::SourceView;
use js_sys::{Array, Reflect};
use serde_json::json;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, Element, Event};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = plugboard, js_name = editor, catch, variadic)]
    async fn js_editor(name: &str, told: &Array) -> Result<JsValue, JsValue>;
}

/// Shows a file of the source in an element.
///
/// # Errors
///
/// Says why there is no editor.
pub(crate) async fn edit(
    place: Element,
    of: u32,
    path: String,
    text: String,
    about: String,
) -> Result<(), String> {
    let told = Array::of5(
        &place,
        &of.into(),
        &path.into(),
        &text.into(),
        &about.into(),
    );
    let shown = js_editor("show", &told).await;
    shown.map(|_| ()).map_err(|error| {
        let error = error.dyn_ref::<js_sys::Error>();
        error.map_or_else(String::new, |error| error.message().into())
    })
}

/// Files as one archive: a path and a text or a file each, one behind the other.
pub(super) async fn tar(files: &Array) -> Option<Blob> {
    js_editor("tar", files).await.ok()?.dyn_into().ok()
}

/// The files in an archive, by their paths.
pub(super) async fn untar(archive: &Blob) -> Option<Vec<(String, Blob)>> {
    let files = js_editor("untar", &Array::of1(archive)).await.ok()?;
    let files: Vec<JsValue> = Array::from(&files).to_vec();
    let files = files.chunks(2).filter_map(|file| match file {
        [path, file] => Some((path.as_string()?, file.dyn_ref::<Blob>()?.clone())),
        _ => None,
    });
    Some(files.collect())
}

/// What stands beside a file's text, and in it, as the editor is told.
pub(crate) fn about(
    path: &str,
    source: &GoSource,
    view: &SourceView,
    gutter: &Gutter,
    diagnostics: &[Diagnostic],
) -> String {
    let wrong = diagnostics.iter().filter(|wrong| wrong.file == path);
    let wrong = wrong.map(|wrong| {
        json!({
            "line": wrong.line,
            "column": wrong.column,
            "message": wrong.message,
            "is_warning": wrong.is_warning,
        })
    });
    let code = gutter.code.iter();
    let code = code.map(|(line, reached)| json!([line, reached]));
    json!({
        "paths": source.dropped().collect::<Vec<_>>(),
        "breakpoints": gutter.breakpoints,
        "code": code.collect::<Vec<_>>(),
        "line": view.line,
        "column": view.column,
        "visits": view.visits,
        "wrong": wrong.collect::<Vec<_>>(),
    })
    .to_string()
}

/// Does what somebody has done in the editor.
pub(crate) fn edited(driver: &Driver, event: &Event) {
    let detail = Reflect::get(event, &"detail".into()).ok();
    let Some(detail) = detail.and_then(|detail| detail.dyn_into::<Array>().ok()) else {
        return;
    };
    let text = |place| detail.get(place).as_string().unwrap_or_default();
    let (path, value) = (text(1), text(2));
    match &*text(0) {
        "text" => driver.change(|board| board.edit_source(&path, &value)),
        "line" => {
            if let Ok(line) = value.parse() {
                driver.act(|board| board.switch_breakpoint(&path, line));
            }
        }
        _ => {}
    }
}
