//! An outline: lines that can be unfolded, each with a bar where it is a part of a whole.

use super::addresses::address;
use crate::protocol::Item;
use crate::ui::hooks::Driver;
use crate::ui::state::format;
use crate::ui::state::inspected::Inspected;
use yew::prelude::*;

/// The lines of an outline whose first one has this number among all.
pub(super) fn outline(
    driver: &Driver,
    inspected: &Inspected,
    items: &[Item],
    first: usize,
) -> Html {
    let places = (first..).map(|place| place.to_string());
    let whole = |item: &Item| item.size;
    let lines = items.iter().zip(places);
    lines
        .map(|(item, place)| {
            html! {
                <section class="outline" key={&*place}>
                    { line(driver, inspected, item, &place, whole(item)) }
                </section>
            }
        })
        .collect()
}

fn line(
    driver: &Driver,
    inspected: &Inspected,
    item: &Item,
    place: &str,
    whole: Option<u64>,
) -> Html {
    if item.items.is_empty() {
        return html! { <p class="line">{ said(driver, item, whole) }</p> };
    }
    let shows = inspected.shows(place);
    let turn = {
        let (driver, place) = (driver.clone(), place.to_owned());
        move |event: MouseEvent| {
            event.prevent_default();
            driver.change(|board| board.turn(&place));
        }
    };
    let below = |(index, below): (usize, &Item)| {
        html! { <li>{ line(driver, inspected, below, &format!("{place}.{index}"), whole) }</li> }
    };
    html! {
        <details open={shows}>
            <summary class="line" onclick={turn}>{ said(driver, item, whole) }</summary>
            if shows {
                <ul>{ for item.items.iter().enumerate().map(below) }</ul>
            }
        </details>
    }
}

fn said(driver: &Driver, item: &Item, whole: Option<u64>) -> Html {
    html! {
        <>
            <span class="text">
                if let Some(function) = item.function {
                    { to_text(driver, &item.text, function) }
                } else {
                    { &item.text }
                }
            </span>
            if let Some(at) = item.address {
                { address(driver, at) }
            }
            if !item.note.is_empty() {
                <span class="note">{ &item.note }</span>
            }
            if let (Some(size), Some(whole)) = (item.size, whole) {
                <span class="size">
                    { format::bytes(size) }
                    <span class="share">{ format::share(size, whole) }</span>
                </span>
                <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={(size.saturating_mul(100) / whole.max(1)).max(1).to_string()} height="1" />
                </svg>
            }
        </>
    }
}

/// What leads to the text of a function.
fn to_text(driver: &Driver, name: &str, function: u32) -> Html {
    let driver = driver.clone();
    html! {
        <button
            type="button"
            class="address"
            title="Show its text"
            onclick={move |_| driver.act(|board| board.show_text(function, None))}
        >
            { name.to_owned() }
        </button>
    }
}
