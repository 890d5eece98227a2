//! What is said of the module above everything else: why one could not be loaded, and that one started without
//! what another one had.

use crate::ui::hooks::{Driver, focus_call};
use crate::ui::state::{Board, Refused};
use yew::prelude::*;

pub(super) fn refusal(driver: &Driver, refused: &Refused) -> Html {
    let driver = driver.clone();
    html! {
        <div class="refusal" role="alert">
            <p><strong><code>{ &refused.name }</code></strong>{ ": " }{ &refused.message }</p>
            <button
                type="button"
                class="quiet"
                onclick={move |_| {
                    driver.change(Board::dismiss_refusal);
                    focus_call();
                }}
            >
                { "Dismiss" }
            </button>
        </div>
    }
}

/// What the plugin before had is offered to this one.
pub(super) fn offer(driver: &Driver, of: &str, callable: bool) -> Html {
    let (take, dismiss) = (driver.clone(), driver.clone());
    html! {
        <div class="offer" role="status">
            <p>
                { "This is another plugin, so it starts from defaults: it has none of the settings, files, \
                   answers and arguments that you gave to " }
                <code>{ of }</code>{ "." }
            </p>
            <button type="button" disabled={!callable} onclick={move |_| {
                take.act(Board::use_offered);
                focus_call();
            }}>
                { "Use them here" }
            </button>
            <button
                type="button"
                class="quiet"
                onclick={move |_| {
                    dismiss.change(Board::dismiss_offer);
                    focus_call();
                }}
            >
                { "Dismiss" }
            </button>
        </div>
    }
}
