//! What `//go:embed` lines name: patterns against the program's files, and the configuration that the compiler gets.

use super::packages::{Files, Source};
use crate::protocol::build::Diagnostic;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The files that a package embeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embed {
    /// By pattern, as it is written: paths below the package's folder, in order.
    pub patterns: BTreeMap<String, Vec<String>>,
}

impl Embed {
    /// All files, below the package's folder.
    #[must_use]
    pub fn files(&self) -> BTreeSet<&str> {
        self.patterns
            .values()
            .flatten()
            .map(String::as_str)
            .collect()
    }

    /// The configuration for the compiler, which finds the package's folder at `at`.
    #[must_use]
    pub fn config(&self, at: &str) -> String {
        let files = self.files().into_iter();
        let files: serde_json::Map<String, Value> = files
            .map(|file| (file.to_owned(), Value::from(format!("{at}/{file}"))))
            .collect();
        json!({"Patterns": self.patterns, "Files": files}).to_string()
    }
}

/// What the files of a package embed.
///
/// # Errors
///
/// Says which patterns match nothing, or nothing that may be embedded.
pub fn resolve(
    folder: &str,
    sources: &[&Source],
    files: &Files<'_>,
) -> Result<Option<Embed>, Vec<Diagnostic>> {
    let mut embed = Embed::default();
    let mut wrong = Vec::new();
    for source in sources {
        let header = &source.header;
        // Without the import it is an error that the compiler finds.
        if !header.imports.iter().any(|(path, _)| path == "embed") {
            continue;
        }
        for (pattern, at) in &header.embeds {
            if embed.patterns.contains_key(pattern) {
                continue;
            }
            match matches(folder, pattern, files) {
                Ok(found) => {
                    embed.patterns.insert(pattern.clone(), found);
                }
                Err(reason) => {
                    wrong.push(source.wrong(*at, format!("pattern {pattern}: {reason}")));
                }
            }
        }
    }
    match wrong.is_empty() {
        false => Err(wrong),
        true => Ok((!embed.patterns.is_empty()).then_some(embed)),
    }
}

/// The files that a pattern matches, below the folder.
fn matches(folder: &str, pattern: &str, files: &Files<'_>) -> Result<Vec<String>, String> {
    let (all, glob) = match pattern.strip_prefix("all:") {
        Some(glob) => (true, glob),
        None => (false, pattern),
    };
    let is_valid = glob == "." || glob.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !is_valid || glob.contains('\\') || glob.contains('\0') {
        return Err("invalid pattern syntax".to_owned());
    }
    let prefix = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let below = files
        .below(folder)
        .filter_map(|(path, _)| path.get(prefix.len()..));
    let parts: Vec<&str> = if glob == "." {
        Vec::new()
    } else {
        glob.split('/').collect()
    };
    for part in &parts {
        check(part)?;
    }
    let mut found = BTreeSet::new();
    let mut barred = None;
    for path in below {
        let names: Vec<&str> = path.split('/').collect();
        let is_match = names.len() >= parts.len()
            && parts
                .iter()
                .zip(&names)
                .all(|(part, name)| glob_matches(part.as_bytes(), name.as_bytes()));
        if !is_match {
            continue;
        }
        // What is found below a folder that is named leaves out hidden files; other modules are never a part of it.
        let within = names.get(parts.len()..).unwrap_or_default();
        let is_hidden = within.iter().any(|name| name.starts_with(['.', '_']));
        if is_hidden && !all {
            continue;
        }
        let modules = (1..names.len()).map(|end| names.get(..end).unwrap_or_default().join("/"));
        let mut modules = modules.map(|above| {
            (
                files
                    .by_path
                    .contains_key(format!("{prefix}{above}/go.mod").as_str()),
                above,
            )
        });
        if let Some((_, module)) = modules.find(|(is_module, _)| *is_module) {
            barred = Some(format!(
                "cannot embed {path}: {module} is in a different module"
            ));
            continue;
        }
        if let Some(name) = names.iter().find(|name| is_barred(name)) {
            barred = Some(format!("cannot embed {path}: invalid name {name}"));
            continue;
        }
        found.insert(path.to_owned());
    }
    match (found.is_empty(), barred) {
        (true, Some(reason)) => Err(reason),
        (true, None) => Err("no matching files found".to_owned()),
        (false, _) => Ok(found.into_iter().collect()),
    }
}

/// Whether no file of this name is embedded.
fn is_barred(name: &str) -> bool {
    matches!(name, "" | ".bzr" | ".hg" | ".git" | ".svn")
        || name.contains(|c: char| "\"*<>?`'|/\\:".contains(c))
}

/// Whether a part of a pattern is well formed.
fn check(part: &str) -> Result<(), String> {
    let mut rest = part;
    while let Some(at) = rest.find('[') {
        let class = rest.get(at + 1..).unwrap_or_default();
        let class = class.strip_prefix('^').unwrap_or(class);
        match class.get(1..).and_then(|more| more.find(']')) {
            Some(end) => rest = class.get(end + 2..).unwrap_or_default(),
            None => return Err("syntax error in pattern".to_owned()),
        }
    }
    Ok(())
}

/// Whether a name matches a part of a pattern: `*`, `?` and `[a-z]`. It goes back to the last `*` only, so that no pattern
/// takes long.
fn glob_matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star = None;
    while n < name.len() {
        let step = match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
                continue;
            }
            Some(b'?') => Some(1),
            Some(b'[') => class_matches(
                pattern.get(p..).unwrap_or_default(),
                name.get(n).copied().unwrap_or_default(),
            ),
            Some(byte) => (name.get(n) == Some(byte)).then_some(1),
            None => None,
        };
        match (step, star) {
            (Some(length), _) => {
                p += length;
                n += 1;
            }
            (None, Some((at, from))) => {
                p = at + 1;
                n = from + 1;
                star = Some((at, n));
            }
            (None, None) => return false,
        }
    }
    pattern
        .get(p..)
        .unwrap_or_default()
        .iter()
        .all(|byte| *byte == b'*')
}

/// The length of the class that a pattern begins with, if the byte is in it.
fn class_matches(pattern: &[u8], byte: u8) -> Option<usize> {
    let mut at = 1;
    let negated = pattern.get(at) == Some(&b'^');
    at += usize::from(negated);
    let mut is_in = false;
    let mut is_first = true;
    loop {
        let low = *pattern.get(at)?;
        if low == b']' && !is_first {
            return (is_in != negated).then_some(at + 1);
        }
        is_first = false;
        let mut high = low;
        if pattern.get(at + 1) == Some(&b'-') && pattern.get(at + 2).is_some_and(|end| *end != b']')
        {
            high = *pattern.get(at + 2)?;
            at += 2;
        }
        is_in |= (low..=high).contains(&byte);
        at += 1;
    }
}
