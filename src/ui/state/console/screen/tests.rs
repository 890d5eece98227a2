use super::super::Source::{Note, Stderr, Stdout};
use super::super::line::Filter;
use super::super::{Color, Console, Flag, Pen, Row};
use super::MAX_HEIGHT;
use proptest::prelude::*;

/// A console whose screen has 6 lines of 20 columns.
fn small() -> Console {
    let mut console = Console::default();
    console.resize(6, 20);
    console
}

fn texts(console: &Console) -> Vec<String> {
    let rows = console.rows(Filter::default(), 0, usize::MAX);
    rows.into_iter().map(|row| row.text).collect()
}

/// What is seen after this was written.
#[track_caller]
fn shows(written: &str, expected: &[&str]) {
    let mut console = small();
    console.write(Stdout, written.as_bytes());
    assert_eq!(texts(&console), expected, "{written:?}");
    assert_eq!(console.output(Filter::default()), written.as_bytes());
    let mut bytewise = small();
    for byte in written.bytes() {
        bytewise.write(Stdout, &[byte]);
    }
    assert_eq!(texts(&bytewise), expected, "{written:?}, byte by byte");
    assert_eq!(bytewise.output(Filter::default()), written.as_bytes());
}

/// The parts of the last row, each with its pen.
fn parts(written: &str) -> Vec<(String, Pen)> {
    let mut console = small();
    console.write(Stdout, written.as_bytes());
    let row = console
        .rows(Filter::default(), 0, usize::MAX)
        .pop()
        .unwrap();
    let mut start = 0;
    let parts = row.spans.iter().map(|&(end, pen)| {
        let part = row.text[start..end].to_owned();
        start = end;
        (part, pen)
    });
    parts.collect()
}

#[track_caller]
fn looks(sequence: &str, expected: Pen) {
    let [(text, pen)] = &parts(&format!("\x1b[{sequence}mx"))[..] else {
        panic!("{sequence:?}");
    };
    assert_eq!((text.as_str(), *pen), ("x", expected), "{sequence:?}");
}

fn ink(ink: Color) -> Pen {
    Pen {
        ink,
        ..Pen::default()
    }
}

fn paper(paper: Color) -> Pen {
    Pen {
        paper,
        ..Pen::default()
    }
}

#[test]
fn a_carriage_return_writes_over_the_line() {
    shows("10%\r100%", &["100%"]);
    shows("100%\r20%", &["20%%"]);
    shows("long\rab\n", &["abng"]);
    shows("\rnothing before", &["nothing before"]);
    shows("as in\r\nDOS\r\n", &["as in", "DOS"]);
}

#[test]
fn backspace_goes_back_and_tabs_go_to_stops() {
    shows("abc\x08\x08X", &["aXc"]);
    shows("\x08a", &["a"]);
    shows("a\tb\rc", &["c       b"]);
    shows("12345678\t\x08x", &["12345678       x"]);
}

#[test]
fn the_cursor_moves_by_lines_and_columns() {
    shows(
        "one\ntwo\nthree\x1b[2A\r1\x1b[B\r2",
        &["1ne", "2wo", "three"],
    );
    shows("one\ntwo\x1b[F1\x1b[E2", &["1ne", "2wo"]);
    shows("abc\x1b[2DX\x1b[CY", &["aXcY"]);
    shows("abc\x1b[GX", &["Xbc"]);
    shows("abc\x1b[5GX", &["abc X"]);
    shows("\x1b[3;4Hx\x1b[Hy\x1b[2dz", &["y", " z", "   x"]);
    shows("a\x1b[99Ax\x1b[99Dy", &["yx"]);
    shows("\x1b[99Cx", &["                   x"]);
    shows("ab\x1b7\x1b[Hx\x1b8y", &["xby"]);
    shows("ab\x1b[s\x1b[Hx\x1b[uy", &["xby"]);
}

#[test]
fn what_is_seen_is_erased() {
    shows("abcdef\x1b[3D\x1b[K", &["abc"]);
    shows("abcdef\x1b[3D\x1b[1K", &["    ef"]);
    shows("abcdef\x1b[2Kx", &["      x"]);
    shows("one\ntwo\nthree\x1b[2A\x1b[J", &["one", "", ""]);
    shows("one\ntwo\nthree\x1b[A\x1b[1J", &["", "", "three"]);
    shows("one\ntwo\x1b[2J\x1b[Hx", &["x", ""]);
    shows("abcdef\x1b[4D\x1b[2X", &["ab  ef"]);
    shows("abcdef\x1b[4D\x1b[2P", &["abef"]);
    shows("abcdef\x1b[4D\x1b[2@", &["ab  cdef"]);
    shows("abc\r\x1b[4hxy\x1b[4lz", &["xyzbc"]);
    shows("abc\x1bcx", &["x"]);
    shows("ab\x1b[3b", &["abbbb"]);
}

#[test]
fn lines_come_in_and_go_between_the_margins() {
    shows("1\n2\n3\n4\x1b[2;1H\x1b[L", &["1", "", "2", "3"]);
    shows("1\n2\n3\n4\x1b[2;1H\x1b[M", &["1", "3", "4", ""]);
    shows("1\n2\n3\n4\x1b[2;3r\x1b[3;1H\nx", &["1", "3", "x", "4"]);
    shows("1\n2\n3\x1b[H\x1bMx", &["x", "1", "2"]);
    shows("1\n2\n3\n4\x1b[2;4r\x1b[Tx", &["x", "", "2", "3"]);
}

#[test]
fn what_scrolls_out_of_the_screen_stays() {
    let mut console = small();
    for line in 0..20 {
        console.write(
            Stdout,
            format!("\x1b[3{}mline {line}\x1b[m\n", line % 8).as_bytes(),
        );
    }
    let rows = console.rows(Filter::default(), 0, usize::MAX);
    for (line, row) in rows.iter().enumerate() {
        assert_eq!(row.text, format!("line {line}"));
        let named = Color::Named(u8::try_from(line % 8).unwrap());
        assert_eq!(row.spans, [(row.text.len(), ink(named))]);
    }
    // The top of the screen is the highest that can be reached.
    console.write(Stdout, b"\x1b[Htop");
    assert_eq!(texts(&console)[15], "tope 15");
    console.write(Stdout, b"\x1b[6;1H\n\n\x1b[99A*");
    assert_eq!(texts(&console)[17], "*ine 17");
}

#[test]
fn a_taller_screen_does_not_bring_back_what_has_left_it() {
    let mut console = small();
    console.write(Stdout, b"\x1b[31mred\x1b[m\n");
    console.write(Stdout, &b"plain\n".repeat(10));
    console.resize(MAX_HEIGHT, 80);
    console.write(Stdout, b"\x1b[Hx");
    assert_eq!(texts(&console)[0], "red");
}

#[test]
fn colours_are_of_the_theme_of_a_cube_or_any() {
    looks("31", ink(Color::Named(1)));
    looks("97", ink(Color::Named(15)));
    looks("44", paper(Color::Named(4)));
    looks("103", paper(Color::Named(11)));
    looks("38;5;9", ink(Color::Named(9)));
    looks("38;5;16", ink(Color::Rgb(0, 0, 0)));
    looks("38;5;196", ink(Color::Rgb(255, 0, 0)));
    looks("48;5;244", paper(Color::Rgb(128, 128, 128)));
    looks("38;2;1;2;255", ink(Color::Rgb(1, 2, 255)));
    looks("48:2::1:2:3", paper(Color::Rgb(1, 2, 3)));
    looks("38:5:1", ink(Color::Named(1)));
    looks("31;39;42;49", Pen::default());
    looks("38;5;31;1", ink(Color::Rgb(0, 135, 175)).with(Flag::Bold));
}

#[test]
fn characters_are_bold_dim_italic_underlined_inverse_hidden_struck() {
    for (on, off, flag) in [
        ("1", "22", Flag::Bold),
        ("2", "22", Flag::Dim),
        ("3", "23", Flag::Italic),
        ("4", "24", Flag::Underline),
        ("4:3", "4:0", Flag::Underline),
        ("8", "28", Flag::Hidden),
        ("9", "29", Flag::Strike),
    ] {
        looks(on, Pen::default().with(flag));
        looks(&format!("{on};{off}"), Pen::default());
    }
    looks("1;3", Pen::default().with(Flag::Bold).with(Flag::Italic));
    looks("1;3;0", Pen::default());
    looks("1;", Pen::default());
    let inverse = |pen: Pen| parts_seen("7", pen);
    assert_eq!(inverse(ink(Color::Named(1))).paper, Color::Named(1));
    assert_eq!(inverse(Pen::default()).ink, Color::Swapped);
}

/// How an inverse character looks.
fn parts_seen(_: &str, pen: Pen) -> Pen {
    pen.with(Flag::Inverse).seen()
}

#[test]
fn only_what_is_coloured_is() {
    let red = ink(Color::Named(1));
    assert_eq!(
        parts("a\x1b[31mb\x1b[0mc"),
        [
            ("a".to_owned(), Pen::default()),
            ("b".to_owned(), red),
            ("c".to_owned(), Pen::default())
        ]
    );
    assert_eq!(
        parts("\x1b[41m\x1b[K"),
        [(" ".repeat(20), paper(Color::Named(1)))],
        "the rest of the line has the colour"
    );
}

#[test]
fn wide_and_combining_characters_keep_their_columns() {
    shows("世界\rx", &["x 界"]);
    shows("世界\x1b[2Gx", &[" x界"]);
    shows("世界\x1b[3D\x1b[K", &[""]);
    shows("世\x1b[3Gx", &["世x"]);
    shows("e\u{301}x\r\x1b[Cy", &["e\u{301}y"]);
    shows(
        "e\u{301}\u{302}\u{303}\u{304}\u{305}x\r\x1b[Cy",
        &["e\u{301}\u{302}\u{303}\u{304}\u{305}y"],
    );
    shows("\r\u{301}x", &["x"]);
    let marks = "\u{301}".repeat(20);
    shows(&format!("\re{marks}x"), &[&format!("e{}x", &marks[..12])]);
}

#[test]
fn a_picture_of_several_characters_takes_two_columns() {
    for picture in [
        "👩\u{200d}🚀",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦",
        "👩🏽\u{200d}🤝\u{200d}👨🏿",
        "🏃\u{200d}♂\u{fe0f}",
        "👍🏽",
    ] {
        shows(&format!("\r{picture}!\x1b[3Gx"), &[&format!("{picture}x")]);
        // A line that was plain until then.
        shows(&format!("{picture}!\x1b[3Gx"), &[&format!("{picture}x")]);
    }
    shows("\rx🏽\x1b[4Gy", &["x🏽y"]);
    // As many as there is room for; those behind are another one.
    let girls = |count| "\u{200d}👧".repeat(count);
    let seen = format!("👩{0}👧{0}👧{1}!", girls(3), girls(1));
    shows(&format!("\r👩{}!", girls(9)), &[&seen]);
}

#[test]
fn the_terminal_answers_where_the_cursor_is() {
    let reply = |written: &str| {
        let mut console = small();
        console.write(Stdout, written.as_bytes());
        console.take_replies()
    };
    assert_eq!(reply("\x1b[6n"), "\x1b[1;1R");
    assert_eq!(reply("one\n世\x1b[6n"), "\x1b[2;3R");
    assert_eq!(
        reply("\x1b[999;999H\x1b[6n"),
        "\x1b[6;20R",
        "how large it is"
    );
    assert_eq!(reply(&format!("{}\x1b[6n", "x".repeat(99))), "\x1b[1;20R");
    assert_eq!(
        reply("\x1b[?6n\x1b[5n\x1b[c\x1b[0c"),
        "\x1b[?1;1R\x1b[0n\x1b[?6c\x1b[?6c"
    );
    assert_eq!(reply("\x1b[n\x1b[7n\x1b[?5n\x1b[1c\x1b[>c\x1b[=c"), "");
    let asked = "\x1b[6n".repeat(1_000_000);
    assert!(reply(&asked).len() <= 1024, "nobody reads it");
    let mut console = small();
    console.write(Note, b"\x1b[6n");
    assert_eq!(console.take_replies(), "");
}

#[test]
fn what_is_no_text_and_no_sequence_is_not_seen() {
    shows("a\x1b]0;title\x07b", &["ab"]);
    shows("a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", &["alink"]);
    shows("a\x1bP1$r0m\x1b\\b", &["ab"]);
    shows("\x1bD\x1bPa\nb\x1b\\c", &["", "c"]);
    shows("a\x07\0b\x7f", &["ab"]);
    shows("a\x1b[?25lb\x1b[>c\x1b(Bc", &["abc"]);
    shows("<b>&amp;\x1b[m", &["<b>&amp;"]);
}

#[test]
fn each_stream_has_a_screen_of_its_own() {
    let mut console = small();
    console.write(Stderr, b"10%");
    console.write(Stdout, b"one\n");
    console.write(Stderr, b"\r90%");
    console.write(Stdout, b"two\n\x1b[2A\x1b[32m1");
    assert_eq!(texts(&console), ["90%", "1ne", "two", ""]);
    assert_eq!(
        console.output(Filter::default()),
        b"10%\r90%one\ntwo\n\x1b[2A\x1b[32m1"
    );
}

#[test]
fn a_run_does_not_write_over_what_the_last_one_wrote() {
    let mut console = small();
    console.write(Stdout, b"\x1b[31mfirst\n");
    console.say(Note, "returned");
    console.write(Stdout, b"\x1b[H\x1b[2Jsecond");
    assert_eq!(texts(&console), ["first", "returned", "second"]);
    let last = console.rows(Filter::default(), 2, 1).pop().unwrap();
    assert_eq!(
        last.spans,
        [(6, Pen::default())],
        "nor does it go on in its colour"
    );
}

#[test]
fn the_other_screen_begins_below_and_stays_as_it_was_left() {
    shows(
        "before\x1b[?1049h\x1b[Htui\nrow\x1b[H\x1b[2Jframe\x1b[?1049lafter",
        &["before", "frame", "", "after"],
    );
}

#[test]
fn what_is_typed_is_seen_behind_the_prompt_and_is_no_output() {
    let mut console = small();
    console.write(Stderr, b">>> ");
    console.echo("6*7\n");
    console.write(Stdout, b"42\n");
    console.write(Stderr, b">>> ");
    console.echo("a\nb\n");
    assert_eq!(texts(&console), [">>> 6*7", "42", ">>> a", "b"]);
    let first = console.rows(Filter::default(), 0, 1).pop().unwrap();
    assert_eq!(
        first.spans,
        [(4, Pen::default()), (7, Pen::default().with(Flag::Typed))]
    );
    assert_eq!(console.output(Filter::default()), b">>> 42\n>>> ");
}

#[test]
fn a_coloured_line_may_be_as_long_as_any() {
    let long = "y".repeat(10_000);
    let mut console = small();
    console.write(Stdout, format!("\x1b[31m{long}\x1b[m\nnext\n").as_bytes());
    let rows = console.rows(Filter::default(), 0, usize::MAX);
    assert!(rows[0].goes_on && rows[1].goes_on && !rows[2].goes_on);
    assert_eq!(texts(&console)[..3].concat(), long);
    assert_eq!(texts(&console)[3], "next");
}

#[test]
fn what_a_hostile_guest_writes_stays_small() {
    let mut console = Console::default();
    for sequence in [
        "\x1b[65535;65535Hx",
        "\x1b[65535S",
        "\x1b[65535T",
        "\x1b[65535L",
        "\x1b[65535M",
        "\x1b[65535@",
        "x\x1b[65535b",
        "\x1b[65535C\x1b[65535P",
        "\x1b[65535X\x1b[65535d",
        "\x1b[1;65535r",
        "\x1b[99999999999999999999;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;m",
        "\x1b]0;",
    ] {
        console.write(Stdout, sequence.repeat(20).as_bytes());
    }
    console.write(Stdout, &vec![b'z'; 10 << 20]);
    assert!(
        console.len(Filter::default()) < 2000,
        "{}",
        console.len(Filter::default())
    );
    assert!(texts(&console).iter().all(|text| text.len() < 5000));
}

/// Bytes among which sequences are frequent.
fn writing() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[ -~]{0,12}".prop_map(String::into_bytes),
        2 => "[世界é🐍\u{301}\u{200d}]{1,3}".prop_map(String::into_bytes),
        4 => "\x1b\\[[0-9;:?]{0,6}[@-~]".prop_map(String::into_bytes),
        1 => "\x1b[@-~]".prop_map(String::into_bytes),
        3 => "[\n\r\t\x08]{1,3}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// However it is cut into writes, the same is seen; the bytes are kept; and rows are rows.
    #[test]
    fn any_bytes_are_taken_in(written in writing(), cut in 1..40_usize, lines in 4..9_u64) {
        let mut whole = Console::default();
        let mut pieces = Console::default();
        whole.resize(lines, 30);
        pieces.resize(lines, 30);
        whole.write(Stdout, &written);
        for piece in written.chunks(cut) {
            pieces.write(Stdout, piece);
        }
        let filter = Filter::default();
        prop_assert_eq!(whole.output(filter), written.clone());
        prop_assert_eq!(pieces.output(filter), written);
        let rows = whole.rows(filter, 0, usize::MAX);
        prop_assert_eq!(rows.len() as u64, whole.len(filter));
        for row in &rows {
            prop_assert!(row.spans.is_empty() || row.spans.last().is_some_and(|span| span.0 == row.text.len()));
            prop_assert!(row.spans.iter().all(|span| row.text.is_char_boundary(span.0)));
            prop_assert!(!row.text.contains(['\n', '\x1b']));
        }
        // A tabulator is one character in plain text, and blanks on a screen; a mark that there is
        // nothing to carry is not on it.
        let words = |rows: Vec<Row>| -> Vec<Vec<String>> {
            let words = |row: Row| {
                let text = row.text.replace(['\u{301}', '\u{200d}'], "");
                text.split_whitespace().map(str::to_owned).collect()
            };
            rows.into_iter().map(words).collect()
        };
        prop_assert_eq!(words(rows), words(pieces.rows(filter, 0, usize::MAX)));
    }
}
