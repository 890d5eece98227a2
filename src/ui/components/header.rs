//! The top of the page: what it is, and what can be put on it.

use super::memo::stateful_keyed;
use super::recent::recent_items;
use super::watch::{OPEN_URL, open_url};
use crate::ui::hooks::{Driver, Picked, picked, use_theme};
use crate::ui::state::Shared;
use crate::ui::state::commands::Action;
use crate::ui::state::recent::Recent;
use crate::ui::state::samples::SAMPLES;
use crate::ui::state::templates::TEMPLATES;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement, HtmlInputElement};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct HeaderProps {
    pub(super) driver: Driver,
    /// Shows the palette, or the help.
    pub(super) show: Callback<Action>,
    /// The plugins that are kept.
    pub(super) recent: Shared<Vec<Recent>>,
    /// Whether there is one, or a program, to be taken from the board.
    pub(super) unplugs: bool,
    /// Whether it can be shared.
    pub(super) shares: bool,
}

#[component]
pub(super) fn Header(props: &HeaderProps) -> Html {
    let HeaderProps { driver, show, .. } = props.clone();
    let press = |does: fn(&Driver)| {
        let driver = driver.clone();
        move |_: MouseEvent| does(&driver)
    };
    let unplug = press(Driver::unplug);
    let copy_link = press(Driver::copy_link);
    let save_session = press(Driver::save_session);
    let showing = |action: Action| {
        let show = show.clone();
        move |_| show.emit(action)
    };
    let (theme, next_theme) = use_theme();
    let dialog = {
        let driver = driver.clone();
        move |event: MouseEvent| {
            // What is picked in the browser's other dialog can be watched.
            if driver.pick() {
                event.prevent_default();
            }
        }
    };
    let pick = move |event: Event| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        if let Some(input) = input {
            driver.take(Picked::of(picked(&input)));
            // The same file, built anew, can be picked again.
            input.set_value("");
        }
    };
    html! {
        <header class="bar">
            <h1>
                <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M5 1v4M11 1v4M3 5h10v3a5 5 0 0 1-10 0zM8 13v3" />
                </svg>
                { "Plugboard" }
            </h1>
            <nav aria-label="Plugin and page">
                if props.unplugs || !props.recent.is_empty() {
                    { menu("Recent", html! { <>
                        { recent_items(&props.driver, &props.recent) }
                        if props.unplugs {
                            <li>
                                <button type="button" class="quiet" onclick={unplug}>
                                    { "Unplug" }
                                    <small>{ "What belongs to the plugin stays, for when it comes back" }</small>
                                </button>
                            </li>
                        }
                    </> }) }
                }
                if props.shares {
                    { menu("Share", html! { <>
                        <li>
                            <button type="button" class="quiet" onclick={copy_link}>
                                { "Copy a link" }
                                <small>{ "With settings, arguments, answers and what is small, the environment too" }</small>
                            </button>
                        </li>
                        <li>
                            <button type="button" class="quiet" onclick={save_session}>
                                { "Save a session file" }
                                <small>{ "With everything: the module and the files as well" }</small>
                            </button>
                        </li>
                    </> }) }
                }
                { menu("New", TEMPLATES.iter().map(|template| {
                    let driver = props.driver.clone();
                    html! {
                        <li>
                            <button type="button" class="quiet" onclick={move |_| driver.begin_template(*template)}>
                                { template.title }
                                <small>{ template.description }</small>
                            </button>
                        </li>
                    }
                }).collect()) }
                { menu("Samples", SAMPLES.iter().map(|sample| {
                    let driver = props.driver.clone();
                    html! {
                        <li>
                            <button type="button" class="quiet" onclick={move |_| driver.load_sample(*sample)}>
                                <code>{ sample.file }</code>
                                <small>{ sample.description }</small>
                            </button>
                        </li>
                    }
                }).collect()) }
                <input
                    id="open"
                    class="unseen"
                    type="file"
                    accept=".wasm,application/wasm,.go"
                    multiple=true
                    aria-label="Open a .wasm file, and its .go files"
                    onclick={dialog}
                    onchange={pick}
                />
                <label class="button quiet" for="open" title="Ctrl+O">{ "Open…" }</label>
                <button
                    type="button"
                    id="open-a-url"
                    class="quiet"
                    popovertarget={OPEN_URL}
                    aria-label="Open URL…"
                >
                    { "URL…" }
                </button>
                { open_url(&props.driver) }
                <button
                    type="button"
                    class="quiet"
                    title="Everything that can be done, by its name (Ctrl+K)"
                    aria-keyshortcuts="Control+K"
                    onclick={showing(Action::Palette)}
                >
                    { "Commands" }
                </button>
                <button
                    type="button"
                    id="theme"
                    class="quiet theme"
                    title="Change the colours: system, light, dark"
                    onclick={move |_| next_theme.emit(())}
                >
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <circle cx="8" cy="8" r="6.5" />
                        <path d="M8 1.5a6.5 6.5 0 0 1 0 13z" />
                    </svg>
                    <span><span class="unseen">{ "Theme: " }</span>{ theme.name() }</span>
                </button>
                <button type="button" class="quiet" title="Help (?)" onclick={showing(Action::Help)}>
                    { "Help" }
                </button>
            </nav>
        </header>
    }
}

/// A menu that opens below its label.
fn menu(label: &'static str, children: Html) -> Html {
    stateful_keyed::<Menu>(
        label,
        MenuProps {
            label: label.into(),
            children,
        },
    )
}

#[derive(Clone, PartialEq, Properties)]
struct MenuProps {
    label: AttrValue,
    /// Its items. Whatever is pressed in one, the menu closes.
    children: Html,
}

#[component]
fn Menu(props: &MenuProps) -> Html {
    let open = use_state_eq(|| false);
    let summary = use_node_ref();
    // The focus goes back to what was pressed.
    let close = {
        let (open, summary) = (open.clone(), summary.clone());
        move || {
            open.set(false);
            if let Some(summary) = summary.cast::<HtmlElement>() {
                let _ = summary.focus();
            }
        }
    };
    let toggle = {
        let open = open.clone();
        move |event: MouseEvent| {
            // The state says whether it is open, not the element.
            event.prevent_default();
            open.set(!*open);
        }
    };
    let left = {
        let open = open.clone();
        move |event: FocusEvent| {
            let menu = event
                .current_target()
                .and_then(|menu| menu.dyn_into::<Element>().ok());
            let next = event
                .related_target()
                .and_then(|next| next.dyn_into::<Element>().ok());
            if !menu.is_some_and(|menu| menu.contains(next.as_deref())) {
                open.set(false);
            }
        }
    };
    let escape = {
        let (open, close) = (open.clone(), close.clone());
        move |event: KeyboardEvent| {
            if *open && event.key() == "Escape" {
                close();
            }
        }
    };
    let chosen = move |event: MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| matches!(target.closest("button"), Ok(Some(_)))) {
            close();
        }
    };
    html! {
        <details class="menu" open={*open} onfocusout={left} onkeydown={escape}>
            <summary class="button quiet" ref={summary} onclick={toggle}>{ &props.label }</summary>
            <ul onclick={chosen}>{ props.children.clone() }</ul>
        </details>
    }
}
