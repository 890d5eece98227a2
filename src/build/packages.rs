//! The packages of a program: which files belong to each, and what it imports. As `go list` tells it, for a build for
//! wasip1 without cgo.

use super::go_mod::Version;
use super::header::Header;
use super::index::Index;
use super::lex::At;
use super::modules::Modules;
use crate::go::constraint;
use crate::protocol::build::{Diagnostic, ProgramFile};
use std::collections::BTreeMap;
use std::ops::Bound;

/// Files of a program at most.
const MOST_FILES: usize = 20_000;

/// Bytes of a program at most.
const MOST_BYTES: usize = 128 << 20;

/// Bytes of a path at most.
const MOST_PATH: usize = 1024;

/// A Go file that belongs to the build.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path below the program's folder.
    pub path: String,
    /// What it says.
    pub header: Header,
}

impl Source {
    /// Something that is wrong at a place in it.
    #[must_use]
    pub fn wrong(&self, at: At, message: impl Into<String>) -> Diagnostic {
        diagnostic(&self.path, at, message)
    }
}

/// Something that is wrong at a place in a file.
pub fn diagnostic(file: &str, at: At, message: impl Into<String>) -> Diagnostic {
    Diagnostic {
        file: file.to_owned(),
        line: at.line,
        column: at.column,
        message: message.into(),
        is_warning: false,
    }
}

/// The Go files of a folder.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Those of the package.
    pub files: Vec<Source>,
    /// Those of its tests that belong to the package itself.
    pub tests: Vec<Source>,
    /// Those of the tests in a package of their own, `p_test`.
    pub outer_tests: Vec<Source>,
    /// How many Go files do not belong to this build.
    pub left_out: usize,
}

/// A program's files, by their folders.
#[derive(Debug)]
pub struct Files<'f> {
    /// By path.
    pub by_path: BTreeMap<&'f str, &'f [u8]>,
    /// Its modules.
    pub modules: Modules,
    /// The language of the toolchain.
    pub language: Version,
}

impl<'f> Files<'f> {
    /// Takes in the files of a program.
    ///
    /// # Errors
    ///
    /// Says which file cannot be, or what is wrong with go.mod.
    pub fn new(files: &'f [ProgramFile], index: &Index) -> Result<Self, Vec<Diagnostic>> {
        let whole = |file: &str, message: String| vec![diagnostic(file, At::default(), message)];
        if files.len() > MOST_FILES {
            let message = format!(
                "the program has {} files: {MOST_FILES} is the most",
                files.len()
            );
            return Err(whole("", message));
        }
        let bytes: usize = files.iter().map(|file| file.contents.len()).sum();
        if bytes > MOST_BYTES {
            let message = format!("the program has {bytes} bytes: {MOST_BYTES} is the most");
            return Err(whole("", message));
        }
        let mut by_path = BTreeMap::new();
        for file in files {
            let path = file.path.as_str();
            if let Err(reason) = check_path(path) {
                let shown: String = path.chars().take(100).collect();
                return Err(whole(
                    &shown,
                    format!("{shown:?} cannot be the path of a file: {reason}"),
                ));
            }
            if by_path.insert(path, file.contents.as_slice()).is_some() {
                return Err(whole(path, format!("there are two files {path}")));
            }
        }
        for path in by_path.keys() {
            let above = path
                .match_indices('/')
                .filter_map(|(end, _)| path.get(..end));
            if let Some(file) = above.into_iter().find(|above| by_path.contains_key(above)) {
                return Err(whole(
                    file,
                    format!("{file} is a file, and there is {path} below it"),
                ));
            }
        }
        let modules = Modules::of(&by_path, index)?;
        Ok(Self {
            by_path,
            modules,
            language: index.language(),
        })
    }

    /// The files of a folder, by their names.
    pub fn in_folder(&self, folder: &str) -> impl Iterator<Item = (&'f str, &'f [u8])> {
        let length = if folder.is_empty() {
            0
        } else {
            folder.len() + 1
        };
        self.below(folder)
            .filter(move |(path, _)| !path.get(length..).unwrap_or_default().contains('/'))
    }

    /// All files below a folder, in the order of their paths.
    pub fn below(&self, folder: &str) -> impl Iterator<Item = (&'f str, &'f [u8])> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        self.by_path
            .range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded))
            .map(|(path, contents)| (*path, *contents))
            .take_while(move |(path, _)| path.starts_with(prefix.as_str()))
    }

    /// The folders with Go files, in the order of their paths.
    #[must_use]
    pub fn folders(&self) -> Vec<&'f str> {
        let go = self.by_path.keys().filter(|path| is_go(path));
        let mut folders: Vec<_> = go.map(|path| folder_of(path)).collect();
        folders.sort_unstable();
        folders.dedup();
        folders
    }

    /// Those that a build of all the program's packages goes through.
    pub fn own_folders(&self) -> impl Iterator<Item = &'f str> {
        let is_own = |name: &str| {
            name.is_empty()
                || !(matches!(name, "vendor" | "testdata") || name.starts_with(['.', '_']))
        };
        let folders = self.folders().into_iter();
        folders.filter(move |folder| folder.split('/').all(is_own) && self.modules.is_own(folder))
    }

    /// Reads the Go files of a folder.
    ///
    /// # Errors
    ///
    /// Says what keeps them from being one package.
    pub fn folder(&self, path: &str) -> Result<Folder, Vec<Diagnostic>> {
        let mut folder = Folder::default();
        let mut wrong = Vec::new();
        let mut assembly = None;
        for (path, contents) in self.in_folder(path) {
            let name = path.rsplit('/').next().unwrap_or(path);
            if name.starts_with(['_', '.']) {
                continue;
            }
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            let is_code = matches!(
                extension,
                "s" | "S" | "c" | "cc" | "cpp" | "cxx" | "m" | "f" | "swig" | "swigcxx" | "syso"
            );
            if is_code && constraint::name_fits(name) && self.assembly_fits(contents) {
                assembly = Some(path);
            }
            if extension != "go" {
                continue;
            }
            if !constraint::name_fits(name) {
                folder.left_out += 1;
                continue;
            }
            let source = Source {
                path: path.to_owned(),
                header: Header::read(contents),
            };
            match self.fits(&source) {
                Err(diagnostic) => wrong.push(diagnostic),
                Ok(false) => folder.left_out += 1,
                Ok(true) => folder.add(source, name),
            }
        }
        if let Some(file) = assembly.filter(|_| !folder.files.is_empty()) {
            let message = "it is not Go: neither assembly nor C is built here; \
                           write it in Go, or leave it out by a //go:build line or by its name";
            wrong.push(diagnostic(file, At::default(), message));
        }
        folder.check_names(&mut wrong);
        if wrong.is_empty() {
            Ok(folder)
        } else {
            Err(wrong)
        }
    }

    /// Whether a file belongs to the build.
    fn fits(&self, source: &Source) -> Result<bool, Diagnostic> {
        let header = &source.header;
        if let Some((constraint, at)) = &header.constraint {
            let holds = self.holds(constraint);
            if !holds.map_err(|message| source.wrong(*at, message))? {
                return Ok(false);
            }
        }
        if let Some((message, at)) = &header.problem {
            return Err(source.wrong(*at, message.clone()));
        }
        if header.package == "documentation" {
            return Ok(false);
        }
        match header.imports.iter().find(|(path, _)| path == "C") {
            // As `go build` does without cgo: there may be another file for that.
            Some(_) if source.path.starts_with("vendor/") => Ok(false),
            Some((_, at)) => {
                let message = "import \"C\": there is no C compiler here, so cgo cannot be used";
                Err(source.wrong(*at, message))
            }
            None => Ok(true),
        }
    }

    /// Whether a constraint holds.
    fn holds(&self, constraint: &str) -> Result<bool, String> {
        constraint::holds(constraint, &|tag| is_set(tag, self.language))
    }

    fn assembly_fits(&self, contents: &[u8]) -> bool {
        let text = String::from_utf8_lossy(contents.get(..4096).unwrap_or(contents));
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("//go:build "));
        line.is_none_or(|line| self.holds(line).unwrap_or(true))
    }
}

impl Folder {
    fn add(&mut self, source: Source, name: &str) {
        let is_test = name.ends_with("_test.go");
        let place = match is_test {
            true if source.header.package.ends_with("_test") => &mut self.outer_tests,
            true => &mut self.tests,
            false => &mut self.files,
        };
        place.push(source);
    }

    /// All files of a folder are of one package.
    fn check_names(&self, wrong: &mut Vec<Diagnostic>) {
        let mut inner = self.files.iter().chain(&self.tests);
        let Some(first) = inner.next() else {
            return;
        };
        for source in inner.filter(|source| source.header.package != first.header.package) {
            let base = |source: &Source| {
                source
                    .path
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            };
            let message = format!(
                "found packages {} ({}) and {} ({}): all files of a folder belong to one package",
                first.header.package,
                base(first),
                source.header.package,
                base(source)
            );
            wrong.push(source.wrong(source.header.package_at, message));
        }
    }
}

/// Whether a tag is set in a build for wasip1 by Go's own compiler.
fn is_set(tag: &str, toolchain: Version) -> bool {
    match tag {
        "wasip1" | "wasm" | "gc" | "go1" => true,
        _ => {
            let version = tag.strip_prefix("go1.");
            let minor = version.and_then(|minor| minor.parse::<u32>().ok());
            minor.is_some_and(|minor| minor >= 1 && minor <= toolchain.minor)
        }
    }
}

/// The folder that a file is in; empty: the program's own.
#[must_use]
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_go(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, extension)| extension == "go")
}

fn check_path(path: &str) -> Result<(), &'static str> {
    match path {
        "" => Err("it is empty"),
        _ if path.len() > MOST_PATH => Err("it is too long"),
        _ if path.starts_with('/') => Err("it is absolute"),
        _ if path.split('/').any(|part| part == "..") => {
            Err("it leads out of the program's folder")
        }
        _ if path.split('/').any(|part| part.is_empty() || part == ".") => {
            Err("it has an empty name in it")
        }
        _ if path.split('/').any(|part| part.len() > 255) => Err("a name in it is too long"),
        _ if path.contains(|c: char| c.is_control() || c == '\\') => {
            Err("it has a control character or a \\ in it")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_those_of_the_toolchain() {
        let is = |tag: &str| is_set(tag, Version { minor: 27 });
        for tag in ["wasip1", "wasm", "gc", "go1", "go1.1", "go1.27"] {
            assert!(is(tag), "{tag}");
        }
        for tag in [
            "js", "tinygo", "cgo", "unix", "go1.0", "go1.28", "go1.x", "ignore",
        ] {
            assert!(!is(tag), "{tag}");
        }
    }
}
