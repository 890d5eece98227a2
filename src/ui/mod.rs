//! The page: its state, which is pure, and its view, which is only there in a browser.
//!
//! The state must not know of the view; the view changes nothing but through the state.

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(
        dead_code,
        unused_imports,
        reason = "without the view, only the tests use the state"
    )
)]

pub(crate) mod state;

#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod hooks;

/// Draws the page into the document's body.
#[cfg(target_arch = "wasm32")]
pub fn mount() {
    yew::Renderer::<components::App>::new().render();
}
