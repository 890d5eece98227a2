//! WASI preview 1: all 46 functions of `wasi_snapshot_preview1`. And preview 0, where it differs.
//!
//! A call is a function of a [`Context`], the guest's memory and the raw arguments: see [`call`]. What
//! a guest can see of the world comes from the [`Config`] and the [`Host`].
//!
//! Invariants:
//! - It knows nothing of the engine that runs the guest, and never waits: a call that must wait
//!   returns [`Flow::Wait`] and is made again, with the same arguments, once there is what it waited
//!   for.
//! - No argument and no content of the guest's memory can make it panic, and no length that a guest
//!   gives sizes an allocation, but for copies of bounded pieces of a memory that lies elsewhere.
//! - Memory outside what a call is given to write is never changed; a call that fails with
//!   [`Errno::Fault`] has changed nothing at all, in memory or in the file system.
//!
//! One file per family of calls. Each call's documentation gives its parameters, when it fails, and
//! what it writes, byte by byte. The specification is
//! <https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md>; its section for a function is
//! called as the function is. Where it is silent, what wasmtime and wazero agree on is taken; where they
//! differ, wazero's answer, which plugins are written for. `decisions.rs` is the table of them.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

mod abi;
mod args;
mod clock;
mod context;
pub mod describe;
mod environ;
mod errno;
mod fd;
mod fd_io;
mod fd_stat;
mod fd_table;
mod filestat;
mod function;
mod iovec;
mod memory;
mod path;
mod path_open;
mod path_stat;
mod poll;
mod proc;
mod random;
mod raw;
mod readdir;
mod sock;
mod stdio;
mod subscription;
mod unstable;
mod used;

pub use context::{Config, Context, Host, Preopen, PreopenFd};
pub use errno::Errno;
pub use fd_table::Fd;
pub use function::{Function, ValType};
pub use stdio::{Output, Stdin, Stream};
pub use used::{Deed, Used, UsedPath};

use crate::linear::LinearMut;
use memory::Memory;
use raw::Raw;
use unstable::Preview;

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It returns to the guest, with this as its result; `proc_exit` never does.
    Return(Errno),
    /// The guest asked to end, with this exit code.
    Exit(u32),
    /// The guest must wait. Once woken, make the same call again with the same arguments.
    Wait(Wait),
    /// The guest has reached a limit, and its run must end.
    Limit(Limit),
}

/// What a guest waits for. Whichever comes first wakes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When [`Host::monotonic`] has reached this. If `None`, time alone does not wake it.
    pub until: Option<u64>,
    /// When there is something new on stdin, be it the end.
    pub stdin: bool,
}

/// A limit that ends a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// stdout and stderr together have reached [`Config::output_bytes`]. What fitted was kept.
    Output {
        /// The limit.
        bytes: u64,
    },
}

/// Why a call does not simply succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interrupt {
    Errno(Errno),
    Exit(u32),
    Wait(Wait),
    Limit(Limit),
}

impl From<Errno> for Interrupt {
    fn from(errno: Errno) -> Interrupt {
        Interrupt::Errno(errno)
    }
}

impl From<crate::vfs::Error> for Interrupt {
    fn from(error: crate::vfs::Error) -> Interrupt {
        Interrupt::Errno(error.into())
    }
}

/// Makes one call on behalf of a guest.
///
/// `args` are the raw Wasm values, zero-extended, as many as `function` has parameters; with any
/// other number the call returns [`Errno::Inval`].
pub fn call(
    function: Function,
    context: &mut Context,
    memory: LinearMut<'_>,
    args: &[u64],
) -> Flow {
    let mut memory = Memory::new(memory);
    if args.len() != function.params().len() {
        return Flow::Return(Errno::Inval);
    }
    context.begin(function, args);
    context.name_paths(function, args, &memory);
    let flow = match dispatch(function, context, &mut memory, Raw::new(args)) {
        Ok(()) => Flow::Return(Errno::Success),
        Err(Interrupt::Errno(errno)) => Flow::Return(errno),
        Err(Interrupt::Exit(code)) => Flow::Exit(code),
        Err(Interrupt::Wait(wait)) => Flow::Wait(wait),
        Err(Interrupt::Limit(limit)) => Flow::Limit(limit),
    };
    if !matches!(flow, Flow::Wait(_)) {
        context.abandon_wait();
    }
    if let Flow::Return(errno) = flow {
        context.count(function, args, errno, &memory);
    }
    flow
}

fn dispatch(
    function: Function,
    context: &mut Context,
    memory: &mut Memory<'_>,
    raw: Raw<'_>,
) -> Result<(), Interrupt> {
    match function {
        Function::ArgsGet => args::get(context, memory, raw),
        Function::ArgsSizesGet => args::sizes_get(context, memory, raw),
        Function::EnvironGet => environ::get(context, memory, raw),
        Function::EnvironSizesGet => environ::sizes_get(context, memory, raw),
        Function::ClockResGet => clock::res_get(context, memory, raw),
        Function::ClockTimeGet => clock::time_get(context, memory, raw),
        Function::FdAdvise => fd::advise(context, raw),
        Function::FdAllocate => fd::allocate(context, raw),
        Function::FdClose => fd::close(context, raw),
        Function::FdFdstatGet => fd_stat::fdstat_get(context, memory, raw),
        Function::FdFdstatSetFlags => fd_stat::fdstat_set_flags(context, raw),
        Function::FdFdstatSetRights => fd_stat::fdstat_set_rights(context, raw),
        Function::FdFilestatGet => filestat::get(context, memory, raw, Preview::One),
        Function::FdFilestatSetSize => filestat::set_size(context, raw),
        Function::FdFilestatSetTimes => filestat::set_times(context, raw),
        Function::FdPread => fd_io::pread(context, memory, raw),
        Function::FdPrestatGet => fd_stat::prestat_get(context, memory, raw),
        Function::FdPrestatDirName => fd_stat::prestat_dir_name(context, memory, raw),
        Function::FdPwrite => fd_io::pwrite(context, memory, raw),
        Function::FdRead => fd_io::read(context, memory, raw),
        Function::FdReaddir => readdir::readdir(context, memory, raw),
        Function::FdRenumber => fd::renumber(context, raw),
        Function::FdSeek => fd::seek(context, memory, raw, Preview::One),
        Function::FdSync | Function::FdDatasync => fd::sync(context, raw),
        Function::FdTell => fd::tell(context, memory, raw),
        Function::FdWrite => fd_io::write(context, memory, raw),
        Function::PathCreateDirectory => path::create_directory(context, memory, raw),
        Function::PathFilestatGet => path_stat::filestat_get(context, memory, raw, Preview::One),
        Function::PathFilestatSetTimes => path_stat::filestat_set_times(context, memory, raw),
        Function::PathLink => path::link(context, memory, raw),
        Function::PathOpen => path_open::open(context, memory, raw),
        Function::PathReadlink => path::readlink(context, memory, raw),
        Function::PathRemoveDirectory => path::remove_directory(context, memory, raw),
        Function::PathRename => path::rename(context, memory, raw),
        Function::PathSymlink => path::symlink(context, memory, raw),
        Function::PathUnlinkFile => path::unlink_file(context, memory, raw),
        Function::PollOneoff => poll::oneoff(context, memory, raw, Preview::One),
        Function::ProcExit => proc::exit(raw),
        Function::ProcRaise => proc::raise(),
        Function::SchedYield => proc::sched_yield(),
        Function::RandomGet => random::get(context, memory, raw),
        Function::SockAccept | Function::SockRecv | Function::SockSend => sock::transfer(),
        Function::SockShutdown => sock::shutdown(context, raw),
        Function::FdSeek0 => fd::seek(context, memory, raw, Preview::Zero),
        Function::FdFilestatGet0 => filestat::get(context, memory, raw, Preview::Zero),
        Function::PathFilestatGet0 => path_stat::filestat_get(context, memory, raw, Preview::Zero),
        Function::PollOneoff0 => poll::oneoff(context, memory, raw, Preview::Zero),
    }
}

#[cfg(test)]
mod tests;

/// The same, of guests whose memory lies elsewhere.
#[cfg(test)]
#[path = "tests/mod.rs"]
mod tests_elsewhere;
