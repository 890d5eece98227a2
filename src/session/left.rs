//! What a run has left behind, to be held against what another engine leaves.

use super::Session;
use crate::linear::Linear;
use crate::protocol::Left;

impl Session {
    /// What the last run has left behind.
    #[inline(never)]
    pub(super) fn left(&self) -> Left {
        let (calls, all_calls) = self.tracing.calls(Left::MOST_CALLS);
        let Some(instance) = self.board.as_ref().and_then(|board| board.instance()) else {
            return Left {
                calls,
                all_calls,
                ..Left::default()
            };
        };
        let memory = instance.memory();
        let (block, blocks) = digests(memory);
        let globals = instance.globals().into_iter();
        Left {
            calls,
            all_calls,
            memory: memory.size() as u64,
            blocks,
            block,
            globals: globals.map(|global| (global.name, global.bits)).collect(),
        }
    }
}

/// The bytes of a block, and a digest of each.
fn digests(memory: Linear<'_>) -> (u64, Vec<u64>) {
    /// Bytes that are read at once: a multiple of a small block.
    const AT_ONCE: usize = 64 << 10;
    let size = memory.size();
    let block = (size as u64).div_ceil(Left::MOST_BLOCKS);
    let block = block.next_power_of_two().max(Left::LEAST_BLOCK);
    let mut blocks = Vec::new();
    let (mut digest, mut of) = (0_u64, 0);
    for at in (0..size).step_by(AT_ONCE) {
        let bytes = memory.get(at..size.min(at + AT_ONCE)).unwrap_or_default();
        for word in bytes.chunks(8) {
            let mut bits = [0; 8];
            bits.iter_mut().zip(word).for_each(|(to, from)| *to = *from);
            digest = mixed(digest ^ u64::from_le_bytes(bits));
            of += 8;
            if of == block {
                blocks.push(std::mem::take(&mut digest));
                of = 0;
            }
        }
    }
    if of > 0 {
        blocks.push(digest);
    }
    (block, blocks)
}

/// Spreads each bit over all others (the finaliser of `splitmix64`).
fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (bits ^ (bits >> 31)).wrapping_add(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_is_otherwise_is_in_its_block() {
        let mut memory = vec![0; 2 << 20];
        let (block, before) = digests(Linear::Here(&memory));
        assert_eq!((block, before.len()), (256, 8192));
        memory[1_000_001] = 1;
        let (_, after) = digests(Linear::Here(&memory));
        let mut pairs = before.iter().zip(&after);
        let first = pairs.position(|(before, after)| before != after);
        assert_eq!(first, Some(1_000_001 / 256));
        assert!(pairs.all(|(before, after)| before == after));
        assert_eq!(digests(Linear::default()), (64, Vec::new()));
    }
}
