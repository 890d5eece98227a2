//! A module on the board: its validation, its program, its instance and how its imports are
//! answered.

use super::disk::Disk;
use crate::engine::{Instance, Program};
use crate::module::{self, Info, Kind, Refusal, Validation};
use crate::protocol::{Allocator, Answer, Event, InstanceState, Outcome, Settings};
use crate::signatures::{Known, Readers};
use crate::vfs::{Fs, Timestamp};
use crate::wasi;
use std::rc::Rc;

/// A module on the board.
pub(super) struct Board {
    pub(super) info: Info,
    bytes: Rc<[u8]>,
    validation: Option<Validation>,
    program: Option<Program>,
    instance: Option<Instance>,
    answers: Vec<Option<Answer>>,
    known: Known,
    /// What gives room for arguments; `None`: the usual one.
    pub(super) allocator: Option<Allocator>,
    /// Whether the debug information has been read.
    debug_read: bool,
    state: InstanceState,
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
        let answers = info
            .imports
            .iter()
            .map(|import| {
                let answered = import.ty.func().filter(|_| !import.is_wasi());
                answered.map(Answer::guess)
            })
            .collect();
        let bytes: Rc<[u8]> = bytes.into();
        Ok(Self {
            info,
            validation: Some(Validation::new(Rc::clone(&bytes))),
            bytes,
            program: None,
            instance: None,
            answers,
            known: Known::default(),
            allocator: None,
            debug_read: false,
            state: InstanceState::Fresh,
            started: false,
        })
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
        Event::Signatures(Box::new(self.known.tell(&mut self.info)))
    }

    pub(super) fn is_validating(&self) -> bool {
        self.validation.is_some()
    }

    /// Validates about `bytes` bytes more.
    pub(super) fn validate(&mut self, bytes: usize) -> Result<Event, Refusal> {
        let progress = Event::Validating {
            done: self.info.size,
            total: self.info.size,
        };
        let Some(validation) = &mut self.validation else {
            return Ok(progress);
        };
        let Some(module) = validation.step(bytes)? else {
            return Ok(Event::Validating {
                done: validation.done(),
                total: self.info.size,
            });
        };
        self.validation = None;
        self.program = Some(Program::new(&module)?);
        // The engine keeps what it needs of them.
        self.bytes = Rc::new([]);
        Ok(Event::Ready {
            answers: self.answers.clone(),
        })
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

    pub(super) fn instance(&self) -> Option<&Instance> {
        self.instance.as_ref()
    }

    pub(super) fn instance_mut(&mut self) -> Option<&mut Instance> {
        self.instance.as_mut()
    }

    /// Answers the import at place `index` otherwise from now on. WASI's stay WASI's.
    pub(super) fn answer(&mut self, index: usize, answer: Answer) {
        if let Some(Some(current)) = self.answers.get_mut(index) {
            current.clone_from(&answer);
            if let Some(instance) = &mut self.instance {
                instance.answer(index, answer);
            }
        }
    }

    /// Makes an instance if there is none: it gets the disk, and the file system from `rest`.
    pub(super) fn ensure_instance(
        &mut self,
        settings: &Settings,
        stdin: wasi::Stdin,
        disk: &mut Disk,
        rest: &mut Fs,
        hosts: &dyn Fn() -> Box<dyn wasi::Host>,
    ) -> Result<(), String> {
        if self.instance.is_some() {
            return Ok(());
        }
        let Some(program) = &self.program else {
            return Err("the module is not ready".to_owned());
        };
        let host = hosts();
        disk.prepare(&settings.preopens, rest, Timestamp(host.realtime()))?;
        let quota = rest.quota();
        let fs = std::mem::replace(rest, Fs::new(quota));
        let mut context = wasi::Context::over(fs, wasi_config(settings, stdin), host);
        disk.mount(&mut context);
        match Instance::new(program, context, self.answers.clone(), &settings.limits) {
            Ok(instance) => {
                self.instance = Some(instance);
                Ok(())
            }
            Err((error, mut context)) => {
                *rest = context.unmount();
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
