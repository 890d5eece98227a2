//! How a call is told.

use super::*;
use crate::ui::state::module::import_name;
use crate::ui::state::outcome::Called;

#[test]
fn a_result_is_of_before_once_another_call_began_or_other_arguments_are_typed() {
    let mut board = calling();
    board.apply(ended(1, returned()));
    let past = |board: &Board| board.is_past(board.finished().unwrap());
    assert!(!past(&board));
    board.enter(0, "another");
    assert!(past(&board));
    board.enter(0, "WaZero");
    assert!(!past(&board));
    board.select("st");
    board.enter(0, "7");
    board.call();
    board.apply(ended(2, returned()));
    assert!(!past(&board));
    board.enter(0, "seven");
    assert!(past(&board), "it is no number");
    board.select("greet");
    assert!(past(&board), "it was called before");
}

#[test]
fn the_headline_of_a_trap_is_what_the_guest_said_of_it_on_either_stream() {
    let trap = || Outcome::Trapped("greet: unreachable executed".to_owned());
    let end = |stream, printed: &str, outcome| {
        let mut board = calling();
        board.apply(Event::Output {
            stream,
            bytes: printed.as_bytes().to_vec(),
        });
        board.apply(ended(1, outcome));
        let last = board.finished().unwrap();
        (last.text.clone(), console(&board))
    };
    let headline = "panic: boom\ngreet: unreachable executed";
    for stream in [Stream::Stdout, Stream::Stderr] {
        let (text, console) = end(stream, "panic: boom\n", trap());
        assert_eq!(text, headline);
        assert_eq!(console.last().unwrap(), "greet: unreachable executed");
    }
    let (text, _) = end(Stream::Host, "panic: boom\n", trap());
    assert_eq!(text, "greet: unreachable executed", "a host said it");
    let (text, _) = end(
        Stream::Stderr,
        "panic: boom\n\ngoroutine 1",
        Outcome::Exited(2),
    );
    assert_eq!(text, "panic: boom\nexited with code 2");
    for outcome in [
        Outcome::Trapped("import env.f: no".to_owned()),
        Outcome::Limited("out of fuel".to_owned()),
        Outcome::Exited(3),
    ] {
        let (text, _) = end(Stream::Stdout, "panic: caught\n", outcome);
        assert!(!text.contains("caught"), "{text}");
    }
}

#[test]
fn a_result_of_an_instance_that_was_interrupted_is_not_to_be_relied_on() {
    let mut board = calling();
    board.apply(Event::Instance(InstanceState::Broken));
    board.apply(ended(1, returned()));
    let last = board.finished().unwrap();
    assert_eq!(last.tone, Tone::Neutral);
    assert!(last.text.starts_with("returned (after an interrupted call"));
}

#[test]
fn a_name_that_is_empty_is_shown_as_such() {
    let mut info = greet();
    let import = &mut info.imports[0];
    import.name.clear();
    assert_eq!(import_name(import), "log.\"\"");
    assert_eq!(Called::default().to_string(), "\"\"()");
}

#[test]
fn the_title_of_the_page_names_the_plugin_and_whether_it_runs() {
    assert_eq!(Board::default().title(), "Plugboard");
    let mut board = Board::default();
    board.begin_load("greet.wasm");
    assert_eq!(board.title(), "Loading greet.wasm – Plugboard");
    let mut board = calling();
    assert_eq!(board.title(), "▶ greet.wasm – Plugboard");
    board.apply(Event::Waiting(WaitingFor::Stdin));
    assert_eq!(board.title(), "Waiting: greet.wasm – Plugboard");
    board.apply(Event::Waiting(WaitingFor::Resume));
    assert_eq!(board.title(), "Paused: greet.wasm – Plugboard");
    board.apply(ended(1, returned()));
    assert_eq!(board.title(), "greet.wasm – Plugboard");
}
