//! The calls of before, to be made again.

use crate::ui::hooks::Driver;
use crate::ui::state::outcome::Finished;
use crate::ui::state::{Shared, format};
use yew::prelude::*;

/// What saving a call is.
pub(super) const SAVE: &str = "Save this call, and what came of it, as a test: see Calls";

/// What comparing all of them is.
const ALL: &str = "Make these calls again, the first one first, in a fresh instance of both engines, and tell what differs first";

#[derive(Clone, PartialEq)]
pub(super) struct HistoryProps {
    pub(super) driver: Driver,
    /// The last one first.
    pub(super) calls: Vec<Shared<Finished>>,
    /// Whether a call can be made.
    pub(super) callable: bool,
}

pub(super) fn history(props: &HistoryProps) -> Html {
    if props.calls.is_empty() {
        return Html::default();
    }
    let compare = {
        let driver = props.driver.clone();
        move |_| driver.act(|board| board.compare(None))
    };
    html! {
        <details class="fold history" role="group">
            <summary title="Ctrl+Shift+Enter repeats the last call">
                { format!("History: {}", format::count(props.calls.len() as u64, "call")) }
            </summary>
            <button type="button" class="quiet" disabled={!props.callable} title={ALL} onclick={compare}>
                { "Compare all in both engines" }
            </button>
            <ol>
                { for props.calls.iter().enumerate().map(|(past, call)| row(props, past, call)) }
            </ol>
        </details>
    }
}

fn row(props: &HistoryProps, past: usize, call: &Finished) -> Html {
    let recall = {
        let driver = props.driver.clone();
        move |_| driver.act(|board| board.recall(past))
    };
    let repeat = {
        let driver = props.driver.clone();
        move |_| driver.act(|board| board.repeat(past))
    };
    let save = {
        let driver = props.driver.clone();
        move |_| driver.act(|board| board.save_call(Some(past)))
    };
    let written = &call.called.written;
    html! {
        <li>
            <button
                type="button"
                class="quiet past"
                title="Put these values back into the form"
                onclick={recall}
            >
                <code>{ written }</code>
                <span data-tone={call.tone.name()}>{ call.text.lines().next().unwrap_or_default() }</span>
            </button>
            <button
                type="button"
                class="quiet"
                disabled={!props.callable}
                aria-label={format!("Call again: {written}")}
                onclick={repeat}
            >
                { "Call again" }
            </button>
            if call.came.is_some() {
                <button
                    type="button"
                    class="quiet"
                    title={SAVE}
                    aria-label={format!("Save as a test: {written}")}
                    onclick={save}
                >
                    { "Save" }
                </button>
            }
        </li>
    }
}
