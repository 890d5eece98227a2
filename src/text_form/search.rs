//! Functions by what they are called.

use super::Module;
use crate::protocol::{Found, FunctionFilter, Functions};
use std::cmp::Reverse;

impl Module {
    /// Those that pass the filter, so many from a place among them on.
    pub(super) fn find(&mut self, filter: FunctionFilter, first: u32, count: u32) -> Found {
        if self.found.as_ref().is_none_or(|(last, _)| *last != filter) {
            let passing = self.passing(&filter);
            self.found = Some((filter.clone(), passing));
        }
        let passing = self.found.as_ref().map_or(&[][..], |(_, it)| it);
        let told = passing.iter().skip(first as usize);
        let told = told.take(count.min(Functions::MOST) as usize);
        Found {
            filter,
            all: self.count(),
            passing: u32::try_from(passing.len()).unwrap_or(u32::MAX),
            first,
            functions: told.map(|function| self.line(*function)).collect(),
        }
    }

    fn passing(&self, filter: &FunctionFilter) -> Vec<u32> {
        let text = filter.text.trim();
        let words: Vec<Vec<u8>> = text
            .split_whitespace()
            .map(|word| word.to_ascii_lowercase().into_bytes())
            .collect();
        let index = text.parse().ok();
        let mut passing: Vec<u32> = (0..self.count())
            .filter(|function| Some(*function) == index || self.has(*function, &words))
            .collect();
        if filter.largest_first {
            let size = |function: &u32| self.body(*function).map_or(0, ExactSizeIterator::len);
            passing.sort_by_key(|function| Reverse(size(function)));
        }
        // An index is typed to go there.
        if let Some(place) = passing.iter().position(|it| Some(*it) == index)
            && let Some(front) = passing.get_mut(..=place)
        {
            front.rotate_right(1);
        }
        passing
    }

    /// Whether all words, in lower case, are in what a function is called.
    fn has(&self, function: u32, words: &[Vec<u8>]) -> bool {
        let named = self.names.functions.get(&function);
        let import = self.import(function);
        let exports = self.exports.get(&function);
        words.iter().all(|word| {
            let is_in = |text: &String| contains(text.as_bytes(), word);
            named.is_some_and(|named| is_in(&named.name))
                || import.is_some_and(|import| is_in(&import.module) || is_in(&import.name))
                || exports.is_some_and(|names| names.iter().any(is_in))
        })
    }
}

/// Whether `word`, in lower case, stands in `text`; the case of letters outside ASCII counts.
fn contains(text: &[u8], word: &[u8]) -> bool {
    let same = |window: &[u8]| window.eq_ignore_ascii_case(word);
    text.windows(word.len().max(1)).any(same)
}
