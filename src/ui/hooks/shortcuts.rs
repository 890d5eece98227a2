//! The keys that work anywhere on the page.

use super::driver::Driver;
use crate::ui::state::Board;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// Listens to the keys that the help lists.
#[hook]
pub(crate) fn use_shortcuts(driver: &Driver, help: &Callback<()>) {
    let listened = (driver.clone(), help.clone());
    use_effect_with(listened, |(driver, help)| {
        let (driver, help) = (driver.clone(), help.clone());
        let listener = web_sys::window().map(|window| {
            let active = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", active, move |event| {
                let pressed = event.dyn_ref::<KeyboardEvent>();
                if let Some(key) = pressed.filter(|key| !key.is_composing())
                    && act(&driver, &help, key)
                {
                    key.prevent_default();
                }
            })
        });
        move || drop(listener)
    });
}

/// Does what the key is for; whether it is for anything.
fn act(driver: &Driver, help: &Callback<()>, key: &KeyboardEvent) -> bool {
    let control = (key.ctrl_key() || key.meta_key()) && !key.alt_key();
    match key.key().as_str() {
        "Enter" if control && key.shift_key() => driver.act(|board| board.repeat(0)),
        "Enter" if control => driver.act(Board::call),
        "." if control => driver.act(Board::stop),
        "o" if control => open(),
        "?" if !control && !is_typing(key) => help.emit(()),
        _ => return false,
    }
    true
}

/// Opens the file dialog.
fn open() {
    let input = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("open"))
        .and_then(|input| input.dyn_into::<HtmlElement>().ok());
    if let Some(input) = input {
        input.click();
    }
}

fn is_typing(key: &KeyboardEvent) -> bool {
    key.target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        })
}
