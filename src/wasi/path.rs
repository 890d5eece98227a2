//! `path_*`: making, moving and removing names.
//!
//! A path is an address and a length in bytes, without a NUL; it is relative to a directory that is
//! open, and cannot leave it. Every call that takes one fails with
//!
//! - `EBADF` if the directory is not open, `ENOTDIR` if it is none;
//! - `EFAULT` if the path is out of bounds, `EILSEQ` if it is not UTF-8, `EINVAL` if it has a NUL in it,
//!   `ENOENT` if it is empty, `ENAMETOOLONG` if it or a component is too long;
//! - `EPERM` if it is absolute or leads out of the directory, be it by a symbolic link;
//! - `ENOENT`, `ENOTDIR` and `ELOOP` for what is on the way;
//! - `EROFS` to change anything below a read-only preopen, `ENOSPC` if there is no room.

use super::abi::Lookup;
use super::memory::Memory;
use super::raw::Raw;
use super::{Context, Errno, Interrupt};

/// `path_create_directory(fd, path, path_len)`. Fails with `EEXIST` if anything is there.
pub(super) fn create_directory(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let base = context.base(raw.fd()?)?;
    let path = raw.path(memory)?;
    let now = context.now();
    context.fs.create_directory(base, &path, now)?;
    Ok(())
}

/// `path_link(old_fd, old_flags, old_path, old_path_len, new_fd, new_path, new_path_len)`: a second
/// name for a file or a symbolic link.
///
/// Fails with `EINVAL` if symbolic links are to be followed, `EEXIST` if anything is at the new path,
/// `EPERM` for a directory, and between a read-only and a writable preopen.
pub(super) fn link(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let old_fd = raw.fd()?;
    let flags = raw.lookup()?;
    let old_base = context.base(old_fd)?;
    let old_path = raw.path(memory)?;
    let new_base = context.base(raw.fd()?)?;
    let new_path = raw.path(memory)?;
    if flags.contains(Lookup::SYMLINK_FOLLOW) {
        return Err(Errno::Inval.into());
    }
    let now = context.now();
    context
        .fs
        .link(old_base, &old_path, new_base, &new_path, now)?;
    Ok(())
}

/// `path_readlink(fd, path, path_len, buf, buf_len, bufused)`: what a symbolic link holds, cut off at
/// the end of the buffer, without a NUL.
///
/// For a link to `file`, with `buf` = 1, `buf_len` = 6 and `bufused` = 8:
///
/// ```text
///  [?, 'f', 'i', 'l', 'e', ?, ?, ?, 4, 0, 0, 0, ?]
///       ^-- buf                      ^-- bufused
/// ```
///
/// Fails with `EINVAL` if it is no symbolic link, `EFAULT` if the buffer or the result is out of
/// bounds.
pub(super) fn readlink(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let base = context.base(raw.fd()?)?;
    let path = raw.path(memory)?;
    let target = context.fs.read_link(base, &path)?;
    let buffer = raw.pointer()?;
    let buffer = memory.span(buffer, raw.u32()?)?;
    let place = memory.place_u32(raw.pointer()?)?;
    memory.put(buffer, target.as_bytes());
    memory.put_u32(place, buffer.head(target.len()).guest_len());
    Ok(())
}

/// `path_remove_directory(fd, path, path_len)`. Fails with `ENOTDIR` for what is none, also for a link
/// to one; `ENOTEMPTY`; `EINVAL` for `.`.
pub(super) fn remove_directory(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let base = context.base(raw.fd()?)?;
    let path = raw.path(memory)?;
    let now = context.now();
    context.fs.remove_directory(base, &path, now)?;
    Ok(())
}

/// `path_rename(fd, old_path, old_path_len, new_fd, new_path, new_path_len)`: moves a name, over what
/// is there.
///
/// Fails with `EISDIR` and `ENOTDIR` unless a directory replaces a directory and nothing else does,
/// `ENOTEMPTY` if that has entries, `EINVAL` for a directory into itself, `EBUSY` for `.` and `..`,
/// `EPERM` between a read-only and a writable preopen.
pub(super) fn rename(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let old_base = context.base(raw.fd()?)?;
    let old_path = raw.path(memory)?;
    let new_base = context.base(raw.fd()?)?;
    let new_path = raw.path(memory)?;
    let now = context.now();
    context
        .fs
        .rename(old_base, &old_path, new_base, &new_path, now)?;
    Ok(())
}

/// `path_symlink(old_path, old_path_len, fd, new_path, new_path_len)`: a symbolic link at the new path
/// that holds the old one.
///
/// Fails with `EPERM` if what it is to hold is absolute, `EEXIST` if anything is at the new path.
pub(super) fn symlink(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let (target, target_length) = (raw.pointer()?, raw.u32()?);
    let base = context.base(raw.fd()?)?;
    let target = memory.path(target, target_length)?;
    let path = raw.path(memory)?;
    let now = context.now();
    context.fs.create_symlink(&target, base, &path, now)?;
    Ok(())
}

/// `path_unlink_file(fd, path, path_len)`: removes the name of a file or a symbolic link. Fails with
/// `EISDIR` for a directory, `ENOTDIR` if a path to anything else ends in `/`.
pub(super) fn unlink_file(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let base = context.base(raw.fd()?)?;
    let path = raw.path(memory)?;
    let now = context.now();
    context.fs.unlink(base, &path, now)?;
    Ok(())
}
