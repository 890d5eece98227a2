//! The list of exports.

use super::find::{MAX_SHOWN, find, others};
use crate::go::value::{legible, named};
use crate::go::{Signature, Source};
use crate::module::Export;
use crate::ui::hooks::Driver;
use crate::ui::state::{Shared, module::Plugged};
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
    let (own, runtime): (Vec<&Export>, Vec<&Export>) = found
        .iter()
        .partition(|export| props.plugged.is_own(export));
    // What is sought, or is all there is, is not folded.
    let (shown, folded) = if own.is_empty() || !needle.is_empty() {
        (found, Vec::new())
    } else {
        (own, runtime)
    };
    let common = common_origin(props, &shown);
    let is_selected = |export: &&Export| props.selected.as_deref() == Some(&*export.name);
    let list = |exports: &[&Export]| {
        let rows = exports.iter().take(MAX_SHOWN);
        html! { <ul>{ for rows.map(|export| row(props, export, common)) }</ul> }
    };
    html! {
        <section id="exports" tabindex="-1" class="exports" aria-labelledby="exports-title">
            <h3 id="exports-title">
                <span>{ "Exports" }</span>
                if let Some(common) = common {
                    <small class="origin" title="Where the signatures come from">{ common }</small>
                }
                <span class="count">{ exports.len() }</span>
            </h3>
            if exports.len() >= MANY || !sought.is_empty() {
                { find("Find an export", &sought) }
            }
            { list(&shown) }
            { others(shown.len(), "find it by name") }
            if !folded.is_empty() {
                <details class="runtime" open={folded.iter().any(is_selected)}>
                    <summary title="What the compiler adds">
                        { format!("runtime ({})", folded.len()) }
                    </summary>
                    { list(&folded) }
                    { others(folded.len(), "find it by name") }
                </details>
            }
            if exports.is_empty() {
                <p class="hint">{ "none: there is nothing to call" }</p>
            }
        </section>
    }
}

/// What is known of the export, and from where.
fn known<'a>(props: &'a ExportsProps, export: &'a Export) -> Option<(&'a Signature, &'a Source)> {
    let hand = props.by_hand.iter().find(|(name, _)| *name == export.name);
    match hand {
        Some((_, signature)) => Some((signature, &Source::ByHand)),
        None => export.signatures.first().map(|(known, from)| (known, from)),
    }
}

/// Where most signatures come from: that is said once, and not on each row.
fn common_origin(props: &ExportsProps, exports: &[&Export]) -> Option<&'static str> {
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for export in exports {
        let origin = known(props, export).and_then(|(known, source)| origin(known, source));
        let Some(origin) = origin else { continue };
        match counts.iter_mut().find(|(counted, _)| *counted == origin) {
            Some((_, count)) => *count += 1,
            None => counts.push((origin, 1)),
        }
    }
    // The first of those that are equal.
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map(|(origin, _)| origin)
}

fn row(props: &ExportsProps, export: &Export, common: Option<&str>) -> Html {
    let key = export.name.clone();
    let known = known(props, export);
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
    let origin = known.and_then(|(known, source)| origin(known, source));
    html! {
        <li {key}>
            <button
                type="button"
                class="quiet"
                aria-current={current.then_some("true")}
                title={known.map(|(signature, source)| format!("{}, {source}", legible(&signature.in_go())))}
                onclick={select}
            >
                <span>{ named(&export.name) }</span><small>{ ty }</small>
                if let Some(origin) = origin.filter(|origin| common != Some(*origin)) {
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
        Source::GoSource { .. } => Some("Go source"),
        Source::ByHand => Some("by hand"),
        Source::Wasm => Some("Wasm"),
        Source::Guess if signature.params.is_empty() && signature.result.is_none() => None,
        Source::Guess | Source::GuessAfter { .. } => Some("guess"),
    }
}
