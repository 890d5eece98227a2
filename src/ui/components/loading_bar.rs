//! How far loading is.

use crate::ui::hooks::Driver;
use crate::ui::state::{Loading, Shared, format};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct LoadingBarProps {
    pub(super) driver: Driver,
    pub(super) loading: Shared<Loading>,
}

pub(super) fn loading_bar(props: &LoadingBarProps) -> Html {
    let driver = props.driver.clone();
    let loading = &props.loading;
    let (value, max, amount) = match loading.progress {
        // Of how many, a server may not say.
        Some((done, 0)) => (None, None, format::bytes(done)),
        Some((done, total)) => {
            let amount = format!("{} of {}", format::bytes(done), format::bytes(total));
            (Some(done.to_string()), Some(total.to_string()), amount)
        }
        None => (None, None, String::new()),
    };
    html! {
        <div class="loading">
            <label for="loading">{ "Loading " }<code>{ &loading.name }</code></label>
            <progress id="loading" {value} {max} />
            <span class="amount">{ amount }</span>
            <button
                type="button"
                id="cancel-load"
                class="quiet"
                onclick={move |_| driver.cancel_load()}
            >
                { "Cancel" }
            </button>
        </div>
    }
}
