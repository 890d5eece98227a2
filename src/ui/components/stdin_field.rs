//! What stdin holds: nothing, text, or a file.

use crate::ui::hooks::{Driver, picked, typed};
use crate::ui::state::format;
use crate::ui::state::settings::{Field, StdinForm, StdinWay};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

pub(super) fn stdin(driver: &Driver, stdin: &StdinForm) -> Html {
    let choose = {
        let driver = driver.clone();
        move |event: Event| {
            let way = event
                .target_dyn_into::<HtmlSelectElement>()
                .and_then(|select| usize::try_from(select.selected_index()).ok())
                .and_then(|index| StdinWay::ALL.get(index).copied());
            if let Some(way) = way {
                driver.act(|board| board.edit_settings(|form| form.choose_stdin(way)));
            }
        }
    };
    html! {
        <div class="field">
            <label for="setting-stdin">{ "stdin" }</label>
            <select id="setting-stdin" onchange={choose}>
                { for StdinWay::ALL.into_iter().map(|way| html! {
                    <option selected={way == stdin.way}>{ way.name() }</option>
                }) }
            </select>
            { match stdin.way {
                StdinWay::Typed => keys(driver, stdin.keys),
                StdinWay::Nothing => Html::default(),
                StdinWay::Text => text(driver, &stdin.text),
                StdinWay::File => file(driver, stdin),
            } }
        </div>
    }
}

/// Whether lines are sent, or keys.
fn keys(driver: &Driver, on: bool) -> Html {
    let driver = driver.clone();
    let change = move |event: Event| {
        let on = event
            .target_dyn_into::<HtmlInputElement>()
            .is_some_and(|input| input.checked());
        driver.act(|board| board.edit_settings(|form| form.stdin.keys = on));
    };
    html! {
        <label class="switch">
            <input type="checkbox" checked={on} onchange={change} />
            { "each key is sent at once" }
        </label>
    }
}

fn text(driver: &Driver, text: &str) -> Html {
    let driver = driver.clone();
    let enter = move |event: InputEvent| {
        let text = typed(&event);
        driver.act(|board| board.enter_setting(Field::StdinText, text));
    };
    html! {
        <textarea
            rows="3"
            aria-label="Text of stdin"
            spellcheck="false"
            autocapitalize="off"
            value={text.to_owned()}
            oninput={enter}
        />
    }
}

fn file(driver: &Driver, stdin: &StdinForm) -> Html {
    let pick = {
        let driver = driver.clone();
        move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                if let Some(file) = picked(&input).pop() {
                    driver.set_stdin(file.name(), &file);
                }
                // The same one can be picked again.
                input.set_value("");
            }
        }
    };
    let remove = {
        let driver = driver.clone();
        move |_| driver.act(|board| board.remove_stdin_file())
    };
    html! {
        <div class="stdin-file">
            <input id="stdin-file" class="unseen" type="file" aria-label="File for stdin" onchange={pick} />
            <label class="button" for="stdin-file">
                { if stdin.file.is_some() { "Another file…" } else { "Choose a file…" } }
            </label>
            if let Some(file) = &stdin.file {
                <span class="name">{ &file.name }</span>
                <span class="type">{ format::bytes(file.size) }</span>
                <button type="button" class="quiet" onclick={remove}>{ "Remove" }</button>
            } else {
                <span class="hint">{ "none yet: stdin is empty" }</span>
            }
        </div>
    }
}
