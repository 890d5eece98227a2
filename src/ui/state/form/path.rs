//! Where in the arguments of a call a field is.

use std::fmt;

/// The number of a parameter, and from there the number of the part at each level: a struct's
/// field, an array's element, a pointer's pointee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path(Vec<usize>);

impl Path {
    /// A part of what is here.
    pub(crate) fn child(&self, part: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(part);
        Self(steps)
    }

    /// The parameter, and the way from it.
    pub(crate) fn split(&self) -> Option<(usize, &[usize])> {
        self.0.split_first().map(|(first, rest)| (*first, rest))
    }

    /// Whether this is `other`, or a part of it.
    pub(crate) fn is_in(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The path that is written so.
    pub(super) fn read(text: &str) -> Option<Self> {
        let steps = text.split('-').map(|step| step.parse().ok());
        steps.collect::<Option<_>>().map(Self)
    }

    /// Whether it is a parameter.
    pub(crate) fn is_whole(&self) -> bool {
        self.0.len() == 1
    }
}

impl From<usize> for Path {
    fn from(param: usize) -> Self {
        Self(vec![param])
    }
}

/// Writes `0-2-1`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str("-")?;
            }
            write!(f, "{step}")?;
        }
        Ok(())
    }
}
