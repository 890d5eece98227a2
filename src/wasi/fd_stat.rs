//! `fd_fdstat_*`, `fd_prestat_*`: what a descriptor is.

use super::abi::{FdFlags, FileType, Rights};
use super::fd_table::{Descriptor, Fd, Mode};
use super::memory::Memory;
use super::raw::Raw;
use super::{Context, Errno, Interrupt};

/// The size of an `fdstat`.
const FDSTAT: u32 = 24;

/// The size of a `prestat`.
const PRESTAT: u32 = 8;

/// `fd_fdstat_get(fd, result)`: the type, flags and rights of a descriptor.
///
/// For a file to append to, with `result` = 1:
///
/// ```text
///     filetype    fs_flags           fs_rights_base          fs_rights_inheriting
///      u8 --+     u16 --+               u64 --+                    u64 --+
///  [?, 4,   0,    1, 0,   0, 0, 0, 0,   n, n, n, n, 0, 0, 0, 0,   n, n, n, n, 0, 0, 0, 0, ?]
///      ^-- result
/// ```
///
/// The rights say what the descriptor was opened for. They are not stored, and cannot be dropped: what
/// wasmtime reports is reported, since C libraries decide by it whether a descriptor is a terminal.
///
/// Fails with `EBADF` if `fd` is not open, `EFAULT` if the result is out of bounds.
pub(super) fn fdstat_get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let stat = Fdstat::of(context.fds.get(raw.fd()?)?, context.stdio_type());
    let place = memory.span(raw.pointer()?, FDSTAT)?;
    memory.put(place, &stat.bytes());
    Ok(())
}

/// `fd_fdstat_set_flags(fd, flags)`: whether to append, and whether to block.
///
/// Of a directory, neither is of any account. Fails with `EBADF` if `fd` is not open, `EISDIR` if it is
/// a preopen, `EINVAL` for unknown flags, and for those that ask for synchronous writing.
pub(super) fn fdstat_set_flags(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    let new: FdFlags = raw.flags()?;
    if new.is_sync() {
        return Err(Errno::Inval.into());
    }
    match context.fds.get_mut(fd)? {
        Descriptor::Stdin { flags } | Descriptor::Output { flags, .. } => *flags = new,
        Descriptor::File(file) => file.flags = new,
        Descriptor::Directory(directory) if directory.preopen.is_some() => {
            return Err(Errno::Isdir.into());
        }
        Descriptor::Directory(_) => {}
    }
    Ok(())
}

/// `fd_fdstat_set_rights(fd, base, inheriting)`: rights cannot be dropped. Fails with `EBADF` if `fd`
/// is stdio or not open, and `ENOTSUP` otherwise.
pub(super) fn fdstat_set_rights(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    match context.fds.get(raw.fd()?)? {
        Descriptor::Stdin { .. } | Descriptor::Output { .. } => Err(Errno::Badf.into()),
        Descriptor::File(_) | Descriptor::Directory(_) => Err(Errno::Notsup.into()),
    }
}

/// `fd_prestat_get(fd, result)`: whether a descriptor is a preopen, and how long its path is.
///
/// For `/tmp`, with `result` = 1:
///
/// ```text
///    tag: directory    length of the path
///      u8 --+             u32 --+
///  [?, 0, 0, 0, 0,   4, 0, 0, 0, ?]
///      ^-- result
/// ```
///
/// Fails with `EBADF` if it is none, which is how guests know that they have seen them all; `EFAULT`
/// if the result is out of bounds.
pub(super) fn prestat_get(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let path = preopen_path(context, raw.fd()?)?;
    let length = u32::try_from(path.len()).map_err(|_| Errno::Overflow)?;
    let place = memory.span(raw.pointer()?, PRESTAT)?;
    memory.put_u64(place, u64::from(length) << 32);
    Ok(())
}

/// `fd_prestat_dir_name(fd, path, path_len)`: the path of a preopen, without a NUL.
///
/// For `/tmp`, with `path` = 1 and `path_len` = 4:
///
/// ```text
///  [?, '/', 't', 'm', 'p', ?]
///       ^-- path
/// ```
///
/// Fails with `EBADF` if `fd` is no preopen, `ENAMETOOLONG` if the path is longer than `path_len`,
/// `EFAULT` if it does not fit in memory.
pub(super) fn prestat_dir_name(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let path = preopen_path(context, raw.fd()?)?;
    let pointer = raw.pointer()?;
    let length = u32::try_from(path.len()).map_err(|_| Errno::Overflow)?;
    if raw.u32()? < length {
        return Err(Errno::Nametoolong.into());
    }
    let place = memory.span(pointer, length)?;
    memory.put(place, path.as_bytes());
    Ok(())
}

/// The path of a preopen.
///
/// # Errors
/// [`Errno::Badf`] if it is none.
fn preopen_path(context: &Context, fd: Fd) -> Result<&String, Errno> {
    let directory = context.fds.directory(fd).map_err(|_| Errno::Badf)?;
    directory.preopen.as_ref().ok_or(Errno::Badf)
}

struct Fdstat {
    file_type: FileType,
    flags: FdFlags,
    base: Rights,
    inheriting: Rights,
}

impl Fdstat {
    fn of(descriptor: &Descriptor, stdio_type: FileType) -> Fdstat {
        match descriptor {
            Descriptor::Stdin { flags } => {
                Fdstat::same(stdio_type, *flags, STDIO | Rights::FD_READ)
            }
            Descriptor::Output { flags, .. } => {
                Fdstat::same(stdio_type, *flags, STDIO | Rights::FD_WRITE)
            }
            Descriptor::File(file) => Fdstat::same(
                FileType::RegularFile,
                file.flags,
                opened_for(Rights::ALL, file.mode),
            ),
            Descriptor::Directory(directory) if directory.preopen.is_some() => Fdstat {
                file_type: FileType::Directory,
                flags: FdFlags::default(),
                base: PREOPEN,
                inheriting: PREOPEN | FILE,
            },
            Descriptor::Directory(_) => {
                let mode = Mode {
                    read: true,
                    write: false,
                };
                let rights = Rights::ALL.without(NOT_FOR_DIRECTORIES);
                Fdstat::same(
                    FileType::Directory,
                    FdFlags::default(),
                    opened_for(rights, mode),
                )
            }
        }
    }

    fn same(file_type: FileType, flags: FdFlags, rights: Rights) -> Fdstat {
        Fdstat {
            file_type,
            flags,
            base: rights,
            inheriting: rights,
        }
    }

    fn bytes(&self) -> [u8; FDSTAT as usize] {
        let head = u64::from(self.file_type as u8) | u64::from(self.flags.raw()) << 16;
        let mut bytes = [0; FDSTAT as usize];
        let words = [head, self.base.0, self.inheriting.0];
        for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }
}

/// `rights`, but for what `mode` leaves out.
fn opened_for(rights: Rights, mode: Mode) -> Rights {
    let rights = if mode.read {
        rights
    } else {
        rights.without(Rights::FD_READ | Rights::FD_READDIR)
    };
    if mode.write {
        rights
    } else {
        rights.without(Rights::FD_WRITE)
    }
}

/// What stdio can do, beside reading or writing. Without the rights to seek and to tell, C libraries
/// take a character device for a terminal.
const STDIO: Rights =
    Rights(Rights::FD_FDSTAT_SET_FLAGS.0 | Rights::FD_FILESTAT_GET.0 | Rights::POLL_FD_READWRITE.0);

const NOT_FOR_DIRECTORIES: Rights =
    Rights(Rights::FD_SEEK.0 | Rights::FD_FILESTAT_SET_SIZE.0 | Rights::PATH_FILESTAT_SET_SIZE.0);

/// What a preopen can do.
const PREOPEN: Rights = Rights(
    Rights::PATH_CREATE_DIRECTORY.0
        | Rights::PATH_CREATE_FILE.0
        | Rights::PATH_LINK_SOURCE.0
        | Rights::PATH_LINK_TARGET.0
        | Rights::PATH_OPEN.0
        | Rights::FD_READDIR.0
        | Rights::PATH_READLINK.0
        | Rights::PATH_RENAME_SOURCE.0
        | Rights::PATH_RENAME_TARGET.0
        | Rights::PATH_SYMLINK.0
        | Rights::PATH_REMOVE_DIRECTORY.0
        | Rights::PATH_UNLINK_FILE.0
        | Rights::PATH_FILESTAT_GET.0
        | Rights::PATH_FILESTAT_SET_TIMES.0
        | Rights::FD_FILESTAT_GET.0
        | Rights::FD_FILESTAT_SET_TIMES.0,
);

/// What a file that is opened below a preopen can do, beside.
const FILE: Rights = Rights(
    Rights::FD_DATASYNC.0
        | Rights::FD_READ.0
        | Rights::FD_SEEK.0
        | Rights::FD_FDSTAT_SET_FLAGS.0
        | Rights::FD_SYNC.0
        | Rights::FD_TELL.0
        | Rights::FD_WRITE.0
        | Rights::FD_ADVISE.0
        | Rights::FD_ALLOCATE.0
        | Rights::FD_FILESTAT_SET_SIZE.0
        | Rights::POLL_FD_READWRITE.0,
);

impl Context {
    /// What stdio reports itself as.
    pub(super) fn stdio_type(&self) -> FileType {
        if self.terminal {
            FileType::CharacterDevice
        } else {
            FileType::Unknown
        }
    }
}
