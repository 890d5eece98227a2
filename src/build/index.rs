//! What the toolchain's `index.json` says: which files there are, and what imports what. `toolchain.mjs` writes it.

use super::Version;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The name of the file.
pub const INDEX: &str = "index.json";

/// A file of the toolchain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its size as it is fetched, in bytes.
    pub compressed: u64,
}

/// A package of the standard library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its archive; `unsafe` has none.
    pub archive: Option<File>,
    /// The import paths that it imports; a vendored one by where it is.
    pub imports: Vec<String>,
}

/// A setting of GODEBUG whose default depends on the `go` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Godebug {
    /// Its name.
    pub name: String,
    /// The first minor version with the new behaviour.
    pub changed: u32,
    /// The value for what is older.
    pub old: String,
}

/// What there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// The toolchain's version, as Go says it.
    pub version: String,
    /// The settings of GODEBUG, by name.
    pub godebugs: Vec<Godebug>,
    tools: BTreeMap<String, File>,
    packages: BTreeMap<String, Package>,
}

impl Index {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| format!("{INDEX} of the toolchain is no JSON: {error}"))?;
        Self::of(&value).ok_or_else(|| {
            format!("{INDEX} of the toolchain is not what this version can read: build it again")
        })
    }

    /// The names of all files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let archives = self.packages.values().flat_map(|it| &it.archive);
        self.tools
            .values()
            .chain(archives)
            .map(|file| file.name.as_str())
    }

    fn of(value: &Value) -> Option<Self> {
        let object = value.as_object()?;
        let tools = object.get("tools")?.as_object()?;
        let packages = object.get("packages")?.as_object()?;
        Some(Self {
            version: string(object, "version")?,
            godebugs: godebugs(object.get("godebugs")),
            tools: tools
                .iter()
                .map(|(name, tool)| Some((name.clone(), file(tool.as_object()?)?)))
                .collect::<Option<_>>()?,
            packages: packages
                .iter()
                .map(|(path, package)| Some((path.clone(), self::package(package.as_object()?))))
                .collect::<Option<_>>()?,
        })
    }

    /// The version of the language that the toolchain speaks.
    #[must_use]
    pub fn language(&self) -> Version {
        let at = self.version.find("go1.").map_or(0, |at| at + 2);
        let rest = self.version.get(at..).unwrap_or_default();
        let end = rest.find(|c: char| c != '.' && !c.is_ascii_digit());
        let number = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        Version::parse(number).unwrap_or(Version { minor: 24 })
    }

    /// The tool of this name.
    #[must_use]
    pub fn tool(&self, name: &str) -> Option<&File> {
        self.tools.get(name)
    }

    /// The package of this import path.
    #[must_use]
    pub fn package(&self, path: &str) -> Option<&Package> {
        self.packages.get(path)
    }

    /// These packages and all that they stand on, each once, in the order of their import paths.
    #[must_use]
    pub fn closure<'a>(&'a self, roots: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut todo: Vec<&str> = roots.into_iter().collect();
        while let Some(path) = todo.pop() {
            if let Some(package) = self.packages.get(path)
                && found.insert(path)
            {
                todo.extend(package.imports.iter().map(String::as_str));
            }
        }
        found
    }
}

fn string(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key)?.as_str().map(str::to_owned)
}

fn strings(object: &Map<String, Value>, key: &str) -> Vec<String> {
    let values = object.get(key).and_then(Value::as_array);
    let values = values.into_iter().flatten().filter_map(Value::as_str);
    values.map(str::to_owned).collect()
}

fn file(object: &Map<String, Value>) -> Option<File> {
    Some(File {
        name: string(object, "file")?,
        compressed: object.get("compressed")?.as_u64()?,
    })
}

fn package(object: &Map<String, Value>) -> Package {
    Package {
        archive: file(object),
        imports: strings(object, "imports"),
    }
}

fn godebugs(value: Option<&Value>) -> Vec<Godebug> {
    let settings = value.and_then(Value::as_object).into_iter().flatten();
    settings
        .filter_map(|(name, setting)| {
            Some(Godebug {
                name: name.clone(),
                changed: u32::try_from(setting.get("changed")?.as_u64()?).ok()?,
                old: setting.get("old")?.as_str()?.to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = r#"{"version":"go1.27.3",
        "tools":{"compile":{"file":"compile-1.gz","size":9,"compressed":5}},
        "godebugs":{"panicnil":{"changed":21,"old":"1"}},
        "packages":{"unsafe":{"imports":[]},
            "errors":{"file":"errors-2.gz","size":4,"compressed":2,"imports":["unsafe"]},
            "fmt":{"file":"fmt-3.gz","size":4,"compressed":3,"imports":["errors","unsafe"]},
            "os":{"file":"os-4.gz","size":4,"compressed":3,"imports":["errors"]}}}"#;

    #[test]
    fn what_it_says_is_found() {
        let index = Index::read(INDEX.as_bytes()).unwrap();
        assert_eq!(index.version, "go1.27.3");
        assert_eq!(index.language().to_string(), "1.27");
        assert_eq!(index.tool("compile").unwrap().compressed, 5);
        assert_eq!(index.tool("link"), None);
        assert_eq!(index.package("unsafe").unwrap().archive, None);
        assert_eq!(index.godebugs[0].changed, 21);
        let closure: Vec<_> = index.closure(["fmt"]).into_iter().collect();
        assert_eq!(closure, ["errors", "fmt", "unsafe"]);
    }

    #[test]
    fn versions_of_development_have_a_language() {
        let index = |version: &str| Index {
            version: version.to_owned(),
            ..Index::default()
        };
        assert_eq!(index("go1.24").language().minor, 24);
        assert_eq!(index("go1.28rc1").language().minor, 28);
        assert_eq!(index("devel go1.29-abc123 Mon").language().minor, 29);
        assert_eq!(index("").language().minor, 24);
    }

    #[test]
    fn what_is_no_index_is_refused_with_words() {
        assert!(Index::read(b"<html>").unwrap_err().contains("no JSON"));
        for text in [
            "[]",
            "{}",
            r#"{"version":1,"tools":{},"packages":{}}"#,
            r#"{"version":"","tools":{"a":{}},"packages":{}}"#,
        ] {
            let error = Index::read(text.as_bytes()).unwrap_err();
            assert!(error.contains("build it again"), "{error}");
        }
    }
}
