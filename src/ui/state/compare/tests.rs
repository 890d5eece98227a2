use super::*;
use crate::protocol::{Event, Outcome, Stream};
use crate::ui::state::tests::plugged;

/// What is sent, in short.
fn sent(effects: &[Effect]) -> Vec<String> {
    let sent = effects.iter().filter_map(|effect| {
        let Effect::Send(command) = effect else {
            return None;
        };
        Some(match command {
            Command::Configure(settings) if settings.determinism.is_some() => "fixed".to_owned(),
            Command::Configure(_) => "configured".to_owned(),
            Command::Call { export, .. } => format!("call {export}"),
            Command::Start { .. } => "start".to_owned(),
            Command::Engine(engine) => format!("{engine:?}"),
            Command::Reset => "reset".to_owned(),
            Command::Left => "left?".to_owned(),
            Command::Stop => "stop".to_owned(),
            _ => return None,
        })
    });
    sent.collect()
}

fn ends(board: &mut Board, prints: &str) -> Vec<String> {
    board.apply(Event::Output {
        stream: Stream::Stdout,
        bytes: prints.as_bytes().to_vec(),
    });
    let usage = Usage {
        fuel: 7,
        ..Usage::default()
    };
    sent(&board.apply(Event::Ended {
        call: CallId(board.calls),
        outcome: Outcome::Returned {
            result: None,
            shown: None,
            raw: Vec::new(),
            args: Vec::new(),
        },
        usage,
    }))
}

/// A board on which something was called so often.
fn called(times: usize) -> Board {
    let mut board = plugged();
    for _ in 0..times {
        board.call();
        ends(&mut board, "once\n");
    }
    board
}

fn left(board: &mut Board, left: Left) -> Vec<String> {
    sent(&board.apply(Event::Left(Box::new(left))))
}

fn ready(board: &mut Board, engine: Engine) -> Vec<String> {
    let problem = None;
    sent(&board.apply(Event::Engine { engine, problem }))
}

/// Compares one call of which so is printed and left in the browser's engine, and `once` and nothing in the interpreter.
#[track_caller]
fn compared(prints: &str, leaves: Left) -> (Board, Option<Difference>) {
    let mut board = called(1);
    let begun = sent(&board.compare_last());
    assert_eq!(begun, ["fixed", "reset", "call greet"]);
    assert!(!board.can_call());
    assert_eq!(ends(&mut board, "once\n"), ["left?"]);
    assert_eq!(left(&mut board, Left::default()), ["Browser"]);
    assert_eq!(ready(&mut board, Engine::Browser), ["call greet"]);
    assert_eq!(ends(&mut board, prints), ["left?"]);
    // The engine that was chosen is the interpreter.
    assert_eq!(
        left(&mut board, leaves),
        ["configured", "reset", "Interpreter"]
    );
    let comparison = board.comparison().unwrap();
    assert_eq!(comparison.state, State::Done);
    let row = comparison.rows[0].clone();
    assert_eq!((row.used[0].1.fuel, row.used[1].1.fuel), (7, 7));
    (board, row.difference)
}

#[test]
fn what_is_the_same_in_both_is_said_to_be() {
    let (mut board, difference) = compared("once\n", Left::default());
    assert_eq!(difference, None);
    assert!(
        board
            .comparison()
            .unwrap()
            .told()
            .contains("The same in both")
    );
    // Neither the history nor what is shown is that of the comparison.
    assert_eq!(board.history().len(), 1);
    ready(&mut board, Engine::Interpreter);
    assert!(board.can_call());
    board.leave_comparison();
    assert!(board.comparison().is_none());
}

#[test]
fn what_differs_first_is_told() {
    let lines = |difference: Option<Difference>| {
        let difference = difference.unwrap();
        let lines = difference.lines.into_iter().map(|(_, line)| line);
        (difference.what, lines.collect::<Vec<_>>())
    };
    let (board, printed) = compared("once\nmore\n", Left::default());
    let (what, both) = lines(printed);
    assert_eq!(
        (&*what, &both[..]),
        ("stdout", &["".to_owned(), "more".to_owned()][..])
    );
    assert!(
        board
            .comparison()
            .unwrap()
            .told()
            .starts_with("1 of 1 differ")
    );

    let calls = Left {
        calls: vec!["fd_write(1, 16) → ESUCCESS".to_owned()],
        all_calls: 1,
        ..Left::default()
    };
    let (what, both) = lines(compared("once\n", calls).1);
    assert_eq!((&*what, &*both[0]), ("host call 1", "nothing"));

    let size = Left {
        memory: 65_536,
        ..Left::default()
    };
    assert_eq!(lines(compared("once\n", size).1).0, "size of the memory");
    let bytes = Left {
        blocks: vec![0, 9],
        block: 64,
        ..Left::default()
    };
    assert_eq!(
        lines(compared("once\n", bytes).1).0,
        "memory: the 64 bytes from 0x0 on"
    );
    let globals = Left {
        globals: vec![("count".to_owned(), 16)],
        ..Left::default()
    };
    let (what, both) = lines(compared("once\n", globals).1);
    assert_eq!((&*what, &*both[1]), ("global", "count: 0x10"));
}

#[test]
fn all_calls_are_made_in_their_order_in_one_instance() {
    let mut board = called(2);
    assert_eq!(sent(&board.compare(None)), ["fixed", "reset", "call greet"]);
    assert_eq!(ends(&mut board, ""), ["left?"]);
    assert_eq!(left(&mut board, Left::default()), ["call greet"]);
    assert_eq!(ends(&mut board, ""), ["left?"]);
    assert_eq!(left(&mut board, Left::default()), ["Browser"]);
    let told = board.comparison().unwrap().told();
    assert_eq!(told, "Call 1 of 2, in the browser's engine");
}

#[test]
fn stop_ends_it_and_a_browser_without_such_an_engine_is_said() {
    let mut board = called(1);
    board.compare_last();
    assert_eq!(sent(&board.stop()), ["stop"]);
    let effects = board.apply(Event::Ended {
        call: CallId(board.calls),
        outcome: Outcome::Stopped,
        usage: Usage::default(),
    });
    assert_eq!(sent(&effects), ["configured", "reset"]);
    let told = board.comparison().unwrap().told();
    assert_eq!(told, "Ended early: stopped");
    assert_eq!(board.history().len(), 1);

    let mut board = called(1);
    board.compare_last();
    ends(&mut board, "");
    left(&mut board, Left::default());
    let problem = Some("this browser cannot suspend WebAssembly".to_owned());
    let engine = Engine::Interpreter;
    let effects = board.apply(Event::Engine { engine, problem });
    assert_eq!(sent(&effects), ["configured", "reset"]);
    let told = board.comparison().unwrap().told();
    assert!(told.contains("cannot suspend WebAssembly"), "{told}");
    assert!(board.can_call());
}
