//! What is under way, or how the last call ended.

use crate::ui::hooks::copy;
use crate::ui::state::Shared;
use crate::ui::state::outcome::{Finished, split_advice};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct OutcomeLineProps {
    pub(super) running: Option<AttrValue>,
    pub(super) finished: Option<Shared<Finished>>,
}

#[component]
pub(super) fn OutcomeLine(props: &OutcomeLineProps) -> Html {
    let (tone, text) = match (&props.running, &props.finished) {
        (Some(running), _) => ("running", running.clone()),
        (None, Some(finished)) => (finished.tone.name(), AttrValue::from(finished.text.clone())),
        (None, None) => ("none", AttrValue::from("")),
    };
    let (words, lines) = split_advice(&text);
    html! {
        <>
            <p id="outcome" role="status" data-tone={tone}>{ words }</p>
            if let Some(lines) = lines {
                { to_copy(lines) }
            }
        </>
    }
}

fn to_copy(lines: &str) -> Html {
    let text = lines.to_owned();
    html! {
        <div class="advice">
            <pre tabindex="0"><code>{ lines }</code></pre>
            <button type="button" onclick={move |_| copy(&text)}>{ "Copy" }</button>
        </div>
    }
}
