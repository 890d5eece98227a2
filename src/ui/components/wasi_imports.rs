//! The imports that WASI, or the host of a framework, serves: folded into one line each.

use super::find::MAX_SHOWN;
use crate::go::value::legible;
use crate::module::Import;
use yew::prelude::*;

/// `host` serves these imports.
pub(super) fn served_imports(host: &str, imports: &[&Import]) -> Html {
    if imports.is_empty() {
        return Html::default();
    }
    html! {
        <details class="wasi">
            <summary>{ host }<span class="count">{ imports.len() }</span></summary>
            <ul>
                { for imports.iter().take(MAX_SHOWN).map(|import| html! {
                    <li><code>{ legible(&import.name) }</code>{ " " }<small>{ import.ty.to_string() }</small></li>
                }) }
            </ul>
        </details>
    }
}
