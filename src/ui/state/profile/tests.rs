use super::*;
use crate::protocol::{CallId, Debugged, Event, Outcome, ProfileRow, Usage};
use crate::ui::state::outcome::Called;
use crate::ui::state::run::Run;
use crate::ui::state::tests::plugged;

fn total() -> ProfileTotal {
    ProfileTotal {
        count: 3,
        fuel: 100,
        nanos: 7,
        imports: 0,
        problem: None,
    }
}

fn frame(function: &str) -> Frame {
    Frame {
        function: function.to_owned(),
        ..Frame::default()
    }
}

/// Everything; below it `f` and `g`; below `f` `h`, and several below `g`.
fn flame(view: FlameView) -> Flame {
    let of = |node, parent, depth, function, merged| FlameBox {
        node,
        parent,
        depth,
        function,
        merged,
        ..FlameBox::default()
    };
    Flame {
        view,
        functions: ["all", "main.F", "g", "h"].map(frame).into(),
        boxes: vec![
            of(0, 0, 0, 0, 0),
            of(1, 0, 1, 1, 0),
            of(2, 0, 1, 2, 0),
            of(3, 1, 2, 3, 0),
            of(0, 2, 2, 0, 5),
        ],
    }
}

fn asked(effects: &[Effect]) -> Vec<Profile> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::Send(Command::Profile(ask)) => Some(ask.clone()),
        _ => None,
    });
    asked.collect()
}

fn debugs(effects: &[Effect]) -> Vec<Debug> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::Send(Command::Debug(ask)) => Some(ask.clone()),
        _ => None,
    });
    asked.collect()
}

fn report(board: &mut Board, report: ProfileReport) -> Vec<Effect> {
    board.apply(Event::Profile(report))
}

/// With a flame graph that is drawn.
fn drawn() -> Board {
    let mut board = plugged();
    board.switch_profile();
    board.profile_mut().resize(800);
    report(&mut board, ProfileReport::Read(total()));
    let view = board.profile.flame_view;
    report(&mut board, ProfileReport::Flame(flame(view)));
    board
}

fn end(board: &mut Board, call: u32) -> Vec<Effect> {
    board.run = Some(Run::new(CallId(call), Called::default()));
    board.apply(Event::Ended {
        call: CallId(call),
        outcome: Outcome::Stopped,
        usage: Usage::default(),
    })
}

#[test]
fn calls_are_sampled_from_when_it_is_wanted_and_read_when_they_end() {
    let mut board = plugged();
    assert_eq!(debugs(&end(&mut board, 1)), []);
    assert_eq!(debugs(&board.switch_profile()), [Debug::Profile(true)]);
    assert_eq!(debugs(&end(&mut board, 2)), [Debug::Profiled]);
    let told = Event::Debug(Box::new(Debugged::Profiled(vec![1, 2])));
    assert_eq!(asked(&board.apply(told)), [Profile::Read(vec![1, 2])]);
    board.profile_mut().each = true;
    assert_eq!(
        debugs(&end(&mut board, 3)),
        [Debug::Profiled, Debug::Profile(true)]
    );
    assert_eq!(debugs(&board.switch_profile()), [Debug::Profile(false)]);
    // In the middle of a run it is told first.
    board.switch_profile();
    board.run = Some(Run::new(CallId(4), Called::default()));
    assert_eq!(
        debugs(&board.switch_profile()),
        [Debug::Profiled, Debug::Profile(false)]
    );
}

#[test]
fn another_module_begins_anew() {
    let mut board = drawn();
    let effects = board.apply(Event::Ready {
        answers: Vec::new(),
        elsewhere: None,
    });
    assert_eq!(debugs(&effects), [Debug::Profile(true)]);
    assert!(board.profile.is_empty() && board.profile.on);
}

#[test]
fn what_is_looked_at_is_asked_for_once_there_is_something() {
    let mut board = plugged();
    let view = board.profile_mut();
    assert_eq!(view.show(true), []);
    assert_eq!(view.show(false), []);
    // How wide it is, is not known yet.
    assert_eq!(report(&mut board, ProfileReport::Read(total())), []);
    let wide = FlameView {
        width: 800,
        ..FlameView::default()
    };
    let effects = board.profile_mut().resize(800);
    assert_eq!(asked(&effects), [Profile::Flame(wide)]);
    assert_eq!(board.profile_mut().resize(800), []);
    let effects = board.profile_mut().show(true);
    assert_eq!(asked(&effects), [Profile::Table(TableView::default())]);
    let by_time = TableView {
        by: Measure::HostTime,
        own: true,
        lines: true,
    };
    let effects = board.profile_mut().arrange(by_time);
    assert_eq!(asked(&effects), [Profile::Table(by_time)]);
    assert_eq!(board.profile.whole(), 7);
    // What was asked for before comes too late.
    let late = ProfileTable {
        rows: vec![ProfileRow::default()],
        ..ProfileTable::default()
    };
    report(&mut board, ProfileReport::Table(late.clone()));
    assert!(board.profile.table.rows.is_empty());
    let view = by_time;
    report(
        &mut board,
        ProfileReport::Table(ProfileTable { view, ..late }),
    );
    assert_eq!(board.profile.table.rows.len(), 1);
}

#[test]
fn keys_go_from_box_to_box() {
    let mut board = drawn();
    let view = board.profile_mut();
    let mut at = |key: &str| {
        let known = view.press(key).is_some();
        (known, view.cursor)
    };
    let way = [
        ("ArrowLeft", 0),
        ("ArrowDown", 1),
        ("ArrowRight", 2),
        ("ArrowRight", 2),
        ("ArrowDown", 4),
        ("ArrowDown", 4),
        ("ArrowLeft", 3),
        ("ArrowUp", 1),
        ("ArrowUp", 0),
        ("ArrowUp", 0),
        ("ArrowDown", 1),
        ("Home", 0),
    ];
    for (key, to) in way {
        assert_eq!(at(key), (true, to), "{key}");
    }
    assert_eq!(at("a"), (false, 0));
    assert_eq!(at("Escape"), (false, 0), "all is shown");
}

#[test]
fn a_box_is_zoomed_into_and_out_of() {
    let mut board = drawn();
    let view = board.profile_mut();
    view.press("ArrowDown");
    let into = FlameView {
        focus: 1,
        ..view.flame_view
    };
    let effects = view.press("Enter").unwrap();
    assert_eq!(asked(&effects), [Profile::Flame(into)]);
    assert_eq!(view.zoom(4), [], "several are no frame");
    report(&mut board, ProfileReport::Flame(flame(into)));
    let view = board.profile_mut();
    assert_eq!(view.cursor, 1);
    assert!(view.is_zoomed());
    assert_eq!(view.press("Enter"), Some(Vec::new()), "it is there");
    let all = FlameView { focus: 0, ..into };
    let effects = view.press("Escape").unwrap();
    assert_eq!(asked(&effects), [Profile::Flame(all)]);
    assert!(!view.is_zoomed());
    // Others have other numbers.
    view.zoom(1);
    report(&mut board, ProfileReport::Read(total()));
    assert!(!board.profile.is_zoomed());
}

#[test]
fn a_search_marks_functions_and_goes_round() {
    let mut board = drawn();
    let view = board.profile_mut();
    view.seek(" f");
    assert_eq!(view.marked(), 1);
    view.next_found();
    assert_eq!(view.cursor, 1);
    view.next_found();
    assert_eq!(view.cursor, 1);
    // What is drawn anew is marked again; everything is no function.
    view.seek("a");
    assert_eq!(view.marked(), 1);
    let again = flame(view.flame_view);
    report(&mut board, ProfileReport::Flame(again));
    assert_eq!(board.profile.marked(), 1);
    board.profile_mut().seek("");
    assert_eq!(board.profile.marked(), 0);
}

#[test]
fn a_row_leads_to_its_line_or_to_the_text() {
    let mut board = plugged();
    let text = "package main\n\nfunc f() {\n\tg()\n}\n";
    board.add_source(&[("main.go".to_owned(), text.to_owned())]);
    let known = Frame {
        file: Some("/a/main.go".to_owned()),
        line: 4,
        index: 5,
        ..frame("main.f")
    };
    assert_eq!(board.lead_to(&known), []);
    assert_eq!(board.source_view().line, 4);
    let elsewhere = Frame {
        file: Some("/go/fmt/print.go".to_owned()),
        ..known.clone()
    };
    let asks_for_text =
        |effects: &[Effect]| matches!(effects, [Effect::Send(Command::Functions { .. }), ..]);
    assert!(asks_for_text(&board.lead_to(&elsewhere)));
    let all = Frame {
        index: u32::MAX,
        ..frame("all")
    };
    assert_eq!(board.lead_to(&all), []);
}

#[test]
fn files_are_named_after_the_plugin() {
    let mut board = plugged();
    assert_eq!(board.save_profile(ProfileFile::Pprof), []);
    let mut board = drawn();
    let effects = board.save_profile(ProfileFile::Folded);
    assert_eq!(asked(&effects), [Profile::Save(ProfileFile::Folded)]);
    for (form, name) in [
        (ProfileFile::Pprof, "greet.pprof"),
        (ProfileFile::Folded, "greet.folded"),
    ] {
        let effects = report(&mut board, ProfileReport::File(form, vec![1]));
        assert_eq!(effects, [Effect::Download(name.to_owned(), vec![1])]);
    }
}
