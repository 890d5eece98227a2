use super::*;
use crate::protocol::SourceFile;
use crate::ui::state::tests::plugged;
use serde_json::Value as Json;

const TEXT: &str = "package main\n\nfunc f() {\n\tg()\n\n\tg()\n}\n";

fn lines() -> Lines {
    let file = |path: &str, package: &str| SourceFile {
        path: path.to_owned(),
        package: package.to_owned(),
    };
    Lines {
        inlined: Vec::new(),
        kept: Vec::new(),
        places: vec![(10, 1), (20, 2), (25, 2), (30, 0), (40, 3), (50, 2)],
        lines: vec![(0, 3), (0, 4), (1, 4)],
        files: vec![
            file("/home/a/x/main.go", "main"),
            file("/lib/main.go", "example.com/lib"),
        ],
        functions: vec![
            ("example.com/lib.add".to_owned(), 40),
            ("main.f".to_owned(), 10),
        ],
        problem: None,
    }
}

fn board() -> Board {
    let mut board = plugged();
    board.add_source(&[("main.go".to_owned(), TEXT.to_owned())]);
    board
}

fn sent(effects: Vec<Effect>) -> Vec<Debug> {
    let sent = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send(Command::Debug(debug)) => Some(debug),
        _ => None,
    });
    sent.collect()
}

#[test]
fn a_breakpoint_goes_to_where_its_line_begins_and_switches_debugging_on() {
    let mut board = board();
    let asked = board.switch_breakpoint("main.go", 4);
    assert!(board.debugs());
    assert!(
        matches!(asked[..], [Effect::Send(Command::Lines { .. })]),
        "{asked:?}"
    );
    assert_eq!(
        sent(board.take_lines(lines())),
        [Debug::Keep(Vec::new()), Debug::Lines(Some(lines().places))]
    );
    let told = sent(board.debugged(Debugged::Ready(Some(5))));
    let none = || Debug::Hold {
        imports: vec![],
        traps: false,
    };
    let places = |places| [Debug::Breakpoints(places), none()];
    assert_eq!(told[..2], places(vec![20, 50]));
    assert_eq!(told[2..], [Debug::Inlined(Vec::new()), Debug::Cover(true)]);
    assert_eq!(sent(board.switch_breakpoint("main.go", 4)), places(vec![]));
    // A line without code stands for the next one that has some.
    assert_eq!(
        sent(board.switch_breakpoint("main.go", 1)),
        places(vec![10])
    );
    assert_eq!(board.gutter("main.go").breakpoints, [3]);
    assert_eq!(sent(board.switch_debug()), [Debug::Lines(None)]);
}

#[test]
fn the_gutter_says_which_lines_were_reached() {
    let mut board = board();
    board.switch_debug();
    board.take_lines(lines());
    board.debugged(Debugged::Ready(Some(5)));
    assert_eq!(board.gutter("main.go").code, [(3, None), (4, None)]);
    let places = lines().places.into_iter();
    let covered = places
        .map(|(place, line)| ((place, line), place == 50))
        .collect();
    board.debugged(Debugged::Covered(covered));
    assert_eq!(
        board.gutter("main.go").code,
        [(3, Some(false)), (4, Some(true))]
    );
    assert_eq!(board.gutter("other.go"), Gutter::default());
    // Where it cannot be stopped at all, there is no code to anybody.
    board.debugged(Debugged::Covered(vec![((20, 2), true), ((40, 3), true)]));
    assert_eq!(board.gutter("main.go").code, [(4, Some(true))]);
}

#[test]
fn functions_host_calls_and_traps_are_stopped_at_by_their_names() {
    let mut board = board();
    board.switch_debug();
    board.take_lines(lines());
    board.debugged(Debugged::Ready(Some(5)));
    let imports = board.plugged().unwrap().info.imports.iter();
    let import = imports.map(|import| import.name.clone()).next().unwrap();
    let told = |effects, wanted: &[u32], imports: &[u32], traps| {
        let places = Debug::Breakpoints(wanted.to_vec());
        let imports = imports.to_vec();
        assert_eq!(sent(effects), [places, Debug::Hold { imports, traps }]);
    };
    told(board.add_stop(" main.f "), &[10], &[], false);
    told(board.add_stop("add"), &[40, 10], &[], false);
    told(board.add_stop(&import), &[40, 10], &[0], false);
    told(board.switch_traps(), &[40, 10], &[0], true);
    told(board.add_stop("nothing"), &[40, 10], &[0], true);
    told(board.add_stop("main.go:4"), &[20, 50, 40, 10], &[0], true);
    let problems: Vec<_> = board
        .stops()
        .into_iter()
        .filter(|stop| stop.problem.is_some())
        .collect();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].text, "nothing");
    told(board.remove_stop("main.go:4"), &[40, 10], &[0], true);
    told(board.remove_stop("add"), &[10], &[0], true);
    assert_eq!(board.add_stop("  "), []);
    let held = Held::Trap("integer division by zero".to_owned());
    board.debugged(Debugged::Stopped(held));
    assert_eq!(
        board.held_at(),
        "stopped where it traps: integer division by zero"
    );
    board.debugged(Debugged::Stopped(Held::Import(0)));
    assert!(board.held_at().contains(&import));
}

#[test]
fn what_is_wanted_is_kept() {
    let mut wanted = Wanted {
        on: true,
        ..Wanted::default()
    };
    wanted.insert(("a:b.go".to_owned(), 7));
    wanted.insert_name("main.f");
    wanted.traps = true;
    let json = Json::Object(wanted.to_json());
    assert_eq!(Wanted::from_json(&json), Ok(wanted));
    assert_eq!(Wanted::from_json(&Json::Null), Ok(Wanted::default()));
    let wrong = serde_json::json!({ "breakpoints": ["main.go"] });
    assert!(Wanted::from_json(&wrong).is_err());
}

#[test]
fn a_breakpoint_goes_where_its_line_goes() {
    let mut board = board();
    board.switch_breakpoint("main.go", 6);
    let at = |board: &Board| board.gutter("main.go").breakpoints;
    assert_eq!(at(&board), [6]);
    let mut change = |from: &str, to: &str| {
        let text = board
            .go_source()
            .unwrap()
            .text("main.go")
            .replacen(from, to, 1);
        board.add_source(&[("main.go".to_owned(), text)]);
        at(&board)
    };
    assert_eq!(
        change("func f", "// f calls g.\nfunc f"),
        [7],
        "more before it"
    );
    assert_eq!(change("}\n", "}\n\nfunc h() {}\n"), [7], "more behind it");
    assert_eq!(
        change("\n\tg()\n}", "\n\tx := 1\n\tg()\n}\n"),
        [8],
        "more on both sides"
    );
    assert_eq!(change("\tg()\n}", "\th()\n}"), [8], "it has changed itself");
    board.remove_source("main.go");
    assert_eq!(at(&board), [8]);
}
