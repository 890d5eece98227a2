//! What was asked for, and how far it is: tasks, one after another, each a run of a tool.

use super::graph::Package;
use super::index::{File, Index};
use super::lex::At;
use super::objects::Inputs;
use super::packages::diagnostic;
use super::plan::{self, Plan};
use super::tool::{End, Progress};
use super::{Builder, diagnostics, symbols};
use crate::protocol::build::{Build, BuildEnd, BuildReport, BuildStep, Diagnostic, ProgramFile};
use crate::session::Next;
use std::collections::{BTreeSet, VecDeque};

pub(super) const COMPILE: &str = "compile";
pub(super) const LINK: &str = "link";
pub(super) const FORMAT: &str = "gofmt";
pub(super) const VET: &str = "vet";
/// The tests of a package, which are run as a tool is.
pub(super) const TEST: &str = "test";

/// Characters at most of what a tool says last.
const MOST_REASON: usize = 300;

/// What was asked for.
#[derive(Debug)]
pub struct Job {
    ask: Build,
    is_planned: bool,
    pub(super) plan: Plan,
    tasks: VecDeque<Task>,
    /// What runs, and what it makes an object of.
    running: Option<(Task, Inputs)>,
    number: u32,
    of: u32,
    /// The module that was linked, for tests.
    pub(super) module: Vec<u8>,
    /// Whether a test has failed, or something was found.
    pub(super) has_found: bool,
}

/// Something to be done. What is a place is one in the plan, or among the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    Load(&'static str),
    Compile(usize),
    Link(usize),
    Test(usize),
    Vet(usize),
    Format(usize),
}

/// Whether a task has begun.
pub(super) enum Begun {
    /// Files are missing.
    Not,
    Runs(Inputs, BuildStep),
    /// What it would do has been done.
    Needless,
}

/// What a step has come to.
#[derive(Debug)]
pub enum Advance {
    /// It goes on, when this says.
    Going(Next),
    /// It has ended.
    Done(BuildEnd),
}

/// It goes on when there is a file more.
const MISSING: Result<Advance, String> = Ok(Advance::Going(Next::Wait(None)));
pub(super) const READY: Result<Advance, String> = Ok(Advance::Going(Next::Ready));

impl Job {
    /// A job; `None`: there is nothing to do.
    pub fn new(ask: Build) -> Option<Self> {
        (ask != Build::Stop).then(|| Self {
            ask,
            is_planned: false,
            plan: Plan::default(),
            tasks: VecDeque::new(),
            running: None,
            number: 0,
            of: 0,
            module: Vec::new(),
            has_found: false,
        })
    }

    /// Goes on for about `fuel`.
    ///
    /// # Errors
    ///
    /// Says why it cannot be done.
    pub fn advance(&mut self, builder: &mut Builder, fuel: u64) -> Result<Advance, String> {
        let Some(index) = builder.toolchain.index() else {
            return MISSING;
        };
        if !self.is_planned {
            self.is_planned = true;
            let version = index.version.clone();
            builder.reports.push(BuildReport::Toolchain(version));
            return match self.make_plan(builder, &index)? {
                Ok(()) => READY,
                Err(wrong) => Ok(wrong_with(wrong, builder)),
            };
        }
        if let Some((task, inputs)) = self.running.take() {
            return self.go_on(task, inputs, builder, &index, fuel);
        }
        match self.tasks.front().copied() {
            Some(task) => self.begin(task, builder, &index),
            None if self.has_found => Ok(Advance::Done(BuildEnd::Wrong)),
            None => Ok(Advance::Done(BuildEnd::Done)),
        }
    }

    /// The program's files.
    pub(super) fn files(&self) -> &[ProgramFile] {
        match &self.ask {
            Build::Program { files }
            | Build::Test { files }
            | Build::Vet { files }
            | Build::Format { files } => files,
            Build::Stop => &[],
        }
    }

    /// Whether tests are to be run.
    pub(super) fn is_test(&self) -> bool {
        matches!(self.ask, Build::Test { .. })
    }

    /// Plans what is to be done, and asks for the files that it needs, in the order in which it needs them.
    fn make_plan(
        &mut self,
        builder: &mut Builder,
        index: &Index,
    ) -> Result<Result<(), Vec<Diagnostic>>, String> {
        let plan = match &self.ask {
            Build::Program { files } => Plan::new(files, index),
            Build::Vet { files } => Plan::vet(files, index),
            Build::Test { files } => Plan::tests(files, index),
            Build::Format { .. } | Build::Stop => Ok(Plan::default()),
        };
        match plan {
            Ok(plan) => self.plan = plan,
            Err(wrong) => return Ok(Err(wrong)),
        }
        if matches!(self.ask, Build::Format { .. }) {
            self.tasks.push_back(Task::Load(FORMAT));
            let files = self.files().iter().enumerate();
            let files = files.filter(|(_, file)| file.path.ends_with(".go"));
            let tasks: Vec<Task> = files.map(|(place, _)| Task::Format(place)).collect();
            self.tasks.extend(tasks);
        } else {
            self.plan_build();
        }
        self.tasks.retain(|task| match task {
            Task::Load(name) => !builder.tools.has(name) || *name == TEST,
            _ => true,
        });
        self.of = u32::try_from(self.tasks.len()).unwrap_or(u32::MAX);
        for task in &self.tasks {
            self.need(*task, builder, index)?;
        }
        let objects: BTreeSet<String> = self
            .plan
            .packages
            .iter()
            .map(|package| plan::object(&package.object))
            .collect();
        if matches!(self.ask, Build::Program { .. }) {
            builder.objects.retain(|path| objects.contains(path));
        }
        Ok(Ok(()))
    }

    fn plan_build(&mut self) {
        let places = 0..self.plan.packages.len();
        self.tasks.push_back(Task::Load(COMPILE));
        self.tasks.extend(places.clone().map(Task::Compile));
        match &self.ask {
            Build::Vet { .. } => {
                self.tasks.push_back(Task::Load(VET));
                self.tasks
                    .extend(self.plan.vetted.iter().copied().map(Task::Vet));
            }
            _ => {
                self.tasks.push_back(Task::Load(LINK));
                for place in 0..self.plan.programs.len() {
                    self.tasks.push_back(Task::Link(place));
                    if self.is_test() {
                        self.tasks.extend([Task::Load(TEST), Task::Test(place)]);
                    }
                }
            }
        }
    }

    /// Asks for the files that a task needs.
    fn need(&self, task: Task, builder: &mut Builder, index: &Index) -> Result<(), String> {
        let archives: Vec<&str> = match task {
            Task::Load(TEST) | Task::Test(_) | Task::Vet(_) | Task::Format(_) => Vec::new(),
            Task::Load(name) => {
                builder.toolchain.need_file(tool_file(name, index)?);
                Vec::new()
            }
            Task::Compile(place) => {
                let package = self.plan.packages.get(place);
                package
                    .into_iter()
                    .flat_map(|package| package.imports.iter().map(String::as_str))
                    .collect()
            }
            Task::Link(place) => {
                let program = self.plan.programs.get(place);
                program
                    .into_iter()
                    .flat_map(|program| self.plan.standard(program, index))
                    .collect()
            }
        };
        plan::archives(archives, index).for_each(|file| builder.toolchain.need_file(file));
        Ok(())
    }

    /// Begins a task, if all is there that it needs.
    fn begin(
        &mut self,
        task: Task,
        builder: &mut Builder,
        index: &Index,
    ) -> Result<Advance, String> {
        let begun = match task {
            Task::Load(name) => self.load(name, builder, index)?,
            Task::Compile(place) => self.compile(place, builder, index)?,
            Task::Link(place) => self.link(place, builder, index)?,
            Task::Test(place) => self.test(place, builder)?,
            Task::Vet(place) => self.vet(place, builder, index)?,
            Task::Format(place) => self.format(place, builder)?,
        };
        if let Begun::Not = begun {
            return MISSING;
        }
        self.number += 1;
        self.tasks.pop_front();
        if let Begun::Runs(inputs, step) = begun {
            let (number, of) = (self.number, self.of);
            builder.reports.push(BuildReport::Step { step, number, of });
            self.running = Some((task, inputs));
        }
        READY
    }

    fn go_on(
        &mut self,
        task: Task,
        inputs: Inputs,
        builder: &mut Builder,
        index: &Index,
        fuel: u64,
    ) -> Result<Advance, String> {
        let Some(tool) = builder.tools.running() else {
            return Err("what was running is gone".to_owned());
        };
        let progress = tool.step(fuel);
        if let Task::Test(_) = task {
            // What tests print is told as it comes.
            let output = tool.take_output();
            if !output.is_empty() {
                builder.reports.push(BuildReport::Output(output));
            }
        }
        let end = match progress {
            Progress::Going(next) => {
                self.running = Some((task, inputs));
                return Ok(Advance::Going(next));
            }
            Progress::Loaded => End::Exited(0),
            Progress::Ended(end) => end,
        };
        let output = tool.take_output();
        builder.tools.rest();
        self.ended(task, inputs, end, output, builder, index)
    }

    /// What has come of a task.
    fn ended(
        &mut self,
        task: Task,
        inputs: Inputs,
        end: End,
        output: Vec<u8>,
        builder: &mut Builder,
        index: &Index,
    ) -> Result<Advance, String> {
        match (task, end) {
            (Task::Test(place), end) => self.tested(place, &end, builder),
            (Task::Load(name), End::Broken(reason)) if name != TEST => {
                // What was fetched is no module: it is fetched again when it is needed again.
                builder.tools.drop_tool(name);
                builder.toolchain.forget(&tool_file(name, index)?.name);
                Err(broken(task, &reason))
            }
            (_, End::Broken(reason)) => Err(broken(task, &reason)),
            (Task::Load(TEST), _) => READY,
            (Task::Load(name), _) => {
                let file = tool_file(name, index)?;
                builder.toolchain.consumed(&file.name);
                READY
            }
            (Task::Compile(place), End::Exited(0)) => self.compiled(place, inputs, builder),
            (Task::Link(place), End::Exited(0)) => self.linked(place, builder),
            (Task::Vet(_), End::Exited(0)) => READY,
            (Task::Vet(_), End::Exited(1)) => {
                self.has_found = true;
                let mut found = diagnostics::read(&output);
                found.iter_mut().for_each(|one| one.is_warning = true);
                builder.reports.push(BuildReport::Diagnostics(found));
                READY
            }
            (Task::Format(place), End::Exited(0)) => self.formatted(place, output, builder),
            (Task::Format(_), End::Exited(2)) => {
                // One file that cannot be read does not keep the others from being formatted.
                self.has_found = true;
                let found = diagnostics::read(&output);
                builder.reports.push(BuildReport::Diagnostics(found));
                READY
            }
            (_, End::Exited(code)) => Ok(self.failed(task, code, &output, builder)),
        }
    }

    /// A tool has found something wrong, or has failed itself.
    fn failed(&self, task: Task, code: u32, output: &[u8], builder: &mut Builder) -> Advance {
        let text = String::from_utf8_lossy(output);
        // As Go's runtime and its compiler begin such lines.
        let crashed = |line: &&str| {
            line.starts_with("fatal error: ")
                || line.starts_with("panic: ")
                || line.contains(": internal compiler error: ")
        };
        if let Some(line) = text.lines().find(crashed) {
            let reason = broken(task, line);
            builder.reports.push(BuildReport::Output(output.to_vec()));
            return Advance::Done(BuildEnd::Failed(reason));
        }
        let mut wrong = diagnostics::read(output);
        if wrong.is_empty() {
            let message = format!(
                "{} ended with exit code {code} and said nothing",
                name(task)
            );
            wrong.push(diagnostic("", At::default(), message));
        }
        if let Task::Compile(place) = task
            && let Some(package) = self.plan.packages.get(place)
        {
            for one in &mut wrong {
                if let Some(file) = self.plan.untrimmed(package, &one.file) {
                    one.file = file.to_owned();
                }
            }
        }
        if let Task::Link(place) = task
            && let Some(program) = self.plan.programs.get(place)
        {
            let packages: Vec<&Package> = self.plan.packages_of(program).collect();
            symbols::locate(&mut wrong, &packages, self.files());
        }
        wrong_with(wrong, builder)
    }
}

pub(super) fn tool_file<'i>(name: &str, index: &'i Index) -> Result<&'i File, String> {
    index
        .tool(name)
        .ok_or_else(|| format!("the toolchain has no {name}: build it again"))
}

fn wrong_with(wrong: Vec<Diagnostic>, builder: &mut Builder) -> Advance {
    builder.reports.push(BuildReport::Diagnostics(wrong));
    Advance::Done(BuildEnd::Wrong)
}

/// Why a tool did not do what it is there for.
fn broken(task: Task, reason: &str) -> String {
    let name = name(task);
    // Where a limit is set says nothing here: nobody can set these.
    let reason = reason.split(" (Settings").next().unwrap_or(reason);
    // A type that the compiler names may be of any length.
    let reason = match reason.char_indices().nth(MOST_REASON) {
        Some((end, _)) => format!("{}…", reason.get(..end).unwrap_or_default()),
        None => reason.to_owned(),
    };
    let memory = ["out of memory", "cannot allocate memory", "asked for"];
    match task {
        _ if memory.iter().any(|words| reason.contains(words)) => {
            format!("{name} needs more memory than there is: make what is built smaller ({reason})")
        }
        Task::Load(_) => format!("{name} cannot be made ready: {reason}"),
        _ => format!("{name} failed: {reason}"),
    }
}

/// What a task runs, in words.
fn name(task: Task) -> String {
    match task {
        Task::Load(TEST) | Task::Test(_) => "the program of the tests".to_owned(),
        Task::Load(name) => format!("Go's {name}"),
        Task::Compile(_) => "Go's compiler".to_owned(),
        Task::Link(_) => "Go's linker".to_owned(),
        Task::Vet(_) => "Go's vet".to_owned(),
        Task::Format(_) => "gofmt".to_owned(),
    }
}
