//! A profile as a flame graph: what was called below what has called it, as wide as it has used.

use super::profile::{ProfilePanelProps, act, amount, place};
use crate::protocol::FlameBox;
use crate::ui::hooks::{Driver, typed, use_list, use_size};
use crate::ui::state::format;
use crate::ui::state::profile::ProfileView;
use web_sys::Element;
use yew::prelude::*;

/// The height of a row in CSS pixels; `--profile-row` in `profile.css` says the same.
const ROW_HEIGHT: f64 = 22.0;

/// In a box that is narrower there is no room for a name, in CSS pixels.
const NAMED: u64 = 24;

#[component]
pub(super) fn FlameGraph(props: &ProfilePanelProps) -> Html {
    let ProfilePanelProps {
        driver, profile, ..
    } = props;
    let boxes = &profile.flame.boxes;
    let rows = boxes.last().map_or(0, |last| last.depth + 1);
    let list = use_list(rows.into(), ROW_HEIGHT, false);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the width of a page"
    )]
    let width = use_size(&list.view).0 as u32;
    {
        let driver = driver.clone();
        use_effect_with(width, move |width| act(&driver, |view| view.resize(*width)));
    }
    {
        let (list, row) = (list.clone(), profile.at().map_or(0, |(at, _)| at.depth));
        use_effect_with((profile.cursor, row), move |_| list.show(row.into()));
    }
    let press = {
        let driver = driver.clone();
        move |event: KeyboardEvent| {
            let key = event.key();
            let mut known = false;
            act(&driver, |view| {
                let effects = view.press(&key);
                known = effects.is_some();
                effects.unwrap_or_default()
            });
            if known {
                event.prevent_default();
                event.stop_propagation();
            }
        }
    };
    let choose = {
        let driver = driver.clone();
        move |event: MouseEvent| {
            let target = event.target_dyn_into::<Element>();
            let hit = target.and_then(|target| target.closest("[data-box]").ok().flatten());
            let at = hit.and_then(|hit| hit.get_attribute("data-box"));
            if let Some(at) = at.and_then(|at| at.parse().ok()) {
                act(&driver, |view| view.zoom(at));
            }
        }
    };
    let first = u32::try_from(list.slice.first).unwrap_or(u32::MAX);
    let last = first.saturating_add(u32::try_from(list.slice.count).unwrap_or(0));
    let row = |depth: u32| {
        let begin = boxes.partition_point(|it| it.depth < depth);
        let end = boxes.partition_point(|it| it.depth <= depth);
        html! {
            <svg key={depth} class="level" role="none">
                { for (begin..end).filter_map(|at| Some(draw(profile, at, boxes.get(at)?, width))) }
            </svg>
        }
    };
    html! {
        <>
            { searching(driver, profile) }
            <div
                id="flame"
                class="list flame"
                role="tree"
                aria-label="Flame graph"
                aria-describedby="flame-hint"
                aria-activedescendant={format!("flame-{}", profile.cursor)}
                tabindex="0"
                ref={list.view.clone()}
                onscroll={list.onscroll.clone()}
                onkeydown={press}
                onclick={choose}
            >
                <div class="content" ref={list.content.clone()}>
                    <div class="rows">{ for (first..last.min(rows)).map(row) }</div>
                </div>
            </div>
            { at_cursor(driver, profile) }
        </>
    }
}

/// What is looked for among the boxes.
fn searching(driver: &Driver, profile: &ProfileView) -> Html {
    let seek = {
        let driver = driver.clone();
        move |event: InputEvent| {
            let text = typed(&event);
            driver.change(|board| board.profile_mut().seek(&text));
        }
    };
    let next = {
        let driver = driver.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                driver.change(|board| board.profile_mut().next_found());
            }
        }
    };
    let out = {
        let driver = driver.clone();
        move |_| act(&driver, ProfileView::zoom_out)
    };
    let found = match profile.sought.trim() {
        "" => String::new(),
        _ => format!("{} marked", format::count(profile.marked() as u64, "frame")),
    };
    html! {
        <div class="tools seeking">
            <input
                type="search"
                aria-label="Find functions"
                placeholder="Find functions; Enter: the next"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                value={profile.sought.clone()}
                oninput={seek}
                onkeydown={next}
            />
            <span role="status">{ found }</span>
            <button type="button" class="quiet" disabled={!profile.is_zoomed()} onclick={out}>
                { "Zoom out" }
            </button>
            <span id="flame-hint" class="hint">
                { "Enter or a click zooms in, Escape out. The table says the same." }
            </span>
        </div>
    }
}

/// Parts of the width, in millionths, as an attribute has it.
fn part(of: u32) -> String {
    format!("{}.{:04}%", of / 10_000, of % 10_000)
}

fn draw(profile: &ProfileView, at: usize, of: &FlameBox, width: u32) -> Html {
    let function = profile.flame.functions.get(of.function as usize);
    let name = match of.merged {
        0 => function
            .map(|frame| frame.function.as_str())
            .unwrap_or_default()
            .to_owned(),
        count => format!(
            "{} too narrow to show",
            format::count(count.into(), "function")
        ),
    };
    let kind = match function {
        _ if of.node == 0 => "all",
        Some(frame) if frame.index < profile.imports() => "host",
        Some(frame) if frame.runtime => "runtime",
        _ => "own",
    };
    let [own, all] = of.amount;
    let measure = profile.measure();
    let said = format!(
        "{name}: {}, {}; itself {}",
        amount(all, measure),
        format::share(all, profile.whole()),
        format::share(own, profile.whole())
    );
    let pixels = u64::from(of.width) * u64::from(width) / 1_000_000;
    html! {
        <svg
            key={at}
            id={format!("flame-{at}")}
            role="treeitem"
            aria-level={(of.depth + 1).to_string()}
            aria-label={said.clone()}
            aria-selected={(profile.cursor == at).to_string()}
            data-box={at.to_string()}
            data-kind={kind}
            data-found={profile.is_found(of).then_some("true")}
            data-shade={(of.function % 3).to_string()}
            x={part(of.from)}
            width={part(of.width)}
            height="21"
        >
            <title>{ said }</title>
            <rect width="100%" height="100%" />
            if pixels >= NAMED {
                <text x="4" y="15">{ name }</text>
            }
        </svg>
    }
}

/// What the keys are at, and the way to its source.
fn at_cursor(driver: &Driver, profile: &ProfileView) -> Html {
    let Some((at, frame)) = profile.at() else {
        return Html::default();
    };
    let [own, all] = at.amount;
    let (measure, whole) = (profile.measure(), profile.whole());
    let leads = (at.node > 0 && frame.index != u32::MAX).then(|| {
        let (driver, frame) = (driver.clone(), frame.clone());
        html! {
            <button type="button" class="quiet" onclick={move |_| driver.act(|board| board.lead_to(&frame))}>
                { "Show it" }
            </button>
        }
    });
    html! {
        <p class="at">
            <code>{ if at.merged > 0 { "…" } else { &frame.function } }</code>
            { " " }{ place(frame) }
            <span>
                { format!("{} ({})", amount(all, measure), format::share(all, whole)) }
                { format!(", itself {} ({})", amount(own, measure), format::share(own, whole)) }
            </span>
            { leads }
        </p>
    }
}
