use super::*;
use crate::module::{Export, ExternType, FuncType, Info, Kind};
use crate::protocol::{Event, SourceFile};
use crate::ui::state::settings::Field;
use crate::ui::state::tests::plugged;
use crate::ui::state::{Keep, Phase};

fn files(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let files = files.iter();
    files
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

const MAIN: &str = "package main\n\nfunc main() {}\n";

fn begun() -> Board {
    let mut board = Board::default();
    let program = [
        ("main.go", MAIN),
        ("go.mod", "module a.b/words\n\ngo 1.24\n"),
    ];
    board.begin_program("1".to_owned(), &files(&program));
    board
}

fn source(board: &Board) -> &GoSource {
    board.go_source().unwrap()
}

fn paths(board: &Board) -> Vec<&str> {
    source(board).dropped().collect()
}

fn module(name: &str, exports: &[&str]) -> Info {
    let export = |name: &&str| Export {
        name: (*name).to_owned(),
        ty: ExternType::Func(FuncType {
            params: Vec::new(),
            results: Vec::new(),
        }),
        signatures: Vec::new(),
    };
    Info {
        name: name.to_owned(),
        size: 10,
        kind: Kind::Bare,
        producer: None,
        memories: Vec::new(),
        exports: exports.iter().map(export).collect(),
        imports: Vec::new(),
        functions: 1,
        sections: Vec::new(),
    }
}

fn comes(board: &mut Board, info: &Info) -> Vec<Effect> {
    let mut effects = board.apply(Event::Read(Box::new(info.clone())));
    effects.extend(board.apply(Event::Ready {
        answers: Vec::new(),
        elsewhere: None,
    }));
    effects
}

/// A module that was built of what is there, or was when `built` was asked for.
fn build(board: &mut Board, built: &[ProgramFile], exports: &[&str]) -> Vec<Effect> {
    let name = board.module_name().to_owned();
    board.start_load(&name, true);
    board.expect("2".to_owned());
    board.hashed(None);
    board.expect_built(built);
    comes(board, &module(&name, exports))
}

fn read_by_the_reader(effects: &[Effect]) -> Vec<(String, String)> {
    let read = effects.iter().find_map(|effect| match effect {
        Effect::Send(Command::GoSource { files }) => Some(files.clone()),
        _ => None,
    });
    read.unwrap_or_default()
}

#[test]
fn a_program_is_there_without_a_module_and_is_what_the_builder_gets() {
    let board = begun();
    assert_eq!(board.phase(), Phase::Empty);
    assert!(board.is_unbuilt() && !board.is_empty());
    assert_eq!(board.module_name(), "words.wasm");
    assert_eq!(board.title(), "words.wasm – Plugboard");
    let view = board.source_view();
    assert_eq!(view.file(source(&board).dropped()), Some("main.go"));
    let program = board.program();
    let paths: Vec<&str> = program.iter().map(|file| &*file.path).collect();
    assert_eq!(paths, ["go.mod", "main.go"]);
    assert_eq!(program[1].contents, MAIN.as_bytes());
}

#[test]
fn names_are_checked_as_they_are_typed() {
    let board = {
        let mut board = begun();
        board.add_source(&files(&[("words/list.go", "package words")]));
        board
    };
    let why_not = |path: &str| source(&board).why_not(path, None);
    for wrong in [
        "",
        "/main.go",
        "..",
        "../a.go",
        "words/../a.go",
        "words//a.go",
        "words/",
        "./a.go",
        " a.go",
        "a\\b.go",
        "a\nb.go",
        "main.go",
        "words",
        "main.go/a.go",
        "pasted.go",
        &"a".repeat(256),
    ] {
        assert!(why_not(wrong).is_some(), "{wrong:?}");
    }
    for right in [
        "a.go",
        "words/a.go",
        "data.txt",
        "wörter.go",
        &"a".repeat(255),
    ] {
        assert_eq!(why_not(right), None);
    }
    // A file may keep its name, or go into a folder of its name.
    assert_eq!(source(&board).why_not("main.go", Some("main.go")), None);
    assert_eq!(
        source(&board).why_not("main.go/a.go", Some("main.go")),
        None
    );
}

#[test]
fn files_are_added_renamed_deleted_and_put_back() {
    let mut board = begun();
    board.begin_naming(None);
    board.type_name("../list.go");
    board.settle_name();
    assert!(
        board.source_view().naming.is_some(),
        "it cannot be called so"
    );
    board.type_name("words/list.go");
    board.settle_name();
    assert_eq!(board.source_view().naming, None);
    assert_eq!(paths(&board), ["go.mod", "main.go", "words/list.go"]);
    assert_eq!(source(&board).text("words/list.go"), "package words\n");
    let shown = board.source_view().file(source(&board).dropped());
    assert_eq!(shown, Some("words/list.go"));

    board.switch_breakpoint("main.go", 3);
    board.set_diagnostics(vec![Diagnostic {
        file: "main.go".to_owned(),
        line: 1,
        column: 1,
        message: "no".to_owned(),
        is_warning: false,
    }]);
    board.begin_naming(Some("main.go"));
    assert_eq!(
        board.source_view().naming.as_ref().unwrap().typed,
        "main.go"
    );
    board.type_name("first.go");
    board.settle_name();
    assert_eq!(paths(&board), ["first.go", "go.mod", "words/list.go"]);
    assert_eq!(board.gutter("first.go").breakpoints, [3]);
    assert_eq!(board.diagnostics()[0].file, "first.go");

    board.delete_source("first.go");
    assert_eq!(paths(&board), ["go.mod", "words/list.go"]);
    board.put_back_source();
    assert_eq!(source(&board).text("first.go"), MAIN);
    board.delete_source("first.go");
    // Another one has taken its place.
    board.add_source(&files(&[("first.go", "package main")]));
    board.put_back_source();
    assert_eq!(source(&board).text("first.go"), "package main");
}

#[test]
fn what_is_typed_is_the_programs_and_the_module_stays_what_it_was_built_of() {
    let mut board = begun();
    let built = board.program();
    board.edit_source("main.go", "package main\n\nfunc main() { a() }\n");
    board.edit_source("no.go", "package main");
    assert_eq!(paths(&board), ["go.mod", "main.go"], "no file is made");
    let effects = build(&mut board, &built, &["f"]);
    assert_eq!(read_by_the_reader(&effects), files(&[("main.go", MAIN)]));
    assert!(source(&board).is_edited());
    assert_eq!(source(&board).built_text("main.go"), MAIN);
    let built = board.program();
    // Whatever is in it now, it is the same program.
    let effects = build(&mut board, &built, &["g", "h"]);
    assert!(!source(&board).is_edited());
    assert_eq!(
        read_by_the_reader(&effects)[0].1,
        source(&board).text("main.go")
    );
    board.edit_source("main.go", MAIN);
    assert!(source(&board).is_edited());
    let text = String::from_utf8(built[1].contents.clone()).unwrap();
    board.edit_source("main.go", &text);
    assert!(!source(&board).is_edited(), "all was undone");
}

#[test]
fn lines_of_the_module_are_where_they_are_now() {
    let mut board = plugged();
    let text = "package main\n\nfunc f() {\n\tg()\n\n\tg()\n}\n";
    board.add_source(&files(&[("main.go", text)]));
    board.switch_breakpoint("main.go", 4);
    board.take_lines(crate::protocol::Lines {
        inlined: Vec::new(),
        kept: Vec::new(),
        places: vec![(10, 1), (20, 2)],
        lines: vec![(0, 4), (0, 6)],
        files: vec![SourceFile {
            path: "/a/main.go".to_owned(),
            package: "main".to_owned(),
        }],
        functions: Vec::new(),
        problem: None,
    });
    board.edit_source("main.go", &format!("// More.\n{text}"));
    let gutter = board.gutter("main.go");
    assert_eq!(gutter.breakpoints, [5]);
    let code: Vec<u32> = gutter.code.iter().map(|(line, _)| *line).collect();
    assert_eq!(code, [5, 7]);
    // The empty line, now the sixth, stands for the next one with code.
    board.switch_breakpoint("main.go", 6);
    assert_eq!(board.gutter("main.go").breakpoints, [5, 7]);
    board.show_source("main.go", 6);
    assert_eq!(board.source_view().line, 7);
    board.show_place("main.go", 6, 3);
    let view = board.source_view();
    assert_eq!((view.line, view.column), (6, 3));
    board.show_source("main.go", 6);
    assert_eq!(board.source_view().column, 0);
}

#[test]
fn a_program_is_kept_without_a_module_and_with_it_under_one_name() {
    let mut board = begun();
    board.edit_source("main.go", "package main // edited");
    let Keep { recent, session } = board.keep(5).unwrap();
    assert_eq!((&*recent.id, &*recent.about.name), ("1", "words.wasm"));
    let mut next = Board::default();
    assert!(next.reopen_program("1", &session).is_some());
    assert_eq!(next.program(), board.program());
    assert!(next.is_unbuilt() && source(&next).is_own());
    assert!(next.reopen_program("1", "{}").is_none());

    let built = next.program();
    build(&mut next, &built, &["f"]);
    next.edit_source("main.go", MAIN);
    let Keep { recent, session } = next.keep(6).unwrap();
    assert_eq!(recent.id, "1");
    let mut last = Board::default();
    last.set_recent(Ok(vec![("1".to_owned(), recent.to_json())]));
    last.begin_load("words.wasm");
    last.expect("1".to_owned());
    last.hashed(None);
    comes(&mut last, &module("words.wasm", &["f"]));
    let effects = last.come_back("1", Some((&session, Vec::new())));
    assert_eq!(source(&last).text("main.go"), MAIN);
    let read = read_by_the_reader(&effects);
    assert_eq!(read, files(&[("main.go", "package main // edited")]));
}

#[test]
fn nothing_of_a_program_goes_to_another_plugin_or_comes_from_one() {
    let mut board = plugged();
    board.add_source(&files(&[("greet.go", "package main")]));
    board.enter_setting(Field::Preopens, "/secret".to_owned());
    board.unplug();
    board.begin_program("1".to_owned(), &files(&[("main.go", MAIN)]));
    assert_eq!(paths(&board), ["main.go"]);
    assert_ne!(board.settings().preopens, "/secret");
    // A module of another origin, even if it is called the same.
    board.begin_load("plugin.wasm");
    board.expect("2".to_owned());
    board.hashed(None);
    comes(&mut board, &module("plugin.wasm", &["f"]));
    assert!(board.go_source().is_none());
    assert!(!board.is_unbuilt());
    assert_eq!(board.keep(1).unwrap().recent.id, "2");
}

#[test]
fn unplug_takes_a_program_from_the_board() {
    let mut board = begun();
    board.unplug();
    assert!(board.is_empty());
    assert!(board.go_source().is_none() && board.keep(1).is_none());
    assert!(
        board
            .why_not(crate::ui::state::commands::Action::Unplug)
            .is_some()
    );
}

#[test]
fn what_was_found_is_edited_once_somebody_wants_to() {
    let mut board = plugged();
    board.add_source(&files(&[("main.go", MAIN)]));
    assert!(!source(&board).is_own());
    board.own_source();
    assert!(source(&board).is_own());
    let session = board.session().unwrap();
    assert_eq!(session["own"], serde_json::json!({}));
    board.edit_source("main.go", "package main");
    assert_eq!(board.session().unwrap()["own"]["main.go"], MAIN);
    // What the disk has is newer.
    board.add_source(&files(&[("main.go", "package main // disk")]));
    assert!(source(&board).is_own() && !source(&board).is_edited());
}

#[test]
fn what_builds_it_elsewhere_depends_on_what_it_exports() {
    let board = begun();
    let commands = |board: &Board| source(board).commands("words.wasm").map(|(_, how)| how);
    assert_eq!(
        commands(&board),
        [
            "GOOS=wasip1 GOARCH=wasm go build -o words.wasm .",
            "tinygo build -target=wasip1 -o words.wasm ."
        ]
    );
    let mut board = begun();
    let exports = "package a\n\n//go:wasmexport f\nfunc f() {}\n";
    board.add_source(&files(&[("a/a.go", exports), ("f_test.go", exports)]));
    assert!(
        !commands(&board)[0].contains("c-shared"),
        "not of the program itself"
    );
    board.add_source(&files(&[("f.go", exports)]));
    for command in commands(&board) {
        assert!(command.contains(" -buildmode=c-shared "), "{command}");
    }
}

#[test]
fn an_archive_has_a_go_mod_whether_the_program_has_one_or_not() {
    let board = begun();
    let (name, all) = board.archive();
    assert_eq!(name, "words.tar");
    let go_mod = "module a.b/words\n\ngo 1.24\n";
    let wanted = [("words/go.mod", go_mod), ("words/main.go", MAIN)];
    assert_eq!(all, files(&wanted));
    let mut board = Board::default();
    board.begin_program("1".to_owned(), &files(&[("main.go", MAIN)]));
    let (name, all) = board.archive();
    assert_eq!(name, "plugin.tar");
    let go_mod = "module example/plugin\n\ngo 1.24\n";
    assert_eq!(
        all,
        files(&[("plugin/main.go", MAIN), ("plugin/go.mod", go_mod)])
    );
}

#[test]
fn files_of_a_folder_that_are_not_taken_are_named() {
    let mut board = begun();
    board.leave_out(&[]);
    assert!(board.refused().is_none());
    board.leave_out(&["a.png".to_owned(), "b.png".to_owned(), "c.png".to_owned()]);
    let refused = board.refused().unwrap();
    assert_eq!(refused.name, "a.png");
    assert!(refused.message.contains("2 others"), "{}", refused.message);
}

#[test]
fn what_is_no_text_stands_among_texts_and_source_always_is_one() {
    let text = |path: &str, bytes: &[u8]| text_of(path, bytes.to_vec());
    assert_eq!(
        text("a.txt", "\u{feff}é\r\n".as_bytes()).as_deref(),
        Some("\u{feff}é\r\n")
    );
    for bytes in [&b"\x89PNG"[..], b"a\0b", &vec![b'a'; MAX_TEXT + 1]] {
        assert_eq!(text("a.txt", bytes), None);
    }
    assert_eq!(
        text("a.go", "\u{feff}package a".as_bytes()).as_deref(),
        Some("package a")
    );
    assert_eq!(
        text("b/go.mod", b"module \xff").as_deref(),
        Some("module \u{fffd}")
    );

    let binary = Binary {
        name: "c0ffee",
        size: 5,
    };
    assert_eq!(Binary::of(&binary.as_text()), Some(binary));
    for text in ["", "c0ffee 5", "\0c0ffee", "\0c0ffee x"] {
        assert_eq!(Binary::of(text), None, "{text:?}");
    }
}

#[test]
fn a_file_that_is_no_text_goes_where_texts_go() {
    let logo = Binary {
        name: "c0ffee",
        size: 5,
    };
    let other = Binary {
        name: "decaf",
        size: 7,
    };
    let put = |board: &mut Board, path: &str, binary: Binary<'_>| {
        board.put_files(&[(path.to_owned(), binary.as_text())]);
    };
    let mut board = begun();
    put(&mut board, "logo.png", logo);
    assert_eq!(
        board.source_view().file(source(&board).dropped()),
        Some("logo.png")
    );
    assert_eq!(board.program()[1].contents, logo.as_text().into_bytes());
    let built = board.program();
    build(&mut board, &built, &["f"]);
    assert!(!board.is_source_newer() && !source(&board).is_edited());

    // Others are another program; what it was built of is kept, too.
    put(&mut board, "logo.png", other);
    assert!(source(&board).is_edited());
    assert_eq!(board.binaries().collect::<Vec<_>>(), [other, logo]);
    assert!(board.keep(1).unwrap().recent.kept > 12);
    put(&mut board, "logo.png", logo);
    assert!(!source(&board).is_edited());

    board.begin_naming(Some("logo.png"));
    board.type_name("art/logo.png");
    board.settle_name();
    board.delete_source("art/logo.png");
    assert_eq!(board.binaries().last(), Some(logo), "it can be put back");
    board.put_back_source();
    let Keep { session, .. } = board.keep(2).unwrap();
    let mut next = Board::default();
    next.reopen_program("1", &session).unwrap();
    assert_eq!(source(&next).text("art/logo.png"), logo.as_text());
    let (_, all) = next.archive();
    assert!(all.contains(&("plugin/art/logo.png".to_owned(), logo.as_text())));
}

#[test]
fn a_file_that_cannot_be_in_a_program_does_not_keep_others_from_it() {
    let mut board = begun();
    board.put_files(&files(&[
        ("main.go", "package main // other"),
        ("go.mod/a.txt", "a"),
        ("b.txt", "b"),
    ]));
    assert_eq!(paths(&board), ["b.txt", "go.mod", "main.go"]);
    assert_eq!(source(&board).text("main.go"), "package main // other");
    assert_eq!(board.refused().unwrap().name, "go.mod/a.txt");
}
