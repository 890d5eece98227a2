//! The form with which an export is called.

use super::field::{ArgumentFieldProps, argument_field};
use super::host_form::{HostFormProps, host_form};
use super::in_wasm::{InWasmProps, in_wasm};
use super::memo::{keyed, memo, stateful};
use super::problems::{ProblemsProps, problems_list};
use super::signature_line::{SignatureLine, SignatureLineProps};
use crate::go::value::{legible, named};
use crate::go::{Signature, Source};
use crate::module::Export;
use crate::protocol::Allocator;
use crate::ui::hooks::{Driver, focus_call, typed};
use crate::ui::state::form::{Arguments, Form};
use crate::ui::state::{Board, Shared, module::Plugged};
use yew::prelude::*;

/// The id of the button with which a signature is typed.
pub(super) const EDIT: &str = "edit-signature";

#[derive(Clone, PartialEq, Properties)]
pub(super) struct CallFormProps {
    pub(super) driver: Driver,
    pub(super) plugged: Shared<Plugged>,
    /// Counts the modules that somebody has loaded.
    pub(super) loads: u32,
    /// The name of the export that is selected.
    pub(super) export: Option<AttrValue>,
    pub(super) form: Form,
    /// The host of the framework that the module is written for.
    pub(super) host: Option<HostFormProps>,
    /// What is wrong with where signatures come from.
    pub(super) problems: Shared<Vec<String>>,
    pub(super) problems_are_usual: bool,
    /// What gives room for arguments, if somebody chose it.
    pub(super) allocator: Option<Allocator>,
}

#[component]
pub(super) fn CallForm(props: &CallFormProps) -> Html {
    // Whoever has loaded a module wants to call it.
    use_effect_with(props.loads, |loads| {
        if *loads > 0 {
            focus_call();
        }
    });
    let export = props
        .export
        .as_deref()
        .and_then(|name| props.plugged.function(name));
    let Some(export) = export else {
        return html! {
            <p class="hint">{ "This module exports no function: there is nothing to call." }</p>
        };
    };
    let submit = {
        let driver = props.driver.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            driver.act(Board::call_newest);
        }
    };
    let by_form = props.host.as_ref().and_then(HostFormProps::title);
    let start = props.plugged.is_start(&export.name) || by_form.is_some();
    let known = props.form.signature(export).filter(|_| !start);
    html! {
        <form id="call" autocomplete="off" onsubmit={submit}>
            <div class="title">
                <h2><code>{ legible(by_form.as_ref().unwrap_or(&title(export, known))) }</code></h2>
                if by_form.is_none() {
                    <span class="origin">{ origin(export, known, start) }</span>
                }
                if !start {
                    { tools(props, export, known) }
                }
            </div>
            { memo(ProblemsProps { problems: props.problems.clone(), usual: props.problems_are_usual }, problems_list) }
            if let Some(host) = &props.host {
                { memo(host.clone(), host_form) }
            }
            if let (Some(hand), false) = (props.form.hand(), start) {
                { stateful::<SignatureLine>(SignatureLineProps {
                    driver: props.driver.clone(),
                    export: export.clone(),
                    hand: hand.clone(),
                }) }
            }
            if known.is_some_and(|(signature, _)| !signature.params.is_empty()) {
                { arguments(props, export) }
            }
            if let (Some((signature, _)), false) = (known, start) {
                { keyed(export.name.clone(), InWasmProps {
                    signature: signature.clone(),
                    abi: props.plugged.info.abi(),
                    driver: props.driver.clone(),
                    info: props.plugged.info.clone(),
                    allocator: props.allocator.clone(),
                }, in_wasm) }
            }
        </form>
    }
}

fn title(export: &Export, signature: Option<&(Signature, Source)>) -> String {
    let text = match signature {
        Some((signature, _)) => signature.to_string(),
        None if export.signatures.is_empty() => format!("{}{}", export.name, export.ty),
        None => format!("{}()", export.name),
    };
    // A name that is empty is shown as such.
    if export.name.is_empty() && text.starts_with('(') {
        return named("") + &text;
    }
    text
}

/// Where what the title says is from.
fn origin(export: &Export, signature: Option<&(Signature, Source)>, start: bool) -> String {
    match signature {
        _ if start && export.name == "_start" => "runs the program".to_owned(),
        _ if start => "initialises the guest; the first call does it too".to_owned(),
        // There is only one way to write a function that takes and returns nothing.
        Some((known, Source::Guess)) if known.params.is_empty() && known.result.is_none() => {
            String::new()
        }
        Some((_, Source::Guess)) => format!("guess from {}", export.ty),
        Some((_, source)) => source.to_string(),
        None => "nothing can be passed as its types, so that it cannot be called".to_owned(),
    }
}

/// What can be done with the signature and the arguments as a whole.
fn tools(props: &CallFormProps, export: &Export, known: Option<&(Signature, Source)>) -> Html {
    let edit = {
        let driver = props.driver.clone();
        move |_| driver.act(Board::edit_signature)
    };
    let json = {
        let driver = props.driver.clone();
        move |on: bool| driver.change(|board| board.switch_json(on))
    };
    let is_json = matches!(props.form.shown(export), Arguments::Json(..));
    let editable = export.ty.func().and_then(|ty| ty.in_go()).is_some();
    html! {
        <div class="tools">
            if is_choice(props, export) {
                { readings(props, export) }
            }
            if editable && props.form.hand().is_none() {
                <button type="button" id={EDIT} class="quiet" title="Type the signature" onclick={edit}>
                    { "Edit signature" }
                </button>
            }
            if known.is_some_and(|(signature, _)| !signature.params.is_empty()) {
                <button
                    type="button"
                    id="json"
                    class="quiet"
                    aria-pressed={is_json.to_string()}
                    title="All arguments as one JSON list"
                    onclick={move |_| json(!is_json)}
                >
                    { "JSON" }
                </button>
            }
        </div>
    }
}

/// Whether it is worth a control how the parameters are read: not where one reading is known.
fn is_choice(props: &CallFormProps, export: &Export) -> bool {
    let mut known = export.signatures.iter();
    let known = known.by_ref().filter(|(_, source)| !source.is_guess());
    match known.count() {
        0 => export.signatures.len() > 1,
        1 => props
            .form
            .reading(export)
            .is_some_and(|reading| reading > 0),
        _ => true,
    }
}

/// The control that chooses how the Wasm parameters are read.
fn readings(props: &CallFormProps, export: &Export) -> Html {
    let choose = {
        let driver = props.driver.clone();
        move |event: Event| {
            if let Ok(reading) = typed(&event).parse() {
                driver.act(|board| board.choose_reading(reading));
            }
        }
    };
    let current = props.form.reading(export);
    let option = |(index, (signature, source)): (usize, &(Signature, Source))| {
        let origin = match source {
            guess if guess.is_guess() => String::new(),
            source => format!("  ({source})"),
        };
        html! {
            <option value={index.to_string()} selected={current == Some(index)}>
                { format!("{}{origin}", signature.in_go()) }
            </option>
        }
    };
    html! {
        <label class="reading">
            { "read as " }
            <select onchange={choose}>
                { for export.signatures.iter().enumerate().map(option) }
                if current.is_none() {
                    <option value="" selected=true>{ "as typed" }</option>
                }
            </select>
        </label>
    }
}

fn arguments(props: &CallFormProps, export: &Export) -> Html {
    match props.form.shown(export) {
        Arguments::Fields(nodes) => html! {
            <div class="fields">
                { for nodes.into_iter().enumerate().map(|(index, node)| {
                    let driver = props.driver.clone();
                    keyed(index, ArgumentFieldProps { driver, node }, argument_field)
                }) }
            </div>
        },
        Arguments::Json(text, problem) => {
            let enter = {
                let driver = props.driver.clone();
                move |event: InputEvent| {
                    let text = typed(&event);
                    driver.change(|board| board.enter_json(&text));
                }
            };
            let lines = text.lines().count().clamp(2, 14);
            html! {
                <div class="fields">
                    <div class="field json">
                        <label for="arguments-json">
                            { "arguments " }<span class="type">{ "JSON" }</span>
                        </label>
                        <textarea
                            id="arguments-json"
                            rows={lines.to_string()}
                            spellcheck="false"
                            value={text}
                            aria-invalid={problem.is_some().then_some("true")}
                            aria-describedby={problem.is_some().then_some("arguments-json-error")}
                            oninput={enter}
                        />
                        if let Some(problem) = problem {
                            <p id="arguments-json-error" class="problem">{ problem }</p>
                        }
                    </div>
                </div>
            }
        }
    }
}
