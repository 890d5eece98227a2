//! The keys that work anywhere on the page, and what a command does with the browser.

use super::dom::{ModalRef, focus_first_soon, focus_soon, press, press_soon};
use super::driver::Driver;
use crate::ui::state::building::Task;
use crate::ui::state::commands::{Action, pressed};
use crate::ui::state::samples::SAMPLES;
use crate::ui::state::templates::TEMPLATES;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

/// What opens above the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Dialogs {
    pub(crate) help: ModalRef,
    pub(crate) palette: ModalRef,
}

/// Listens to the keys that the help lists.
#[hook]
pub(crate) fn use_shortcuts(driver: &Driver, dialogs: &Dialogs) {
    let listened = (driver.clone(), dialogs.clone());
    use_effect_with(listened, |(driver, dialogs)| {
        let (driver, dialogs) = (driver.clone(), dialogs.clone());
        let listener = web_sys::window().map(|window| {
            let active = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", active, move |event| {
                let key = event.dyn_ref::<KeyboardEvent>();
                if let Some(key) = key.filter(|key| !key.is_composing())
                    && let Some(action) = meant(key)
                {
                    key.prevent_default();
                    if driver.board().why_not(action).is_none() {
                        perform(&driver, &dialogs, action);
                    }
                }
            })
        });
        move || drop(listener)
    });
}

/// What a key is for, where it was pressed.
fn meant(key: &KeyboardEvent) -> Option<Action> {
    let target = key.target()?.dyn_into::<Element>().ok();
    let within = |selector: &str| {
        let target = target.as_ref();
        target.is_some_and(|target| target.closest(selector).ok().flatten().is_some())
    };
    let control = (key.ctrl_key() || key.meta_key()) && !key.alt_key();
    let name = key.key();
    // Function keys type nothing.
    let is_function = name.len() > 1 && name.starts_with('F');
    let types = !control && !is_function && !key.alt_key();
    if within("dialog") || (types && within("input, textarea, select, .editor")) {
        return None;
    }
    if key.alt_key() && key.shift_key() && key.code() == "KeyF" {
        // What it types differs between systems.
        return Some(Action::Build(Task::Format));
    }
    pressed(&name, control, key.shift_key())
}

/// Does what a person has chosen.
pub(crate) fn perform(driver: &Driver, dialogs: &Dialogs, action: Action) {
    driver.act(|board| board.perform(action));
    match action {
        Action::Palette => dialogs.palette.show(),
        Action::Help => dialogs.help.show(),
        Action::Sample(place) => {
            if let Some(&sample) = SAMPLES.get(place) {
                driver.load_sample(sample);
            }
        }
        Action::Template(place) => {
            if let Some(&template) = TEMPLATES.get(place) {
                driver.begin_template(template);
            }
        }
        Action::Unplug => driver.unplug(),
        Action::CopyLink => driver.copy_link(),
        Action::SaveSession => driver.save_session(),
        Action::Press(id) => press(id),
        Action::PressIn(_, id) => press_soon(id),
        Action::GoIn(_, id) => focus_soon(id.to_owned()),
        Action::GoTo(id) => focus_soon(id.to_owned()),
        Action::Show(panel) => focus_soon(panel.tab()),
        Action::GoToCall | Action::Select(_) => focus_first_soon(),
        _ => {}
    }
}
