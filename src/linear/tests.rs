//! A memory that lies elsewhere, for tests, and what a view of it gives.

use super::*;
use proptest::prelude::*;
use std::cell::Cell;
use std::fmt::Debug;

/// A memory that lies elsewhere, which counts what is asked of it.
#[derive(Default)]
pub(crate) struct Apart {
    bytes: RefCell<Vec<u8>>,
    /// How often it was read and written, and how many bytes that were together.
    pub(crate) asked: Cell<usize>,
    pub(crate) read: Cell<usize>,
    pub(crate) written: Cell<usize>,
}

impl Apart {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes: RefCell::new(bytes),
            ..Self::default()
        }
    }

    /// Its bytes; it has none any more.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.bytes.take()
    }

    fn count(&self, counter: &Cell<usize>, bytes: usize) {
        assert!(bytes > 0, "it is not asked for nothing");
        self.asked.set(self.asked.get() + 1);
        counter.set(counter.get() + bytes);
    }
}

impl Elsewhere for Apart {
    fn size(&self) -> usize {
        self.bytes.borrow().len()
    }

    fn read(&self, at: usize, to: &mut [u8]) {
        self.count(&self.read, to.len());
        to.copy_from_slice(&self.bytes.borrow()[at..at + to.len()]);
    }

    fn write(&self, at: usize, from: &[u8]) {
        self.count(&self.written, from.len());
        self.bytes.borrow_mut()[at..at + from.len()].copy_from_slice(from);
    }
}

/// What comes of reading a memory, which is the same wherever it lies.
#[track_caller]
pub(crate) fn read_both<T: PartialEq + Debug>(bytes: &[u8], read: impl Fn(Linear<'_>) -> T) -> T {
    let here = read(Linear::Here(bytes));
    let apart = Apart::new(bytes.to_vec());
    assert_eq!(read(Linear::Elsewhere(&apart)), here, "elsewhere, and here");
    here
}

const BYTES: [u8; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/// Does the same with bytes that are here and elsewhere.
fn both(check: impl Fn(Linear<'_>)) {
    check(Linear::Here(&BYTES));
    check(Linear::Elsewhere(&Apart::new(BYTES.to_vec())));
}

#[test]
fn what_exists_is_read_and_nothing_else() {
    both(|memory| {
        assert_eq!(memory.size(), 10);
        assert_eq!(memory.get(2..5).as_deref(), Some(&BYTES[2..5]));
        assert_eq!(memory.get(10..10).as_deref(), Some(&BYTES[..0]));
        for (start, end) in [(9, 11), (11, 11), (usize::MAX, usize::MAX), (5, 4)] {
            assert_eq!(memory.get(start..end), None, "{start}..{end}");
        }
        assert_eq!(*memory.head(8, 5), BYTES[8..]);
        assert_eq!(*memory.head(11, 5), BYTES[..0]);
        assert_eq!(*memory.head(usize::MAX, usize::MAX), BYTES[..0]);
        assert_eq!(memory.to_vec(), BYTES);
        assert_eq!(memory.range(2, 8), Some(2..10));
        for (start, length) in [(2, 9), (11, 0), (u64::MAX, 2), (1, u64::MAX)] {
            assert_eq!(memory.range(start, length), None, "{start}, {length}");
        }
    });
}

#[test]
fn all_is_written_or_nothing() {
    let apart = Apart::new(BYTES.to_vec());
    let mut bytes = BYTES;
    for mut memory in [LinearMut::Here(&mut bytes), LinearMut::Elsewhere(&apart)] {
        assert!(memory.write(3, b"ab"));
        assert!(memory.write(10, b""));
        assert!(!memory.write(9, b"ab"));
        assert!(!memory.write(u64::MAX, b"ab"));
        let read = memory.reborrow().view().to_vec();
        assert_eq!(read, *b"\x00\x01\x02ab\x05\x06\x07\x08\x09");
    }
}

#[test]
fn what_is_near_is_asked_for_once() {
    let bytes: Vec<u8> = (0..=255).collect();
    let apart = Apart::new(bytes.clone());
    let near = Near::new(Linear::Elsewhere(&apart), 64);
    for at in 70..90 {
        assert_eq!(near.read::<4>(at).as_ref(), bytes[at..].first_chunk());
    }
    assert_eq!((apart.asked.get(), apart.read.get()), (1, 64));
    // What goes on behind the stretch, and what is longer than one.
    assert_eq!(near.read::<8>(124).as_ref(), bytes[124..].first_chunk());
    assert_eq!(near.read::<100>(0).as_ref(), bytes.first_chunk());
    assert_eq!(near.read::<8>(248).as_ref(), bytes[248..].first_chunk());
    assert_eq!(near.read::<8>(249), None);
    assert_eq!(near.read::<8>(usize::MAX - 2), None);
}

/// Reads, and writes of what is given, which begin at a place.
fn deeds() -> impl Strategy<Value = Vec<(usize, usize, Option<u8>)>> {
    prop::collection::vec((0_usize..300, 1_usize..80, any::<Option<u8>>()), 1..40)
}

proptest! {
    #[test]
    fn what_is_still_is_read_as_it_is(deeds in deeds()) {
        let bytes: Vec<u8> = (0..=255).collect();
        let apart = Apart::new(bytes);
        let still = Still::new(&apart);
        let mut memory = LinearMut::Elsewhere(&still);
        for (at, length, written) in deeds {
            match written {
                Some(byte) => {
                    let fits = memory.write(at as u64, &vec![byte; length]);
                    prop_assert_eq!(fits, at + length <= 256);
                }
                None => {
                    let read = memory.view().get(at..at + length);
                    let bytes = apart.bytes.borrow();
                    prop_assert_eq!(read.as_deref(), bytes.get(at..at + length));
                }
            }
        }
    }
}

#[test]
fn what_was_read_last_is_not_asked_for_again() {
    let apart = Apart::new(vec![7; 4096]);
    let still = Still::new(&apart);
    let memory = Linear::Elsewhere(&still);
    for _ in 0..3 {
        for at in [100, 1000, 2000, 4088] {
            assert_eq!(memory.read::<8>(at), Some([7; 8]));
        }
    }
    assert_eq!(apart.asked.get(), 4);
    assert_eq!(memory.read::<8>(4089), None);
    assert_eq!(memory.read::<100>(10), Some([7; 100]));
}
