//! One argument.

use crate::ui::hooks::{Driver, typed};
use crate::ui::state::form::Control;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ArgumentFieldProps {
    pub(super) driver: Driver,
    /// Its place among the parameters.
    pub(super) index: usize,
    pub(super) name: AttrValue,
    /// Its type, as Go writes it.
    pub(super) ty: AttrValue,
    pub(super) control: Control,
    pub(super) text: AttrValue,
    /// What is wrong with the text.
    pub(super) problem: Option<AttrValue>,
}

#[component]
pub(super) fn ArgumentField(props: &ArgumentFieldProps) -> Html {
    let ArgumentFieldProps {
        index,
        text,
        control,
        ..
    } = props.clone();
    let id = format!("argument-{index}");
    let error = format!("{id}-error");
    let described = props.problem.is_some().then(|| error.clone());
    let invalid = props.problem.is_some().then_some("true");
    let input = match control {
        Control::Switch => {
            let driver = props.driver.clone();
            let check = move |event: Event| {
                let on = event
                    .target_dyn_into::<HtmlInputElement>()
                    .is_some_and(|i| i.checked());
                driver.change(|board| board.enter(index, if on { "true" } else { "false" }));
            };
            html! {
                <input id={id.clone()} type="checkbox" checked={text == "true"} onchange={check} />
            }
        }
        _ => {
            let driver = props.driver.clone();
            let enter = move |event: InputEvent| {
                let text = typed(&event);
                driver.change(|board| board.enter(index, &text));
            };
            html! {
                <input
                    id={id.clone()}
                    type="text"
                    class={classes!((control == Control::Number).then_some("number"))}
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    placeholder={control.zero()}
                    value={text}
                    aria-invalid={invalid}
                    aria-describedby={described}
                    oninput={enter}
                />
            }
        }
    };
    html! {
        <div class="field">
            <label for={id}>{ &props.name }{ " " }<span class="type">{ &props.ty }</span></label>
            { input }
            if let Some(problem) = &props.problem {
                <p id={error} class="problem">{ problem }</p>
            }
        </div>
    }
}
