//! The plans of `go test` and `go vet`: for each folder with tests, the package with its test files, the package of the tests
//! outside of it, and, for the one, a main package that runs them.

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
        Ok(needed(&files, packages, &mains, true))
    }

    /// The plan for looking through a program: each of its packages, with its test files where it has some, and the packages
    /// of the tests outside of them.
    ///
    /// # Errors
    ///
    /// What is wrong with the program, or that there is none.
    pub fn vet(program: &[ProgramFile], index: &Index) -> Result<Self, Vec<Diagnostic>> {
        let files = Files::new(program, index)?;
        let mut resolver = Resolver::new(&files, index);
        let mut objects = Vec::new();
        for path in files.own_folders() {
            match files.folder(path) {
                Err(wrong) => resolver.fail(wrong),
                Ok(folder) => objects.extend(tested(path, &folder, false, &mut resolver).objects),
            }
        }
        let packages = resolver.finish()?;
        if objects.is_empty() {
            let message = "there are no Go files for wasip1: add one that begins with package main";
            return Err(vec![diagnostic("", At::default(), message)]);
        }
        Ok(needed(&files, packages, &objects, false))
    }
}

/// A folder's package as its tests have it.
#[derive(Default)]
struct Tested {
    /// The objects of the package, with its test files where it has some, and of the tests outside of it.
    objects: Vec<String>,
    /// By import path: the objects that stand instead of the usual ones.
    instead: BTreeMap<String, String>,
}

/// Adds what the tests of a folder consist of; the object of the main package.
fn add(path: &str, folder: &Folder, files: &Files<'_>, resolver: &mut Resolver<'_>) -> String {
    let Tested { instead, .. } = tested(path, folder, true, resolver);
    let main = main(path, &resolver.path_of(path), folder, files, instead);
    let object = main.object.clone();
    resolver.push_aside(main);
    object
}

/// Adds the package of a folder and its tests. A main package that has no test files is another one where its tests are to be
/// run (`runs`): then it is no program.
fn tested(path: &str, folder: &Folder, runs: bool, resolver: &mut Resolver<'_>) -> Tested {
    let import = resolver.path_of(path);
    let of_tests = |object: &str| format!("{object} [{import}.test]");
    let plain: Vec<&Source> = folder.files.iter().collect();
    let is_main = plain
        .first()
        .is_some_and(|source| source.header.package == "main");
    let is_otherwise = (is_main && runs) || !folder.tests.is_empty();
    let mut tested = Tested::default();
    let is_needless = plain.is_empty() || (is_main && is_otherwise);
    if !is_needless && !resolver.has(&import) {
        let mut package = resolver.add(path, folder, &plain);
        package.is_program = is_main;
        resolver.push(package);
    }
    if is_otherwise {
        let sources: Vec<&Source> = folder.files.iter().chain(&folder.tests).collect();
        let mut package = resolver.add(path, folder, &sources);
        package.object = of_tests(&import);
        tested.objects.push(package.object.clone());
        tested
            .instead
            .insert(import.clone(), package.object.clone());
        resolver.push_aside(package);
    } else if !plain.is_empty() {
        tested.objects.push(import.clone());
    }
    let outer: Vec<&Source> = folder.outer_tests.iter().collect();
    if !outer.is_empty() {
        let mut package = resolver.with(&import, |resolver| resolver.add(path, folder, &outer));
        package.path = format!("{import}_test");
        package.object = of_tests(&package.path);
        if is_otherwise {
            for between in between(&package, &import, resolver.packages()) {
                tested
                    .instead
                    .insert(between.path.clone(), of_tests(&between.path));
                resolver.push_aside(Package {
                    object: of_tests(&between.path),
                    instead: tested.instead.clone(),
                    ..between
                });
            }
        }
        package.instead.clone_from(&tested.instead);
        tested.objects.push(package.object.clone());
        tested
            .instead
            .insert(package.path.clone(), package.object.clone());
        resolver.push_aside(package);
    }
    tested
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
    let module = files.modules.own().path;
    let text = Tests::main(import, &module, inner.as_ref(), outer.as_ref());
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

/// The plan of what these packages need, which are linked and run, or else looked through.
fn needed(files: &Files<'_>, packages: Vec<Package>, roots: &[String], runs: bool) -> Plan {
    let linked: Vec<BTreeSet<usize>> = roots.iter().map(|root| linked(root, &packages)).collect();
    let wanted: BTreeSet<usize> = linked.iter().flatten().copied().collect();
    let places: BTreeMap<usize, usize> = wanted
        .iter()
        .enumerate()
        .map(|(new, old)| (*old, new))
        .collect();
    let programs = linked.iter().filter(|_| runs).map(|linked| Program {
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
    let packages: Vec<Package> = packages.map(|(_, package)| package).collect();
    let is_root = |package: &Package| !runs && roots.contains(&package.object);
    let places = packages.iter().enumerate();
    let places = places.filter(|(_, package)| is_root(package));
    Plan {
        go_mod: files.modules.own().go_mod,
        vetted: places.map(|(place, _)| place).collect(),
        packages,
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
