//! The whole page.

use super::call_form::{CallForm, CallFormProps};
use super::calls_panel::CallsPanelProps;
use super::console::{ConsoleProps, ConsoleView};
use super::console_search::SearchView;
use super::header::{Header, HeaderProps};
use super::help::{HelpProps, help_dialog};
use super::host_form::HostFormProps;
use super::later::later;
use super::loading_bar::{LoadingBarProps, loading_bar};
use super::memo::{memo, stateful};
use super::palette::palette;
use super::panels::{PanelsProps, panels};
use super::profile::ProfilePanelProps;
use super::rail::{RailProps, rail};
use super::refusal::{offer, refusal};
use super::run_bar::{RunBarProps, Status, run_bar};
use super::share::opening;
use super::source_panel::{SourcePanelProps, source_panel};
use super::splitter::splitter;
use super::stdin_prompt::PromptView;
use super::watch::{WatchProps, watch};
use super::welcome::{WelcomeProps, welcome};
use crate::ui::hooks::{
    Dialogs, Driver, Over, perform, use_arrangement, use_drop, use_new_driver, use_shortcuts,
    use_title,
};
use crate::ui::state::arrangement::{Dock, Edge, Pane};
use crate::ui::state::{Board, Shared, module::Plugged};
use yew::prelude::*;

/// The page.
#[component]
pub(crate) fn App() -> Html {
    let driver = use_new_driver();
    let dragging = use_drop(&driver);
    let dialogs = (*use_state(Dialogs::default)).clone();
    let show = {
        let (driver, dialogs) = (driver.clone(), dialogs.clone());
        use_callback((), move |action, ()| perform(&driver, &dialogs, action))
    };
    use_shortcuts(&driver, &dialogs);
    let page = use_node_ref();
    let stands = driver.board().plugged().is_some();
    use_arrangement(&driver, &page, stands);
    use_title(driver.board().title());
    let board = driver.board();
    let content = match (board.unsupported(), board.plugged()) {
        (Some(reason), _) => {
            html! { <p class="unsupported" role="alert">{ reason.to_owned() }</p> }
        }
        (None, Some(plugged)) => stage(&driver, &board, plugged),
        (None, None) if board.is_unbuilt() => writing(&driver, &board),
        (None, None) => memo(
            WelcomeProps {
                driver: driver.clone(),
                recent: board.recent().clone(),
                unkept: board.unkept().map(AttrValue::from),
            },
            welcome,
        ),
    };
    html! {
        <>
            <a class="skip" href="#main">{ "Skip to the call" }</a>
            { stateful::<Header>(HeaderProps {
                driver: driver.clone(),
                show,
                recent: board.recent().clone(),
                shares: board.plugged().is_some() || board.is_unbuilt(),
                unplugs: board.plugged().is_some() || board.is_unbuilt(),
            }) }
            <main id="main" tabindex="-1" ref={page} data-phase={board.phase().name()}>
                if let Some(refused) = board.refused() {
                    { refusal(&driver, refused) }
                }
                if let Some(offered) = board.offered_session() {
                    { opening(&driver, offered) }
                }
                if let Some(of) = board.offered() {
                    { offer(&driver, of, board.can_call()) }
                }
                if let Some(loading) = board.loading() {
                    { memo(LoadingBarProps { driver: driver.clone(), loading: loading.clone() }, loading_bar) }
                }
                if let (None, Some(watched)) = (board.plugged(), board.watched()) {
                    { memo(WatchProps { driver: driver.clone(), watched }, watch) }
                }
                { content }
            </main>
            if let Some(over) = dragging {
                <div class="drop-overlay" aria-hidden="true">
                    <p>{ match over {
                        Over::Files => "Drop to add it to the guest's files",
                        Over::Page => "Drop to plug it in",
                    } }</p>
                </div>
            }
            { memo(HelpProps { modal: dialogs.help.clone() }, help_dialog) }
            { palette(&driver, &board, &dialogs) }
        </>
    }
}

/// What there is with a program on the board, and no module of it.
fn writing(driver: &Driver, board: &Board) -> Html {
    html! {
        <div class="writing">
            { memo(SourcePanelProps::of(driver, board), source_panel) }
        </div>
    }
}

/// What there is with a module on the board.
fn stage(driver: &Driver, board: &Board, plugged: &Shared<Plugged>) -> Html {
    let arrangement = board.arrangement;
    let split = |edge: Edge, across: bool, panes: &'static str| {
        splitter(driver, edge, across, arrangement.size(edge), panes)
    };
    let rail = html! {
        <div class="side" key="side">
            { memo(RailProps {
                driver: driver.clone(),
                plugged: plugged.clone(),
                plugins: board.plugins(),
                selected: board.selected().map(|export| AttrValue::from(export.name.clone())),
                by_hand: board.by_hand(),
                watched: board.watched(),
            }, rail) }
        </div>
    };
    let at_rail = split(Edge::Rail, true, "the lists and the call");
    let work = work(driver, board, plugged);
    // Where one stands below the other, the lists come after the call and its result.
    let beside = if arrangement.is_narrow() {
        [work, at_rail, rail]
    } else {
        [rail, at_rail, work]
    };
    html! {
        <div
            id="board"
            class="board"
            data-dock={arrangement.dock().name()}
            data-maximised={arrangement.maximised().map(Pane::name)}
        >
            { for beside }
            { split(arrangement.dock_edge(), arrangement.dock() == Dock::Right, "the call and the panels") }
            <div id="dock" key="dock" class="dock">
                { later(3, memo(PanelsProps {
                        driver: driver.clone(),
                        arrangement,
                        plugged: plugged.clone(),
                        plugins: board.plugins(),
                        settings: board.settings().clone(),
                        trace: board.trace().clone(),
                        memory: board.memory().clone(),
                        files: board.files().clone(),
                        called: board.called().clone(),
                        answers_problem: board.answers_problem().map(AttrValue::from),
                        source: SourcePanelProps::of(driver, board),
                        calls: CallsPanelProps::of(driver, board),
                        profile: ProfilePanelProps::of(driver, board),
                        allocator: board.allocator().cloned(),
                        inspected: board.inspected().clone(),
                        text_form: board.text_form().clone(),
                    }, panels)) }
            </div>
        </div>
    }
}

/// The call, and the console below it.
fn work(driver: &Driver, board: &Board, plugged: &Shared<Plugged>) -> Html {
    let status = Status::of(board);
    let arrangement = board.arrangement;
    html! {
        <div id="work" key="work" class="work">
            { later(1, html! { <>
                <section class="call" data-pane={Pane::Call.name()} aria-label="Call">
                    { stateful::<CallForm>(CallFormProps {
                        driver: driver.clone(),
                        plugged: plugged.clone(),
                        loads: board.loads(),
                        export: board.selected().map(|export| AttrValue::from(export.name.clone())),
                        form: board.form(),
                        host: HostFormProps::of(driver, board),
                        problems: board.problems().clone(),
                        problems_are_usual: board.problems_are_usual(),
                        allocator: board.allocator().cloned(),
                    }) }
                    { memo(RunBarProps { driver: driver.clone(), status }, run_bar) }
                </section>
                { splitter(driver, Edge::Call, false, arrangement.size(Edge::Call), "the call and the console") }
                { later(1, stateful::<ConsoleView>(ConsoleProps {
                    driver: driver.clone(),
                    version: board.console().version(),
                    filter: board.filter(),
                    busy: board.run().is_some(),
                    prompt: PromptView::of(board),
                    search: SearchView::of(board),
                    error: board.error(),
                    arrangement,
                })) }
            </> }) }
        </div>
    }
}
