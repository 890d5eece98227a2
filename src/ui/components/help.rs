//! The help.

use crate::ui::hooks::ModalRef;
use yew::prelude::*;

/// Each shortcut, and what it does.
const SHORTCUTS: [(&str, &str); 7] = [
    ("Ctrl Enter", "call the selected export, or run the program"),
    ("Ctrl Shift Enter", "repeat the last call"),
    ("Ctrl .", "stop what runs"),
    ("Ctrl O", "open a .wasm file"),
    ("/", "search the console, in it; Ctrl F does too"),
    ("?", "this help"),
    ("Esc", "close what is open"),
];

#[derive(Clone, PartialEq)]
pub(super) struct HelpProps {
    pub(super) modal: ModalRef,
}

pub(super) fn help_dialog(props: &HelpProps) -> Html {
    let modal = props.modal.clone();
    html! {
        <dialog ref={modal.0.clone()} class="help" aria-labelledby="help-title">
            <h2 id="help-title">{ "Plugboard" }</h2>
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
                { for SHORTCUTS.iter().map(|(keys, action)| html! {
                    <div>
                        <dt>{ for keys.split(' ').map(|key| html! { <kbd>{ key }</kbd> }) }</dt>
                        <dd>{ *action }</dd>
                    </div>
                }) }
            </dl>
            <p class="hint">{ "On a Mac, ⌘ works as Ctrl does." }</p>
            <button type="button" onclick={move |_| modal.close()}>{ "Close" }</button>
        </dialog>
    }
}
