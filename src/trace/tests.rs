use super::*;
use crate::protocol::{TraceFilter, TraceForm};

/// Records a call that has ended.
fn record(trace: &mut Trace, at: u64, name: &str, arguments: &str, result: &str) {
    let draft = trace.begin(at, at * 2, name);
    draft.arguments.push_str(arguments);
    draft.result.push_str(result);
    draft.keep("buf", 16, arguments.as_bytes());
    trace.end(at + 3, result != "ESUCCESS");
}

fn looking(text: &str, failed: bool, call: Option<u32>) -> Looking {
    Looking::new(Filter::new(&TraceFilter {
        text: text.to_owned(),
        failed,
        call: call.map(CallId),
    }))
}

/// Applies it to all: says in how many steps.
fn apply(looking: &mut Looking, trace: &mut Trace) -> usize {
    let mut steps = 1;
    while looking.step(trace) {
        steps += 1;
    }
    steps
}

/// The numbers of what rows show.
fn numbers(looking: &Looking, trace: &Trace, first: u64, count: u32) -> Vec<u64> {
    let (rows, _) = looking.show(trace, first, count);
    rows.iter().map(|row| row.entry.number).collect()
}

#[test]
fn what_was_recorded_comes_back() {
    let mut trace = Trace::default();
    trace.enter(CallId(7), "greet");
    record(&mut trace, 100, "fd_write", "1, 1 iovec", "ESUCCESS");
    // A fresh instance: its clock begins anew.
    trace.enter(CallId(8), "_start");
    record(&mut trace, 5, "fd_close", "9", "EBADF");
    assert_eq!(
        trace.entry(0),
        Some(TraceEntry {
            number: 0,
            at: 100,
            fuel: 200,
            duration: 3,
            call: 7,
            export: "greet".to_owned(),
            name: "fd_write".to_owned(),
            arguments: "1, 1 iovec".to_owned(),
            result: "ESUCCESS".to_owned(),
            failed: false,
        })
    );
    let second = trace.entry(1).unwrap();
    assert_eq!((second.at, second.call, &*second.export), (5, 8, "_start"));
    assert!(second.failed);
    assert_eq!(
        trace.stretches(0),
        [("buf".to_owned(), 16, b"1, 1 iovec".to_vec())]
    );
    assert_eq!(trace.entry(2), None);
}

#[test]
fn a_call_that_waits_is_one_entry_with_what_it_waited() {
    let mut trace = Trace::default();
    let mut failures = looking("", true, None);
    trace.begin(10, 0, "poll_oneoff").arguments.push('x');
    let outer = trace.open();
    record(&mut trace, 20, "fd_write", "", "ESUCCESS");
    assert_eq!(trace.settled(), outer);
    assert_eq!(trace.entry(outer).unwrap().result, "");
    apply(&mut failures, &mut trace);
    assert_eq!(failures.count(), 0);
    trace.begin_again(outer).result.push_str("EINTR");
    trace.finish(outer, 50, true);
    let entry = trace.entry(outer).unwrap();
    assert_eq!((entry.at, entry.duration), (10, 40));
    assert_eq!((&*entry.arguments, &*entry.result), ("x", "EINTR"));
    assert_eq!(trace.settled(), 2);
    // It has been looked at before it failed.
    apply(&mut failures, &mut trace);
    assert_eq!(numbers(&failures, &trace, 1, 10), [outer]);
}

#[test]
fn calls_are_equal_by_name_and_by_how_they_ended() {
    let mut trace = Trace::default();
    let mut everything = looking("", false, None);
    trace.enter(CallId(1), "greet");
    for at in 0..5 {
        record(&mut trace, at * 10, "fd_write", &at.to_string(), "ESUCCESS");
    }
    trace.begin(50, 0, "fd_write").arguments.push('5');
    let waits = trace.open();
    apply(&mut everything, &mut trace);
    let (rows, goes_on) = everything.show(&trace, 0, 10);
    assert!(goes_on, "the next call may be equal");
    let told: Vec<(u8, u64, &str)> = rows
        .iter()
        .map(|row| (row.level, row.above, &*row.entry.arguments))
        .collect();
    assert_eq!(told, [(1, 0, "5"), (2, 1, "4"), (2, 2, "5")]);
    let group = rows[1].group.clone().unwrap();
    assert_eq!((group.since, group.count, group.total), (0, 5, 15));
    // Once it has returned, it is one of them.
    trace.begin_again(waits).result.push_str("ESUCCESS");
    trace.finish(waits, 57, false);
    apply(&mut everything, &mut trace);
    let (rows, _) = everything.show(&trace, 1, 10);
    let group = rows[0].group.clone().unwrap();
    assert_eq!((rows.len(), group.count, group.total), (1, 6, 15 + 7));
    // What fails is another row, and so is what another call asks for.
    record(&mut trace, 60, "fd_write", "", "EBADF");
    trace.enter(CallId(2), "greet");
    record(&mut trace, 70, "fd_write", "", "EBADF");
    apply(&mut everything, &mut trace);
    let (rows, _) = everything.show(&trace, 0, 10);
    let levels: Vec<u8> = rows.iter().map(|row| row.level).collect();
    assert_eq!(levels, [1, 2, 2, 1, 2]);
    assert_eq!(rows[3].entry.call, 2);
}

#[test]
fn what_is_open_when_its_run_ends_says_so() {
    let mut trace = Trace::default();
    for at in [1, 2] {
        trace.begin(at, 0, "fd_read");
        trace.open();
    }
    trace.finish_all(9, "stopped");
    let durations: Vec<u64> = (0..2).map(|n| trace.entry(n).unwrap().duration).collect();
    assert_eq!(durations, [8, 7]);
    assert!(trace.entry(0).unwrap().failed);
    assert_eq!(trace.entry(1).unwrap().result, "stopped");
}

#[test]
fn the_oldest_are_forgotten_and_counting_goes_on() {
    let mut trace = Trace::bounded(10, usize::MAX);
    for at in 0..25 {
        record(&mut trace, at, "f", "", "ESUCCESS");
    }
    assert_eq!(trace.held(), 15..25);
    assert_eq!(trace.entry(14), None);
    assert_eq!(trace.entry(15).unwrap().at, 15);
    trace.clear();
    assert_eq!(trace.held(), 25..25);
    record(&mut trace, 30, "f", "", "ESUCCESS");
    assert_eq!(trace.entry(25).unwrap().number, 0);
}

#[test]
fn memory_is_bounded() {
    let mut trace = Trace::bounded(usize::MAX, 4 << 20);
    let text = "x".repeat(900);
    let mut most = 0;
    for at in 0..20_000 {
        record(&mut trace, at, "f", &text, &text);
        most = most.max(trace.size());
    }
    assert!(most <= 5 << 20, "{most} bytes");
    assert!(trace.held().start > 0);
    assert_eq!(trace.entry(19_999).unwrap().arguments, text);
    trace.clear();
    assert!(trace.size() < 1 << 20, "{} bytes", trace.size());
}

#[test]
fn a_million_calls_are_held_filtered_and_written() {
    let mut trace = Trace::default();
    for number in 0..1_000_000_u32 {
        let at = u64::from(number);
        trace.enter(CallId(number / 400_000), "main");
        let result = if at % 1_000 == 0 { "EBADF" } else { "ESUCCESS" };
        record(&mut trace, at, "fd_write", "1, 1 iovec, 14 B", result);
    }
    assert_eq!(trace.held(), 0..1_000_000);
    assert!(trace.size() < BYTES, "{} bytes", trace.size());

    let mut everything = looking("", false, None);
    assert!(apply(&mut everything, &mut trace) > 50, "little by little");
    assert_eq!(everything.count(), 1_000_000);
    // Three calls of an export; in each, runs of 999 equal calls between single ones.
    assert_eq!(everything.rows(), 3 + 2 * 1_000);
    let last = numbers(&everything, &trace, 2_001, 10);
    assert_eq!(last, [999_000, 999_999]);
    everything.open(999_001, false, true);
    assert_eq!(everything.rows(), 3 + 2 * 1_000 + 999);
    assert_eq!(numbers(&everything, &trace, 3_000, 10), [999_998, 999_999]);

    let mut failures = looking("ebadf", true, Some(1));
    assert!(apply(&mut failures, &mut trace) > 50, "little by little");
    assert_eq!((failures.count(), failures.rows()), (400, 2));
    failures.open(400_000, false, true);
    assert_eq!(numbers(&failures, &trace, 3, 2), [401_000, 402_000]);

    let across = "write(1, 1 iovec, 14 B) = EB";
    let mut across = looking(across, false, None);
    apply(&mut across, &mut trace);
    assert_eq!(across.count(), 1_000);

    let mut at = 0;
    let mut lines = 0;
    while at < 1_000_000 {
        let mut text = String::new();
        let form = TraceForm::JsonLines;
        at = write(
            &trace,
            everything.filter(),
            form,
            (at, 1_000_000),
            &mut text,
        );
        lines += text.lines().count();
    }
    assert_eq!(lines, 1_000_000);

    // One more: the first one goes, from everywhere.
    record(&mut trace, 0, "f", "", "ESUCCESS");
    assert_eq!(trace.held(), 1..1_000_001);
    apply(&mut everything, &mut trace);
    assert_eq!(everything.count(), 1_000_000);
    let (rows, _) = everything.show(&trace, 0, 1);
    let group = rows[0].group.as_ref().unwrap();
    assert_eq!(
        (group.first, group.count, group.total),
        (1, 399_999, 3 * 399_999)
    );
}

#[test]
fn files_are_json_lines_and_text_like_that_of_strace() {
    let mut trace = Trace::default();
    trace.enter(CallId(2), "gr\"eet");
    let argument = "\"a\\n\", \u{1}é";
    record(&mut trace, 1_000_000_005, "fd_write", argument, "ENOENT");
    trace.begin(7, 0, "fd_read");
    trace.open();
    let mut text = String::new();
    let filter = Filter::default();
    assert_eq!(
        write(&trace, &filter, TraceForm::JsonLines, (0, 2), &mut text),
        2
    );
    let values: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(values[0], serde_json::to_value(trace.entry(0)).unwrap());
    assert_eq!(values[1], serde_json::to_value(trace.entry(1)).unwrap());
    assert_eq!(values[0]["arguments"], argument);

    let mut text = String::new();
    write(&trace, &filter, TraceForm::Text, (0, 2), &mut text);
    assert_eq!(
        text,
        "[2 gr\"eet] 1.000000005 fd_write(\"a\\n\", \u{fffd}é) = ENOENT <0.000000003>\n\
         [2 gr\"eet] 0.000000007 fd_read() <unfinished ...>\n"
    );
}
