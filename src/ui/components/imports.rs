//! The list of imports, and how each is answered.

use super::wasi_imports::WasiImports;
use crate::module::Import;
use crate::protocol::Answer;
use crate::ui::hooks::{Driver, typed};
use crate::ui::state::{Shared, module::Plugged, module::import_name};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ImportsProps {
    pub(super) driver: Driver,
    pub(super) plugged: Shared<Plugged>,
    pub(super) chosen: Vec<bool>,
}

#[component]
pub(super) fn Imports(props: &ImportsProps) -> Html {
    let imports = &props.plugged.info.imports;
    let others = imports
        .iter()
        .enumerate()
        .filter(|(_, import)| !import.is_wasi());
    let wasi = imports.iter().filter(|import| import.is_wasi()).count();
    html! {
        <section class="imports" aria-labelledby="imports-title">
            <h3 id="imports-title">{ "Imports" }<span class="count">{ imports.len() }</span></h3>
            <ul>{ for others.map(|(place, import)| row(props, place, import)) }</ul>
            if wasi > 0 {
                <WasiImports info={props.plugged.info.clone()} count={wasi} />
            }
            if imports.is_empty() {
                <p class="hint">{ "none: it needs nothing of its host" }</p>
            }
        </section>
    }
}

fn row(props: &ImportsProps, place: usize, import: &Import) -> Html {
    let name = import_name(import);
    let answer = props.plugged.answers.get(place).cloned().flatten();
    let chosen = props.chosen.get(place).copied().unwrap_or(false);
    let guess = !chosen && answer != Some(Answer::Nothing);
    html! {
        <li key={place}>
            <p title={import.signature.as_ref().map(|(_, source)| source.to_string())}>
                <code>{ &name }</code>{ " " }<small>{ shape(import) }</small>
            </p>
            if let (Some(answer), Some(ty)) = (answer.clone(), import.ty.func()) {
                <div class="answer">
                    { select(props, place, &name, &answer, &Answer::choices(ty)) }
                    if guess {
                        <span class="tag" title="Likely, from its type. Choose another if it is wrong.">
                            { "guess" }
                        </span>
                    }
                </div>
            }
        </li>
    }
}

/// What it takes and gives: in Go, if that is known.
fn shape(import: &Import) -> String {
    match &import.signature {
        Some((signature, _)) => {
            let text = signature.in_go();
            text.strip_prefix(&import.name).unwrap_or(&text).to_owned()
        }
        None => import.ty.to_string(),
    }
}

fn select(
    props: &ImportsProps,
    place: usize,
    name: &str,
    current: &Answer,
    choices: &[Answer],
) -> Html {
    let choose = {
        let driver = props.driver.clone();
        let choices = choices.to_vec();
        move |event: Event| {
            let chosen = typed(&event).parse().ok();
            if let Some(answer) = chosen.and_then(|index: usize| choices.get(index)) {
                driver.act(|board| board.answer(place, answer.clone()));
            }
        }
    };
    html! {
        <select aria-label={format!("How {name} is answered")} onchange={choose}>
            { for choices.iter().enumerate().map(|(index, choice)| html! {
                <option value={index.to_string()} selected={choice == current}>
                    { choice.label() }
                </option>
            }) }
        </select>
    }
}
