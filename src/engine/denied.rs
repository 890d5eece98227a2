//! What is said of memory and tables that would be larger than they may.

use crate::amount::{amount, grouped, size};
use crate::module::PAGE;
use crate::protocol::Limits;

/// A memory of so many pages, where there may be `limit`; `None`: it is small enough.
pub(super) fn memory(pages: u64, limit: u64) -> Option<String> {
    let asked = || size(pages.saturating_mul(PAGE));
    if pages > Limits::MOST_MEMORY_PAGES {
        return Some(format!(
            "the guest asked for {} of memory, and there can be {} at most",
            asked(),
            size(Limits::MOST_MEMORY_PAGES * PAGE)
        ));
    }
    (pages > limit).then(|| {
        format!(
            "the guest asked for {} of memory; the limit is {} (Settings, memory)",
            asked(),
            size(limit.saturating_mul(PAGE))
        )
    })
}

/// A memory of so many pages, for which the host has no room.
pub(super) fn no_room(pages: u64) -> String {
    format!(
        "the guest asked for {} of memory, for which its host has no room",
        size(pages.saturating_mul(PAGE))
    )
}

/// A table of so many elements, where there may be `limit`; `None`: it is small enough.
pub(super) fn table(elements: u64, limit: u64) -> Option<String> {
    (elements > limit).then(|| {
        format!(
            "the guest asked for a table of {}; the limit is {} (Settings, table elements)",
            amount(elements, "element"),
            grouped(limit)
        )
    })
}
