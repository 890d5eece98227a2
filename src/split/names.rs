//! What functions are called, and to which part their names assign them.

use std::error::Error;
use wasmparser::{BinaryReaderError, KnownCustom, Name, Parser, Payload};

/// Which functions are in which part but the first, by paths in the program's source. Of those that stand in a
/// function's name the longest decides. What another crate has goes by the path that its name begins with: the types
/// that it is for say little, since one that is the same for several has the name of any.
pub struct Rules {
    /// What the parts are called.
    pub parts: Vec<String>,
    /// A path, and the part, from 1; 0 is the first one.
    paths: Vec<(String, usize)>,
}

impl Rules {
    /// `[name]` begins a part, whose paths follow, one a line; one behind `!` is in the first part all the same.
    /// `#` begins a remark.
    pub fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        let mut rules = Self {
            parts: Vec::new(),
            paths: Vec::new(),
        };
        let lines = text
            .lines()
            .map(|line| line.split('#').next().unwrap_or("").trim());
        for line in lines.filter(|line| !line.is_empty()) {
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                rules.parts.push(name.to_owned());
            } else if let Some(path) = line.strip_prefix('!') {
                rules.paths.push((path.to_owned(), 0));
            } else if rules.parts.is_empty() {
                return Err(format!("{line} stands in no [part]").into());
            } else {
                rules.paths.push((line.to_owned(), rules.parts.len()));
            }
        }
        Ok(rules)
    }

    /// The part of the function that is called so; `None`: of whichever calls it.
    pub fn part(&self, name: &str) -> Option<usize> {
        let own = name.trim_start_matches(['<', '&']);
        let is_ours = own.starts_with("plugboard::");
        let matching = self.paths.iter().filter(|(path, _)| match is_ours {
            true => stands_in(path, name),
            false => own.starts_with(path.as_str()) && stands_in(path, own),
        });
        matching
            .max_by_key(|(path, _)| path.len())
            .map(|(_, part)| *part)
    }

    /// The paths that are in no name: what they meant has moved, or is no more.
    pub fn unused(&self, names: &[String]) -> Vec<&str> {
        let is_unused = |path: &&str| !names.iter().any(|name| stands_in(path, name));
        self.paths
            .iter()
            .map(|(path, _)| path.as_str())
            .filter(is_unused)
            .collect()
    }
}

/// Whether `path` stands in `name`, as whole words.
fn stands_in(path: &str, name: &str) -> bool {
    let is_word = |letter: char| letter == '_' || letter.is_alphanumeric();
    let cut = |inside: Option<char>, outside: Option<char>| {
        inside.is_some_and(is_word) && outside.is_some_and(is_word)
    };
    name.match_indices(path).any(|(at, _)| {
        let (before, after) = (&name[..at], &name[at + path.len()..]);
        !cut(path.chars().next(), before.chars().next_back())
            && !cut(path.chars().next_back(), after.chars().next())
    })
}

/// The name of each of so many functions, as the section `name` has it, without the crates' hashes.
pub fn functions(module: &[u8], count: usize) -> Result<Vec<String>, BinaryReaderError> {
    let mut names = vec![String::new(); count];
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload? else {
            continue;
        };
        let KnownCustom::Name(subsections) = section.as_known() else {
            continue;
        };
        for subsection in subsections {
            let Name::Function(functions) = subsection? else {
                continue;
            };
            for function in functions {
                let function = function?;
                if let Some(name) = names.get_mut(function.index as usize) {
                    *name = without_hashes(function.name);
                }
            }
        }
    }
    Ok(names)
}

/// `core[c5930c85a12de822]::fmt` is `core::fmt`.
fn without_hashes(name: &str) -> String {
    let mut parts = name.split('[');
    let mut without = parts.next().unwrap_or("").to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((hash, rest))
                if hash.len() > 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
            {
                without.push_str(rest);
            }
            _ => {
                without.push('[');
                without.push_str(part);
            }
        }
    }
    without
}
