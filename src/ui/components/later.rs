//! What is drawn a few frames later than what is around it.

use super::memo::stateful;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// The children, so many frames after the one that they first come in: a page that changes as a
/// whole takes short frames, not a long one.
pub(super) fn later(frames: u32, children: Html) -> Html {
    stateful::<Later>(Props { frames, children })
}

#[derive(Clone, PartialEq, Properties)]
struct Props {
    frames: u32,
    children: Html,
}

#[component]
fn Later(props: &Props) -> Html {
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
