//! The imports that WASI serves, folded into one line.

use crate::module::Info;
use crate::ui::state::Shared;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct WasiImportsProps {
    pub(super) info: Shared<Info>,
    pub(super) count: usize,
}

#[component]
pub(super) fn WasiImports(props: &WasiImportsProps) -> Html {
    let wasi = props.info.imports.iter().filter(|import| import.is_wasi());
    html! {
        <details class="wasi">
            <summary>{ "WASI" }<span class="count">{ props.count }</span></summary>
            <ul>
                { for wasi.map(|import| html! {
                    <li><code>{ &import.name }</code>{ " " }<small>{ import.ty.to_string() }</small></li>
                }) }
            </ul>
        </details>
    }
}
