//! All that the calls of one guest have in common.

use super::abi::FdFlags;
use super::fd_table::{Descriptor, Fd, FdTable, OpenDirectory};
use super::memory::Memory;
use super::stdio::{Input, Output, Outputs, Stdin, Stream};
use super::used::{Tally, Used};
use super::{Errno, Function, Interrupt, Wait};
use crate::vfs::{Base, Fs, InodeId, Quota, Timestamp, Tree};

/// What a guest gets from the world outside.
pub trait Host {
    /// The time of day, in nanoseconds since 1970.
    fn realtime(&self) -> u64;
    /// Nanoseconds since some moment that stays the same. It does not follow the time of day when that
    /// is set.
    fn monotonic(&self) -> u64;
    /// The same for whoever watches the guest: it is no reading, and moves no clock that moves when it
    /// is read.
    fn glance(&self) -> u64 {
        self.monotonic()
    }
    /// The smallest step that the clocks make, in nanoseconds.
    fn resolution(&self) -> u64;
    /// How long the guest has been computing, in nanoseconds.
    fn cpu_time(&self) -> u64 {
        self.monotonic()
    }
    /// Fills `buffer` with random bytes, however long it is.
    fn random(&mut self, buffer: &mut [u8]);
}

/// A directory that the guest finds open, from descriptor 3 on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preopen {
    /// The path that the guest knows it by.
    pub path: String,
    /// What is in it.
    pub tree: Tree,
    /// Whether the guest may not change anything below it.
    pub read_only: bool,
}

/// A preopen as it was set up: see [`Context::preopens`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreopenFd {
    /// The descriptor that the guest found it at.
    pub fd: Fd,
    /// The path that the guest knows it by.
    pub path: String,
    /// Whether the guest may not change anything below it.
    pub read_only: bool,
    /// Its root in [`Context::fs`].
    pub root: InodeId,
}

/// What a guest finds when it starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// The command line; the first is the program's name.
    pub args: Vec<String>,
    /// The environment: names and values.
    pub env: Vec<(String, String)>,
    /// Where stdin comes from.
    pub stdin: Stdin,
    /// Whether stdin, stdout and stderr report themselves as a terminal.
    pub terminal: bool,
    /// How many bytes may come out of stdout and stderr together.
    pub output_bytes: u64,
    /// The directories that it finds open, at descriptors 3, 4 and so on.
    pub preopens: Vec<Preopen>,
    /// How much the file system may hold.
    pub quota: Quota,
    /// How many descriptors may be open at a time.
    pub max_fds: usize,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            args: vec!["plugin.wasm".to_owned()],
            env: Vec::new(),
            stdin: Stdin::Empty,
            terminal: false,
            output_bytes: 16 << 20,
            preopens: Vec::new(),
            quota: Quota::default(),
            max_fds: 16_384,
        }
    }
}

/// The state of one guest's WASI.
pub struct Context {
    pub(super) args: Vec<Vec<u8>>,
    pub(super) environ: Vec<Vec<u8>>,
    pub(super) host: Box<dyn Host>,
    pub(super) fs: Fs,
    pub(super) fds: FdTable,
    pub(super) input: Input,
    pub(super) outputs: Outputs,
    pub(super) terminal: bool,
    pub(super) tally: Tally,
    preopens: Vec<PreopenFd>,
    last_monotonic: u64,
    pending: Option<Pending>,
}

/// A call that waits, and will be made again.
struct Pending {
    function: Function,
    args: Vec<u64>,
    began: Began,
}

/// When a call was first made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Began {
    pub monotonic: u64,
    pub cpu_time: u64,
}

impl Context {
    /// Sets up what `config` says.
    pub fn new(config: Config, host: Box<dyn Host>) -> Context {
        let fs = Fs::new(config.quota);
        Context::over(fs, config, host)
    }

    /// As [`Context::new`], over a file system that is there already: its quota holds.
    /// [`Context::mount`] opens more of it.
    pub fn over(fs: Fs, config: Config, host: Box<dyn Host>) -> Context {
        let mut context = Context {
            args: config.args.into_iter().map(String::into_bytes).collect(),
            environ: config
                .env
                .into_iter()
                .map(|(name, value)| format!("{name}={value}").into_bytes())
                .collect(),
            host,
            fs,
            fds: FdTable::new(config.max_fds),
            input: Input::new(config.stdin),
            outputs: Outputs::new(config.output_bytes),
            terminal: config.terminal,
            tally: Tally::default(),
            preopens: Vec::new(),
            last_monotonic: 0,
            pending: None,
        };
        let flags = FdFlags::default();
        context.fds.push(Descriptor::Stdin { flags });
        for stream in [Stream::Stdout, Stream::Stderr] {
            context.fds.push(Descriptor::Output { stream, flags });
        }
        for preopen in config.preopens {
            context.add_preopen(preopen);
        }
        context
    }

    /// Adds to what is on stdin. Ignored once it has ended.
    pub fn feed_stdin(&mut self, bytes: &[u8]) {
        self.input.feed(bytes);
    }

    /// Ends stdin: after what was fed comes the end of file.
    pub fn end_stdin(&mut self) {
        self.input.end();
    }

    /// Takes back [`Context::end_stdin`], where stdin is interactive: as a terminal's, it can be read on
    /// after its end.
    pub fn reopen_stdin(&mut self) {
        self.input.reopen();
    }

    /// Takes what has been written to stdout and stderr since the last time, in order.
    pub fn take_output(&mut self) -> Vec<Output> {
        self.outputs.take()
    }

    /// How many bytes [`Context::take_output`] would take.
    pub fn pending_output(&self) -> usize {
        self.outputs.pending()
    }

    /// Counts [`Config::output_bytes`] anew, as for the next call of a reactor.
    pub fn renew_output_limit(&mut self) {
        self.outputs.renew_limit();
    }

    /// Forgets the call that waits: it will not be made again.
    pub fn abandon_wait(&mut self) {
        self.pending = None;
    }

    /// The file system.
    pub fn fs(&self) -> &Fs {
        &self.fs
    }

    /// The file system, to change it behind the guest's back.
    pub fn fs_mut(&mut self) -> &mut Fs {
        &mut self.fs
    }

    /// The preopens as they were set up, whatever the guest has done to their descriptors.
    pub fn preopens(&self) -> &[PreopenFd] {
        &self.preopens
    }

    /// Lets the guest find the directory `root` of the file system open at the next descriptor.
    pub fn mount(&mut self, path: String, root: InodeId, read_only: bool) {
        // What is no inode is found to be none when it is used.
        let _ = self.fs.retain(root);
        let base = Base {
            directory: root,
            read_only,
        };
        let fd = self.fds.push(Descriptor::Directory(OpenDirectory {
            base,
            preopen: Some(path.clone()),
            named: None,
        }));
        self.preopens.push(PreopenFd {
            fd,
            path,
            read_only,
            root,
        });
    }

    /// Takes the file system away from a guest that will not run again.
    pub fn unmount(&mut self) -> Fs {
        let quota = self.fs.quota();
        let mut fs = std::mem::replace(&mut self.fs, Fs::new(quota));
        fs.release_all();
        fs
    }

    /// How many descriptors are open.
    pub fn open_fds(&self) -> usize {
        self.fds.len()
    }

    /// The time of day, to stamp files with.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.host.realtime())
    }

    /// What the guest has used so far.
    pub fn used(&self) -> &Used {
        &self.tally.used
    }

    /// Notes the paths of a call that is about to be made.
    pub(super) fn name_paths(&mut self, function: Function, args: &[u64], memory: &Memory<'_>) {
        self.tally.begin(function, args, memory, &self.fds);
    }

    /// Notes what a call has come to.
    pub(super) fn count(
        &mut self,
        function: Function,
        args: &[u64],
        errno: Errno,
        memory: &Memory<'_>,
    ) {
        self.tally.end(function, args, errno, memory, &self.fds);
    }

    fn add_preopen(&mut self, preopen: Preopen) {
        let now = self.now();
        let root = self.fs.create_root(now);
        // Neither can fail: the root has just been made.
        let _ = self.fs.add_tree(root, preopen.tree, now);
        self.mount(preopen.path, root, preopen.read_only);
    }

    /// [`Host::glance`].
    pub fn glance(&self) -> u64 {
        self.host.glance()
    }

    /// The monotonic clock, which not even a faulty host can set back.
    pub(super) fn monotonic(&mut self) -> u64 {
        self.last_monotonic = self.last_monotonic.max(self.host.monotonic());
        self.last_monotonic
    }

    /// Notes that a call is made: forgets the one that waits, unless this is it again.
    pub(super) fn begin(&mut self, function: Function, args: &[u64]) {
        if let Some(pending) = &self.pending
            && (pending.function != function || pending.args != args)
        {
            self.pending = None;
        }
        if self.pending.is_none()
            && matches!(function, Function::PollOneoff | Function::PollOneoff0)
        {
            let began = Began {
                monotonic: self.monotonic(),
                cpu_time: self.host.cpu_time(),
            };
            self.pending = Some(Pending {
                function,
                args: args.to_vec(),
                began,
            });
        }
    }

    /// When the call that is being made was first made.
    pub(super) fn began(&mut self) -> Began {
        match &self.pending {
            Some(pending) => pending.began,
            None => Began {
                monotonic: self.monotonic(),
                cpu_time: self.host.cpu_time(),
            },
        }
    }

    /// Where lookups from the directory `fd` start.
    ///
    /// # Errors
    /// [`Errno::Notdir`] if it is no directory, [`Errno::Badf`] if it is not open.
    pub(super) fn base(&self, fd: Fd) -> Result<Base, Errno> {
        Ok(self.fds.directory(fd)?.base)
    }

    /// What a read of stdin that finds nothing does.
    pub(super) fn wait_for_stdin(&self, flags: FdFlags) -> Interrupt {
        if flags.contains(FdFlags::NONBLOCK) {
            return Interrupt::Errno(Errno::Again);
        }
        Interrupt::Wait(Wait {
            until: None,
            stdin: true,
        })
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Context")
            .field("fds", &self.fds)
            .field("usage", &self.fs.usage())
            .finish_non_exhaustive()
    }
}
