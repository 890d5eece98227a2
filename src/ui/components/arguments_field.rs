//! The arguments: a field for each, and all of them as a command line.

use crate::ui::hooks::{Driver, focus_soon, typed};
use crate::ui::state::settings::{Arguments, Field};
use yew::prelude::*;

/// `problem` is what is wrong with the command line, under the id `error`.
pub(super) fn arguments(
    driver: &Driver,
    arguments: &Arguments,
    problem: Option<Html>,
    error: String,
) -> Html {
    let count = arguments.each().len();
    let add = {
        let driver = driver.clone();
        move |_| add(&driver, count)
    };
    let enter_line = {
        let driver = driver.clone();
        move |event: InputEvent| {
            let line = typed(&event);
            driver.act(|board| board.enter_setting(Field::CommandLine, line));
        }
    };
    html! {
        <fieldset class="arguments">
            <legend>{ "Arguments" }</legend>
            <ol>{ for (0..count).map(|place| argument(driver, arguments, place)) }</ol>
            <button type="button" id="add-argument" onclick={add}>{ "Add an argument" }</button>
            <label for="setting-commandline">
                { "Command line" }{ " " }<span class="type">{ "with shell quotes" }</span>
            </label>
            <textarea
                id="setting-commandline"
                rows="1"
                spellcheck="false"
                autocapitalize="off"
                placeholder="-v 'two words'"
                value={arguments.line().to_owned()}
                aria-invalid={problem.is_some().then_some("true")}
                aria-describedby={problem.is_some().then_some(error)}
                oninput={enter_line}
            />
            if let Some(problem) = problem {
                { problem }
            }
        </fieldset>
    }
}

fn argument(driver: &Driver, arguments: &Arguments, place: usize) -> Html {
    let value = arguments.each().get(place).cloned().unwrap_or_default();
    let enter = {
        let driver = driver.clone();
        move |event: InputEvent| {
            let text = typed(&event);
            driver.act(|board| board.edit_settings(|form| form.args.enter(place, &text)));
        }
    };
    let key = {
        let (driver, empty) = (driver.clone(), value.is_empty());
        move |event: KeyboardEvent| {
            let bare = !(event.ctrl_key() || event.meta_key() || event.is_composing());
            match event.key().as_str() {
                "Enter" if bare => add(&driver, place + 1),
                "Backspace" if empty => remove(&driver, place),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let remove = {
        let driver = driver.clone();
        move |_| remove(&driver, place)
    };
    let name = format!("argument {}", place + 1);
    html! {
        <li>
            <input
                id={id(place)}
                type="text"
                aria-label={name.clone()}
                placeholder="empty"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                {value}
                oninput={enter}
                onkeydown={key}
            />
            <button type="button" class="quiet" aria-label={format!("Remove {name}")} onclick={remove}>
                { "×" }
            </button>
        </li>
    }
}

/// An empty one at a place, to be typed.
fn add(driver: &Driver, place: usize) {
    driver.act(|board| board.edit_settings(|form| form.args.add(place)));
    focus_soon(id(place));
}

/// The one before it is the next to be typed.
fn remove(driver: &Driver, place: usize) {
    driver.act(|board| board.edit_settings(|form| form.args.remove(place)));
    focus_soon(id(place.saturating_sub(1)));
}

fn id(place: usize) -> String {
    format!("setting-arg-{place}")
}
