//! The line below the console at which stdin is typed while a guest runs.

use crate::ui::hooks::{Driver, pasted_text, typed};
use crate::ui::state::Board;
use crate::ui::state::prompt::Key;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The id of the field.
pub(super) const FIELD: &str = "stdin";

/// What the prompt shows.
#[derive(Clone, PartialEq)]
pub(super) struct PromptView {
    text: AttrValue,
    /// Whether each key is sent as it is pressed.
    keys: bool,
    /// Whether the guest waits for it.
    pub(super) waits: bool,
}

impl PromptView {
    pub(super) fn of(board: &Board) -> Option<Self> {
        let prompt = board.prompt()?;
        Some(Self {
            text: AttrValue::from(prompt.text().to_owned()),
            keys: board.sends_keys(),
            waits: board.run().is_some_and(|run| run.waits_for_stdin()),
        })
    }
}

pub(super) fn prompt(driver: &Driver, view: &PromptView) -> Html {
    let hint = match (view.keys, view.waits) {
        (true, _) => "each key is sent at once; Shift Tab leaves",
        (false, true) => "Enter sends; Ctrl D ends stdin, Ctrl C stops",
        (false, false) => "it runs; what you send is kept until it reads",
    };
    let (onkeydown, oninput) = if view.keys {
        (on_raw_key(driver), on_text(driver))
    } else {
        (on_key(driver), on_typed(driver))
    };
    html! {
        <div class="prompt" data-waits={view.waits.then_some("true")}>
            <span aria-hidden="true">{ "stdin" }</span>
            <input
                id={FIELD}
                type="text"
                autocomplete="off"
                autocapitalize="off"
                autocorrect="off"
                spellcheck="false"
                enterkeyhint="send"
                aria-label="Type for stdin"
                aria-describedby="stdin-hint"
                value={if view.keys { AttrValue::from("") } else { view.text.clone() }}
                {onkeydown}
                {oninput}
                onpaste={on_paste(driver, view.keys)}
            />
            <span id="stdin-hint" class="hint">{ hint }</span>
        </div>
    }
}

fn on_typed(driver: &Driver) -> Callback<InputEvent> {
    let driver = driver.clone();
    Callback::from(move |event: InputEvent| {
        let text = typed(&event);
        driver.change(|board| board.type_line(text));
    })
}

/// The keys of a line that is typed and then sent.
fn on_key(driver: &Driver) -> Callback<KeyboardEvent> {
    let driver = driver.clone();
    Callback::from(move |event: KeyboardEvent| {
        let control = event.ctrl_key() && !event.meta_key() && !event.alt_key();
        if event.is_composing() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "Enter" if !control => driver.act(Board::send_line),
            "ArrowUp" => driver.change(|board| board.look_back(true)),
            "ArrowDown" => driver.change(|board| board.look_back(false)),
            "d" if control => driver.act(Board::end_line),
            // What is selected is to be copied.
            "c" if control && !selects(&event) => driver.act(Board::interrupt),
            _ => return,
        }
        event.prevent_default();
    })
}

/// The keys that are sent as they are pressed; characters come as input, which a keyboard on a screen
/// has too.
fn on_raw_key(driver: &Driver) -> Callback<KeyboardEvent> {
    let driver = driver.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.is_composing() || event.meta_key() {
            return;
        }
        let bytes = Key {
            name: &event.key(),
            control: event.ctrl_key(),
            alt: event.alt_key(),
            shift: event.shift_key(),
        }
        .bytes();
        if let Some(bytes) = bytes {
            event.prevent_default();
            // The page's own shortcuts are not meant.
            event.stop_propagation();
            driver.act(|board| board.send_key(&bytes));
        }
    })
}

/// Characters, sent as they come.
fn on_text(driver: &Driver) -> Callback<InputEvent> {
    let driver = driver.clone();
    Callback::from(move |event: InputEvent| {
        if event.is_composing() {
            return;
        }
        let text = typed(&event);
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            input.set_value("");
        }
        driver.act(|board| board.send_key(text.as_bytes()));
    })
}

/// Several lines, which the field itself would make into one.
fn on_paste(driver: &Driver, keys: bool) -> Callback<Event> {
    let driver = driver.clone();
    Callback::from(move |event: Event| {
        let (Some(text), Some(input)) = (
            pasted_text(&event),
            event.target_dyn_into::<HtmlInputElement>(),
        ) else {
            return;
        };
        event.prevent_default();
        if keys {
            driver.act(|board| board.send_key(text.as_bytes()));
            return;
        }
        let (before, after) = around(&input);
        driver.act(|board| board.paste_lines(&before, &text, &after));
    })
}

/// The text before and behind what is selected in a field.
fn around(input: &HtmlInputElement) -> (String, String) {
    // Both are counted in units of UTF-16.
    let units: Vec<u16> = input.value().encode_utf16().collect();
    let place = |at: Option<u32>| at.map_or(units.len(), |at| (at as usize).min(units.len()));
    let start = place(input.selection_start().ok().flatten());
    let end = place(input.selection_end().ok().flatten());
    let text = |units: Option<&[u16]>| String::from_utf16_lossy(units.unwrap_or_default());
    (text(units.get(..start)), text(units.get(end..)))
}

/// Whether something is selected in the field.
fn selects(event: &KeyboardEvent) -> bool {
    event
        .target_dyn_into::<HtmlInputElement>()
        .is_some_and(|input| input.selection_start().ok() != input.selection_end().ok())
}
