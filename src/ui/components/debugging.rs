//! What makes calls stop at lines, and what a call that has stopped goes on by.

use crate::protocol::{Engine, Go};
use crate::ui::hooks::Driver;
use crate::ui::state::{Board, Offer};
use js_sys::Reflect;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Whether calls are debugged.
pub(super) fn debug_switch(driver: &Driver, on: bool) -> Html {
    let driver = driver.clone();
    html! {
        <label class="switch" title="Stop at the lines that are marked in Source, and see which are reached: slower, in a fresh instance">
            <input type="checkbox" checked={on} onchange={move |_| driver.act(Board::switch_debug)} />
            { "Debug" }
        </label>
    }
}

/// What calls run in.
pub(super) fn engine_choice(driver: &Driver, engine: Engine) -> Html {
    let driver = driver.clone();
    let choose = move |event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>();
        let engine = match chosen.selected_index() {
            1 => Engine::Browser,
            _ => Engine::Interpreter,
        };
        driver.act(|board| board.choose_engine(engine));
    };
    let option = |of: Engine, name: &'static str| html! { <option selected={engine == of}>{ name }</option> };
    html! {
        <label class="switch" title="The browser's own engine is many times as fast; Debug is the interpreter's">
            { "Engine" }
            <select id="engine" aria-label="Engine" onchange={choose}>
                { option(Engine::Interpreter, "interpreter") }
                { option(Engine::Browser, "browser's") }
            </select>
        </label>
    }
}

/// The browser's engine, where it would do better, if this browser's can suspend a guest.
pub(super) fn engine_offer(driver: &Driver, offer: Offer) -> Html {
    let assembly = Reflect::get(&js_sys::global(), &"WebAssembly".into());
    let can_suspend = assembly.is_ok_and(|it| Reflect::has(&it, &"Suspending".into()) == Ok(true));
    if !can_suspend && offer != Offer::Needed {
        return Html::default();
    }
    let driver = driver.clone();
    let (why, action) = match offer {
        Offer::Needed => ("", "Run it in the browser's engine"),
        Offer::Runs => (
            "This takes long in the interpreter. ",
            "Stop, and call it in the browser's engine",
        ),
        Offer::Ran => (
            "The browser's own engine is many times as fast. ",
            "Use it for this plugin",
        ),
    };
    html! {
        <p class="hint">
            { why }
            <button type="button" class="quiet" onclick={move |_| driver.act(Board::take_engine_offer)}>
                { action }
            </button>
        </p>
    }
}

/// Whether calls are profiled.
pub(super) fn profile_switch(driver: &Driver, on: bool) -> Html {
    let driver = driver.clone();
    html! {
        <label class="switch" title="See which functions use the fuel: samples of all calls, until it is off">
            <input type="checkbox" checked={on} onchange={move |_| driver.act(Board::switch_profile)} />
            { "Profile" }
        </label>
    }
}

/// How a call that has stopped goes on; the keys are those of browsers' debuggers.
const WAYS: [(Go, &str, &str); 4] = [
    (Go::On, "Continue", "F8"),
    (Go::Over, "Step over", "F10"),
    (Go::Into, "Step into", "F11"),
    (Go::Out, "Step out", "Shift+F11"),
];

pub(super) fn steps(driver: &Driver) -> Html {
    let way = |(how, name, keys): (Go, &'static str, &'static str)| {
        let driver = driver.clone();
        html! {
            <button
                type="button"
                title={keys}
                aria-keyshortcuts={keys}
                onclick={move |_| driver.act(|board| board.go_on(how))}
            >
                { name }
            </button>
        }
    };
    html! { <div class="steps" role="group" aria-label="Go on">{ for WAYS.into_iter().map(way) }</div> }
}
