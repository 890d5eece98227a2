use super::{ALL, Action, MAX_FOUND, is_typed, pressed};
use crate::module::{Export, ExternType, FuncType, Info, Kind};
use crate::protocol::{CallId, Command, Go, ProfileFile, Trace, TraceForm};
use crate::ui::state::arrangement::{Pane, Panel};
use crate::ui::state::board::{Board, Effect};
use crate::ui::state::building::Task;
use crate::ui::state::console::Source;
use crate::ui::state::module::Plugged;
use crate::ui::state::outcome::Called;
use crate::ui::state::run::Run;
use crate::ui::state::shared::Shared;
use std::fs;

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
    assert_eq!(found(&mut board, "f").len(), 200);
    assert!(board.palette().unwrap().more() >= 300);
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
            Action::Palette
                | Action::Help
                | Action::Sample(_)
                | Action::Template(_)
                | Action::Press("open" | "open-a-url" | "theme")
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

#[test]
fn what_was_a_button_only_is_a_command_too() {
    let mut board = board(&["greet"]);
    let form = TraceForm::Text;
    assert_eq!(
        board.perform(Action::SaveTrace(form)),
        [Effect::Send(Command::Trace(Trace::Export(form)))]
    );
    board.perform(Action::PressIn(Panel::Files, "add-files"));
    assert_eq!(board.arrangement.open(Pane::First), Panel::Files);
    board.perform(Action::GoIn(Panel::Trace, "trace-filter"));
    assert_eq!(board.arrangement.open(Pane::First), Panel::Trace);
    board.perform(Action::Maximise(Pane::First));
    board.perform(Action::Press("console-copy"));
    assert_eq!(board.arrangement.maximised(), None);
    for (action, why) in [
        (Action::RunCalls, "no call is saved"),
        (Action::SaveCall, "the selected export has not returned yet"),
        (Action::Press("cancel-load"), "nothing is loaded"),
        (Action::Press("reload"), "nothing can be loaded again"),
        (Action::Press("watch"), "it cannot be watched"),
    ] {
        assert_eq!(board.why_not(action), Some(why));
    }
}

/// The source of each file of components, with its name.
fn components() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ui/components");
    let files = fs::read_dir(folder).unwrap().map(|file| {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    files.collect()
}

/// The ids of the table.
fn ids() -> Vec<&'static str> {
    let ids = ALL.iter().filter_map(|(action, ..)| match action {
        Action::Press(id) | Action::PressIn(_, id) | Action::GoIn(_, id) | Action::GoTo(id) => {
            Some(*id)
        }
        _ => None,
    });
    ids.collect()
}

#[test]
fn what_a_command_presses_or_goes_to_is_on_the_page() {
    let all: String = components().into_iter().map(|(_, text)| text).collect();
    for id in ids() {
        // Some are given to the function that draws them, or are constants.
        let written = all.matches(&format!(" id=\"{id}\"")).count();
        let named = all.matches(&format!("\"{id}\"")).count();
        let is_pane = [Pane::First.name(), Pane::Second.name()].contains(&id);
        assert!(is_pane || written <= 1 && named >= 1, "{id}");
    }
}

/// Buttons that have a command without being pressed by it: where they are, and their first words.
const BY_COMMAND: [(&str, &str, Action); 32] = [
    ("building", "Build", Action::Build(Task::Build)),
    (
        "building",
        "Download module",
        Action::Press("download-module"),
    ),
    ("building", "Stop", Action::Stop),
    ("calls_panel", "Stop", Action::Stop),
    ("calls_panel", "Stop", Action::RunCalls),
    ("console", "", Action::Toggle(Source::Stdout)),
    ("console", "Next error", Action::NextError),
    ("console", "Clear", Action::ClearConsole),
    ("debugging", "", Action::Go(Go::On)),
    ("header", "Unplug", Action::Unplug),
    ("header", "Copy a link", Action::CopyLink),
    ("header", "Save a session file", Action::SaveSession),
    ("header", "", Action::Sample(0)),
    ("header", "Help", Action::Help),
    (
        "memory_tools",
        "Next change",
        Action::GoToChange { back: false },
    ),
    (
        "memory_tools",
        "Change before",
        Action::GoToChange { back: true },
    ),
    ("panels", "", Action::Show(Panel::Trace)),
    ("backtrace", "Call again with Debug", Action::DebugAgain),
    ("profile", "", Action::SaveProfile(ProfileFile::Pprof)),
    ("run_bar", "", Action::Call),
    ("run_bar", "Stop", Action::Stop),
    ("run_bar", "Resume", Action::Pause),
    ("run_bar", "Restart", Action::Restart),
    ("run_bar", "Save call", Action::SaveCall),
    ("run_bar", "Compare", Action::Compare { all: false }),
    (
        "history",
        "Compare all in both engines",
        Action::Compare { all: true },
    ),
    ("trace_panel", "", Action::SaveTrace(TraceForm::Text)),
    ("trace_panel", "Clear", Action::ClearTrace),
    ("welcome", "open a URL…", Action::Press("open-a-url")),
    ("welcome", "", Action::Sample(0)),
    ("welcome", "", Action::Template(0)),
    ("header", "", Action::Template(0)),
];

/// Buttons that need none.
const WITHOUT: [(&str, &[Buttons]); 6] = [
    (
        "one of many, each for the row that it is in",
        &[
            ("addresses", &[""]),
            ("arguments_field", &["×"]),
            ("backtrace", &["Show in Source", "Show its text"]),
            ("calls_panel", &["Run", "Update expectation", "Delete"]),
            ("coverage", &[""]),
            ("editor", &[""]),
            ("exports", &[""]),
            ("field", &[""]),
            ("file_rows", &[""]),
            ("history", &["", "Call again", "Save"]),
            ("host_form", &[""]),
            ("imports", &["Edit…"]),
            ("outline", &[""]),
            ("profile_table", &[""]),
            ("recent", &["Delete", "Go source"]),
            ("source_panel", &["Remove"]),
            ("building", &[""]),
            ("source_view", &[""]),
            ("stops", &["Remove"]),
            ("text_form", &[""]),
        ],
    ),
    (
        "it sends what is typed beside it, as Enter does",
        &[
            ("files_panel", &["New directory"]),
            ("memory_tools", &["Go", "Find", "Find before", "Write"]),
            ("stops", &["Stop there"]),
            ("watch", &["Open"]),
        ],
    ),
    (
        "a key of the list beside it does that",
        &[
            ("console", &["Follow the end"]),
            ("memory_rows", &["", "Back"]),
            ("flame", &["Zoom out"]),
            ("trace_entry", &["Close"]),
            ("trace_panel", &["Follow the end"]),
        ],
    ),
    (
        "it answers a question that the page asks beside it",
        &[
            ("files_panel", &["", "Keep"]),
            ("imports_panel", &["Let it run", "Discard"]),
            ("refusal", &["Dismiss", "Use them here"]),
            ("share", &["Open it", "Dismiss"]),
            ("uncovered", &["Open /"]),
        ],
    ),
    (
        "it is of what a command opens",
        &[
            ("comparison", &["Close"]),
            ("console_search", &["↑", "↓", "✕"]),
            ("file_view", &["", "Close"]),
            ("header", &["Commands"]),
            ("help", &["Close"]),
            ("host_code", &["", "Copy"]),
            ("recent", &["Delete all that is kept"]),
            ("signature_line", &["Undo"]),
            ("flame", &["Show it"]),
            ("profile", &["Show now", "Clear"]),
            ("text_form", &["Overview", "Copy"]),
        ],
    ),
    (
        "it is of the text beside it",
        &[
            ("host_shown", &["Save…"]),
            ("imports_panel", &[""]),
            ("editor", &["Copy"]),
            ("outcome_line", &["Copy"]),
            ("run_bar", &[""]),
            ("settings_panel", &["What fuel is"]),
            ("stdin_field", &["Remove"]),
            ("trace_entry", &[""]),
        ],
    ),
];

/// A file of components, and the first words of buttons in it.
type Buttons = (&'static str, &'static [&'static str]);

/// What is quoted, where that begins with `from`.
fn quoted<'t>(text: &'t str, from: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(from)?;
    Some(rest.split_once('"')?.0)
}

/// The id that stands in the tag of a button, and its first words.
fn told(button: &str) -> (Option<&str>, &str) {
    // A tag ends before a line does, or before what is in it.
    let ends = [">\n", ">{"].into_iter().filter_map(|end| button.find(end));
    let (tag, content) = button.split_at(ends.min().unwrap_or(button.len()));
    let id = quoted(tag, " id=\"");
    (id, quoted(content, "{ \"").unwrap_or_default())
}

#[test]
fn each_button_of_the_page_has_a_command_or_needs_none() {
    let ids = ids();
    let mut seen = Vec::new();
    for (file, text) in components() {
        let buttons = text.split("<button").skip(1);
        for button in buttons.filter_map(|rest| Some(rest.split_once("</button>")?.0)) {
            let (id, words) = told(button);
            // Those of which the id is told where it is drawn are in the test before.
            let has_id = id.is_some_and(|id| ids.contains(&id)) || button.contains("{id}");
            if has_id || button.contains("id={EDIT}") {
                continue;
            }
            let by_command = BY_COMMAND.iter();
            let mut by_command = by_command.filter(|it| (it.0, it.1) == (&*file, words));
            let without = WITHOUT.iter().flat_map(|(_, files)| files.iter());
            let mut without = without.filter(|it| it.0 == file && it.1.contains(&words));
            assert!(
                by_command.next().is_some() || without.next().is_some(),
                "{file}: the button {words:?} has no command",
            );
            seen.push((file.clone(), words.to_owned()));
        }
    }
    let is_seen = |file: &str, words: &str| {
        let is = |it: &(String, String)| (&*it.0, &*it.1) == (file, words);
        assert!(seen.iter().any(is), "{file} has no button {words:?}");
    };
    for (file, words, action) in BY_COMMAND {
        is_seen(file, words);
        assert!(ALL.iter().any(|(it, ..)| *it == action), "{words}");
    }
    for (file, words) in WITHOUT.iter().flat_map(|(_, files)| files.iter()) {
        words.iter().for_each(|words| is_seen(file, words));
    }
}
