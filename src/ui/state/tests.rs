mod told;

use super::arrangement::{Pane, Panel};
use super::board::{Board, Effect, Phase};
use super::console::Filter;
use super::outcome::Tone;
use super::settings::{Field, Switch};
use super::sockets::{Edit, Socket};
use crate::go::{Param, Signature, Source, Type, Value};
use crate::module::{Export, ExternType, FuncType, Import, Info, Kind, ValType};
use crate::protocol::{
    Allocator, Answer, CallId, Command, Event, Files, InstanceState, Outcome, Report, Stream,
    Usage, WaitingFor,
};

fn function(name: &str, params: Vec<Param>, wasm: Vec<ValType>) -> Export {
    Export {
        name: name.to_owned(),
        ty: ExternType::Func(FuncType {
            params: wasm,
            results: Vec::new(),
        }),
        signatures: vec![(Signature::new(name, params, None), Source::Guess)],
    }
}

/// A reactor with `malloc`, `greet(name string)` and `st(n int32)`, which imports `log.log`.
fn greet() -> Info {
    let i32s = || vec![ValType::I32, ValType::I32];
    Info {
        name: "greet.wasm".to_owned(),
        size: 106_496,
        kind: Kind::Reactor,
        producer: None,
        memories: Vec::new(),
        exports: vec![
            function("_initialize", Vec::new(), Vec::new()),
            function(
                "malloc",
                vec![Param::new("n", Type::Int32)],
                vec![ValType::I32],
            ),
            function("greet", vec![Param::new("name", Type::String)], i32s()),
            function("st", vec![Param::new("n", Type::Int32)], vec![ValType::I32]),
        ],
        imports: vec![Import {
            module: "log".to_owned(),
            name: "log".to_owned(),
            ty: ExternType::Func(FuncType {
                params: i32s(),
                results: Vec::new(),
            }),
            signature: None,
        }],
        functions: 4,
        sections: Vec::new(),
    }
}

fn ready() -> Event {
    Event::Ready {
        answers: vec![Some(Answer::PrintString)],
        elsewhere: None,
    }
}

fn refused(name: &str) -> Event {
    Event::Refused {
        name: name.to_owned(),
        message: "truncated".to_owned(),
    }
}

/// A board with `greet.wasm` on it.
pub(super) fn plugged() -> Board {
    let mut board = Board::default();
    board.begin_load("greet.wasm");
    board.apply(Event::Read(Box::new(greet())));
    board.apply(ready());
    board
}

/// Calls `greet("WaZero")`.
fn calling() -> Board {
    let mut board = plugged();
    board.enter(0, "WaZero");
    assert_eq!(board.call().len(), 1);
    board
}

fn ended(call: u32, outcome: Outcome) -> Event {
    Event::Ended {
        call: CallId(call),
        outcome,
        usage: Usage {
            fuel: 1204,
            memory_pages: 2,
            grown_pages: 0,
        },
    }
}

fn returned() -> Outcome {
    Outcome::Returned {
        result: None,
        shown: None,
        raw: Vec::new(),
        args: Vec::new(),
    }
}

fn console(board: &Board) -> Vec<String> {
    let rows = board.console().rows(Filter::default(), 0, usize::MAX);
    rows.into_iter().map(|row| row.text).collect()
}

#[test]
fn a_module_can_be_called_when_it_is_ready_and_not_before() {
    let mut board = Board::default();
    assert_eq!(board.phase(), Phase::Empty);
    let effects = board.begin_load("greet.wasm");
    assert!(
        matches!(&effects[..], [Effect::Send(Command::Configure(settings))] if settings.args == ["greet.wasm"])
    );
    assert_eq!(board.phase(), Phase::Loading);
    board.apply(Event::Read(Box::new(greet())));
    board.apply(Event::Validating { done: 1, total: 2 });
    assert_eq!(board.loading().unwrap().progress, Some((1, 2)));
    assert!(!board.can_call());
    assert_eq!(
        board.apply(ready()),
        [
            Effect::Keep("greet.wasm".to_owned()),
            Effect::Send(Command::Files(Files::List))
        ]
    );
    assert_eq!(board.phase(), Phase::Ready);
    assert!(board.can_call());
}

#[test]
fn the_export_that_is_meant_for_people_is_selected() {
    assert_eq!(plugged().selected().unwrap().name, "greet");
    let mut program = greet();
    program.kind = Kind::Command;
    program
        .exports
        .push(function("_start", Vec::new(), Vec::new()));
    let mut board = Board::default();
    board.apply(Event::Read(Box::new(program)));
    assert_eq!(board.selected().unwrap().name, "_start");
}

#[test]
fn a_call_carries_what_was_typed() {
    let mut board = plugged();
    board.enter(0, "WaZero");
    let effects = board.call();
    let [Effect::Send(Command::Call { export, args, .. })] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(
        (export.as_str(), &args[..]),
        ("greet", &[Value::string("WaZero")][..])
    );
    assert_eq!(board.phase(), Phase::Running);
    assert_eq!(console(&board), ["greet(\"WaZero\")"]);
    assert_eq!(board.call(), [], "one call at a time");
}

#[test]
fn a_call_with_a_wrong_argument_is_not_made_and_loses_nothing() {
    let mut board = plugged();
    board.select("st");
    board.enter(0, "4000000000");
    assert_eq!(board.call(), []);
    let export = board.selected().unwrap();
    assert_eq!(&*board.form().texts(export)[0], "4000000000");
}

#[test]
fn the_start_export_is_started_not_called() {
    let mut board = plugged();
    board.select("_initialize");
    let effects = board.call();
    assert_eq!(effects, [Effect::Send(Command::Start { call: CallId(1) })]);
}

#[test]
fn what_a_run_uses_adds_up_and_stays_when_it_has_ended() {
    let mut board = calling();
    for _ in 0..2 {
        board.report(Report {
            events: Vec::new(),
            busy_micros: 300,
        });
    }
    board.report(Report {
        events: vec![ended(1, returned())],
        busy_micros: 50,
    });
    let finished = board.finished().unwrap();
    assert_eq!((finished.busy_micros, finished.usage.fuel), (650, 1204));
    assert_eq!(
        (finished.tone, finished.text.as_str()),
        (Tone::Good, "returned")
    );
    assert_eq!(board.phase(), Phase::Ready);
}

#[test]
fn output_is_shown_and_taken_once_a_report() {
    let mut board = calling();
    let output = |text: &str| Event::Output {
        stream: Stream::Host,
        bytes: text.as_bytes().to_vec(),
    };
    let effects = board.report(Report {
        events: vec![output("wasm >> "), output("Hello, WaZero\n")],
        busy_micros: 1,
    });
    assert_eq!(effects, [Effect::Send(Command::Taken { bytes: 22 })]);
    assert_eq!(console(&board)[1], "wasm >> Hello, WaZero");
}

#[test]
fn a_guest_that_waits_is_waiting_until_it_goes_on() {
    let mut board = calling();
    board.apply(Event::Waiting(WaitingFor::Page));
    assert_eq!(
        board.phase(),
        Phase::Running,
        "the page is not waited for long"
    );
    board.apply(Event::Waiting(WaitingFor::Clock));
    assert_eq!(board.phase(), Phase::Waiting);
    assert_eq!(board.run().unwrap().status(), "waiting for a timer");
    board.apply(Event::Progress(Usage::default()));
    assert_eq!(board.phase(), Phase::Running);
}

#[test]
fn stop_is_sent_once() {
    let mut board = calling();
    assert_eq!(board.stop(), [Effect::Send(Command::Stop)]);
    assert_eq!(board.stop(), []);
    board.apply(ended(1, Outcome::Stopped));
    assert_eq!(board.finished().unwrap().tone, Tone::Neutral);
    assert_eq!(board.stop(), []);
}

#[test]
fn how_a_call_ended_is_kept_by_export_and_said_in_the_console() {
    let mut board = calling();
    board.apply(ended(1, Outcome::Trapped("greet: unreachable".to_owned())));
    board.select("st");
    assert!(board.finished().is_none());
    board.select("greet");
    assert_eq!(board.finished().unwrap().text, "greet: unreachable");
    assert_eq!(console(&board)[1], "greet: unreachable");
}

#[test]
fn the_end_of_another_call_is_not_this_ones() {
    let mut board = calling();
    board.apply(ended(7, Outcome::Stopped));
    assert_eq!(board.phase(), Phase::Running);
}

#[test]
fn a_bad_file_is_refused_and_what_was_there_comes_back() {
    let mut board = plugged();
    board.enter(0, "typed");
    board.begin_load("half.wasm");
    let mut half = greet();
    half.name = "half.wasm".to_owned();
    half.exports.clear();
    board.apply(Event::Read(Box::new(half)));
    let effects = board.apply(refused("half.wasm"));
    assert_eq!(effects.last(), Some(&Effect::Restore));
    assert_eq!(board.plugged().unwrap().info.name, "greet.wasm");
    assert_eq!(board.phase(), Phase::Loading);
    board.apply(Event::Read(Box::new(greet())));
    board.apply(ready());
    assert!(board.can_call());
    assert_eq!(
        board.refused().unwrap().name,
        "half.wasm",
        "the message stays"
    );
    let export = board.selected().unwrap();
    assert_eq!(&*board.form().texts(export)[0], "typed");
}

#[test]
fn a_bad_file_on_an_empty_board_leaves_it_empty() {
    let mut board = Board::default();
    board.begin_load("half.wasm");
    assert_eq!(board.apply(refused("half.wasm")), []);
    assert_eq!(board.phase(), Phase::Empty);
    assert_eq!(board.refused().unwrap().message, "truncated");
    board.begin_load("greet.wasm");
    assert!(board.refused().is_none());
}

#[test]
fn a_module_that_is_refused_when_it_comes_back_is_gone() {
    let mut board = plugged();
    board.begin_load("half.wasm");
    board.apply(refused("half.wasm"));
    assert_eq!(board.apply(refused("greet.wasm")), []);
    assert_eq!(board.phase(), Phase::Empty);
}

#[test]
fn a_load_can_be_given_up() {
    let mut board = Board::default();
    board.begin_load("greet.wasm");
    assert_eq!(board.cancel_load(), []);
    assert_eq!(board.phase(), Phase::Empty);
    let mut board = plugged();
    board.begin_load("large.wasm");
    assert_eq!(board.cancel_load().last(), Some(&Effect::Restore));
}

#[test]
fn a_new_worker_keeps_what_was_typed_and_says_what_happened() {
    let mut board = calling();
    board.replaced("the worker did not stop");
    assert_eq!(board.phase(), Phase::Loading);
    assert_eq!(board.finished().unwrap().text, "the worker did not stop");
    board.apply(Event::Read(Box::new(greet())));
    board.apply(ready());
    assert!(board.can_call());
    assert_eq!(
        board.finished().unwrap().tone,
        Tone::Bad,
        "it still says so"
    );
    let export = board.selected().unwrap();
    assert_eq!(&*board.form().texts(export)[0], "WaZero");
}

#[test]
fn an_answer_that_was_chosen_is_given_again_to_the_same_import() {
    let mut board = plugged();
    let answer = Effect::Send(Command::Answer {
        import: 0,
        answer: Answer::Trap,
    });
    let trap = || Edit::Choose(Answer::Trap);
    assert!(board.edit_answer(0, trap()).contains(&answer));
    board.begin_load("greet.wasm");
    board.apply(Event::Read(Box::new(greet())));
    assert!(board.apply(ready()).contains(&answer));
    let socket = &board.plugged().unwrap().sockets[0];
    assert!(matches!(socket, Socket::Function(function) if function.answer == Answer::Trap));
    assert_eq!(board.edit_answer(9, trap()), [], "there is no such import");
}

#[test]
fn javascript_for_an_import_opens_where_it_is_written() {
    let mut board = plugged();
    board.edit_answer(0, Edit::Choose(Answer::Trap));
    assert_eq!(board.arrangement.open(Pane::First), Panel::Settings);
    board.edit_answer(0, Edit::Choose(Answer::Script(String::new())));
    assert_eq!(board.arrangement.open(Pane::First), Panel::Imports);
}

#[test]
fn a_command_that_is_rejected_ends_the_call_that_had_not_begun() {
    let mut board = calling();
    board.apply(Event::Rejected("not now".to_owned()));
    assert_eq!(board.phase(), Phase::Ready);
    assert_eq!(board.finished().unwrap().text, "not now");
}

#[test]
fn settings_are_sent_when_they_are_right() {
    let mut board = plugged();
    assert_eq!(board.enter_setting(Field::Fuel, "none".to_owned()), []);
    assert_eq!(board.switch_setting(Switch::Terminal, true), []);
    let effects = board.enter_setting(Field::Fuel, "1000".to_owned());
    let [Effect::Send(Command::Configure(settings))] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert!(settings.terminal);
    assert_eq!(settings.limits.fuel, Some(1000));
}

#[test]
fn restart_asks_for_a_fresh_instance_but_not_during_a_run() {
    let mut board = calling();
    assert_eq!(board.restart(), []);
    board.apply(ended(1, Outcome::Exited(3)));
    board.apply(Event::Instance(InstanceState::Exited(3)));
    assert_eq!(board.instance(), InstanceState::Exited(3));
    assert_eq!(board.restart(), [Effect::Send(Command::Reset)]);
    let opened = board.open_root();
    assert_eq!(opened.last(), Some(&Effect::Send(Command::Reset)));
}

fn source(text: &str) -> Vec<(String, String)> {
    vec![("main.go".to_owned(), text.to_owned())]
}

#[test]
fn source_is_sent_at_once_and_again_to_a_worker_that_takes_the_place_of_another() {
    let mut board = plugged();
    let sent = |files: &[(String, String)]| {
        Effect::Send(Command::GoSource {
            files: files.to_vec(),
        })
    };
    let files = source("package main");
    assert_eq!(board.add_source(&files), [sent(&files)]);
    board.replaced("it did not stop");
    let again = board.apply(Event::Read(Box::new(greet())));
    assert_eq!(again, [sent(&files)]);
    let mut other = greet();
    other.name = "other.wasm".to_owned();
    other.size += 1;
    board.begin_load("other.wasm");
    let read = board.apply(Event::Read(Box::new(other)));
    assert!(!read.contains(&sent(&files)), "{read:?}");
    assert!(board.go_source().is_none());
}

#[test]
fn source_that_is_dropped_with_a_module_is_the_modules_that_comes() {
    let mut board = plugged();
    board.begin_load("new.wasm");
    let sent = board.add_source(&source("package main"));
    assert_eq!(sent, [], "the module is not there yet");
    assert!(board.go_source().is_none(), "not the one that is there");
    let mut new = greet();
    new.name = "new.wasm".to_owned();
    let read = board.apply(Event::Read(Box::new(new)));
    assert!(read.contains(&Effect::Send(Command::GoSource {
        files: source("package main"),
    })));
    let source = board.go_source().unwrap();
    assert_eq!(source.dropped().collect::<Vec<_>>(), ["main.go"]);
}

#[test]
fn what_is_pasted_may_be_a_function_alone_and_can_be_taken_away_again() {
    let mut board = plugged();
    let text = "//go:wasmexport greet\nfunc greet(name string)";
    let [Effect::Send(Command::GoSource { files })] = &board.paste_source(text)[..] else {
        panic!("it is sent");
    };
    assert_eq!(files[0], ("pasted.go".to_owned(), text.to_owned()));
    assert_eq!(board.go_source().unwrap().pasted(), text);
    let [Effect::Send(Command::GoSource { files })] = &board.paste_source(" ")[..] else {
        panic!("it is sent");
    };
    assert_eq!(files.len(), 0);
}

#[test]
fn calls_are_remembered_the_last_one_first_and_can_be_repeated() {
    let mut board = calling();
    board.apply(ended(1, returned()));
    board.enter(0, "again");
    board.call();
    board.apply(ended(2, Outcome::Trapped("greet: unreachable".to_owned())));
    let written: Vec<String> = board
        .history()
        .iter()
        .map(|call| call.called.to_string())
        .collect();
    assert_eq!(written, ["greet(\"again\")", "greet(\"WaZero\")"]);
    board.select("st");
    let effects = board.repeat(1);
    let [Effect::Send(Command::Call { export, args, .. })] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(
        (&**export, &args[..]),
        ("greet", &[Value::string("WaZero")][..])
    );
    assert_eq!(board.repeat(0), [], "one call at a time");
    board.apply(ended(3, returned()));
    assert_eq!(board.history().len(), 3);
    assert_eq!(board.repeat(9), [], "there is no such call");
}

#[test]
fn an_allocator_that_was_chosen_is_chosen_again_for_the_same_module() {
    let mut board = plugged();
    let realloc = Some(Allocator::Realloc("cabi_realloc".to_owned()));
    let send = Effect::Send(Command::Allocate(realloc.clone()));
    assert_eq!(board.choose_allocator(realloc), std::slice::from_ref(&send));
    board.begin_load("greet.wasm");
    assert_eq!(board.apply(Event::Read(Box::new(greet()))), [send]);
    board.choose_allocator(None);
    assert_eq!(board.allocator(), None);
}
