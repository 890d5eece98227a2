//! What is in the file.

use crate::module::{Info, MemoryType};
use crate::ui::state::{Shared, format};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct ModulePanelProps {
    pub(super) info: Shared<Info>,
}

pub(super) fn module_panel(props: &ModulePanelProps) -> Html {
    let info = &props.info;
    html! {
        <div class="module">
            <dl>
                { fact("Kind", info.kind.to_string()) }
                { fact("Producer", info.producer.clone().unwrap_or_else(|| "not named".to_owned())) }
                { for info.is_preview_0().map(|zero| fact("WASI", match zero {
                    true => "preview 0 (wasi_unstable)".to_owned(),
                    false => "preview 1".to_owned(),
                })) }
                { fact("Size", format!("{} bytes", format::grouped(info.size))) }
                { fact("Functions", format::grouped(info.functions.into())) }
                { for info.memories.iter().map(|memory| fact("Memory", size(memory))) }
            </dl>
            <table>
                <caption class="unseen">{ "Sections" }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "Section" }</th>
                        <th scope="col" class="number">{ "Offset" }</th>
                        <th scope="col" class="number">{ "Size" }</th>
                        <th scope="col" class="number">{ "Share" }</th>
                    </tr>
                </thead>
                <tbody>
                    { for info.sections.iter().map(|section| html! {
                        <tr class={classes!(section.custom.then_some("custom"))}>
                            <th scope="row">
                                { &section.name }
                                if section.custom {
                                    <span class="tag">{ "custom" }</span>
                                }
                            </th>
                            <td class="number">{ format!("{:#x}", section.offset) }</td>
                            <td class="number">{ format::bytes(section.size) }</td>
                            <td class="number">{ share(section.size, info.size) }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn fact(name: &'static str, value: String) -> Html {
    html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
}

fn size(memory: &MemoryType) -> String {
    let text = memory.to_string();
    text.strip_prefix("memory, ").unwrap_or(&text).to_owned()
}

fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    format!(
        "{} %",
        format::decimal(part as f64 * 100.0 / whole as f64, 1)
    )
}
