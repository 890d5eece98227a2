use super::{ALL, Action, is_typed, pressed};
use crate::module::{Export, ExternType, FuncType, Info, Kind};
use crate::protocol::{CallId, Command};
use crate::ui::state::arrangement::{Pane, Panel};
use crate::ui::state::board::{Board, Effect};
use crate::ui::state::module::Plugged;
use crate::ui::state::outcome::Called;
use crate::ui::state::run::Run;
use crate::ui::state::shared::Shared;

/// With a module of these exports, which take nothing.
fn board(exports: &[&str]) -> Board {
    let export = |name: &&str| Export {
        name: (*name).to_owned(),
        ty: ExternType::Func(FuncType {
            params: Vec::new(),
            results: Vec::new(),
        }),
        signatures: Vec::new(),
    };
    let info = Info {
        name: "greet.wasm".to_owned(),
        size: 1,
        kind: Kind::Reactor,
        producer: None,
        memories: Vec::new(),
        exports: exports.iter().map(export).collect(),
        imports: Vec::new(),
        functions: 1,
        sections: Vec::new(),
    };
    let mut plugged = Plugged::new(info, String::new(), None);
    plugged.ready = true;
    let mut board = Board {
        plugged: Some(Shared::new(plugged)),
        ..Board::default()
    };
    board.arrangement.resize(1280);
    board
}

fn found(board: &mut Board, needle: &str) -> Vec<String> {
    board.seek_command(needle);
    let found = board.palette().unwrap().found().iter();
    found.map(|command| command.label.clone()).collect()
}

fn first(board: &mut Board, needle: &str) -> String {
    found(board, needle).first().cloned().unwrap_or_default()
}

#[test]
fn each_key_means_one_thing() {
    for (at, (action, keys, label)) in ALL.iter().enumerate() {
        assert!(!keys.is_empty(), "{label} has no key");
        assert!(!label.is_empty());
        let others = ALL.iter().skip(at + 1);
        for (other, same, _) in others {
            assert_ne!(keys, same, "{label}");
            assert_ne!(action, other, "{label}");
        }
    }
    for panel in Panel::ALL {
        let is = |(action, ..): &&(Action, _, &str)| *action == Action::Show(panel);
        let (_, keys, label) = ALL.iter().find(is).unwrap();
        assert_eq!(label.strip_prefix("Show "), Some(panel.title()));
        assert_eq!((keys.len(), is_typed(keys)), (1, true), "three keys away");
    }
}

#[test]
fn a_key_is_known_by_its_name_and_what_is_held() {
    assert_eq!(pressed("Enter", true, false), Some(Action::Call));
    assert_eq!(pressed("Enter", true, true), Some(Action::Repeat));
    assert_eq!(pressed("Enter", false, false), None);
    assert_eq!(pressed("k", true, false), Some(Action::Palette));
    assert_eq!(pressed(".", true, false), Some(Action::Stop));
    assert_eq!(pressed("o", true, false), Some(Action::Press("open")));
    // Where Shift is needed for it, and where not.
    assert_eq!(pressed("?", false, true), Some(Action::Help));
    assert_eq!(pressed("?", false, false), Some(Action::Help));
    for typed in ["/", "1", "r", "c", "k", ""] {
        assert_eq!(pressed(typed, false, false), None, "{typed} is typed");
    }
    assert_eq!(pressed("/", true, false), None);
    // What browsers have: a console, bookmarks.
    assert_eq!(pressed("K", true, true), None);
    assert_eq!(pressed("O", true, true), None);
    assert_eq!(
        pressed("K", true, false),
        Some(Action::Palette),
        "Caps Lock"
    );
    assert_eq!(
        pressed(".", true, true),
        Some(Action::Stop),
        "a French keyboard"
    );
}

#[test]
fn the_palette_finds_by_key_by_label_and_by_words() {
    let mut board = board(&["greet", "restart_later", "malloc", "3d"]);
    assert_eq!(first(&mut board, "3"), "Show Trace", "a key comes first");
    assert_eq!(first(&mut board, " R "), "Restart: make a fresh instance");
    assert_eq!(first(&mut board, "show so"), "Show Source");
    assert_eq!(first(&mut board, "trace"), "Show Trace");
    assert_eq!(
        first(&mut board, "console max"),
        "Maximise the console, or put it back"
    );
    assert_eq!(
        found(&mut board, "restart"),
        ["Restart: make a fresh instance", "restart_later"]
    );
    assert_eq!(first(&mut board, "GREET"), "greet");
    assert_eq!(found(&mut board, "3d"), ["3d"]);
    assert_eq!(found(&mut board, "no such thing"), [""; 0]);
    // With nothing typed: all of them, what compilers add at the end.
    let all = found(&mut board, "");
    assert_eq!(all.first().unwrap(), ALL[0].2);
    assert_eq!(all.last().unwrap(), "malloc");
    assert_eq!(all.len(), ALL.len() - 1 + 4, "but for the palette itself");
}

#[test]
fn of_many_exports_the_best_are_listed() {
    let names: Vec<String> = (0..500).map(|number| format!("f{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut board = board(&names);
    assert_eq!(found(&mut board, "f").len(), 100);
    assert!(board.palette().unwrap().more() >= 400);
    assert_eq!(first(&mut board, "f499"), "f499");
}

#[test]
fn arrows_go_round() {
    let mut board = board(&["greet"]);
    board.seek_command("show");
    let count = board.palette().unwrap().found().len();
    let mut press = |key: &str| {
        let known = board.move_in_palette(key);
        known.then(|| board.palette().unwrap().at())
    };
    assert_eq!(press("ArrowUp"), Some(count - 1));
    assert_eq!(press("ArrowDown"), Some(0));
    assert_eq!(press("ArrowDown"), Some(1));
    assert_eq!(press("PageDown"), Some(9.min(count - 1)));
    assert_eq!(press("PageUp"), Some((9.min(count - 1)).saturating_sub(8)));
    assert_eq!(press("a"), None);
    board.seek_command("no such thing");
    assert!(board.move_in_palette("ArrowUp"));
    assert_eq!(board.palette().unwrap().at(), 0);
    board.close_palette();
    assert!(!board.move_in_palette("ArrowUp"));
}

#[test]
fn what_cannot_be_done_says_why() {
    let empty = Board::default();
    for (action, _, label) in ALL {
        let why = empty.why_not(action);
        let always = matches!(
            action,
            Action::Palette | Action::Help | Action::Sample(_) | Action::Press("open" | "theme")
        );
        assert_eq!(why.is_none(), always, "{label}");
    }
    let mut board = board(&["greet"]);
    assert_eq!(board.why_not(Action::Stop), Some("nothing runs"));
    assert_eq!(
        board.why_not(Action::Repeat),
        Some("nothing was called yet")
    );
    assert_eq!(
        board.why_not(Action::Call),
        Some("an argument is missing or wrong"),
        "nothing is selected"
    );
    assert_eq!(board.why_not(Action::Restart), None);
    assert_eq!(
        board.why_not(Action::Maximise(Pane::Second)),
        Some("there is one panel")
    );
    board.perform(Action::Split);
    assert_eq!(board.why_not(Action::Maximise(Pane::Second)), None);
    board.run = Some(Run::new(CallId(1), Called::default()));
    assert_eq!(board.why_not(Action::Stop), None);
    assert_eq!(board.why_not(Action::Restart), Some("something runs"));
    board.arrangement.resize(360);
    assert_eq!(board.why_not(Action::Dock), Some("there is no room for it"));
}

#[test]
fn a_command_does_what_the_button_does() {
    let mut board = board(&["greet", "st"]);
    board.perform(Action::Select(1));
    assert_eq!(board.selected().unwrap().name, "st");
    board.perform(Action::Select(7));
    assert_eq!(board.selected().unwrap().name, "st");

    board.perform(Action::Show(Panel::Memory));
    assert_eq!(board.arrangement.open(Pane::First), Panel::Memory);
    board.perform(Action::Maximise(Pane::First));
    board.perform(Action::GoTo("panel"));
    assert_eq!(board.arrangement.maximised(), Some(Pane::First));
    board.perform(Action::GoTo("console"));
    assert_eq!(board.arrangement.maximised(), None);

    board.run = Some(Run::new(CallId(1), Called::default()));
    assert_eq!(board.perform(Action::Pause), [Effect::Send(Command::Pause)]);
    assert_eq!(
        board.perform(Action::Pause),
        [Effect::Send(Command::Resume)]
    );
    assert_eq!(board.perform(Action::Stop), [Effect::Send(Command::Stop)]);
}
