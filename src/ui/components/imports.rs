//! The list of imports, and how each is answered.

use super::find::{MAX_SHOWN, others};
use super::wasi_imports::served_imports;
use crate::module::Import;
use crate::protocol::Answer;
use crate::ui::hooks::{Driver, focus_soon, press, typed};
use crate::ui::state::Shared;
use crate::ui::state::module::{Plugged, import_name};
use crate::ui::state::sockets::{Edit, Function, Socket};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct ImportsProps {
    pub(super) driver: Driver,
    pub(super) plugged: Shared<Plugged>,
}

pub(super) fn imports_list(props: &ImportsProps) -> Html {
    let imports = &props.plugged.info.imports;
    let (mut own, mut wasi, mut hosted) = (Vec::new(), Vec::new(), Vec::new());
    let mut framework = "";
    for (place, import) in imports.iter().enumerate() {
        if import.is_wasi() {
            wasi.push(import);
        } else if let Some(host) = props.plugged.served_by(place) {
            framework = host;
            hosted.push(import);
        } else {
            own.push((place, import));
        }
    }
    let own_count = own.len();
    html! {
        <section id="imports" tabindex="-1" class="imports" aria-labelledby="imports-title">
            <h3 id="imports-title">{ "Imports" }<span class="count">{ imports.len() }</span></h3>
            <ul>{ for own.into_iter().take(MAX_SHOWN).map(|(place, import)| row(props, place, import)) }</ul>
            { others(own_count, "find it under Imports") }
            { served_imports(framework, &hosted) }
            { served_imports("WASI", &wasi) }
            if imports.is_empty() {
                <p class="hint">{ "none: it needs nothing of its host" }</p>
            }
        </section>
    }
}

fn row(props: &ImportsProps, place: usize, import: &Import) -> Html {
    let name = import_name(import);
    html! {
        <li key={place}>
            <p title={import.signature.as_ref().map(|(_, source)| source.to_string())}>
                <code>{ &name }</code>{ " " }<small>{ shape(import) }</small>
            </p>
            { mismatch(import) }
            if let Some(Socket::Function(function)) = props.plugged.sockets.get(place) {
                { answer(&props.driver, place, import, function) }
                if function.has_more() {
                    <button
                        type="button"
                        class="quiet"
                        aria-label={format!("Edit the answer of {name}")}
                        onclick={move |_| edit(place)}
                    >
                        { "Edit…" }
                    </button>
                }
            }
        </li>
    }
}

/// Shows the panel of imports, and goes to what an answer needs beside its kind.
fn edit(place: usize) {
    press("tab-imports");
    focus_soon(answer_id(place));
}

/// The id of the field of the answer at a place.
pub(super) fn answer_id(place: usize) -> String {
    format!("answer-{place}")
}

/// How a function is answered, to be chosen.
pub(super) fn answer(driver: &Driver, place: usize, import: &Import, function: &Function) -> Html {
    let choices = import.ty.func().map(Answer::choices).unwrap_or_default();
    let choose = {
        let driver = driver.clone();
        let choices = choices.clone();
        move |event: Event| {
            let chosen = typed(&event).parse().ok();
            if let Some(answer) = chosen.and_then(|index: usize| choices.get(index)) {
                driver.act(|board| board.edit_answer(place, Edit::Choose(answer.clone())));
            }
        }
    };
    let guess = function.guessed && function.answer != Answer::Nothing;
    let label = format!("How {} is answered", import_name(import));
    html! {
        <div class="answer">
            <select aria-label={label} onchange={choose}>
                { for choices.iter().enumerate().map(|(index, choice)| html! {
                    <option value={index.to_string()} selected={function.is_like(choice)}>
                        { choice.label() }
                    </option>
                }) }
            </select>
            if guess {
                <span class="tag" title="Likely, from its type. Choose another if it is wrong.">
                    { "guess" }
                </span>
            }
            if function.held {
                <span class="tag">{ "waits for your yes" }</span>
            }
        </div>
    }
}

/// Why WASI does not serve it, if it has the name of one of WASI's functions.
pub(super) fn mismatch(import: &Import) -> Html {
    html! { { for import.mismatch().map(|why| html! { <p class="hint">{ why }</p> }) } }
}

/// What it takes and gives: in Go, if that is known.
pub(super) fn shape(import: &Import) -> String {
    match &import.signature {
        Some((signature, _)) => {
            let text = signature.in_go();
            text.strip_prefix(&import.name).unwrap_or(&text).to_owned()
        }
        None => import.ty.to_string(),
    }
}
