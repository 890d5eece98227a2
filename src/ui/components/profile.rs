//! Where calls have used their fuel, and how long their host calls took: a flame graph, and the same as a table.

use super::memo::stateful;
use super::trace_panel::switch;
use crate::protocol::{FlameBox, Frame, Measure, ProfileFile, ProfileRow, ProfileTotal, TableView};
use crate::ui::hooks::{Driver, List, typed, use_list, use_size};
use crate::ui::state::profile::ProfileView;
use crate::ui::state::{Board, Effect, Shared, format};
use web_sys::{Element, HtmlSelectElement};
use yew::prelude::*;

/// The height of a row in CSS pixels, and of one of the table on a narrow page; `profile.css` says the same.
const ROW_HEIGHT: f64 = 22.0;
const NARROW_ROW_HEIGHT: f64 = 44.0;

/// A table as narrow as this has two lines a row, in CSS pixels.
const NARROW: f64 = 640.0;

/// In a box that is narrower there is no room for a name, in CSS pixels.
const NAMED: u64 = 24;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ProfilePanelProps {
    pub(super) driver: Driver,
    pub(super) profile: Shared<ProfileView>,
    /// Whether a call goes on.
    pub(super) runs: bool,
    /// Whether calls are debugged.
    pub(super) debugs: bool,
}

impl ProfilePanelProps {
    pub(super) fn of(driver: &Driver, board: &Board) -> Self {
        Self {
            driver: driver.clone(),
            profile: board.profile().clone(),
            runs: board.run().is_some(),
            debugs: board.debugs(),
        }
    }
}

pub(super) fn profile_panel(props: &ProfilePanelProps) -> Html {
    let profile = &props.profile;
    let total = profile.total.as_ref().filter(|_| !profile.is_empty());
    html! {
        <div class="profile">
            { tools(props) }
            if let Some(total) = total {
                if let Some(problem) = &total.problem {
                    <p class="hint">{ problem }</p>
                }
                if profile.whole() == 0 {
                    <p class="hint">{ "None of these calls has made a host call." }</p>
                } else if profile.is_table {
                    { stateful::<Table>(props.clone()) }
                } else {
                    { stateful::<FlameGraph>(props.clone()) }
                }
            } else {
                <p class="hint">{ if profile.on {
                    "Make a call: where it uses its fuel is shown when it ends, or with Show now."
                } else {
                    "Turn Profile on, beside Call, and make calls: which functions use how much fuel, and how long \
                     host calls take."
                } }</p>
            }
        </div>
    }
}

fn act(driver: &Driver, action: impl FnOnce(&mut ProfileView) -> Vec<Effect>) {
    driver.act(|board| action(board.profile_mut()));
}

fn tools(props: &ProfilePanelProps) -> Html {
    let ProfilePanelProps {
        driver,
        profile,
        runs,
        ..
    } = props;
    let empty = profile.is_empty();
    let chosen = |change: fn(&mut ProfileView, bool) -> Vec<Effect>| {
        let driver = driver.clone();
        move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                act(&driver, |view| change(view, select.selected_index() > 0));
            }
        }
    };
    let press = |action: fn(&mut Board) -> Vec<Effect>| {
        let driver = driver.clone();
        move |_: MouseEvent| driver.act(action)
    };
    let option = |text: &'static str, selected: bool| {
        html! { <option {selected}>{ text }</option> }
    };
    let save = |form, label: &'static str, title: &'static str| {
        let driver = driver.clone();
        html! {
            <button
                type="button"
                class="quiet"
                {title}
                disabled={empty}
                onclick={move |_| driver.act(|board| board.save_profile(form))}
            >
                { label }
            </button>
        }
    };
    let is_time = profile.measure() == Measure::HostTime;
    html! {
        <div class="tools">
            <select aria-label="Of which calls" onchange={chosen(|view, each| {
                view.each = each;
                Vec::new()
            })}>
                { option("All calls", !profile.each) }
                { option("The last call", profile.each) }
            </select>
            <select aria-label="As what" disabled={empty} onchange={chosen(ProfileView::show)}>
                { option("Flame graph", !profile.is_table) }
                { option("Table", profile.is_table) }
            </select>
            <select aria-label="What is measured" disabled={empty} onchange={chosen(|view, time| {
                view.measure_by(if time { Measure::HostTime } else { Measure::Fuel })
            })}>
                { option("Fuel", !is_time) }
                { option("Time of host calls", is_time) }
            </select>
            if *runs && profile.on {
                <button type="button" onclick={press(Board::look_at_profile)}>{ "Show now" }</button>
            }
            <span class="count" role="status">{ profile.total.as_ref().map(count) }</span>
            <span class="ends">
                { save(ProfileFile::Pprof, "pprof", "Save it for go tool pprof") }
                { save(ProfileFile::Folded, "Folded stacks", "Save it as folded stacks, the fuel of each") }
                <button type="button" class="quiet" disabled={empty} onclick={press(Board::clear_profile)}>
                    { "Clear" }
                </button>
            </span>
        </div>
    }
}

/// `1,234 samples; 5,678 fuel; 1.2 ms in host calls`
fn count(total: &ProfileTotal) -> String {
    let mut text = format!(
        "{}; {} fuel",
        format::count(total.count, "sample"),
        format::grouped(total.fuel)
    );
    if total.nanos > 0 {
        text.push_str(&format!("; {} in host calls", nanos(total.nanos)));
    }
    text
}

/// A time, in microseconds below a millisecond.
fn nanos(count: u64) -> String {
    match count {
        0..1_000_000 => format!("{} µs", format::decimal(count as f64 / 1e3, 1)),
        _ => format::micros(count / 1_000),
    }
}

fn amount(of: u64, measure: Measure) -> String {
    match measure {
        Measure::Fuel => format!("{} fuel", format::grouped(of)),
        Measure::HostTime => nanos(of),
    }
}

#[component]
fn FlameGraph(props: &ProfilePanelProps) -> Html {
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

/// `main.go:12`
fn place(frame: &Frame) -> Option<String> {
    let file = frame.file.as_deref().filter(|_| frame.line > 0)?;
    let name = file.rsplit('/').next().unwrap_or(file);
    Some(format!("{name}:{}", frame.line))
}

#[component]
fn Table(props: &ProfilePanelProps) -> Html {
    let ProfilePanelProps {
        driver, profile, ..
    } = props;
    let rows = &profile.table.rows;
    let view = use_node_ref();
    let narrow = use_size(&view).0 < NARROW;
    let height = if narrow {
        NARROW_ROW_HEIGHT
    } else {
        ROW_HEIGHT
    };
    let list = use_list(rows.len() as u64, height, false);
    let lines = {
        let (driver, view) = (driver.clone(), profile.table_view);
        move |lines| act(&driver, |it| it.arrange(TableView { lines, ..view }))
    };
    let hint = match (profile.table.more, profile.table_view.lines && !props.debugs) {
        (0, false) => None,
        (0, true) => Some(
            "Lines are known where a function has called another one; while calls are debugged, all are.".to_owned(),
        ),
        (more, _) => Some(format!("{} more are left out.", format::count(more.into(), "row"))),
    };
    html! {
        <>
        <div class="tools seeking">
            { switch("profile-lines", "Lines of functions", profile.table_view.lines, lines) }
            if let Some(hint) = hint {
                <span class="hint">{ hint }</span>
            }
        </div>
        <div
            class="table"
            role="table"
            aria-label="Profile"
            aria-rowcount={(rows.len() + 1).to_string()}
            data-narrow={narrow.then_some("true")}
            ref={view}
        >
            <div role="rowgroup">{ heads(driver, profile, narrow) }</div>
            <div
                id="profile-rows"
                class="list"
                role="rowgroup"
                tabindex="0"
                aria-label="Functions"
                ref={list.view.clone()}
                onscroll={list.onscroll.clone()}
            >
                <div class="content" role="presentation" ref={list.content.clone()}>
                    <div class="rows" role="presentation">{ in_view(driver, profile, &list, narrow) }</div>
                </div>
            </div>
        </div>
        </>
    }
}

/// The heads of the columns, by which the rows are put in order.
fn heads(driver: &Driver, profile: &ProfileView, narrow: bool) -> Html {
    let view = profile.table_view;
    let head = |label: &'static str, by: Measure, own: bool| {
        let driver = driver.clone();
        let is = (view.by, view.own) == (by, own);
        let mark = if is { " ▾" } else { "" };
        let order = move |_| act(&driver, |it| it.arrange(TableView { by, own, ..view }));
        html! {
            <span role="columnheader" class="amount" aria-sort={if is { "descending" } else { "none" }}>
                <button type="button" class="quiet" onclick={order}>
                    { label }{ mark }
                </button>
            </span>
        }
    };
    html! {
        <div class="entry head" role="row" aria-rowindex="1">
            <span role="columnheader" class="name">{ "Function" }</span>
            if !narrow || view.by == Measure::Fuel {
                { head("Fuel, itself", Measure::Fuel, true) }
                { head("Fuel, total", Measure::Fuel, false) }
            }
            if !narrow || view.by == Measure::HostTime {
                { head("Host, itself", Measure::HostTime, true) }
                { head("Host, total", Measure::HostTime, false) }
            }
        </div>
    }
}

fn in_view(driver: &Driver, profile: &ProfileView, list: &List, narrow: bool) -> Html {
    let rows = profile.table.rows.iter().enumerate();
    let first = usize::try_from(list.slice.first).unwrap_or(usize::MAX);
    let shown = rows.skip(first).take(list.slice.count);
    let total = profile.total.clone().unwrap_or_default();
    let only = narrow.then_some(profile.table_view.by);
    shown
        .map(|(at, it)| row(driver, &total, at, it, only))
        .collect()
}

/// `only`: what there is room for, if not for all.
fn row(
    driver: &Driver,
    total: &ProfileTotal,
    at: usize,
    row: &ProfileRow,
    only: Option<Measure>,
) -> Html {
    let leads = {
        let (driver, frame) = (driver.clone(), row.frame.clone());
        move |_| driver.act(|board| board.lead_to(&frame))
    };
    let name = match row.is_line {
        true => format!("line {}", row.frame.line),
        false => row.frame.function.clone(),
    };
    let cell = |of: u64, all: u64, measure: Measure| {
        html! {
            <span role="cell" class="amount">
                if of > 0 {
                    <span>{ match measure {
                        Measure::Fuel => format::grouped(of),
                        Measure::HostTime => nanos(of),
                    } }</span>
                    <b>{ format::share(of, all) }</b>
                } else {
                    { "–" }
                }
            </span>
        }
    };
    let ([fuel, all_fuel], [own, all]) = (row.fuel, row.nanos);
    html! {
        <div key={at} class="entry" role="row" aria-rowindex={(at + 2).to_string()} data-line={row.is_line.then_some("true")}>
            <span role="rowheader" class="name">
                <button
                    type="button"
                    class="address"
                    disabled={row.frame.index == u32::MAX}
                    title={row.frame.file.clone()}
                    onclick={leads}
                >
                    { name }
                </button>
                if !row.is_line { { " " }{ place(&row.frame) } }
            </span>
            if only != Some(Measure::HostTime) {
                { cell(fuel, total.fuel, Measure::Fuel) }
                { cell(all_fuel, total.fuel, Measure::Fuel) }
            }
            if only != Some(Measure::Fuel) {
                { cell(own, total.nanos, Measure::HostTime) }
                { cell(all, total.nanos, Measure::HostTime) }
            }
        </div>
    }
}
