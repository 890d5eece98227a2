//! Go programs built by Go's own compiler and linker as guests, from the toolchain's files that `make toolchain` makes: what
//! comes out is what Go makes of them natively.

mod adversaries;
mod native;
mod plans;
mod programs;
mod refusals;
mod samples;

use plugboard::build::{Builder, gunzip};
use plugboard::protocol::build::{
    Build, BuildEnd, BuildMode, BuildReport, Diagnostic, ProgramFile,
};
use plugboard::session::Next;
use plugboard::wasi;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Fuel of one step.
const SLICE: u64 = 5_000_000;

/// The toolchain's files.
pub fn toolchain() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/go")
}

struct Host(Instant);

impl wasi::Host for Host {
    fn realtime(&self) -> u64 {
        1_700_000_000_000_000_000 + self.monotonic()
    }

    fn monotonic(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).expect("no test takes that long") + 1
    }

    fn resolution(&self) -> u64 {
        1
    }

    fn random(&mut self, buffer: &mut [u8]) {
        buffer.fill(4);
    }
}

/// A builder whose toolchain is on this machine.
pub struct Workshop {
    pub builder: Builder,
    /// The names of the files that it has asked for, and their sizes.
    pub asked: Vec<(String, u64)>,
}

/// What came of something that was asked of a builder.
#[derive(Debug)]
pub struct Came {
    pub reports: Vec<BuildReport>,
}

impl Workshop {
    #[expect(
        clippy::disallowed_methods,
        reason = "native; a tool that runs for seconds is to see them pass"
    )]
    pub fn new() -> Self {
        let start = Instant::now();
        let builder = Builder::new(Box::new(move || Box::new(Host(start))));
        Self {
            builder,
            asked: Vec::new(),
        }
    }

    /// Asks for something, and waits until it has ended.
    #[track_caller]
    pub fn ask(&mut self, build: Build) -> Came {
        self.builder.handle(build);
        let mut reports = Vec::new();
        loop {
            self.fetch();
            let next = self.builder.step(SLICE);
            reports.extend(self.builder.take_reports());
            if next == Next::Idle {
                return Came { reports };
            }
        }
    }

    /// Gives what is wanted.
    #[track_caller]
    pub fn fetch(&mut self) {
        for wanted in self.builder.wanted() {
            let contents = read(&wanted.file);
            self.asked.push((wanted.file.clone(), wanted.size));
            self.builder.give(&wanted.file, Ok(contents));
        }
    }

    /// Steps until the end, while what is fetched of one tool is no module.
    #[track_caller]
    pub fn fetch_broken(&mut self, tool: &str) {
        loop {
            for wanted in self.builder.wanted() {
                let is_it = wanted.file.starts_with(tool);
                let contents = if is_it {
                    b"<html>".to_vec()
                } else {
                    read(&wanted.file)
                };
                self.builder.give(&wanted.file, Ok(contents));
            }
            if self.builder.step(SLICE) == Next::Idle {
                return;
            }
        }
    }

    #[track_caller]
    pub fn build(&mut self, files: &[(&str, &str)]) -> Came {
        self.ask(Build::Program {
            files: program(files),
        })
    }
}

/// A file of the toolchain, decompressed.
#[track_caller]
pub fn read(name: &str) -> Vec<u8> {
    let path = toolchain().join(name);
    let bytes = fs::read(&path);
    let bytes =
        bytes.unwrap_or_else(|error| panic!("{}: {error}: run make toolchain", path.display()));
    if !name.ends_with(".gz") {
        return bytes;
    }
    gunzip(&bytes).expect("it can be decompressed")
}

pub fn program(files: &[(&str, &str)]) -> Vec<ProgramFile> {
    let files = files.iter().map(|(path, contents)| ProgramFile {
        path: (*path).to_owned(),
        contents: contents.as_bytes().to_vec(),
    });
    files.collect()
}

impl Came {
    pub fn end(&self) -> &BuildEnd {
        match self.reports.last() {
            Some(BuildReport::Ended(end)) => end,
            _ => panic!("it has not ended: {:?}", self.reports),
        }
    }

    /// The module that was built.
    #[track_caller]
    pub fn module(&self) -> (BuildMode, &[u8]) {
        match self.end() {
            BuildEnd::Built { mode, module } => (*mode, module),
            end => panic!("{end:?}: {:?}", self.diagnostics()),
        }
    }

    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let reports = self.reports.iter();
        let found = reports.filter_map(|report| match report {
            BuildReport::Diagnostics(found) => Some(found.clone()),
            _ => None,
        });
        found.flatten().collect()
    }

    /// Each as Go prints it.
    pub fn printed(&self) -> Vec<String> {
        let found = self.diagnostics().into_iter();
        found
            .map(|one| format!("{}:{}:{}: {}", one.file, one.line, one.column, one.message))
            .collect()
    }

    /// The steps, in words.
    pub fn steps(&self) -> Vec<String> {
        let steps = self.reports.iter().filter_map(|report| match report {
            BuildReport::Step { step, .. } => Some(format!("{step:?}")),
            _ => None,
        });
        steps.collect()
    }

    pub fn output(&self) -> String {
        let printed = self.reports.iter().filter_map(|report| match report {
            BuildReport::Output(bytes) => Some(bytes.as_slice()),
            _ => None,
        });
        String::from_utf8_lossy(&printed.collect::<Vec<_>>().concat()).into_owned()
    }
}
