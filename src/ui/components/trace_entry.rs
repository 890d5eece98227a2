//! A host call: its row, and all that is known of it.

use super::addresses::{address, linked};
use super::bytes::dump;
use crate::protocol::{CallId, TraceEntry, TraceRow};
use crate::ui::hooks::Driver;
use crate::ui::state::trace::{Calls, TraceView, bar, duration, since, time};
use crate::ui::state::{Shared, format};
use yew::prelude::*;

/// The row at a place; one that has not been told yet is blank to the eye.
pub(super) fn row(
    driver: &Driver,
    trace: &Shared<TraceView>,
    place: u64,
    span: (u64, u64),
) -> Html {
    let id = format!("trace-{place}");
    let Some(row) = trace.row(place) else {
        return html! {
            <div
                key={place}
                class="entry"
                {id}
                role="treeitem"
                aria-level="2"
                aria-busy="true"
                aria-label="Not read yet"
            />
        };
    };
    let (entry, group) = (&row.entry, row.group.as_ref());
    let selected = trace.chosen.as_ref().is_some_and(|(at, _)| *at == place);
    let is_group = group.is_some();
    let driver = driver.clone();
    let choose = move |_| {
        driver.act(|board| {
            if selected && !is_group {
                board.choose_no_row();
                return Vec::new();
            }
            let mut effects = board.choose_row(place);
            effects.extend(board.open_row(place));
            effects
        });
    };
    let took = group.map_or(entry.duration, |group| group.total);
    html! {
        <div
            key={place}
            {id}
            class="entry"
            role="treeitem"
            aria-level={row.level.to_string()}
            aria-expanded={group.map(|group| group.is_open.to_string())}
            aria-selected={selected.to_string()}
            data-failed={(entry.failed && row.level > 1).then_some("true")}
            onclick={choose}
        >
            <span class="time">{ time(since(row)) }</span>
            <span class="said">{ said(trace, row) }</span>
            <span class="duration">
                { if took == 0 { String::new() } else { duration(took) } }
            </span>
            { line(bar(row, span)) }
        </div>
    }
}

/// What a row says: `greet call 3: 57 host calls`, `fd_write × 512, last (1, …) = ESUCCESS`, or all of one.
fn said(trace: &TraceView, row: &TraceRow) -> Html {
    let entry = &row.entry;
    let name = if row.level == 1 {
        &entry.export
    } else {
        &entry.name
    };
    let stands_for = match &row.group {
        None => String::new(),
        Some(group) if row.level == 1 => {
            let count = format::count(group.count, "host call");
            let text = format!(" call {}: {count}", entry.call);
            return html! {
                <span class="asked">
                    <b>{ name }</b>
                    { text }
                    <i>{ of_before(trace, entry) }</i>
                </span>
            };
        }
        Some(group) => format!(" × {}, last ", format::grouped(group.count)),
    };
    html! {
        <>
            <span class="asked">
                <b>{ name }</b>
                { stands_for }{ "(" }{ &entry.arguments }{ ")" }
            </span>
            <span class="answered">{ answer(entry) }</span>
        </>
    }
}

/// ` (greet.wasm, 2 loads ago)`, for a call that is of a module from before.
fn of_before(trace: &TraceView, entry: &TraceEntry) -> String {
    let before = trace.before(entry.call);
    before.map_or_else(String::new, |before| format!(" ({before})"))
}

/// When a call was made and how long it took, among those in view.
fn line((start, width): (u64, u64)) -> Html {
    html! {
        <svg class="when" viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true">
            <rect x={start.to_string()} width={width.to_string()} height="1" />
        </svg>
    }
}

/// What stands above the columns.
pub(super) fn head(span: (u64, u64)) -> Html {
    let whole = duration(span.1.saturating_sub(span.0));
    html! {
        <div class="entry head" aria-hidden="true">
            <span class="time">{ "at (s)" }</span>
            <span class="said">{ "call = result" }</span>
            <span class="duration">{ "took" }</span>
            <span class="when">{ format!("{whole} in view") }</span>
        </div>
    }
}

fn answer(entry: &TraceEntry) -> Html {
    if entry.result.is_empty() {
        return html! { <i>{ " waits…" }</i> };
    }
    html! { <>{ " = " }<span class="result">{ &entry.result }</span></> }
}

/// All that is known of a call.
pub(super) fn details(driver: &Driver, trace: &TraceView, entry: &TraceEntry) -> Html {
    let (only, close) = (driver.clone(), driver.clone());
    let call = CallId(entry.call);
    let fact = |name: &'static str, value: String| {
        html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
    };
    html! {
        <section class="details" aria-label="Host call">
            <header>
                <b>{ format!("#{} {}", format::grouped(entry.number), entry.name) }</b>
                <button
                    type="button"
                    class="quiet"
                    onclick={move |_| close.change(|board| board.choose_no_row())}
                >
                    { "Close" }
                </button>
            </header>
            <p class="call-text" data-failed={entry.failed.then_some("true")}>
                { &entry.name }{ "(" }{ linked(driver, &entry.arguments) }{ ")" }
                if entry.result.is_empty() {
                    { answer(entry) }
                } else {
                    { " = " }<span class="result">{ linked(driver, &entry.result) }</span>
                }
            </p>
            <dl>
                { fact("in", format!("{}, call {}{}", entry.export, entry.call, of_before(trace, entry))) }
                { fact("at", format!("{} s", time(entry.at))) }
                { fact("took", match entry.duration {
                    _ if entry.result.is_empty() => "it waits".to_owned(),
                    0 => "less than the clock can tell".to_owned(),
                    nanos => duration(nanos),
                }) }
                <div>
                    <dt>{ "after" }</dt>
                    <dd>
                        <button type="button" class="quiet" popovertarget="fuel" title="What fuel is">
                            { format!("{} fuel", format::grouped(entry.fuel)) }
                        </button>
                        { " of the call" }
                    </dd>
                </div>
            </dl>
            { for trace.bytes.iter().map(|(name, at, bytes)| html! {
                <figure>
                    <figcaption>{ name }{ " at " }{ address(driver, (*at).into()) }</figcaption>
                    { dump((*at).into(), bytes) }
                </figure>
            }) }
            <button
                type="button"
                onclick={move |_| only.act(|board| board.only_calls(Calls::Only(call)))}
            >
                { format!("Only call {}", entry.call) }
            </button>
        </section>
    }
}
