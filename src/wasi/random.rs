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
    let span = memory.span(buffer, raw.u32()?)?;
    if span.len() > 0 {
        context.host.random(memory.get_mut(span));
    }
    Ok(())
}
