//! Which lines of a plugin's source have been reached, in all of its instances.

use super::Plain;
use crate::debug::cover::{self, Covered};
use crate::debug::twin::Line;
use crate::protocol::{Lines, SourceFile};
use std::collections::BTreeMap;

/// What was reached, by the numbers of lines, from 0.
#[derive(Clone, Debug, Default)]
pub struct Coverage(Vec<bool>);

impl Coverage {
    /// Takes in what an instance has reached.
    pub fn add(&mut self, covered: &[(Line, bool)]) {
        for ((_, number), reached) in covered {
            let Some(number) = number.checked_sub(1).filter(|_| *reached) else {
                continue;
            };
            let number = number as usize;
            if self.0.len() <= number {
                self.0.resize(number + 1, false);
            }
            if let Some(slot) = self.0.get_mut(number) {
                *slot = true;
            }
        }
    }

    /// Forgets it all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Go's cover profile: of the plugin's own files, or of all.
    #[must_use]
    pub fn profile(&self, lines: &Lines, all: bool) -> String {
        let each = self.each(lines, all);
        let covered = each.map(|(file, line, reached)| Covered {
            file: file.path.clone(),
            line,
            reached,
        });
        cover::profile(&covered.collect::<Vec<_>>())
    }

    /// The same as plain data: a list of files in the order of their paths, each with its lines.
    #[must_use]
    pub fn files(&self, lines: &Lines, all: bool) -> Plain {
        let mut files = BTreeMap::<&str, BTreeMap<u32, bool>>::new();
        for (file, line, reached) in self.each(lines, all) {
            let its = files.entry(&file.path).or_default();
            *its.entry(line).or_default() |= reached;
        }
        let files = files.into_iter().map(|(path, lines)| {
            let count = |wanted: bool| lines.values().filter(|it| **it || wanted).count();
            let (reached, total) = (count(false), count(true));
            let lines = lines.iter().map(|(line, reached)| {
                object([
                    ("line", Plain::Number((*line).into())),
                    ("reached", Plain::Bool(*reached)),
                ])
            });
            object([
                ("file", Plain::Text(path.to_owned())),
                ("reached", number(reached)),
                ("total", number(total)),
                ("lines", Plain::List(lines.collect())),
            ])
        });
        Plain::List(files.collect())
    }

    /// The files and lines, and whether each was reached.
    fn each<'l>(
        &self,
        lines: &'l Lines,
        all: bool,
    ) -> impl Iterator<Item = (&'l SourceFile, u32, bool)> {
        let numbered = lines.lines.iter().enumerate();
        numbered.filter_map(move |(number, (file, line))| {
            let file = lines.files.get(*file as usize)?;
            let reached = self.0.get(number).copied().unwrap_or_default();
            (all || is_own(file)).then_some((file, *line, reached))
        })
    }
}

/// Whether a file is the plugin's own, and not of a library that it uses.
pub(super) fn is_own(file: &SourceFile) -> bool {
    let folders = ["/pkg/mod/", "/vendor/", "/.cargo/registry/", "/.cargo/git/"];
    let path = &file.path;
    let is_foreign = path.starts_with("/rustc/")
        || folders.iter().any(|folder| path.contains(folder))
        // Where `-trimpath` has shortened it, a module that was fetched has its version behind an at sign.
        || path.split('/').any(|name| name.contains("@v"));
    !is_foreign && !is_of_go(file)
}

/// Whether a file is of Go's library, whose packages have names that nobody else's begin with: but for those of
/// folders that happen to be called so.
fn is_of_go(file: &SourceFile) -> bool {
    const FIRST: &[&str] = &[
        "bufio",
        "bytes",
        "cmp",
        "compress",
        "container",
        "context",
        "crypto",
        "debug",
        "embed",
        "encoding",
        "errors",
        "expvar",
        "flag",
        "fmt",
        "hash",
        "html",
        "internal",
        "io",
        "iter",
        "log",
        "maps",
        "math",
        "mime",
        "net",
        "os",
        "path",
        "reflect",
        "regexp",
        "slices",
        "sort",
        "strconv",
        "strings",
        "sync",
        "syscall",
        "testing",
        "text",
        "time",
        "unicode",
        "unique",
        "unsafe",
        "weak",
    ];
    let path = match file.path.rsplit_once("/src/") {
        Some((_, path)) => path,
        None => &file.path,
    };
    let Some((folder, name)) = path.rsplit_once('/') else {
        return false;
    };
    let first = folder.split('/').next().unwrap_or_default();
    // What is there may go by the name of another package.
    let is_there = first == "runtime" || (FIRST.contains(&first) && file.package == folder);
    is_there && name.ends_with(".go")
}

fn number(count: usize) -> Plain {
    Plain::Number(u32::try_from(count).unwrap_or(u32::MAX).into())
}

fn object<const N: usize>(parts: [(&str, Plain); N]) -> Plain {
    let parts = parts.into_iter();
    Plain::Object(parts.map(|(key, value)| (key.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Lines {
        let file = |path: &str, package: &str| SourceFile {
            path: path.to_owned(),
            package: package.to_owned(),
        };
        Lines {
            lines: vec![(0, 7), (1, 4), (0, 3), (2, 1), (3, 2)],
            files: vec![
                file("greet/main.go", "main"),
                file("strconv/itoa.go", "strconv"),
                file("example.com/list@v1.0.0/list.go", "example.com/list"),
                file("/home/a/log/log.go", "log"),
            ],
            ..Lines::default()
        }
    }

    #[test]
    fn what_some_instance_has_reached_is_reached() {
        let mut coverage = Coverage::default();
        coverage.add(&[((10, 1), false), ((20, 3), true), ((30, 0), true)]);
        coverage.add(&[((10, 1), false), ((20, 3), false), ((40, 2), true)]);
        assert_eq!(
            coverage.profile(&lines(), false),
            "mode: set\n/home/a/log/log.go:2.1,2.65536 1 0\n\
             greet/main.go:3.1,3.65536 1 1\ngreet/main.go:7.1,7.65536 1 0\n"
        );
        assert!(
            coverage
                .profile(&lines(), true)
                .contains("strconv/itoa.go:4.1,4.65536 1 1")
        );
        let files = coverage.files(&lines(), false);
        let Plain::List(files) = &files else {
            panic!("{files:?}");
        };
        let told = |file: &Plain| {
            let of = |key: &str| file.get(key).to_string();
            [of("file"), of("reached"), of("total")].join(" ")
        };
        let told: Vec<String> = files.iter().map(told).collect();
        assert_eq!(
            told,
            ["\"/home/a/log/log.go\" 0 1", "\"greet/main.go\" 1 2"]
        );
        coverage.clear();
        assert!(!coverage.profile(&lines(), true).contains(" 1 1"));
    }

    #[test]
    fn libraries_are_not_the_plugin_s_own() {
        let own = |path: &str, package: &str| {
            is_own(&SourceFile {
                path: path.to_owned(),
                package: package.to_owned(),
            })
        };
        assert!(own("greet/log/log.go", "greet/log"));
        assert!(own("/home/a/src/lib.rs", "mine"));
        assert!(own("main.go", "main"));
        for (path, package) in [
            ("/usr/local/go/src/fmt/print.go", "fmt"),
            ("runtime/proc.go", "main"),
            ("encoding/json/decode.go", "encoding/json"),
            (
                "/root/go/pkg/mod/example.com/x@v1.2.3/x.go",
                "example.com/x",
            ),
            ("/rustc/abc/library/core/src/fmt/mod.rs", "core"),
        ] {
            assert!(!own(path, package), "{path}");
        }
    }
}
