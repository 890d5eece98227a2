//! What to do about a path that no open directory covers.

use crate::ui::hooks::Driver;
use yew::prelude::*;

/// Says `why`, and offers to open `/`.
pub(super) fn uncovered(driver: &Driver, why: String) -> Html {
    let driver = driver.clone();
    html! {
        <p class="hint uncovered">
            { why }{ " " }
            <button type="button" onclick={move |_| driver.act(|board| board.open_root())}>
                { "Open /" }
            </button>
        </p>
    }
}
