use super::*;
use crate::ui::state::console::line::MAX_ROW;
use Source::{Alarm, Host, Note, Stderr, Stdout};

const ALL: Filter = Filter { hidden: [false; 3] };

fn only(sources: &[Source]) -> Filter {
    let mut filter = ALL;
    for source in Source::OUTPUT {
        if !sources.contains(&source) {
            filter.toggle(source);
        }
    }
    filter
}

fn texts(console: &Console, filter: Filter) -> Vec<String> {
    let rows = console.rows(filter, 0, usize::MAX);
    assert_eq!(rows.len() as u64, console.len(filter));
    rows.into_iter().map(|row| row.text).collect()
}

#[test]
fn writes_become_lines_wherever_they_are_cut() {
    let written = "first\nzażółć 🐍 gęślą\n\nlast".as_bytes();
    for size in 1..written.len() {
        let mut console = Console::default();
        for chunk in written.chunks(size) {
            console.write(Stdout, chunk);
        }
        assert_eq!(
            texts(&console, ALL),
            ["first", "zażółć 🐍 gęślą", "", "last"],
            "in chunks of {size}"
        );
        assert_eq!(console.output(ALL), written);
    }
}

#[test]
fn a_line_goes_on_where_its_source_left_it() {
    let mut console = Console::default();
    console.write(Stdout, b"out 1, ");
    console.write(Stderr, b"err\n");
    console.write(Stdout, b"out 2\n");
    assert_eq!(texts(&console, ALL), ["out 1, out 2", "err"]);
}

#[test]
fn what_the_page_says_has_a_line_of_its_own() {
    let mut console = Console::default();
    console.write(Stdout, b"no newline");
    console.say(Note, "returned");
    console.write(Stdout, b"more");
    assert_eq!(texts(&console, ALL), ["no newline", "returned", "more"]);
    assert_eq!(console.output(ALL), b"no newlinemore");
}

#[test]
fn the_filter_hides_sources_but_never_what_the_page_says() {
    let mut console = Console::default();
    for round in 0..3 {
        console.write(Stdout, format!("out {round}\n").as_bytes());
        console.write(Stderr, format!("err {round}\n").as_bytes());
        console.write(Host, format!("host {round}\n").as_bytes());
    }
    console.say(Alarm, "trap");
    assert_eq!(
        texts(&console, only(&[Stderr])),
        ["err 0", "err 1", "err 2", "trap"]
    );
    assert_eq!(
        texts(&console, only(&[Stdout, Host])),
        [
            "out 0", "host 0", "out 1", "host 1", "out 2", "host 2", "trap"
        ]
    );
    assert_eq!(texts(&console, only(&[])), ["trap"]);
    let window = console.rows(only(&[Stderr]), 1, 2);
    assert_eq!(window[0].text, "err 1");
    assert_eq!(window[1].text, "err 2");
}

#[test]
fn a_download_holds_the_exact_bytes_of_what_is_shown() {
    let mut console = Console::default();
    console.write(Stdout, b"\xff\x00\r\n");
    console.write(Stderr, b"e");
    console.say(Note, "not the guest's");
    assert_eq!(console.output(ALL), b"\xff\x00\r\ne");
    assert_eq!(console.output(only(&[Stdout])), b"\xff\x00\r\n");
    assert_eq!(console.output(only(&[])), b"");
}

#[test]
fn a_long_line_takes_several_rows_and_no_code_point_is_cut() {
    let line = "🐍".repeat(3000);
    for lead in 0..4 {
        let written = format!("{}{line}", "x".repeat(lead));
        let mut console = Console::default();
        console.write(Stdout, written.as_bytes());
        let rows = console.rows(ALL, 0, usize::MAX);
        assert!(rows.len() > 1);
        assert!(rows.iter().rev().skip(1).all(|row| row.goes_on));
        assert_eq!(
            rows.iter().map(|row| row.text.as_str()).collect::<String>(),
            written
        );
        assert_eq!(console.output(ALL), written.as_bytes());
    }
}

#[test]
fn a_line_of_exactly_one_row_is_one_row() {
    let mut console = Console::default();
    let full = "y".repeat(MAX_ROW as usize);
    console.write(Stdout, format!("{full}\nnext\n").as_bytes());
    // The newline is not known when the row is full: it ends a row without text.
    assert_eq!(texts(&console, ALL), [full.as_str(), "", "next"]);
}

#[test]
fn the_oldest_lines_make_room_and_are_counted() {
    let mut console = Console::default();
    console.write(Stderr, b"an open line, the oldest");
    for block in 0..(MAX_LINES / 1000) + 1 {
        let lines: String = (0..1000)
            .map(|n| format!("{}\n", block * 1000 + n))
            .collect();
        console.write(Stdout, lines.as_bytes());
    }
    assert_eq!(console.len(ALL), MAX_LINES);
    assert_eq!(console.dropped(), 1001);
    assert_eq!(console.rows(ALL, 0, 1)[0].text, "1000");
    assert_eq!(console.rows(ALL, MAX_LINES - 1, 5)[0].text, "1000999");
    console.write(Stderr, b"its rest\n");
    assert_eq!(console.rows(ALL, MAX_LINES - 1, 5)[0].text, "its rest");
}

#[test]
fn the_bytes_that_are_kept_are_bounded_too() {
    let mut console = Console::default();
    let megabyte = vec![b'z'; 1 << 20];
    for _ in 0..(MAX_BYTES >> 20) + 2 {
        console.write(Stdout, &megabyte);
    }
    let kept = console.output(ALL).len() as u64;
    assert!(kept <= MAX_BYTES && kept > MAX_BYTES - u64::from(MAX_ROW));
    assert!(console.dropped() > 0);
}

#[test]
fn clearing_forgets_all_but_that_something_changed() {
    let mut console = Console::default();
    console.write(Stdout, b"x");
    let version = console.version();
    console.clear();
    assert_eq!(console.len(ALL), 0);
    assert!(console.version() > version);
}

#[test]
fn what_is_shown_is_copied_as_text() {
    let mut console = Console::default();
    console.write(Stdout, b"\x1b[31mred\x1b[m\n10%\r100%\n");
    console.write(Stderr, b"oops\n");
    console.write(Stdout, &[b'x'; 5_000]);
    let text = console.text(only(&[Stdout]));
    let long = "x".repeat(5_000);
    assert_eq!(text, format!("red\n100%\n{long}\n"));
    assert!(console.text(ALL).contains("oops\n"));
}

#[test]
fn errors_are_gone_to_one_stretch_after_the_other_and_all_round() {
    let mut console = Console::default();
    assert_eq!(console.next_error(ALL, None), None);
    console.write(Stdout, b"fine\n");
    console.write(Stderr, b"panic: one\ngoroutine 1\n");
    console.write(Stdout, b"fine\n");
    console.say(Note, "stopped");
    console.say(Alarm, "unreachable");
    let next = |after| console.next_error(ALL, after);
    assert_eq!(next(None), Some(1));
    assert_eq!(next(Some(1)), Some(5), "a stretch is one error");
    assert_eq!(next(Some(5)), Some(1), "all round");
    assert_eq!(
        console.next_error(only(&[Stdout]), None),
        Some(5),
        "what is hidden is none"
    );
}
