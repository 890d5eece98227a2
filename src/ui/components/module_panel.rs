//! What is in the file, what it needs, and what it has used.

use super::memo::stateful;
use super::outline::outline;
use super::text_form::{FunctionsView, FunctionsViewProps};
use crate::module::{Info, MemoryType};
use crate::ui::hooks::Driver;
use crate::ui::state::inspected::Inspected;
use crate::ui::state::text_form::TextForm;
use crate::ui::state::{Shared, format};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ModulePanelProps {
    pub(super) driver: Driver,
    pub(super) info: Shared<Info>,
    pub(super) inspected: Shared<Inspected>,
    pub(super) text_form: Shared<TextForm>,
}

#[component]
pub(super) fn ModulePanel(props: &ModulePanelProps) -> Html {
    let ModulePanelProps {
        driver,
        info,
        inspected,
        text_form,
    } = props;
    {
        let driver = driver.clone();
        use_effect_with((), move |()| {
            driver.act(|board| board.open_inspected());
            move || driver.change(|board| board.close_inspected())
        });
    }
    if text_form.is_open {
        return stateful::<FunctionsView>(FunctionsViewProps {
            driver: driver.clone(),
            form: text_form.clone(),
        });
    }
    let open = {
        let driver = driver.clone();
        move |_| driver.change(|board| board.text_form_mut().is_open = true)
    };
    html! {
        <div class="module">
            <p>
                <button
                    type="button"
                    id="open-functions"
                    title="Each as WebAssembly text, with what it calls and who calls it"
                    onclick={open}
                >
                    { "Functions" }
                </button>
            </p>
            if inspected.account.is_empty() {
                <p class="hint" role="status">{ "It is being looked at…" }</p>
            }
            { outline(driver, inspected, &inspected.account, 0) }
            <dl>
                { fact("Kind", info.kind.to_string()) }
                { fact("Producer", info.producer.clone().unwrap_or_else(|| "not named".to_owned())) }
                { for info.is_preview_0().map(|zero| fact("WASI", match zero {
                    true => "preview 0 (wasi_unstable)".to_owned(),
                    false => "preview 1".to_owned(),
                })) }
                { fact("Size", format!("{} ({} bytes)", format::bytes(info.size), format::grouped(info.size))) }
                { fact("Functions", format::grouped(info.functions.into())) }
                { for info.memories.iter().map(|memory| fact("Memory", size(memory))) }
            </dl>
            { outline(driver, inspected, &inspected.contents, inspected.account.len()) }
        </div>
    }
}

fn fact(name: &'static str, value: String) -> Html {
    html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
}

/// `128 KiB, at most 16 MiB`
fn size(memory: &MemoryType) -> String {
    let least = format::pages(memory.minimum);
    match memory.maximum {
        Some(most) => format!("{least}, at most {}", format::pages(most)),
        None => least,
    }
}
