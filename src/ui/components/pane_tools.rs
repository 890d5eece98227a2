//! Small buttons that change where a pane is.

use crate::ui::hooks::Driver;
use crate::ui::state::arrangement::{Arrangement, Pane};
use yew::prelude::*;

/// A button with a picture; `controls.css` draws it.
pub(super) fn icon(
    picture: &'static str,
    label: impl Into<AttrValue>,
    pressed: Option<bool>,
    press: Callback<MouseEvent>,
) -> Html {
    let label = label.into();
    html! {
        <button
            type="button"
            class="quiet icon"
            data-icon={picture}
            aria-label={label.clone()}
            aria-pressed={pressed.map(|pressed| pressed.to_string())}
            title={label}
            onclick={press}
        />
    }
}

/// The button that gives a pane all of the page, and takes it back.
pub(super) fn maximiser(
    driver: &Driver,
    arrangement: Arrangement,
    pane: Pane,
    name: &'static str,
) -> Html {
    let driver = driver.clone();
    let press = move |_| driver.change(|board| board.arrangement.maximise(pane));
    let (picture, label) = if arrangement.maximised() == Some(pane) {
        ("restore", "Back to all panes".to_owned())
    } else {
        ("maximise", format!("Maximise {name}"))
    };
    icon(picture, label, None, press.into())
}
