//! The build: its button, how far it is, and what is wrong with the source.

use super::memo::memo;
use crate::protocol::build::Diagnostic;
use crate::ui::hooks::Driver;
use crate::ui::state::building::{Building, Task, printed};
use crate::ui::state::{Board, Shared, format};
use yew::prelude::*;

/// Diagnostics that are listed at most.
const MOST: usize = 200;

#[derive(Clone, PartialEq)]
pub(super) struct BuildingProps {
    driver: Driver,
    building: Shared<Building>,
    diagnostics: Shared<Vec<Diagnostic>>,
    /// Whether something can be built now.
    can: bool,
    /// Whether the source is newer than the module.
    newer: bool,
    /// Whether what was built last is of this program.
    mine: bool,
    /// Whether there is no module yet.
    unbuilt: bool,
}

impl BuildingProps {
    pub(super) fn of(driver: &Driver, board: &Board) -> Self {
        Self {
            driver: driver.clone(),
            building: board.building().clone(),
            diagnostics: board.diagnostics().clone(),
            can: board.can_build(),
            newer: board.is_source_newer(),
            mine: board.builds_this(),
            unbuilt: board.is_unbuilt(),
        }
    }
}

/// The bar above the editor.
pub(super) fn building(props: &BuildingProps) -> Html {
    let BuildingProps {
        driver, building, ..
    } = props;
    if !building.offered {
        return Html::default();
    }
    let asks = |task: Task| {
        let driver = driver.clone();
        move |_| driver.act(|board| board.build(task))
    };
    let button = |id: &'static str, label: &'static str, title: &'static str, task: Task| {
        html! {
            <button type="button" {id} {title} disabled={!props.can} onclick={asks(task)}>{ label }</button>
        }
    };
    let stop = {
        let driver = driver.clone();
        move |_| driver.act(Board::stop_build)
    };
    let download = {
        let driver = driver.clone();
        move |_| driver.download_module()
    };
    let switch = {
        let (driver, formats) = (driver.clone(), building.formats);
        move |_| driver.switch_formatting(!formats)
    };
    let status = building.status().filter(|_| props.mine);
    html! {
        <section class="building" aria-label="Build">
            <div class="run">
                <button
                    type="button"
                    id="build-button"
                    class={if props.newer { "primary" } else { "" }}
                    disabled={!props.can}
                    aria-keyshortcuts="Control+B"
                    title="Ctrl+B"
                    onclick={asks(Task::Build)}
                >
                    { "Build" }
                </button>
                if building.task.is_some() {
                    <button type="button" id="stop-build" disabled={building.stopping} onclick={stop}>{ "Stop" }</button>
                } else {
                    { button("format", "Format", "Shift+Alt+F", Task::Format) }
                    { button("vet", "Vet", "Look for mistakes that the compiler lets pass", Task::Vet) }
                    { button("run-tests", "Run tests", "Run the TestXxx of _test.go files", Task::Test) }
                    <label class="switch">
                        <input id="format-first" type="checkbox" checked={building.formats} onchange={switch} />
                        { "Format on Build" }
                    </label>
                }
                if let Some(version) = &building.toolchain {
                    <small class="hint">{ version }</small>
                }
            </div>
            <p class="build-status" role="status" data-task={building.task.map(name)}>
                if let Some(status) = &status {
                    if let Some((done, total)) = building.fetching {
                        <progress max={total.to_string()} value={done.to_string()} aria-label="Fetching" />
                    } else if building.of > 0 {
                        <progress
                            max={building.of.to_string()}
                            value={(building.steps.len().saturating_sub(1)).to_string()}
                            aria-label="Building"
                        />
                    }
                    { status }
                } else if let Some(ended) = building.ended.as_ref().filter(|_| props.mine) {
                    <span data-tone={ended.tone.name()}>{ &ended.text }</span>
                    if !props.unbuilt && !props.newer {
                        <button type="button" class="quiet" onclick={download}>{ "Download module" }</button>
                    }
                } else if props.unbuilt {
                    { "Build makes a module of it, in this page." }
                } else if props.newer {
                    { "The source is newer than the module." }
                }
            </p>
            if props.mine && building.steps.len() > 1 && status.is_none() {
                { memo(building.clone(), steps) }
            }
            if !props.diagnostics.is_empty() {
                { memo((driver.clone(), props.diagnostics.clone()), diagnostics) }
            }
            if props.mine && !building.output.is_empty() {
                <pre class="test-output" tabindex="0" aria-label="What tests print">{ &building.output }</pre>
            }
        </section>
    }
}

fn name(task: Task) -> &'static str {
    match task {
        Task::Build => "build",
        Task::Test => "test",
        Task::Vet => "vet",
        Task::Format => "format",
    }
}

/// The steps, with their times.
fn steps(building: &Shared<Building>) -> Html {
    html! {
        <details class="steps">
            <summary>{ format::count(building.steps.len() as u64, "step") }</summary>
            <ol>
                { for building.steps.iter().map(|(step, took)| html! {
                    <li>{ step } if let Some(took) = took { { " " } <small>{ format::micros(*took) }</small> }</li>
                }) }
            </ol>
        </details>
    }
}

/// What is wrong, each leading to its place.
fn diagnostics((driver, found): &(Driver, Shared<Vec<Diagnostic>>)) -> Html {
    let row = |diagnostic: &Diagnostic| {
        let go = {
            let (driver, file) = (driver.clone(), diagnostic.file.clone());
            let (line, column) = (diagnostic.line, diagnostic.column);
            move |_| driver.change(|board| board.show_place(&file, line, column))
        };
        html! {
            <li data-warning={diagnostic.is_warning.to_string()}>
                if diagnostic.file.is_empty() {
                    <code>{ &diagnostic.message }</code>
                } else {
                    <button type="button" class="quiet" onclick={go}><code>{ printed(diagnostic) }</code></button>
                }
            </li>
        }
    };
    let more = found.len().saturating_sub(MOST);
    html! {
        <ul class="diagnostics" aria-label="What is wrong with the source">
            { for found.iter().take(MOST).map(row) }
            if more > 0 {
                <li>{ format!("and {more} more") }</li>
            }
        </ul>
    }
}
