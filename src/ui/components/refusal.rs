//! Why a file could not be loaded.

use crate::ui::hooks::Driver;
use crate::ui::state::{Refused, Shared};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct RefusalProps {
    pub(super) driver: Driver,
    pub(super) refused: Shared<Refused>,
}

#[component]
pub(super) fn Refusal(props: &RefusalProps) -> Html {
    let driver = props.driver.clone();
    html! {
        <div class="refusal" role="alert">
            <p><strong><code>{ &props.refused.name }</code></strong>{ ": " }{ &props.refused.message }</p>
            <button
                type="button"
                class="quiet"
                onclick={move |_| driver.change(|board| board.dismiss_refusal())}
            >
                { "Dismiss" }
            </button>
        </div>
    }
}
