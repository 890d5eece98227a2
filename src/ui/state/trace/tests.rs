use super::*;

use crate::protocol::{TraceEntry, TraceGroup};

fn entry(number: u64, result: &str) -> TraceRow {
    TraceRow {
        entry: TraceEntry {
            number,
            result: result.to_owned(),
            ..TraceEntry::default()
        },
        level: 2,
        above: 1,
        ..TraceRow::default()
    }
}

/// A row that stands for so many.
fn several(level: u8, first: u64, count: u64, is_open: bool) -> TraceRow {
    TraceRow {
        level,
        group: Some(TraceGroup {
            first,
            count,
            is_open,
            ..TraceGroup::default()
        }),
        ..entry(first + count - 1, "ESUCCESS")
    }
}

fn tell(board: &mut Board, first: u64, rows: Vec<TraceRow>, goes_on: bool) {
    board.trace_report(TraceReport::Shown {
        first,
        rows,
        goes_on,
    });
}

fn grown(board: &mut Board, recorded: u64, dropped: u64) {
    board.trace_report(TraceReport::Grown {
        recorded,
        dropped,
        passing: recorded - dropped,
        rows: recorded - dropped,
        filtering: false,
    });
}

fn shown(board: &mut Board, first: u64, count: u64) {
    let entries = (first..first + count).map(|number| entry(number, "ESUCCESS"));
    tell(board, first, entries.collect(), false);
}

fn asked(effects: &[Effect]) -> Option<(u64, u32)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Send(Command::Trace(Trace::Show { first, count })) => Some((*first, *count)),
        _ => None,
    })
}

#[test]
fn a_window_is_asked_for_once_and_not_again_while_it_is_known() {
    let mut board = Board::default();
    assert!(board.see_trace(0, 10).is_empty(), "the panel is closed");
    board.open_trace();
    grown(&mut board, 1_000, 0);
    assert_eq!(asked(&board.see_trace(500, 10)), Some((440, 130)));
    assert!(board.see_trace(500, 10).is_empty(), "it is on its way");
    shown(&mut board, 440, 130);
    assert_eq!(board.trace().row(500).map(|it| it.entry.number), Some(500));
    assert_eq!(board.trace().row(439), None);
    assert!(board.see_trace(490, 10).is_empty(), "it is there");
    assert!(asked(&board.see_trace(600, 10)).is_some());
}

#[test]
fn the_end_is_asked_for_again_as_it_grows_and_all_as_the_oldest_go() {
    let mut board = Board::default();
    board.open_trace();
    grown(&mut board, 5, 0);
    board.see_trace(0, 10);
    shown(&mut board, 0, 5);
    assert!(board.see_trace(0, 10).is_empty());
    grown(&mut board, 6, 0);
    assert!(asked(&board.see_trace(0, 10)).is_some());
    shown(&mut board, 0, 6);
    grown(&mut board, 6, 1);
    assert!(asked(&board.see_trace(0, 4)).is_some());
}

#[test]
fn who_follows_a_flood_sees_the_end_of_what_was_told() {
    let mut board = Board::default();
    board.open_trace();
    grown(&mut board, 1_000, 0);
    shown(&mut board, 900, 100);
    grown(&mut board, 5_000, 0);
    assert_eq!(board.trace().drawn_from(4_990, 11, true), 990);
    assert_eq!(board.trace().drawn_from(4_990, 11, false), 4_990);
    assert_eq!(board.trace().drawn_from(950, 11, true), 950);
}

#[test]
fn a_call_that_had_not_returned_is_asked_for_again() {
    let mut board = Board::default();
    board.open_trace();
    grown(&mut board, 1, 0);
    board.see_trace(0, 10);
    tell(&mut board, 0, vec![entry(0, "")], false);
    board.choose_row(0);
    assert!(board.see_trace(0, 10).is_empty());
    board.trace_goes_on();
    assert!(asked(&board.see_trace(0, 10)).is_some());
    shown(&mut board, 0, 1);
    let chosen = board.trace().chosen.clone();
    assert_eq!(
        chosen.map(|(_, it)| it.entry.result),
        Some("ESUCCESS".to_owned())
    );
    board.trace_goes_on();
    assert!(board.see_trace(0, 10).is_empty());
}

#[test]
fn a_filter_forgets_what_was_told() {
    let mut board = Board::default();
    board.open_trace();
    grown(&mut board, 1, 0);
    shown(&mut board, 0, 1);
    board.choose_row(0);
    let effects = board.filter_trace("x".to_owned());
    assert_eq!(
        effects,
        [ask(Trace::Filter(TraceFilter {
            text: "x".to_owned(),
            failed: false,
            call: None
        }))]
    );
    assert!(board.trace().is_filtered());
    assert_eq!((board.trace().row(0), &board.trace().chosen), (None, &None));
    board.only_calls(Calls::Latest);
    board.next_call();
    assert!(matches!(
        &board.trace_next_call()[..],
        [Effect::Send(Command::Trace(Trace::Filter(TraceFilter {
            call: Some(CallId(1)),
            ..
        })))]
    ));
}

#[test]
fn what_comes_of_another_filter_is_not_taken_for_this_one() {
    let mut board = Board::default();
    board.open_trace();
    grown(&mut board, 2, 0);
    assert!(asked(&board.see_trace(0, 10)).is_some());
    board.filter_trace("x".to_owned());
    shown(&mut board, 0, 2);
    assert_eq!(board.trace().row(0), None);
    assert!(asked(&board.see_trace(0, 10)).is_some());
    shown(&mut board, 0, 2);
    assert!(board.trace().row(0).is_some());
}

#[test]
fn bytes_are_those_of_the_entry_that_is_looked_into() {
    let mut board = Board::default();
    board.open_trace();
    grown(&mut board, 2, 0);
    shown(&mut board, 0, 2);
    assert_eq!(board.choose_row(1), [ask(Trace::Expand { number: 1 })]);
    for number in [0, 1] {
        let bytes = vec![("buf".to_owned(), 16, vec![7])];
        board.trace_report(TraceReport::Expanded { number, bytes });
        assert_eq!(board.trace().bytes.is_empty(), number == 0);
    }
}

#[test]
fn a_fresh_worker_is_told_what_the_old_one_was() {
    let mut board = Board::default();
    board.open_trace();
    board.record_trace(false);
    board.export_trace(TraceForm::Text);
    grown(&mut board, 9, 0);
    let effects = board.trace_anew();
    assert_eq!(effects.first(), Some(&ask(Trace::Record(false))));
    assert_eq!(effects.len(), 2);
    assert_eq!((board.trace().passing, board.trace().exporting), (0, false));
}

#[test]
fn parts_of_a_file_are_put_together_with_the_last_one() {
    let mut board = Board::default();
    board.export_trace(TraceForm::JsonLines);
    assert!(
        board.export_trace(TraceForm::Text).is_empty(),
        "one at a time"
    );
    let mut part = |last| {
        board.trace_report(TraceReport::Exported {
            form: TraceForm::JsonLines,
            bytes: Vec::new(),
            last,
        })
    };
    assert_eq!(part(false), [Effect::SavePart { last: None }]);
    let last = Some("trace.jsonl".to_owned());
    assert_eq!(part(true), [Effect::SavePart { last }]);
    assert!(!board.trace().exporting);
}

#[test]
fn times_are_readable() {
    assert_eq!(duration(999), "999 ns");
    assert_eq!(duration(1_500), "1.5 µs");
    assert_eq!(duration(5_000_000), "5.00 ms");
    assert_eq!(duration(61_000_000_000), "61.000 s");
    assert_eq!(time(12_345_678_901), "12.345678");
}

#[test]
fn the_last_path_that_nothing_covers_is_known_for_as_long_as_it_is_told() {
    let mut board = Board::default();
    board.open_trace();
    grown(&mut board, 3, 0);
    board.see_trace(0, 10);
    let results = [
        "EBADF: no open directory covers \"/etc/hosts\"",
        "EBADF: no open directory covers \"/etc/motd\"",
        "ENOENT",
    ];
    let entries = results.iter().zip(0..);
    let rows = entries.map(|(result, at)| entry(at, result)).collect();
    tell(&mut board, 0, rows, false);
    assert_eq!(board.trace().uncovered(), Some("\"/etc/motd\""));
    board.clear_trace();
    assert_eq!(board.trace().uncovered(), None);
}

#[test]
fn what_is_in_view_is_drawn_to_scale() {
    let mut board = Board::default();
    board.open_trace();
    grown(&mut board, 3, 0);
    let calls = [(1_000, 0), (1_500, 250), (1_750, 250)];
    let timed = |at, duration| {
        let mut row = entry(0, "ESUCCESS");
        (row.entry.at, row.entry.duration) = (at, duration);
        row
    };
    let rows = calls.map(|(at, duration)| timed(at, duration));
    // Equal ones are drawn from the first to the end of the last; the heading, most of which is out of view, as far as it goes.
    let mut group = timed(1_875, 125);
    group.group = Some(TraceGroup {
        since: 1_250,
        ..TraceGroup::default()
    });
    let mut heading = group.clone();
    heading.level = 1;
    heading.group.as_mut().unwrap().since = 10;
    let mut told = rows.to_vec();
    told.splice(0..0, [heading.clone()]);
    told.push(group.clone());
    tell(&mut board, 0, told, false);
    let span = board.trace().span(0, 10);
    assert_eq!(span, (1_000, 2_000));
    let bars = rows.each_ref().map(|row| bar(row, span));
    // What took no time can be seen all the same, also at the end.
    assert_eq!(bars, [(0, 8), (500, 250), (750, 250)]);
    assert_eq!(bar(&group, span), (250, 750));
    assert_eq!(bar(&heading, span), (0, 1_000));
    assert_eq!(bar(&timed(2_000, 0), span), (992, 8));
    assert_eq!(board.trace().span(0, 1), (10, 2_000));
    assert_eq!(board.trace().span(7, 2), (0, 0));
    assert_eq!(bar(&timed(2_000, u64::MAX), (0, 0)), (0, 1_000));
    // A clock that began anew.
    group.group.as_mut().unwrap().since = 9_000;
    assert_eq!(bar(&group, span), (992, 8));
}

#[test]
fn a_row_that_stands_for_several_is_opened_and_what_is_on_its_way_is_not_taken_for_what_comes() {
    let mut board = Board::default();
    board.open_trace();
    grown(&mut board, 3, 0);
    let rows = vec![several(1, 0, 502, true), several(2, 0, 500, false)];
    tell(&mut board, 0, rows, true);
    let open = |number, call, open| [ask(Trace::Open { number, call, open })];
    assert_eq!(board.choose_row(1), [], "there are no bytes of several");
    assert!(asked(&board.see_trace(0, 10)).is_some());
    assert_eq!(board.open_row(1), open(0, false, true));
    shown(&mut board, 0, 3);
    assert!(board.trace().row(1).unwrap().group.is_some());
    assert!(asked(&board.see_trace(0, 10)).is_some());
    let rows = vec![
        several(1, 0, 502, true),
        several(2, 0, 500, true),
        entry(0, ""),
    ];
    tell(&mut board, 0, rows, true);
    assert_eq!(board.open_row(1), open(0, false, false));
    assert_eq!(board.open_row(0), open(0, true, false));
    assert_eq!(board.open_row(2), [], "it is one");
    assert_eq!(board.open_row(9), [], "nobody has told of it");
}

#[test]
fn what_stands_for_more_than_it_did_is_asked_for_again_and_stays_chosen() {
    let mut board = Board::default();
    board.open_trace();
    grown(&mut board, 502, 0);
    let rows = vec![several(1, 0, 502, true), several(2, 2, 500, false)];
    tell(&mut board, 0, rows.clone(), true);
    board.choose_row(1);
    board.see_trace(0, 2);
    grown(&mut board, 503, 0);
    assert!(asked(&board.see_trace(0, 2)).is_some());
    let more = vec![
        several(1, 0, 503, true),
        entry(0, "ESUCCESS"),
        several(2, 2, 501, false),
    ];
    tell(&mut board, 0, more.clone(), true);
    assert_eq!(board.trace().chosen, Some((2, more[2].clone())));
    // What is above the last rows stays as it is.
    tell(&mut board, 0, rows, false);
    grown(&mut board, 504, 0);
    assert!(board.see_trace(0, 2).is_empty());
}

#[test]
fn calls_of_a_module_that_was_there_before_say_so() {
    let mut board = Board::default();
    let mut load = |name: &str, calls: u32| {
        board.trace_of(name);
        board.calls += calls;
        let before = |call| board.trace().before(call);
        [before(1), before(2), before(3), before(4)]
    };
    let of = |before: &str| Some(before.to_owned());
    let none = || None;
    assert_eq!(load("greet.wasm", 2), [none(), none(), none(), none()]);
    let ago = of("greet.wasm, 1 load ago");
    assert_eq!(load("greet.wasm", 1), [ago.clone(), ago, none(), none()]);
    // One that is never called changes nothing but how long ago the others were.
    load("never.wasm", 0);
    let first = of("greet.wasm, 3 loads ago");
    let second = of("greet.wasm, 2 loads ago");
    let told = load("hello.wasm", 1);
    assert_eq!(told, [first.clone(), first, second, none()]);
}
