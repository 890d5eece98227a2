//! Why a file could not be loaded.

use crate::ui::hooks::Driver;
use crate::ui::state::Refused;
use yew::prelude::*;

pub(super) fn refusal(driver: &Driver, refused: &Refused) -> Html {
    let driver = driver.clone();
    html! {
        <div class="refusal" role="alert">
            <p><strong><code>{ &refused.name }</code></strong>{ ": " }{ &refused.message }</p>
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
