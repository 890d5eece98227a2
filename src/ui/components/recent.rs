//! The plugins that were on the board before, to be put there again.

use crate::ui::hooks::Driver;
use crate::ui::state::format;
use crate::ui::state::recent::Recent;
use yew::prelude::*;

/// Digits of a hash that tell one build from another.
const DIGITS: usize = 8;

/// The items of a menu, one for each.
pub(super) fn recent_items(driver: &Driver, recent: &[Recent]) -> Html {
    html! { { for recent.iter().map(|one| html! { <li>{ open(driver, one) }</li> }) } }
}

/// What is kept of them, and how to keep less.
pub(super) fn recent_list(driver: &Driver, recent: &[Recent], unkept: Option<&str>) -> Html {
    let all = {
        let driver = driver.clone();
        let ids: Vec<String> = recent.iter().map(|one| one.id.clone()).collect();
        move |_| driver.forget_recent(ids.clone())
    };
    let kept = recent.iter().map(|one| one.kept).sum();
    html! {
        <>
            if let Some(reason) = unkept {
                <p class="unkept" role="status">
                    { format!("What you do here is gone when the page is: this browser keeps nothing of it ({reason}).") }
                </p>
            }
            if !recent.is_empty() {
                <section class="recent" aria-labelledby="recent-title">
                    <h3 id="recent-title">{ "Recent" }</h3>
                    <ul>{ for recent.iter().map(|one| row(driver, one)) }</ul>
                    <p>
                        { format!("{} kept in this browser, and nowhere else.", format::bytes(kept)) }
                    </p>
                    <details class="fold">
                        <summary id="delete-kept">{ "Delete all…" }</summary>
                        <button type="button" onclick={all}>{ "Delete all that is kept" }</button>
                    </details>
                </section>
            }
        </>
    }
}

fn row(driver: &Driver, one: &Recent) -> Html {
    let forget = {
        let (driver, id) = (driver.clone(), one.id.clone());
        move |_| driver.forget_recent(vec![id.clone()])
    };
    html! {
        <li>
            { open(driver, one) }
            <button
                type="button"
                class="quiet"
                aria-label={format!("Delete what is kept of {}", one.about.name)}
                onclick={forget}
            >
                { "Delete" }
            </button>
        </li>
    }
}

fn open(driver: &Driver, one: &Recent) -> Html {
    let (driver, id) = (driver.clone(), one.id.clone());
    let about = &one.about;
    let hash = about.hash.as_deref().and_then(|hash| hash.get(..DIGITS));
    html! {
        <button type="button" class="quiet" onclick={move |_| driver.open_recent(id.clone())}>
            <code>{ &about.name }</code>
            <small>
                if about.size == 0 { { "Go source" } } else { { format::bytes(about.size) } }
                { ", " }
                { used(one.when) }
                if let Some(hash) = hash {
                    { ", " }
                    <code title={about.hash.clone()}>{ hash }</code>
                }
            </small>
        </button>
    }
}

/// When that was, as people here write it.
#[expect(clippy::cast_precision_loss, reason = "a date is far below 2⁵³")]
fn used(when: u64) -> String {
    let date = js_sys::Date::new(&(when as f64).into());
    date.to_locale_string("default", &js_sys::Object::new())
        .into()
}
