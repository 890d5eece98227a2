//! The 46 functions, and those of preview 0 that differ: their names and types.

use ValType::{I32, I64};

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValType {
    /// `i32`
    I32,
    /// `i64`
    I64,
}

macro_rules! functions {
    (
        preview 1: { $($variant:ident $name:literal [$($param:ident)*],)* }
        preview 0: { $($variant0:ident $name0:literal [$($param0:ident)*],)* }
    ) => {
        /// A function of `wasi_snapshot_preview1`, or one of `wasi_unstable` that differs from it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
            $(#[doc = concat!("`", $name0, "` of preview 0")] $variant0,)*
        }

        impl Function {
            /// All of preview 1.
            pub const ALL: [Function; 46] = [$(Function::$variant,)*];

            /// The name of the import.
            pub fn name(self) -> &'static str {
                match self {
                    $(Function::$variant => $name,)*
                    $(Function::$variant0 => $name0,)*
                }
            }

            /// The function of preview 1 that is imported by this name.
            pub fn from_name(name: &str) -> Option<Function> {
                match name {
                    $($name => Some(Function::$variant),)*
                    _ => None,
                }
            }

            /// The types of its parameters.
            pub fn params(self) -> &'static [ValType] {
                match self {
                    $(Function::$variant => &[$($param),*],)*
                    $(Function::$variant0 => &[$($param0),*],)*
                }
            }
        }
    };
}

functions! {
    preview 1: {
        ArgsGet "args_get" [I32 I32],
        ArgsSizesGet "args_sizes_get" [I32 I32],
        EnvironGet "environ_get" [I32 I32],
        EnvironSizesGet "environ_sizes_get" [I32 I32],
        ClockResGet "clock_res_get" [I32 I32],
        ClockTimeGet "clock_time_get" [I32 I64 I32],
        FdAdvise "fd_advise" [I32 I64 I64 I32],
        FdAllocate "fd_allocate" [I32 I64 I64],
        FdClose "fd_close" [I32],
        FdDatasync "fd_datasync" [I32],
        FdFdstatGet "fd_fdstat_get" [I32 I32],
        FdFdstatSetFlags "fd_fdstat_set_flags" [I32 I32],
        FdFdstatSetRights "fd_fdstat_set_rights" [I32 I64 I64],
        FdFilestatGet "fd_filestat_get" [I32 I32],
        FdFilestatSetSize "fd_filestat_set_size" [I32 I64],
        FdFilestatSetTimes "fd_filestat_set_times" [I32 I64 I64 I32],
        FdPread "fd_pread" [I32 I32 I32 I64 I32],
        FdPrestatGet "fd_prestat_get" [I32 I32],
        FdPrestatDirName "fd_prestat_dir_name" [I32 I32 I32],
        FdPwrite "fd_pwrite" [I32 I32 I32 I64 I32],
        FdRead "fd_read" [I32 I32 I32 I32],
        FdReaddir "fd_readdir" [I32 I32 I32 I64 I32],
        FdRenumber "fd_renumber" [I32 I32],
        FdSeek "fd_seek" [I32 I64 I32 I32],
        FdSync "fd_sync" [I32],
        FdTell "fd_tell" [I32 I32],
        FdWrite "fd_write" [I32 I32 I32 I32],
        PathCreateDirectory "path_create_directory" [I32 I32 I32],
        PathFilestatGet "path_filestat_get" [I32 I32 I32 I32 I32],
        PathFilestatSetTimes "path_filestat_set_times" [I32 I32 I32 I32 I64 I64 I32],
        PathLink "path_link" [I32 I32 I32 I32 I32 I32 I32],
        PathOpen "path_open" [I32 I32 I32 I32 I32 I64 I64 I32 I32],
        PathReadlink "path_readlink" [I32 I32 I32 I32 I32 I32],
        PathRemoveDirectory "path_remove_directory" [I32 I32 I32],
        PathRename "path_rename" [I32 I32 I32 I32 I32 I32],
        PathSymlink "path_symlink" [I32 I32 I32 I32 I32],
        PathUnlinkFile "path_unlink_file" [I32 I32 I32],
        PollOneoff "poll_oneoff" [I32 I32 I32 I32],
        ProcExit "proc_exit" [I32],
        ProcRaise "proc_raise" [I32],
        SchedYield "sched_yield" [],
        RandomGet "random_get" [I32 I32],
        SockAccept "sock_accept" [I32 I32 I32],
        SockRecv "sock_recv" [I32 I32 I32 I32 I32 I32],
        SockSend "sock_send" [I32 I32 I32 I32 I32],
        SockShutdown "sock_shutdown" [I32 I32],
    }
    preview 0: {
        FdSeek0 "fd_seek" [I32 I64 I32 I32],
        FdFilestatGet0 "fd_filestat_get" [I32 I32],
        PathFilestatGet0 "path_filestat_get" [I32 I32 I32 I32 I32],
        PollOneoff0 "poll_oneoff" [I32 I32 I32 I32],
    }
}

impl Function {
    /// The name of the module that preview 1 is imported from.
    pub const PREVIEW_1: &str = "wasi_snapshot_preview1";

    /// The name of the module that preview 0 is imported from.
    pub const PREVIEW_0: &str = "wasi_unstable";

    /// Whether it returns an errno, as an `i32`. Only `proc_exit` does not: it returns nothing, and
    /// never.
    pub fn returns_errno(self) -> bool {
        self != Function::ProcExit
    }
}
