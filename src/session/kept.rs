//! Memory as it was when a call began, to tell what has changed since.
//!
//! It is bounded: pages of zeros take no room, and of what is more than there is room for only a hash is
//! kept, so that it is known whether something in the page has changed, but not what.

use crate::linear::Linear;

/// Bytes of a page.
const PAGE: usize = 64 << 10;

/// Bytes that are kept as they are.
const ROOM: usize = 64 << 20;

/// Bytes at the beginning of memory that are looked at: more would hold the guest up.
const WATCHED: usize = 1 << 30;

/// The memory of before.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pages: Vec<Page>,
    /// The bytes of the pages that are kept as they are.
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Page {
    Zeros,
    /// It begins at this place of the bytes.
    Bytes(usize),
    Hash(u64),
}

/// What is known of the bytes of a page.
#[derive(Clone, Copy)]
enum Known<'k> {
    /// They were these.
    Were(&'k [u8]),
    /// Each was zero, or was not there.
    WereZeros,
    /// All have changed, as far as is known, or none.
    Changed(bool),
}

impl Known<'_> {
    fn differs(self, at: usize, byte: u8) -> bool {
        match self {
            Self::Were(bytes) => bytes.get(at).copied().unwrap_or(0) != byte,
            Self::WereZeros => byte != 0,
            Self::Changed(changed) => changed,
        }
    }
}

impl Kept {
    /// The memory as it is now.
    pub(super) fn keep(&mut self, memory: Linear<'_>) {
        self.pages.clear();
        self.bytes.clear();
        for start in (0..memory.size().min(WATCHED)).step_by(PAGE) {
            let page = &*memory.head(start, PAGE);
            self.pages.push(if is_zeros(page) {
                Page::Zeros
            } else if self.bytes.len() + page.len() <= ROOM {
                let start = self.bytes.len();
                self.bytes.extend_from_slice(page);
                Page::Bytes(start)
            } else {
                Page::Hash(hash(page))
            });
        }
    }

    /// Which of the bytes from `start` to before `end` have changed: the first, counted from `start`, and
    /// the length of each stretch.
    pub(super) fn changed(&self, memory: Linear<'_>, start: usize, end: usize) -> Vec<(u32, u32)> {
        let mut stretches: Vec<(u32, u32)> = Vec::new();
        self.each_page(memory, start, end, |known, page, first| {
            if let Known::Changed(false) = known {
                return;
            }
            for (at, byte) in page {
                if known.differs(at, byte) {
                    let index = u32::try_from(first + at - start).unwrap_or(u32::MAX);
                    match stretches.last_mut() {
                        Some((first, length)) if *first + *length == index => *length += 1,
                        _ => stretches.push((index, 1)),
                    }
                }
            }
        });
        stretches
    }

    /// Where stretches of changed bytes begin from `start` to before `end`: the first such place, and the
    /// last.
    pub(super) fn changes(
        &self,
        memory: Linear<'_>,
        start: usize,
        end: usize,
    ) -> Option<(usize, usize)> {
        let mut places = None;
        let mut before = start.checked_sub(1).is_some_and(|before| {
            let mut differs = false;
            self.each_page(memory, before, start, |known, page, _| {
                differs = page
                    .next()
                    .is_some_and(|(at, byte)| known.differs(at, byte));
            });
            differs
        });
        self.each_page(memory, start, end, |known, page, first| {
            if let Known::Changed(false) = known {
                before = false;
                return;
            }
            for (at, byte) in page {
                let differs = known.differs(at, byte);
                if differs && !before {
                    let (earliest, _) = places.unwrap_or((first + at, 0));
                    places = Some((earliest, first + at));
                }
                before = differs;
            }
        });
        places
    }

    /// For each page that has bytes from `start` to before `end`: what is known of it, those bytes with
    /// their places in it, and where it begins.
    fn each_page(
        &self,
        memory: Linear<'_>,
        start: usize,
        end: usize,
        mut see: impl FnMut(Known<'_>, &mut dyn Iterator<Item = (usize, u8)>, usize),
    ) {
        let end = end.min(memory.size()).min(WATCHED);
        let mut at = start;
        while at < end {
            let first = at - at % PAGE;
            let page = memory.head(first, PAGE);
            let stop = end.min(first + PAGE);
            let known = self.known(first / PAGE, &page);
            let bytes = page.iter().copied().enumerate();
            see(known, &mut bytes.take(stop - first).skip(at - first), first);
            at = stop;
        }
    }

    fn known(&self, index: usize, page: &[u8]) -> Known<'_> {
        match self.pages.get(index) {
            None | Some(Page::Zeros) => Known::WereZeros,
            Some(Page::Bytes(start)) => {
                let rest = self.bytes.get(*start..).unwrap_or_default();
                let were = rest.get(..page.len().min(PAGE)).unwrap_or(rest);
                if were == page {
                    Known::Changed(false)
                } else {
                    Known::Were(were)
                }
            }
            Some(Page::Hash(was)) => Known::Changed(hash(page) != *was),
        }
    }
}

/// Words of eight bytes, and what is left.
fn words(page: &[u8]) -> impl Iterator<Item = u64> {
    let (words, rest) = page.as_chunks::<8>();
    let rest = rest.iter().map(|&byte| byte.into());
    words
        .iter()
        .map(|word| u64::from_le_bytes(*word))
        .chain(rest)
}

fn is_zeros(page: &[u8]) -> bool {
    words(page).fold(0, |all, word| all | word) == 0
}

/// A hash of a page. Whoever makes two pages of one hash hides a change from themselves.
fn hash(page: &[u8]) -> u64 {
    words(page).fold(page.len() as u64, |hash, word| {
        (hash ^ word)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::tests::read_both;

    /// What memory was, wherever it lies.
    fn kept(memory: &[u8]) -> Kept {
        let mut kept = Kept::default();
        kept.keep(Linear::Here(memory));
        assert!(read_both(memory, |memory| {
            let mut again = Kept::default();
            again.keep(memory);
            again.bytes == kept.bytes && format!("{:?}", again.pages) == format!("{:?}", kept.pages)
        }));
        kept
    }

    fn changed(kept: &Kept, memory: &[u8], start: usize, end: usize) -> Vec<(u32, u32)> {
        read_both(memory, |memory| kept.changed(memory, start, end))
    }

    fn changes(kept: &Kept, memory: &[u8], start: usize, end: usize) -> Option<(usize, usize)> {
        read_both(memory, |memory| kept.changes(memory, start, end))
    }

    #[test]
    fn what_has_changed_is_told_in_stretches() {
        let kept = kept(&[0; 8]);
        let grown = [0, 1, 1, 0, 1, 0, 0, 0, 0, 7];
        assert_eq!(changed(&kept, &grown, 0, 10), [(1, 2), (4, 1), (9, 1)]);
        assert_eq!(changed(&kept, &grown, 2, 9), [(0, 1), (2, 1)]);
        assert_eq!(changed(&kept, &grown, 99, 200), []);
        assert_eq!(changes(&kept, &grown, 0, 99), Some((1, 9)));
        assert_eq!(
            changes(&kept, &grown, 2, 99),
            Some((4, 9)),
            "a stretch has begun"
        );
        assert_eq!(changes(&kept, &grown, 0, 9), Some((1, 4)));
        assert_eq!(changes(&kept, &grown, 5, 9), None);
        assert_eq!(changes(&kept, &grown, 99, 9), None);
    }

    #[test]
    fn of_more_than_there_is_room_for_the_pages_are_known() {
        let mut memory = vec![0; ROOM + 3 * PAGE];
        // The pages at the end are of zeros.
        memory[..ROOM + 2 * PAGE].fill(1);
        let mut kept = kept(&memory);
        assert_eq!(kept.bytes.len(), ROOM);
        let all = memory.len();
        assert_eq!(changes(&kept, &memory, 0, all), None);
        memory[ROOM - 1] = 2;
        memory[ROOM + PAGE + 7] = 2;
        memory[ROOM + 2 * PAGE + 7] = 2;
        assert_eq!(
            changed(&kept, &memory, ROOM - 10, all),
            [(9, 1), (10 + 65_536, 65_536), (10 + 2 * 65_536 + 7, 1)]
        );
        assert_eq!(
            changes(&kept, &memory, 0, all),
            Some((ROOM - 1, ROOM + 2 * PAGE + 7))
        );
        assert_eq!(
            changes(&kept, &memory, ROOM + PAGE + 5, ROOM + 2 * PAGE),
            None,
            "its page began to change before"
        );
        kept.keep((&memory).into());
        assert_eq!(changes(&kept, &memory, 0, all), None);
    }
}
