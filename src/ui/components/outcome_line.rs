//! What is under way, or how the last call ended.

use crate::ui::state::Shared;
use crate::ui::state::outcome::Finished;
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
    html! { <p id="outcome" role="status" data-tone={tone}>{ text }</p> }
}
