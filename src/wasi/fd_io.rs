//! `fd_read`, `fd_pread`, `fd_write`, `fd_pwrite`: moving bytes.
//!
//! All four take a list of buffers (see [`super::iovec`]) and the address where the number of bytes
//! that were moved goes, as a `u32`. Fewer bytes than there is room for are no failure.

use super::abi::FdFlags;
use super::fd::signed;
use super::fd_table::{Descriptor, Fd};
use super::iovec::Buffers;
use super::memory::Memory;
use super::raw::Raw;
use super::{Context, Errno, Interrupt};

/// `fd_read(fd, iovs, iovs_len, nread)`: reads from the position on, and moves it.
///
/// For `wazero` in a file, two buffers as drawn in [`super::iovec`], and `nread` = 26:
///
/// ```text
///                    nread --+
///                           +----------+
///  ['w','a','z','e',?,'r','o',?, 6, 0, 0, 0, ?]
///    ^-- 18              ^-- 23  ^-- 26
/// ```
///
/// On stdin, it waits for something to read; if the descriptor is non-blocking it fails with `EAGAIN`
/// instead. At the end of a file, and of stdin once it has ended, it reads 0 bytes.
///
/// Fails with `EISDIR` if `fd` is a directory, `EBADF` if it is not open for reading, `EFAULT` if the list, a buffer or the result is
/// out of bounds, `EINVAL` if the buffers are longer together than 32 bits can say.
pub(super) fn read(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    match context.fds.get(fd)? {
        Descriptor::Stdin { flags } => {
            let flags = *flags;
            read_stdin(context, memory, raw, flags)
        }
        Descriptor::File(file) => {
            let position = file.position;
            let count = read_file(context, memory, raw, fd, At::Position(position))?;
            let file = context.fds.seekable_mut(fd)?;
            file.position = position.saturating_add(count.into());
            Ok(())
        }
        Descriptor::Directory(_) => Err(Errno::Isdir.into()),
        Descriptor::Output { .. } => Err(Errno::Badf.into()),
    }
}

/// `fd_pread(fd, iovs, iovs_len, offset, nread)`: reads from `offset` on; the position stays.
///
/// Fails as `fd_read`, with `ESPIPE` on stdin, and `EINVAL` for an offset beyond 2⁶³.
pub(super) fn pread(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    match context.fds.get(fd)? {
        Descriptor::File(_) => {
            read_file(context, memory, raw, fd, At::Argument)?;
            Ok(())
        }
        Descriptor::Stdin { .. } => Err(Errno::Spipe.into()),
        Descriptor::Directory(_) => Err(Errno::Isdir.into()),
        Descriptor::Output { .. } => Err(Errno::Badf.into()),
    }
}

/// `fd_write(fd, iovs, iovs_len, nwritten)`: writes at the position, or at the end of a file that was
/// opened to append to, and moves the position behind what was written.
///
/// ```text
///               nwritten --+
///                         +----------+
///  ['w','a','z','e',?,'r','o',?, 6, 0, 0, 0, ?]
///    ^-- 18              ^-- 23  ^-- 26
/// ```
///
/// Fails with `EISDIR` if `fd` is a directory; `EBADF` if it is not open for writing, even if there is
/// nothing to write; `EFAULT` if
/// the list, a buffer or the result is out of bounds; `EINVAL` if the buffers are longer together than
/// 32 bits can say; `ENOSPC` and `EFBIG` beyond what may be stored.
pub(super) fn write(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    match context.fds.get(fd)? {
        Descriptor::Output { stream, .. } => {
            let stream = *stream;
            let buffers = Buffers::read(memory, &mut raw)?;
            let place = memory.place_u32(raw.pointer()?)?;
            let mut limit = None;
            let outputs = &mut context.outputs;
            let count = buffers.transfer(memory, |memory, span| {
                outputs
                    .write(stream, &memory.get(span))
                    .inspect_err(|error| {
                        limit = Some(*error);
                    })?;
                Ok::<_, Interrupt>(span.len())
            })?;
            if let Some(limit) = limit {
                return Err(limit);
            }
            memory.put_u32(place, count);
            Ok(())
        }
        Descriptor::File(file) => {
            let position = file.position;
            let (start, count) = write_file(context, memory, raw, fd, At::Position(position))?;
            if count > 0 {
                let file = context.fds.seekable_mut(fd)?;
                file.position = start.saturating_add(count.into());
            }
            Ok(())
        }
        Descriptor::Directory(_) => Err(Errno::Isdir.into()),
        Descriptor::Stdin { .. } => Err(Errno::Badf.into()),
    }
}

/// `fd_pwrite(fd, iovs, iovs_len, offset, nwritten)`: writes at `offset`, or, as on Linux, at the end
/// of a file that was opened to append to; the position stays.
///
/// Fails as `fd_write`, with `ESPIPE` on stdout and stderr, and `EINVAL` for an offset beyond 2⁶³.
pub(super) fn pwrite(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    match context.fds.get(fd)? {
        Descriptor::File(_) => {
            write_file(context, memory, raw, fd, At::Argument)?;
            Ok(())
        }
        Descriptor::Output { .. } => Err(Errno::Spipe.into()),
        Descriptor::Directory(_) => Err(Errno::Isdir.into()),
        Descriptor::Stdin { .. } => Err(Errno::Badf.into()),
    }
}

fn read_stdin(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
    flags: FdFlags,
) -> Result<(), Interrupt> {
    let buffers = Buffers::read(memory, &mut raw)?;
    let place = memory.place_u32(raw.pointer()?)?;
    if !buffers.is_empty() && !context.input.is_ready() {
        return Err(context.wait_for_stdin(flags));
    }
    let input = &mut context.input;
    let count = buffers.transfer(memory, |memory, span| {
        let mut room = memory.room(span.head(input.available()));
        let count = input.read(room.bytes());
        room.filled(count);
        Ok::<_, Errno>(count)
    })?;
    memory.put_u32(place, count);
    Ok(())
}

/// Where in a file bytes are moved.
#[derive(Clone, Copy, Debug)]
enum At {
    /// At the position of its descriptor, which is this.
    Position(u64),
    /// Where the argument after the buffers says.
    Argument,
}

impl At {
    fn offset(self, raw: &mut Raw<'_>) -> Result<u64, Errno> {
        match self {
            At::Position(position) => Ok(position),
            At::Argument => signed(raw.u64()?),
        }
    }
}

/// Reads into the buffers that are the next arguments; returns how many bytes.
fn read_file(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
    fd: Fd,
    at: At,
) -> Result<u32, Interrupt> {
    let file = context.fds.file(fd)?;
    if !file.mode.read {
        return Err(Errno::Badf.into());
    }
    let inode = file.inode;
    let buffers = Buffers::read(memory, &mut raw)?;
    let mut here = at.offset(&mut raw)?;
    let place = memory.place_u32(raw.pointer()?)?;
    let now = context.now();
    let fs = &mut context.fs;
    let count = buffers.transfer(memory, |memory, span| {
        let span = if memory.is_elsewhere() {
            let left = fs.metadata(inode)?.size.saturating_sub(here);
            span.head(usize::try_from(left).unwrap_or(usize::MAX))
        } else {
            span
        };
        let mut room = memory.room(span);
        let count = fs.read(inode, here, room.bytes(), now)?;
        room.filled(count);
        here = here.saturating_add(count as u64);
        Ok::<_, Interrupt>(count)
    })?;
    memory.put_u32(place, count);
    Ok(count)
}

/// Writes from the buffers that are the next arguments, at the end if the file was opened to append
/// to; returns where, and how many bytes.
fn write_file(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
    fd: Fd,
    at: At,
) -> Result<(u64, u32), Interrupt> {
    let file = context.fds.file(fd)?;
    if !file.mode.write {
        return Err(Errno::Badf.into());
    }
    let inode = file.inode;
    let appends = file.flags.contains(FdFlags::APPEND);
    let buffers = Buffers::read(memory, &mut raw)?;
    let offset = at.offset(&mut raw)?;
    let start = if appends {
        context.fs.metadata(inode)?.size
    } else {
        offset
    };
    let place = memory.place_u32(raw.pointer()?)?;
    let now = context.now();
    let fs = &mut context.fs;
    let mut here = start;
    let count = buffers.transfer(memory, |memory, span| {
        let count = fs.write(inode, here, &memory.get(span), now)?;
        here = here.saturating_add(count as u64);
        Ok::<_, Interrupt>(count)
    })?;
    memory.put_u32(place, count);
    Ok((start, count))
}
