use super::*;
use crate::protocol::build::ProgramFile;

const FILE: (&str, &str) = ("main.go", "package main\n\nfunc main() {}\n");

fn board() -> Board {
    let mut board = Board::default();
    board.offer_building(false);
    let files = [(FILE.0.to_owned(), FILE.1.to_owned())];
    board.begin_program("1".to_owned(), &files);
    board
}

fn said(board: &mut Board, micros: u64, report: BuildReport) -> Vec<Effect> {
    board.build_report(Timed { micros, report })
}

fn step(step: BuildStep, number: u32) -> BuildReport {
    BuildReport::Step {
        step,
        number,
        of: 2,
    }
}

fn error(line: u32) -> Diagnostic {
    Diagnostic {
        file: FILE.0.to_owned(),
        line,
        column: 2,
        message: "declared and not used: x".to_owned(),
        is_warning: false,
    }
}

#[test]
fn a_build_asks_for_all_files_tells_its_steps_and_brings_a_module() {
    let mut board = board();
    assert!(board.can_build() && board.is_source_newer());
    let asked = board.build(Task::Build);
    let file = ProgramFile {
        path: FILE.0.to_owned(),
        contents: FILE.1.into(),
    };
    let program = Build::Program { files: vec![file] };
    assert_eq!(asked, [Effect::Build(program)]);
    assert!(!board.can_build(), "one at a time");
    assert_eq!(board.build(Task::Build), []);

    said(&mut board, 500, step(BuildStep::Await, 0));
    let status = |board: &Board| board.building().status();
    assert_eq!(
        status(&board).as_deref(),
        Some("waiting for Go's toolchain, which make serve is making: a minute or two…")
    );
    said(
        &mut board,
        1_000,
        BuildReport::Fetching {
            done: 5 << 20,
            total: 14 << 20,
        },
    );
    assert_eq!(
        status(&board).as_deref(),
        Some("fetching Go's toolchain: 5.0 MiB of 14 MiB")
    );
    let all = BuildReport::Fetching {
        done: 14 << 20,
        total: 14 << 20,
    };
    said(&mut board, 2_000, all);
    let compile = BuildStep::Compile("main".to_owned());
    said(&mut board, 3_000, step(compile, 1));
    assert_eq!(status(&board).as_deref(), Some("compiling main… (1 of 2)"));
    said(&mut board, 2_003_000, step(BuildStep::Link, 2));
    let built = BuildEnd::Built {
        mode: BuildMode::Command,
        module: Vec::new(),
    };
    let effects = said(&mut board, 5_003_000, BuildReport::Ended(built));
    assert_eq!(effects, [Effect::TakeBuilt("plugin.wasm".to_owned())]);
    let building = board.building();
    assert_eq!(
        building.steps,
        [
            ("compiling main".to_owned(), Some(2_000_000)),
            ("linking".to_owned(), Some(3_000_000))
        ]
    );
    let ended = building.ended.as_ref().unwrap();
    assert_eq!(ended.tone, Tone::Good);
    assert!(ended.text.starts_with("built in 5.0 s, as a command"));
    assert_eq!(status(&board), None);
}

#[test]
fn errors_are_counted_kept_and_printed_as_go_prints_them_until_the_next_build() {
    let mut board = board();
    board.build(Task::Build);
    said(
        &mut board,
        1,
        BuildReport::Diagnostics(vec![error(3), error(4)]),
    );
    assert_eq!(said(&mut board, 2, BuildReport::Ended(BuildEnd::Wrong)), []);
    assert_eq!(board.building().ended.as_ref().unwrap().text, "2 errors");
    assert_eq!(board.diagnostics().len(), 2);
    assert_eq!(
        printed(&error(3)),
        "./main.go:3:2: declared and not used: x"
    );
    board.build(Task::Build);
    assert!(board.diagnostics().is_empty());
}

#[test]
fn what_is_stopped_or_fails_ends_and_another_build_can_begin() {
    let mut board = board();
    assert_eq!(board.stop_build(), []);
    board.build(Task::Build);
    assert_eq!(board.stop_build(), [Effect::Build(Build::Stop)]);
    assert_eq!(board.building().status().as_deref(), Some("stopping…"));
    board.builder_failed("it did not stop, and was ended");
    assert_eq!(board.building().ended.as_ref().unwrap().text, "stopped");
    assert!(board.can_build());

    board.build(Task::Build);
    board.builder_failed("out of memory");
    let ended = board.building().ended.clone().unwrap();
    assert_eq!(ended.tone, Tone::Bad);
    assert!(ended.text.contains("out of memory"), "{}", ended.text);
    // What is said too late is about nothing.
    assert_eq!(said(&mut board, 2, BuildReport::Ended(BuildEnd::Done)), []);
    assert_eq!(board.building().ended, Some(ended));
}

#[test]
fn files_are_formatted_first_where_that_is_wanted() {
    let mut board = board();
    board.offer_building(true);
    let untidy = "package main\nfunc  main() {}\n";
    board.edit_source(FILE.0, untidy);
    let asked = board.build(Task::Build);
    let files = |text: &str| {
        let (path, contents) = (FILE.0.to_owned(), text.into());
        vec![ProgramFile { path, contents }]
    };
    assert_eq!(
        asked,
        [Effect::Build(Build::Format {
            files: files(untidy)
        })]
    );
    // gofmt says what the compiler says again.
    said(&mut board, 1_000, BuildReport::Diagnostics(vec![error(1)]));
    assert!(board.diagnostics().is_empty());
    said(
        &mut board,
        2_000,
        BuildReport::Formatted(files(FILE.1).remove(0)),
    );
    let next = said(&mut board, 3_000, BuildReport::Ended(BuildEnd::Wrong));
    assert_eq!(
        next,
        [Effect::Build(Build::Program {
            files: files(FILE.1)
        })]
    );
    assert!(!board.can_build(), "it goes on");
    said(&mut board, 1_000, step(BuildStep::Link, 1));
    said(&mut board, 2_000, BuildReport::Diagnostics(vec![error(3)]));
    said(&mut board, 3_000, BuildReport::Ended(BuildEnd::Wrong));
    assert_eq!(board.diagnostics().len(), 1);
    assert_eq!(board.building().ended.as_ref().unwrap().text, "1 error");

    // Stop ends both, and a formatter that is not to be had neither.
    board.build(Task::Build);
    board.stop_build();
    assert_eq!(
        said(&mut board, 1_000, BuildReport::Ended(BuildEnd::Stopped)),
        []
    );
    assert!(board.can_build());
    board.build(Task::Build);
    let end = BuildEnd::Failed("no network".to_owned());
    assert_eq!(said(&mut board, 1_000, BuildReport::Ended(end)).len(), 1);
}

#[test]
fn what_is_typed_while_files_are_formatted_stays() {
    let mut board = board();
    board.build(Task::Format);
    let typed = "package main // typed\n";
    board.edit_source(FILE.0, typed);
    let file = ProgramFile {
        path: FILE.0.to_owned(),
        contents: b"package main\n".to_vec(),
    };
    said(&mut board, 1_000, BuildReport::Formatted(file));
    assert_eq!(board.go_source().unwrap().text(FILE.0), typed);
}
