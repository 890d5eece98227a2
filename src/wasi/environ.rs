//! `environ_get`, `environ_sizes_get`: the environment.

use super::args::{write_sizes, write_strings};
use super::memory::Memory;
use super::raw::Raw;
use super::{Context, Interrupt};

/// `environ_get(environ, environ_buf)`: the variables as `NAME=value`, each ended by a NUL, and where
/// each one starts. Laid out, and failing, as `args_get`.
///
/// For `A=1`, with `environ` = 1 and `environ_buf` = 8:
///
/// ```text
///  [?, 8, 0, 0, 0, ?, ?, ?, 'A', '=', '1', 0, ?]
///      ^-- environ          ^-- environ_buf
/// ```
pub(super) fn get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    raw: Raw<'_>,
) -> Result<(), Interrupt> {
    write_strings(&context.environ, memory, raw)?;
    context.tally.hand_environment(&context.environ);
    Ok(())
}

/// `environ_sizes_get(count, size)`: what [`get`] needs room for, as `args_sizes_get`.
pub(super) fn sizes_get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    raw: Raw<'_>,
) -> Result<(), Interrupt> {
    write_sizes(&context.environ, memory, raw)
}
