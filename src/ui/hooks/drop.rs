//! Files that are dropped on the page, or pasted into it.

use super::driver::Driver;
use super::folders::Dropped;
use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, DragEvent, Element, Event};
use yew::prelude::*;

/// What files are being dragged over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// The Files panel, which takes them.
    Files,
    /// Anything else.
    Page,
}

/// Takes files that are dropped anywhere on the page, or pasted; what some are being dragged over.
#[hook]
pub(crate) fn use_drop(driver: &Driver) -> Option<Over> {
    let dragging = use_state_eq(|| None);
    let over = dragging.setter();
    use_effect_with(driver.clone(), move |driver| {
        let window = web_sys::window();
        let listeners = window.map(|window| {
            let active = EventListenerOptions::enable_prevent_default();
            let listen = |name: &'static str, action: Box<dyn Fn(&Event)>| {
                EventListener::new_with_options(&window, name, active, move |event| action(event))
            };
            let (enter, leave, end) = (over.clone(), over.clone(), over);
            let (dropped, pasted) = (driver.clone(), driver.clone());
            [
                listen(
                    "dragover",
                    Box::new(move |event| {
                        if carries_files(event) {
                            event.prevent_default();
                            enter.set(Some(over_what(event)));
                        }
                    }),
                ),
                listen(
                    "dragleave",
                    Box::new(move |event| {
                        // Elements are left all the time; the page only when none is entered.
                        let drag = event.dyn_ref::<DragEvent>();
                        if drag.is_some_and(|drag| drag.related_target().is_none()) {
                            leave.set(None);
                        }
                    }),
                ),
                listen(
                    "drop",
                    Box::new(move |event| {
                        end.set(None);
                        let drag = event.dyn_ref::<DragEvent>();
                        take(&dropped, event, drag.and_then(DragEvent::data_transfer));
                    }),
                ),
                listen(
                    "paste",
                    Box::new(move |event| {
                        let clipboard = Reflect::get(event, &"clipboardData".into()).ok();
                        let clipboard = clipboard.and_then(|data| data.dyn_into().ok());
                        take(&pasted, event, clipboard);
                    }),
                ),
            ]
        });
        move || drop(listeners)
    });
    *dragging
}

/// Whether files are dragged, and not a text or a link.
fn carries_files(event: &Event) -> bool {
    event
        .dyn_ref::<DragEvent>()
        .and_then(DragEvent::data_transfer)
        .is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Takes the files, if there are any; anything else is left to the browser.
fn take(driver: &Driver, event: &Event, data: Option<DataTransfer>) {
    if event.default_prevented() {
        // A panel has taken them.
        return;
    }
    let dropped = data.map(|data| Dropped::of(&data));
    if let Some(dropped) = dropped.filter(|dropped| !dropped.is_empty()) {
        event.prevent_default();
        driver.take_dropped(dropped);
    }
}

fn over_what(event: &Event) -> Over {
    let element = event.target().and_then(|target| target.dyn_into().ok());
    let panel = element.and_then(|element: Element| element.closest(".files-panel").ok().flatten());
    if panel.is_some() {
        Over::Files
    } else {
        Over::Page
    }
}
