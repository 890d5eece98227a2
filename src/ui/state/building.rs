//! Building: what is asked of the builder, how far it is, and what has come of it.

use super::board::{Board, Effect};
use super::console::Source;
use super::format;
use super::outcome::Tone;
use super::shared::Shared;
use crate::protocol::build::{
    Build, BuildEnd, BuildMode, BuildReport, BuildStep, Diagnostic, ProgramFile, Timed,
};

/// Bytes of what a tool or a test prints that are shown in the list; all of it is in the console.
const MOST_OUTPUT: usize = 64 << 10;

/// What a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// The module.
    Build,
    /// What `go test -v` says.
    Test,
    /// What `go vet` says.
    Vet,
    /// What `gofmt` makes of the files.
    Format,
}

/// How the last one ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BuildEnded {
    pub(crate) tone: Tone,
    pub(crate) text: String,
}

/// How far building is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Building {
    /// Whether the page has a toolchain.
    pub(crate) offered: bool,
    /// The version of the toolchain, once it is known.
    pub(crate) toolchain: Option<String>,
    /// Whether the files are formatted before they are built.
    pub(crate) formats: bool,
    /// What is under way.
    pub(crate) task: Option<Task>,
    /// Whether that is formatting, before they are built.
    is_first: bool,
    /// Whether it is being stopped.
    pub(crate) stopping: bool,
    /// Bytes of the toolchain that have come, and that are needed, while some are missing.
    pub(crate) fetching: Option<(u64, u64)>,
    /// Whether the toolchain is waited for, which is being made.
    awaits: bool,
    /// The steps, in order, with the microseconds that each took; the one that is under way has none yet.
    pub(crate) steps: Vec<(String, Option<u64>)>,
    /// How many there will be.
    pub(crate) of: u32,
    /// When the last one began, in microseconds since the beginning.
    step_began: u64,
    pub(crate) ended: Option<BuildEnded>,
    /// What tests have printed.
    pub(crate) output: String,
    /// Which of the plugins it is about: [`Board::plugins`].
    plugin: u32,
    /// Whether what is built is to be called.
    calls: bool,
    /// What is being built, or was built last.
    pub(super) files: Vec<ProgramFile>,
}

impl Building {
    /// Whether what was built is to be called once it is on the board.
    pub(super) fn calls(&self) -> bool {
        self.calls && self.task.is_none()
    }

    /// What is done now, in words.
    pub(crate) fn status(&self) -> Option<String> {
        self.task?;
        if self.stopping {
            return Some("stopping…".to_owned());
        }
        if let Some((done, total)) = self.fetching {
            let (done, total) = (format::bytes(done), format::bytes(total));
            return Some(format!("fetching Go's toolchain: {done} of {total}"));
        }
        if self.awaits {
            let text = "waiting for Go's toolchain, which make serve is making: a minute or two…";
            return Some(text.to_owned());
        }
        let step = self.steps.last().map(|(step, _)| step.as_str());
        let step = step.unwrap_or("starting the builder");
        Some(match self.of {
            0 => format!("{step}…"),
            of => format!("{step}… ({} of {of})", self.steps.len()),
        })
    }
}

/// What is done in a step.
fn words(step: &BuildStep) -> String {
    match step {
        BuildStep::Await => "waiting for Go's toolchain".to_owned(),
        BuildStep::Load(tool) => format!("loading {tool}"),
        BuildStep::Compile(package) => format!("compiling {package}"),
        BuildStep::Link => "linking".to_owned(),
        BuildStep::Test(package) => format!("testing {package}"),
        BuildStep::Vet(package) => format!("vetting {package}"),
        BuildStep::Format => "formatting".to_owned(),
    }
}

impl Board {
    /// The page has a toolchain; files are formatted before they are built, or not.
    pub(crate) fn offer_building(&mut self, formats: bool) {
        let building = self.building.make_mut();
        building.offered = true;
        building.formats = formats;
    }

    pub(crate) fn building(&self) -> &Shared<Building> {
        &self.building
    }

    /// Whether what there is to say of building is about the program on the board.
    pub(crate) fn builds_this(&self) -> bool {
        self.building.plugin == self.plugins
    }

    /// Whether there is something to build, and nothing is being built.
    pub(crate) fn can_build(&self) -> bool {
        self.building.offered && self.has_program() && self.building.task.is_none()
    }

    /// Whether the source has been edited since the module on the board was made of it, or there is none yet.
    pub(crate) fn is_source_newer(&self) -> bool {
        self.building.offered
            && self.has_program()
            && (self.is_unbuilt() || self.go_source().is_some_and(|source| source.is_edited()))
    }

    /// Whether there is Go to be built.
    fn has_program(&self) -> bool {
        let source = self.go_source();
        source.is_some_and(|source| source.dropped().any(|name| name.ends_with(".go")))
    }

    /// The module that is loading was built of `files`: it is the program's, whatever is in it.
    pub(super) fn expect_built(&mut self, files: &[ProgramFile]) {
        let files = files.iter();
        let text = |file: &ProgramFile| String::from_utf8_lossy(&file.contents).into_owned();
        let files = files.map(|file| (file.path.clone(), text(file))).collect();
        if let Some(loading) = &mut self.loading {
            loading.make_mut().built = Some(files);
        }
    }

    /// Asks the builder for something.
    pub(crate) fn build(&mut self, task: Task) -> Vec<Effect> {
        if !self.can_build() {
            return Vec::new();
        }
        let files = self.program();
        let building = self.building.make_mut();
        let formats = building.formats;
        let is_first = formats && task == Task::Build;
        *building = Building {
            offered: true,
            toolchain: building.toolchain.take(),
            formats,
            files: files.clone(),
            plugin: self.plugins,
            task: Some(task),
            is_first,
            ..Building::default()
        };
        self.set_diagnostics(Vec::new());
        vec![Effect::Build(match task {
            Task::Build if is_first => Build::Format { files },
            Task::Build => Build::Program { files },
            Task::Test => Build::Test { files },
            Task::Vet => Build::Vet { files },
            Task::Format => Build::Format { files },
        })]
    }

    /// Calls the export that is selected; builds first where the source is newer than the module.
    pub(crate) fn call_newest(&mut self) -> Vec<Effect> {
        if !self.is_source_newer() {
            return self.call();
        }
        let effects = self.build(Task::Build);
        self.building.make_mut().calls |= !effects.is_empty();
        effects
    }

    /// What was built is on the board, and its signatures are known: it is called if that was asked for.
    pub(super) fn call_what_was_built(&mut self) -> Option<Vec<Effect>> {
        self.building.calls().then(|| {
            self.building.make_mut().calls = false;
            self.call()
        })
    }

    /// Ends what is under way.
    pub(crate) fn stop_build(&mut self) -> Vec<Effect> {
        if self.building.task.is_none() {
            return Vec::new();
        }
        self.building.make_mut().stopping = true;
        vec![Effect::Build(Build::Stop)]
    }

    /// Takes in what the builder says.
    pub(crate) fn build_report(&mut self, Timed { micros, report }: Timed) -> Vec<Effect> {
        if self.building.task.is_none() {
            return Vec::new();
        }
        let building = self.building.make_mut();
        building.awaits = matches!(
            &report,
            BuildReport::Step {
                step: BuildStep::Await,
                ..
            }
        );
        match report {
            _ if building.awaits => {}
            BuildReport::Toolchain(version) => building.toolchain = Some(version),
            BuildReport::Fetching { done, total } => {
                building.fetching = (done < total).then_some((done, total));
            }
            BuildReport::Step { step, of, .. } => {
                building.end_step(micros);
                building.of = of;
                building.steps.push((words(&step), None));
            }
            // The compiler says the same again.
            BuildReport::Diagnostics(_) if building.is_first => {}
            BuildReport::Diagnostics(found) => {
                self.print_diagnostics(&found);
                let mut all = self.diagnostics().to_vec();
                all.extend(found);
                self.set_diagnostics(all);
            }
            BuildReport::Output(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                if building.output.len() < MOST_OUTPUT {
                    building.output.push_str(&text);
                }
                self.console.write(Source::Stdout, &bytes);
            }
            BuildReport::Formatted(file) => {
                // What was typed meanwhile stays.
                let sent = building.files.iter().find(|sent| sent.path == file.path);
                let sent = sent.map(|sent| sent.contents.clone()).unwrap_or_default();
                let now = self
                    .go_source()
                    .map_or("", |source| source.text(&file.path));
                if let (Ok(text), true) = (String::from_utf8(file.contents), now.as_bytes() == sent)
                {
                    self.edit_source(&file.path, &text);
                }
            }
            BuildReport::Ended(end) if building.is_first && end != BuildEnd::Stopped => {
                if let BuildEnd::Failed(why) = end {
                    self.say(Source::Alarm, &format!("not formatted: {why}"));
                }
                return self.build_formatted();
            }
            BuildReport::Ended(end) => {
                building.end_step(micros);
                return self.build_ended(end, micros);
            }
        }
        Vec::new()
    }

    /// The files are formatted, as far as they can be: now they are built.
    fn build_formatted(&mut self) -> Vec<Effect> {
        let files = self.program();
        let building = self.building.make_mut();
        building.is_first = false;
        building.steps.clear();
        building.step_began = 0;
        building.files.clone_from(&files);
        vec![Effect::Build(Build::Program { files })]
    }

    fn build_ended(&mut self, end: BuildEnd, micros: u64) -> Vec<Effect> {
        let building = self.building.make_mut();
        let task = building.task.take();
        building.stopping = false;
        building.fetching = None;
        let is_built = matches!(end, BuildEnd::Built { .. }) && building.plugin == self.plugins;
        building.calls &= is_built;
        let time = format::micros(micros);
        let (tone, text) = match end {
            BuildEnd::Built { mode, .. } => {
                let how = match mode {
                    BuildMode::Reactor => {
                        "a plugin: -buildmode=c-shared, since it exports functions"
                    }
                    BuildMode::Command => "a command: nothing has //go:wasmexport",
                };
                (Tone::Good, format!("built in {time}, as {how}"))
            }
            BuildEnd::Done => {
                let what = match task {
                    Some(Task::Test) => "tests passed",
                    Some(Task::Vet) => "nothing found",
                    Some(Task::Format) => "formatted",
                    Some(Task::Build) | None => "done",
                };
                (Tone::Good, format!("{what} in {time}"))
            }
            BuildEnd::Wrong => {
                let errors = self
                    .diagnostics()
                    .iter()
                    .filter(|it| !it.is_warning)
                    .count();
                let text = match (task, errors) {
                    (Some(Task::Test), 0) => "tests failed".to_owned(),
                    (Some(Task::Vet), _) => {
                        format::count(self.diagnostics().len() as u64, "warning")
                    }
                    (_, errors) => format::count(errors as u64, "error"),
                };
                (Tone::Bad, text)
            }
            BuildEnd::Failed(why) => (Tone::Bad, why),
            BuildEnd::Stopped => (Tone::Neutral, "stopped".to_owned()),
        };
        if tone == Tone::Bad {
            self.say(Source::Alarm, &format!("build: {text}"));
        }
        self.building.make_mut().ended = Some(BuildEnded { tone, text });
        if is_built {
            vec![Effect::TakeBuilt(self.module_name().to_owned())]
        } else {
            Vec::new()
        }
    }

    /// The builder is gone.
    pub(crate) fn builder_failed(&mut self, why: &str) {
        if self.building.task.is_none() {
            return;
        }
        let end = match self.building.stopping {
            true => BuildEnd::Stopped,
            false => BuildEnd::Failed(format!(
                "the builder has failed: {why}. Build again: it starts anew"
            )),
        };
        self.build_ended(end, 0);
    }

    /// Errors as Go prints them.
    fn print_diagnostics(&mut self, found: &[Diagnostic]) {
        for diagnostic in found {
            self.say(Source::Alarm, &printed(diagnostic));
        }
    }
}

/// A diagnostic as Go prints it: `./main.go:35:6: declared and not used: x`.
pub(crate) fn printed(diagnostic: &Diagnostic) -> String {
    let Diagnostic {
        file,
        line,
        column,
        message,
        ..
    } = diagnostic;
    match (&**file, line, column) {
        ("", ..) => message.clone(),
        (file, 0, _) => format!("./{file}: {message}"),
        (file, line, 0) => format!("./{file}:{line}: {message}"),
        (file, line, column) => format!("./{file}:{line}:{column}: {message}"),
    }
}

impl Building {
    /// The step that is under way has ended.
    fn end_step(&mut self, micros: u64) {
        if let Some((_, took)) = self.steps.last_mut() {
            *took = Some(micros.saturating_sub(self.step_began));
        }
        self.step_began = micros;
    }
}

#[cfg(test)]
mod tests;
