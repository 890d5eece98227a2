//! A module on the board: its validation, its program, its instance and how its imports are
//! answered.

mod engine;
mod hosted;
mod loading;

use self::loading::{Loading, depth, program};
use super::disk::Disk;
use crate::debug::twin::Twin;
use crate::engine::{Callee, Instance, Program, Socket};
use crate::go::{Signature, Source};
use crate::hosts::{self, Recognised};
use crate::module::{self, ExternType, Import, Info, Kind, Refusal, Validated, Validation};
use crate::protocol::{
    Allocator, Answer, Event, Inlined, InstanceState, Kept, Outcome, Provision, Settings, Stdin,
};
use crate::signatures::{Known, Readers};
use crate::vfs::{Fs, Timestamp};
use crate::wasi;
use litemap::LiteMap;
use std::rc::Rc;

/// A module on the board.
pub(super) struct Board {
    pub(super) info: Info,
    bytes: Rc<[u8]>,
    /// What is to be done before the module can run.
    loading: Option<Loading>,
    /// Kept for a program of another call depth, with the twin that runs in its place.
    module: Option<(Validated, Option<Twin>)>,
    /// What the module needs that the interpreter does not run.
    elsewhere: Option<String>,
    program: Option<Program>,
    instance: Option<Instance>,
    /// One for each import.
    sockets: Vec<Socket>,
    /// What the module is written for, if that can be seen, and the host that it runs with.
    recognised: Option<Recognised>,
    host: Option<hosts::Kind>,
    known: Known,
    /// By export: the signature that somebody chose.
    chosen: LiteMap<String, Signature>,
    /// What gives room for arguments; `None`: the usual one.
    pub(super) allocator: Option<Allocator>,
    /// Whether what the instance begins with, the `start` section, has not returned yet.
    section_due: bool,
    /// Whether the debug information has been read.
    debug_read: bool,
    state: InstanceState,
    /// Where a debugged instance stops, and whether it keeps which lines it has reached.
    breakpoints: Vec<u32>,
    inlined: Rc<[Inlined]>,
    /// What the frames of the next such twin keep.
    kept: Vec<Kept>,
    covers: bool,
    /// The imports that it stops before, and whether a call that traps is held there.
    held_imports: Vec<u32>,
    holds_traps: bool,
    /// Whether `_initialize` or `_start` has returned, or need not be called.
    started: bool,
}

impl std::fmt::Debug for Board {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Board")
            .field("name", &self.info.name)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Board {
    /// Reads `bytes`, the contents of the file `name`. It is validated afterwards, in steps.
    pub(super) fn read(name: &str, bytes: Vec<u8>) -> Result<Self, Refusal> {
        let mut info = module::read(name, &bytes)?;
        Known::default().tell(&mut info);
        let sockets = info.imports.iter().map(socket).collect();
        let bytes: Rc<[u8]> = bytes.into();
        let mut board = Self {
            info,
            loading: Some(Loading::Validation(Box::new(Validation::new(Rc::clone(
                &bytes,
            ))))),
            bytes,
            module: None,
            elsewhere: None,
            program: None,
            instance: None,
            sockets,
            recognised: None,
            host: None,
            known: Known::default(),
            chosen: LiteMap::new(),
            allocator: None,
            section_due: false,
            debug_read: false,
            state: InstanceState::Fresh,
            breakpoints: Vec::new(),
            inlined: Rc::new([]),
            kept: Vec::new(),
            covers: false,
            held_imports: Vec::new(),
            holds_traps: false,
            started: false,
        };
        board.recognise();
        Ok(board)
    }

    /// Reads the debug information, if there is some that has not been read.
    pub(super) fn read_debug(&mut self, readers: Readers) -> Option<Event> {
        if std::mem::replace(&mut self.debug_read, true) || !self.info.has_debug() {
            return None;
        }
        readers.dwarf(&mut self.known, &self.bytes);
        Some(self.tell_signatures())
    }

    /// Reads signatures from Go source, instead of that of before.
    pub(super) fn read_source(&mut self, files: &[(String, String)], readers: Readers) -> Event {
        readers.source(&mut self.known, files, &self.info);
        self.tell_signatures()
    }

    fn tell_signatures(&mut self) -> Event {
        let signatures = self.known.tell(&mut self.info);
        self.take_signatures();
        Event::Signatures(Box::new(signatures))
    }

    /// The Go signatures, from whoever has read them: those that do not fit are left out. An export of
    /// which none is left keeps what it had; an import that is missing is not known.
    pub(super) fn know(
        &mut self,
        exports: Vec<Vec<(Signature, Source)>>,
        imports: Vec<Option<(Signature, Source)>>,
    ) {
        let fits = |ty: &ExternType, signature: &Signature| {
            ty.func().is_some_and(|ty| ty.admits(signature).is_ok())
        };
        for (export, mut known) in self.info.exports.iter_mut().zip(exports) {
            known.retain(|(signature, _)| fits(&export.ty, signature));
            if !known.is_empty() {
                export.signatures = known;
            }
        }
        let mut imports = imports.into_iter();
        for import in &mut self.info.imports {
            let signature = imports.next().flatten();
            import.signature = signature.filter(|(signature, _)| fits(&import.ty, signature));
        }
        self.take_signatures();
    }

    /// Lets host functions call an export by this signature and no other; `None`: by those that are
    /// known. The text says why not.
    pub(super) fn choose(
        &mut self,
        export: &str,
        signature: Option<Signature>,
    ) -> Result<(), String> {
        let mut exports = self.info.exports.iter();
        let found = exports.find(|one| one.name == export);
        let ty = found.and_then(|found| found.ty.func());
        let ty = ty.ok_or_else(|| format!("the module exports no function {export}"))?;
        match signature {
            Some(signature) => {
                ty.admits(&signature)?;
                self.chosen.insert(export.to_owned(), signature);
            }
            None => {
                self.chosen.remove(export);
            }
        }
        Ok(())
    }

    /// What an export can be called by, the best first; `None` if there is no such function.
    pub(super) fn signatures_of(&self, export: &str) -> Option<Vec<(Signature, Source)>> {
        let mut exports = self.info.exports.iter();
        let found = exports.find(|one| one.name == export && one.ty.func().is_some())?;
        Some(match self.chosen.get(export) {
            Some(chosen) => vec![(chosen.clone(), Source::ByHand)],
            None => found.signatures.clone(),
        })
    }

    /// What gives room for arguments: what was chosen, or the usual one.
    pub(super) fn allocator(&self) -> Option<Allocator> {
        self.allocator
            .clone()
            .or_else(|| Allocator::usual(&self.info))
    }

    /// The export that is asked for room.
    pub(super) fn gives_room(&self) -> Option<String> {
        Some(self.allocator()?.allocates().to_owned())
    }

    /// Lets what answers the imports know the signatures that `info` has.
    fn take_signatures(&mut self) {
        let imports = self.info.imports.iter().zip(&mut self.sockets);
        for (index, (import, socket)) in imports.enumerate() {
            socket.signature = signature(import);
            if let Some(instance) = &mut self.instance {
                instance.set_signature(index, socket.signature.clone());
            }
        }
    }

    pub(super) fn state(&self) -> InstanceState {
        self.state
    }

    pub(super) fn started(&self) -> bool {
        self.started
    }

    pub(super) fn mark_started(&mut self) {
        self.started = true;
        if self.state == InstanceState::Fresh {
            self.state = InstanceState::Initialized;
        }
    }

    /// Whether the `start` section is still to be run.
    pub(super) fn section_due(&self) -> bool {
        self.section_due
    }

    /// The `start` section has returned.
    pub(super) fn section_done(&mut self) {
        self.section_due = false;
    }

    /// Whether the instance is none: its `start` section ended in the middle.
    pub(super) fn is_stillborn(&self) -> bool {
        self.section_due && self.state != InstanceState::Fresh
    }

    pub(super) fn instance(&self) -> Option<&Instance> {
        self.instance.as_ref()
    }

    pub(super) fn instance_mut(&mut self) -> Option<&mut Instance> {
        self.instance.as_mut()
    }

    /// Answers the import at place `index` otherwise from now on; the text says why that cannot be.
    pub(super) fn answer(&mut self, index: usize, answer: Answer) -> Result<(), String> {
        let (import, socket) = self.socket(index)?;
        match import.ty.func() {
            _ if import.is_wasi() => return Err(of(import, "WASI answers it")),
            Some(ty) => answer.fits(ty).map_err(|why| of(import, &why))?,
            None => return Err(of(import, "is no function")),
        }
        socket.answer = Some(answer.clone());
        if let Some(instance) = &mut self.instance {
            instance.answer(index, answer);
        }
        Ok(())
    }

    /// What stands in for the import at place `index` in the next instance; the text says why it
    /// cannot.
    pub(super) fn provide(&mut self, index: usize, provision: Provision) -> Result<(), String> {
        let (import, socket) = self.socket(index)?;
        provision.fits(&import.ty).map_err(|why| of(import, &why))?;
        socket.provision = Some(provision);
        Ok(())
    }

    /// How the import at place `index` is answered.
    pub(super) fn answer_of(&self, index: usize) -> Option<&Answer> {
        self.sockets.get(index)?.answer.as_ref()
    }

    /// What the arguments of the import at place `index` are read by.
    pub(super) fn signature(&self, index: usize) -> Option<Signature> {
        self.sockets.get(index)?.signature.clone()
    }

    /// What messages call the import at place `index`.
    pub(super) fn import_name(&self, index: usize) -> String {
        let import = self.info.imports.get(index);
        import.map_or_else(String::new, |import| {
            format!("{}.{}", import.module, import.name)
        })
    }

    fn socket(&mut self, index: usize) -> Result<(&Import, &mut Socket), String> {
        let import = self.info.imports.get(index);
        let socket = import.zip(self.sockets.get_mut(index));
        socket.ok_or_else(|| format!("the module has no import {index}"))
    }

    /// Makes an instance if there is none: it gets the disk, and the file system from `rest`.
    pub(super) fn ensure_instance(
        &mut self,
        settings: &Settings,
        stdin: wasi::Stdin,
        disk: &mut Disk,
        rest: &mut Fs,
        host: &dyn Fn() -> (Box<dyn wasi::Host>, Timestamp),
    ) -> Result<(), String> {
        if self.instance.is_some() {
            return Ok(());
        }
        let depth = depth(&settings.limits);
        if let Some(made) = &mut self.program
            && made.call_depth() != depth
            && !made.set_call_depth(depth)
            && let Some((module, twin)) = &self.module
        {
            let made = program(module, twin.as_ref(), &settings.limits);
            self.program = Some(made.map_err(|error| error.to_string())?);
        }
        let Some(program) = &self.program else {
            return Err("the module is not ready".to_owned());
        };
        let (host, now) = host();
        disk.prepare(&settings.preopens, rest, now)?;
        let quota = rest.quota();
        let fs = std::mem::replace(rest, Fs::new(quota));
        let mut context = wasi::Context::over(fs, wasi_config(settings, stdin), host);
        disk.mount(&mut context);
        match Instance::new(
            program,
            context,
            self.sockets.clone(),
            self.info.abi(),
            &settings.limits,
        ) {
            Ok(mut instance) => {
                if let Some(host) = self.host {
                    instance.set_host(host.make(&self.info), &settings.limits);
                }
                self.section_due = instance.has_start_section();
                self.instance = Some(instance);
                self.arm();
                Ok(())
            }
            Err((error, fs)) => {
                *rest = *fs;
                Err(error.to_string())
            }
        }
    }

    /// Drops an instance in which nothing has run, so that the next one sees new settings.
    pub(super) fn forget_fresh_instance(&mut self, rest: &mut Fs) {
        if self.state == InstanceState::Fresh {
            self.reset(rest);
        }
    }

    /// Drops the instance; the next call makes a fresh one. Its file system goes to `rest`.
    pub(super) fn reset(&mut self, rest: &mut Fs) {
        if let Some(mut instance) = self.instance.take() {
            *rest = instance.wasi_mut().unmount();
        }
        self.started = false;
        self.section_due = false;
        self.state = InstanceState::Fresh;
    }

    /// Whether it is a command whose instance has been used.
    pub(super) fn is_spent_command(&self) -> bool {
        self.info.kind == Kind::Command && self.state != InstanceState::Fresh
    }

    /// Takes in how a run ended.
    pub(super) fn after_run(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Exited(code) => self.state = InstanceState::Exited(*code),
            Outcome::Trapped(_) | Outcome::Stopped | Outcome::Limited(_) => {
                self.state = InstanceState::Broken;
            }
            Outcome::Returned { .. } => {
                if self.state == InstanceState::Fresh {
                    self.state = InstanceState::Initialized;
                }
            }
            Outcome::Refused(_) => {}
        }
    }
}

/// What an import is plugged into until something else is said.
fn socket(import: &Import) -> Socket {
    let answered = import.ty.func().filter(|_| !import.is_wasi());
    Socket {
        ty: import.ty.clone(),
        callee: Callee::of(import, None),
        answer: answered.map(|_| Answer::guess(import)),
        signature: signature(import),
        provision: None,
    }
}

/// What the arguments of an import are read by: its Go signature, or that of the numbers it takes.
fn signature(import: &Import) -> Option<Signature> {
    match &import.signature {
        Some((signature, _)) => Some(signature.clone()),
        None => Some(import.ty.func()?.numbers(&import.name)),
    }
}

/// A message about an import.
fn of(import: &Import, what: &str) -> String {
    format!("import {}.{}: {what}", import.module, import.name)
}

/// What WASI is set up with, but for the preopens.
fn wasi_config(settings: &Settings, stdin: wasi::Stdin) -> wasi::Config {
    wasi::Config {
        args: settings.args.clone(),
        env: settings.env.clone(),
        stdin,
        terminal: settings.terminal,
        output_bytes: settings.limits.output_bytes,
        ..wasi::Config::default()
    }
}

/// What stdin is set up with.
pub(super) fn stdin(settings: &Settings, file: &Rc<[u8]>) -> wasi::Stdin {
    match &settings.stdin {
        Stdin::Empty => wasi::Stdin::Empty,
        Stdin::Bytes(bytes) => wasi::Stdin::Bytes(bytes.as_slice().into()),
        Stdin::File => wasi::Stdin::Bytes(Rc::clone(file)),
        Stdin::Interactive => wasi::Stdin::Interactive,
    }
}
