//! Where calls stop: lines, functions and host calls by their names, traps.

use crate::ui::hooks::{Driver, typed};
use crate::ui::state::debugger::{Stop, Stopping};
use crate::ui::state::{Board, format};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct StopsProps {
    pub(super) driver: Driver,
    pub(super) stopping: Stopping,
}

pub(super) fn stops(props: &StopsProps) -> Html {
    let StopsProps { driver, stopping } = props;
    let (enter, add, traps) = (driver.clone(), driver.clone(), driver.clone());
    let count = stopping.list.len() as u64 + u64::from(stopping.traps);
    let heading = match count {
        0 => "Stops nowhere".to_owned(),
        count => format!("Stops at {}", format::count(count, "place")),
    };
    html! {
        <details class="fold stops">
            <summary>{ heading }</summary>
            <form onsubmit={move |event: SubmitEvent| {
                event.prevent_default();
                add.act(Board::add_typed_stop);
            }}>
                <input
                    id="stop-at"
                    type="text"
                    list="stop-names"
                    aria-label="Stop at"
                    placeholder="main.f, main.go:12, env.log"
                    title="A function or a host call, by its name, or a line; lines are marked in Source, too"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    value={stopping.typed.clone()}
                    oninput={move |event: InputEvent| {
                        enter.change(|board| board.type_stop(typed(&event)));
                    }}
                />
                <datalist id="stop-names">
                    { for stopping.names.iter().map(|name| html! { <option value={name.clone()} /> }) }
                </datalist>
                <button type="submit">{ "Stop there" }</button>
                <label class="switch">
                    <input
                        type="checkbox"
                        checked={stopping.traps}
                        onchange={move |_| traps.act(Board::switch_traps)}
                    />
                    { "Stop at traps" }
                </label>
            </form>
            <ul>{ for stopping.list.iter().map(|stop| row(driver, stop)) }</ul>
        </details>
    }
}

fn row(driver: &Driver, stop: &Stop) -> Html {
    let remove = {
        let (driver, text) = (driver.clone(), stop.text.clone());
        move |_| driver.act(|board| board.remove_stop(&text))
    };
    html! {
        <li key={stop.text.clone()}>
            <code>{ &stop.text }</code>
            if let Some(problem) = stop.problem {
                <span class="hint">{ problem }</span>
            }
            <button
                type="button"
                class="quiet"
                aria-label={format!("Stop at {} no longer", stop.text)}
                onclick={remove}
            >
                { "Remove" }
            </button>
        </li>
    }
}
