//! What packages were compiled to: kept until what they were compiled from is otherwise.

use std::collections::BTreeMap;
use std::rc::Rc;

/// All that decides what a package is compiled to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// What the compiler is called with.
    pub args: Vec<String>,
    /// Path and contents of the files that it reads.
    pub files: Vec<(String, Vec<u8>)>,
    /// What it imports of the program: the import path, and what that exports.
    pub imports: Vec<(String, Rc<[u8]>)>,
}

/// What a package was compiled to.
#[derive(Clone, Debug)]
pub struct Object {
    inputs: Inputs,
    /// The archive.
    pub bytes: Rc<[u8]>,
    /// The part of it that decides what those who import it are compiled to.
    pub exports: Rc<[u8]>,
    /// Another one for each archive.
    pub number: u64,
}

/// Those of a program, by the paths at which the tools find them.
#[derive(Debug, Default)]
pub struct Objects {
    by_path: BTreeMap<String, Object>,
    made: u64,
}

impl Objects {
    /// What a package was compiled to from just this.
    #[must_use]
    pub fn find(&self, path: &str, inputs: &Inputs) -> Option<&Object> {
        self.by_path
            .get(path)
            .filter(|object| object.inputs == *inputs)
    }

    /// What a package was compiled to last.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Object> {
        self.by_path.get(path)
    }

    /// Takes in what one was compiled to; its number.
    pub fn insert(&mut self, path: &str, inputs: Inputs, bytes: Vec<u8>) -> u64 {
        self.made += 1;
        let object = Object {
            inputs,
            exports: exports(&bytes).into(),
            bytes: bytes.into(),
            number: self.made,
        };
        self.by_path.insert(path.to_owned(), object);
        self.made
    }

    /// Forgets those that a program does not have any more.
    pub fn retain(&mut self, is_there: impl Fn(&str) -> bool) {
        self.by_path.retain(|path, _| is_there(path));
    }
}

/// The export data in an archive: its first member. All of it, where that cannot be seen.
fn exports(archive: &[u8]) -> &[u8] {
    const START: usize = "!<arch>\n".len();
    const HEADER: usize = 60;
    let member = || {
        let header = archive.get(START..START + HEADER)?;
        if !header.starts_with(b"__.PKGDEF ") {
            return None;
        }
        let size = std::str::from_utf8(header.get(48..58)?).ok()?;
        let size: usize = size.trim_end().parse().ok()?;
        archive.get(START + HEADER..)?.get(..size)
    };
    member().unwrap_or(archive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(exports: &str, rest: &str) -> Vec<u8> {
        let header = format!(
            "{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
            "__.PKGDEF",
            0,
            0,
            0,
            644,
            exports.len()
        );
        format!("!<arch>\n{header}{exports}{rest}").into_bytes()
    }

    #[test]
    fn what_is_exported_is_a_part_of_an_archive() {
        let mut objects = Objects::default();
        objects.insert("/o/a.a", Inputs::default(), archive("exported", "body"));
        assert_eq!(&*objects.get("/o/a.a").unwrap().exports, b"exported");
        for bytes in [
            &b""[..],
            b"!<arch>\n",
            b"no archive at all, but of more than sixty-eight bytes in its only line",
        ] {
            assert_eq!(exports(bytes), bytes);
        }
        let short = archive("exported", "")
            .into_iter()
            .take(70)
            .collect::<Vec<_>>();
        assert_eq!(exports(&short), short);
    }

    #[test]
    fn other_inputs_make_another_object() {
        let mut objects = Objects::default();
        let inputs = |text: &str| Inputs {
            files: vec![("a.go".to_owned(), text.as_bytes().to_vec())],
            ..Inputs::default()
        };
        objects.insert("/o/a.a", inputs("1"), archive("e", "1"));
        let first = objects.find("/o/a.a", &inputs("1")).unwrap().number;
        assert!(objects.find("/o/a.a", &inputs("2")).is_none());
        objects.insert("/o/a.a", inputs("2"), archive("e", "2"));
        assert!(objects.get("/o/a.a").unwrap().number > first);
        objects.retain(|path| path != "/o/a.a");
        assert!(objects.get("/o/a.a").is_none());
    }
}
