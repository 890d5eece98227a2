use super::{Added, Asked, ask, shown};
use crate::protocol::{
    Change, EntryKind, Event, Files, FilesReport, Listed, Listing, Place, PreopenListing,
};
use crate::ui::state::board::{Board, Effect};

fn at(path: &str) -> Place {
    Place {
        preopen: "/".to_owned(),
        path: path.to_owned(),
    }
}

fn file(path: &str, size: u64) -> Added {
    let at = at(path);
    let size = Some(size);
    Added { at, size }
}

fn synced(board: &mut Board, number: u32) -> Vec<Effect> {
    board.apply(Event::Files(FilesReport::Synced(number)))
}

/// What is sent, as `+ file`, `mkdir directory` and `sync`.
fn sent(effects: &[Effect]) -> Vec<String> {
    let words = effects.iter().map(|effect| match effect {
        Effect::AddFile(at) => format!("+ {}", shown(at)),
        Effect::ForgetFile(at) => format!("forget {}", shown(at)),
        Effect::Send(crate::protocol::Command::Files(files)) => match files {
            Files::MakeDirectory(at) => format!("mkdir {}", shown(at)),
            Files::Sync(number) => format!("sync {number}"),
            Files::List => "list".to_owned(),
            other => format!("{other:?}"),
        },
        other => format!("{other:?}"),
    });
    words.collect()
}

#[test]
fn many_go_in_batches_each_after_the_one_before_is_done() {
    let mut board = Board::default();
    let files = (0..150).map(|number| file(&format!("{number}"), 1));
    let first = sent(&board.add_files("/", files.collect()));
    assert_eq!(first.len(), 101);
    assert_eq!(first.last().unwrap(), "sync 1");
    let seen = board.files().adding.unwrap();
    assert_eq!((seen.done, seen.total), (0, 150));

    assert_eq!(sent(&board.add_files("/", vec![file("more", 1)])), [""; 0]);
    let second = sent(&synced(&mut board, 1));
    assert_eq!(second.len(), 52);
    assert_eq!(board.files().adding.unwrap().done, 100);
    assert_eq!(sent(&synced(&mut board, 2)), ["list"]);
    assert_eq!(board.files().adding, None);
    assert_eq!(board.files().added, "151 files added to /");
}

#[test]
fn large_files_make_a_batch_of_their_own() {
    let mut board = Board::default();
    let files = vec![file("small", 1), file("large", 1 << 30), file("last", 1)];
    assert_eq!(sent(&board.add_files("/", files)), ["+ /small", "sync 1"]);
    assert_eq!(sent(&synced(&mut board, 1)), ["+ /large", "sync 2"]);
    assert_eq!(sent(&synced(&mut board, 2)), ["+ /last", "sync 3"]);
}

#[test]
fn an_empty_directory_is_made_unless_it_is_there() {
    let mut board = Board::default();
    let directory = |path| Added {
        at: at(path),
        size: None,
    };
    let listing = FilesReport::Listing(listing(&[("there", EntryKind::Directory, None)]));
    board.apply(Event::Files(listing));
    let effects = board.add_files("/", vec![directory("there"), directory("new")]);
    assert_eq!(sent(&effects), ["mkdir /new", "sync 1"]);
}

#[test]
fn what_is_cancelled_is_not_added_and_not_kept() {
    let mut board = Board::default();
    let search = board.begin_search();
    board.add_files("/", vec![file("large", 1 << 30), file("rest", 1)]);
    assert!(board.wants(search));
    assert_eq!(sent(&board.cancel_adding()), ["forget /rest"]);
    assert!(!board.wants(search));
    assert_eq!(sent(&board.end_search(search, 3)), [""; 0]);
    assert_eq!(sent(&synced(&mut board, 1)), ["list"]);
    assert_eq!(board.files().added, "1 file added to /");
    assert_eq!(board.files().failed, None);
    assert_eq!(sent(&board.replaced("")), ["+ /large", "sync 2"]);
}

#[test]
fn those_that_fail_are_counted() {
    let mut board = Board::default();
    let search = board.begin_search();
    board.add_files("/", vec![file("a", 1), file("b", 1), file("c", 1)]);
    for reason in ["a does not fit", "b does not fit"] {
        board.apply(Event::Files(FilesReport::Failed(reason.to_owned())));
    }
    assert_eq!(sent(&synced(&mut board, 1)), [""; 0], "it is read still");
    assert!(board.files().adding.unwrap().searching);
    assert_eq!(sent(&board.end_search(search, 0)), ["list"]);
    assert_eq!(board.files().added, "1 file added to /");
    let failed = board.files().failed.as_deref();
    assert_eq!(failed, Some("b does not fit; 1 more failure"));
}

#[test]
fn another_worker_gets_what_was_added_and_is_said_to_lack_what_runs_wrote() {
    let mut board = Board::default();
    board.add_files("/", vec![file("in/a", 1), file("in/b", 1), file("c", 1)]);
    synced(&mut board, 1);
    board.apply(Event::Files(FilesReport::Listing(listing(&[
        ("c", EntryKind::File, Some(Change::Changed)),
        ("in", EntryKind::Directory, Some(Change::Created)),
        ("in/a", EntryKind::File, None),
        ("in/b", EntryKind::File, Some(Change::Deleted)),
        ("out", EntryKind::File, Some(Change::Created)),
    ]))));
    let effects = board.replaced("the worker failed");
    assert_eq!(sent(&effects), ["+ /c", "mkdir /in", "+ /in/a", "sync 2"]);
    let said = "put back: 2 files; lost: what runs wrote (/c, /out)";
    let rows = board.console().rows(board.filter(), 0, usize::MAX);
    assert_eq!(rows.last().unwrap().text, said);
    assert_eq!(board.files().entries(None), 0);
    assert_eq!(sent(&synced(&mut board, 2)), ["list"]);
    assert_eq!(board.files().added, "3 files put back");

    let nothing = Board::default().replaced("the worker failed");
    assert_eq!(nothing, []);
}

#[test]
fn what_runs_wrote_is_kept_and_put_back_too() {
    let mut board = Board::default();
    let news = || {
        let out = ("out", EntryKind::File, Some(Change::Created));
        Event::Files(FilesReport::Listing(listing(&[out])))
    };
    let at = at("out");
    assert_eq!(board.apply(news()), [ask(Files::Keep(at.clone()))]);
    let kept = board.apply(Event::Files(FilesReport::Kept {
        at: at.clone(),
        size: 4,
        bytes: Vec::new(),
    }));
    assert_eq!(kept, [Effect::KeepFile(at)]);
    assert_eq!(board.apply(news()), [], "it has not been written to since");
    let effects = board.replaced("the worker failed");
    assert_eq!(sent(&effects), ["+ /out", "sync 1"]);
    let rows = board.console().rows(board.filter(), 0, usize::MAX);
    assert_eq!(rows.last().unwrap().text, "put back: 1 file");
}

#[test]
fn a_batch_that_was_under_way_goes_to_the_other_worker_with_the_rest() {
    let mut board = Board::default();
    board.add_files("/", vec![file("a", 1), file("large", 1 << 30)]);
    assert_eq!(sent(&board.replaced("")), ["+ /a", "sync 2"]);
    assert_eq!(
        sent(&synced(&mut board, 1)),
        [""; 0],
        "that was the old one"
    );
    assert_eq!(sent(&synced(&mut board, 2)), ["+ /large", "sync 3"]);
}

#[test]
fn what_every_worker_fails_at_is_given_up() {
    let mut board = Board::default();
    board.add_files("/", vec![file("a", 1), file("large", 1 << 30)]);
    synced(&mut board, 1);
    assert_eq!(sent(&board.replaced("")), ["+ /a", "sync 3"]);
    let given_up = ["forget /large", "list", "forget /a", "forget /large"];
    let forgotten = sent(&board.replaced(""));
    assert_eq!(forgotten, given_up);
    let rows = board.console().rows(board.filter(), 0, usize::MAX);
    let said = "given up: the files that were added, at which it failed again";
    assert_eq!(rows.last().unwrap().text, said);
    assert_eq!(board.replaced(""), []);
}

#[test]
fn what_did_not_come_to_be_there_is_not_kept() {
    let mut board = Board::default();
    board.add_files("/", vec![file("a", 1), file("too large", 1)]);
    let there = || FilesReport::Listing(listing(&[("a", EntryKind::File, None)]));
    assert_eq!(board.apply(Event::Files(there())), [], "it is on its way");
    synced(&mut board, 1);
    let effects = board.apply(Event::Files(there()));
    assert_eq!(sent(&effects), ["forget /too large"]);
    assert_eq!(sent(&board.replaced("")), ["+ /a", "sync 2"]);
}

#[test]
fn what_is_deleted_is_not_kept() {
    let mut board = Board::default();
    board.add_files("/", vec![file("in/a", 1), file("in-b", 1)]);
    synced(&mut board, 1);
    board.ask_for(Asked::Delete(at("in")));
    let effects = board.confirm();
    assert_eq!(effects.first(), Some(&Effect::ForgetFile(at("in/a"))));
    assert_eq!(effects.get(1), Some(&ask(Files::Remove(at("in")))));
    assert_eq!(sent(&board.replaced("")), ["+ /in-b", "sync 2"]);
    synced(&mut board, 2);
    board.ask_for(Asked::Reset);
    board.confirm();
    assert_eq!(board.replaced(""), []);
}

fn listing(entries: &[(&str, EntryKind, Option<Change>)]) -> Listing {
    let entries = entries.iter().map(|(path, kind, change)| Listed {
        path: (*path).to_owned(),
        kind: *kind,
        size: 1,
        modified: 0,
        change: *change,
    });
    Listing {
        preopens: vec![PreopenListing {
            path: "/".to_owned(),
            read_only: false,
            entries: entries.collect(),
        }],
        ..Listing::default()
    }
}
