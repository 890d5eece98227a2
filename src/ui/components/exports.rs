//! The list of exports.

use crate::module::Export;
use crate::ui::hooks::{Driver, typed};
use crate::ui::state::{Shared, format, module::Plugged, module::is_plumbing};
use yew::prelude::*;

/// Rows that are drawn at most; a module can have tens of thousands.
const MAX_SHOWN: usize = 200;

/// From this many on there is a field to find one.
const MANY: usize = 12;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ExportsProps {
    pub(super) driver: Driver,
    pub(super) plugged: Shared<Plugged>,
    pub(super) selected: Option<AttrValue>,
}

#[component]
pub(super) fn Exports(props: &ExportsProps) -> Html {
    let sought = use_state(String::new);
    let exports = &props.plugged.info.exports;
    let needle = sought.to_ascii_lowercase();
    let found = || {
        exports
            .iter()
            .filter(|export| export.name.to_ascii_lowercase().contains(&needle))
    };
    let more = found().count().saturating_sub(MAX_SHOWN);
    let seek = {
        let sought = sought.clone();
        move |event: InputEvent| sought.set(typed(&event))
    };
    html! {
        <section class="exports" aria-labelledby="exports-title">
            <h3 id="exports-title">{ "Exports" }<span class="count">{ exports.len() }</span></h3>
            if exports.len() >= MANY {
                <input
                    type="search"
                    aria-label="Find an export"
                    placeholder="find"
                    value={(*sought).clone()}
                    oninput={seek}
                />
            }
            <ul>{ for found().take(MAX_SHOWN).map(|export| row(props, export)) }</ul>
            if more > 0 {
                <p class="hint">{ format!("and {}: find it by name", format::count(more as u64, "other")) }</p>
            }
            if exports.is_empty() {
                <p class="hint">{ "none: there is nothing to call" }</p>
            }
        </section>
    }
}

fn row(props: &ExportsProps, export: &Export) -> Html {
    let key = export.name.clone();
    let ty = match export.signatures.first() {
        Some((signature, _)) => {
            let text = signature.in_go();
            text.strip_prefix(&export.name).unwrap_or(&text).to_owned()
        }
        None => export.ty.to_string(),
    };
    if export.ty.func().is_none() {
        return html! {
            <li {key} class="inert"><span>{ &export.name }</span>{ " " }<small>{ ty }</small></li>
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
                title={export.signatures.first().map(|(_, source)| source.to_string())}
                onclick={select}
            >
                <span>{ &export.name }</span><small>{ ty }</small>
            </button>
        </li>
    }
}
