//! `args_get`, `args_sizes_get`: the command line. And how any list of strings is handed over, which
//! the environment shares.

use super::memory::Memory;
use super::raw::Raw;
use super::{Context, Errno, Interrupt};

/// `args_get(argv, argv_buf)`: the arguments, each ended by a NUL, and where each one starts.
///
/// - `argv`: for as many addresses as there are arguments
/// - `argv_buf`: for the arguments themselves
///
/// For the arguments `a` and `bc`, with `argv` = 1 and `argv_buf` = 16:
///
/// ```text
///                  16                  18
///           +-------------+     +-------------+
///  [?, 16, 0, 0, 0, 18, 0, 0, 0, ?, … 'a', 0, 'b', 'c', 0, ?]
///   argv --^                  argv_buf --^
/// ```
///
/// Fails with `EFAULT` if either does not fit at its place.
pub(super) fn get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    raw: Raw<'_>,
) -> Result<(), Interrupt> {
    write_strings(&context.args, memory, raw)?;
    context.tally.hand_arguments(context.args.len());
    Ok(())
}

/// `args_sizes_get(argc, argv_buf_size)`: what [`get`] needs room for.
///
/// - `argc`: where the number of arguments goes, as a `u32`
/// - `argv_buf_size`: where the sum of their sizes goes, NULs included, as a `u32`
///
/// Fails with `EFAULT` if a result is out of bounds, `EOVERFLOW` if it is beyond 32 bits.
pub(super) fn sizes_get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    raw: Raw<'_>,
) -> Result<(), Interrupt> {
    write_sizes(&context.args, memory, raw)
}

pub(super) fn write_strings(
    strings: &[Vec<u8>],
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let (count, bytes) = sizes(strings)?;
    let pointers = raw.pointer()?;
    let buffer = raw.pointer()?;
    let pointers = memory.array(pointers, count, 4)?;
    let place = memory.span(buffer, bytes)?;

    let mut starts = Vec::new();
    let mut contents = Vec::new();
    for string in strings {
        // No overflow: the whole buffer lies in memory.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the length of all is a u32"
        )]
        let start = buffer.0 + contents.len() as u32;
        starts.extend(start.to_le_bytes());
        contents.extend(string);
        contents.push(0);
    }
    memory.put(pointers, &starts);
    memory.put(place, &contents);
    Ok(())
}

pub(super) fn write_sizes(
    strings: &[Vec<u8>],
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let (count, bytes) = sizes(strings)?;
    let count_place = memory.place_u32(raw.pointer()?)?;
    let bytes_place = memory.place_u32(raw.pointer()?)?;
    memory.put_u32(count_place, count);
    memory.put_u32(bytes_place, bytes);
    Ok(())
}

/// How many strings there are, and how many bytes with their NULs.
fn sizes(strings: &[Vec<u8>]) -> Result<(u32, u32), Errno> {
    let count = u32::try_from(strings.len()).map_err(|_| Errno::Overflow)?;
    let bytes: u64 = strings.iter().map(|string| string.len() as u64 + 1).sum();
    let bytes = u32::try_from(bytes).map_err(|_| Errno::Overflow)?;
    Ok((count, bytes))
}
