//! A host call: its row, and all that is known of it.

use super::addresses::{address, linked};
use super::bytes::dump;
use crate::protocol::{CallId, TraceEntry};
use crate::ui::hooks::Driver;
use crate::ui::state::trace::{Calls, TraceView, bar, duration, time};
use crate::ui::state::{Shared, format};
use yew::prelude::*;

/// The call at a place among those that pass; one that has not been told yet is a blank row.
pub(super) fn row(
    driver: &Driver,
    trace: &Shared<TraceView>,
    place: u64,
    span: (u64, u64),
) -> Html {
    let id = format!("trace-{place}");
    let Some(entry) = trace.entry(place) else {
        return html! { <div key={place} class="entry" {id} role="option" aria-selected="false" /> };
    };
    let chosen = trace.chosen.as_ref();
    let selected = chosen.is_some_and(|(_, it)| it.number == entry.number);
    let driver = driver.clone();
    let choose = move |_| {
        driver.act(|board| {
            if selected {
                board.choose_no_entry();
                Vec::new()
            } else {
                board.choose_entry(place)
            }
        });
    };
    html! {
        <div
            key={place}
            {id}
            class="entry"
            role="option"
            aria-selected={selected.to_string()}
            data-failed={entry.failed.then_some("true")}
            onclick={choose}
        >
            <span class="time">{ time(entry.at) }</span>
            <span class="said">
                <b>{ &entry.name }</b>
                { "(" }{ &entry.arguments }{ ")" }
                { answer(entry) }
            </span>
            <span class="duration">
                { if entry.duration == 0 { String::new() } else { duration(entry.duration) } }
            </span>
            { line(bar(entry, span)) }
        </div>
    }
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
pub(super) fn details(
    driver: &Driver,
    entry: &TraceEntry,
    bytes: &[(String, u32, Vec<u8>)],
) -> Html {
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
                    onclick={move |_| close.change(|board| board.choose_no_entry())}
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
                { fact("in", format!("{}, call {}", entry.export, entry.call)) }
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
            { for bytes.iter().map(|(name, at, bytes)| html! {
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
