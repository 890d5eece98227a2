//! Addresses, each of which leads to Memory.

use crate::ui::hooks::Driver;
use crate::ui::state::addresses;
use yew::prelude::*;

/// An address.
pub(super) fn address(driver: &Driver, at: u64) -> Html {
    let driver = driver.clone();
    html! {
        <button
            type="button"
            class="address"
            title="Show it in Memory"
            onclick={move |_| driver.change(|board| board.show_address(at))}
        >
            { format!("{at:#x}") }
        </button>
    }
}

/// Text, and the addresses in it.
pub(super) fn linked(driver: &Driver, text: &str) -> Html {
    let parts = addresses::parts(text).into_iter();
    let part = |(text, at): (&str, Option<u64>)| match at {
        Some(at) => address(driver, at),
        None => html! { { text } },
    };
    parts.map(part).collect()
}
