//! How a Go signature becomes a Wasm one, parameter by parameter.

use super::allocators::allocators;
use crate::go::{Abi, Signature};
use crate::module::Info;
use crate::protocol::Allocator;
use crate::ui::hooks::Driver;
use crate::ui::state::Shared;
use crate::ui::state::in_wasm::{self, Row};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct InWasmProps {
    pub(super) signature: Signature,
    pub(super) abi: Abi,
    pub(super) driver: Driver,
    pub(super) info: Shared<Info>,
    /// What gives room for arguments, if somebody chose it.
    pub(super) allocator: Option<Allocator>,
}

pub(super) fn in_wasm(props: &InWasmProps) -> Html {
    let rows = in_wasm::rows(&props.signature, props.abi);
    if rows.is_empty() {
        return Html::default();
    }
    html! {
        <details class="fold in-wasm" role="group">
            <summary>{ "In Wasm" }</summary>
            <table>
                <thead>
                    <tr><th scope="col">{ "Go" }</th><th scope="col">{ "Wasm" }</th><th scope="col">{ "What it is" }</th></tr>
                </thead>
                <tbody>{ for rows.iter().map(row) }</tbody>
            </table>
            if rows.iter().any(|row| row.needs_room) {
                { allocators(&props.driver, &props.info, props.allocator.as_ref()) }
            }
        </details>
    }
}

fn row(row: &Row) -> Html {
    html! {
        <tr>
            <th scope="row"><code>{ &row.go }</code></th>
            <td><code>{ &row.wasm }</code></td>
            <td>
                { &row.meaning }
                if !row.memory.is_empty() {
                    <ul class="spans">
                        { for row.memory.iter().map(|line| html! { <li><code>{ line }</code></li> }) }
                    </ul>
                }
            </td>
        </tr>
    }
}
