//! `path_filestat_*`: the attributes of what a path leads to. What any path can fail with is in
//! [`super::path`].

use super::filestat::{fields, read_times};
use super::memory::Memory;
use super::raw::Raw;
use super::unstable::Preview;
use super::{Context, Interrupt};

/// `path_filestat_get(fd, flags, path, path_len, result)`: a `filestat`, as `fd_filestat_get` draws it.
/// With the flag to follow, a symbolic link's target is meant, without it the link itself.
///
/// Fails with `EINVAL` for unknown flags, `EFAULT` if the result is out of bounds.
pub(super) fn filestat_get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
    preview: Preview,
) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    let follow = raw.lookup()?.follow();
    let base = context.base(fd)?;
    let path = raw.path(memory)?;
    let metadata = context.fs.stat(base, &path, follow)?;
    preview.put_filestat(memory, raw.pointer()?, fields(&metadata))?;
    Ok(())
}

/// `path_filestat_set_times(fd, flags, path, path_len, atim, mtim, fst_flags)`: sets times, of a
/// symbolic link itself unless it is to be followed.
///
/// Fails with `EINVAL` for unknown flags and if a time is to be both given and now.
pub(super) fn filestat_set_times(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    let follow = raw.lookup()?.follow();
    let (pointer, length) = (raw.pointer()?, raw.u32()?);
    let (accessed, modified, now) = read_times(context, &mut raw)?;
    let base = context.base(fd)?;
    let path = memory.path(pointer, length)?;
    context
        .fs
        .set_times_at(base, &path, follow, accessed, modified, now)?;
    Ok(())
}
