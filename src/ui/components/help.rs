//! The help.

use super::palette::keys;
use crate::ui::hooks::ModalRef;
use crate::ui::state::commands::{ALL, is_typed};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct HelpProps {
    pub(super) modal: ModalRef,
}

pub(super) fn help_dialog(props: &HelpProps) -> Html {
    let modal = props.modal.clone();
    html! {
        <dialog ref={modal.0.clone()} class="help" aria-labelledby="help-title">
            <h2 id="help-title" tabindex="-1" autofocus=true>{ "Plugboard" }</h2>
            <p>
                { "Plug in a WebAssembly plugin built with Go or TinyGo for WASI preview 1, and see \
                   it run. Nothing is uploaded: the file stays in this page, and runs there, in an \
                   interpreter that can be stopped at any instruction." }
            </p>
            <ol>
                <li>{ "Drop a .wasm file anywhere on the page, paste it, or open a sample." }</li>
                <li>{ "Choose how each import is answered; a likely answer is set, as a guess." }</li>
                <li>{ "Select an export, fill in its arguments, and call it." }</li>
                <li>{ "Read what it printed in the console, and how it ended above it." }</li>
            </ol>
            <p>
                { "A reactor is initialised by its first call. When a call ends in the middle (a \
                   trap, Stop, a limit), the instance keeps what it had; Restart makes a fresh one." }
            </p>
            <h3>{ "Keys" }</h3>
            <dl class="keys">
                { list(false) }
                <div><dt><kbd>{ "Esc" }</kbd></dt><dd>{ "Close what is open" }</dd></div>
            </dl>
            <h3>{ "Typed after Ctrl K, then Enter" }</h3>
            <dl class="keys">{ list(true) }</dl>
            <p class="hint">{ "On a Mac, ⌘ works as Ctrl does." }</p>
            <button type="button" onclick={move |_| modal.close()}>{ "Close" }</button>
        </dialog>
    }
}

/// The commands of the table with their keys: those that are typed into the palette, or the others.
fn list(typed: bool) -> Html {
    let all = ALL.into_iter();
    let those = all.filter(|(_, of, _)| is_typed(of) == typed);
    html! {
        { for those.map(|(_, of, label)| html! {
            <div><dt>{ keys(of) }</dt><dd>{ label }</dd></div>
        }) }
    }
}
