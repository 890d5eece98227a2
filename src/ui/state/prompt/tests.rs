use super::*;
use crate::protocol::{CallId, Usage, WaitingFor};
use crate::ui::state::console::Filter;
use crate::ui::state::outcome::Called;
use crate::ui::state::run::Run;

/// A board on which a guest waits for stdin.
fn waiting() -> Board {
    let mut board = Board {
        run: Some(Run::new(CallId(1), Called::default())),
        ..Board::default()
    };
    board.apply(crate::protocol::Event::Waiting(WaitingFor::Stdin));
    board
}

fn sent(effects: &[Effect]) -> String {
    let mut all = Vec::new();
    for effect in effects {
        match effect {
            Effect::Send(Command::Stdin(Some(bytes))) => all.extend_from_slice(bytes),
            Effect::Send(Command::Stdin(None)) => all.extend_from_slice(b"<end>"),
            other => panic!("{other:?}"),
        }
    }
    String::from_utf8(all).unwrap()
}

fn type_and_send(board: &mut Board, line: &str) -> String {
    board.type_line(line.to_owned());
    sent(&board.send_line())
}

fn seen(board: &Board) -> Vec<String> {
    let rows = board.console().rows(Filter::default(), 0, usize::MAX);
    rows.into_iter().map(|row| row.text).collect()
}

#[test]
fn a_line_is_sent_with_its_newline_and_seen_in_the_console() {
    let mut board = waiting();
    assert_eq!(type_and_send(&mut board, "Ada"), "Ada\n");
    assert_eq!(board.prompt().unwrap().text(), "");
    assert_eq!(type_and_send(&mut board, ""), "\n");
    assert_eq!(seen(&board), ["Ada", ""]);
    assert_eq!(
        board.console().output(Filter::default()),
        b"",
        "it is no output"
    );
}

#[test]
fn there_is_a_prompt_once_the_guest_waits_or_has_run_for_a_while() {
    let mut board = Board::default();
    assert_eq!(board.prompt(), None);
    let mut run = Run::new(CallId(1), Called::default());
    run.interactive = true;
    board.run = Some(run);
    assert_eq!(board.prompt(), None, "most calls are over at once");
    board.apply(crate::protocol::Event::Progress(Usage::default()));
    assert!(
        board.prompt().is_some(),
        "what is typed ahead is kept for it"
    );
    assert_eq!(type_and_send(&mut board, "ahead"), "ahead\n");

    board.run = Some(Run::new(CallId(2), Called::default()));
    board.apply(crate::protocol::Event::Progress(Usage::default()));
    assert_eq!(board.prompt(), None, "stdin is not typed");
    assert!(waiting().prompt().is_some());
}

#[test]
fn control_d_sends_what_is_typed_or_ends_the_file() {
    let mut board = waiting();
    board.type_line("half".to_owned());
    assert_eq!(sent(&board.end_line()), "half");
    assert_eq!(sent(&board.end_line()), "<end>");
    assert_eq!(board.prompt(), None);
    assert_eq!(board.end_line(), [], "there is one end");
    assert_eq!(seen(&board), ["half^D"]);
    board.apply(crate::protocol::Event::Instance(
        crate::protocol::InstanceState::Fresh,
    ));
    assert!(board.prompt().is_some(), "a fresh instance reads anew");
}

#[test]
fn control_c_forgets_what_is_typed_and_stops() {
    let mut board = waiting();
    board.type_line("half".to_owned());
    assert_eq!(board.interrupt(), [Effect::Send(Command::Stop)]);
    assert_eq!(board.prompt().unwrap().text(), "");
}

#[test]
fn several_lines_that_are_pasted_are_sent_at_once() {
    let mut board = waiting();
    assert_eq!(
        sent(&board.paste_lines("a", "b\r\nc\n\nd", "e")),
        "ab\nc\n\n"
    );
    assert_eq!(board.prompt().unwrap().text(), "de");
    assert_eq!(board.paste_lines("x", "y", "z"), []);
    assert_eq!(board.prompt().unwrap().text(), "xyz");
    assert_eq!(sent(&board.paste_lines("", "\n", "")), "\n");
}

#[test]
fn the_history_goes_back_and_forth_and_keeps_the_draft() {
    let mut board = waiting();
    for line in ["one", "two", "two", ""] {
        type_and_send(&mut board, line);
    }
    board.type_line("draft".to_owned());
    let mut look = |older: bool| {
        board.look_back(older);
        board.prompt().unwrap().text().to_owned()
    };
    assert_eq!(look(false), "draft", "there is nothing newer");
    assert_eq!(look(true), "two");
    assert_eq!(look(true), "one");
    assert_eq!(look(true), "one", "there is nothing older");
    assert_eq!(look(false), "two");
    assert_eq!(look(false), "draft");
}

#[test]
fn keys_are_the_bytes_that_xterm_sends() {
    let plain = |name| Key {
        name,
        ..Key::default()
    };
    let control = |name| Key {
        control: true,
        ..plain(name)
    };
    for (key, bytes) in [
        (plain("Enter"), "\r"),
        (plain("Tab"), "\t"),
        (plain("Backspace"), "\x7f"),
        (plain("Escape"), "\x1b"),
        (plain("ArrowUp"), "\x1b[A"),
        (plain("ArrowLeft"), "\x1b[D"),
        (control("ArrowRight"), "\x1b[1;5C"),
        (plain("Delete"), "\x1b[3~"),
        (control("Delete"), "\x1b[3;5~"),
        (control("c"), "\x03"),
        (control("d"), "\x04"),
        (control("["), "\x1b"),
        (control(" "), "\0"),
        (
            Key {
                alt: true,
                ..plain("b")
            },
            "\x1bb",
        ),
    ] {
        assert_eq!(key.bytes().as_deref(), Some(bytes.as_bytes()), "{key:?}");
    }
    for key in [
        plain("a"),
        plain("ż"),
        plain("Shift"),
        plain("F5"),
        control("Enter"),
        control("."),
        Key {
            shift: true,
            ..plain("Tab")
        },
    ] {
        assert_eq!(key.bytes(), None, "{key:?}");
    }
}

#[test]
fn the_terminal_answers_a_guest_that_reads() {
    use crate::protocol::{Event, Stream};
    let mut board = waiting();
    let ask = Event::Output {
        stream: Stream::Stdout,
        bytes: b"ab\x1b[6n".to_vec(),
    };
    assert_eq!(board.apply(ask.clone()), [], "it has not read yet");
    assert_eq!(board.apply(Event::Waiting(WaitingFor::Clock)), []);
    let replied = board.apply(Event::Waiting(WaitingFor::Stdin));
    assert_eq!(sent(&replied), "\x1b[1;3R");
    assert_eq!(seen(&board), ["ab"], "it is not seen");
    assert_eq!(board.apply(Event::Waiting(WaitingFor::Stdin)), [], "once");
    board.apply(ask);
    board.end_line();
    assert_eq!(
        board.apply(Event::Waiting(WaitingFor::Stdin)),
        [],
        "it has ended"
    );
}
