//! The plan of `go test`: for each folder with tests, the package with its test files, the package of the tests outside of
//! it, and a main package that runs them.

use super::graph::{Package, Resolver};
use super::index::Index;
use super::lex::At;
use super::packages::{Files, Folder, Source, diagnostic};
use super::plan::{Plan, Program};
use super::tests_of::Tests;
use crate::protocol::build::{BuildMode, Diagnostic, ProgramFile};
use std::collections::{BTreeMap, BTreeSet};

/// What the generated file of a test's main package is called.
const MAIN: &str = "_testmain.go";

impl Plan {
    /// The plan for running the tests of a program: a program of the plan for each folder that has some.
    ///
    /// # Errors
    ///
    /// What is wrong with the program, or that there are no tests.
    pub fn tests(program: &[ProgramFile], index: &Index) -> Result<Self, Vec<Diagnostic>> {
        let files = Files::new(program, index)?;
        let mut resolver = Resolver::new(&files, index);
        let mut mains = Vec::new();
        for path in files.own_folders() {
            match files.folder(path) {
                Err(wrong) => resolver.fail(wrong),
                Ok(folder) if folder.tests.is_empty() && folder.outer_tests.is_empty() => {}
                Ok(folder) => mains.push(add(path, &folder, &files, &mut resolver)),
            }
        }
        let packages = resolver.finish()?;
        if mains.is_empty() {
            let message = "there are no tests: write func TestXxx(t *testing.T) in a file whose name ends with _test.go";
            return Err(vec![diagnostic("", At::default(), message)]);
        }
        Ok(needed(files, packages, &mains))
    }
}

/// Adds what the tests of a folder consist of; the object of the main package.
fn add(path: &str, folder: &Folder, files: &Files<'_>, resolver: &mut Resolver<'_>) -> String {
    let import = resolver.path_of(path);
    let of_tests = |object: &str| format!("{object} [{import}.test]");
    let plain: Vec<&Source> = folder.files.iter().collect();
    let is_main = plain
        .first()
        .is_some_and(|source| source.header.package == "main");
    if !resolver.has(&import) && !plain.is_empty() && !is_main {
        let package = resolver.add(path, folder, &plain);
        resolver.push(package);
    }
    let mut instead = BTreeMap::new();
    let is_otherwise = is_main || !folder.tests.is_empty();
    if is_otherwise {
        let sources: Vec<&Source> = folder.files.iter().chain(&folder.tests).collect();
        let mut package = resolver.add(path, folder, &sources);
        package.object = of_tests(&import);
        instead.insert(import.clone(), package.object.clone());
        resolver.push_aside(package);
    }
    let outer: Vec<&Source> = folder.outer_tests.iter().collect();
    if !outer.is_empty() {
        let mut package = resolver.with(&import, |resolver| resolver.add(path, folder, &outer));
        package.path = format!("{import}_test");
        package.object = of_tests(&package.path);
        if is_otherwise {
            for between in between(&package, &import, resolver.packages()) {
                instead.insert(between.path.clone(), of_tests(&between.path));
                resolver.push_aside(Package {
                    object: of_tests(&between.path),
                    instead: instead.clone(),
                    ..between
                });
            }
        }
        package.instead.clone_from(&instead);
        instead.insert(package.path.clone(), package.object.clone());
        resolver.push_aside(package);
    }
    let main = main(path, &import, folder, files, instead);
    let object = main.object.clone();
    resolver.push_aside(main);
    object
}

/// The main package of the tests of a folder.
fn main(
    path: &str,
    import: &str,
    folder: &Folder,
    files: &Files<'_>,
    instead: BTreeMap<String, String>,
) -> Package {
    let read = |sources: &[Source]| {
        let texts = sources.iter().filter_map(|source| {
            let contents = files.by_path.get(source.path.as_str())?;
            std::str::from_utf8(contents).ok()
        });
        Tests::read(texts)
    };
    let has_inner = !folder.files.is_empty() || !folder.tests.is_empty();
    let inner = has_inner.then(|| read(&folder.tests));
    let outer = (!folder.outer_tests.is_empty()).then(|| read(&folder.outer_tests));
    let text = Tests::main(import, &files.go_mod.module, inner.as_ref(), outer.as_ref());
    let mut imports: Vec<String> = ["os", "reflect", "testing", "testing/internal/testdeps"]
        .map(str::to_owned)
        .to_vec();
    imports.extend(inner.map(|_| import.to_owned()));
    imports.extend(outer.map(|_| format!("{import}_test")));
    imports.sort();
    let file = if path.is_empty() {
        MAIN.to_owned()
    } else {
        format!("{path}/{MAIN}")
    };
    Package {
        path: format!("{import}.test"),
        object: format!("{import}.test"),
        folder: path.to_owned(),
        name: "main".to_owned(),
        imports,
        instead,
        generated: Some((file, text)),
        is_program: true,
        ..Package::default()
    }
}

/// The packages that the tests outside of a package import and that import it themselves, each behind those that it imports.
fn between(outer: &Package, tested: &str, packages: &[Package]) -> Vec<Package> {
    let plain = || {
        packages
            .iter()
            .filter(|package| package.path == package.object)
    };
    let mut reached = BTreeSet::new();
    let mut todo: Vec<&Package> = vec![outer];
    while let Some(package) = todo.pop() {
        for import in &package.imports {
            if let Some(found) = plain().find(|found| found.path == *import)
                && reached.insert(found.path.as_str())
            {
                todo.push(found);
            }
        }
    }
    let mut leads: BTreeSet<&str> = [tested].into();
    let mut found = Vec::new();
    for package in plain().filter(|package| reached.contains(package.path.as_str())) {
        let is_between = package.path != tested
            && package
                .imports
                .iter()
                .any(|import| leads.contains(import.as_str()));
        if is_between {
            leads.insert(&package.path);
            found.push(package.clone());
        }
    }
    found
}

/// The plan of what these main packages need.
fn needed(files: Files<'_>, packages: Vec<Package>, mains: &[String]) -> Plan {
    let linked: Vec<BTreeSet<usize>> = mains.iter().map(|main| linked(main, &packages)).collect();
    let wanted: BTreeSet<usize> = linked.iter().flatten().copied().collect();
    let places: BTreeMap<usize, usize> = wanted
        .iter()
        .enumerate()
        .map(|(new, old)| (*old, new))
        .collect();
    let programs = linked.iter().map(|linked| Program {
        packages: linked
            .iter()
            .filter_map(|old| places.get(old).copied())
            .collect(),
        mode: BuildMode::Command,
    });
    let programs = programs.collect();
    let packages = packages
        .into_iter()
        .enumerate()
        .filter(|(place, _)| wanted.contains(place));
    Plan {
        go_mod: files.go_mod,
        packages: packages.map(|(_, package)| package).collect(),
        programs,
    }
}

/// The places of the packages that a main package stands on, and its own, which is the last.
fn linked(main: &str, packages: &[Package]) -> BTreeSet<usize> {
    let by_object: BTreeMap<&str, usize> = packages
        .iter()
        .enumerate()
        .map(|(place, package)| (package.object.as_str(), place))
        .collect();
    let mut found = BTreeSet::new();
    let mut todo: Vec<usize> = by_object.get(main).copied().into_iter().collect();
    while let Some(place) = todo.pop() {
        if let Some(package) = packages.get(place)
            && found.insert(place)
        {
            let imports = package
                .imports
                .iter()
                .map(|import| package.object_of(import));
            todo.extend(imports.filter_map(|object| by_object.get(object).copied()));
        }
    }
    found
}
