//! `proxy_call_foreign_function`: what proxies offer by name, as far as it is here.

use super::call::{Outcome, give, string};
use super::state::State;
use super::status::Status;
use crate::hosts::guest::{self, Args, length};
use crate::linear::LinearMut;

/// `proxy_call_foreign_function(name, arguments, → result)`.
pub(super) fn call(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let name = string(memory, &mut args)?;
    let given = guest::read(memory, args.span())?;
    let result = match name.as_str() {
        // Higress's: its SDK asks before each line that it logs.
        "get_log_level" => length(state.level).to_le_bytes().to_vec(),
        // There is neither a cache nor a cycle, and properties may be of any kind.
        "clear_route_cache" | "set_global_max_requests_per_io_cycle" | "declare_property" => {
            Vec::new()
        }
        "compress" => stored(&given),
        _ => {
            state.say(&format!(
                "proxy_call_foreign_function: there is no function {name} here: not found"
            ));
            return Err(Status::NotFound.into());
        }
    };
    give(result, args)
}

/// The bytes in zlib's format, in blocks that are stored as they are: what gives them back is any reader of it, and they are not fewer.
fn stored(bytes: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 0xffff;
    let mut stream = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(BLOCK).peekable();
    if blocks.peek().is_none() {
        stream.extend([1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        let size = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(blocks.peek().is_none().into());
        stream.extend(size.to_le_bytes());
        stream.extend((!size).to_le_bytes());
        stream.extend(block);
    }
    const MODULUS: u32 = 65521;
    let sums = bytes.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % MODULUS;
        (low, (high + low) % MODULUS)
    });
    let (low, high) = sums;
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}

#[cfg(test)]
mod tests {
    use super::stored;
    use std::io::Read;

    #[test]
    fn what_is_compressed_can_be_inflated() {
        for length in [0, 1, 65535, 65536, 200_000] {
            let bytes: Vec<u8> = (0..length)
                .map(|place: u32| place.to_le_bytes()[0])
                .collect();
            let stream = stored(&bytes);
            let mut inflated = Vec::new();
            let mut reader = flate2::read::ZlibDecoder::new(stream.as_slice());
            reader.read_to_end(&mut inflated).expect("it is zlib");
            assert_eq!(inflated, bytes);
        }
    }
}
