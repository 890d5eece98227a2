//! Light or dark.

use super::storage;
use yew::prelude::*;

/// Under which it is remembered. `start.js` reads it too, before the first paint.
const KEY: &str = "plugboard.theme";

/// Which colours the page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Those of the system.
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// The theme, and what changes to the next one.
#[hook]
pub(crate) fn use_theme() -> (Theme, Callback<()>) {
    let theme = use_state_eq(remembered);
    let next = {
        let theme = theme.clone();
        Callback::from(move |()| {
            let next = theme.next();
            apply(next);
            theme.set(next);
        })
    };
    (*theme, next)
}

fn remembered() -> Theme {
    match storage::get(KEY).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

fn apply(theme: Theme) {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    if let Some(root) = root {
        // An attribute of a fixed name can be set.
        let _ = root.set_attribute("data-theme", theme.name());
    }
    storage::set(KEY, theme.name());
}
