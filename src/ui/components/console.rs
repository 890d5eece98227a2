//! The console: a window on what was written.

use super::console_rows::{ConsoleRows, ConsoleRowsProps};
use super::console_search::{self, SearchView};
use super::memo::stateful;
use super::pane_tools::maximiser;
use super::stdin_prompt::{self, PromptView};
use crate::ui::hooks::{
    Driver, copy, download, focus_if_free, focus_if_lost, px, selected_within, set_style, use_kept,
    use_printing, use_size,
};
use crate::ui::state::arrangement::{Arrangement, Pane};
use crate::ui::state::console::{Filter, MAX_BYTES, MAX_LINES, Source};
use crate::ui::state::format;
use crate::ui::state::window::Window;
use web_sys::Element;
use yew::prelude::*;

/// The height of a row in CSS pixels; `--console-row` in `console.css` says the same.
const ROW_HEIGHT: f64 = 20.0;

/// Rows that are printed at most: the last ones.
const PRINTED_ROWS: f64 = 2000.0;

/// About the width of a character.
const COLUMN_WIDTH: f64 = 7.83;

/// The margin in which who wrote a row is said, and that on the other side.
const MARGINS: f64 = 68.0;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ConsoleProps {
    pub(super) driver: Driver,
    /// Of what is in the console.
    pub(super) version: u64,
    pub(super) filter: Filter,
    /// Whether something runs.
    pub(super) busy: bool,
    /// Where stdin is typed.
    pub(super) prompt: Option<PromptView>,
    pub(super) search: Option<SearchView>,
    /// The line of the last jump to an error, and how many there have been.
    pub(super) error: Option<(u64, u32)>,
    pub(super) arrangement: Arrangement,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a size that is negative becomes 0"
)]
#[component]
pub(super) fn ConsoleView(props: &ConsoleProps) -> Html {
    let (view, content) = (use_node_ref(), use_node_ref());
    let (width, height) = use_size(&view);
    let scroll_top = use_state_eq(|| 0.0);
    let follow = use_state_eq(|| true);
    let screen = (
        (height / ROW_HEIGHT) as u64,
        ((width - MARGINS) / COLUMN_WIDTH) as usize,
    );
    {
        let driver = props.driver.clone();
        use_effect_with(screen, move |&(lines, columns)| {
            // It has no size before it is drawn.
            if lines > 0 {
                driver.change(|board| board.resize_console(lines, columns));
            }
        });
    }
    // On paper there is room for more.
    let printing = use_printing();
    let height = if printing {
        PRINTED_ROWS * ROW_HEIGHT
    } else {
        height
    };
    let board = props.driver.board();
    let console = board.console();
    let window = Window {
        rows: console.len(props.filter),
        row_height: ROW_HEIGHT,
        height,
    };
    let scroll_height = window.scroll_height();
    let at = if *follow || printing {
        scroll_height
    } else {
        *scroll_top
    };
    let slice = window.slice(at);
    let rows = console.rows(props.filter, slice.first, slice.count);
    let first = rows.first().map_or(0, |row| row.number);
    let dropped = console.dropped();
    let place = (scroll_height, slice.top, *follow, height);
    {
        let (view, content) = (view.clone(), content.clone());
        use_effect_with(place, move |&(scroll_height, top, follow, _)| {
            if let (Some(view), Some(content)) = (view.cast::<Element>(), content.cast::<Element>())
            {
                set_style(&content, "height", &px(scroll_height));
                if let Some(rows) = content.first_element_child() {
                    set_style(&rows, "transform", &format!("translateY({})", px(top)));
                }
                if follow {
                    view.set_scroll_top(view.scroll_height());
                }
            }
        });
    }
    let waits = props.prompt.as_ref().is_some_and(|prompt| prompt.waits);
    use_effect_with(waits, |&waits| {
        if waits {
            focus_if_free(stdin_prompt::FIELD);
        }
    });
    let prompts = props.prompt.is_some();
    use_effect_with(prompts, |&prompts| {
        move || {
            // Where one was typing there is nothing any more.
            if prompts {
                focus_if_lost("call-button");
            }
        }
    });
    let wrap = use_kept("wrap");
    let behind = props.search.as_ref().is_some_and(|search| !search.done);
    {
        let driver = props.driver.clone();
        use_effect(move || {
            if behind {
                driver.go_on_searching();
            }
        });
    }
    let found = props.search.as_ref().and_then(|search| search.current);
    let current = found.or(props.error.map(|(number, _)| number));
    {
        let (view, follow, window) = (view.clone(), follow.clone(), window);
        let place = current.map(|number| console.place(props.filter, number));
        let half = screen.0 / 2;
        use_effect_with((found, props.error), move |_| {
            if let (Some(view), Some(place)) = (view.cast::<Element>(), place) {
                follow.set(false);
                #[expect(clippy::cast_possible_truncation, reason = "it is below 2³¹")]
                // In the middle of the view.
                view.set_scroll_top(window.scroll_top(place.saturating_sub(half)) as i32);
            }
        });
    }
    let key = {
        let driver = props.driver.clone();
        let searching = props.search.is_some();
        let (wraps, view_of_keys) = (wrap.0, view.clone());
        move |event: KeyboardEvent| {
            let control = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
            match event.key().as_str() {
                "f" if control => console_search::open(&driver, first),
                "/" if !control && is_console(&event) => {
                    console_search::open(&driver, first);
                }
                "PageDown" | "PageUp" if wraps && is_console(&event) => {
                    turn_page(&view_of_keys, event.key() == "PageDown");
                }
                "Escape" if searching => console_search::close(&driver),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let scroll = {
        let (scroll_top, follow) = (scroll_top.clone(), follow.clone());
        move |event: Event| {
            let Some(view) = event.target_dyn_into::<Element>() else {
                return;
            };
            let top = f64::from(view.scroll_top());
            let end = f64::from(view.scroll_height() - view.client_height());
            let at_end = top >= end - ROW_HEIGHT;
            follow.set(at_end);
            if !at_end {
                // At the end it does not matter, and what was just drawn would be drawn again.
                scroll_top.set(top);
            }
        }
    };
    let jump = {
        let follow = follow.clone();
        move |_| follow.set(true)
    };
    html! {
        <section class="console" aria-labelledby="console-title" onkeydown={key}>
            <div class="strip">
                <h2 id="console-title">{ "Console" }</h2>
                { tools(props, window.rows, first, wrap.clone()) }
            </div>
            if let Some(search) = &props.search {
                { console_search::search(&props.driver, search) }
            }
            if dropped > 0 {
                <p class="dropped">{ dropped_notice(dropped) }</p>
            }
            <div
                id="console"
                role="log"
                aria-label="Console"
                aria-busy={props.busy.to_string()}
                data-wrap={wrap.0.then_some("true")}
                tabindex="0"
                ref={view}
                onscroll={scroll}
            >
                <div class="content" ref={content}>{
                    stateful::<ConsoleRows>(ConsoleRowsProps {
                        driver: props.driver.clone(),
                        rows,
                        current,
                        pattern: props.search.as_ref().map(|search| search.pattern.clone()),
                    })
                }</div>
                if console.len(Filter::default()) == 0 {
                    <p class="hint">{ "What the plugin prints appears here." }</p>
                }
            </div>
            if let Some(prompt) = &props.prompt {
                { stdin_prompt::prompt(&props.driver, prompt) }
            }
            if !*follow {
                <button type="button" class="jump" onclick={jump}>{ "Follow the end" }</button>
            }
        </section>
    }
}

/// Scrolls by as many lines as are in view where they are wrapped: a line is as much to scroll as where it is not.
fn turn_page(view: &NodeRef, down: bool) {
    let Some(view) = view.cast::<Element>() else {
        return;
    };
    let Some(rows) = view.query_selector(".rows").ok().flatten() else {
        return;
    };
    let mut left = view.client_height();
    let mut lines = 0;
    let mut row = rows.first_element_child();
    while let Some(element) = row {
        left -= element.client_height();
        if left < 0 {
            break;
        }
        lines += 1;
        row = element.next_element_sibling();
    }
    #[expect(clippy::cast_possible_truncation, reason = "a row is 20 pixels high")]
    let by = (lines - 1).max(1) * ROW_HEIGHT as i32;
    view.set_scroll_top(view.scroll_top() + if down { by } else { -by });
}

/// Whether a key was pressed in the output itself.
fn is_console(event: &KeyboardEvent) -> bool {
    event
        .target_dyn_into::<Element>()
        .is_some_and(|element| element.id() == "console")
}

/// The controls on the right of the title.
fn tools(props: &ConsoleProps, rows: u64, first: u64, wrap: (bool, Callback<MouseEvent>)) -> Html {
    let find = {
        let driver = props.driver.clone();
        move |_| console_search::open(&driver, first)
    };
    let save = {
        let (driver, filter) = (props.driver.clone(), props.filter);
        move |_| download("console.txt", &driver.board().console().output(filter))
    };
    let copied = {
        let (driver, filter) = (props.driver.clone(), props.filter);
        move |_| {
            let text = selected_within("console");
            copy(&text.unwrap_or_else(|| driver.board().console().text(filter)));
        }
    };
    let next_error = {
        let driver = props.driver.clone();
        move |_| driver.change(|board| board.next_error())
    };
    let clear = {
        let driver = props.driver.clone();
        move |_| driver.change(|board| board.clear_console())
    };
    html! {
        <>
            <span class="count">{ format::count(rows, "line") }</span>
            <div class="tools" role="group" aria-label="Shown in the console">
                { for Source::OUTPUT.into_iter().map(|source| {
                    let driver = props.driver.clone();
                    let toggle = move |_| driver.change(|board| board.toggle(source));
                    html! {
                        <button
                            type="button"
                            class="toggle"
                            data-source={source.name()}
                            aria-pressed={props.filter.shows(source).to_string()}
                            onclick={toggle}
                        >
                            { source.name() }
                        </button>
                    }
                }) }
            </div>
            <button
                type="button"
                id="console-search"
                class="quiet"
                title="Search the console (/)"
                aria-expanded={props.search.is_some().to_string()}
                onclick={find}
            >
                { "Search" }
            </button>
            <button
                type="button"
                class="quiet"
                title="Go to the next lines of stderr, or of what went wrong"
                onclick={next_error}
            >
                { "Next error" }
            </button>
            <button
                type="button"
                id="console-wrap"
                class="quiet"
                title="Wrap lines that are longer than the console is wide"
                aria-pressed={wrap.0.to_string()}
                onclick={wrap.1}
            >
                { "Wrap" }
            </button>
            <button
                type="button"
                id="console-copy"
                class="quiet"
                title="Copy what is selected in the console; if nothing is, all that is shown"
                onclick={copied}
            >
                { "Copy" }
            </button>
            <button
                type="button"
                id="console-download"
                class="quiet"
                title="Save what is shown of the plugin's output, byte for byte"
                onclick={save}
            >
                { "Download" }
            </button>
            <button type="button" class="quiet" onclick={clear}>{ "Clear" }</button>
            { maximiser(&props.driver, props.arrangement, Pane::Console, "the console") }
        </>
    }
}

fn dropped_notice(dropped: u64) -> String {
    format!(
        "{} dropped: the console keeps the last {} lines and {}.",
        format::count(dropped, "earlier line"),
        format::grouped(MAX_LINES),
        format::bytes(MAX_BYTES)
    )
}
