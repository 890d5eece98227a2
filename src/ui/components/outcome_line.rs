//! What is under way, or how the last call ended.

use super::addresses::linked;
use crate::ui::hooks::{Driver, copy};
use crate::ui::state::outcome::{Finished, split_advice};
use yew::prelude::*;

pub(super) fn outcome_line(
    driver: &Driver,
    running: Option<&AttrValue>,
    finished: Option<&Finished>,
    past: bool,
) -> Html {
    let (tone, text) = match (running, finished) {
        (Some(running), _) => ("running", running.clone()),
        (None, Some(finished)) if past => ("past", AttrValue::from(finished.text.clone())),
        (None, Some(finished)) => (finished.tone.name(), AttrValue::from(finished.text.clone())),
        (None, None) => ("none", AttrValue::from("")),
    };
    let (words, lines) = split_advice(&text);
    html! {
        <>
            <p id="outcome" role="status" data-tone={tone}>{ linked(driver, words) }</p>
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
