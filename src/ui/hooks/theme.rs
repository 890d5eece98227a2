//! Light or dark.

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

/// Where storage is forbidden, nothing is remembered, and nothing is said about it.
fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn remembered() -> Theme {
    let name = storage().and_then(|storage| storage.get_item(KEY).ok()?);
    match name.as_deref() {
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
    if let Some(storage) = storage() {
        // It may be full; the theme then lasts as long as the page.
        let _ = storage.set_item(KEY, theme.name());
    }
}
