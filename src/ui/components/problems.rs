//! What is wrong with where signatures come from.

use crate::ui::state::{Shared, format};
use yew::prelude::*;

/// Those that are shown at most.
const MAX_SHOWN: usize = 50;

#[derive(Clone, PartialEq)]
pub(super) struct ProblemsProps {
    pub(super) problems: Shared<Vec<String>>,
    /// Whether nobody needs to be alarmed by them: the module was never Go.
    pub(super) usual: bool,
}

pub(super) fn problems_list(props: &ProblemsProps) -> Html {
    let problems = &*props.problems;
    if problems.is_empty() {
        return Html::default();
    }
    let (class, each, summary) = if props.usual {
        ("fold", "hint", "no Go signatures in it".to_owned())
    } else {
        let count = format::count(problems.len() as u64, "problem");
        (
            "fold problems",
            "problem",
            format!("{count} with the signatures"),
        )
    };
    let more = problems.len().saturating_sub(MAX_SHOWN);
    html! {
        <details {class} role="group">
            <summary>{ summary }</summary>
            <ul>
                { for problems.iter().take(MAX_SHOWN).map(|problem| html! {
                    <li class={each}>{ problem }</li>
                }) }
            </ul>
            if more > 0 {
                <p class="hint">{ format!("and {}", format::count(more as u64, "other")) }</p>
            }
        </details>
    }
}
