//! A signature that is typed by hand.

use super::call_form::EDIT;
use crate::module::Export;
use crate::ui::hooks::{Driver, focus, focus_soon, typed};
use crate::ui::state::Board;
use crate::ui::state::form::{Hand, completions};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct SignatureLineProps {
    pub(super) driver: Driver,
    pub(super) export: Export,
    pub(super) hand: Hand,
}

#[component]
pub(super) fn SignatureLine(props: &SignatureLineProps) -> Html {
    let SignatureLineProps {
        driver,
        export,
        hand,
    } = props;
    // Whoever asked for the line wants to type into it.
    use_effect_with((), |()| focus("signature"));
    let enter = {
        let driver = driver.clone();
        move |event: InputEvent| {
            let text = typed(&event);
            driver.act(|board| board.enter_signature(&text));
        }
    };
    let forget = {
        let driver = driver.clone();
        move |_| {
            driver.act(Board::forget_signature);
            focus_soon(EDIT.to_owned());
        }
    };
    let invalid = hand.problem.is_some();
    html! {
        <div class="field signature">
            <label for="signature">{ "signature " }<span class="type">{ export.ty.to_string() }</span></label>
            <div class="entry">
                <input
                    id="signature"
                    type="text"
                    list="signatures"
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    value={hand.text.clone()}
                    aria-invalid={invalid.then_some("true")}
                    aria-describedby="signature-problem"
                    oninput={enter}
                />
                <button type="button" class="quiet" onclick={forget}>{ "Undo" }</button>
            </div>
            <datalist id="signatures">
                { for completions(export, &hand.text).into_iter().map(|line| html! {
                    <option value={line} />
                }) }
            </datalist>
            <p id="signature-problem" class={if invalid { "problem" } else { "hint" }}>
                { hand.problem.as_deref().unwrap_or(
                    "as Go writes it; structs written out: *struct{ _ structs.HostLayout; val int32 }",
                ) }
            </p>
        </div>
    }
}
