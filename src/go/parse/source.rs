//! Go files dropped beside a module: the functions that cross its border, with their types.
//!
//! Several files and packages make one source, as far as they are there; names are looked up in the
//! file's package and its imports. Must not know which module the files belong to.

mod constants;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::FRAGMENT;
use super::constant::{self, Constant};
use super::expression::Expression;
use super::file::{self, Binding, File, FunctionText};
use super::resolve::{Lookup, Names, Resolver, Scope, standard};
use super::types::TypeText;
use super::{Position, SyntaxError, build};
use crate::go::types::{Abi, Signature, Type};

/// What the Go files of a plugin say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoSource {
    /// The functions that cross the border, in the order of the files.
    pub functions: Vec<Function>,
    /// What could not be read. The rest is right all the same.
    pub problems: Vec<SyntaxError>,
    /// The files that are not built for this compiler and Wasm.
    pub ignored: Vec<String>,
}

/// A Go function under `//go:wasmexport`, `//go:wasmimport` or TinyGo's `//export`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// What it is to the module.
    pub binding: Binding,
    /// Named as the module names it.
    pub signature: Signature,
    /// The name of its file.
    pub file: String,
    /// Where its name stands.
    pub at: Position,
    /// Whether it stands under TinyGo's `//export`, which permits all types.
    pub lenient: bool,
}

/// Reads Go files, given as name and text. Names may have directories, which tell packages
/// apart. `compiler` decides between files with build constraints; `None`: either will do.
#[must_use]
pub fn read<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
    compiler: Option<Abi>,
) -> GoSource {
    let mut source = GoSource::default();
    let mut program = Program {
        compiler: compiler.unwrap_or(Abi::Go),
        files: Vec::new(),
        package_of: Vec::new(),
        packages: Vec::new(),
        known: HashMap::new(),
        constants: RefCell::default(),
        expressions: Cell::default(),
        nested_expressions: Cell::default(),
        imports: Vec::new(),
    };
    // A part of a file belongs to a package that is there.
    let (parts, files): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(name, _)| *name == FRAGMENT);
    for (name, text) in files.into_iter().chain(parts) {
        let mut file = file::read(text, name == FRAGMENT);
        if !build::is_built(name, file.build.as_deref(), compiler) {
            source.ignored.push(name.to_owned());
            continue;
        }
        for problem in file.problems.drain(..) {
            source.problems.push(in_file(problem, name));
        }
        program.add(name, file);
    }
    program.index();
    for (scope, (name, file)) in program.files.iter().enumerate() {
        for function in &file.functions {
            match program.signature(scope, function) {
                Ok(signature) => source.functions.push(Function {
                    binding: function.binding.clone(),
                    signature,
                    file: name.clone(),
                    at: function.at,
                    lenient: function.lenient,
                }),
                Err(problem) => source.problems.push(problem),
            }
        }
    }
    source
}

fn in_file(mut error: SyntaxError, name: &str) -> SyntaxError {
    error.file.get_or_insert_with(|| name.to_owned());
    error
}

/// All files. A [`Scope`] is the index of one.
struct Program {
    /// Whose sizes `unsafe.Sizeof` tells.
    compiler: Abi,
    files: Vec<(String, File)>,
    /// For each file, the index of its package.
    package_of: Vec<usize>,
    packages: Vec<Package>,
    known: HashMap<(String, String), usize>,
    constants: RefCell<HashMap<(usize, String), Computed>>,
    /// How many types of expressions have been resolved, and are being resolved.
    expressions: Cell<u32>,
    nested_expressions: Cell<u32>,
    /// For each file, what it imports.
    imports: Vec<Vec<Import>>,
}

/// A constant's value; `None` while it is being computed.
type Computed = Option<Result<Constant, String>>;

struct Import {
    /// What the file calls it; `.` if it needs no name.
    called: String,
    path: String,
    /// `None`: its source is not there.
    package: Option<usize>,
}

struct Package {
    directory: String,
    name: String,
    /// What its types are called outside of it.
    qualifier: String,
    /// File and index of each declaration.
    types: HashMap<String, (usize, usize)>,
    constants: HashMap<String, (usize, usize)>,
    variables: HashMap<String, (usize, usize)>,
}

impl Program {
    fn add(&mut self, name: &str, file: File) {
        let directory = name.rsplit_once('/').map_or("", |(directory, _)| directory);
        let key = (directory.to_owned(), file.package.clone());
        let next = self.packages.len();
        let mut named = self.packages.iter();
        let there = named.position(|package| name == FRAGMENT && package.name == file.package);
        let package = there.unwrap_or_else(|| *self.known.entry(key).or_insert(next));
        if package == next {
            self.packages.push(Package {
                directory: directory.to_owned(),
                name: file.package.clone(),
                qualifier: file.package.clone(),
                types: HashMap::new(),
                constants: HashMap::new(),
                variables: HashMap::new(),
            });
        }
        self.package_of.push(package);
        self.files.push((name.to_owned(), file));
    }

    fn index(&mut self) {
        let mut names: HashMap<String, usize> = HashMap::new();
        for package in &self.packages {
            *names.entry(package.name.clone()).or_default() += 1;
        }
        for package in &mut self.packages {
            if names.get(&package.name).is_some_and(|count| *count > 1) {
                package.qualifier = format!("{}/{}", package.directory, package.name);
            }
        }
        for (index, ((_, file), package)) in self.files.iter().zip(&self.package_of).enumerate() {
            let Some(package) = self.packages.get_mut(*package) else {
                continue;
            };
            for (at, ty) in file.types.iter().enumerate() {
                package.types.entry(ty.name.clone()).or_insert((index, at));
            }
            for (at, constant) in file.constants.iter().enumerate() {
                let name = constant.name.clone();
                package.constants.entry(name).or_insert((index, at));
            }
            for (at, variable) in file.variables.iter().enumerate() {
                let name = variable.name.clone();
                package.variables.entry(name).or_insert((index, at));
            }
        }
        let imports = |(_, file): &(String, File)| self.resolve_imports(file);
        self.imports = self.files.iter().map(imports).collect();
    }

    fn signature(&self, scope: Scope, function: &FunctionText) -> Result<Signature, SyntaxError> {
        let view = View {
            program: self,
            home: self.package_of.get(scope).copied().unwrap_or_default(),
            lenient: function.lenient,
        };
        let mut resolver = Resolver::new(&view);
        let params = resolver.params(scope, &function.params);
        let result = params.and_then(|params| {
            let result = resolver.result(scope, &function.results)?;
            Ok((params, result))
        });
        let name = match &function.binding {
            Binding::Export { name } | Binding::Import { name, .. } => name.clone(),
        };
        match result {
            Ok((params, result)) => Ok(Signature::new(name, params, result)),
            Err(mut error) => {
                error.message = format!("{name}: {}", error.message);
                Err(error)
            }
        }
    }

    /// The packages in which `package.name` may be, seen from `scope`; for `None`, those in which a
    /// plain `name` may be. Then the path of a package that is not there.
    fn packages<'n>(
        &'n self,
        scope: Scope,
        package: Option<&'n str>,
    ) -> (Vec<usize>, Option<&'n str>) {
        let imports = self.imports.get(scope).into_iter().flatten();
        match package {
            None => {
                let own = self.package_of.get(scope).copied();
                let dots = imports.filter(|import| import.called == ".");
                let dots = dots.filter_map(|import| import.package);
                let mut packages: Vec<usize> = own.into_iter().chain(dots).collect();
                if self.is_fragment(scope) {
                    packages.extend(0..self.packages.len());
                }
                (packages, None)
            }
            Some(package) => {
                let mut imports = imports.filter(|import| import.called == package);
                match imports.next() {
                    Some(import) => (import.package.into_iter().collect(), Some(&import.path)),
                    None if self.is_fragment(scope) => {
                        let found = self.packages.iter().position(|p| p.name == *package);
                        (found.into_iter().collect(), Some(package))
                    }
                    None => (Vec::new(), None),
                }
            }
        }
    }

    /// Whether a file is a part of one: it sees all packages, and what it does not import.
    fn is_fragment(&self, scope: Scope) -> bool {
        self.files
            .get(scope)
            .is_some_and(|(name, _)| name == FRAGMENT)
    }

    fn resolve_imports(&self, file: &File) -> Vec<Import> {
        let resolve = |(name, path): &(String, String)| {
            let package = self.package_at(path);
            let own_name = package
                .and_then(|package| self.packages.get(package))
                .map_or_else(|| last_element(path), |package| package.name.as_str());
            let called = if name.is_empty() { own_name } else { name };
            Import {
                called: called.to_owned(),
                path: path.clone(),
                package,
            }
        };
        file.imports.iter().map(resolve).collect()
    }

    /// The package that an import path means: the one whose directory ends it, else the one of that
    /// name.
    fn package_at(&self, path: &str) -> Option<usize> {
        let by_directory = self.packages.iter().position(|package| {
            !package.directory.is_empty()
                && (path == package.directory
                    || path.ends_with(&format!("/{}", package.directory))
                    || package
                        .directory
                        .ends_with(&format!("/{}", last_element(path))))
        });
        by_directory.or_else(|| {
            let name = last_element(path);
            self.packages
                .iter()
                .position(|package| package.name == name && package.name != "main")
        })
    }
}

/// The program as one function sees it.
struct View<'p> {
    program: &'p Program,
    /// The package whose types need no qualifier.
    home: usize,
    lenient: bool,
}

impl View<'_> {
    fn find(&self, package: usize, name: &str) -> Option<Lookup<'_>> {
        let home = package == self.home;
        let package = self.program.packages.get(package)?;
        let (scope, at) = *package.types.get(name)?;
        let declaration = self.program.files.get(scope)?.1.types.get(at)?;
        let ty: &TypeText = &declaration.ty;
        let parameters = &declaration.parameters;
        Some(if declaration.alias {
            Lookup::Alias {
                parameters,
                ty,
                scope,
            }
        } else {
            let name = if home {
                name.to_owned()
            } else {
                format!("{}.{name}", package.qualifier)
            };
            Lookup::Defined {
                name,
                parameters,
                ty,
                scope,
            }
        })
    }
}

impl Names for View<'_> {
    fn length(&self, scope: Scope, length: &Expression) -> Result<i128, String> {
        constant::length(length, scope, self.program)
    }

    fn all_host_layout(&self) -> bool {
        self.lenient
    }

    fn file(&self, scope: Scope) -> Option<String> {
        let (name, _) = self.program.files.get(scope)?;
        Some(name.clone())
    }

    fn lookup(&self, scope: Scope, package: Option<&str>, name: &str) -> Lookup<'_> {
        let (packages, path) = self.program.packages(scope, package);
        if let Some(found) = packages.into_iter().find_map(|p| self.find(p, name)) {
            return found;
        }
        if let Some(path) = path {
            return standard(path, name);
        }
        if package.is_none() {
            let imports = self.program.imports.get(scope).into_iter().flatten();
            let dots = imports.filter(|import| import.called == ".");
            let found = dots.map(|import| standard(&import.path, name));
            if let Some(found) = { found }.find(|found| !matches!(found, Lookup::Unknown)) {
                return found;
            }
        }
        match (package, name) {
            // A word of TinyGo's Wasm has 32 bits.
            (None, "int") if self.lenient => Lookup::Known(Type::Int32.named("int")),
            (None, "uint") if self.lenient => Lookup::Known(Type::Uint32.named("uint")),
            (None, name) => Type::predeclared(name).map_or(Lookup::Unknown, Lookup::Known),
            _ => Lookup::Unknown,
        }
    }
}

/// The name that a package most likely has: the last element of its path, without a version.
fn last_element(path: &str) -> &str {
    let mut elements = path.rsplit('/');
    let last = elements.next().unwrap_or(path);
    let version = last
        .strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    if version {
        elements.next().unwrap_or(last)
    } else {
        last
    }
}

#[cfg(test)]
#[path = "source/tests.rs"]
mod tests;
