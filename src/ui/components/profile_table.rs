//! A profile as a table: functions, with their lines if those are wanted, the largest first.

use super::profile::{ProfilePanelProps, act, nanos, place};
use super::trace_panel::switch;
use crate::protocol::{Measure, ProfileRow, ProfileTotal, TableView};
use crate::ui::hooks::{Driver, List, use_list, use_size};
use crate::ui::state::format;
use crate::ui::state::profile::ProfileView;
use yew::prelude::*;

/// The height of a row in CSS pixels, and that on a narrow page; `--profile-row` in `profile.css` says the same.
const ROW_HEIGHT: f64 = 22.0;
const NARROW_ROW_HEIGHT: f64 = 44.0;

/// A table as narrow as this has two lines a row, in CSS pixels.
const NARROW: f64 = 640.0;

#[component]
pub(super) fn Table(props: &ProfilePanelProps) -> Html {
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
