//! What outlives the page. Where storage is forbidden or full, nothing is kept, and nothing is said
//! about it.

use yew::prelude::*;

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was kept under the key.
pub(super) fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps the text under the key.
pub(super) fn set(key: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, text);
    }
}

/// As [`storage`], for as long as this tab is there, and for a reload of it.
fn here() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// What this tab has kept under the key.
pub(super) fn get_here(key: &str) -> Option<String> {
    here()?.get_item(key).ok()?
}

/// Keeps the text under the key, for this tab.
pub(super) fn set_here(key: &str, text: &str) {
    if let Some(here) = here() {
        let _ = here.set_item(key, text);
    }
}

/// This tab keeps nothing under the key any more.
pub(super) fn remove_here(key: &str) {
    if let Some(here) = here() {
        let _ = here.remove_item(key);
    }
}

/// A switch of the page as a whole, which is off at first and outlives it: whether it is on, and what turns it.
#[hook]
pub(crate) fn use_kept(key: &'static str) -> (bool, Callback<MouseEvent>) {
    let key = format!("plugboard.{key}");
    let is_on = use_state_eq(|| get(&key).as_deref() == Some("on"));
    let turn = {
        let is_on = is_on.clone();
        Callback::from(move |_: MouseEvent| {
            set(&key, if *is_on { "off" } else { "on" });
            is_on.set(!*is_on);
        })
    };
    (*is_on, turn)
}
