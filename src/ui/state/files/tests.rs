use super::{Asked, FilesView, View, ask, date};
use crate::protocol::{
    Change, Command, EntryKind, Event, Files, FilesReport, Listed, Listing, Place, PreopenListing,
};
use crate::ui::state::board::{Board, Effect};

fn at(path: &str) -> Place {
    Place {
        preopen: "/".to_owned(),
        path: path.to_owned(),
    }
}

fn listed(path: &str, kind: EntryKind, change: Option<Change>) -> Listed {
    Listed {
        path: path.to_owned(),
        kind,
        size: 3,
        modified: 0,
        change,
    }
}

fn told(report: FilesReport) -> (Board, Vec<Effect>) {
    let mut board = Board::default();
    let effects = board.apply(Event::Files(report));
    (board, effects)
}

fn listing() -> FilesReport {
    FilesReport::Listing(Listing {
        preopens: vec![PreopenListing {
            path: "/".to_owned(),
            read_only: false,
            entries: vec![
                listed("a", EntryKind::Directory, Some(Change::Created)),
                listed("a/b", EntryKind::File, Some(Change::Created)),
                listed("a-c", EntryKind::File, None),
                listed("gone", EntryKind::Directory, Some(Change::Deleted)),
            ],
        }],
        ..Listing::default()
    })
}

fn names(files: &FilesView) -> Vec<String> {
    let preopens = files.listing.preopens.iter();
    let rows = preopens.flat_map(|preopen| files.rows(preopen).rows);
    rows.map(|row| format!("{}{}", " ".repeat(row.depth), row.name))
        .collect()
}

#[test]
fn a_directory_that_is_closed_hides_what_is_in_it_and_nothing_else() {
    let (mut board, _) = told(listing());
    assert_eq!(names(board.files()), ["a", " b", "a-c", "gone"]);
    board.toggle_directory(at("a"));
    assert_eq!(names(board.files()), ["a", "a-c", "gone"]);
    board.toggle_directory(at("a"));
    assert_eq!(names(board.files()), ["a", " b", "a-c", "gone"]);
}

#[test]
fn what_a_run_did_is_counted() {
    let (board, _) = told(listing());
    assert_eq!(board.files().changes(), "2 created, 1 deleted");
}

#[test]
fn files_go_into_a_directory_that_is_there() {
    let (mut board, _) = told(listing());
    assert_eq!(board.files().targets(), [at(""), at("a")]);
    assert_eq!(board.files().target(), Some(at("")));
    board.put_files_into(at("a"));
    assert_eq!(board.files().target(), Some(at("a")));
    board.type_directory(" ".to_owned());
    assert_eq!(board.make_directory(), [], "it needs a name");
    board.type_directory("new".to_owned());
    let made = board.make_directory();
    assert_eq!(board.files().directory, "");
    let command = Command::Files(Files::MakeDirectory(at("a/new")));
    assert_eq!(made.first(), Some(&Effect::Send(command)));
    assert_eq!(board.files().target(), Some(at("")), "it is not there yet");
}

#[test]
fn what_is_asked_for_to_be_saved_is_saved_by_its_name() {
    let (mut board, _) = told(listing());
    let asked = board.save_file(at("a/b"));
    assert_eq!(asked, [ask(Files::Save(at("a/b")))]);
    let bytes = Vec::new();
    let saved = FilesReport::Saved {
        at: at("a/b"),
        bytes,
    };
    assert_eq!(
        board.apply(Event::Files(saved)),
        [Effect::Save("b".to_owned())]
    );
    assert!(board.files().viewed.is_none());
}

#[test]
fn what_cannot_be_undone_is_asked_for_twice() {
    let (mut board, _) = told(listing());
    assert_eq!(board.confirm(), [], "nothing was asked for");
    board.ask_for(Asked::Delete(at("a")));
    board.never_mind();
    assert_eq!(board.confirm(), []);
    board.ask_for(Asked::Delete(at("a")));
    let deleted = [
        Effect::ForgetFile(at("a")),
        ask(Files::Remove(at("a"))),
        ask(Files::List),
    ];
    assert_eq!(board.confirm(), deleted);
    assert_eq!(board.confirm(), [], "once");
    board.ask_for(Asked::Reset);
    assert_eq!(board.confirm(), [ask(Files::Reset), ask(Files::List)]);
}

#[test]
fn entries_are_counted_without_those_that_are_gone() {
    let (board, _) = told(listing());
    assert_eq!(board.files().entries(None), 3);
    assert_eq!(board.files().entries(Some(&at("a"))), 1);
}

#[test]
fn a_file_is_shown_as_what_it_is() {
    let cases: [(&[u8], View); 4] = [
        (b"<b>text</b>", View::Text),
        (b"\0asm", View::Hex),
        (b"\x89PNG\r\n", View::Image),
        (b"", View::Text),
    ];
    for (bytes, view) in cases {
        let (board, _) = told(FilesReport::File {
            at: at("f"),
            bytes: bytes.to_vec(),
            size: bytes.len() as u64,
        });
        let viewed = board.files().viewed.clone().expect("it is shown");
        assert_eq!(viewed.view, view, "{bytes:?}");
    }
}

#[test]
fn hex_has_sixteen_bytes_a_line() {
    let (mut board, _) = told(FilesReport::File {
        at: at("f"),
        bytes: b"0123456789abcdefg\n".to_vec(),
        size: 18,
    });
    board.view_as(View::Hex);
    let text = board.files().viewed.as_ref().map(|viewed| viewed.text());
    let pad = " ".repeat(14 * 3 + 1);
    let lines = [
        "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|".to_owned(),
        format!("00000010  67 0a{pad}  |g.|"),
        String::new(),
    ];
    assert_eq!(text, Some(lines.join("\n")));
}

#[test]
fn dates_are_those_of_the_calendar() {
    let cases = [
        (0, "1970-01-01 00:00:00"),
        (951_782_400, "2000-02-29 00:00:00"),
        (1_700_000_000, "2023-11-14 22:13:20"),
        (4_107_542_399, "2100-02-28 23:59:59"),
        (4_107_542_400, "2100-03-01 00:00:00"),
    ];
    for (seconds, text) in cases {
        assert_eq!(date(seconds * 1_000_000_000), text);
    }
}
