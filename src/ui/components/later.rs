//! What is drawn a frame later than what is around it.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    pub(super) children: Html,
}

/// Its children, from the frame after the one that it first comes in: a page that changes as a
/// whole takes short frames, not a long one.
#[component]
pub(super) fn Later(props: &Props) -> Html {
    let due = use_state(|| false);
    {
        let due = due.clone();
        use_effect_with((), move |()| {
            let timeout = Timeout::new(0, move || due.set(true));
            move || drop(timeout)
        });
    }
    if *due {
        props.children.clone()
    } else {
        Html::default()
    }
}
