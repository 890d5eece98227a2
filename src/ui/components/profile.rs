//! Where calls have used their fuel, and how long their host calls took: a flame graph, and the same as a table.

use super::flame::FlameGraph;
use super::memo::stateful;
use super::profile_table::Table;
use crate::protocol::{Frame, Measure, ProfileFile, ProfileTotal};
use crate::ui::hooks::Driver;
use crate::ui::state::profile::ProfileView;
use crate::ui::state::{Board, Effect, Shared, format};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

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
                    <p class="hint">{ "No time was measured in host calls." }</p>
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

pub(super) fn act(driver: &Driver, action: impl FnOnce(&mut ProfileView) -> Vec<Effect>) {
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
pub(super) fn nanos(count: u64) -> String {
    match count {
        0..1_000_000 => format!("{} µs", format::decimal(count as f64 / 1e3, 1)),
        _ => format::micros(count / 1_000),
    }
}

pub(super) fn amount(of: u64, measure: Measure) -> String {
    match measure {
        Measure::Fuel => format!("{} fuel", format::grouped(of)),
        Measure::HostTime => nanos(of),
    }
}

/// `main.go:12`
pub(super) fn place(frame: &Frame) -> Option<String> {
    let file = frame.file.as_deref().filter(|_| frame.line > 0)?;
    let name = file.rsplit('/').next().unwrap_or(file);
    Some(format!("{name}:{}", frame.line))
}
