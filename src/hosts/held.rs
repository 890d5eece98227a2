//! What a host holds for its guest, which counts as the guest's memory.

use super::Flow;
use crate::amount::amount;

/// How many bytes a host holds for its guest, and how many it may.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    bytes: u64,
    /// How many it may; it is what is left beside the guest's memory, and changes with that.
    pub room: u64,
}

/// What keeping one more thing costs beside its bytes.
pub(super) const EACH: u64 = 64;

impl Held {
    /// How many bytes there are.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// One more thing of so many bytes is kept.
    ///
    /// # Errors
    /// When that is more than there is room for: it must not be kept.
    pub fn keep(&mut self, bytes: u64) -> Result<(), Failure> {
        let after = self.bytes.saturating_add(bytes).saturating_add(EACH);
        if after > self.room {
            return Err(Failure::Limit(format!(
                "the host would hold {} for the guest, which counts as its memory, and there is room for {} (Settings, memory)",
                amount(after, "byte"),
                amount(self.room, "byte"),
            )));
        }
        self.bytes = after;
        Ok(())
    }

    /// One thing of so many bytes is kept no more.
    pub fn drop(&mut self, bytes: usize) {
        self.release((bytes as u64).saturating_add(EACH));
    }

    /// So many bytes are kept no more, all in all.
    pub fn release(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// Nothing is kept.
    pub fn clear(&mut self) {
        self.bytes = 0;
    }
}

/// Why a function of a host's does not return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The guest has done what it must not.
    Trap(String),
    /// A limit.
    Limit(String),
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Trap(error.to_string())
    }
}

impl From<Failure> for Flow {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Trap(why) => Self::Trap(why),
            Failure::Limit(which) => Self::Limit(which),
        }
    }
}

/// A trap that says this.
pub(super) fn trap<T>(why: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Trap(why.into()))
}
