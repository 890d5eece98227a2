//! Names of numbers, at their places; of flags, at the places of their bits.

pub(super) const LOOKUP: &[&str] = &["SYMLINK_FOLLOW"];
pub(super) const OFLAGS: &[&str] = &["CREAT", "DIRECTORY", "EXCL", "TRUNC"];
pub(super) const FDFLAGS: &[&str] = &["APPEND", "DSYNC", "NONBLOCK", "RSYNC", "SYNC"];
pub(super) const FSTFLAGS: &[&str] = &["ATIM", "ATIM_NOW", "MTIM", "MTIM_NOW"];
pub(super) const RIFLAGS: &[&str] = &["RECV_PEEK", "RECV_WAITALL"];
pub(super) const ROFLAGS: &[&str] = &["RECV_DATA_TRUNCATED"];
pub(super) const SDFLAGS: &[&str] = &["RD", "WR"];
pub(super) const NONE: &[&str] = &[];

pub(super) const CLOCKS: &[&str] = &[
    "REALTIME",
    "MONOTONIC",
    "PROCESS_CPUTIME_ID",
    "THREAD_CPUTIME_ID",
];

pub(super) const WHENCE: &[&str] = &["SET", "CUR", "END"];

/// Those of preview 0.
pub(super) const WHENCE0: &[&str] = &["CUR", "END", "SET"];

pub(super) const ADVICE: &[&str] = &[
    "NORMAL",
    "SEQUENTIAL",
    "RANDOM",
    "WILLNEED",
    "DONTNEED",
    "NOREUSE",
];

pub(super) const FILETYPES: &[&str] = &[
    "UNKNOWN",
    "BLOCK_DEVICE",
    "CHARACTER_DEVICE",
    "DIRECTORY",
    "REGULAR_FILE",
    "SOCKET_DGRAM",
    "SOCKET_STREAM",
    "SYMBOLIC_LINK",
];

pub(super) const SIGNALS: &[&str] = &[
    "NONE", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
    "USR2", "PIPE", "ALRM", "TERM", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
    "XFSZ", "VTALRM", "PROF", "WINCH", "POLL", "PWR", "SYS",
];

pub(super) const RIGHTS: &[&str] = &[
    "FD_DATASYNC",
    "FD_READ",
    "FD_SEEK",
    "FD_FDSTAT_SET_FLAGS",
    "FD_SYNC",
    "FD_TELL",
    "FD_WRITE",
    "FD_ADVISE",
    "FD_ALLOCATE",
    "PATH_CREATE_DIRECTORY",
    "PATH_CREATE_FILE",
    "PATH_LINK_SOURCE",
    "PATH_LINK_TARGET",
    "PATH_OPEN",
    "FD_READDIR",
    "PATH_READLINK",
    "PATH_RENAME_SOURCE",
    "PATH_RENAME_TARGET",
    "PATH_FILESTAT_GET",
    "PATH_FILESTAT_SET_SIZE",
    "PATH_FILESTAT_SET_TIMES",
    "FD_FILESTAT_GET",
    "FD_FILESTAT_SET_SIZE",
    "FD_FILESTAT_SET_TIMES",
    "PATH_SYMLINK",
    "PATH_REMOVE_DIRECTORY",
    "PATH_UNLINK_FILE",
    "POLL_FD_READWRITE",
    "SOCK_SHUTDOWN",
    "SOCK_ACCEPT",
];
