//! The imports that WASI serves, folded into one line.

use super::find::MAX_SHOWN;
use crate::go::value::legible;
use crate::module::Import;
use yew::prelude::*;

/// `count` of the imports are WASI's.
pub(super) fn wasi_imports(imports: &[Import], count: usize) -> Html {
    let wasi = imports.iter().filter(|import| import.is_wasi());
    html! {
        <details class="wasi">
            <summary>{ "WASI" }<span class="count">{ count }</span></summary>
            <ul>
                { for wasi.take(MAX_SHOWN).map(|import| html! {
                    <li><code>{ legible(&import.name) }</code>{ " " }<small>{ import.ty.to_string() }</small></li>
                }) }
            </ul>
        </details>
    }
}
