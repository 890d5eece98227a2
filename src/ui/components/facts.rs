//! The module in a few words.

use crate::module::Info;
use crate::ui::hooks::Driver;
use crate::ui::state::format;
use yew::prelude::*;

pub(super) fn facts(driver: &Driver, info: &Info) -> Html {
    let memory = match info.memories.as_slice() {
        [] => "no memory".to_owned(),
        [one] => format!("{} memory", format::pages(one.minimum)),
        many => format!("{} memories", many.len()),
    };
    let download = {
        let driver = driver.clone();
        move |_| driver.download_module()
    };
    html! {
        <section class="facts" aria-label="Facts">
            <h2 title={info.name.clone()}>{ &info.name }</h2>
            <p>
                <span class="kind">{ info.kind.to_string() }</span>
                if let Some(producer) = &info.producer {
                    <span>{ producer }</span>
                }
            </p>
            <p>
                <span>{ format::bytes(info.size) }</span>
                <span>{ memory }</span>
                <button
                    type="button"
                    id="download-module"
                    class="quiet"
                    aria-label={format!("Download {}", info.name)}
                    onclick={download}
                >
                    { "Download" }
                </button>
            </p>
        </section>
    }
}
