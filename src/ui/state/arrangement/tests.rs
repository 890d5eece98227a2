use super::{Arrangement, Dock, Edge, Pane, Panel};
use proptest::prelude::*;

const GROUPS: [Pane; 2] = [Pane::First, Pane::Second];

fn at(width: u32) -> Arrangement {
    let mut arrangement = Arrangement::default();
    arrangement.resize(width);
    arrangement
}

fn titles(arrangement: &Arrangement, group: Pane) -> Vec<&'static str> {
    arrangement.panels(group).map(Panel::title).collect()
}

#[test]
fn what_nobody_chose_follows_the_width() {
    assert!(at(360).is_narrow());
    assert!(!at(360).is_split());
    for width in [768, 1280, 1599] {
        let page = at(width);
        assert!(!page.is_narrow());
        assert_eq!(page.dock(), Dock::Bottom);
        assert!(!page.is_split());
        assert_eq!(page.panels(Pane::First).count(), Panel::ALL.len());
        assert_eq!(page.panels(Pane::Second).count(), 0);
    }
    let wide = at(1600);
    assert_eq!(wide.dock(), Dock::Right);
    assert!(wide.is_split());
    assert_eq!(
        titles(&wide, Pane::First),
        [
            "Settings", "Imports", "Module", "Source", "Calls", "Profile"
        ]
    );
    assert_eq!(titles(&wide, Pane::Second), ["Trace", "Memory", "Files"]);
}

#[test]
fn what_was_chosen_does_not_follow_it() {
    let mut page = at(1280);
    page.switch_dock();
    assert_eq!(page.dock(), Dock::Right);
    page.resize(1920);
    assert_eq!(page.dock(), Dock::Right);
    page.switch_dock();
    page.switch_split();
    assert_eq!((page.dock(), page.is_split()), (Dock::Bottom, false));
}

#[test]
fn a_panel_is_opened_where_it_is() {
    let mut page = at(1920);
    page.show(Panel::Source);
    page.show(Panel::Files);
    assert_eq!(page.open(Pane::First), Panel::Source);
    assert_eq!(page.open(Pane::Second), Panel::Files);

    page.switch_split();
    assert_eq!(page.open(Pane::First), Panel::Source);
    page.show(Panel::Memory);
    assert_eq!(page.open(Pane::First), Panel::Memory);
    // Where there are two again, it stays open.
    page.switch_split();
    assert_eq!(page.open(Pane::Second), Panel::Memory);
    assert_eq!(page.open(Pane::First), Panel::Settings);
}

#[test]
fn tabs_go_round_within_their_group() {
    let mut page = at(1920);
    assert_eq!(page.beside(Pane::First, true), Panel::Profile);
    page.show(Panel::Imports);
    assert_eq!(page.beside(Pane::First, false), Panel::Module);
    page.show(Panel::Files);
    assert_eq!(page.beside(Pane::Second, false), Panel::Trace);
    assert_eq!(page.beside(Pane::Second, true), Panel::Memory);
}

#[test]
fn a_panel_moves_to_the_other_group_but_for_the_last_one() {
    let mut page = at(1920);
    page.show(Panel::Memory);
    page.move_over(Pane::Second);
    assert_eq!(page.open(Pane::First), Panel::Memory);
    assert_eq!(page.open(Pane::Second), Panel::Trace);
    page.move_over(Pane::Second);
    assert!(!page.can_move_over(Pane::Second));
    page.move_over(Pane::Second);
    assert_eq!(titles(&page, Pane::Second), ["Files"]);
    assert!(!at(1280).can_move_over(Pane::First), "there is one group");
}

#[test]
fn a_pane_has_all_of_the_page_until_another_is_wanted() {
    let mut page = at(1280);
    page.maximise(Pane::Console);
    assert_eq!(page.maximised(), Some(Pane::Console));
    page.maximise(Pane::Console);
    assert_eq!(page.maximised(), None);

    page.maximise(Pane::First);
    page.show(Panel::Trace);
    assert_eq!(page.maximised(), Some(Pane::First), "it is one of its own");
    page.maximise(Pane::Console);
    page.show(Panel::Trace);
    assert_eq!(page.maximised(), None);

    page.maximise(Pane::Second);
    assert_eq!(page.maximised(), None, "there is no such pane");
    page.maximise(Pane::Call);
    page.resize(360);
    assert_eq!(page.maximised(), None, "nothing is beside it there");
}

#[test]
fn an_edge_is_moved_by_pointer_and_by_keys_within_its_range() {
    assert_eq!(Edge::Rail.at(301.4, 1280.0), 301);
    assert_eq!(Edge::Right.at(300.0, 1200.0), 250);
    assert_eq!(Edge::Right.at(-3.0, 1200.0), 0);
    assert_eq!(Edge::Right.at(3.0, 0.0), 3000);

    let mut page = at(1280);
    let mut press = |edge: Edge, key: &str, across: bool| {
        let value = edge.after(key, across, page.size(edge))?;
        page.move_edge(edge, value);
        Some(page.size(edge))
    };
    assert_eq!(press(Edge::Rail, "ArrowRight", true), Some(300));
    assert_eq!(press(Edge::Rail, "ArrowLeft", true), Some(280));
    assert_eq!(press(Edge::Rail, "ArrowUp", true), None);
    assert_eq!(press(Edge::Bottom, "ArrowDown", false), Some(680));
    assert_eq!(press(Edge::Bottom, "End", false), Some(900));
    assert_eq!(press(Edge::Bottom, "ArrowDown", false), Some(900));
    assert_eq!(press(Edge::Bottom, "Home", false), Some(100));
    assert_eq!(press(Edge::Bottom, "a", false), None);
}

#[test]
fn the_tracks_are_those_of_css() {
    let mut page = at(1280);
    page.move_edge(Edge::Bottom, 700);
    let [columns, rows, work, groups] = page.tracks();
    assert_eq!(columns, "minmax(8rem,280px) 5px minmax(0,1fr)");
    assert_eq!(rows, "minmax(0,700fr) 5px minmax(0,300fr)");
    assert_eq!(work, "minmax(7rem,var(--call,304px)) 5px minmax(6rem,1fr)");
    assert_eq!(groups, "minmax(0,1fr)");
    page.resize(1920);
    let [columns, rows, work, groups] = page.tracks();
    assert_eq!(work, "minmax(7rem,440px) 5px minmax(6rem,1fr)");
    assert_eq!(
        columns,
        "minmax(8rem,280px) 5px minmax(14rem,550fr) 5px minmax(14rem,450fr)"
    );
    assert_eq!(rows, "minmax(0,1fr)");
    assert_eq!(groups, "minmax(0,500fr) 5px minmax(0,500fr)");
}

#[test]
fn it_is_kept_as_a_text() {
    let mut page = at(1280);
    assert_eq!(page.to_text(), "open:Settings,Trace");
    page.switch_dock();
    page.switch_split();
    page.show(Panel::Source);
    page.move_edge(Edge::Call, 320);
    page.show(Panel::Files);
    page.move_over(Pane::Second);
    page.maximise(Pane::Console);
    let text = page.to_text();
    assert_eq!(
        text,
        "open:Files,Files dock:right two:yes second:Trace,Memory, call:320"
    );
    let mut again = at(1280);
    again.read(&text);
    page.restore();
    assert_eq!(again, page);
}

#[test]
fn what_cannot_be_is_ignored() {
    let mut page = at(1280);
    page.read("dock:left two:perhaps open:Nothing,Memory second: call:many rail:-3 x:4 :: ,");
    assert_eq!(page.to_text(), "open:Settings,Memory");
    page.read("second:Settings,Imports,Trace,Memory,Files,Module,Source,Calls,Profile rail:65535 groups:0");
    let sizes = (page.size(Edge::Rail), page.size(Edge::Groups));
    assert_eq!(sizes, (640, 100));
    page.switch_split();
    for group in GROUPS {
        assert!(page.panels(group).next().is_some());
    }
    page.reset();
    assert_eq!(page.to_text(), "open:Settings,Memory");
}

proptest! {
    /// Whatever was kept, each group has a panel that is open, and is one of its own.
    #[test]
    fn whatever_was_kept_there_is_a_page(text in "([a-z]{3,6}:[A-Za-z0-9,]{0,12} ?){0,6}", width: u32) {
        let mut page = at(width);
        page.read(&text);
        let groups = if page.is_split() { 2 } else { 1 };
        for group in GROUPS.into_iter().take(groups) {
            let open = page.open(group);
            prop_assert!(page.panels(group).any(|panel| panel == open));
        }
        for track in page.tracks() {
            prop_assert!(!track.contains('-'));
        }
    }
}
