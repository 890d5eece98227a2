//! The command palette: everything that can be done, found by typing.

use crate::ui::hooks::{Dialogs, Driver, perform, reveal_soon, typed};
use crate::ui::state::commands::{Command, Palette, is_typed};
use crate::ui::state::{Board, format};
use yew::prelude::*;

/// What the list is called by its field.
const LIST: &str = "commands";

pub(super) fn palette(driver: &Driver, board: &Board, dialogs: &Dialogs) -> Html {
    let open = board.palette();
    let enter = {
        let driver = driver.clone();
        move |event: InputEvent| {
            let needle = typed(&event);
            driver.change(|board| board.seek_command(&needle));
        }
    };
    let key = {
        let (driver, dialogs) = (driver.clone(), dialogs.clone());
        move |event: KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            let key = event.key();
            if key == "Enter" {
                event.prevent_default();
                choose(&driver, &dialogs, None);
                return;
            }
            let mut moved = false;
            driver.change(|board| moved = board.move_in_palette(&key));
            if moved {
                event.prevent_default();
                let at = driver.board().palette().map_or(0, Palette::at);
                reveal_soon(id(at));
            }
        }
    };
    let closed = {
        let driver = driver.clone();
        move |_: Event| driver.change(Board::close_palette)
    };
    let found = open.map_or(&[][..], Palette::found);
    let active = open.filter(|_| !found.is_empty()).map(|open| id(open.at()));
    html! {
        <dialog ref={dialogs.palette.0.clone()} class="palette" aria-label="Commands" onclose={closed}>
            <input
                type="text"
                role="combobox"
                aria-label="Command, panel or export"
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls={LIST}
                aria-activedescendant={active}
                placeholder="Command, panel or export"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                value={open.map_or("", Palette::needle).to_owned()}
                oninput={enter}
                onkeydown={key}
            />
            <ul id={LIST} role="listbox" aria-label="Commands">
                { for found.iter().enumerate().map(|(place, command)| {
                    let selected = open.is_some_and(|open| open.at() == place);
                    row(driver, dialogs, place, selected, command, board.why_not(command.action))
                }) }
            </ul>
            <p class="hint" role="status">{ open.map(told) }</p>
        </dialog>
    }
}

/// How many there are.
fn told(palette: &Palette) -> String {
    match (palette.found().len(), palette.more()) {
        (0, _) => "No command, panel or export is called so.".to_owned(),
        (_, 0) => "What stands at the right, typed here, finds it too.".to_owned(),
        (_, more) => format!("and {}", format::count(more as u64, "other")),
    }
}

fn id(place: usize) -> String {
    format!("command-{place}")
}

fn row(
    driver: &Driver,
    dialogs: &Dialogs,
    place: usize,
    selected: bool,
    command: &Command,
    why_not: Option<&'static str>,
) -> Html {
    let press = {
        let (driver, dialogs) = (driver.clone(), dialogs.clone());
        move |_| choose(&driver, &dialogs, Some(place))
    };
    html! {
        <li
            id={id(place)}
            role="option"
            aria-selected={selected.to_string()}
            aria-disabled={why_not.map(|_| "true")}
            onclick={press}
        >
            <span>{ &command.label }</span>
            if let Some(why) = why_not {
                <small>{ why }</small>
            }
            if command.keys.is_empty() {
                <small>{ "export" }</small>
            }
            { keys(command.keys) }
        </li>
    }
}

/// Keys as they are pressed, or typed.
pub(super) fn keys(keys: &'static str) -> Html {
    if is_typed(keys) {
        return html! { <kbd>{ keys }</kbd> };
    }
    html! { { for keys.split_whitespace().map(|key| html! { <kbd>{ key }</kbd> }) } }
}

/// Does what is at the place, or else what is selected, if it can be done.
fn choose(driver: &Driver, dialogs: &Dialogs, place: Option<usize>) {
    let action = {
        let board = driver.board();
        let palette = board.palette();
        let command =
            palette.and_then(|palette| palette.found().get(place.unwrap_or(palette.at())));
        let action = command.map(|command| command.action);
        action.filter(|&action| board.why_not(action).is_none())
    };
    if let Some(action) = action {
        // The focus goes back to where it was; the command may take it elsewhere.
        dialogs.palette.close();
        perform(driver, dialogs, action);
    }
}
