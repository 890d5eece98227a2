//! The messages about saved calls.

use crate::go::Signature;
use serde::{Deserialize, Serialize};

/// What was expected of a call, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judging {
    /// The number of the saved call; the page chooses it.
    pub number: u32,
    /// What was expected, as the JSON of [`crate::saved`].
    pub expect: String,
    /// What came, in the same form.
    pub came: String,
    /// How values are read; `None` for what starts the guest.
    pub signature: Option<Signature>,
}

/// A way in which what came is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What of it: `stdout`.
    pub what: String,
    /// The lines of both, in order.
    pub lines: Vec<(Mark, String)>,
}

/// What a line of a [`Difference`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// In both.
    Same,
    /// Expected, and did not come.
    Expected,
    /// Came, and was not expected.
    Happened,
    /// Stands for lines that are in both, or are too many.
    LeftOut,
}

impl Mark {
    /// The sign before such a line.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Self::Same => ' ',
            Self::Expected => '-',
            Self::Happened => '+',
            Self::LeftOut => '…',
        }
    }
}
