//! `path_open`: from a path to a descriptor. What any path can fail with is in [`super::path`].

use super::abi::{FdFlags, OFlags, Rights};
use super::fd_table::{Descriptor, Mode, OpenDirectory, OpenFile};
use super::memory::Memory;
use super::raw::Raw;
use super::{Context, Errno, Interrupt};
use crate::vfs::{Base, Kind, OpenOptions};

/// `path_open(fd, dirflags, path, path_len, oflags, fs_rights_base, fs_rights_inheriting, fdflags,
/// opened_fd)`: opens a file or a directory, at the lowest number that is free.
///
/// - `dirflags`: bit 0: follow a symbolic link at the end of the path
/// - `oflags`: bit 0 create, 1 a directory, 2 fail if it exists, 3 truncate
/// - `fs_rights_base`: of these, only those to read and to write count: they are the open mode, whatever
///   else is asked for. With neither, it can be read, and, if it is to be created, truncated or appended
///   to, written
/// - `fdflags`: bit 0 append, 2 non-blocking; the others ask for synchronous writing, which all writing
///   is
/// - `opened_fd`: where the descriptor goes, as a `u32`
///
/// ```text
///  [?, 4, 0, 0, 0, ?]
///      ^-- opened_fd
/// ```
///
/// Fails with `EINVAL` for unknown flags, and to create or truncate a directory; `EMFILE` if no descriptor is left; `EEXIST`; `EISDIR` to write a directory;
/// `ENOTDIR` for a directory that is none; `ELOOP` for a symbolic link that is not to be followed;
/// `EFAULT` if the result is out of bounds.
pub(super) fn open(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    let follow = raw.lookup()?.follow();
    let (pointer, length) = (raw.pointer()?, raw.u32()?);
    let oflags: OFlags = raw.flags()?;
    let rights = Rights(raw.u64()?);
    let _inheriting = raw.u64()?;
    let flags: FdFlags = raw.flags()?;
    let base = context.base(fd)?;
    let path = memory.path(pointer, length)?;
    let place = memory.place_u32(raw.pointer()?)?;

    let create = oflags.contains(OFlags::CREAT);
    let truncate = oflags.contains(OFlags::TRUNC);
    let exclusive = oflags.contains(OFlags::EXCL);
    let directory = oflags.contains(OFlags::DIRECTORY);
    if directory && (create || exclusive || truncate) {
        return Err(Errno::Inval.into());
    }
    let mut mode = Mode {
        read: rights.contains(Rights::FD_READ),
        write: rights.contains(Rights::FD_WRITE),
    };
    if !mode.read && !mode.write {
        mode.read = true;
        mode.write = create || truncate || flags.contains(FdFlags::APPEND);
    }
    context.fds.check_room()?;
    let options = OpenOptions {
        follow,
        write: mode.write || create || truncate,
        create,
        exclusive,
        truncate,
        directory,
    };
    let now = context.now();
    let inode = context.fs.open(base, &path, options, now)?;
    let descriptor = match context.fs.metadata(inode)?.kind {
        Kind::Directory => Descriptor::Directory(OpenDirectory {
            base: Base {
                directory: inode,
                read_only: base.read_only,
            },
            preopen: None,
            named: context.tally.named(),
        }),
        Kind::File | Kind::Symlink => Descriptor::File(OpenFile {
            inode,
            position: 0,
            mode,
            read_only: base.read_only,
            flags,
            named: context.tally.named(),
        }),
    };
    let opened = context.fds.push(descriptor);
    memory.put_u32(place, opened.0);
    Ok(())
}
