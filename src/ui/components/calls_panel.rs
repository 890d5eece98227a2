//! The saved calls: what is expected of each, whether it comes to that, and the difference if not.

use super::imports_panel::opens;
use super::memo::keyed;
use crate::protocol::{Difference, Mark};
use crate::ui::hooks::{Driver, download, typed};
use crate::ui::state::saved::{Calls, Saved, Verdict};
use crate::ui::state::{Board, Shared, format};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct CallsPanelProps {
    driver: Driver,
    calls: Shared<Calls>,
    /// Whether a call can be made.
    callable: bool,
    /// Whether those here are being made.
    running: bool,
}

impl CallsPanelProps {
    pub(super) fn of(driver: &Driver, board: &Board) -> Self {
        Self {
            driver: driver.clone(),
            calls: board.saved_calls().clone(),
            callable: board.can_call(),
            running: board.is_running_saved(),
        }
    }
}

pub(super) fn calls_panel(props: &CallsPanelProps) -> Html {
    let calls = &props.calls;
    let driver = &props.driver;
    let save = {
        let driver = driver.clone();
        move |_| {
            let file = driver.board().calls_file();
            if let Some((name, text)) = file {
                download(&name, text.as_bytes());
            }
        }
    };
    let order = {
        let (driver, in_order) = (driver.clone(), !calls.in_order);
        move |_| driver.change(|board| board.order_saved(in_order))
    };
    let running = props.running;
    let run = {
        let driver = driver.clone();
        move |_| {
            driver.act(|board| match running {
                true => board.stop(),
                false => board.run_saved(None),
            });
        }
    };
    let none = calls.list.is_empty();
    html! {
        <div class="saved">
            <div class="tools">
                <button type="button" disabled={none || !(props.callable || running)} onclick={run}>
                    { if running { "Stop" } else { "Run all" } }
                </button>
                <label class="switch">
                    <input type="checkbox" id="calls-in-order" checked={calls.in_order} onchange={order} />
                    { "in order, in one instance" }
                </label>
                <button type="button" id="save-calls" class="quiet" disabled={none} onclick={save}>
                    { "Save calls…" }
                </button>
                <label class="button quiet">
                    { "Open calls…" }
                    <input
                        id="open-calls"
                        type="file"
                        class="unseen"
                        accept=".json,application/json"
                        onchange={opens(driver, Board::open_calls)}
                    />
                </label>
            </div>
            if let Some(problem) = &calls.problem {
                <p class="problem" role="alert">{ problem.clone() }</p>
            }
            <p class="hint" role="status">{ summary(calls) }</p>
            <ol>
                { for calls.list.iter().map(|saved| keyed(u64::from(saved.number), RowProps {
                    driver: driver.clone(),
                    saved: saved.clone(),
                    callable: props.callable,
                }, row)) }
            </ol>
        </div>
    }
}

fn summary(calls: &Calls) -> String {
    let [green, red, rest] = calls.counts();
    if green + red + rest == 0 {
        return "Save a call below its outcome, or in the history: what came of it is then expected of it, \
                in every build to come."
            .to_owned();
    }
    let counts = [(green, "passed"), (red, "failed"), (rest, "not run")];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    format!(
        "{}: {}",
        format::count((green + red + rest) as u64, "call"),
        counts.join(", ")
    )
}

#[derive(Clone, PartialEq)]
struct RowProps {
    driver: Driver,
    saved: Shared<Saved>,
    callable: bool,
}

fn row(props: &RowProps) -> Html {
    let saved = &props.saved;
    let number = saved.number;
    let act = |action: fn(&mut Board, u32)| {
        let driver = props.driver.clone();
        move |_: MouseEvent| driver.change(|board| action(board, number))
    };
    let run = {
        let driver = props.driver.clone();
        move |_| driver.act(|board| board.run_saved(Some(number)))
    };
    let rename = {
        let driver = props.driver.clone();
        move |event: InputEvent| {
            let name = typed(&event);
            driver.change(|board| board.rename_saved(number, name));
        }
    };
    let edit = {
        let driver = props.driver.clone();
        move |event: InputEvent| {
            let text = typed(&event);
            driver.change(|board| board.edit_saved(number, &text));
        }
    };
    let name = &saved.call.name;
    let (verdict, word) = match &saved.verdict {
        Verdict::Not => ("not", "– not run"),
        Verdict::Runs => ("runs", "… running"),
        Verdict::Green => ("green", "✓ passed"),
        Verdict::Red(_) => ("red", "✗ failed"),
    };
    let (text, problem) = saved.edited.clone().unwrap_or_else(|| (saved.text(), None));
    let id = format!("saved-{number}");
    html! {
        <li data-verdict={verdict}>
            <div class="tools">
                <span class="verdict">{ word }</span>
                <input type="text" aria-label="Name" spellcheck="false" value={name.clone()} oninput={rename} />
                <button
                    type="button"
                    class="quiet"
                    disabled={!props.callable}
                    aria-label={format!("Run {name}")}
                    onclick={run}
                >
                    { "Run" }
                </button>
                if saved.can_update() {
                    <button
                        type="button"
                        class="quiet"
                        title="What came of it is right"
                        aria-label={format!("Update expectation of {name}")}
                        onclick={act(Board::update_saved)}
                    >
                        { "Update expectation" }
                    </button>
                }
                <button
                    type="button"
                    class="quiet"
                    aria-label={format!("Delete {name}")}
                    onclick={act(Board::remove_saved)}
                >
                    { "Delete" }
                </button>
            </div>
            if let Verdict::Red(differences) = &saved.verdict {
                { for differences.iter().map(difference) }
            }
            <details class="fold" role="group">
                <summary>{ "Expected of " }<code>{ saved.call.written() }</code></summary>
                <div class="switches">
                    { for saved.expectations().into_iter().map(|it| expected(props, it)) }
                </div>
                <label for={id.clone()}>{ "As a file has it" }</label>
                <textarea
                    {id}
                    rows="8"
                    spellcheck="false"
                    autocapitalize="off"
                    aria-invalid={problem.is_some().to_string()}
                    value={text}
                    oninput={edit}
                />
                if let Some(problem) = problem {
                    <p class="problem">{ problem }</p>
                }
            </details>
        </li>
    }
}

fn expected(props: &RowProps, (key, is_expected): (&'static str, bool)) -> Html {
    let (driver, number) = (props.driver.clone(), props.saved.number);
    let switch = move |_| driver.change(|board| board.switch_expected(number, key));
    html! {
        <label class="switch"><input type="checkbox" checked={is_expected} onchange={switch} />{ key }</label>
    }
}

/// What was expected has a minus before it, what came a plus.
fn difference(difference: &Difference) -> Html {
    html! {
        <>
            <p class="what">{ format!("{}: − expected, + came", difference.what) }</p>
            { marked(difference) }
        </>
    }
}

/// Its lines with their signs.
pub(super) fn marked(difference: &Difference) -> Html {
    let line = |(mark, text): &(Mark, String)| {
        let text = format!("{} {text}\n", mark.sign());
        match mark {
            Mark::Expected => html! { <del>{ text }</del> },
            Mark::Happened => html! { <ins>{ text }</ins> },
            Mark::Same | Mark::LeftOut => html! { { text } },
        }
    };
    html! {
        <pre tabindex="0" aria-label={format!("Difference in {}", difference.what)}>
            { for difference.lines.iter().map(line) }
        </pre>
    }
}
