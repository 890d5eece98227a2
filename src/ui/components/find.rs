//! Long lists: a field to find something in one, and how much of it is not drawn.

use crate::ui::hooks::typed;
use crate::ui::state::format;
use yew::prelude::*;

/// Rows that are drawn at most; a module can have tens of thousands.
pub(super) const MAX_SHOWN: usize = 100;

/// The field for what is sought.
pub(super) fn find(label: &'static str, sought: &UseStateHandle<String>) -> Html {
    let value = (**sought).clone();
    let sought = sought.clone();
    html! {
        <input
            type="search"
            aria-label={label}
            placeholder="find"
            {value}
            oninput={move |event: InputEvent| sought.set(typed(&event))}
        />
    }
}

/// How many of so many rows are not drawn, and how to see them.
pub(super) fn others(rows: usize, advice: &'static str) -> Html {
    match rows.saturating_sub(MAX_SHOWN) {
        0 => Html::default(),
        more => html! {
            <p class="hint">{ format!("and {}: {advice}", format::count(more as u64, "other")) }</p>
        },
    }
}
