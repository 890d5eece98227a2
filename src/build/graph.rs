//! What a program's packages import: each import path resolved, and the packages in the order in which they are compiled.

use super::embed::{self, Embed};
use super::go_mod::{GoMod, Version, is_path};
use super::index::Index;
use super::lex::At;
use super::modules::Module;
use super::packages::{Files, Folder, Source, diagnostic};
use crate::protocol::build::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};

/// Diagnostics of a plan at most.
const MOST_WRONG: usize = 50;

/// A package of the program, or below `vendor/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its import path.
    pub path: String,
    /// What its object is called: its import path, unless it is compiled otherwise for the tests of a package.
    pub object: String,
    /// By import path: the object that it imports, where that is called otherwise.
    pub instead: BTreeMap<String, String>,
    /// Path and text of a file that the program does not have.
    pub generated: Option<(String, String)>,
    /// Whether it is linked as `main`.
    pub is_program: bool,
    /// Its folder; empty: the program's own.
    pub folder: String,
    /// The name in its package clauses.
    pub name: String,
    /// Its files, by their names.
    pub files: Vec<String>,
    /// The import paths of what it imports, sorted, without `unsafe`.
    pub imports: Vec<String>,
    /// What its `//go:embed` lines name.
    pub embed: Option<Embed>,
    /// What [`Module::trims`] says.
    pub trims: String,
    /// Its language; `None`: the toolchain's.
    pub language: Option<Version>,
    /// Settings of GODEBUG in its files.
    pub debugs: Vec<String>,
    /// Whether there is a `//go:wasmexport` in it.
    pub has_wasmexport: bool,
}

impl Package {
    /// What the object is called that it imports by this path.
    #[must_use]
    pub fn object_of<'a>(&'a self, import: &'a str) -> &'a str {
        self.instead.get(import).map_or(import, String::as_str)
    }
}

/// Where an import path leads.
enum Target {
    Standard,
    /// A folder of the program.
    Folder(String),
}

/// What is under way for a package.
struct Open {
    package: Package,
    /// Where each of its imports stands.
    places: BTreeMap<String, (String, At)>,
    /// How many of its imports have been gone into.
    next: usize,
}

/// Resolves imports.
pub struct Resolver<'a> {
    files: &'a Files<'a>,
    index: &'a Index,
    wrong: Vec<Diagnostic>,
    done: BTreeSet<String>,
    packages: Vec<Package>,
}

impl<'a> Resolver<'a> {
    /// For the files of a program.
    #[must_use]
    pub fn new(files: &'a Files<'a>, index: &'a Index) -> Self {
        Self {
            files,
            index,
            wrong: Vec::new(),
            done: BTreeSet::new(),
            packages: Vec::new(),
        }
    }

    /// The import path of a folder of the program.
    #[must_use]
    pub fn path_of(&self, folder: &str) -> String {
        self.files.modules.import_path(folder)
    }

    /// A package with all that it imports, which is put behind what there is already; `folder` is read.
    pub fn add(&mut self, folder: &str, read: &Folder, sources: &[&Source]) -> Package {
        let mut open = self.open(folder, read, sources);
        self.go_into(&mut open);
        open.package
    }

    /// Puts a package behind all that there are, which may import it.
    pub fn push(&mut self, package: Package) {
        self.done.insert(package.path.clone());
        self.packages.push(package);
    }

    /// Puts a package behind all that there are; nobody finds it by its import path.
    pub fn push_aside(&mut self, package: Package) {
        self.packages.push(package);
    }

    /// Whether a package of this import path is there.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.done.contains(path)
    }

    /// Does something while the package of this import path counts as there.
    pub fn with<T>(&mut self, path: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        let is_new = self.done.insert(path.to_owned());
        let done = act(self);
        if is_new {
            self.done.remove(path);
        }
        done
    }

    /// The packages so far, each behind those that it imports.
    #[must_use]
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// Notes what is wrong.
    pub fn fail(&mut self, wrong: impl IntoIterator<Item = Diagnostic>) {
        self.wrong.extend(wrong);
    }

    /// The packages that were found, each behind those that it imports.
    ///
    /// # Errors
    ///
    /// What is wrong.
    pub fn finish(mut self) -> Result<Vec<Package>, Vec<Diagnostic>> {
        if self.wrong.is_empty() {
            return Ok(self.packages);
        }
        self.wrong.truncate(MOST_WRONG);
        Err(self.wrong)
    }

    fn open(&mut self, folder: &str, read: &Folder, sources: &[&Source]) -> Open {
        let mut places = BTreeMap::new();
        for source in sources {
            for (path, at) in source
                .header
                .imports
                .iter()
                .filter(|(path, _)| path != "unsafe")
            {
                let place = (source.path.clone(), *at);
                places.entry(path.clone()).or_insert(place);
            }
        }
        let embed = embed::resolve(folder, sources, self.files);
        let embed = embed.unwrap_or_else(|wrong| {
            self.wrong.extend(wrong);
            None
        });
        let first = read.files.first().or(sources.first().copied());
        let package = Package {
            object: self.path_of(folder),
            path: self.path_of(folder),
            folder: folder.to_owned(),
            name: first
                .map(|source| source.header.package.clone())
                .unwrap_or_default(),
            files: sources.iter().map(|source| source.path.clone()).collect(),
            imports: places.keys().cloned().collect(),
            embed,
            language: self.language(folder),
            trims: self
                .files
                .modules
                .of_folder(folder)
                .map(Module::trims)
                .unwrap_or_default(),
            debugs: sources
                .iter()
                .flat_map(|source| source.header.debugs.clone())
                .collect(),
            has_wasmexport: sources.iter().any(|source| source.header.has_wasmexport),
            ..Package::default()
        };
        Open {
            package,
            places,
            next: 0,
        }
    }

    /// Goes through all that a package imports, depth first, without recursion: programs may be deep.
    fn go_into(&mut self, root: &mut Open) {
        let mut stack: Vec<Open> = Vec::new();
        loop {
            let top = stack.last_mut().unwrap_or(root);
            let Some(path) = top.package.imports.get(top.next).cloned() else {
                match stack.pop() {
                    None => return,
                    Some(open) => {
                        self.push(open.package);
                        continue;
                    }
                }
            };
            top.next += 1;
            let (file, at) = top.places.get(&path).cloned().unwrap_or_default();
            let importer = top.package.path.clone();
            if self.done.contains(&path) {
                continue;
            }
            let folder = match self.target(&path, &importer) {
                Ok(Target::Standard) => continue,
                Ok(Target::Folder(folder)) => folder,
                Err(message) => {
                    self.wrong.push(diagnostic(&file, at, message));
                    continue;
                }
            };
            let chain: Vec<&Package> = [&root.package]
                .into_iter()
                .chain(stack.iter().map(|open| &open.package))
                .collect();
            if let Some(start) = chain.iter().position(|package| package.path == path) {
                let message = cycle(chain.get(start..).unwrap_or_default(), &path);
                self.wrong.push(diagnostic(&file, at, message));
                continue;
            }
            match self.files.folder(&folder) {
                Err(wrong) => {
                    self.wrong.extend(wrong);
                    self.done.insert(path);
                }
                Ok(read) => {
                    let problem = self.importable(&path, &folder, &read);
                    if let Some(message) = problem {
                        self.wrong.push(diagnostic(&file, at, message));
                        self.done.insert(path);
                        continue;
                    }
                    let sources: Vec<&Source> = read.files.iter().collect();
                    let open = self.open(&folder, &read, &sources);
                    stack.push(open);
                }
            }
        }
    }

    /// Why the package of a folder cannot be imported.
    fn importable(&self, path: &str, folder: &str, read: &Folder) -> Option<String> {
        let Some(first) = read.files.first() else {
            return Some(match read.left_out {
                0 => format!("no non-test Go files in {folder}"),
                _ => format!("build constraints exclude all Go files in {folder}"),
            });
        };
        (first.header.package == "main")
            .then(|| format!("import \"{path}\" is a program, not an importable package"))
    }

    /// Where an import path leads; the text says why it leads nowhere.
    fn target(&self, path: &str, importer: &str) -> Result<Target, String> {
        if path.starts_with("./") || path.starts_with("../") || path == "." || path == ".." {
            return Err(format!(
                "\"{path}\" is relative, but relative import paths are not supported in module mode: \
                 write \"{}/…\"",
                self.files.modules.own().path
            ));
        }
        if !is_path(path) {
            return Err(format!("malformed import path {path:?}"));
        }
        if let Some(above) = internal(path)
            && !(importer == above
                || importer
                    .strip_prefix(above)
                    .is_some_and(|rest| rest.starts_with('/')))
        {
            let is_ours = self.folder_of(path).is_some();
            if is_ours || self.index.package(path).is_some() {
                return Err(format!("use of internal package {path} not allowed"));
            }
        }
        if self.index.package(path).is_some() {
            return Ok(Target::Standard);
        }
        if let Some(folder) = self.folder_of(path) {
            return Ok(Target::Folder(folder));
        }
        Err(self.missing(path))
    }

    /// The folder with the package of this import path.
    fn folder_of(&self, path: &str) -> Option<String> {
        self.files.modules.folders(path).find(|folder| {
            let mut files = self.files.in_folder(folder);
            files.any(|(path, _)| path.ends_with(".go"))
        })
    }

    /// Why there is no package of this import path.
    fn missing(&self, path: &str) -> String {
        if let Some(why) = self.files.modules.missing(path) {
            return why;
        }
        let first = path.split('/').next().unwrap_or(path);
        if !first.contains('.') {
            return format!("package {path} is not in std");
        }
        let requires = self.files.modules.own().go_mod.requires;
        let from = requires.iter().find(|(from, _)| {
            path.strip_prefix(from.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        let from = from.map_or(String::new(), |(from, _)| {
            format!(" (of the module {from})")
        });
        format!(
            "package {path}{from} is not here, and nothing is downloaded: \
             add its folder as vendor/{path}, with all that it imports (`go mod vendor` puts them there), or its module as a \
             folder, with replace … => ./folder in go.mod"
        )
    }

    /// The language of a folder's package.
    fn language(&self, folder: &str) -> Option<Version> {
        let Some(path) = folder.strip_prefix("vendor/") else {
            let module = self.files.modules.of_folder(folder);
            return module.map(Module::language);
        };
        // A folder that was put there by hand has a go.mod of its own.
        let ends = path
            .match_indices('/')
            .map(|(end, _)| end)
            .chain([path.len()]);
        let above: Vec<&str> = ends.filter_map(|end| path.get(..end)).collect();
        let own = above.iter().rev().find_map(|above| {
            let contents = self
                .files
                .by_path
                .get(format!("vendor/{above}/go.mod").as_str())?;
            Some(GoMod::read(contents).ok()?.go.unwrap_or(Version::UNSAID))
        });
        own.or_else(|| self.listed_language(path))
    }

    /// What vendor/modules.txt says of the language of a package.
    fn listed_language(&self, path: &str) -> Option<Version> {
        let list = self.files.by_path.get("vendor/modules.txt")?;
        let list = String::from_utf8_lossy(list);
        let mut language = Version::UNSAID;
        for line in list.lines() {
            if line.starts_with("# ") {
                language = Version::UNSAID;
            } else if let Some(notes) = line.strip_prefix("## ") {
                let go = notes
                    .split(';')
                    .find_map(|note| note.trim().strip_prefix("go "));
                language = go.and_then(Version::parse).unwrap_or(language);
            } else if line.trim() == path {
                return Some(language);
            }
        }
        None
    }
}

/// What an import path stands below that only what is below it, too, may import.
fn internal(path: &str) -> Option<&str> {
    let at = match path.rfind("/internal/") {
        Some(at) => at,
        None if path.ends_with("/internal") => path.len().checked_sub("/internal".len())?,
        None if path == "internal" || path.starts_with("internal/") => 0,
        None => return None,
    };
    path.get(..at)
}

fn cycle(chain: &[&Package], path: &str) -> String {
    let mut text = "import cycle not allowed".to_owned();
    for (place, package) in chain.iter().enumerate() {
        let verb = if place == 0 {
            "\n\tpackage"
        } else {
            "\n\t\timports"
        };
        text.push_str(&format!("{verb} {}", package.path));
    }
    text.push_str(&format!("\n\t\timports {path}"));
    text
}
