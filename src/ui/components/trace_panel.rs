//! The host calls: what was asked of the host, with what, and what it answered.

use super::trace_entry::{details, head, row};
use super::uncovered::uncovered;
use crate::protocol::{CallId, TraceForm};
use crate::ui::hooks::{Driver, use_list};
use crate::ui::state::trace::{Calls, TraceView};
use crate::ui::state::{Shared, format};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The height of a row in CSS pixels; `--trace-row` in `trace.css` says the same.
const ROW_HEIGHT: f64 = 22.0;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct TracePanelProps {
    pub(super) driver: Driver,
    pub(super) trace: Shared<TraceView>,
    /// Whether guests find `/` open.
    pub(super) opens_root: bool,
}

#[component]
pub(super) fn TracePanel(props: &TracePanelProps) -> Html {
    let TracePanelProps { driver, trace, .. } = props;
    {
        let driver = driver.clone();
        use_effect_with((), move |()| {
            driver.act(|board| board.open_trace());
            move || driver.change(|board| board.close_trace())
        });
    }
    let list = use_list(trace.rows, ROW_HEIGHT, true);
    let seen = (list.slice.first, list.slice.count as u64);
    {
        let driver = driver.clone();
        use_effect_with((seen, trace.clone()), move |&((first, count), _)| {
            driver.act(|board| board.see_trace(first, count));
        });
    }
    let chosen = trace.chosen.as_ref();
    let press = {
        let (driver, list) = (driver.clone(), list.clone());
        let first = list.slice.first;
        Callback::from(move |event: KeyboardEvent| {
            // As it is now: several keys may come before it is drawn again.
            let trace = driver.board().trace().clone();
            let chosen = trace.chosen.as_ref();
            let (at, last) = (
                chosen.map(|(place, _)| *place),
                trace.rows.saturating_sub(1),
            );
            // Whether what is chosen is open, if it can be, and how far above it that is which it lies under.
            let (is_open, above) = chosen.map_or((None, 0), |(_, row)| {
                (row.group.as_ref().map(|group| group.is_open), row.above)
            });
            let to = match (event.key().as_str(), at) {
                ("ArrowDown" | "ArrowUp", None) => first,
                ("ArrowDown", Some(at)) => at + 1,
                ("ArrowUp", Some(at)) => at.saturating_sub(1),
                ("PageDown", at) => at.unwrap_or(first) + list.page(),
                ("PageUp", at) => at.unwrap_or(first).saturating_sub(list.page()),
                ("Home", _) => 0,
                ("End", _) => last,
                ("Escape", Some(_)) => return driver.change(|board| board.choose_no_row()),
                ("ArrowRight", Some(at)) if is_open == Some(true) => at + 1,
                ("ArrowLeft", Some(at)) if is_open != Some(true) => at.saturating_sub(above),
                ("ArrowRight" | "ArrowLeft" | "Enter" | " ", Some(at)) => {
                    event.prevent_default();
                    list.stay();
                    return driver.act(|board| board.open_row(at));
                }
                _ => return,
            };
            event.prevent_default();
            let to = to.min(last);
            list.show(to);
            driver.act(|board| board.choose_row(to));
        })
    };
    let drawn = trace.drawn_from(seen.0, seen.1, list.follows());
    let rows = (drawn..drawn.saturating_add(seen.1)).take_while(|place| *place < trace.rows);
    let span = trace.span(drawn, seen.1);
    let active = chosen.map(|(place, _)| format!("trace-{place}"));
    let follow = {
        let list = list.clone();
        move |_| list.follow()
    };
    // What is opened is not to be scrolled away by what is in it.
    let stay = {
        let list = list.clone();
        move |_| list.stay()
    };
    html! {
        <div class="trace">
            { tools(driver, trace) }
            <>
                { for trace.uncovered().filter(|_| !props.opens_root).map(|path| uncovered(driver, format!(
                    "Nothing is open that covers {path}, which Go calls “Bad file number”."
                ))) }
            </>
            <div class="shown">
                <div class="calls">
                    if trace.passing > 0 { { head(span) } }
                    <div
                        id="trace"
                        class="list"
                        role={if trace.passing > 0 { "tree" } else { "region" }}
                        aria-label="Host calls"
                        aria-activedescendant={active}
                        tabindex="0"
                        ref={list.view.clone()}
                        onscroll={list.onscroll.clone()}
                        onkeydown={press}
                        onclick={stay}
                    >
                        <div class="content" ref={list.content.clone()}>
                            <div class="rows">
                                { for rows.map(|place| row(driver, trace, place, span)) }
                            </div>
                        </div>
                        if trace.passing == 0 {
                            <p class="hint">{ nothing(trace) }</p>
                        }
                    </div>
                    if !list.follows() && trace.passing > 0 {
                        <button type="button" class="jump" onclick={follow}>
                            { "Follow the end" }
                        </button>
                    }
                </div>
                if let Some((_, row)) = chosen.filter(|(_, row)| row.group.is_none()) {
                    { details(driver, trace, &row.entry) }
                }
            </div>
        </div>
    }
}

/// Why there is nothing in the list.
fn nothing(trace: &TraceView) -> &'static str {
    match trace {
        _ if trace.filtering => "Filtering…",
        _ if trace.recorded > 0 && trace.is_filtered() => "No host call passes the filter.",
        _ if !trace.recording => "Host calls are not recorded: turn Record on.",
        _ => "What the plugin asks of its host appears here: each call of WASI, or of an import.",
    }
}

/// The filter on the left, and what can be done with the list.
fn tools(driver: &Driver, trace: &TraceView) -> Html {
    let typed = {
        let driver = driver.clone();
        move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                driver.act(|board| board.filter_trace(input.value()));
            }
        }
    };
    let choose = {
        let driver = driver.clone();
        move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            match select.map(|select| select.selected_index()) {
                Some(0) => driver.act(|board| board.only_calls(Calls::All)),
                Some(1) => driver.act(|board| board.only_calls(Calls::Latest)),
                _ => {}
            }
        }
    };
    let (failed, record, clear) = (driver.clone(), driver.clone(), driver.clone());
    let export = |form, label: &'static str, title: &'static str| {
        let driver = driver.clone();
        html! {
            <button
                type="button"
                class="quiet"
                {title}
                disabled={trace.exporting || trace.passing == 0}
                onclick={move |_| driver.act(|board| board.export_trace(form))}
            >
                { label }
            </button>
        }
    };
    html! {
        <div class="tools">
            <input
                id="trace-filter"
                type="search"
                aria-label="Filter host calls"
                placeholder="Filter: fd_write, motd, ENOENT"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                value={trace.text.clone()}
                oninput={typed}
            />
            <select aria-label="Of which calls" onchange={choose}>
                <option selected={trace.calls == Calls::All}>{ "All calls" }</option>
                <option selected={trace.calls == Calls::Latest}>{ "The latest call" }</option>
                if let Calls::Only(CallId(call)) = trace.calls {
                    <option selected=true>{ format!("Call {call}") }</option>
                }
            </select>
            { switch("trace-failed", "Failures only", trace.failed, move |on| {
                failed.act(|board| board.only_failed(on));
            }) }
            { switch("trace-record", "Record", trace.recording, move |on| {
                record.act(|board| board.record_trace(on));
            }) }
            <span class="count" role="status">{ count(trace) }</span>
            <span class="ends">
                { export(TraceForm::JsonLines, "JSON lines", "Save those that pass, a JSON object a line") }
                { export(TraceForm::Text, "Text", "Save those that pass, as strace writes them") }
                <button
                    type="button"
                    class="quiet"
                    onclick={move |_| clear.act(|board| board.clear_trace())}
                >
                    { "Clear" }
                </button>
            </span>
        </div>
    }
}

/// A box that is ticked, or not.
pub(super) fn switch(
    id: &'static str,
    label: &'static str,
    on: bool,
    change: impl Fn(bool) + 'static,
) -> Html {
    let changed = move |event: Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            change(input.checked());
        }
    };
    html! {
        <label class="switch">
            <input type="checkbox" {id} checked={on} onchange={changed} />
            { label }
        </label>
    }
}

/// `1,234 of 5,678 host calls`
fn count(trace: &TraceView) -> String {
    let held = trace.recorded.saturating_sub(trace.dropped);
    let mut text = if trace.is_filtered() {
        let of = format::count(held, "host call");
        format!("{} of {of}", format::grouped(trace.passing))
    } else {
        format::count(held, "host call")
    };
    if trace.dropped > 0 {
        text.push_str(&format!(
            "; {} older ones dropped",
            format::grouped(trace.dropped)
        ));
    }
    if trace.filtering {
        text.push_str("; filtering…");
    }
    if trace.exporting {
        text.push_str("; saving…");
    }
    text
}
