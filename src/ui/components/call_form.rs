//! The form with which an export is called.

use super::field::ArgumentField;
use crate::go::{Signature, Source};
use crate::module::Export;
use crate::ui::hooks::{Driver, typed};
use crate::ui::state::{Board, Shared, form::Control, form::Form, module::Plugged};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct CallFormProps {
    pub(super) driver: Driver,
    pub(super) plugged: Shared<Plugged>,
    /// The name of the export that is selected.
    pub(super) export: Option<AttrValue>,
    pub(super) form: Form,
}

#[component]
pub(super) fn CallForm(props: &CallFormProps) -> Html {
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
            driver.act(Board::call);
        }
    };
    let start = props.plugged.is_start(&export.name);
    let signature = props.form.signature(export).filter(|_| !start);
    html! {
        <form id="call" autocomplete="off" onsubmit={submit}>
            <div class="title">
                <h2><code>{ title(export, signature) }</code></h2>
                <span class="origin">{ origin(export, signature, start) }</span>
                if !start && export.signatures.len() > 1 {
                    { readings(props, export) }
                }
            </div>
            if let Some((signature, _)) = signature.filter(|(known, _)| !known.params.is_empty()) {
                { fields(props, export, signature) }
            }
        </form>
    }
}

fn title(export: &Export, signature: Option<&(Signature, Source)>) -> String {
    match signature {
        Some((signature, _)) => signature.to_string(),
        None if export.signatures.is_empty() => format!("{}{}", export.name, export.ty),
        None => format!("{}()", export.name),
    }
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
        None => "has no form in Go, and cannot be called from here".to_owned(),
    }
}

/// The control that chooses how the Wasm parameters are read.
fn readings(props: &CallFormProps, export: &Export) -> Html {
    let choose = {
        let driver = props.driver.clone();
        move |event: Event| {
            if let Ok(reading) = typed(&event).parse() {
                driver.change(|board| board.choose_reading(reading));
            }
        }
    };
    let current = props.form.reading(export);
    html! {
        <label class="reading">
            { "read as " }
            <select onchange={choose}>
                { for export.signatures.iter().enumerate().map(|(index, (signature, _))| html! {
                    <option value={index.to_string()} selected={index == current}>
                        { signature.in_go() }
                    </option>
                }) }
            </select>
        </label>
    }
}

fn fields(props: &CallFormProps, export: &Export, signature: &Signature) -> Html {
    let texts = props.form.texts(export);
    let values = props.form.values(export);
    let fields = signature.params.iter().zip(texts).zip(values).enumerate();
    html! {
        <div class="fields">
            { for fields.map(|(index, ((param, text), value))| {
                let name = match param.name.as_str() {
                    "" | "_" => format!("argument {}", index + 1),
                    name => name.to_owned(),
                };
                html! {
                    <ArgumentField
                        key={index}
                        driver={props.driver.clone()}
                        {index}
                        name={AttrValue::from(name)}
                        ty={AttrValue::from(param.ty.to_string())}
                        control={Control::of(&param.ty)}
                        text={AttrValue::from(text)}
                        problem={value.err().map(AttrValue::from)}
                    />
                }
            }) }
        </div>
    }
}
