//! Every function, byte by byte: memory is filled with `?`, and all of it is compared.
//!
//! All of this is compiled twice: once for memory that is here, once for memory that lies elsewhere.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the numbers are small, or their bits are meant"
)]
#![allow(
    clippy::duplicate_mod,
    reason = "what holds for the one holds for the other"
)]

use std::cell::Cell;
use std::rc::Rc;

use super::{Config, Context, Errno, Flow, Function, Host, Preopen, Wait, call};
use crate::linear::tests::Apart;
use crate::linear::{Linear, LinearMut, Still};
use crate::vfs::Tree;

mod args;
mod clock;
#[path = "../decisions.rs"]
mod decisions;
mod describe;
mod fd;
mod fd_io;
mod fd_stat;
mod filestat;
mod function;
mod hostile;
mod path;
mod path_open;
mod path_stat;
mod poll;
mod proc;
mod random;
mod readdir;
mod sock;
mod stdio;
mod unstable;
mod used;
mod views;

/// Whether the memory of guests lies elsewhere.
fn elsewhere() -> bool {
    module_path!().ends_with("elsewhere")
}

/// The size of the guest's memory.
const MEMORY: u32 = 65_536;

/// The time of day, unless a test sets it.
const NOW: u64 = 1_000_000_000;

/// The preopen that every guest has.
const DIR: u64 = 3;

#[derive(Clone)]
struct Clocks {
    realtime: Rc<Cell<u64>>,
    monotonic: Rc<Cell<u64>>,
}

impl Host for Clocks {
    fn realtime(&self) -> u64 {
        self.realtime.get()
    }
    fn monotonic(&self) -> u64 {
        self.monotonic.get()
    }
    fn resolution(&self) -> u64 {
        1_000
    }
    fn cpu_time(&self) -> u64 {
        self.monotonic.get() / 2
    }
    fn random(&mut self, buffer: &mut [u8]) {
        for (index, byte) in buffer.iter_mut().enumerate() {
            *byte = index as u8;
        }
    }
}

struct Guest {
    context: Context,
    memory: Vec<u8>,
    clocks: Clocks,
    elsewhere: bool,
}

impl Guest {
    /// With one empty preopen, at `/`.
    fn new() -> Guest {
        Guest::with(Config::default())
    }

    /// As `config` says, after one empty preopen at `/`.
    fn with(mut config: Config) -> Guest {
        let root = Preopen {
            path: "/".to_owned(),
            ..Preopen::default()
        };
        config.preopens.insert(0, root);
        Guest::bare(config)
    }

    /// With these files in its preopen.
    fn with_files(files: &[(&str, &str)]) -> Guest {
        let mut guest = Guest::new();
        let root = guest.context.preopens()[0].root;
        let now = guest.context.now();
        let tree = tree(files);
        guest.context.fs_mut().add_tree(root, tree, now).unwrap();
        guest
    }

    /// Just as `config` says.
    fn bare(config: Config) -> Guest {
        let clocks = Clocks {
            realtime: Rc::new(Cell::new(NOW)),
            monotonic: Rc::new(Cell::new(0)),
        };
        Guest {
            context: Context::new(config, Box::new(clocks.clone())),
            memory: vec![b'?'; MEMORY as usize],
            clocks,
            elsewhere: elsewhere(),
        }
    }

    fn call(&mut self, function: Function, args: &[u64]) -> Flow {
        if !self.elsewhere {
            let memory = LinearMut::Here(&mut self.memory);
            return call(function, &mut self.context, memory, args);
        }
        self.call_apart(function, args).0
    }

    /// The call, and the memory that lies elsewhere, emptied.
    fn call_apart(&mut self, function: Function, args: &[u64]) -> (Flow, Apart) {
        let apart = Apart::new(std::mem::take(&mut self.memory));
        let still = Still::new(&apart);
        let memory = LinearMut::Elsewhere(&still);
        let flow = call(function, &mut self.context, memory, args);
        self.memory = apart.take();
        (flow, apart)
    }

    /// What comes of looking at memory.
    fn look<T>(&self, look: impl FnOnce(Linear<'_>) -> T) -> T {
        if !self.elsewhere {
            return look(Linear::Here(&self.memory));
        }
        let apart = Apart::new(self.memory.clone());
        look(Linear::Elsewhere(&apart))
    }

    /// Calls, and says what it returned.
    #[track_caller]
    fn errno(&mut self, function: Function, args: &[u64]) -> Errno {
        match self.call(function, args) {
            Flow::Return(errno) => errno,
            other => panic!("{} did not return: {other:?}", function.name()),
        }
    }

    #[track_caller]
    fn ok(&mut self, function: Function, args: &[u64]) {
        assert_eq!(self.errno(function, args), Errno::Success, "{function:?}");
    }

    #[track_caller]
    fn waits(&mut self, function: Function, args: &[u64]) -> Wait {
        match self.call(function, args) {
            Flow::Wait(wait) => wait,
            other => panic!("{} did not wait: {other:?}", function.name()),
        }
    }

    fn put(&mut self, address: u32, bytes: &[u8]) {
        let address = address as usize;
        self.memory[address..address + bytes.len()].copy_from_slice(bytes);
    }

    fn u32_at(&self, address: u32) -> u32 {
        u32::from_le_bytes(self.bytes_at(address, 4).try_into().unwrap())
    }

    fn u64_at(&self, address: u32) -> u64 {
        u64::from_le_bytes(self.bytes_at(address, 8).try_into().unwrap())
    }

    fn bytes_at(&self, address: u32, length: usize) -> Vec<u8> {
        self.memory[address as usize..][..length].to_vec()
    }

    /// Memory is as it was filled, but for these patches.
    #[track_caller]
    fn assert_memory(&self, patches: &[(u32, &[u8])]) {
        let mut expected = vec![b'?'; MEMORY as usize];
        for (address, bytes) in patches {
            expected[*address as usize..][..bytes.len()].copy_from_slice(bytes);
        }
        let difference = (0..expected.len()).find(|at| expected[*at] != self.memory[*at]);
        if let Some(at) = difference {
            let window = at..(at + 48).min(expected.len());
            panic!(
                "memory differs at {at}: expected {:?}, found {:?}",
                &expected[window.clone()],
                &self.memory[window]
            );
        }
    }

    fn fill(&mut self) {
        self.memory.fill(b'?');
    }

    /// The call faults, and changes nothing, for every address in `args[index]` from which `size`
    /// bytes do not fit; with the last one from which they do, it succeeds.
    #[track_caller]
    fn assert_bounds(&mut self, function: Function, args: &[u64], index: usize, size: u32) {
        let mut args = args.to_vec();
        let last = MEMORY - size;
        let before = self.memory.clone();
        for address in [
            last + 1,
            MEMORY - 1,
            MEMORY,
            MEMORY + 1,
            u32::MAX - size,
            u32::MAX,
        ] {
            if address <= last {
                continue;
            }
            args[index] = address.into();
            assert_eq!(self.errno(function, &args), Errno::Fault, "at {address}");
            assert!(self.memory == before, "memory was changed at {address}");
        }
        args[index] = last.into();
        self.ok(function, &args);
    }

    /// Opens `path` in the preopen.
    #[track_caller]
    fn open(&mut self, path: &str, oflags: u64, rights: u64, fdflags: u64) -> Result<u64, Errno> {
        let kept = self.bytes_at(60_000, path.len() + 8);
        let at = 60_000 + path.len() as u32;
        self.put(60_000, path.as_bytes());
        let args = [
            DIR,
            0,
            60_000,
            path.len() as u64,
            oflags,
            rights,
            0,
            fdflags,
            at.into(),
        ];
        let errno = self.errno(Function::PathOpen, &args);
        let fd = self.u32_at(at);
        self.put(60_000, &kept);
        match errno {
            Errno::Success => Ok(fd.into()),
            errno => Err(errno),
        }
    }

    /// Writes `bytes` to `fd`, from scratch memory.
    #[track_caller]
    fn write(&mut self, fd: u64, bytes: &[u8]) -> Result<u32, Errno> {
        self.transfer(Function::FdWrite, fd, bytes.len(), bytes)
            .map(|(count, _)| count)
    }

    /// Reads up to `length` bytes from `fd`, through scratch memory.
    #[track_caller]
    fn read(&mut self, fd: u64, length: usize) -> Result<Vec<u8>, Errno> {
        self.transfer(Function::FdRead, fd, length, &[])
            .map(|(count, bytes)| bytes[..count as usize].to_vec())
    }

    fn transfer(
        &mut self,
        function: Function,
        fd: u64,
        length: usize,
        bytes: &[u8],
    ) -> Result<(u32, Vec<u8>), Errno> {
        let kept = self.memory.clone();
        self.put(40_016, bytes);
        self.put(40_000, &iovec(40_016, length as u32));
        let errno = self.errno(function, &[fd, 40_000, 1, 40_008]);
        let (count, bytes) = (self.u32_at(40_008), self.bytes_at(40_016, length));
        self.memory = kept;
        match errno {
            Errno::Success => Ok((count, bytes)),
            errno => Err(errno),
        }
    }

    /// Calls a function that takes one path in the preopen and nothing else.
    #[track_caller]
    fn path(&mut self, function: Function, path: &str) -> Errno {
        let kept = self.memory.clone();
        self.put(1_000, path.as_bytes());
        let errno = self.errno(function, &[DIR, 1_000, path.len() as u64]);
        self.memory = kept;
        errno
    }

    fn set_realtime(&self, nanoseconds: u64) {
        self.clocks.realtime.set(nanoseconds);
    }

    fn set_monotonic(&self, nanoseconds: u64) {
        self.clocks.monotonic.set(nanoseconds);
    }
}

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    for (path, content) in files {
        let leaf = match path.strip_suffix('/') {
            Some(_) => Tree::default(),
            None => Tree::File(content.as_bytes().to_vec()),
        };
        tree.insert(path.trim_end_matches('/'), leaf).unwrap();
    }
    tree
}

fn iovec(address: u32, length: u32) -> [u8; 8] {
    let word = u64::from(address) | u64::from(length) << 32;
    word.to_le_bytes()
}

/// Rights, as `path_open` takes them.
const READ: u64 = 1 << 1;
const WRITE: u64 = 1 << 6;

/// `oflags`.
const CREAT: u64 = 1;
const DIRECTORY: u64 = 2;
const EXCL: u64 = 4;
const TRUNC: u64 = 8;

/// `fdflags`.
const APPEND: u64 = 1;
const DSYNC: u64 = 2;
const NONBLOCK: u64 = 4;
const RSYNC: u64 = 8;
const SYNC: u64 = 16;

/// `lookupflags`.
const FOLLOW: u64 = 1;
