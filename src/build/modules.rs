//! The modules that a program consists of: its own, and those that its go.mod replaces by folders of it. A folder with a go.mod
//! that nothing leads to is another module, as Go has it; where the program has no go.mod itself, all of them are its own.

use super::go_mod::{GoMod, Replace, Version};
use super::index::Index;
use super::lex::At;
use super::packages::diagnostic;
use super::plan::PROGRAM;
use crate::protocol::build::Diagnostic;
use std::collections::BTreeMap;

/// A module of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// Its path, by which its packages are imported.
    pub path: String,
    /// Its folder; empty: the program's own.
    pub folder: String,
    /// The version that the program requires of it; empty: none.
    version: String,
    /// What its go.mod says, or what stands for it.
    pub go_mod: GoMod,
}

impl Module {
    /// The language that it is written in.
    #[must_use]
    pub fn language(&self) -> Version {
        self.go_mod.go.unwrap_or(Version::UNSAID)
    }

    /// The import path of the package in one of its folders.
    fn import_path(&self, folder: &str) -> String {
        match within(folder, &self.folder) {
            None | Some("") => self.path.clone(),
            Some(rest) => format!("{}/{rest}", self.path),
        }
    }

    /// What the compiler is to write of the paths of its files, as `-trimpath` has it, before what that says of the program's;
    /// nothing, where it is the program's own.
    #[must_use]
    pub fn trims(&self) -> String {
        match (&*self.folder, &*self.version) {
            ("", _) => String::new(),
            (folder, "") => format!("{PROGRAM}/{folder}=>{};", self.path),
            (folder, version) => format!("{PROGRAM}/{folder}=>{}@{version};", self.path),
        }
    }
}

/// The modules of a program.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    /// Its own is the first.
    all: Vec<Module>,
    /// The folders with a go.mod, without the program's own.
    nested: Vec<String>,
    has_go_mod: bool,
}

impl Modules {
    /// Those of a program, whose files these are by their paths.
    ///
    /// # Errors
    ///
    /// What is wrong with a go.mod.
    pub fn of(by_path: &BTreeMap<&str, &[u8]>, index: &Index) -> Result<Self, Vec<Diagnostic>> {
        let own = match by_path.get("go.mod") {
            Some(contents) => read("go.mod", contents, index)?,
            None => GoMod::none(index.language()),
        };
        let nested = by_path
            .keys()
            .filter_map(|path| path.strip_suffix("/go.mod"));
        let nested = nested.filter(|folder| within(folder, "vendor").is_none());
        let nested: Vec<String> = nested.map(str::to_owned).collect();
        let has_go_mod = by_path.contains_key("go.mod");
        let mut all = vec![Module {
            path: own.module.clone(),
            go_mod: own.clone(),
            ..Module::default()
        }];
        for folder in &nested {
            let path = format!("{folder}/go.mod");
            let replaces = || {
                own.replaces
                    .iter()
                    .filter(|it| it.folder().as_ref() == Some(folder))
            };
            if has_go_mod && replaces().next().is_none() {
                continue;
            }
            let contents = by_path.get(path.as_str()).copied().unwrap_or_default();
            let go_mod = read(&path, contents, index)?;
            let paths: Vec<String> = match has_go_mod {
                true => replaces().map(|it| it.path.clone()).collect(),
                false => vec![go_mod.module.clone()],
            };
            all.extend(paths.into_iter().map(|path| Module {
                version: own.required(&path).unwrap_or_default().to_owned(),
                path,
                folder: folder.clone(),
                go_mod: go_mod.clone(),
            }));
        }
        Ok(Self {
            all,
            nested,
            has_go_mod,
        })
    }

    /// The program's own.
    #[must_use]
    pub fn own(&self) -> Module {
        self.all.first().cloned().unwrap_or_default()
    }

    /// The innermost folder with a go.mod that a folder is in; empty: the program's own.
    fn root_of(&self, folder: &str) -> &str {
        let nested = self.nested.iter().map(String::as_str);
        let around = nested.filter(|root| within(folder, root).is_some());
        around.max_by_key(|root| root.len()).unwrap_or_default()
    }

    /// The module that a folder is of; `None`: one that is not the program's.
    #[must_use]
    pub fn of_folder(&self, folder: &str) -> Option<&Module> {
        let root = self.root_of(folder);
        self.all.iter().find(|module| module.folder == root)
    }

    /// Whether a build of all packages goes through a folder.
    #[must_use]
    pub fn is_own(&self, folder: &str) -> bool {
        match self.has_go_mod {
            true => self.root_of(folder).is_empty(),
            false => self.of_folder(folder).is_some(),
        }
    }

    /// The import path of the package in a folder.
    #[must_use]
    pub fn import_path(&self, folder: &str) -> String {
        match (folder.strip_prefix("vendor/"), self.of_folder(folder)) {
            (Some(path), _) => path.to_owned(),
            (None, Some(module)) => module.import_path(folder),
            (None, None) => self.own().import_path(folder),
        }
    }

    /// The folders that an import path may lead to, the likeliest first.
    pub fn folders<'a>(&'a self, path: &'a str) -> impl Iterator<Item = String> + 'a {
        let mut found: Vec<(usize, String)> = Vec::new();
        for module in &self.all {
            let Some(rest) = within(path, &module.path) else {
                continue;
            };
            let folder = match (&*module.folder, rest) {
                (folder, "") => folder.to_owned(),
                ("", rest) => rest.to_owned(),
                (folder, rest) => format!("{folder}/{rest}"),
            };
            if self.root_of(&folder) == module.folder {
                found.push((module.path.len(), folder));
            }
        }
        found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        let found = found.into_iter().map(|(_, folder)| folder);
        found.chain([format!("vendor/{path}")])
    }

    /// Why there is no package of an import path, where its module is known to the program.
    #[must_use]
    pub fn missing(&self, path: &str) -> Option<String> {
        let own = self.own();
        let replaced = |it: &&Replace| within(path, &it.path).is_some();
        if let Some(replace) = own.go_mod.replaces.iter().find(replaced) {
            let Replace {
                path: module,
                target,
                ..
            } = replace;
            let why = match (replace.is_local(), replace.folder()) {
                (false, _) => return None,
                (true, None) => "which is outside of the program".to_owned(),
                (true, Some(folder)) if !self.nested.contains(&folder) => {
                    "where there is no go.mod".to_owned()
                }
                (true, Some(folder)) => {
                    let rest = within(path, module).unwrap_or_default();
                    return Some(format!(
                        "package {path} is not in {folder}, by which go.mod replaces {module}: there are no Go files in \
                         {folder}/{rest}"
                    ));
                }
            };
            return Some(format!(
                "package {path} is not here: go.mod replaces {module} by {target}, {why}. Add that folder, with its go.mod, \
                 and write replace {module} => ./… with its path below the program's folder"
            ));
        }
        let folder = within(path, &own.path).filter(|rest| !rest.is_empty())?;
        Some(match self.root_of(folder) {
            "" => {
                format!("package {path} is not in this program: there are no Go files in {folder}")
            }
            root => format!(
                "package {path} is not in this program: {root} is a module of its own, since there is {root}/go.mod. Delete \
                 that, or import by the path that it says, with replace … => ./{root} in go.mod"
            ),
        })
    }
}

/// What is behind a path and its `/`, if it is below, and nothing for the path itself.
fn within<'p>(path: &'p str, above: &str) -> Option<&'p str> {
    match (above, path.strip_prefix(above)?) {
        ("", rest) | (_, rest @ "") => Some(rest),
        (_, rest) => rest.strip_prefix('/'),
    }
}

/// Reads a go.mod that is built by.
fn read(path: &str, contents: &[u8], index: &Index) -> Result<GoMod, Vec<Diagnostic>> {
    let whole = |message: String| Err(vec![diagnostic(path, At::default(), message)]);
    let go_mod = GoMod::read(contents);
    let go_mod = go_mod.map_err(|(message, at)| vec![diagnostic(path, at, message)])?;
    if index.package(&go_mod.module).is_some() {
        return whole(format!(
            "a package of the standard library is called {}: give the module another path, such as example/{0}",
            go_mod.module
        ));
    }
    let language = index.language();
    if let Some(go) = go_mod.go.filter(|go| *go > language) {
        return whole(format!(
            "{path} requires go >= {go}, and the toolchain here is {}: change the go line",
            index.version
        ));
    }
    Ok(go_mod)
}
