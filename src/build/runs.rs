//! What each task puts onto a tool's disk, calls it with, and makes of what is there afterwards.

use super::Builder;
use super::embed::Embed;
use super::graph::Package;
use super::index::Index;
use super::job::{Advance, Begun, COMPILE, FORMAT, Job, LINK, READY, TEST, VET, tool_file};
use super::objects::Inputs;
use super::plan::{self, EMBEDDED, IMPORTS, MODULE, OBJECTS, PROGRAM, STANDARD};
use super::tool::End;
use crate::protocol::build::{BuildEnd, BuildReport, BuildStep, ProgramFile};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What says that a plan has been lost, which none is.
const NO_PLAN: &str = "the plan does not go that far";

/// Where vet finds what it is to do.
const VET_CONFIG: &str = "/vet.cfg";

impl Job {
    pub(super) fn load(
        &mut self,
        name: &'static str,
        builder: &mut Builder,
        index: &Index,
    ) -> Result<Begun, String> {
        let module = if name == TEST {
            std::mem::take(&mut self.module)
        } else {
            let file = tool_file(name, index)?;
            match builder.toolchain.get(&file.name) {
                Some(module) => module.to_vec(),
                None => return Ok(Begun::Not),
            }
        };
        builder.tools.load(name, module);
        Ok(Begun::Runs(
            Inputs::default(),
            BuildStep::Load(name.to_owned()),
        ))
    }

    pub(super) fn compile(
        &self,
        place: usize,
        builder: &mut Builder,
        index: &Index,
    ) -> Result<Begun, String> {
        let package = self.plan.packages.get(place).ok_or(NO_PLAN)?;
        let ours = package.imports.iter().filter_map(|path| {
            let object = plan::object(package.object_of(path));
            let object = builder.objects.get(&object)?;
            Some((path.clone(), Rc::clone(&object.exports)))
        });
        let inputs = Inputs {
            args: self.plan.compile_args(package, index),
            files: self.inputs(package),
            imports: ours.collect(),
        };
        let object = plan::object(&package.object);
        if builder.objects.find(&object, &inputs).is_some() {
            return Ok(Begun::Needless);
        }
        let direct = package.imports.iter().map(String::as_str);
        if !put_archives(COMPILE, direct, builder, index)? {
            return Ok(Begun::Not);
        }
        let imported = package.imports.iter().map(|path| package.object_of(path));
        put_objects(COMPILE, imported, builder)?;
        let tool = &mut builder.tools.get(COMPILE)?.tool;
        tool.remove(PROGRAM);
        for (path, contents) in &inputs.files {
            tool.put(&format!("{PROGRAM}/{path}"), contents.clone())?;
        }
        let imports = plan::compile_imports(package, index);
        tool.put(IMPORTS, imports.into_bytes())?;
        if let Some(embed) = &package.embed {
            let config = embed.config(&in_program(&package.folder));
            tool.put(EMBEDDED, config.into_bytes())?;
        }
        // What it is written to is to have a folder.
        tool.put(&object, Vec::new())?;
        let args = inputs.args.clone();
        builder.tools.run(COMPILE, args, PROGRAM, Vec::new())?;
        Ok(Begun::Runs(
            inputs,
            BuildStep::Compile(package.path.clone()),
        ))
    }

    /// The files of a package, and those that it embeds.
    fn inputs(&self, package: &Package) -> Vec<(String, Vec<u8>)> {
        let prefix = match package.folder.as_str() {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let embedded = package.embed.iter().flat_map(Embed::files);
        let mut wanted: BTreeSet<String> = embedded.map(|file| format!("{prefix}{file}")).collect();
        wanted.extend(package.files.iter().cloned());
        let files = self.files().iter();
        let files = files.filter(|file| wanted.contains(&file.path));
        let files = files.map(|file| (file.path.clone(), file.contents.clone()));
        let generated = package.generated.iter();
        let generated = generated.map(|(path, text)| (path.clone(), text.clone().into_bytes()));
        files.chain(generated).collect()
    }

    pub(super) fn compiled(
        &self,
        place: usize,
        inputs: Inputs,
        builder: &mut Builder,
    ) -> Result<Advance, String> {
        let package = self.plan.packages.get(place).ok_or(NO_PLAN)?;
        let path = plan::object(&package.object);
        let bench = builder.tools.get(COMPILE)?;
        let bytes = bench.tool.get(&path)?;
        let number = builder.objects.insert(&path, inputs, bytes);
        bench.has_made(&path, number);
        READY
    }

    pub(super) fn link(
        &self,
        place: usize,
        builder: &mut Builder,
        index: &Index,
    ) -> Result<Begun, String> {
        let program = self.plan.programs.get(place).ok_or(NO_PLAN)?;
        let standard = self.plan.standard(program, index);
        if !put_archives(LINK, standard.into_iter(), builder, index)? {
            return Ok(Begun::Not);
        }
        let objects = self
            .plan
            .packages_of(program)
            .map(|package| package.object.as_str());
        let objects: Vec<&str> = objects.collect();
        put_objects(LINK, objects.iter().copied(), builder)?;
        let bench = builder.tools.get(LINK)?;
        let wanted: BTreeSet<String> = objects.into_iter().map(plan::object).collect();
        bench.forget(OBJECTS, |path| wanted.contains(path));
        let imports = self.plan.link_imports(program, index);
        bench.tool.put(IMPORTS, imports.into_bytes())?;
        let args = self.plan.link_args(program, index);
        builder.tools.run(LINK, args, PROGRAM, Vec::new())?;
        Ok(Begun::Runs(Inputs::default(), BuildStep::Link))
    }

    pub(super) fn linked(
        &mut self,
        place: usize,
        builder: &mut Builder,
    ) -> Result<Advance, String> {
        let program = self.plan.programs.get(place).ok_or(NO_PLAN)?;
        let tool = &mut builder.tools.get(LINK)?.tool;
        let module = tool.get(MODULE)?;
        tool.remove(MODULE);
        if self.is_test() {
            self.module = module;
            return READY;
        }
        let mode = program.mode;
        Ok(Advance::Done(BuildEnd::Built { mode, module }))
    }

    /// The package whose tests a program of the plan runs.
    fn tested_package(&self, place: usize) -> Result<(String, String), String> {
        let program = self.plan.programs.get(place).ok_or(NO_PLAN)?;
        let main = self.plan.packages_of(program).last().ok_or(NO_PLAN)?;
        let path = main.path.strip_suffix(".test").unwrap_or(&main.path);
        Ok((path.to_owned(), main.folder.clone()))
    }

    pub(super) fn test(&self, place: usize, builder: &mut Builder) -> Result<Begun, String> {
        let (path, folder) = self.tested_package(place)?;
        let tool = &mut builder.tools.get(TEST)?.tool;
        for ProgramFile { path, contents } in self.files() {
            tool.put(&format!("{PROGRAM}/{path}"), contents.clone())?;
        }
        tool.make_directory("/tmp")?;
        // A person stops what takes too long.
        let args = ["-test.v", "-test.paniconexit0", "-test.timeout=0"];
        let args = args.map(str::to_owned).to_vec();
        builder
            .tools
            .run(TEST, args, &in_program(&folder), Vec::new())?;
        Ok(Begun::Runs(Inputs::default(), BuildStep::Test(path)))
    }

    pub(super) fn tested(
        &mut self,
        place: usize,
        end: &End,
        builder: &mut Builder,
    ) -> Result<Advance, String> {
        let (path, _) = self.tested_package(place)?;
        builder.tools.drop_tool(TEST);
        let text = match end {
            End::Exited(0) => format!("ok  \t{path}\n"),
            End::Exited(code) => format!("exit status {code}\nFAIL\t{path}\n"),
            End::Broken(reason) => format!("{reason}\nFAIL\t{path}\n"),
        };
        self.has_found |= *end != End::Exited(0);
        builder.reports.push(BuildReport::Output(text.into_bytes()));
        READY
    }

    pub(super) fn vet(
        &self,
        place: usize,
        builder: &mut Builder,
        index: &Index,
    ) -> Result<Begun, String> {
        let package = self.plan.packages.get(place).ok_or(NO_PLAN)?;
        let direct = package.imports.iter().map(String::as_str);
        if !put_archives(VET, direct, builder, index)? {
            return Ok(Begun::Not);
        }
        let imported = package.imports.iter().map(|path| package.object_of(path));
        put_objects(VET, imported, builder)?;
        let tool = &mut builder.tools.get(VET)?.tool;
        for (path, contents) in self.inputs(package) {
            tool.put(&format!("{PROGRAM}/{path}"), contents)?;
        }
        let config = vet_config(package, index).to_string();
        tool.put(VET_CONFIG, config.into_bytes())?;
        let args = vec![VET_CONFIG.to_owned()];
        builder.tools.run(VET, args, PROGRAM, Vec::new())?;
        Ok(Begun::Runs(
            Inputs::default(),
            BuildStep::Vet(package.path.clone()),
        ))
    }

    pub(super) fn format(&self, place: usize, builder: &mut Builder) -> Result<Begun, String> {
        let file = self.files().get(place).ok_or(NO_PLAN)?;
        let tool = &mut builder.tools.get(FORMAT)?.tool;
        tool.remove(PROGRAM);
        let path = format!("{PROGRAM}/{}", file.path);
        tool.put(&path, file.contents.clone())?;
        builder.tools.run(FORMAT, vec![path], PROGRAM, Vec::new())?;
        Ok(Begun::Runs(Inputs::default(), BuildStep::Format))
    }

    pub(super) fn formatted(
        &self,
        place: usize,
        contents: Vec<u8>,
        builder: &mut Builder,
    ) -> Result<Advance, String> {
        let file = self.files().get(place).ok_or(NO_PLAN)?;
        if file.contents != contents {
            let path = file.path.clone();
            let file = ProgramFile { path, contents };
            builder.reports.push(BuildReport::Formatted(file));
        }
        READY
    }
}

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
    names: impl Iterator<Item = &'a str>,
    builder: &mut Builder,
) -> Result<(), String> {
    let bench = builder.tools.get(tool)?;
    for path in names.map(plan::object) {
        if let Some(object) = builder.objects.get(&path) {
            bench.keep(&path, object.number, &object.bytes)?;
        }
    }
    Ok(())
}

/// What vet is to do, as `go vet` tells it.
fn vet_config(package: &Package, index: &Index) -> Value {
    // It has no archive, and is in no list of what a package imports.
    let unsafe_ = ("unsafe".to_owned(), Value::from("unsafe"));
    let mut map: Map<String, Value> = [unsafe_].into_iter().collect();
    let mut files = Map::new();
    let mut standard = Map::new();
    for path in &package.imports {
        map.insert(path.clone(), Value::from(path.as_str()));
        let file = match index.package(path) {
            None => Some(plan::object(package.object_of(path))),
            Some(found) => {
                standard.insert(path.clone(), Value::from(true));
                let archive = found.archive.as_ref();
                archive.map(|archive| format!("{STANDARD}/{}", archive.name))
            }
        };
        files.extend(file.map(|file| (path.clone(), Value::from(file))));
    }
    let language = package.language.unwrap_or(index.language());
    let sources: Vec<String> = package
        .files
        .iter()
        .map(|file| format!("{PROGRAM}/{file}"))
        .collect();
    json!({
        "ID": package.path,
        "Compiler": "gc",
        "Dir": in_program(&package.folder),
        "ImportPath": package.path,
        "GoFiles": sources,
        "ImportMap": map,
        "PackageFile": files,
        "Standard": standard,
        "PackageVetx": {},
        "VetxOnly": false,
        "VetxOutput": "/vet.out",
        "GoVersion": format!("go{language}"),
    })
}
