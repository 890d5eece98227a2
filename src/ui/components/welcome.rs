//! The page with nothing on it: an invitation.

use super::recent::recent_list;
use super::watch::OPEN_URL;
use crate::ui::hooks::Driver;
use crate::ui::state::Shared;
use crate::ui::state::recent::Recent;
use crate::ui::state::samples::SAMPLES;
use crate::ui::state::templates::TEMPLATES;
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct WelcomeProps {
    pub(super) driver: Driver,
    /// The plugins that are kept.
    pub(super) recent: Shared<Vec<Recent>>,
    /// Why nothing is kept.
    pub(super) unkept: Option<AttrValue>,
}

pub(super) fn welcome(props: &WelcomeProps) -> Html {
    html! {
        <section class="welcome" aria-labelledby="welcome-title">
            <div class="socket">
                <svg viewBox="0 0 48 48" aria-hidden="true">
                    <path d="M16 4v12M32 4v12M9 16h30v9a15 15 0 0 1-30 0zM24 40v8" />
                </svg>
                <h2 id="welcome-title">{ "Drop a .wasm file here" }</h2>
                <p>
                    { "or " }
                    <label class="button" for="open">{ "choose one…" }</label>
                    { " " }
                    <button type="button" popovertarget={OPEN_URL}>{ "open a URL…" }</button>
                </p>
            </div>
            { recent_list(&props.driver, &props.recent, props.unkept.as_deref()) }
            <p class="lead">
                { "Plugboard runs WebAssembly plugins built with Go or TinyGo: call their exports, \
                   answer their imports, read what they print. Everything happens in this page; \
                   nothing is uploaded." }
            </p>
            <h3>{ "No plugin at hand?" }</h3>
            <ul class="samples">
                { for SAMPLES.iter().map(|&sample| {
                    let driver = props.driver.clone();
                    html! {
                        <li>
                            <button type="button" onclick={move |_| driver.load_sample(sample)}>
                                <code>{ sample.file }</code>
                                <span>{ sample.title }</span>
                                <small>{ sample.description }</small>
                            </button>
                        </li>
                    }
                }) }
            </ul>
            <h3>{ "Or write one here, in Go" }</h3>
            <ul class="samples">
                { for TEMPLATES.iter().map(|&template| {
                    let driver = props.driver.clone();
                    html! {
                        <li>
                            <button type="button" onclick={move |_| driver.begin_template(template)}>
                                <code>{ template.title }</code>
                                <small>{ template.description }</small>
                            </button>
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}
