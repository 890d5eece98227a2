//! The list of exports.

use super::find::{MAX_SHOWN, find, others};
use crate::go::value::{legible, named};
use crate::go::{Signature, Source};
use crate::module::Export;
use crate::ui::hooks::Driver;
use crate::ui::state::{Shared, module::Plugged, module::is_plumbing};
use yew::prelude::*;

/// From this many on there is a field to find one.
const MANY: usize = 12;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ExportsProps {
    pub(super) driver: Driver,
    pub(super) plugged: Shared<Plugged>,
    pub(super) selected: Option<AttrValue>,
    /// The signatures that are typed by hand, by export.
    pub(super) by_hand: Vec<(String, Signature)>,
}

#[component]
pub(super) fn Exports(props: &ExportsProps) -> Html {
    let sought = use_state(String::new);
    let exports = &props.plugged.info.exports;
    let needle = sought.to_ascii_lowercase();
    let mut found: Vec<&Export> = exports.iter().collect();
    found.retain(|export| export.name.to_ascii_lowercase().contains(&needle));
    html! {
        <section class="exports" aria-labelledby="exports-title">
            <h3 id="exports-title">{ "Exports" }<span class="count">{ exports.len() }</span></h3>
            if exports.len() >= MANY || !sought.is_empty() {
                { find("Find an export", &sought) }
            }
            <ul>{ for found.iter().take(MAX_SHOWN).map(|export| row(props, export)) }</ul>
            { others(found.len(), "find it by name") }
            if exports.is_empty() {
                <p class="hint">{ "none: there is nothing to call" }</p>
            }
        </section>
    }
}

fn row(props: &ExportsProps, export: &Export) -> Html {
    let key = export.name.clone();
    let hand = props.by_hand.iter().find(|(name, _)| *name == export.name);
    let known = match hand {
        Some((_, signature)) => Some((signature, &Source::ByHand)),
        None => export.signatures.first().map(|(known, from)| (known, from)),
    };
    let ty = match known {
        Some((signature, _)) => {
            let text = signature.in_go();
            text.strip_prefix(&export.name).unwrap_or(&text).to_owned()
        }
        None => export.ty.to_string(),
    };
    if export.ty.func().is_none() {
        return html! {
            <li {key} class="inert"><span>{ named(&export.name) }</span>{ " " }<small>{ ty }</small></li>
        };
    }
    let select = {
        let (driver, name) = (props.driver.clone(), export.name.clone());
        move |_| driver.change(|board| board.select(&name))
    };
    let current = props.selected.as_deref() == Some(&*export.name);
    html! {
        <li {key}>
            <button
                type="button"
                class={classes!("quiet", is_plumbing(&export.name).then_some("plumbing"))}
                aria-current={current.then_some("true")}
                title={known.map(|(signature, source)| format!("{}, {source}", legible(&signature.in_go())))}
                onclick={select}
            >
                <span>{ named(&export.name) }</span><small>{ ty }</small>
                if let Some(origin) = known.and_then(|(known, source)| origin(known, source)) {
                    <small class="origin">{ origin }</small>
                }
            </button>
        </li>
    }
}

/// Where a signature is from, in a word; `None` where there is only one that it can be.
fn origin(signature: &Signature, source: &Source) -> Option<&'static str> {
    match source {
        Source::Dwarf => Some("DWARF"),
        Source::GoSource { .. } => Some("source"),
        Source::ByHand => Some("by hand"),
        Source::Wasm => Some("Wasm"),
        Source::Guess if signature.params.is_empty() && signature.result.is_none() => None,
        Source::Guess | Source::GuessAfter { .. } => Some("guess"),
    }
}
