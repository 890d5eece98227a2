//! Preview 1 as its imports are, for guests: nothing of a libc between them and the host.
#![allow(dead_code)]

/// Success, or an errno.
pub type Result<T = ()> = core::result::Result<T, u32>;

pub const BADF: u32 = 8;
pub const EXIST: u32 = 20;
pub const FAULT: u32 = 21;
pub const FBIG: u32 = 22;
pub const ILSEQ: u32 = 25;
pub const INVAL: u32 = 28;
pub const ISDIR: u32 = 31;
pub const LOOP: u32 = 32;
pub const MFILE: u32 = 33;
pub const NAMETOOLONG: u32 = 37;
pub const NOENT: u32 = 44;
pub const NOSPC: u32 = 51;
pub const NOSYS: u32 = 52;
pub const NOTDIR: u32 = 54;
pub const NOTEMPTY: u32 = 55;
pub const NOTSOCK: u32 = 57;
pub const NOTSUP: u32 = 58;
pub const PERM: u32 = 63;
pub const ROFS: u32 = 69;
pub const SPIPE: u32 = 70;
pub const NOTCAPABLE: u32 = 76;

/// The first preopen.
pub const ROOT: u32 = 3;

pub const CREAT: u32 = 1;
pub const DIRECTORY: u32 = 2;
pub const EXCL: u32 = 4;
pub const TRUNC: u32 = 8;

pub const APPEND: u32 = 1;
pub const NONBLOCK: u32 = 4;

pub const READ: u64 = 1 << 1;
pub const WRITE: u64 = 1 << 6;
pub const READDIR: u64 = 1 << 14;

pub const FOLLOW: u32 = 1;

pub const SET: u32 = 0;
pub const CUR: u32 = 1;
pub const END: u32 = 2;

/// A file's type.
pub const IS_DIRECTORY: u8 = 3;
pub const IS_FILE: u8 = 4;
pub const IS_LINK: u8 = 7;

#[rustfmt::skip]
pub mod raw {
    #[link(wasm_import_module = "wasi_snapshot_preview1")]
    unsafe extern "C" {
        pub fn args_get(argv: *mut *mut u8, buffer: *mut u8) -> i32;
        pub fn args_sizes_get(count: *mut usize, size: *mut usize) -> i32;
        pub fn environ_get(environ: *mut *mut u8, buffer: *mut u8) -> i32;
        pub fn environ_sizes_get(count: *mut usize, size: *mut usize) -> i32;
        pub fn clock_res_get(clock: u32, resolution: *mut u64) -> i32;
        pub fn clock_time_get(clock: u32, precision: u64, time: *mut u64) -> i32;
        pub fn fd_advise(fd: u32, offset: u64, length: u64, advice: u32) -> i32;
        pub fn fd_allocate(fd: u32, offset: u64, length: u64) -> i32;
        pub fn fd_close(fd: u32) -> i32;
        pub fn fd_datasync(fd: u32) -> i32;
        pub fn fd_fdstat_get(fd: u32, stat: *mut Fdstat) -> i32;
        pub fn fd_fdstat_set_flags(fd: u32, flags: u32) -> i32;
        pub fn fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64) -> i32;
        pub fn fd_filestat_get(fd: u32, stat: *mut Filestat) -> i32;
        pub fn fd_filestat_set_size(fd: u32, size: u64) -> i32;
        pub fn fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, flags: u32) -> i32;
        pub fn fd_pread(fd: u32, iovs: *const Iovec, count: usize, at: u64, n: *mut usize) -> i32;
        pub fn fd_prestat_get(fd: u32, prestat: *mut [u32; 2]) -> i32;
        pub fn fd_prestat_dir_name(fd: u32, name: *mut u8, length: usize) -> i32;
        pub fn fd_pwrite(fd: u32, iovs: *const Iovec, count: usize, at: u64, n: *mut usize) -> i32;
        pub fn fd_read(fd: u32, iovs: *const Iovec, count: usize, n: *mut usize) -> i32;
        pub fn fd_readdir(fd: u32, buffer: *mut u8, length: usize, cookie: u64, n: *mut usize) -> i32;
        pub fn fd_renumber(from: u32, to: u32) -> i32;
        pub fn fd_seek(fd: u32, offset: i64, whence: u32, position: *mut u64) -> i32;
        pub fn fd_sync(fd: u32) -> i32;
        pub fn fd_tell(fd: u32, position: *mut u64) -> i32;
        pub fn fd_write(fd: u32, iovs: *const Iovec, count: usize, n: *mut usize) -> i32;
        pub fn path_create_directory(fd: u32, path: *const u8, length: usize) -> i32;
        pub fn path_filestat_get(fd: u32, lookup: u32, path: *const u8, length: usize, stat: *mut Filestat) -> i32;
        pub fn path_filestat_set_times(fd: u32, lookup: u32, path: *const u8, length: usize, accessed: u64, modified: u64, flags: u32) -> i32;
        pub fn path_link(fd: u32, lookup: u32, path: *const u8, length: usize, to: u32, new: *const u8, new_length: usize) -> i32;
        pub fn path_open(fd: u32, lookup: u32, path: *const u8, length: usize, oflags: u32, base: u64, inheriting: u64, flags: u32, opened: *mut u32) -> i32;
        pub fn path_readlink(fd: u32, path: *const u8, length: usize, buffer: *mut u8, size: usize, n: *mut usize) -> i32;
        pub fn path_remove_directory(fd: u32, path: *const u8, length: usize) -> i32;
        pub fn path_rename(fd: u32, path: *const u8, length: usize, to: u32, new: *const u8, new_length: usize) -> i32;
        pub fn path_symlink(target: *const u8, target_length: usize, fd: u32, path: *const u8, length: usize) -> i32;
        pub fn path_unlink_file(fd: u32, path: *const u8, length: usize) -> i32;
        pub fn poll_oneoff(subscriptions: *const Subscription, events: *mut Event, count: usize, n: *mut usize) -> i32;
        pub fn proc_raise(signal: u32) -> i32;
        pub fn sched_yield() -> i32;
        pub fn random_get(buffer: *mut u8, length: usize) -> i32;
        pub fn sock_accept(fd: u32, flags: u32, accepted: *mut u32) -> i32;
        pub fn sock_recv(fd: u32, iovs: *const Iovec, count: usize, flags: u32, n: *mut usize, out: *mut u16) -> i32;
        pub fn sock_send(fd: u32, iovs: *const Iovec, count: usize, flags: u32, n: *mut usize) -> i32;
        pub fn sock_shutdown(fd: u32, how: u32) -> i32;
    }
    use super::{Event, Fdstat, Filestat, Iovec, Subscription};
}

#[repr(C)]
pub struct Iovec {
    pub data: *const u8,
    pub length: usize,
}

#[repr(C)]
#[derive(Default, Clone, Copy)]
pub struct Fdstat {
    pub filetype: u8,
    pub flags: u16,
    pub base: u64,
    pub inheriting: u64,
}

#[repr(C)]
#[derive(Default, Clone, Copy, Debug, PartialEq)]
pub struct Filestat {
    pub device: u64,
    pub inode: u64,
    pub filetype: u8,
    pub links: u64,
    pub size: u64,
    pub accessed: u64,
    pub modified: u64,
    pub changed: u64,
}

/// As it lies in memory: `kind` 0 is a clock, with `what` its id; 1 and 2 are a descriptor, `what`,
/// to be read and written.
#[repr(C)]
#[derive(Default, Clone, Copy)]
pub struct Subscription {
    pub userdata: u64,
    pub kind: u8,
    pub alignment: u32,
    pub what: u32,
    pub timeout: u64,
    pub precision: u64,
    pub flags: u16,
}

#[repr(C)]
#[derive(Default, Clone, Copy, Debug, PartialEq)]
pub struct Event {
    pub userdata: u64,
    pub errno: u16,
    pub kind: u8,
    pub bytes: u64,
    pub flags: u16,
}

pub fn check(errno: i32) -> Result {
    match errno {
        0 => Ok(()),
        errno => Err(errno as u32),
    }
}

/// Calls an import, whose pointers point at what lives for the call.
#[macro_export]
macro_rules! call {
    ($name:ident($($arg:expr),* $(,)?)) => {
        wasi::check(unsafe { wasi::raw::$name($($arg),*) })
    };
}

pub fn open_as(
    fd: u32,
    lookup: u32,
    path: &[u8],
    oflags: u32,
    rights: u64,
    flags: u32,
) -> Result<u32> {
    let mut opened = u32::MAX;
    let (path, length) = (path.as_ptr(), path.len());
    check(unsafe {
        raw::path_open(
            fd,
            lookup,
            path,
            length,
            oflags,
            rights,
            rights,
            flags,
            &mut opened,
        )
    })?;
    Ok(opened)
}

/// Opens below the first preopen, following links.
pub fn open(path: &str, oflags: u32, rights: u64) -> Result<u32> {
    open_as(ROOT, FOLLOW, path.as_bytes(), oflags, rights, 0)
}

pub fn close(fd: u32) -> Result {
    check(unsafe { raw::fd_close(fd) })
}

pub fn write(fd: u32, bytes: &[u8]) -> Result<usize> {
    let iovec = Iovec {
        data: bytes.as_ptr(),
        length: bytes.len(),
    };
    let mut written = 0;
    check(unsafe { raw::fd_write(fd, &iovec, 1, &mut written) })?;
    Ok(written)
}

pub fn read(fd: u32, buffer: &mut [u8]) -> Result<usize> {
    let iovec = Iovec {
        data: buffer.as_mut_ptr(),
        length: buffer.len(),
    };
    let mut read = 0;
    check(unsafe { raw::fd_read(fd, &iovec, 1, &mut read) })?;
    Ok(read)
}

pub fn pwrite(fd: u32, bytes: &[u8], at: u64) -> Result<usize> {
    let iovec = Iovec {
        data: bytes.as_ptr(),
        length: bytes.len(),
    };
    let mut written = 0;
    check(unsafe { raw::fd_pwrite(fd, &iovec, 1, at, &mut written) })?;
    Ok(written)
}

pub fn pread(fd: u32, buffer: &mut [u8], at: u64) -> Result<usize> {
    let iovec = Iovec {
        data: buffer.as_mut_ptr(),
        length: buffer.len(),
    };
    let mut read = 0;
    check(unsafe { raw::fd_pread(fd, &iovec, 1, at, &mut read) })?;
    Ok(read)
}

pub fn seek(fd: u32, offset: i64, whence: u32) -> Result<u64> {
    let mut position = 0;
    check(unsafe { raw::fd_seek(fd, offset, whence, &mut position) })?;
    Ok(position)
}

pub fn fdstat(fd: u32) -> Result<Fdstat> {
    let mut stat = Fdstat::default();
    check(unsafe { raw::fd_fdstat_get(fd, &mut stat) })?;
    Ok(stat)
}

pub fn filestat(fd: u32) -> Result<Filestat> {
    let mut stat = Filestat::default();
    check(unsafe { raw::fd_filestat_get(fd, &mut stat) })?;
    Ok(stat)
}

pub fn stat(lookup: u32, path: &str) -> Result<Filestat> {
    let mut stat = Filestat::default();
    check(unsafe { raw::path_filestat_get(ROOT, lookup, path.as_ptr(), path.len(), &mut stat) })?;
    Ok(stat)
}

pub fn mkdir(path: &str) -> Result {
    check(unsafe { raw::path_create_directory(ROOT, path.as_ptr(), path.len()) })
}

pub fn rmdir(path: &str) -> Result {
    check(unsafe { raw::path_remove_directory(ROOT, path.as_ptr(), path.len()) })
}

pub fn unlink(path: &str) -> Result {
    check(unsafe { raw::path_unlink_file(ROOT, path.as_ptr(), path.len()) })
}

pub fn symlink(target: &str, path: &str) -> Result {
    check(unsafe {
        raw::path_symlink(
            target.as_ptr(),
            target.len(),
            ROOT,
            path.as_ptr(),
            path.len(),
        )
    })
}

pub fn link(path: &str, new: &str) -> Result {
    check(unsafe {
        raw::path_link(
            ROOT,
            0,
            path.as_ptr(),
            path.len(),
            ROOT,
            new.as_ptr(),
            new.len(),
        )
    })
}

pub fn rename(path: &str, new: &str) -> Result {
    check(unsafe {
        raw::path_rename(
            ROOT,
            path.as_ptr(),
            path.len(),
            ROOT,
            new.as_ptr(),
            new.len(),
        )
    })
}

pub fn readlink(path: &str, buffer: &mut [u8]) -> Result<usize> {
    let (data, size, mut read) = (buffer.as_mut_ptr(), buffer.len(), 0);
    check(unsafe { raw::path_readlink(ROOT, path.as_ptr(), path.len(), data, size, &mut read) })?;
    Ok(read)
}

/// Makes a file of these bytes.
pub fn create(path: &str, bytes: &[u8]) {
    let fd = open(path, CREAT | TRUNC, READ | WRITE).expect("it can be made");
    assert_eq!(write(fd, bytes), Ok(bytes.len()));
    close(fd).expect("it is open");
}

/// What a file holds.
pub fn contents(path: &str) -> Result<Vec<u8>> {
    let fd = open(path, 0, READ)?;
    let mut bytes = vec![0; 4096];
    let length = read(fd, &mut bytes)?;
    bytes.truncate(length);
    close(fd)?;
    Ok(bytes)
}

/// The time that a clock shows.
pub fn time(clock: u32) -> Result<u64> {
    let mut time = 0;
    check(unsafe { raw::clock_time_get(clock, 1, &mut time) })?;
    Ok(time)
}

/// Waits for the first of these.
pub fn poll(subscriptions: &[Subscription]) -> Result<Vec<Event>> {
    let mut events = vec![Event::default(); subscriptions.len()];
    let (data, out, mut n) = (subscriptions.as_ptr(), events.as_mut_ptr(), 0);
    check(unsafe { raw::poll_oneoff(data, out, subscriptions.len(), &mut n) })?;
    events.truncate(n);
    Ok(events)
}
