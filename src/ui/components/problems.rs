//! What is wrong with where signatures come from.

use crate::ui::state::{Shared, format};
use yew::prelude::*;

/// Those that are shown at most.
const MAX_SHOWN: usize = 50;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ProblemsProps {
    pub(super) problems: Shared<Vec<String>>,
}

#[component]
pub(super) fn Problems(props: &ProblemsProps) -> Html {
    let problems = &*props.problems;
    if problems.is_empty() {
        return Html::default();
    }
    let more = problems.len().saturating_sub(MAX_SHOWN);
    html! {
        <details class="fold problems" role="group">
            <summary>
                { format!("{} with the signatures", format::count(problems.len() as u64, "problem")) }
            </summary>
            <ul>
                { for problems.iter().take(MAX_SHOWN).map(|problem| html! {
                    <li class="problem">{ problem }</li>
                }) }
            </ul>
            if more > 0 {
                <p class="hint">{ format!("and {}", format::count(more as u64, "other")) }</p>
            }
        </details>
    }
}
