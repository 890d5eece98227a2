//! The Go source that belongs to the module: signatures are read from it.

use super::building::{BuildingProps, building};
use super::coverage::{CoverageProps, coverage};
use super::editor::{Editor, EditorProps};
use super::memo::{memo, stateful, stateful_keyed};
use super::problems::{ProblemsProps, problems_list};
use super::source_view::{SourceFile, SourceViewProps};
use crate::protocol::build::Diagnostic;
use crate::ui::hooks::{Driver, typed};
use crate::ui::state::coverage::Coverage;
use crate::ui::state::debugger::Gutter;
use crate::ui::state::source_view::SourceView;
use crate::ui::state::{Board, Shared, go_source::GoSource};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct SourcePanelProps {
    pub(super) driver: Driver,
    /// Counts the plugins that have been on the board.
    pub(super) plugins: u32,
    pub(super) source: Option<Shared<GoSource>>,
    pub(super) building: BuildingProps,
    pub(super) view: SourceView,
    pub(super) gutter: Gutter,
    pub(super) diagnostics: Shared<Vec<Diagnostic>>,
    pub(super) coverage: Option<Shared<Coverage>>,
    pub(super) problems: Shared<Vec<String>>,
    pub(super) problems_are_usual: bool,
}

impl SourcePanelProps {
    pub(super) fn of(driver: &Driver, board: &Board) -> Self {
        Self {
            driver: driver.clone(),
            plugins: board.plugins(),
            source: board.go_source().cloned(),
            building: BuildingProps::of(driver, board),
            view: board.source_view().clone(),
            gutter: board.shown_gutter(),
            diagnostics: board.diagnostics().clone(),
            coverage: board.coverage().cloned(),
            problems: board.problems().clone(),
            problems_are_usual: board.problems_are_usual(),
        }
    }
}

pub(super) fn source_panel(props: &SourcePanelProps) -> Html {
    match &props.source {
        Some(source) if source.is_own() => own(props, source),
        _ => found(props),
    }
}

/// Source of one's own, to be edited.
fn own(props: &SourcePanelProps, source: &Shared<GoSource>) -> Html {
    html! {
        <div class="source">
            { memo(props.building.clone(), building) }
            { stateful::<Editor>(EditorProps {
                driver: props.driver.clone(),
                plugins: props.plugins,
                source: source.clone(),
                view: props.view.clone(),
                gutter: props.gutter.clone(),
                diagnostics: props.diagnostics.clone(),
            }) }
            { below(props) }
        </div>
    }
}

/// What the source says of the module.
fn below(props: &SourcePanelProps) -> Html {
    html! {
        <>
            if let Some(covered) = &props.coverage {
                { memo(CoverageProps { driver: props.driver.clone(), coverage: covered.clone() }, coverage) }
            }
            { memo(ProblemsProps { problems: props.problems.clone(), usual: props.problems_are_usual }, problems_list) }
        </>
    }
}

/// Source that was only found, to be read.
fn found(props: &SourcePanelProps) -> Html {
    let source = props.source.as_deref();
    let enter = {
        let driver = props.driver.clone();
        move |event: InputEvent| {
            let text = typed(&event);
            driver.act(|board| board.paste_source(&text));
        }
    };
    let files: Vec<String> = source
        .map(|source| source.dropped().map(str::to_owned).collect())
        .unwrap_or_default();
    html! {
        <div class="source">
            <p class="hint">
                { "Signatures are read from the plugin's Go source. Drop its .go files on the page, \
                   or paste some of it here: the functions under //go:wasmexport and \
                   //go:wasmimport, and the types that they use." }
            </p>
            if !files.is_empty() {
                <ul class="files" aria-label="Go files">
                    { for files.iter().map(|file| row(&props.driver, file)) }
                </ul>
            }
            if let (Some(source), false) = (&props.source, files.is_empty()) {
                { stateful_keyed::<SourceFile>(
                    props.view.file(source.dropped()).unwrap_or_default(),
                    SourceViewProps {
                        driver: props.driver.clone(),
                        source: source.clone(),
                        view: props.view.clone(),
                        gutter: props.gutter.clone(),
                    },
                ) }
            }
            <label for="go-source">{ "Go source" }</label>
            <textarea
                id="go-source"
                rows="8"
                spellcheck="false"
                autocapitalize="off"
                placeholder={"//go:wasmexport greet\nfunc greet(name string)"}
                value={source.map_or("", GoSource::pasted).to_owned()}
                oninput={enter}
            />
            { below(props) }
        </div>
    }
}

fn row(driver: &Driver, file: &str) -> Html {
    let remove = {
        let (driver, file) = (driver.clone(), file.to_owned());
        move |_| driver.act(|board| board.remove_source(&file))
    };
    html! {
        <li key={file.to_owned()}>
            <code>{ file }</code>
            <button type="button" class="quiet" aria-label={format!("Remove {file}")} onclick={remove}>
                { "Remove" }
            </button>
        </li>
    }
}
