//! The toolchain's files: what is asked for, what has come.

use super::index::{File, INDEX, Index};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A file that is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub file: String,
    /// Its size as it is fetched, in bytes; 0: not known.
    pub size: u64,
}

/// What has become of a file.
#[derive(Debug)]
enum State {
    /// It is to be asked for.
    Wanted(u64),
    /// It is on its way.
    Asked,
    There(Rc<[u8]>),
}

/// The toolchain's files.
#[derive(Debug, Default)]
pub struct Toolchain {
    index: Option<Rc<Index>>,
    /// Whether nobody has asked for it yet.
    is_new: bool,
    files: BTreeMap<String, State>,
    /// The names of those that are to be asked for, in order.
    queue: Vec<String>,
    /// Why one of them cannot be had.
    failure: Option<String>,
}

impl Toolchain {
    /// The index, if it is there; it is asked for otherwise.
    pub fn index(&mut self) -> Option<Rc<Index>> {
        if self.index.is_none() {
            self.need(INDEX, 0);
        }
        self.index.clone()
    }

    /// The index, the first time that this is asked since it came.
    pub fn new_index(&mut self) -> Option<Rc<Index>> {
        std::mem::take(&mut self.is_new).then(|| self.index.clone())?
    }

    /// Lets a file be asked for, unless it has been, or is there.
    pub fn need_file(&mut self, file: &File) {
        self.need(&file.name, file.compressed);
    }

    fn need(&mut self, name: &str, size: u64) {
        if !self.files.contains_key(name) {
            self.files.insert(name.to_owned(), State::Wanted(size));
            self.queue.push(name.to_owned());
        }
    }

    /// Those to be fetched that have not been asked for.
    pub fn wanted(&mut self) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        for file in std::mem::take(&mut self.queue) {
            if let Some(state) = self.files.get_mut(&file)
                && let State::Wanted(size) = *state
            {
                *state = State::Asked;
                wanted.push(Wanted { file, size });
            }
        }
        wanted
    }

    /// Takes in a file as it is decompressed, or why it cannot be had: then it can be asked for again. One that nobody asked
    /// for is not kept.
    pub fn give(&mut self, name: &str, contents: Result<Vec<u8>, String>) {
        if !self.files.contains_key(name) {
            return;
        }
        let contents =
            contents.map_err(|reason| format!("{name} of the toolchain cannot be had: {reason}"));
        let taken = contents.and_then(|bytes| {
            if name == INDEX {
                self.index = Some(Rc::new(Index::read(&bytes)?));
                self.is_new = true;
            }
            Ok(bytes)
        });
        match taken {
            Ok(bytes) => {
                self.files
                    .insert(name.to_owned(), State::There(bytes.into()));
            }
            Err(reason) => {
                self.files.remove(name);
                self.failure.get_or_insert(reason);
            }
        }
    }

    /// Why one of the files cannot be had, since this was last asked.
    pub fn take_failure(&mut self) -> Option<String> {
        self.failure.take()
    }

    /// The contents of a file, if it is there.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Rc<[u8]>> {
        match self.files.get(name)? {
            State::There(bytes) => Some(Rc::clone(bytes)),
            State::Wanted(_) | State::Asked => None,
        }
    }

    /// Forgets a file: it is asked for again when it is needed again.
    pub fn forget(&mut self, name: &str) {
        self.files.remove(name);
    }

    /// Forgets the contents of a file that has been taken in: a tool that is loaded.
    pub fn consumed(&mut self, name: &str) {
        if let Some(State::There(bytes)) = self.files.get_mut(name) {
            *bytes = Rc::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_asked_for_once_until_it_has_failed() {
        let mut toolchain = Toolchain::default();
        assert_eq!(toolchain.index(), None);
        assert_eq!(
            toolchain.wanted(),
            [Wanted {
                file: INDEX.to_owned(),
                size: 0
            }]
        );
        assert_eq!(toolchain.index(), None);
        assert_eq!(toolchain.wanted(), []);
        toolchain.give(INDEX, Err("404".to_owned()));
        assert!(toolchain.take_failure().unwrap().contains("404"));
        assert_eq!(toolchain.take_failure(), None);
        assert_eq!(toolchain.index(), None);
        assert_eq!(toolchain.wanted().len(), 1);
        toolchain.give(
            INDEX,
            Ok(br#"{"version":"go1.27","tools":{},"packages":{}}"#.to_vec()),
        );
        assert_eq!(toolchain.index().unwrap().version, "go1.27");
        toolchain.give("never-asked-for", Ok(vec![1]));
        assert_eq!(toolchain.get("never-asked-for"), None);
    }
}
