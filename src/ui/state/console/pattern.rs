//! What is searched for: text, whatever its case.

/// A text that is searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// In lower case.
    lower: String,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self {
            // Each character by itself, as the text is: `Σ` is `σ` also at a word's end.
            lower: text.chars().flat_map(char::to_lowercase).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lower.is_empty()
    }

    /// Whether it is somewhere in bytes that are text, or nearly.
    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        if self.lower.is_ascii() {
            self.find_ascii(bytes, 0).is_some()
        } else {
            let text = String::from_utf8_lossy(bytes);
            self.find_any(&text, 0).is_some()
        }
    }

    /// Where it is in a text: the start and the end of each place.
    pub(crate) fn places(&self, text: &str) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        let mut from = 0;
        while !self.is_empty()
            && let Some((start, end)) = match self.lower.is_ascii() {
                true => self
                    .find_ascii(text.as_bytes(), from)
                    .map(|start| (start, start + self.lower.len())),
                false => self.find_any(text, from),
            }
        {
            places.push((start, end));
            from = end.max(start + 1);
        }
        places
    }

    fn find_ascii(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let pattern = self.lower.as_bytes();
        let &first = pattern.first()?;
        let upper = first.to_ascii_uppercase();
        let last = bytes.len().checked_sub(pattern.len())?;
        let mut from = from;
        loop {
            let starts = bytes.get(from..=last)?;
            let is_first = |&byte: &u8| byte == first || byte == upper;
            from += starts.iter().position(is_first)?;
            let there = bytes.get(from..from + pattern.len())?;
            if there.eq_ignore_ascii_case(pattern) {
                return Some(from);
            }
            from += 1;
        }
    }

    fn find_any(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let rest = text.get(from..)?;
        rest.char_indices().find_map(|(start, _)| {
            let here = rest.get(start..)?;
            let mut wanted = self.lower.chars().peekable();
            for (place, character) in here.char_indices() {
                if wanted.peek().is_none() {
                    return Some((from + start, from + start + place));
                }
                if !character
                    .to_lowercase()
                    .all(|lower| wanted.next() == Some(lower))
                {
                    return None;
                }
            }
            wanted
                .peek()
                .is_none()
                .then_some((from + start, text.len()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_whatever_its_case() {
        for (pattern, text, places) in [
            ("ab", "AB abab xaB", vec![(0, 2), (3, 5), (5, 7), (9, 11)]),
            ("aa", "aaaa", vec![(0, 2), (2, 4)]),
            ("Ż", "żaŻ", vec![(0, 2), (3, 5)]),
            ("ΑΣ", "ας ΑΣ ασ", vec![(5, 9), (10, 14)]),
            ("世", "a世界", vec![(1, 4)]),
            ("a", "ﬁ世a", vec![(6, 7)]),
            ("", "abc", vec![]),
            ("abc", "ab", vec![]),
        ] {
            let found = Pattern::new(pattern).places(text);
            assert_eq!(found, places, "{pattern:?} in {text:?}");
            if !pattern.is_empty() {
                assert_eq!(
                    Pattern::new(pattern).is_in(text.as_bytes()),
                    !places.is_empty()
                );
            }
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_searched_too() {
        assert!(Pattern::new("error").is_in(b"\xff\xfeERROR\xff"));
        assert!(Pattern::new("błąd").is_in("\u{fffd}BŁĄD".as_bytes()));
    }
}
