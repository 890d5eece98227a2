//! From Go source to a module: what `go build` does, with Go's own compiler and linker as guests.
//!
//! Sans-IO, as a session is: a builder is asked for something, does it in steps, says which files of the toolchain it needs,
//! and reports. What has to be compiled is a pure plan; the tools run in sessions of their own.
//!
//! Must not know: the engine, the browser, where the toolchain's files come from.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

mod diagnostics;
mod embed;
mod go_mod;
mod graph;
mod gunzip;
mod header;
mod index;
mod job;
mod lex;
mod modules;
mod objects;
mod packages;
pub mod plan;
mod runs;
mod symbols;
mod test_plan;
mod tests_of;
mod tool;
mod toolchain;
mod tools;

pub use self::embed::Embed;
pub use self::go_mod::Version;
pub use self::graph::Package;
pub use self::gunzip::gunzip;
pub use self::index::{File, Index};
pub use self::toolchain::Wanted;

use self::job::{Advance, Job};
use self::objects::Objects;
use self::toolchain::Toolchain;
use self::tools::Tools;
use crate::engine::foreign;
use crate::protocol::build::{Build, BuildEnd, BuildReport};
use crate::session::Next;
use crate::wasi;
use std::rc::Rc;

/// What makes modules of Go source.
pub struct Builder {
    toolchain: Toolchain,
    tools: Tools,
    objects: Objects,
    job: Option<Job>,
    reports: Vec<BuildReport>,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("job", &self.job)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// One that has nothing yet; tools and tests get their clocks and their randomness from `hosts`.
    #[must_use]
    pub fn new(hosts: Box<dyn Fn() -> Box<dyn wasi::Host>>) -> Self {
        Self {
            toolchain: Toolchain::default(),
            tools: Tools::new(hosts.into()),
            objects: Objects::default(),
            job: None,
            reports: Vec::new(),
        }
    }

    /// Tools that are loaded from now on run in this engine, where it can run them.
    pub fn set_engine(&mut self, engine: Rc<dyn foreign::Engine>) {
        self.tools.set_engine(engine);
    }

    /// Whether a tool runs outside of this program: whoever drives the builder steps it when it is woken.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.tools.is_away()
    }

    /// Takes in what is asked for. It ends what is under way.
    pub fn handle(&mut self, build: Build) {
        if self.job.take().is_some() {
            self.tools.stop();
            self.reports.push(BuildReport::Ended(BuildEnd::Stopped));
        }
        // That something could not be had is told for what needed it.
        self.toolchain.take_failure();
        self.job = Job::new(build);
    }

    /// Goes on for about `fuel`, and says what the driver has to do next: `Wait` also while files of the toolchain are
    /// missing.
    pub fn step(&mut self, fuel: u64) -> Next {
        let Some(mut job) = self.job.take() else {
            return Next::Idle;
        };
        let advance = match self.toolchain.take_failure() {
            Some(reason) => Err(reason),
            None => job.advance(self, fuel),
        };
        let end = match advance {
            Ok(Advance::Going(next)) => {
                self.job = Some(job);
                return next;
            }
            Ok(Advance::Done(end)) => end,
            Err(reason) => BuildEnd::Failed(reason),
        };
        self.tools.stop();
        self.reports.push(BuildReport::Ended(end));
        Next::Idle
    }

    /// Files of the toolchain that are needed and have not been given, each asked for once, in the order in which they are
    /// needed. The first is `index.json`, which is not compressed.
    pub fn wanted(&mut self) -> Vec<Wanted> {
        self.toolchain.wanted()
    }

    /// Takes in a file as it is decompressed, or why it cannot be had, which ends what is under way.
    pub fn give(&mut self, file: &str, contents: Result<Vec<u8>, String>) {
        self.toolchain.give(file, contents);
    }

    /// The names of all files that there are, once the index has come, and once for each: others are of an older toolchain.
    pub fn names(&mut self) -> Option<Vec<String>> {
        let index = self.toolchain.new_index()?;
        Some(index.names().map(str::to_owned).collect())
    }

    /// What the package whose object has this name was compiled to last.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<&[u8]> {
        let object = self.objects.get(&plan::object(name))?;
        Some(&object.bytes)
    }

    /// Gives each tool at most so many pages of memory, of 64 KiB, from its next run on; at first it has as many as there can
    /// be.
    pub fn limit_memory(&mut self, pages: u64) {
        self.tools.limit_memory(pages);
    }

    /// What a monotonic clock shows, in nanoseconds: as [`Session::tell_time`](crate::session::Session::tell_time).
    pub fn tell_time(&mut self, nanos: u64) {
        self.tools.tell_time(nanos);
    }

    /// Fuel that all tools together have used.
    #[must_use]
    pub fn fuel_spent(&self) -> u64 {
        self.tools.fuel_spent()
    }

    /// What there is to say since this was last asked, in order.
    pub fn take_reports(&mut self) -> Vec<BuildReport> {
        std::mem::take(&mut self.reports)
    }
}
