//! The plan of a build: which packages are compiled, in which order, and what the tools are called with. As `go build -n
//! -trimpath` shows it, but for its folders.

use super::go_mod::{GoMod, Version};
use super::graph::{Package, Resolver};
use super::index::{Index, Package as Standard};
use super::lex::At;
use super::packages::{Files, Folder, Source, diagnostic};
use crate::protocol::build::{BuildMode, Diagnostic, ProgramFile};
use std::collections::{BTreeMap, BTreeSet};

/// Where the tools find the program.
pub const PROGRAM: &str = "/.program";
/// Where they find the standard library's archives.
pub const STANDARD: &str = "/std";
/// Where they find and put what the program's packages are compiled to.
pub const OBJECTS: &str = "/o";
/// What lists the archives of what is imported.
pub const IMPORTS: &str = "/importcfg";
/// What lists the files that are embedded.
pub const EMBEDDED: &str = "/embedcfg";
/// The module.
pub const MODULE: &str = "/o/module.wasm";

/// The plan of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What go.mod says, or what stands for it.
    pub go_mod: GoMod,
    /// The packages that are compiled, each behind those that it imports.
    pub packages: Vec<Package>,
    /// What is linked, in order.
    pub programs: Vec<Program>,
    /// The places of the packages that are looked through.
    pub vetted: Vec<usize>,
}

/// Something that is linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The places of its packages in the plan; the last is its main package.
    pub packages: Vec<usize>,
    /// What the linker makes.
    pub mode: BuildMode,
}

impl Plan {
    /// The plan for making a module of a program.
    ///
    /// # Errors
    ///
    /// What is wrong with the program.
    pub fn new(program: &[ProgramFile], index: &Index) -> Result<Self, Vec<Diagnostic>> {
        let files = Files::new(program, index)?;
        let (folder, read) = main_package(&files)?;
        let mut resolver = Resolver::new(&files, index);
        let sources: Vec<&Source> = read.files.iter().collect();
        let mut package = resolver.add(folder, &read, &sources);
        package.is_program = true;
        resolver.push(package);
        let packages = resolver.finish()?;
        let exports = packages.iter().any(|package| package.has_wasmexport);
        let program = Program {
            packages: (0..packages.len()).collect(),
            mode: match exports {
                true => BuildMode::Reactor,
                false => BuildMode::Command,
            },
        };
        let module = files.modules.of_folder(folder);
        Ok(Self {
            go_mod: module
                .map(|module| module.go_mod.clone())
                .unwrap_or_default(),
            packages,
            programs: vec![program],
            vetted: Vec::new(),
        })
    }

    /// The packages of a program.
    pub fn packages_of<'a>(&'a self, program: &'a Program) -> impl Iterator<Item = &'a Package> {
        let places = program.packages.iter();
        places.filter_map(|place| self.packages.get(*place))
    }

    /// The packages of the standard library that are linked.
    #[must_use]
    pub fn standard<'a>(&'a self, program: &'a Program, index: &'a Index) -> BTreeSet<&'a str> {
        let imports = self
            .packages_of(program)
            .flat_map(|package| &package.imports);
        // Every program stands on the runtime.
        index.closure(imports.map(String::as_str).chain(["runtime"]))
    }

    /// What the compiler is called with for a package.
    #[must_use]
    pub fn compile_args(&self, package: &Package, index: &Index) -> Vec<String> {
        let language = package.language.unwrap_or(index.language());
        let path = match package.is_program {
            true => "main",
            false => &package.path,
        };
        let mut args: Vec<String> = [
            "-o",
            &object(&package.object),
            "-trimpath",
            &self.trims(package),
            "-p",
            path,
            &format!("-lang=go{language}"),
            "-complete",
            "-dwarf=false",
            "-goversion",
            &index.version,
            "-nolocalimports",
            "-importcfg",
            IMPORTS,
        ]
        .map(str::to_owned)
        .to_vec();
        if package.embed.is_some() {
            args.extend(["-embedcfg", EMBEDDED].map(str::to_owned));
        }
        args.push("-pack".to_owned());
        let generated = package.generated.iter().map(|(path, _)| path);
        let files = package.files.iter().chain(generated);
        args.extend(files.map(|file| format!("{PROGRAM}/{file}")));
        args
    }

    /// What the compiler is to write of the paths of a package's files.
    fn trims(&self, package: &Package) -> String {
        format!(
            "{}{PROGRAM}/vendor=>;{PROGRAM}=>{}",
            package.trims, self.go_mod.module
        )
    }

    /// The file of a package that the compiler means by what it writes of its path: late errors have that.
    #[must_use]
    pub fn untrimmed<'p>(&self, package: &'p Package, path: &str) -> Option<&'p str> {
        let trims = self.trims(package);
        let paths = trims.split(';').filter_map(|trim| {
            let (from, to) = trim.split_once("=>")?;
            let rest = path.strip_prefix(to)?;
            Some(format!("{from}/{}", rest.trim_start_matches('/')))
        });
        let paths: Vec<String> = paths.collect();
        let mut files = package.files.iter();
        let file = files.find(|file| paths.contains(&format!("{PROGRAM}/{file}")));
        file.map(String::as_str)
    }

    /// What the linker is called with.
    #[must_use]
    pub fn link_args(&self, program: &Program, index: &Index) -> Vec<String> {
        let main = self
            .packages_of(program)
            .last()
            .cloned()
            .unwrap_or_default();
        let mut args = ["-o", MODULE, "-importcfg", IMPORTS]
            .map(str::to_owned)
            .to_vec();
        let godebug = godebug(&self.go_mod, &main, index);
        if !godebug.is_empty() {
            args.push(format!("-X=runtime.godebugDefault={godebug}"));
        }
        args.push(build_mode(program).to_owned());
        args.push(object(&main.object));
        args
    }

    /// The list of archives for the linker.
    #[must_use]
    pub fn link_imports(&self, program: &Program, index: &Index) -> String {
        let mut text = String::new();
        for package in self.packages_of(program) {
            let object = object(&package.object);
            text.push_str(&format!("packagefile {}={object}\n", package.path));
        }
        for path in self.standard(program, index) {
            text.push_str(&standard_line(path, index));
        }
        let info = quoted(&self.module_info(program, index));
        text.push_str(&format!("modinfo {info}\n"));
        text
    }

    /// What `debug.ReadBuildInfo` tells of the module.
    fn module_info(&self, program: &Program, index: &Index) -> String {
        let main = self
            .packages_of(program)
            .last()
            .cloned()
            .unwrap_or_default();
        let mut text = format!(
            "path\t{}\nmod\t{}\t(devel)\t\n",
            main.path, self.go_mod.module
        );
        for setting in [build_mode(program), "-compiler=gc", "-trimpath=true"] {
            text.push_str(&format!("build\t{setting}\n"));
        }
        let godebug = godebug(&self.go_mod, &main, index);
        if !godebug.is_empty() {
            text.push_str(&format!("build\tDefaultGODEBUG={godebug}\n"));
        }
        text.push_str("build\tCGO_ENABLED=0\nbuild\tGOARCH=wasm\nbuild\tGOOS=wasip1\n");
        text
    }
}

fn build_mode(program: &Program) -> &'static str {
    match program.mode {
        BuildMode::Command => "-buildmode=exe",
        BuildMode::Reactor => "-buildmode=c-shared",
    }
}

/// The list of archives for the compiler: of what a package imports.
#[must_use]
pub fn compile_imports(package: &Package, index: &Index) -> String {
    let lines = package
        .imports
        .iter()
        .map(|path| match index.package(path) {
            Some(_) => standard_line(path, index),
            None => format!("packagefile {path}={}\n", object(package.object_of(path))),
        });
    let first = "# import config\n".to_owned();
    [first].into_iter().chain(lines).collect()
}

fn standard_line(path: &str, index: &Index) -> String {
    match index
        .package(path)
        .and_then(|package| package.archive.as_ref())
    {
        Some(archive) => format!("packagefile {path}={STANDARD}/{}\n", archive.name),
        None => String::new(),
    }
}

/// Where the object of this name lies.
#[must_use]
pub fn object(name: &str) -> String {
    format!("{OBJECTS}/{name}.a")
}

/// The archives of these packages of the standard library, by their files' names.
pub fn archives<'a>(
    paths: impl IntoIterator<Item = &'a str>,
    index: &'a Index,
) -> impl Iterator<Item = &'a super::index::File> {
    let packages = paths.into_iter().filter_map(|path| index.package(path));
    packages.filter_map(|package: &Standard| package.archive.as_ref())
}

/// The folder of the program with `package main`: its own, or the only one that has it.
fn main_package<'f>(files: &Files<'f>) -> Result<(&'f str, Folder), Vec<Diagnostic>> {
    let whole = |message: String| vec![diagnostic("", At::default(), message)];
    let root = files.folder("")?;
    let is_main = |folder: &Folder| {
        folder
            .files
            .first()
            .is_some_and(|file| file.header.package == "main")
    };
    if is_main(&root) {
        return Ok(("", root));
    }
    let folders = files.folders();
    if folders.is_empty() {
        return Err(whole(
            "there are no Go files: add one that begins with package main".to_owned(),
        ));
    }
    let mut mains = Vec::new();
    for path in files.own_folders() {
        // What is wrong in a folder that may not be needed does not matter.
        if let Ok(folder) = files.folder(path)
            && is_main(&folder)
        {
            mains.push((path, folder));
        }
    }
    let names: Vec<&str> = mains.iter().map(|(path, _)| *path).collect();
    let names = names.join(", ");
    match (root.files.first(), mains.len(), mains.pop()) {
        (None, 1, Some(main)) => Ok(main),
        (Some(file), ..) => {
            let message = format!(
                "package {} is not a main package: a module is made of package main",
                file.header.package
            );
            Err(vec![file.wrong(file.header.package_at, message)])
        }
        (None, 0, _) if root.left_out > 0 => Err(whole(
            "build constraints exclude all Go files: none is for wasip1 (//go:build lines, and names such as main_linux.go)".to_owned(),
        )),
        (None, 0, _) => Err(whole("there is no package main: a module is made of one".to_owned())),
        (None, ..) => Err(whole(format!(
            "there are several programs, in {names}, and none in the program's own folder: keep one"
        ))),
    }
}

/// The settings of GODEBUG that a program begins with: what its `go` line asks for, then go.mod's own, then its files'.
fn godebug(go_mod: &GoMod, main: &Package, index: &Index) -> String {
    let own = go_mod.godebugs.iter().chain(&main.debugs);
    let mut own: BTreeMap<&str, &str> = own.filter_map(|setting| setting.split_once('=')).collect();
    let default = own
        .remove("default")
        .and_then(|version| Version::parse(version.strip_prefix("go")?));
    let version = default.unwrap_or(go_mod.go.unwrap_or(Version::UNSAID));
    let older = index
        .godebugs
        .iter()
        .filter(|setting| version.minor < setting.changed);
    let mut all: BTreeMap<&str, &str> = older
        .map(|setting| (setting.name.as_str(), setting.old.as_str()))
        .collect();
    all.extend(own);
    let settings = all.iter().map(|(name, value)| format!("{name}={value}"));
    settings.collect::<Vec<_>>().join(",")
}

/// A text as a Go string literal of ASCII, between the marks that Go's linker and `debug/buildinfo` know.
fn quoted(text: &str) -> String {
    const START: &str = "0w\\xaf\\f\\x92t\\b\\x02A\\xe1\\xc1\\a\\xe6\\xd6\\x18\\xe6";
    const END: &str = "\\xf92C1\\x86\\x18 r\\x00\\x82B\\x10A\\x16\\xd8\\xf2";
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\t', "\\t")
        .replace('\n', "\\n");
    format!("\"{START}{escaped}{END}\"")
}
