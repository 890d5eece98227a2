//! What is drawn a few frames later than what is around it.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// How many frames.
    #[prop_or(1)]
    pub(super) frames: u32,
    pub(super) children: Html,
}

/// Its children, so many frames after the one that it first comes in: a page that changes as a
/// whole takes short frames, not a long one.
#[component]
pub(super) fn Later(props: &Props) -> Html {
    let passed = use_state(|| 0);
    {
        let passed = passed.clone();
        use_effect_with((*passed, props.frames), move |&(frame, frames)| {
            let timeout = (frame < frames).then(|| Timeout::new(0, move || passed.set(frame + 1)));
            move || drop(timeout)
        });
    }
    if *passed >= props.frames {
        props.children.clone()
    } else {
        Html::default()
    }
}
