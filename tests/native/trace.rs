//! The list of host calls, as the page asks for it.

use crate::driver::{Driver, Ended, signature};
use plugboard::protocol::{
    Answer, CallId, Command, Event, Trace, TraceEntry, TraceFilter, TraceForm, TraceReport,
    TraceRow,
};
use plugboard::session::{HostResult, Next};

/// Prints a line, opens a file that is not there, sleeps 5 ms, asks the host for a name.
const GUEST: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open" (func $open
        (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "log" "log" (func $log (param i32 i32)))
    (import "host" "five" (func $five (param i64 f64) (result i32)))
    (memory (export "memory") 2)
    (data (i32.const 0) "\10\00\00\00\06\00\00\00")
    (data (i32.const 16) "hello\n")
    (data (i32.const 32) "etc/motd")
    ;; a subscription: the monotonic clock, 5 ms
    (data (i32.const 272) "\01\00\00\00")
    (data (i32.const 280) "\40\4b\4c\00\00\00\00\00")
    (func (export "print") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func (export "open") (drop (call $open (i32.const 3) (i32.const 1) (i32.const 32) (i32.const 8)
        (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8))))
    (func (export "sleep") (drop (call $poll
        (i32.const 256) (i32.const 512) (i32.const 1) (i32.const 8))))
    (func (export "log") (call $log (i32.const 16) (i32.const 5)))
    (func (export "five") (drop (call $five (i64.const -7) (f64.const 1.5))))
    (func (export "flood") (param $n i32)
        (loop $again
            (call $write (i32.const 9) (i32.const 0) (i32.const 1) (i32.const 8))
            drop
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n))))
    (func (export "spin") (loop $again (br $again))))"#;

fn guest() -> Driver {
    looked_at(Driver::with_wat(GUEST))
}

/// Somebody looks at the host calls.
fn looked_at(mut driver: Driver) -> Driver {
    told(&mut driver, filter("", false, None));
    driver
}

fn called(driver: &mut Driver, export: &str) -> Ended {
    driver.call(export, &[], Vec::new())
}

fn flood(driver: &mut Driver, count: i64) {
    use plugboard::go::{Type, Value};
    driver.call("flood", &[Type::Int32], vec![Value::Int(count)]);
}

/// What the session says to a command, until it has nothing more to do.
fn told(driver: &mut Driver, command: Trace) -> Vec<TraceReport> {
    driver.session.handle(Command::Trace(command));
    let (_, events) = driver.drain();
    let reports = events.into_iter().filter_map(|event| match event {
        Event::Trace(report) => Some(report),
        _ => None,
    });
    reports.collect()
}

fn rows(driver: &mut Driver) -> Vec<TraceRow> {
    let command = Trace::Show {
        first: 0,
        count: 100,
    };
    for report in told(driver, command) {
        if let TraceReport::Shown { rows, .. } = report {
            return rows;
        }
    }
    panic!("nothing is shown");
}

/// The host calls that are rows of their own.
fn shown(driver: &mut Driver) -> Vec<TraceEntry> {
    let rows = rows(driver).into_iter();
    let alone = rows.filter(|row| row.group.is_none());
    alone.map(|row| row.entry).collect()
}

/// `name(arguments) = result` of each.
fn lines(driver: &mut Driver) -> Vec<String> {
    let entries = shown(driver);
    let lines = entries
        .iter()
        .map(|entry| format!("{}({}) = {}", entry.name, entry.arguments, entry.result));
    lines.collect()
}

fn filter(text: &str, failed: bool, call: Option<CallId>) -> Trace {
    Trace::Filter(TraceFilter {
        text: text.to_owned(),
        failed,
        call,
    })
}

#[test]
fn every_host_call_is_recorded_decoded() {
    let mut driver = guest();
    called(&mut driver, "print");
    called(&mut driver, "open");
    called(&mut driver, "log");
    assert_eq!(
        lines(&mut driver),
        [
            r#"fd_write(1, 1 iovec, 6 B "hello\n") = ESUCCESS, nwritten 6"#,
            r#"path_open(3, SYMLINK_FOLLOW, "etc/motd", 0, FD_READ, 0, 0) = ENOENT"#,
            r#"log.log(16, 5 "hello") = returned"#,
        ]
    );
    let entries = shown(&mut driver);
    let failed: Vec<bool> = entries.iter().map(|entry| entry.failed).collect();
    assert_eq!(failed, [false, true, false]);
    let exports: Vec<(u32, &str)> = entries
        .iter()
        .map(|entry| (entry.call, entry.export.as_str()))
        .collect();
    assert_eq!(exports, [(1, "print"), (2, "open"), (3, "log")]);
    assert!(
        entries
            .iter()
            .all(|entry| entry.fuel > 0 && entry.fuel < 100)
    );
    assert_eq!(
        told(&mut driver, Trace::Expand { number: 0 }),
        [TraceReport::Expanded {
            number: 0,
            bytes: vec![("iovs".to_owned(), 16, b"hello\n".to_vec())],
        }]
    );
}

#[test]
fn a_call_that_sleeps_is_one_entry_and_lasts_as_long_as_the_sleep() {
    let mut driver = guest();
    called(&mut driver, "sleep");
    let [entry] = &shown(&mut driver)[..] else {
        panic!("there is one call");
    };
    assert_eq!(entry.arguments, "[clock MONOTONIC +5ms]");
    assert_eq!(entry.result, "ESUCCESS, nevents 1 [clock]");
    assert_eq!(entry.duration, 5_000_000);
}

#[test]
fn a_call_that_is_stopped_in_its_sleep_did_not_return() {
    let mut driver = guest();
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "sleep".to_owned(),
        signature: signature("sleep", &[], None),
        args: Vec::new(),
    });
    while !matches!(driver.session.step(1_000), Next::Wait(_)) {}
    driver
        .session
        .handle(Command::Trace(Trace::Show { first: 0, count: 9 }));
    driver.session.handle(Command::Stop);
    driver.drain();
    let [entry] = &shown(&mut driver)[..] else {
        panic!("there is one call");
    };
    assert_eq!((&*entry.result, entry.failed), ("did not return", true));
}

#[test]
fn imports_are_told_by_what_they_return_or_why_they_do_not() {
    let mut driver = guest();
    let answers = [Answer::Constant(vec![5]), Answer::Trap];
    for answer in answers {
        driver.session.handle(Command::Answer { import: 4, answer });
        called(&mut driver, "five");
        driver.session.handle(Command::Reset);
    }
    assert_eq!(
        lines(&mut driver),
        [
            "host.five(-7, 1.5) = 5",
            "host.five(-7, 1.5) = import host.five is set to trap (Imports)",
        ]
    );
    assert!(shown(&mut driver)[1].failed);
}

#[test]
fn an_import_that_is_answered_later_is_one_entry_that_lasts_until_then() {
    let mut driver = guest();
    let answer = Answer::Driver;
    driver.session.handle(Command::Answer { import: 4, answer });
    for answer in [Ok(HostResult::Raw(vec![5])), Err("no idea".to_owned())] {
        let call = driver.id();
        driver.session.handle(Command::Call {
            call,
            export: "five".to_owned(),
            signature: signature("five", &[], None),
            args: Vec::new(),
        });
        driver.drain();
        let open = shown(&mut driver).pop().expect("a call has begun");
        assert_eq!((&*open.result, open.failed), ("", false));
        driver.clock.set(driver.clock.get() + 70);
        let asked = driver.session.host_call().expect("the host is asked");
        driver.session.host_answer(asked.id, answer);
        driver.drain();
    }
    let entries = shown(&mut driver);
    let ends: Vec<(&str, bool, u64)> = entries
        .iter()
        .map(|entry| (entry.result.as_str(), entry.failed, entry.duration))
        .collect();
    assert_eq!(ends, [("5", false, 70), ("no idea", true, 70)]);
}

#[test]
fn what_the_start_section_asks_for_is_recorded_too() {
    let started = GUEST.replace(
        "(func (export \"print\")",
        "(start $print) (func $print (export \"print\")",
    );
    let mut driver = looked_at(Driver::with_wat(&started));
    called(&mut driver, "open");
    let entries = shown(&mut driver);
    let calls: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| (entry.export.as_str(), entry.name.as_str()))
        .collect();
    assert_eq!(
        calls,
        [("start section", "fd_write"), ("open", "path_open")]
    );

    let sleeps = GUEST.replace(
        "(func (export \"sleep\")",
        "(start $sleep) (func $sleep (export \"sleep\")",
    );
    let mut driver = looked_at(Driver::with_wat(&sleeps));
    called(&mut driver, "open");
    let [entry, _] = &shown(&mut driver)[..] else {
        panic!("there are two calls");
    };
    assert_eq!(
        (entry.export.as_str(), entry.duration),
        ("start section", 5_000_000)
    );
}

#[test]
fn what_an_instance_has_used_is_told_when_a_call_ends_and_only_if_it_is_news() {
    let mut driver = guest();
    let mut used = |export: &str| {
        let ended = called(&mut driver, export);
        ended.events.into_iter().find_map(|event| match event {
            Event::Used(used) => Some(used),
            _ => None,
        })
    };
    let printed = used("print").unwrap();
    assert_eq!((printed.stdout, printed.paths.len()), (6, 0));
    let opened = used("open").unwrap();
    assert_eq!((opened.stdout, &*opened.paths[0].path), (6, "/etc/motd"));
    assert_eq!(opened.paths[0].error(), Some("ENOENT"));
    // An import that is not WASI's is none of WASI's business.
    assert_eq!(used("log"), None);
    // Another instance has used nothing of this.
    driver.session.handle(Command::Reset);
    driver.drain();
    let again = called(&mut driver, "open").events;
    let used = again.iter().find_map(|event| match event {
        Event::Used(used) => Some(used),
        _ => None,
    });
    assert_eq!(used.map(|used| used.stdout), Some(0));
}

#[test]
fn where_the_latest_host_call_had_its_bytes_can_be_asked() {
    use plugboard::protocol::{Memory, MemoryReport};
    let mut driver = guest();
    let mut touched = |export: Option<&str>| {
        if let Some(export) = export {
            called(&mut driver, export);
        }
        driver.session.handle(Command::Memory(Memory::Touched));
        let (_, events) = driver.drain();
        let told = events.into_iter().find_map(|event| match event {
            Event::Memory(MemoryReport::Touched(touched)) => Some(touched),
            _ => None,
        });
        told.unwrap()
    };
    assert_eq!(touched(None), None);
    assert_eq!(
        touched(Some("print")),
        Some(("iovs of fd_write".to_owned(), 16))
    );
    assert_eq!(
        touched(Some("open")),
        Some(("path of path_open".to_owned(), 32))
    );
}

#[test]
fn nothing_is_recorded_while_recording_is_off() {
    let mut driver = guest();
    told(&mut driver, Trace::Record(false));
    called(&mut driver, "print");
    told(&mut driver, Trace::Record(true));
    called(&mut driver, "open");
    assert_eq!(lines(&mut driver).len(), 1);
    told(&mut driver, Trace::Clear);
    assert_eq!(lines(&mut driver).len(), 0);
    called(&mut driver, "print");
    assert_eq!(shown(&mut driver)[0].number, 0);
}

#[test]
fn filters_are_applied_and_counted_and_followed() {
    let mut driver = guest();
    called(&mut driver, "print");
    called(&mut driver, "open");
    called(&mut driver, "open");
    let grown = |passing, rows| TraceReport::Grown {
        recorded: 3,
        dropped: 0,
        passing,
        rows,
        filtering: false,
    };
    assert_eq!(told(&mut driver, filter("", false, None)), [grown(3, 6)]);
    assert_eq!(told(&mut driver, filter("", true, None)), [grown(2, 4)]);
    let second = Some(CallId(2));
    assert_eq!(told(&mut driver, filter("", true, second)), [grown(1, 2)]);
    assert_eq!(
        told(&mut driver, filter("HELLO", false, None)),
        [grown(1, 2)]
    );
    assert_eq!(lines(&mut driver).len(), 1);
    // It holds for what comes.
    called(&mut driver, "open");
    called(&mut driver, "print");
    assert_eq!(lines(&mut driver).len(), 2);
}

#[test]
fn equal_host_calls_are_one_row_under_the_call_of_their_export_and_both_open() {
    let mut driver = guest();
    called(&mut driver, "print");
    flood(&mut driver, 500);
    let told_rows = rows(&mut driver);
    let levels: Vec<u8> = told_rows.iter().map(|row| row.level).collect();
    assert_eq!(levels, [1, 2, 1, 2]);
    let exports: Vec<&str> = told_rows.iter().map(|row| &*row.entry.export).collect();
    assert_eq!(exports, ["print", "print", "flood", "flood"]);
    let group = told_rows[3].group.clone().unwrap();
    assert_eq!((group.first, group.count, group.is_open), (1, 500, false));
    let open = |call, open| Trace::Open {
        number: group.first,
        call,
        open,
    };
    let counted = |reports: Vec<TraceReport>| match reports[..] {
        [TraceReport::Grown { passing, rows, .. }] => (passing, rows),
        _ => panic!("{reports:?}"),
    };
    assert_eq!(counted(told(&mut driver, open(false, true))), (501, 504));
    assert_eq!(shown(&mut driver).len(), 100 - 3);
    assert_eq!(counted(told(&mut driver, open(true, false))), (501, 3));
    assert_eq!(counted(told(&mut driver, open(true, true))), (501, 504));
    assert_eq!(counted(told(&mut driver, open(false, false))), (501, 4));
    // What is no longer held can be asked for, and nothing happens.
    told(&mut driver, Trace::Clear);
    assert_eq!(told(&mut driver, open(false, true)), []);
}

#[test]
fn a_million_entries_are_filtered_and_exported_in_small_steps_and_stop_is_heard() {
    let mut driver = guest();
    flood(&mut driver, 1_000_100);
    told(&mut driver, filter("", false, None));
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "spin".to_owned(),
        signature: signature("spin", &[], None),
        args: Vec::new(),
    });
    driver
        .session
        .handle(Command::Trace(filter("1 iovec, 6 b \"hel", true, None)));
    driver
        .session
        .handle(Command::Trace(Trace::Export(TraceForm::JsonLines)));
    for _ in 0..10 {
        assert_eq!(driver.session.step(1_000), Next::Ready);
    }
    driver.session.handle(Command::Stop);
    let mut steps = 0;
    let mut lines = 0;
    let mut counts = None;
    loop {
        let next = driver.session.step(1_000);
        steps += 1;
        for event in driver.session.take_events() {
            match event {
                Event::Trace(TraceReport::Exported { bytes, .. }) => {
                    assert!(bytes.len() < 2 << 20, "a part is small");
                    let text = String::from_utf8(bytes).unwrap();
                    lines += text.lines().count();
                    let line = text.lines().last().unwrap();
                    let entry: serde_json::Value = serde_json::from_str(line).unwrap();
                    assert_eq!(entry["result"], "EBADF");
                }
                Event::Trace(TraceReport::Grown {
                    recorded,
                    dropped,
                    passing,
                    rows,
                    filtering,
                }) => counts = Some((recorded, dropped, passing, rows, filtering)),
                _ => {}
            }
        }
        if next == Next::Idle {
            break;
        }
    }
    assert!(steps > 400, "{steps} steps");
    assert_eq!(lines, 1_000_000);
    assert_eq!(counts, Some((1_000_100, 100, 1_000_000, 2, false)));
}

#[test]
fn a_guest_that_floods_is_told_of_once_a_batch() {
    let mut driver = guest();
    told(&mut driver, filter("", false, None));
    let call = driver.id();
    let signature = signature("flood", &[plugboard::go::Type::Int32], None);
    driver.session.handle(Command::Call {
        call,
        export: "flood".to_owned(),
        signature,
        args: vec![plugboard::go::Value::Int(100_000)],
    });
    for _ in 0..20 {
        driver.session.step(1_000);
    }
    let grown = driver
        .session
        .take_events()
        .into_iter()
        .filter(|event| matches!(event, Event::Trace(_)));
    assert_eq!(grown.count(), 1);
}
