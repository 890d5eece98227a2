//! `fd_readdir`: the entries of a directory.

use super::abi::FileType;
use super::memory::Memory;
use super::raw::Raw;
use super::{Context, Errno, Interrupt};
use crate::vfs::{Cookie, Entry};

/// The size of a `dirent`, without the name behind it.
const DIRENT: usize = 24;

/// `fd_readdir(fd, buf, buf_len, cookie, bufused)`: as many entries as fit, from a cookie on.
///
/// - `cookie`: 0 to begin with, then the `d_next` of the last entry that was seen whole
/// - `bufused`: where the number of bytes that were written goes, as a `u32`; less than `buf_len`
///   means that these were the last
///
/// For the entry `ab`:
///
/// ```text
///     u64        u64       u32          u8, padding   d_namlen bytes
///  [?, d_next …,  d_ino …,  2, 0, 0, 0,   4, 0, 0, 0,   'a', 'b', ?]
///      ^ +0       ^ +8      ^ +16        ^ +20         ^ +24
///      d_next     d_ino     d_namlen     d_type
/// ```
///
/// The entry that does not fit whole is cut off at the end of the buffer. `.` and `..` come first.
///
/// Fails with `EBADF` if `fd` is no open directory, `EFAULT` if the buffer or the result is out of
/// bounds.
pub(super) fn readdir(
    context: &mut Context,
    memory: &mut Memory<'_>,
    mut raw: Raw<'_>,
) -> Result<(), Interrupt> {
    let base = context.base(raw.fd()?).map_err(|_| Errno::Badf)?;
    let buffer = raw.pointer()?;
    let buffer = memory.span(buffer, raw.u32()?)?;
    let cookie = Cookie(raw.u64()?);
    let place = memory.place_u32(raw.pointer()?)?;

    let mut entries = Vec::new();
    context.fs.list(base.directory, cookie, |entry| {
        if entries.len() >= buffer.len() {
            return false;
        }
        entries.extend(encode(&entry));
        entries.extend(entry.name.as_bytes());
        true
    })?;
    memory.put(buffer, &entries);
    memory.put_u32(place, buffer.head(entries.len()).guest_len());
    Ok(())
}

fn encode(entry: &Entry) -> [u8; DIRENT] {
    let length = entry.name.len() as u64;
    let kind = u64::from(FileType::from(entry.kind) as u8);
    let words = [entry.next.0, entry.inode.0, length | kind << 32];
    let mut bytes = [0; DIRENT];
    for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}
