//! `fd_filestat_*`: what is behind a descriptor. And the `filestat` struct, which paths share.

use super::abi::{FileType, FstFlags};
use super::fd::signed;
use super::fd_table::Descriptor;
use super::memory::Memory;
use super::raw::Raw;
use super::unstable::Preview;
use super::{Context, Errno, Interrupt};
use crate::vfs::{Metadata, SetTime, Timestamp};

/// The device that all files are on.
const DEVICE: u64 = 1;

/// `fd_filestat_get(fd, result)`: the attributes of what a descriptor stands for.
///
/// ```text
///      u64      u64      u8, padding   u64       u64      u64      u64      u64
///  [?, dev …,   ino …,   filetype …,   nlink …,  size …,  atim …,  mtim …,  ctim …, ?]
///      ^ +0     ^ +8     ^ +16         ^ +24     ^ +32    ^ +40    ^ +48    ^ +56
/// ```
///
/// Of stdio, all but the type is 0.
///
/// Fails with `EBADF` if `fd` is not open, `EFAULT` if the result is out of bounds.
pub(super) fn get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
    preview: Preview,
) -> Result<(), Interrupt> {
    let fields = match context.fds.get(raw.fd()?)?.inode() {
        Some(inode) => fields(&context.fs.metadata(inode)?),
        None => [0, 0, context.stdio_type() as u64, 0, 0, 0, 0, 0],
    };
    preview.put_filestat(memory, raw.pointer()?, fields)?;
    Ok(())
}

/// `fd_filestat_set_size(fd, size)`: cuts a file, or lets it grow with zeros.
///
/// Fails with `EISDIR` if `fd` is a directory, `EBADF` if it is no open file, `EINVAL` if it is not open
/// for writing or the size is beyond 2⁶³, `EFBIG` beyond what a file may have.
pub(super) fn set_size(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    let file = context.fds.file(raw.fd()?)?;
    if !file.mode.write {
        return Err(Errno::Inval.into());
    }
    let inode = file.inode;
    let size = signed(raw.u64()?)?;
    let now = context.now();
    context.fs.set_size(inode, size, now)?;
    Ok(())
}

/// `fd_filestat_set_times(fd, atim, mtim, fst_flags)`: sets times, however the file was opened.
///
/// Fails with `EBADF` if `fd` is stdio or not open, `EINVAL` for unknown flags and if a time is to be
/// both given and now, `EROFS` below a read-only preopen.
pub(super) fn set_times(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    let (inode, read_only) = match context.fds.get(raw.fd()?)? {
        Descriptor::File(file) => (file.inode, file.read_only),
        Descriptor::Directory(directory) => (directory.base.directory, directory.base.read_only),
        Descriptor::Stdin { .. } | Descriptor::Output { .. } => return Err(Errno::Badf.into()),
    };
    let (accessed, modified, now) = read_times(context, &mut raw)?;
    if read_only {
        return Err(Errno::Rofs.into());
    }
    context.fs.set_times(inode, accessed, modified, now)?;
    Ok(())
}

/// Reads the next three arguments: two times, and the flags that say what to do with them. Also
/// returns what time it is.
///
/// # Errors
/// [`Errno::Inval`] for unknown flags, and if a time is to be both given and now.
pub(super) fn read_times(
    context: &Context,
    raw: &mut Raw<'_>,
) -> Result<(SetTime, SetTime, Timestamp), Errno> {
    let (accessed, modified) = (raw.u64()?, raw.u64()?);
    let flags: FstFlags = raw.flags()?;
    let now = context.now();
    let choose = |given: FstFlags, current: FstFlags, time: u64| match (
        flags.contains(given),
        flags.contains(current),
    ) {
        (true, true) => Err(Errno::Inval),
        (true, false) => Ok(SetTime::To(Timestamp(time))),
        (false, true) => Ok(SetTime::To(now)),
        (false, false) => Ok(SetTime::Keep),
    };
    Ok((
        choose(FstFlags::ATIM, FstFlags::ATIM_NOW, accessed)?,
        choose(FstFlags::MTIM, FstFlags::MTIM_NOW, modified)?,
        now,
    ))
}

/// The fields of a `filestat`.
pub(super) fn fields(metadata: &Metadata) -> [u64; 8] {
    [
        DEVICE,
        metadata.inode.0,
        FileType::from(metadata.kind) as u64,
        metadata.links,
        metadata.size,
        metadata.accessed.0,
        metadata.modified.0,
        metadata.changed.0,
    ]
}
