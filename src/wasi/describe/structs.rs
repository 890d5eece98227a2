//! What is written as a struct: `fdstat`, `filestat`, `prestat`, `dirent`.

use super::low;
use super::memory::{has, u32_at, u64_at};
use super::names::{FDFLAGS, FILETYPES};
use super::text::Text;
use crate::linear::Linear;

/// The size of a `dirent`, without the name behind it.
const DIRENT: u32 = 24;

/// The most names of a directory that are told.
const NAMES: usize = 8;

/// The most bytes of one of them.
const NAME_QUOTED: usize = 64;

/// `REGULAR_FILE, APPEND, rights FD_READ`
pub(super) fn fdstat(memory: Linear<'_>, address: u32, text: &mut Text<'_>) {
    let (Some(head), Some(rights)) = (
        u32_at(memory, address),
        u64_at(memory, address.saturating_add(8)),
    ) else {
        return;
    };
    text.name(FILETYPES, head & 0xff);
    text.push(", ");
    text.flags(FDFLAGS, (head >> 16).into());
    text.push(", rights ");
    text.rights(rights);
}

/// `REGULAR_FILE, size 14, ino 5, nlink 1`, of 64 bytes; preview 0 has 56.
pub(super) fn filestat(memory: Linear<'_>, address: u32, length: u32, text: &mut Text<'_>) {
    if !has(memory, address, length) {
        return;
    }
    let word = |at| u64_at(memory, address.saturating_add(at)).unwrap_or_default();
    let kind = word(16);
    let (links, size) = match length {
        56 => (kind >> 32, word(24)),
        _ => (word(24), word(32)),
    };
    text.name(FILETYPES, low(kind) & 0xff);
    for (name, number) in [(", size ", size), (", ino ", word(8)), (", nlink ", links)] {
        text.push(name);
        text.number(number);
    }
}

/// `DIR, name_len 4`
pub(super) fn prestat(memory: Linear<'_>, address: u32, text: &mut Text<'_>) {
    let Some(word) = u64_at(memory, address) else {
        return;
    };
    text.name(&["DIR"], low(word) & 0xff);
    text.push(", name_len ");
    text.number(word >> 32);
}

/// ` [".", "..", "etc"]`: the names of the entries that are there whole.
pub(super) fn entries(reply: &[u8], text: &mut Text<'_>) {
    let words = Linear::Here(reply);
    text.push(" [");
    let mut at = 0_u32;
    let mut told = 0;
    while let Some(length) = u32_at(words, at.saturating_add(16)) {
        let start = at.saturating_add(DIRENT);
        let name = start as usize..start.saturating_add(length) as usize;
        if told == NAMES {
            text.push(", …");
            break;
        }
        let Some(name) = reply.get(name) else {
            break;
        };
        if told > 0 {
            text.push(", ");
        }
        text.quoted(name, NAME_QUOTED);
        told += 1;
        at = start.saturating_add(length);
        if at as usize >= reply.len() {
            break;
        }
    }
    text.push("]");
}
