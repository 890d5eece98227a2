//! Where the module came from, and what becomes of it when it is built anew.

use crate::ui::hooks::{Driver, Picked, can_pick_folders, hide_popover, picked, typed_in};
use crate::ui::state::Board;
use crate::ui::state::watch::{Offer, Watched};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The popover with the field for an address.
pub(super) const OPEN_URL: &str = "open-url";

#[derive(Clone, PartialEq)]
pub(super) struct WatchProps {
    pub(super) driver: Driver,
    pub(super) watched: Watched,
}

pub(super) fn watch(props: &WatchProps) -> Html {
    let Watched {
        text,
        can_watch,
        can_read,
        on,
        repeats,
        offer,
    } = props.watched.clone();
    html! {
        <section class="watch" aria-label="Rebuilds">
            <p role="status">{ text }</p>
            <div>
                if let Some(offer) = offer.filter(|_| on) {
                    { offered(&props.driver, offer) }
                }
                if can_watch {
                    { switch(&props.driver, "watch", "Watch", on, Driver::switch_watch) }
                }
                { switch(
                    &props.driver,
                    "watch-repeat",
                    "Repeat the last call, or all saved ones",
                    repeats,
                    Driver::switch_repeat,
                ) }
                { reload(&props.driver, can_read) }
                if can_pick_folders() {
                    { button(&props.driver, "watch-folder", "Watch folder…", Driver::pick_folder) }
                }
            </div>
        </section>
    }
}

fn offered(driver: &Driver, offer: Offer) -> Html {
    let id = "watch-offer";
    match offer {
        Offer::Allow => button(driver, id, "Watch again", Driver::allow_watched),
        Offer::Now => button(driver, id, "Load now", |driver| {
            driver.act(Board::take_now);
        }),
    }
}

fn button(driver: &Driver, id: &'static str, text: &'static str, press: fn(&Driver)) -> Html {
    let driver = driver.clone();
    html! {
        <button type="button" {id} class="quiet" onclick={move |_| press(&driver)}>{ text }</button>
    }
}

fn switch(
    driver: &Driver,
    id: &'static str,
    text: &'static str,
    on: bool,
    switch: fn(&Driver, bool),
) -> Html {
    let driver = driver.clone();
    let change = move |event: Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            switch(&driver, input.checked());
        }
    };
    html! {
        <label><input type="checkbox" {id} checked={on} onchange={change} />{ text }</label>
    }
}

/// What loads the file once more: it is read again, or else picked again.
fn reload(driver: &Driver, can_read: bool) -> Html {
    if can_read {
        return button(driver, "reload", "Reload", |driver| {
            driver.act(Board::load_again);
        });
    }
    let driver = driver.clone();
    let pick = move |event: Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            driver.take_again(Picked::of(picked(&input)));
            input.set_value("");
        }
    };
    html! {
        <>
            <input
                id="reload"
                class="unseen"
                type="file"
                accept=".wasm,application/wasm,.go"
                multiple=true
                aria-label="Reload: pick the same file again"
                onchange={pick}
            />
            <label class="button quiet" for="reload">{ "Reload…" }</label>
        </>
    }
}

/// Takes an address.
pub(super) fn open_url(driver: &Driver) -> Html {
    let driver = driver.clone();
    let open = move |event: SubmitEvent| {
        event.prevent_default();
        hide_popover(OPEN_URL);
        driver.open_url(&typed_in("url"));
    };
    html! {
        <form id={OPEN_URL} popover="auto" aria-label="Open a URL" onsubmit={open}>
            <label for="url">{ "URL of a .wasm file" }</label>
            <div>
                <input
                    id="url"
                    inputmode="url"
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    autofocus=true
                    required=true
                    placeholder="https://example.com/plugin.wasm"
                />
                <button class="primary">{ "Open" }</button>
            </div>
            <p class="hint">
                { "Fetched without cookies and logins; a server elsewhere has to allow it (CORS). It is \
                   watched, too: when the file changes, it is loaded again." }
            </p>
        </form>
    }
}
