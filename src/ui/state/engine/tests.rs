use super::*;
use crate::protocol::{CallId, Debug, Debugged, Event, Outcome, Report, Usage};
use crate::ui::state::tests::plugged;

fn sent(effects: &[Effect]) -> Vec<&Command> {
    let sent = effects.iter().filter_map(|effect| match effect {
        Effect::Send(command) => Some(command),
        _ => None,
    });
    sent.collect()
}

/// Whether a call is among them.
fn calls(effects: &[Effect]) -> bool {
    let is_call = |it: &&Command| matches!(it, Command::Call { .. } | Command::Start { .. });
    sent(effects).iter().any(is_call)
}

#[test]
fn no_call_is_made_until_the_module_is_ready_for_the_engine_and_one_that_is_asked_for_is_made_then()
{
    let mut board = plugged();
    let asked = board.choose_engine(Engine::Browser);
    assert_eq!(sent(&asked), [&Command::Engine(Engine::Browser)]);
    assert!(!board.can_call());
    assert!(board.engine_problem().unwrap().contains("being made ready"));
    assert!(board.takes_call());
    assert_eq!(board.call(), []);
    assert!(calls(&board.runs_in(Engine::Browser, None)));
    assert_eq!(board.engine_problem(), None);
    // Only that one.
    let mut board = plugged();
    board.choose_engine(Engine::Browser);
    assert!(!calls(&board.runs_in(Engine::Browser, None)));
    assert!(board.can_call());
}

#[test]
fn where_the_engine_cannot_be_had_calls_run_in_the_interpreter_and_it_is_said_why() {
    let mut board = plugged();
    board.choose_engine(Engine::Browser);
    let problem = "this browser cannot suspend WebAssembly".to_owned();
    assert_eq!(board.runs_in(Engine::Interpreter, Some(problem)), []);
    let said = board.engine_problem().unwrap();
    assert_eq!(
        said,
        "Calls run in the interpreter: this browser cannot suspend WebAssembly."
    );
    assert!(board.can_call());
    // It is asked for again only by somebody.
    assert_eq!(board.engine_anew(), []);
    assert_eq!(sent(&board.choose_engine(Engine::Browser)).len(), 1);
}

#[test]
fn what_is_debugged_runs_in_the_interpreter_and_in_the_chosen_engine_again_without_debug() {
    let mut board = plugged();
    board.choose_engine(Engine::Browser);
    board.runs_in(Engine::Browser, None);
    board.switch_debug();
    let said = board.engine_problem().unwrap();
    assert_eq!(said, "With Debug, calls run in the interpreter.");
    board.is_interpreted();
    board.debugger.ready = true;
    let usual = board.switch_debug();
    assert_eq!(sent(&usual), [&Command::Debug(Debug::Lines(None))]);
    let again = board.debugged(Debugged::Ready(None));
    assert_eq!(sent(&again), [&Command::Engine(Engine::Browser)]);
}

#[test]
fn the_choice_is_kept_with_the_plugin() {
    let mut board = plugged();
    board.choose_engine(Engine::Browser);
    let json = board.session().unwrap();
    assert_eq!(json["engine"], "browser");
    let mut other = plugged();
    let effects = other.take_session(&json, true).unwrap();
    assert_eq!(other.chosen_engine(), Engine::Browser);
    assert!(sent(&effects).contains(&&Command::Engine(Engine::Browser)));
    let mut wrong = json;
    wrong["engine"] = "wasmi".into();
    assert!(plugged().take_session(&wrong, true).is_err());
}

/// A module that the interpreter does not run, on the board.
fn only_elsewhere() -> Board {
    let mut board = plugged();
    let answers = Vec::new();
    let needs = "needs SIMD (128-bit vectors), which the interpreter does not run".to_owned();
    board.apply(Event::Ready {
        answers,
        elsewhere: Some(needs),
    });
    board
}

#[test]
fn a_module_that_only_browsers_run_is_called_once_it_runs_there() {
    let mut board = only_elsewhere();
    assert!(!board.can_call());
    let said = board.engine_problem().unwrap();
    assert_eq!(
        said,
        "The module needs SIMD (128-bit vectors), which the interpreter does not run."
    );
    assert_eq!(board.engine_offer(), Some(Offer::Needed));
    let asked = board.take_engine_offer();
    assert_eq!(sent(&asked), [&Command::Engine(Engine::Browser)]);
    assert_eq!(board.engine_offer(), None);
    board.runs_in(Engine::Browser, None);
    assert!(board.can_call());
    assert_eq!(board.engine_problem(), None);
    // Debug is the interpreter's.
    assert_eq!(board.switch_debug(), []);
    assert!(
        board
            .debug_problem()
            .unwrap()
            .contains("cannot run this module")
    );
    assert!(board.can_call());
    // Nobody need tell the session what it cannot do.
    assert_eq!(board.choose_engine(Engine::Interpreter), []);
    assert!(!board.can_call());
    assert_eq!(sent(&board.choose_engine(Engine::Browser)).len(), 1);
    let problem = "CompileError: unexpected token".to_owned();
    board.runs_in(Engine::Interpreter, Some(problem));
    let said = board.engine_problem().unwrap();
    assert!(
        said.ends_with("does not run: CompileError: unexpected token."),
        "{said}"
    );
    assert!(!board.takes_call());
}

#[test]
fn a_call_that_takes_long_is_offered_the_browsers_engine_and_called_there() {
    let mut board = plugged();
    assert_eq!(board.engine_offer(), None);
    board.call();
    let call = CallId(board.calls);
    let busy = |board: &mut Board, micros| {
        board.report(Report {
            events: Vec::new(),
            busy_micros: micros,
        });
    };
    busy(&mut board, 999_999);
    assert_eq!(board.engine_offer(), None);
    busy(&mut board, 2);
    assert_eq!(board.engine_offer(), Some(Offer::Runs));
    let taken = board.take_engine_offer();
    assert_eq!(sent(&taken), [&Command::Stop]);
    let effects = board.apply(Event::Ended {
        call,
        outcome: Outcome::Stopped,
        usage: Usage::default(),
    });
    assert!(sent(&effects).contains(&&Command::Engine(Engine::Browser)));
    assert!(calls(&board.runs_in(Engine::Browser, None)));
    assert_eq!(board.engine_offer(), None);
}
