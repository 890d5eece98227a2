//! The arguments, which can be typed one by one or as a command line.

use super::command_line::{self, Mistake};

/// The arguments, without the program's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    args: Vec<String>,
    /// The same as a command line. What is typed there stays as it is typed.
    line: String,
    mistake: Option<Mistake>,
}

impl Arguments {
    /// Each argument.
    pub(crate) fn each(&self) -> &[String] {
        &self.args
    }

    /// All of them as a command line.
    pub(crate) fn line(&self) -> &str {
        &self.line
    }

    /// All of them, if the command line is one.
    pub(super) fn all(&self) -> Result<&[String], Mistake> {
        match self.mistake {
            Some(mistake) => Err(mistake),
            None => Ok(&self.args),
        }
    }

    pub(super) fn enter_line(&mut self, line: String) {
        match command_line::split(&line) {
            Ok(args) => {
                self.args = args;
                self.mistake = None;
            }
            // The arguments of before are still there, until the quote is closed.
            Err(mistake) => self.mistake = Some(mistake),
        }
        self.line = line;
    }

    /// The argument at a place is typed.
    pub(crate) fn enter(&mut self, place: usize, text: &str) {
        if let Some(arg) = self.args.get_mut(place) {
            text.clone_into(arg);
            self.entered();
        }
    }

    /// An empty one comes to a place; those from there on go one further.
    pub(crate) fn add(&mut self, place: usize) {
        self.args.insert(place.min(self.args.len()), String::new());
        self.entered();
    }

    pub(crate) fn remove(&mut self, place: usize) {
        if place < self.args.len() {
            self.args.remove(place);
            self.entered();
        }
    }

    fn entered(&mut self) {
        self.line = command_line::join(&self.args);
        self.mistake = None;
    }
}
