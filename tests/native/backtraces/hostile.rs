//! What a guest or a file has made of the tables: whatever it is, a stack is told or none, and soon.

#![allow(
    clippy::disallowed_methods,
    reason = "how long it takes is the question"
)]

use super::{GUESTS, driver, failed, stack};
use plugboard::debug::{Places, go};
use plugboard::protocol::{Settings, Stack};
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Memory when a call has panicked, with the registers as good as they can be found: the stack's end is at the top of
/// a goroutine's.
static MEMORY: LazyLock<(Vec<u8>, usize, Stack)> = LazyLock::new(|| {
    let mut driver = driver(&GUESTS[0], Settings::default());
    let events = failed(&mut driver, 2, None);
    let memory = driver
        .session
        .instance()
        .expect("it has run")
        .memory()
        .to_vec();
    let magic = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
    let tables = memory.chunks(8).position(|word| word == magic);
    let stack = stack(&events).clone();
    (memory, tables.expect("they are there") * 8, stack)
});

/// Longer than that nothing may take, on whatever machine the tests run.
const LONG: Duration = Duration::from_secs(5);

/// Changes of memory: where from the beginning of the tables, and to what.
fn changes() -> impl Strategy<Value = Vec<(usize, u8)>> {
    let header = 0..72_usize;
    let all = 0..600_000_usize;
    proptest::collection::vec((prop_oneof![header, all], any::<u8>()), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn tables_that_a_guest_has_written_over(changes in changes(), sp in any::<u32>(), g in any::<u64>()) {
        let (memory, tables, _) = &*MEMORY;
        let mut memory = memory.clone();
        for (at, byte) in changes {
            if let Some(place) = memory.get_mut(tables + at) {
                *place = byte;
            }
        }
        let began = Instant::now();
        let size = memory.len() as u32;
        for sp in [sp, sp % size, (sp % size) & !7] {
            let _ = go::stack((&memory).into(), go::Registers { sp, g: g % u64::from(size) , running: None}, 3);
        }
        prop_assert!(began.elapsed() < LONG);
    }

    #[test]
    fn a_file_that_is_broken(changes in changes(), cut in any::<prop::sample::Index>()) {
        let (_, _, stack) = &*MEMORY;
        let mut wasm = GUESTS[1].clone();
        let magic = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
        let tables = wasm.windows(8).position(|word| word == magic).expect("they are there");
        for (at, byte) in changes {
            if let Some(place) = wasm.get_mut(tables + at) {
                *place = byte;
            }
        }
        let began = Instant::now();
        let _ = Places::read(wasm.clone()).backtrace(stack);
        wasm.truncate(cut.index(wasm.len()));
        let _ = Places::read(wasm).backtrace(stack);
        prop_assert!(began.elapsed() < LONG);
    }
}

/// A return address that leads to itself.
#[test]
fn a_stack_that_goes_in_a_circle_ends() {
    let (memory, tables, _) = &*MEMORY;
    let mut memory = memory.clone();
    // All of the rest of memory is the same return address.
    let pc = 0x1005_0001_u64.to_le_bytes();
    let end = memory.len() - memory.len() % 8;
    let began = Instant::now();
    for word in memory[tables + (1 << 20)..end].chunks_exact_mut(8) {
        word.copy_from_slice(&pc);
    }
    let sp = ((end / 2) & !7) as u32;
    let _ = go::stack(
        (&memory).into(),
        go::Registers {
            sp,
            g: u64::from(sp),
            running: None,
        },
        3,
    );
    assert!(began.elapsed() < LONG);
}
