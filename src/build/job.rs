//! What was asked for, and how far it is: tasks, one after another, each a run of a tool.

use super::Builder;
use super::diagnostics;
use super::embed::Embed;
use super::graph::Package;
use super::index::{File, Index};
use super::lex::At;
use super::objects::Inputs;
use super::packages::diagnostic;
use super::plan::{self, EMBEDDED, IMPORTS, MODULE, OBJECTS, PROGRAM, Plan, STANDARD};
use super::tool::{End, Progress};
use crate::protocol::build::{Build, BuildEnd, BuildReport, BuildStep, Diagnostic, ProgramFile};
use crate::session::Next;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

const COMPILE: &str = "compile";
const LINK: &str = "link";

/// What was asked for.
#[derive(Debug)]
pub struct Job {
    ask: Build,
    plan: Option<Plan>,
    tasks: VecDeque<Task>,
    /// What runs, and what it makes an object of.
    running: Option<(Task, Inputs)>,
    number: u32,
    of: u32,
}

/// Something to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Load(&'static str),
    /// Compile the package at this place of the plan.
    Compile(usize),
    Link,
}

/// What a step has come to.
#[derive(Debug)]
pub enum Advance {
    /// It goes on, when this says.
    Going(Next),
    /// It has ended.
    Done(BuildEnd),
}

/// What is short of something else: it goes on when there is a file more.
const MISSING: Result<Advance, String> = Ok(Advance::Going(Next::Wait(None)));
const READY: Result<Advance, String> = Ok(Advance::Going(Next::Ready));

impl Job {
    /// A job; `None`: there is nothing to do.
    pub fn new(ask: Build) -> Option<Self> {
        (ask != Build::Stop).then(|| Self {
            ask,
            plan: None,
            tasks: VecDeque::new(),
            running: None,
            number: 0,
            of: 0,
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
        if self.plan.is_none() {
            return self.make_plan(builder, &index);
        }
        if let Some((task, inputs)) = self.running.take() {
            let Some(tool) = builder.tools.running() else {
                return Err("what was running is gone".to_owned());
            };
            let end = match tool.step(fuel) {
                Progress::Going(next) => {
                    self.running = Some((task, inputs));
                    return Ok(Advance::Going(next));
                }
                Progress::Loaded => End::Exited(0),
                Progress::Ended(end) => end,
            };
            let output = tool.take_output();
            builder.tools.rest();
            return self.ended(task, inputs, end, &output, builder, &index);
        }
        match self.tasks.front().copied() {
            None => Ok(Advance::Done(BuildEnd::Done)),
            Some(task) => self.begin(task, builder, &index),
        }
    }

    fn files(&self) -> &[ProgramFile] {
        match &self.ask {
            Build::Program { files }
            | Build::Test { files }
            | Build::Vet { files }
            | Build::Format { files } => files,
            Build::Stop => &[],
        }
    }

    fn make_plan(&mut self, builder: &mut Builder, index: &Rc<Index>) -> Result<Advance, String> {
        builder
            .reports
            .push(BuildReport::Toolchain(index.version.clone()));
        let plan = match Plan::new(self.files(), index) {
            Ok(plan) => plan,
            Err(wrong) => return Ok(wrong_with(wrong, builder)),
        };
        // In the order in which they are needed.
        let direct = plan
            .graph
            .packages
            .iter()
            .flat_map(|package| package.imports.iter().map(String::as_str));
        builder.toolchain.need_file(tool_file(COMPILE, index)?);
        plan::archives(direct, index).for_each(|file| builder.toolchain.need_file(file));
        builder.toolchain.need_file(tool_file(LINK, index)?);
        plan::archives(plan.standard(index), index)
            .for_each(|file| builder.toolchain.need_file(file));
        let load = |name| (!builder.tools.has(name)).then_some(Task::Load(name));
        self.tasks.extend(load(COMPILE));
        self.tasks
            .extend((0..plan.graph.packages.len()).map(Task::Compile));
        self.tasks.extend(load(LINK));
        self.tasks.push_back(Task::Link);
        self.of = u32::try_from(self.tasks.len()).unwrap_or(u32::MAX);
        let paths: Vec<String> = plan
            .graph
            .packages
            .iter()
            .map(|package| plan::object(&package.path))
            .collect();
        builder
            .objects
            .retain(|path| paths.iter().any(|one| one == path));
        self.plan = Some(plan);
        READY
    }

    /// Begins a task, if all is there that it needs.
    fn begin(
        &mut self,
        task: Task,
        builder: &mut Builder,
        index: &Rc<Index>,
    ) -> Result<Advance, String> {
        let begun = match task {
            Task::Load(name) => self.load(name, builder, index)?,
            Task::Compile(place) => self.compile(place, builder, index)?,
            Task::Link => self.link(builder, index)?,
        };
        match begun {
            Begun::Not => return MISSING,
            Begun::Runs(inputs) => self.running = Some((task, inputs)),
            Begun::Needless => self.number += 1,
        }
        self.tasks.pop_front();
        READY
    }

    /// Says that a step begins.
    fn tell(&mut self, step: BuildStep, builder: &mut Builder) {
        self.number += 1;
        builder.reports.push(BuildReport::Step {
            step,
            number: self.number,
            of: self.of,
        });
    }

    fn load(
        &mut self,
        name: &'static str,
        builder: &mut Builder,
        index: &Index,
    ) -> Result<Begun, String> {
        let file = tool_file(name, index)?;
        let Some(module) = builder.toolchain.get(&file.name) else {
            return Ok(Begun::Not);
        };
        self.tell(BuildStep::Load(name.to_owned()), builder);
        builder.tools.load(name, module.to_vec());
        Ok(Begun::Runs(Inputs::default()))
    }

    fn compile(
        &mut self,
        place: usize,
        builder: &mut Builder,
        index: &Index,
    ) -> Result<Begun, String> {
        let plan = self.plan.as_ref().ok_or(NO_PLAN)?;
        let package = plan.graph.packages.get(place).ok_or(NO_PLAN)?;
        let ours = package.imports.iter().filter_map(|path| {
            let object = builder.objects.get(&plan::object(path))?;
            Some((path.clone(), Rc::clone(&object.exports)))
        });
        let inputs = Inputs {
            args: plan.compile_args(package, index),
            files: self.inputs(package),
            imports: ours.collect(),
        };
        let path = plan::object(&package.path);
        if builder.objects.find(&path, &inputs).is_some() {
            return Ok(Begun::Needless);
        }
        let direct = package.imports.iter().map(String::as_str);
        if !put_archives(COMPILE, direct, builder, index)? {
            return Ok(Begun::Not);
        }
        put_objects(COMPILE, package.imports.iter(), builder)?;
        let tool = &mut builder.tools.get(COMPILE)?.tool;
        tool.remove(PROGRAM);
        for (path, contents) in &inputs.files {
            tool.put(&format!("{PROGRAM}/{path}"), contents.clone())?;
        }
        tool.put(IMPORTS, plan::compile_imports(package, index).into_bytes())?;
        if let Some(embed) = &package.embed {
            let folder = in_program(&package.folder);
            tool.put(EMBEDDED, embed.config(&folder).into_bytes())?;
        }
        // What it is written to has a folder that must be there.
        tool.put(&path, Vec::new())?;
        let args = inputs.args.clone();
        let step = BuildStep::Compile(package.path.clone());
        builder.tools.run(COMPILE, args, PROGRAM, Vec::new())?;
        self.tell(step, builder);
        Ok(Begun::Runs(inputs))
    }

    /// The files of a package, and those that it embeds.
    fn inputs(&self, package: &Package) -> Vec<(String, Vec<u8>)> {
        let prefix = if package.folder.is_empty() {
            String::new()
        } else {
            format!("{}/", package.folder)
        };
        let embedded = package.embed.iter().flat_map(Embed::files);
        let mut wanted: BTreeSet<String> = embedded.map(|file| format!("{prefix}{file}")).collect();
        wanted.extend(package.files.iter().cloned());
        let files = self
            .files()
            .iter()
            .filter(|file| wanted.contains(&file.path));
        files
            .map(|file| (file.path.clone(), file.contents.clone()))
            .collect()
    }

    fn link(&mut self, builder: &mut Builder, index: &Index) -> Result<Begun, String> {
        let plan = self.plan.as_ref().ok_or(NO_PLAN)?;
        let standard = plan.standard(index);
        if !put_archives(LINK, standard.into_iter(), builder, index)? {
            return Ok(Begun::Not);
        }
        let paths = plan.graph.packages.iter().map(|package| &package.path);
        put_objects(LINK, paths.clone(), builder)?;
        let bench = builder.tools.get(LINK)?;
        let wanted: BTreeSet<String> = paths.map(|path| plan::object(path)).collect();
        bench.forget(OBJECTS, |path| wanted.contains(path));
        bench
            .tool
            .put(IMPORTS, plan.link_imports(index).into_bytes())?;
        builder
            .tools
            .run(LINK, plan.link_args(index), PROGRAM, Vec::new())?;
        self.tell(BuildStep::Link, builder);
        Ok(Begun::Runs(Inputs::default()))
    }

    /// What has come of a task.
    fn ended(
        &mut self,
        task: Task,
        inputs: Inputs,
        end: End,
        output: &[u8],
        builder: &mut Builder,
        index: &Index,
    ) -> Result<Advance, String> {
        if let Task::Load(name) = task {
            let file = tool_file(name, index)?;
            builder.toolchain.consumed(&file.name);
        }
        match end {
            End::Broken(reason) => Err(broken(task, &reason)),
            End::Exited(0) => self.done(task, inputs, builder),
            End::Exited(code) => Ok(failed(task, code, output, builder)),
        }
    }

    /// A task has done what it is there for.
    fn done(
        &mut self,
        task: Task,
        inputs: Inputs,
        builder: &mut Builder,
    ) -> Result<Advance, String> {
        let plan = self.plan.as_ref().ok_or(NO_PLAN)?;
        match task {
            Task::Load(_) => READY,
            Task::Compile(place) => {
                let package = plan.graph.packages.get(place).ok_or(NO_PLAN)?;
                let path = plan::object(&package.path);
                let bench = builder.tools.get(COMPILE)?;
                let bytes = bench.tool.get(&path)?;
                builder.objects.insert(&path, inputs, bytes);
                let number = builder.objects.get(&path).map_or(0, |object| object.number);
                bench.has_made(&path, number);
                READY
            }
            Task::Link => {
                let tool = &mut builder.tools.get(LINK)?.tool;
                let module = tool.get(MODULE)?;
                tool.remove(MODULE);
                Ok(Advance::Done(BuildEnd::Built {
                    mode: plan.mode,
                    module,
                }))
            }
        }
    }
}

/// Whether a task has begun.
enum Begun {
    /// Files are missing.
    Not,
    Runs(Inputs),
    /// What it would do has been done.
    Needless,
}

const NO_PLAN: &str = "there is no plan";

/// A folder of the program, as the tools see it.
fn in_program(folder: &str) -> String {
    match folder {
        "" => PROGRAM.to_owned(),
        folder => format!("{PROGRAM}/{folder}"),
    }
}

/// Puts archives of the standard library where a tool finds them; whether all are there.
fn put_archives<'a>(
    tool: &str,
    paths: impl Iterator<Item = &'a str>,
    builder: &mut Builder,
    index: &'a Index,
) -> Result<bool, String> {
    let bench = builder.tools.get(tool)?;
    for file in plan::archives(paths, index) {
        let path = format!("{STANDARD}/{}", file.name);
        if bench.has(&path, 0) {
            continue;
        }
        let Some(bytes) = builder.toolchain.get(&file.name) else {
            return Ok(false);
        };
        bench.keep(&path, 0, &bytes)?;
    }
    Ok(true)
}

/// Puts what packages of the program were compiled to where a tool finds it.
fn put_objects<'a>(
    tool: &str,
    paths: impl Iterator<Item = &'a String>,
    builder: &mut Builder,
) -> Result<(), String> {
    let bench = builder.tools.get(tool)?;
    for path in paths.map(|path| plan::object(path)) {
        if let Some(object) = builder.objects.get(&path) {
            bench.keep(&path, object.number, &object.bytes)?;
        }
    }
    Ok(())
}

fn tool_file<'i>(name: &str, index: &'i Index) -> Result<&'i File, String> {
    index
        .tool(name)
        .ok_or_else(|| format!("the toolchain has no {name}: build it again"))
}

fn wrong_with(wrong: Vec<Diagnostic>, builder: &mut Builder) -> Advance {
    builder.reports.push(BuildReport::Diagnostics(wrong));
    Advance::Done(BuildEnd::Wrong)
}

/// A tool has found something wrong, or has failed itself.
fn failed(task: Task, code: u32, output: &[u8], builder: &mut Builder) -> Advance {
    let text = String::from_utf8_lossy(output);
    let crash = ["fatal error: ", "panic: ", "internal compiler error"];
    if let Some(line) = text
        .lines()
        .find(|line| crash.iter().any(|words| line.contains(words)))
    {
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
    wrong_with(wrong, builder)
}

/// Why a tool did not do what it is there for.
fn broken(task: Task, reason: &str) -> String {
    let name = name(task);
    match task {
        _ if ["out of memory", "cannot allocate memory", "asked for"]
            .iter()
            .any(|words| reason.contains(words)) =>
        {
            format!("{name} needs more memory than there is: make what is built smaller ({reason})")
        }
        Task::Load(_) => format!("{name} cannot be made ready: {reason}"),
        Task::Compile(_) | Task::Link => {
            format!("{name} failed by itself, which is no mistake in the source alone: {reason}")
        }
    }
}

/// What a task runs, in words.
fn name(task: Task) -> String {
    match task {
        Task::Load(name) => format!("Go's {name}"),
        Task::Compile(_) => "Go's compiler".to_owned(),
        Task::Link => "Go's linker".to_owned(),
    }
}
