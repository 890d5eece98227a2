//! What makes a call, what stops it, and what it used.

use super::backtrace::{BacktraceProps, backtrace};
use super::comparison::{ComparisonProps, comparison};
use super::debugging::{debug_switch, engine_choice, engine_offer, profile_switch, steps};
use super::happened::{HappenedProps, happened_to};
use super::history::{HistoryProps, SAVE, history};
use super::host_code::{Written, host_code};
use super::host_shown::{HostShownProps, host_shown};
use super::memo::memo;
use super::outcome_line::outcome_line;
use super::stops::{StopsProps, stops};
use crate::go::Abi;
use crate::protocol::{Backtrace, Engine, InstanceState, Usage};
use crate::ui::hooks::Driver;
use crate::ui::state::compare::Comparison;
use crate::ui::state::debugger::Stopping;
use crate::ui::state::go_source::GoSource;
use crate::ui::state::outcome::Finished;
use crate::ui::state::{Board, Offer, Shared, format};
use yew::prelude::*;

/// What comparing is.
const COMPARE: &str = "Make this call in both engines, with fixed clocks and random bytes, and tell what differs first";

/// What the bar shows.
#[derive(Clone, PartialEq)]
pub(super) struct Status {
    /// Whether a call can be made.
    callable: bool,
    /// Whether the source is built first.
    builds: bool,
    /// What is under way.
    running: Option<AttrValue>,
    /// Whether Stop would do something.
    stoppable: bool,
    /// Whether the export that is selected runs a program.
    program: bool,
    /// What the form of a framework's host calls its first action.
    action: Option<AttrValue>,
    instance: InstanceState,
    /// Whether it is held until Resume.
    paused: bool,
    /// Microseconds, bytes printed, and what was used, of the run under way or the last one.
    used: Option<(u64, u64, Usage)>,
    finished: Option<Shared<Finished>>,
    /// What the framework's host has to show of the last call.
    shown: Option<HostShownProps>,
    /// Whether that is out of date.
    past: bool,
    history: Vec<Shared<Finished>>,
    /// Whether any call can be made.
    ready: bool,
    /// How the guest lays out its memory.
    abi: Abi,
    written: Written,
    /// Where the guest is, or was, and the source.
    backtrace: Option<(Shared<Backtrace>, Option<Shared<GoSource>>)>,
    how_seen: &'static str,
    /// Whether the calls can be made again with Debug.
    again: bool,
    /// Whether calls are debugged, whether one has stopped, and what is in the way of it.
    debugs: bool,
    profiles: bool,
    stopped: bool,
    stopping: Option<Stopping>,
    debug_problem: Option<AttrValue>,
    engine: Engine,
    engine_problem: Option<AttrValue>,
    engine_offer: Option<Offer>,
    comparison: Option<Shared<Comparison>>,
}

impl Status {
    pub(super) fn of(board: &Board) -> Self {
        let run = board.run();
        let finished = board.finished().cloned();
        let last = finished
            .as_ref()
            .map(|last| (last.busy_micros, last.printed, last.usage));
        let selected = board.selected();
        let typed = board.is_typed_right();
        Self {
            callable: match board.is_source_newer() {
                true => board.can_build(),
                false => board.takes_call() && typed,
            },
            builds: board.is_source_newer(),
            running: run.map(|run| match board.is_stopped() && !run.stopping {
                true => AttrValue::from(board.held_at()),
                false => AttrValue::from(run.status()),
            }),
            paused: run.is_some_and(|run| run.pausing || run.is_paused()),
            stoppable: run.is_some_and(|run| !run.stopping),
            program: selected.is_some_and(|export| export.name == "_start"),
            action: board.form_action().map(AttrValue::from),
            instance: board.instance(),
            used: run
                .map(|run| (run.busy_micros, run.printed, run.usage))
                .or(last),
            shown: finished
                .as_ref()
                .and_then(|last| HostShownProps::of(board, last)),
            past: finished.as_ref().is_some_and(|last| board.is_past(last)),
            finished,
            history: board.history().iter().cloned().collect(),
            ready: board.can_call(),
            debugs: board.debugs(),
            profiles: board.profile().on,
            stopped: board.is_stopped(),
            stopping: board.stopping(),
            debug_problem: board
                .debug_problem()
                .map(|problem| AttrValue::from(problem.to_owned())),
            engine: board.chosen_engine(),
            engine_problem: board.engine_problem().map(AttrValue::from),
            engine_offer: board.engine_offer(),
            comparison: board.comparison().cloned(),
            backtrace: board
                .backtrace()
                .map(|backtrace| (backtrace.clone(), board.go_source().cloned())),
            how_seen: board
                .backtrace()
                .map_or("", |backtrace| board.how_seen(backtrace)),
            again: board.can_debug_again(),
            written: Written {
                typed,
                tested: board.can_test(),
                text: board
                    .host_code()
                    .map(|(form, text)| (*form, AttrValue::from(text.clone()))),
            },
            abi: board
                .plugged()
                .map_or(Abi::TinyGo, |plugged| plugged.info.abi()),
        }
    }
}

#[derive(Clone, PartialEq)]
pub(super) struct RunBarProps {
    pub(super) driver: Driver,
    pub(super) status: Status,
}

pub(super) fn run_bar(props: &RunBarProps) -> Html {
    let status = &props.status;
    let stop = {
        let driver = props.driver.clone();
        move |_| driver.act(Board::stop)
    };
    let restart = {
        let driver = props.driver.clone();
        move |_| driver.act(Board::restart)
    };
    let hold = {
        let (driver, paused) = (props.driver.clone(), status.paused);
        move |_| driver.act(if paused { Board::resume } else { Board::pause })
    };
    let save = {
        let driver = props.driver.clone();
        move |_| driver.act(|board| board.save_call(None))
    };
    let compare = {
        let driver = props.driver.clone();
        move |_| driver.act(Board::compare_last)
    };
    let idle = status.running.is_none();
    html! {
        <>
            <div class="run">
                <button
                    type="submit"
                    form="call"
                    id="call-button"
                    class="primary"
                    disabled={!status.callable}
                    aria-keyshortcuts="Control+Enter"
                    title="Ctrl+Enter"
                >
                    { match (status.builds, &status.action, status.program) {
                        (true, _, true) => "Build and run",
                        (true, _, false) => "Build and call",
                        (false, Some(action), _) => action,
                        (false, None, true) => "Run",
                        (false, None, false) => "Call",
                    } }
                </button>
                <button
                    type="button"
                    disabled={!status.stoppable}
                    aria-keyshortcuts="Control+."
                    title="Ctrl+."
                    onclick={stop}
                >
                    { "Stop" }
                </button>
                <button type="button" disabled={!status.stoppable} onclick={hold}>
                    { if status.paused { "Resume" } else { "Pause" } }
                </button>
                { debug_switch(&props.driver, status.debugs) }
                { profile_switch(&props.driver, status.profiles) }
                { engine_choice(&props.driver, status.engine) }
                if idle && status.instance != InstanceState::Fresh {
                    <button type="button" title="Make a fresh instance" onclick={restart}>
                        { "Restart" }
                    </button>
                }
                if idle && status.finished.as_ref().is_some_and(|last| last.came.is_some()) {
                    <button type="button" title={SAVE} onclick={save}>{ "Save call" }</button>
                    <button type="button" title={COMPARE} disabled={!status.ready} onclick={compare}>
                        { "Compare" }
                    </button>
                }
                <span class="instance" data-state={state(status.instance)}>
                    { instance(status.instance) }
                </span>
                if let Some((micros, printed, usage)) = status.used {
                    <span class="used">
                        <span>{ format::micros(micros) }</span>
                        <span>
                            { format!("{} memory", format::pages(usage.memory_pages)) }
                            if usage.grown_pages > 0 {
                                { format!(" (+{})", format::pages(usage.grown_pages)) }
                            }
                        </span>
                        if printed > 0 {
                            <span>{ format!("{} output", format::bytes(printed)) }</span>
                        }
                        <span>
                            <button type="button" class="quiet" popovertarget="fuel" title="What fuel is">
                                { format!("{} fuel", format::grouped(usage.fuel)) }
                            </button>
                        </span>
                    </span>
                }
                <p id="fuel" popover="auto">
                    { "Fuel counts the guest's instructions; it is the same in every run, on every machine. The \
                       interpreter charges whole blocks, all of one when it is entered: in a large function \
                       that is far more than is executed, a line that CPython prints some 220,000. The \
                       browser's engine charges basic blocks, which is what is executed. It says little of time." }
                </p>
            </div>
            if status.stopped {
                { steps(&props.driver) }
            }
            // A list of its own: what stands before it would be drawn anew with each more or less, and lose the focus.
            <>
                { for [&status.debug_problem, &status.engine_problem].into_iter().flatten().map(|problem| {
                    html! { <p class="hint">{ problem }</p> }
                }) }
            </>
            if let Some(offer) = status.engine_offer {
                { engine_offer(&props.driver, offer) }
            }
            if let Some(stopping) = &status.stopping {
                { memo(StopsProps { driver: props.driver.clone(), stopping: stopping.clone() }, stops) }
            }
            { outcome_line(&props.driver, status.running.as_ref(), status.finished.as_deref(), status.past) }
            if let Some(compared) = &status.comparison {
                { memo(ComparisonProps {
                    driver: props.driver.clone(),
                    comparison: compared.clone(),
                }, comparison) }
            }
            <div class="after">
                if let Some((seen, source)) = &status.backtrace {
                    { memo(BacktraceProps {
                        driver: props.driver.clone(),
                        backtrace: seen.clone(),
                        source: source.clone(),
                        how: status.how_seen,
                        again: status.again,
                    }, backtrace) }
                }
                if let (Some(shown), true) = (&status.shown, idle) {
                    { memo(shown.clone(), host_shown) }
                }
                if let (Some(finished), true) = (&status.finished, idle) {
                    { memo(HappenedProps {
                        driver: props.driver.clone(),
                        finished: finished.clone(),
                        abi: status.abi,
                    }, happened_to) }
                }
                { host_code(&props.driver, &status.written) }
                { memo(HistoryProps {
                    driver: props.driver.clone(),
                    calls: status.history.clone(),
                    callable: status.ready,
                }, history) }
            </div>
        </>
    }
}

/// The state of the instance, in words.
fn instance(state: InstanceState) -> String {
    match state {
        InstanceState::Fresh => "fresh instance".to_owned(),
        InstanceState::Initialized => "initialised".to_owned(),
        InstanceState::Exited(code) => format!("exited with {code}"),
        InstanceState::Broken => {
            "interrupted: results cannot be relied on until Restart".to_owned()
        }
    }
}

fn state(state: InstanceState) -> &'static str {
    match state {
        InstanceState::Fresh => "fresh",
        InstanceState::Initialized => "initialized",
        InstanceState::Exited(_) => "exited",
        InstanceState::Broken => "broken",
    }
}
