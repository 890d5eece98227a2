//! The call as host code, to be copied or saved.

use crate::protocol::HostCode;
use crate::ui::hooks::{Driver, copy, download};
use yew::prelude::*;

/// What there is of it.
#[derive(Clone, PartialEq)]
pub(super) struct Written {
    /// Whether what is typed makes a call.
    pub(super) typed: bool,
    /// Whether there is something for a test to expect.
    pub(super) tested: bool,
    pub(super) text: Option<(HostCode, AttrValue)>,
}

pub(super) fn host_code(driver: &Driver, written: &Written) -> Html {
    let forms = [
        (HostCode::GoProgram, written.typed),
        (HostCode::GoTest, written.tested),
        (HostCode::JavaScript, written.typed),
    ];
    let ask = |(form, enabled): (HostCode, bool)| {
        let driver = driver.clone();
        html! {
            <button
                type="button"
                disabled={!enabled}
                onclick={move |_| driver.act(|board| board.write_host_code(form))}
            >
                { form.label() }
            </button>
        }
    };
    html! {
        <details class="fold host-code" role="group">
            <summary id="host-code" title="The call as a program of your own">{ "As host code" }</summary>
            <div class="tools">{ for forms.into_iter().map(ask) }</div>
            if let Some((form, text)) = written.text.clone() {
                <pre tabindex="0" aria-label={form.label()}>{ text.clone() }</pre>
                <div class="tools">
                    <button
                        type="button"
                        onclick={let text = text.clone(); move |_| copy(&text)}
                    >
                        { "Copy" }
                    </button>
                    <button
                        type="button"
                        onclick={move |_| download(form.file(), text.as_bytes())}
                    >
                        { format!("Save as {}", form.file()) }
                    </button>
                </div>
            }
        </details>
    }
}
