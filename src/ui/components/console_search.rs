//! The line at which the console is searched.

use crate::ui::hooks::{Driver, focus, focus_soon, typed};
use crate::ui::state::console::Pattern;
use crate::ui::state::{Board, format};
use yew::prelude::*;

/// The id of the field.
pub(super) const FIELD: &str = "search";

/// What is shown of a search.
#[derive(Clone, PartialEq)]
pub(super) struct SearchView {
    text: AttrValue,
    count: usize,
    ordinal: Option<usize>,
    /// The line that is shown.
    pub(super) current: Option<u64>,
    pub(super) pattern: Pattern,
    /// The first line that has not been looked at.
    looked_at: u64,
    /// Whether all lines have been looked at.
    pub(super) done: bool,
}

impl SearchView {
    pub(super) fn of(board: &Board) -> Option<Self> {
        let search = board.search()?;
        Some(Self {
            text: AttrValue::from(search.text().to_owned()),
            count: search.count(),
            ordinal: search.ordinal(),
            current: search.current(),
            pattern: search.pattern().clone(),
            looked_at: search.looked_at(),
            done: !search.is_behind(board.console()),
        })
    }

    fn found(&self) -> String {
        let count = format::count(self.count as u64, "line");
        match self.ordinal {
            _ if self.text.is_empty() => String::new(),
            Some(ordinal) => format!("{} of {count}", format::grouped(ordinal as u64)),
            None if self.done => "not found".to_owned(),
            None => "searching".to_owned(),
        }
    }
}

pub(super) fn search(driver: &Driver, view: &SearchView) -> Html {
    let enter = {
        let driver = driver.clone();
        move |event: InputEvent| {
            let text = typed(&event);
            driver.change(|board| board.search_for(&text));
        }
    };
    let key = {
        let driver = driver.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Enter" && !event.ctrl_key() && !event.is_composing() {
                event.prevent_default();
                driver.change(|board| board.find(!event.shift_key()));
            }
        }
    };
    let go = |on: bool| {
        let driver = driver.clone();
        move |_| driver.change(|board| board.find(on))
    };
    let close = {
        let driver = driver.clone();
        move |_| close(&driver)
    };
    html! {
        <div class="search" role="search">
            <input
                id={FIELD}
                type="text"
                aria-label="Search the console"
                placeholder="search"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                value={view.text.clone()}
                oninput={enter}
                onkeydown={key}
            />
            <span class="count" role="status">{ view.found() }</span>
            <button type="button" class="quiet" aria-label="Previous" title="Shift+Enter" onclick={go(false)}>
                { "↑" }
            </button>
            <button type="button" class="quiet" aria-label="Next" title="Enter" onclick={go(true)}>
                { "↓" }
            </button>
            <button type="button" class="quiet" aria-label="Close the search" title="Esc" onclick={close}>
                { "✕" }
            </button>
        </div>
    }
}

/// Opens the search, and goes to its field.
pub(super) fn open(driver: &Driver, origin: u64) {
    driver.change(|board| board.open_search(origin));
    focus_soon(FIELD.to_owned());
}

pub(super) fn close(driver: &Driver) {
    driver.change(Board::close_search);
    focus("console");
}
