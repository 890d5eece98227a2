//! Arguments as one line, quoted as in a shell. Nothing is expanded: no variables, no patterns.

use std::str::Chars;
use thiserror::Error;

/// Why a line is no arguments. Places are counted in characters, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum Mistake {
    #[error("the quote {quote} at character {at} is not closed")]
    Quote { quote: char, at: usize },
    #[error("an argument cannot hold the NUL at character {at}")]
    Nul { at: usize },
    #[error("nothing follows the backslash at character {at}")]
    Backslash { at: usize },
}

/// The arguments in `line`: words apart by white space. Single quotes keep everything; in double
/// quotes a backslash quotes `"`, `\`, `$` and a backtick, outside of quotes any character. A
/// backslash at the end of a line joins it to the next one.
pub(crate) fn split(line: &str) -> Result<Vec<String>, Mistake> {
    if let Some(place) = line.chars().position(|character| character == '\0') {
        return Err(Mistake::Nul { at: place + 1 });
    }
    let mut rest = Characters {
        rest: line.chars(),
        read: 0,
    };
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    while let Some(character) = rest.next() {
        let at = rest.read;
        match character {
            space if space.is_whitespace() => words.extend(word.take()),
            '\\' => match rest.next() {
                Some('\n') => {}
                Some(quoted) => word.get_or_insert_default().push(quoted),
                None => return Err(Mistake::Backslash { at }),
            },
            quote @ ('\'' | '"') => {
                let closed = rest.quoted(quote, word.get_or_insert_default());
                closed.ok_or(Mistake::Quote { quote, at })?;
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

/// The line that [`split`] makes these arguments of.
pub(crate) fn join(args: &[String]) -> String {
    let words: Vec<String> = args.iter().map(|arg| word(arg)).collect();
    words.join(" ")
}

fn word(arg: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "-_./=:,+@%".contains(character);
    if !arg.is_empty() && arg.chars().all(plain) {
        arg.to_owned()
    } else {
        format!("'{}'", arg.replace('\'', r"'\''"))
    }
}

struct Characters<'a> {
    rest: Chars<'a>,
    /// How many have been read.
    read: usize,
}

impl Characters<'_> {
    fn next(&mut self) -> Option<char> {
        self.read += 1;
        self.rest.next()
    }

    /// Reads until `quote`, into `word`; `None` if the end comes first.
    fn quoted(&mut self, quote: char, word: &mut String) -> Option<()> {
        loop {
            match self.next()? {
                end if end == quote => return Some(()),
                '\\' if quote == '"' => match self.next()? {
                    '\n' => {}
                    quoted @ ('"' | '\\' | '$' | '`') => word.push(quoted),
                    other => word.extend(['\\', other]),
                },
                other => word.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_what_a_shell_makes_of_them() {
        let cases: [(&str, &[&str]); 12] = [
            ("", &[]),
            ("  \n ", &[]),
            ("-v  two\twords", &["-v", "two", "words"]),
            ("'two words' \"two words\"", &["two words", "two words"]),
            (r"two\ words", &["two words"]),
            ("--name='a b'c\"d\"", &["--name=a bcd"]),
            ("'' \"\"", &["", ""]),
            (r#""a \"b\" \\ \n $x""#, &[r#"a "b" \ \n $x"#]),
            (r"'\'", &[r"\"]),
            ("one \\\n two", &["one", "two"]),
            ("'a\nb'", &["a\nb"]),
            ("$HOME *.go | tee", &["$HOME", "*.go", "|", "tee"]),
        ];
        for (line, words) in cases {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(split(line), Ok(words), "{line:?}");
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_is_named_with_its_place() {
        let cases = [
            ("a 'b", "the quote ' at character 3 is not closed"),
            (
                "\u{e4} \"b \\\"",
                "the quote \" at character 3 is not closed",
            ),
            ("a\0", "an argument cannot hold the NUL at character 2"),
            ("a\\", "nothing follows the backslash at character 2"),
        ];
        for (line, message) in cases {
            let mistake = split(line).map_err(|mistake| mistake.to_string());
            assert_eq!(mistake, Err(message.to_owned()), "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn any_arguments_can_be_written_as_a_line(args: Vec<String>) {
            let args: Vec<String> = args.iter().map(|arg| arg.replace('\0', "")).collect();
            prop_assert_eq!(split(&join(&args)), Ok(args));
        }
    }
}
