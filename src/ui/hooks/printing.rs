//! Whether the page is being printed.

use gloo_events::EventListener;
use yew::prelude::*;

/// `true` while the browser lays the page out for paper: what scrolls is to be there as a whole.
#[hook]
pub(crate) fn use_printing() -> bool {
    let printing = use_state_eq(|| false);
    let setter = printing.setter();
    use_effect_with((), move |()| {
        let listeners = web_sys::window().map(|window| {
            [("beforeprint", true), ("afterprint", false)].map(|(name, prints)| {
                let setter = setter.clone();
                EventListener::new(&window, name, move |_| setter.set(prints))
            })
        });
        move || drop(listeners)
    });
    *printing
}
