//! Descriptors themselves: closing and renumbering them, their position, and the promises about what
//! is behind them.

use super::fd_table::Descriptor;
use super::memory::Memory;
use super::raw::Raw;
use super::unstable::{Preview, Whence};
use super::{Context, Errno, Interrupt};

/// The last of the `advice`s.
const ADVICE_MAX: u32 = 5;

/// `fd_advise(fd, offset, len, advice)`: how a file will be used. It makes no difference here.
///
/// Fails with `EBADF` if `fd` is not open, `EINVAL` if the advice is unknown.
pub(super) fn advise(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    context.fds.get(raw.fd()?)?;
    let (_offset, _length) = (raw.u64()?, raw.u64()?);
    if raw.u32()? > ADVICE_MAX {
        return Err(Errno::Inval.into());
    }
    Ok(())
}

/// `fd_allocate(fd, offset, len)`: makes sure that a range of a file exists, which grows it if need be.
///
/// Fails with `EISDIR` if `fd` is a directory, `EBADF` if it is no open file; with `EINVAL` if the range
/// is beyond 2⁶³, or the file would have to grow and is not open for writing; `EFBIG` and `ENOSPC`
/// beyond what may be stored.
pub(super) fn allocate(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    let file = context.fds.file(raw.fd()?)?;
    let inode = file.inode;
    let (offset, length) = (raw.u64()?, raw.u64()?);
    let end = signed(offset.checked_add(length).ok_or(Errno::Inval)?)?;
    if !file.mode.write && end > context.fs.metadata(inode)?.size {
        return Err(Errno::Inval.into());
    }
    let now = context.now();
    context.fs.allocate_range(inode, offset, length, now)?;
    Ok(())
}

/// `fd_close(fd)`. Fails with `EBADF` if it is not open.
pub(super) fn close(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    let descriptor = context.fds.remove(raw.fd()?)?;
    release(context, &descriptor);
    Ok(())
}

/// `fd_sync(fd)`, `fd_datasync(fd)`: there is nothing to wait for. Fail with `EBADF` if `fd` is not
/// open.
pub(super) fn sync(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    context.fds.get(raw.fd()?)?;
    Ok(())
}

/// `fd_renumber(from, to)`: what `from` stands for is henceforth at `to`; what was there is closed,
/// and `from` is closed. Fails with `EBADF` unless both are open.
pub(super) fn renumber(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    let (from, to) = (raw.fd()?, raw.fd()?);
    if let Some(replaced) = context.fds.renumber(from, to)? {
        release(context, &replaced);
    }
    Ok(())
}

/// `fd_seek(fd, offset, whence, newoffset)`: moves the position of a file, beyond its end if need be.
///
/// - `offset`: a signed distance
/// - `whence`: 0 from the start, 1 from the position, 2 from the end; in preview 0, 2, 0 and 1
/// - `newoffset`: where the new position goes, as a `u64`
///
/// For the position 4, with `newoffset` = 1:
///
/// ```text
///  [?, 4, 0, 0, 0, 0, 0, 0, 0, ?]
///      ^-- newoffset
/// ```
///
/// Fails with `EBADF` if `fd` is not open, `EISDIR` if it is a directory, `ESPIPE` if it is stdio,
/// `EINVAL` for an unknown `whence` or a position below 0 or beyond 2⁶³, `EFAULT` if the result is out of bounds.
pub(super) fn seek(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
    preview: Preview,
) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    let distance = raw.u64()? as i64;
    let whence = raw.u32()?;
    let file = context.fds.seekable_mut(fd)?;
    let start = match preview.whence(whence)? {
        Whence::Set => 0,
        Whence::Cur => file.position,
        Whence::End => context.fs.metadata(file.inode)?.size,
    };
    let position = start.checked_add_signed(distance).ok_or(Errno::Inval)?;
    signed(position)?;
    let place = memory.place_u64(raw.pointer()?)?;
    file.position = position;
    memory.put_u64(place, position);
    Ok(())
}

/// `fd_tell(fd, offset)`: the position of a file, as `fd_seek` by 0 from the position gives it.
pub(super) fn tell(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let file = context.fds.seekable_mut(raw.fd()?)?;
    let place = memory.place_u64(raw.pointer()?)?;
    memory.put_u64(place, file.position);
    Ok(())
}

/// Lets go of what a descriptor that is no longer open has retained.
fn release(context: &mut Context, descriptor: &Descriptor) {
    if let Some(inode) = descriptor.inode() {
        context.fs.release(inode);
    }
}

/// `value`, if a signed offset can hold it.
///
/// # Errors
/// [`Errno::Inval`].
pub(super) fn signed(value: u64) -> Result<u64, Errno> {
    i64::try_from(value).map_err(|_| Errno::Inval)?;
    Ok(value)
}
