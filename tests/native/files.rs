//! The disk: files outlive the instance, and what a run does to them is told.

use crate::driver::{Driver, Ended, signature};
use plugboard::protocol::{
    Answer, Change, Command, EntryKind, Event, Files, FilesReport, Listing, Outcome, Place,
    Preopen, Settings,
};
use plugboard::session::Next;
use std::io::Read as _;

/// Exports that open `out.txt` in the first preopen and write to it, make `made`, delete `out.txt`.
const WRITER: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_unlink_file"
        (func $unlink (param i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_create_directory"
        (func $mkdir (param i32 i32 i32) (result i32)))
    (import "host" "wait" (func $wait))
    (memory (export "memory") 1)
    (data (i32.const 0) "out.txt")
    (data (i32.const 16) "made")
    (data (i32.const 32) "\40\00\00\00\05\00\00\00")
    (data (i32.const 64) "hello")
    (func $check (param i32) (if (local.get 0) (then unreachable)))
    (func (export "append")
        (call $check (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 7)
            (i32.const 1) (i64.const 0x1fffffff) (i64.const 0) (i32.const 1) (i32.const 48)))
        (call $check (call $write (i32.load (i32.const 48)) (i32.const 32) (i32.const 1)
            (i32.const 56))))
    (func (export "mkdir")
        (call $check (call $mkdir (i32.const 3) (i32.const 16) (i32.const 4))))
    (func (export "unlink")
        (call $check (call $unlink (i32.const 3) (i32.const 0) (i32.const 7))))
    (func (export "nothing"))
    (func (export "forever")
        (call $check (call $mkdir (i32.const 3) (i32.const 16) (i32.const 4)))
        (loop br 0))
    (func (export "asks")
        (call $check (call $mkdir (i32.const 3) (i32.const 16) (i32.const 4)))
        (call $wait)))"#;

fn at(path: &str) -> Place {
    Place {
        preopen: "/".to_owned(),
        path: path.to_owned(),
    }
}

/// Asks, and takes the answers.
fn ask(driver: &mut Driver, files: Files) -> Vec<FilesReport> {
    driver.session.handle(Command::Files(files));
    reports(driver.session.take_events())
}

fn reports(events: Vec<Event>) -> Vec<FilesReport> {
    let reports = events.into_iter().filter_map(|event| match event {
        Event::Files(report) => Some(report),
        _ => None,
    });
    reports.collect()
}

fn write(driver: &mut Driver, path: &str, bytes: &[u8]) -> Vec<FilesReport> {
    let (at, bytes) = (at(path), bytes.to_vec());
    ask(driver, Files::Write { at, bytes })
}

#[track_caller]
fn listing(driver: &mut Driver) -> Listing {
    match ask(driver, Files::List).pop() {
        Some(FilesReport::Listing(listing)) => listing,
        other => panic!("no listing: {other:?}"),
    }
}

/// Each entry as its path, its size, and what a run did to it.
fn entries(listing: &Listing) -> Vec<String> {
    let entries = listing.preopens.iter().flat_map(|preopen| &preopen.entries);
    entries
        .map(|entry| {
            let slash = if entry.kind == EntryKind::Directory {
                "/"
            } else {
                ""
            };
            let change = match entry.change {
                None => "",
                Some(Change::Created) => " created",
                Some(Change::Changed) => " changed",
                Some(Change::Deleted) => " deleted",
            };
            format!("{}{slash} {}{change}", entry.path, entry.size)
        })
        .collect()
}

#[track_caller]
fn read(driver: &mut Driver, path: &str) -> Vec<u8> {
    let (at, most) = (at(path), u64::MAX);
    match ask(driver, Files::Read { at, most }).pop() {
        Some(FilesReport::File { bytes, .. }) => bytes,
        other => panic!("no file: {other:?}"),
    }
}

#[track_caller]
fn run(driver: &mut Driver, export: &str) -> Option<Vec<String>> {
    let Ended {
        outcome, events, ..
    } = driver.call(export, &[], vec![]);
    assert!(matches!(outcome, Outcome::Returned { .. }), "{outcome:?}");
    match reports(events).pop() {
        Some(FilesReport::Listing(listing)) => Some(entries(&listing)),
        Some(other) => panic!("{other:?}"),
        None => None,
    }
}

#[test]
fn what_a_run_created_changed_and_deleted_is_told_at_its_end() {
    let mut driver = Driver::with_wat(WRITER);
    assert_eq!(entries(&listing(&mut driver)), [""; 0]);
    write(&mut driver, "in/a.txt", b"a");
    let told = run(&mut driver, "append");
    assert_eq!(
        told.expect("news"),
        ["in/ 0", "in/a.txt 1", "out.txt 5 created"]
    );
    assert_eq!(
        run(&mut driver, "mkdir").expect("news"),
        ["in/ 0", "in/a.txt 1", "made/ 0 created", "out.txt 5"]
    );
    assert_eq!(
        run(&mut driver, "unlink").expect("news"),
        ["in/ 0", "in/a.txt 1", "made/ 0", "out.txt 5 deleted"]
    );
    assert_eq!(run(&mut driver, "nothing").expect("news").len(), 3);
    assert_eq!(run(&mut driver, "nothing"), None, "nothing is new");
}

#[test]
fn a_file_that_is_written_anew_has_changed() {
    let mut driver = Driver::with_wat(WRITER);
    write(&mut driver, "out.txt", b"12");
    listing(&mut driver);
    assert_eq!(
        run(&mut driver, "append").expect("news"),
        ["out.txt 7 changed"]
    );
    assert_eq!(read(&mut driver, "out.txt"), b"12hello");
}

#[test]
fn nobody_is_told_who_has_not_asked() {
    let mut driver = Driver::with_wat(WRITER);
    assert_eq!(run(&mut driver, "append"), None);
}

#[test]
fn files_outlive_the_instance_and_the_module() {
    let mut driver = Driver::with_wat(WRITER);
    run(&mut driver, "append");
    let before = listing(&mut driver);
    driver.session.handle(Command::Reset);
    assert_eq!(listing(&mut driver), before, "their times too");
    assert_eq!(run(&mut driver, "nothing"), None);
    driver.load("again.wasm", wat::parse_str(WRITER).expect("WAT"));
    assert_eq!(listing(&mut driver), before);
    assert_eq!(
        run(&mut driver, "unlink").expect("news"),
        ["out.txt 5 deleted"]
    );
}

#[test]
fn they_outlive_an_instance_that_cannot_be_made() {
    let too_many = "(table 0 funcref) (elem (i32.const 0) $f)";
    for (what, ends) in [(too_many, "refused"), ("(start $f)", "trapped")] {
        let guest = format!("(module (func $f unreachable) {what} (func (export \"f\")))");
        let mut driver = Driver::with_wat(&guest);
        write(&mut driver, "kept", b"kept");
        for _ in 0..2 {
            let ended = match driver.call("f", &[], vec![]).outcome {
                Outcome::Refused(_) => "refused",
                Outcome::Trapped(_) => "trapped",
                other => panic!("{other:?}"),
            };
            assert_eq!(ended, ends);
            assert_eq!(read(&mut driver, "kept"), b"kept");
        }
    }
}

#[test]
fn reset_leaves_what_the_settings_say() {
    let files = vec![(
        "a".to_owned(),
        plugboard::protocol::FileEntry::File(b"a".to_vec()),
    )];
    let settings = Settings {
        preopens: vec![Preopen {
            files,
            ..Preopen::empty("/")
        }],
        ..Settings::default()
    };
    let mut driver = Driver::with_settings(WRITER, settings);
    run(&mut driver, "append");
    ask(&mut driver, Files::Remove(at("a")));
    assert_eq!(entries(&listing(&mut driver)), ["out.txt 5"]);
    ask(&mut driver, Files::Reset);
    assert_eq!(entries(&listing(&mut driver)), ["a 1"]);
}

#[test]
fn preopens_keep_what_is_in_them_by_their_paths() {
    let mut driver = Driver::with_wat(WRITER);
    write(&mut driver, "a", b"a");
    let configure = |driver: &mut Driver, preopens: Vec<Preopen>| {
        driver.session.handle(Command::Configure(Settings {
            preopens,
            ..Settings::default()
        }));
    };
    configure(&mut driver, vec![Preopen::empty("/other")]);
    assert_eq!(entries(&listing(&mut driver)), [""; 0]);
    let root = Preopen {
        read_only: true,
        ..Preopen::empty("/")
    };
    configure(&mut driver, vec![root, Preopen::empty("/other")]);
    let listing = listing(&mut driver);
    assert_eq!(entries(&listing), ["a 1"]);
    assert!(listing.preopens[0].read_only);
    let refused = driver.call("append", &[], vec![]).outcome;
    assert!(matches!(refused, Outcome::Trapped(_)), "{refused:?}");
}

#[test]
fn what_cannot_be_done_is_told_with_its_place() {
    let mut driver = Driver::with_wat(WRITER);
    write(&mut driver, "file", b"");
    write(&mut driver, "dir/file", b"");
    let most = 1;
    let cases = [
        (
            Files::Read {
                at: at("none"),
                most,
            },
            "cannot read none in /: no such",
        ),
        (
            Files::Read {
                at: at("dir"),
                most,
            },
            "cannot read dir in /: is a directory",
        ),
        (Files::Remove(at("")), "cannot delete  in /"),
        (Files::Remove(at("..")), "cannot delete .. in /"),
        (
            Files::MakeDirectory(at("dir")),
            "something of this name is there",
        ),
        (Files::MakeDirectory(at("a/../../b")), "invalid argument"),
        (
            Files::MakeDirectory(at("file/below")),
            "file is no directory",
        ),
        (
            Files::Write {
                at: at("dir"),
                bytes: vec![],
            },
            "a directory of this name is there",
        ),
        (
            Files::Write {
                at: at("big"),
                bytes: vec![0; (256 << 20) + 1],
            },
            "do not fit",
        ),
        (
            Files::Remove(Place {
                preopen: "/none".to_owned(),
                path: "a".to_owned(),
            }),
            "there is no preopen /none",
        ),
    ];
    for (files, reason) in cases {
        match ask(&mut driver, files).pop() {
            Some(FilesReport::Failed(text)) => assert!(text.contains(reason), "{text}"),
            other => panic!("{reason}: {other:?}"),
        }
    }
    assert_eq!(
        entries(&listing(&mut driver)),
        ["dir/ 0", "dir/file 0", "file 0"]
    );
}

#[test]
fn the_first_bytes_of_a_file_can_be_had() {
    let mut driver = Driver::with_wat(WRITER);
    write(&mut driver, "a", b"abc");
    let (at, most) = (at("a"), 2);
    let file = FilesReport::File {
        at: at.clone(),
        bytes: b"ab".to_vec(),
        size: 3,
    };
    assert_eq!(ask(&mut driver, Files::Read { at, most }), [file]);
}

#[test]
fn the_archive_has_everything() {
    let mut driver = Driver::with_wat(WRITER);
    let long = format!("{}/{}", "d".repeat(120), "f".repeat(120));
    write(&mut driver, &long, b"long");
    let block = "b".repeat(100);
    write(&mut driver, &block, &[b'x'; 512]);
    run(&mut driver, "append");
    run(&mut driver, "mkdir");
    let Some(FilesReport::Archive { bytes, left_out }) = ask(&mut driver, Files::Archive).pop()
    else {
        panic!("no archive");
    };
    assert_eq!(left_out, []);
    let mut archive = tar::Archive::new(bytes.as_slice());
    let names: Vec<(String, tar::EntryType, u32, String)> = archive
        .entries()
        .expect("an archive")
        .map(|entry| {
            let mut entry = entry.expect("an entry");
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("its contents");
            let path = entry.path().expect("a path").display().to_string();
            let header = entry.header();
            (
                path,
                header.entry_type(),
                header.mode().expect("a mode"),
                text,
            )
        })
        .collect();
    let file = |name: &str, text: &str| {
        let kind = tar::EntryType::Regular;
        (name.to_owned(), kind, 0o644, text.to_owned())
    };
    let directory = |name: &str| {
        let kind = tar::EntryType::Directory;
        (name.to_owned(), kind, 0o755, String::new())
    };
    assert_eq!(
        names,
        [
            file(&block, &"x".repeat(512)),
            directory(&"d".repeat(120)),
            file(&long, "long"),
            directory("made"),
            file("out.txt", "hello"),
        ]
    );
}

#[test]
fn a_listing_has_an_end() {
    let mut driver = Driver::with_wat(WRITER);
    for file in 0..=Listing::MOST {
        write(&mut driver, &format!("f{file}"), b"");
    }
    let listing = listing(&mut driver);
    assert_eq!(listing.preopens[0].entries.len(), Listing::MOST);
    assert_eq!(listing.left_out, 1);
}

/// Milliseconds as nanoseconds.
const MILLI: u64 = 1_000_000;

/// A run of the export has begun, at 600 ms, with somebody who wants to know of the files.
fn watched(export: &str) -> Driver {
    let mut driver = Driver::with_wat(WRITER);
    listing(&mut driver);
    driver.session.handle(Command::Answer {
        import: 4,
        answer: Answer::Driver,
    });
    driver.session.tell_time(600 * MILLI);
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: export.to_owned(),
        signature: signature(export, &[], None),
        args: Vec::new(),
    });
    driver
}

/// What is told of the files within some steps at this time, in milliseconds; what is to be done next.
fn told_at(driver: &mut Driver, millis: u64) -> (Vec<Vec<String>>, Next) {
    let mut next = Next::Ready;
    for _ in 0..5 {
        driver.session.tell_time(millis * MILLI);
        next = driver.session.step(1_000);
    }
    let told = reports(driver.session.take_events()).into_iter();
    let told = told.map(|report| match report {
        FilesReport::Listing(listing) => entries(&listing),
        other => panic!("{other:?}"),
    });
    (told.collect(), next)
}

#[test]
fn what_a_run_does_to_the_files_is_told_while_it_runs_but_not_all_the_time() {
    let mut driver = watched("forever");
    assert_eq!(told_at(&mut driver, 600).0, [["made/ 0 created"]]);
    write(&mut driver, "new.txt", b"");
    assert_eq!(told_at(&mut driver, 1_000).0, [[""; 0]; 0], "it is soon");
    let (told, _) = told_at(&mut driver, 1_200);
    assert_eq!(told, [["made/ 0 created", "new.txt 0"]]);
    assert_eq!(told_at(&mut driver, 2_000).0, [[""; 0]; 0], "no news");
}

#[test]
fn what_a_run_did_before_it_waits_or_is_held_is_told_soon() {
    let mut driver = watched("asks");
    let (told, _) = told_at(&mut driver, 600);
    assert_eq!(told, [["made/ 0 created"]]);
    let mut driver = watched("forever");
    told_at(&mut driver, 600);
    write(&mut driver, "new.txt", b"");
    told_at(&mut driver, 700);
    driver.session.handle(Command::Pause);
    let (told, next) = told_at(&mut driver, 800);
    assert_eq!(told, [[""; 0]; 0]);
    assert_eq!(next, Next::Wait(Some(1_100 * MILLI)));
    let (told, next) = told_at(&mut driver, 1_100);
    assert_eq!(told, [["made/ 0 created", "new.txt 0"]]);
    assert_eq!(next, Next::Wait(None));
}

#[test]
fn a_disk_is_set_aside_and_comes_back_with_all_that_is_on_it() {
    let mut driver = Driver::with_wat(WRITER);
    write(&mut driver, "in.txt", b"a");
    run(&mut driver, "append");
    let before = entries(&listing(&mut driver));
    assert_eq!(before.len(), 2);
    ask(&mut driver, Files::Exchange);
    assert_eq!(entries(&listing(&mut driver)), [""; 0]);
    let told = run(&mut driver, "mkdir");
    assert_eq!(told.expect("news"), ["made/ 0 created"]);
    ask(&mut driver, Files::Exchange);
    assert_eq!(entries(&listing(&mut driver)), before);
    run(&mut driver, "append");
    assert_eq!(read(&mut driver, "out.txt"), b"hellohello");
}
