use super::*;
use crate::go::Value;
use crate::go::value::show;
use crate::module::{Export, ExternType, FuncType, Info, Kind, ValType};
use crate::protocol::{Event, Mark, Outcome, Stream, Trace, TraceReport, Usage, WaitingFor};
use crate::saved::expected::HOST_CALLS;
use crate::saved::not_made;

/// A module that exports `twice(n int32) int32`, and `other` of another type in another build.
fn twice(name: &str, size: u64) -> Info {
    let i32s = |count| vec![ValType::I32; count];
    let ty = FuncType {
        params: i32s(1),
        results: i32s(1),
    };
    Info {
        name: name.to_owned(),
        size,
        kind: Kind::Bare,
        producer: None,
        memories: Vec::new(),
        exports: vec![Export {
            name: "twice".to_owned(),
            signatures: vec![(ty.numbers("twice"), crate::go::Source::Guess)],
            ty: ExternType::Func(ty),
        }],
        imports: Vec::new(),
        functions: 1,
        sections: Vec::new(),
    }
}

fn load(board: &mut Board, info: &Info) {
    board.begin_load(&info.name);
    board.apply(Event::Read(Box::new(info.clone())));
    board.apply(Event::Ready {
        answers: Vec::new(),
        elsewhere: None,
    });
}

fn ended(board: &mut Board, outcome: Outcome) -> Vec<Effect> {
    let call = board.run().unwrap().call;
    board.apply(Event::Ended {
        call,
        outcome,
        usage: Usage::default(),
    })
}

fn returned(result: i64) -> Outcome {
    Outcome::Returned {
        result: Some(Value::Int(result)),
        shown: Some(result.to_string()),
        raw: Vec::new(),
        args: vec![Value::Int(21)],
    }
}

/// A board on which `twice(21)` has returned 42.
fn called() -> Board {
    let mut board = Board::default();
    load(&mut board, &twice("twice.wasm", 1));
    board.enter(0, "21");
    board.call();
    board.apply(Event::Output {
        stream: Stream::Stdout,
        bytes: b"once\n".to_vec(),
    });
    ended(&mut board, returned(42));
    board
}

/// The same, saved so often.
fn saved(times: usize) -> Board {
    let mut board = called();
    for _ in 0..times {
        board.save_call(None);
        board.apply(Event::Trace(TraceReport::Made(Some(Vec::new()))));
    }
    board
}

fn verdicts(board: &Board) -> Vec<Verdict> {
    let calls = board.saved_calls().list.iter();
    calls.map(|saved| saved.verdict.clone()).collect()
}

fn sent(effects: &[Effect]) -> Vec<String> {
    let names = effects.iter().map(|effect| match effect {
        Effect::Send(Command::Reset) => "reset".to_owned(),
        Effect::Send(Command::Call {
            args, signature, ..
        }) => show(&args[0], &signature.params[0].ty).to_string(),
        Effect::Send(Command::Trace(Trace::Made)) => "made?".to_owned(),
        Effect::Send(Command::Judge(judging)) => format!("judge {}", judging.number),
        other => format!("{other:?}"),
    });
    names.collect()
}

#[test]
fn a_call_is_saved_with_what_just_happened() {
    let mut board = called();
    assert_eq!(sent(&board.save_call(None)), ["made?"]);
    let lines = vec!["env.log(7)".to_owned()];
    board.apply(Event::Trace(TraceReport::Made(Some(lines))));
    let calls = board.saved_calls();
    let expect = r#"{"exit":null,"result":42,"stdout":"once\n","stderr":"","printed":"","host_calls":["env.log(7)"]}"#;
    let call = &calls.list[0].call;
    assert_eq!(Json::Object(call.expect.clone()).to_string(), expect);
    assert_eq!((&*call.name, &*call.export), ("twice(21)", "twice"));
    assert_eq!(verdicts(&board), [Verdict::Green]);
    // Another of the same has another name.
    board.save_call(Some(0));
    assert_eq!(board.saved_calls().list[1].call.name, "twice(21) (2)");
}

#[test]
fn what_did_not_end_by_itself_is_not_saved() {
    let mut board = called();
    board.call();
    ended(&mut board, Outcome::Stopped);
    assert_eq!(board.save_call(None), []);
    assert!(board.saved_calls().list.is_empty());
    // The one before is in the history.
    assert_eq!(
        board.save_call(Some(1)),
        [],
        "its host calls are not known any more"
    );
    assert_eq!(board.saved_calls().list.len(), 1);
    assert!(
        !board.saved_calls().list[0]
            .call
            .expect
            .contains_key(HOST_CALLS)
    );
}

#[test]
fn all_are_run_one_after_the_other_and_judged() {
    let mut board = saved(2);
    board.enter(0, "7");
    assert_eq!(sent(&board.run_saved(None)), ["reset", "21"]);
    assert!(!board.can_call() && board.is_running_saved());
    assert_eq!(board.run_saved(None), [], "one round at a time");
    assert_eq!(verdicts(&board), [Verdict::Runs, Verdict::Not]);
    assert_eq!(sent(&ended(&mut board, returned(42))), ["made?"]);
    let effects = board.apply(Event::Trace(TraceReport::Made(Some(Vec::new()))));
    assert_eq!(sent(&effects), ["judge 1", "reset", "21"]);
    let wrong = Difference {
        what: "result".to_owned(),
        lines: vec![(Mark::Happened, "43".to_owned())],
    };
    board.apply(Event::Judged {
        number: 1,
        differences: vec![wrong.clone()],
    });
    ended(&mut board, returned(42));
    let effects = board.apply(Event::Trace(TraceReport::Made(Some(Vec::new()))));
    assert_eq!(sent(&effects), ["judge 2"]);
    assert!(board.can_call() && !board.is_running_saved());
    board.apply(Event::Judged {
        number: 2,
        differences: Vec::new(),
    });
    assert_eq!(
        verdicts(&board),
        [Verdict::Red(vec![wrong]), Verdict::Green]
    );
    assert_eq!(board.saved_calls().counts(), [1, 1, 0]);
    assert_eq!(board.history().len(), 1, "they are not the person's");
    let typed = board.form().arguments(board.selected().unwrap());
    assert_eq!(typed.unwrap(), [Value::Int(7)], "what is typed stays");
}

#[test]
fn in_order_they_share_an_instance() {
    let mut board = saved(2);
    board.order_saved(true);
    assert_eq!(sent(&board.run_saved(None)), ["reset", "21"]);
    ended(&mut board, returned(42));
    let effects = board.apply(Event::Trace(TraceReport::Made(None)));
    assert_eq!(sent(&effects), ["judge 1", "21"]);
    ended(&mut board, returned(42));
    board.apply(Event::Trace(TraceReport::Made(None)));
    assert_eq!(
        sent(&board.run_saved(Some(2))),
        ["21"],
        "one alone: in the one that is there"
    );
}

#[test]
fn one_that_cannot_be_made_is_red_and_the_next_one_is_made() {
    let mut board = saved(2);
    let text = r#"{"name": "gone", "export": "gone", "args": []}"#;
    board.edit_saved(1, text);
    assert_eq!(sent(&board.run_saved(None)), ["reset", "21"]);
    assert!(
        matches!(&verdicts(&board)[..], [Verdict::Red(why), Verdict::Runs]
        if why[0].lines[0].1 == "the module exports no function gone")
    );
}

#[test]
fn stop_ends_the_round_and_says_nothing_of_the_rest() {
    let mut board = saved(2);
    board.run_saved(None);
    assert_eq!(board.stop(), [Effect::Send(Command::Stop)]);
    assert_eq!(ended(&mut board, Outcome::Stopped), []);
    assert_eq!(verdicts(&board), [Verdict::Not, Verdict::Not]);
    assert!(board.can_call());
}

#[test]
fn calls_are_made_by_the_signatures_of_this_build() {
    let mut board = saved(1);
    board.add_source(&[("main.go".to_owned(), "package main".to_owned())]);
    load(&mut board, &twice("twice.wasm", 2));
    assert_eq!(board.run_saved(None), [], "its source is being read");
    assert!(board.is_running_saved() && !board.can_call());
    let signatures = || Event::Signatures(Box::default());
    assert_eq!(
        sent(&board.apply(signatures())),
        Vec::<String>::new(),
        "that of the module"
    );
    assert_eq!(sent(&board.apply(signatures())), ["reset", "21"]);
    assert_eq!(
        sent(&board.apply(signatures())),
        Vec::<String>::new(),
        "it runs"
    );
}

#[test]
fn stop_ends_a_round_that_waits() {
    let mut board = saved(1);
    board.add_source(&[("main.go".to_owned(), "package main".to_owned())]);
    load(&mut board, &twice("twice.wasm", 2));
    board.run_saved(None);
    board.stop();
    assert!(board.can_call());
}

#[test]
fn nobody_is_there_to_type() {
    let mut board = saved(1);
    board.run_saved(None);
    let effects = board.apply(Event::Waiting(WaitingFor::Stdin));
    assert_eq!(effects, [Effect::Send(Command::Stdin(None))]);
}

#[test]
fn a_worker_that_is_replaced_leaves_no_call_running() {
    let mut board = saved(2);
    board.run_saved(None);
    board.replaced("it failed");
    assert!(matches!(
        &verdicts(&board)[..],
        [Verdict::Red(_), Verdict::Not]
    ));
    assert!(!board.is_running_saved());
}

#[test]
fn another_build_has_no_verdicts_and_another_plugin_none_of_the_calls() {
    let mut board = saved(1);
    load(&mut board, &twice("twice.wasm", 2));
    assert_eq!(verdicts(&board), [Verdict::Not]);
    let mut other = twice("other.wasm", 3);
    other.exports[0].name = "thrice".to_owned();
    load(&mut board, &other);
    assert!(board.saved_calls().list.is_empty());
    assert_eq!(board.offered(), Some("twice.wasm"));
    board.use_offered();
    assert_eq!(board.saved_calls().list.len(), 1);
}

#[test]
fn expectations_are_switched_off_and_on_and_brought_up_to_date() {
    let mut board = saved(1);
    board.switch_expected(1, "stdout");
    let list = |board: &Board| board.saved_calls().list[0].expectations();
    assert!(list(&board).contains(&("stdout", false)));
    assert_eq!(verdicts(&board), [Verdict::Not]);
    board.switch_expected(1, "stdout");
    assert!(list(&board).contains(&("stdout", true)));
    board.switch_expected(1, "stderr");
    board.run_saved(None);
    ended(&mut board, returned(43));
    board.apply(Event::Trace(TraceReport::Made(Some(Vec::new()))));
    board.apply(Event::Judged {
        number: 1,
        differences: vec![not_made("it is another")],
    });
    assert!(board.saved_calls().list[0].can_update());
    board.update_saved(1);
    let expect = &board.saved_calls().list[0].call.expect;
    assert_eq!(expect["result"], 43);
    assert!(
        !expect.contains_key("stderr"),
        "what was switched off stays off"
    );
    assert_eq!(verdicts(&board), [Verdict::Green]);
}

#[test]
fn a_call_is_edited_as_a_file_has_it() {
    let mut board = saved(1);
    let text = board.saved_calls().list[0].text();
    board.edit_saved(1, &text.replace("42", "4x"));
    let edited = board.saved_calls().list[0].edited.clone().unwrap();
    assert!(edited.0.contains("4x") && edited.1.unwrap().starts_with("JSON: "));
    assert_eq!(board.saved_calls().list[0].call.expect["result"], 42);
    board.edit_saved(1, &text.replace("42", "44"));
    assert_eq!(board.saved_calls().list[0].call.expect["result"], 44);
    assert_eq!(verdicts(&board), [Verdict::Not]);
}

#[test]
fn a_file_brings_calls_in_place_of_those_of_the_same_name() {
    let mut board = saved(2);
    board.rename_saved(2, "second".to_owned());
    board.order_saved(true);
    let (name, text) = board.calls_file().unwrap();
    assert_eq!(name, "twice.calls.json");
    board.remove_saved(2);
    board.order_saved(false);
    board.open_calls("calls.json", &text);
    let calls = board.saved_calls();
    let names: Vec<&str> = calls.list.iter().map(|saved| &*saved.call.name).collect();
    assert_eq!((names, calls.in_order), (vec!["twice(21)", "second"], true));
    board.open_calls("calls.json", "{}");
    let problem = board.saved_calls().problem.clone().unwrap();
    assert!(
        problem.starts_with("calls.json: it is no file of calls"),
        "{problem}"
    );
    assert_eq!(board.saved_calls().list.len(), 2);
}
