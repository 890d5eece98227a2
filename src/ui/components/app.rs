//! The whole page.

use super::call_form::CallForm;
use super::console::ConsoleView;
use super::console_search::SearchView;
use super::header::Header;
use super::help::{HelpProps, help_dialog};
use super::later::Later;
use super::loading_bar::{LoadingBarProps, loading_bar};
use super::memo::memo;
use super::panels::Panels;
use super::rail::{RailProps, rail};
use super::refusal::{offer, refusal};
use super::run_bar::{RunBarProps, Status, run_bar};
use super::share::opening;
use super::stdin_prompt::PromptView;
use super::welcome::{WelcomeProps, welcome};
use crate::ui::hooks::{Driver, ModalRef, Over, use_drop, use_new_driver, use_shortcuts};
use crate::ui::state::{Board, Shared, module::Plugged};
use yew::prelude::*;

/// The page.
#[component]
pub(crate) fn App() -> Html {
    let driver = use_new_driver();
    let dragging = use_drop(&driver);
    let help = use_state(ModalRef::default);
    let show_help = {
        let help = help.clone();
        use_callback((), move |(): (), ()| help.show())
    };
    use_shortcuts(&driver, &show_help);
    let board = driver.board();
    let content = match (board.unsupported(), board.plugged()) {
        (Some(reason), _) => {
            html! { <p class="unsupported" role="alert">{ reason.to_owned() }</p> }
        }
        (None, Some(plugged)) => stage(&driver, &board, plugged),
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
            <Header
                driver={driver.clone()}
                help={show_help}
                recent={board.recent().clone()}
                unplugs={board.plugged().is_some()}
            />
            <main id="main" tabindex="-1" data-phase={board.phase().name()}>
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
            { memo(HelpProps { modal: (*help).clone() }, help_dialog) }
        </>
    }
}

/// What there is with a module on the board.
fn stage(driver: &Driver, board: &Board, plugged: &Shared<Plugged>) -> Html {
    let status = Status::of(board);
    html! {
        <div class="board">
            { memo(RailProps {
                driver: driver.clone(),
                plugged: plugged.clone(),
                plugins: board.plugins(),
                selected: board.selected().map(|export| AttrValue::from(export.name.clone())),
                by_hand: board.by_hand(),
            }, rail) }
            <div class="stage">
                <Later>
                    <section class="call" aria-label="Call">
                        <CallForm
                            driver={driver.clone()}
                            plugged={plugged.clone()}
                            loads={board.loads()}
                            export={board.selected().map(|export| AttrValue::from(export.name.clone()))}
                            form={board.form()}
                            problems={board.problems().clone()}
                            problems_are_usual={board.problems_are_usual()}
                            allocator={board.allocator().cloned()}
                        />
                        { memo(RunBarProps { driver: driver.clone(), status }, run_bar) }
                    </section>
                    <Later>
                        <ConsoleView
                            driver={driver.clone()}
                            version={board.console().version()}
                            filter={board.filter()}
                            busy={board.run().is_some()}
                            prompt={PromptView::of(board)}
                            search={SearchView::of(board)}
                        />
                        <Later>
                            <Panels
                                driver={driver.clone()}
                                plugged={plugged.clone()}
                                plugins={board.plugins()}
                                settings={board.settings().clone()}
                                trace={board.trace().clone()}
                                memory={board.memory().clone()}
                                files={board.files().clone()}
                                called={board.called().clone()}
                                answers_problem={board.answers_problem().map(AttrValue::from)}
                                source={board.go_source().cloned()}
                                problems={board.problems().clone()}
                                problems_are_usual={board.problems_are_usual()}
                                allocator={board.allocator().cloned()}
                            />
                        </Later>
                    </Later>
                </Later>
            </div>
        </div>
    }
}
