//! `random_get`: random bytes.

use super::memory::Memory;
use super::raw::Raw;
use super::{Context, Interrupt};

/// `random_get(buf, buf_len)`: fills a buffer of any length with random bytes.
///
/// For five bytes, with `buf` = 1:
///
/// ```text
///      buf_len --+
///     +-------------------------+
///  [?, 0x53, 0x8c, 0x7f, 0x96, 0xb1, ?]
///      ^-- buf
/// ```
///
/// Fails with `EFAULT` if the buffer is out of bounds.
pub(super) fn get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let buffer = raw.pointer()?;
    let mut rest = memory.span(buffer, raw.u32()?)?;
    while rest.len() > 0 {
        let piece = rest.head(memory.piece());
        let mut room = memory.room(piece);
        context.host.random(room.bytes());
        room.filled(piece.len());
        rest = rest.tail(piece.len());
    }
    Ok(())
}
