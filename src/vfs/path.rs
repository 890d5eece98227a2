//! Paths as text, before anything is looked up.

use std::borrow::Borrow;
use std::sync::Arc;

use super::Error;

/// The longest component, in bytes.
pub const NAME_MAX: usize = 255;

/// The longest path, in bytes.
pub const PATH_MAX: usize = 4095;

/// The name of a directory entry: not empty, not `.` or `..`, without `/` and NUL, at most
/// [`NAME_MAX`] bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    /// Checks `text` and makes a name of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is empty, [`Error::NameTooLong`] beyond [`NAME_MAX`] bytes, and
    /// [`Error::Invalid`] for `.`, `..` and anything with a `/` or a NUL in it.
    pub fn new(text: &str) -> Result<Name, Error> {
        match text {
            "" => Err(Error::NotFound),
            _ if text.len() > NAME_MAX => Err(Error::NameTooLong),
            "." | ".." => Err(Error::Invalid),
            _ if text.contains(['/', '\0']) => Err(Error::Invalid),
            _ => Ok(Name(text.into())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// `.`
    Current,
    /// `..`
    Parent,
    Name(Name),
}

/// A relative path, split into its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Steps {
    /// Last step first, so that the next one can be popped.
    pub reversed: Vec<Step>,
    /// Whether the path ends in `/`, and so can only mean a directory.
    pub trailing_slash: bool,
}

impl Steps {
    /// Splits `path`.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is empty, [`Error::NameTooLong`] if it or a component is,
    /// [`Error::Invalid`] if it has a NUL in it, [`Error::Escape`] if it is absolute.
    pub fn parse(path: &str) -> Result<Steps, Error> {
        if path.is_empty() {
            return Err(Error::NotFound);
        }
        if path.len() > PATH_MAX {
            return Err(Error::NameTooLong);
        }
        if path.contains('\0') {
            return Err(Error::Invalid);
        }
        if path.starts_with('/') {
            return Err(Error::Escape);
        }
        let reversed = path
            .rsplit('/')
            .filter(|component| !component.is_empty())
            .map(|component| match component {
                "." => Ok(Step::Current),
                ".." => Ok(Step::Parent),
                name => Name::new(name).map(Step::Name),
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Steps {
            reversed,
            trailing_slash: path.ends_with('/'),
        })
    }
}
