//! The characters of a line that take two columns, so that they can be drawn as wide as that, whatever
//! their font says.

use super::cells::{self, JOINER, TAB, is_tone, joins};

/// Runs of a text at most; what is behind them is as wide as it comes.
const MAX_RUNS: usize = 256;

/// How the characters of a run are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As they come.
    Plain,
    /// Each as wide as two columns: the scripts of East Asia.
    Wide,
    /// A picture of one or more characters, in two columns.
    Picture,
    /// A tabulator: behind what is drawn in columns, browsers do not know where it ends.
    Tab,
}

/// The text in runs, each with the columns that it is to be drawn in; 0: as it comes. It begins at
/// `column`, which becomes that behind it.
pub(super) fn runs<'t>(text: &'t str, column: &mut usize) -> Vec<(&'t str, usize)> {
    let mut runs: Vec<(usize, usize, Kind)> = Vec::new();
    let (mut joined, mut half_flag) = (false, false);
    let mut characters = text.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        let end = place + character.len_utf8();
        let next = characters.peek().map(|next| next.1);
        let in_picture = runs.last().is_some_and(|run| run.2 == Kind::Picture);
        let belongs = cells::width(character) == 0 && character != '\t'
            || half_flag
            || in_picture && (is_tone(character) || joined && joins(character));
        joined = character == JOINER;
        half_flag = !half_flag && is_flag(character) && next.is_some_and(is_flag);
        let kind = if half_flag {
            Kind::Picture
        } else {
            kind(character)
        };
        let columns = match kind {
            Kind::Wide | Kind::Picture => 2,
            Kind::Tab => TAB - *column % TAB,
            Kind::Plain => cells::width(character),
        };
        if !belongs {
            *column += columns;
        }
        let drawn = if kind == Kind::Plain { 0 } else { columns };
        let is_full = runs.len() >= MAX_RUNS;
        match runs.last_mut() {
            Some(run) if belongs => run.0 = end,
            Some(run) if run.2 == kind && matches!(kind, Kind::Plain | Kind::Wide) => {
                run.0 = end;
                run.1 += drawn;
            }
            Some(run) if is_full => *run = (end, 0, Kind::Plain),
            _ => runs.push((end, drawn, kind)),
        }
    }
    let mut start = 0;
    let run = |(end, columns, _)| {
        let run = text.get(start..end).unwrap_or_default();
        start = end;
        (run, columns)
    };
    runs.into_iter().map(run).collect()
}

fn kind(character: char) -> Kind {
    match character {
        '\t' => Kind::Tab,
        _ if cells::width(character) != 2 => Kind::Plain,
        '\u{2300}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => Kind::Picture,
        _ => Kind::Wide,
    }
}

/// A letter of those of which two are a flag.
fn is_flag(character: char) -> bool {
    matches!(character, '\u{1f1e6}'..='\u{1f1ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(text: &str) -> Vec<(&str, usize)> {
        super::runs(text, &mut 0)
    }

    #[test]
    fn what_is_wide_is_drawn_in_so_many_columns() {
        assert_eq!(runs(""), []);
        assert_eq!(runs("plain"), [("plain", 0)]);
        assert_eq!(runs("zażółć ─ e\u{301}"), [("zażółć ─ e\u{301}", 0)]);
        assert_eq!(runs("a世界b"), [("a", 0), ("世界", 4), ("b", 0)]);
        assert_eq!(runs("한국\u{3099}ア"), [("한국\u{3099}ア", 6)]);
        assert_eq!(runs("🐍🐍x"), [("🐍", 2), ("🐍", 2), ("x", 0)]);
        assert_eq!(runs("🐍世⌚"), [("🐍", 2), ("世", 2), ("⌚", 2)]);
    }

    #[test]
    fn a_picture_of_several_characters_is_one() {
        for picture in [
            "👩\u{200d}🚀",
            "👩\u{200d}👩\u{200d}👧\u{200d}👦",
            "🏃\u{200d}♂\u{fe0f}",
            "👍🏽",
            "🇵🇱",
        ] {
            let text = format!("{picture}{picture}.");
            assert_eq!(runs(&text), [(picture, 2), (picture, 2), (".", 0)]);
        }
        assert_eq!(runs("🇵a🇵🇱🇱"), [("🇵a", 0), ("🇵🇱", 2), ("🇱", 0)]);
        assert_eq!(runs("👩\u{200d}x"), [("👩\u{200d}", 2), ("x", 0)]);
    }

    #[test]
    fn tabulators_go_to_their_stops() {
        assert_eq!(
            runs("世\ta\t\tb"),
            [
                ("世", 2),
                ("\t", 6),
                ("a", 0),
                ("\t", 7),
                ("\t", 8),
                ("b", 0)
            ]
        );
        let mut column = 5;
        assert_eq!(
            super::runs("🐍\u{301}é", &mut column),
            [("🐍\u{301}", 2), ("é", 0)]
        );
        assert_eq!(column, 8);
    }

    #[test]
    fn there_are_not_too_many() {
        let text = "🐍a".repeat(1_000);
        let runs = runs(&text);
        assert_eq!(runs.len(), MAX_RUNS);
        let whole: String = runs.iter().map(|run| run.0).collect();
        assert_eq!(whole, text);
    }
}
