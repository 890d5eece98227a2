//! What there is to know of a module that somebody was handed, as outlines: what it needs, what it has used,
//! and where its bytes go.
//!
//! [`account`] tells the first two from the imports and from what the session has counted, [`contents`] the
//! third from the file. Both are pure; they must not know who shows them, or run anything. The reader worker
//! writes them, so that the page does without.

mod account;
mod code;
mod contents;
mod data;
mod names;
mod words;

pub use self::account::account;
pub use self::contents::contents;

use crate::protocol::Item;

/// The most items below another; of more, the largest, and one for the rest.
const MOST: usize = 60;

impl Item {
    fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn sized(mut self, size: u64) -> Self {
        self.size = Some(size);
        self
    }

    fn with(mut self, items: Vec<Self>) -> Self {
        self.items = items;
        self
    }
}

/// The largest first; of many, the smallest become one, which says how many they are of what.
fn largest(mut items: Vec<Item>, one: &str) -> Vec<Item> {
    items.sort_by(|a, b| b.size.cmp(&a.size).then_with(|| a.text.cmp(&b.text)));
    if items.len() > MOST {
        let rest = items.split_off(MOST - 1);
        let size = rest.iter().filter_map(|item| item.size).sum();
        let count = crate::amount::amount(rest.len() as u64, &format!("smaller {one}"));
        items.push(Item::new(count).sized(size));
    }
    items
}

#[cfg(test)]
mod tests;
