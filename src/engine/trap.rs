//! How a guest's run ended in the middle.

use super::host::Interrupt;
use crate::amount::grouped;

/// How a run ended that did not return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trap {
    /// The guest called `proc_exit`.
    Exit(u32),
    /// A trap of the specification, or an import that ended the run.
    Trap(String),
    /// A limit.
    Limit(String),
}

impl Trap {
    /// Calls are nested as deep as they may be.
    pub(super) fn too_deep(depth: u32) -> Self {
        Self::Limit(format!(
            "the call depth limit of {} is reached (Settings, call depth)",
            grouped(depth.into())
        ))
    }

    /// What a host function ended the run by.
    pub(super) fn of(interrupt: &Interrupt) -> Self {
        match interrupt {
            Interrupt::Exit(code) => Self::Exit(*code),
            Interrupt::Limit(text) => Self::Limit(text.clone()),
            Interrupt::Trap(text) => Self::Trap(text.clone()),
            // These are gone on with, and end nothing.
            Interrupt::Wait { .. }
            | Interrupt::Host { .. }
            | Interrupt::Stop
            | Interrupt::Before { .. } => Self::Trap(interrupt.to_string()),
        }
    }

    /// A trap of the specification, in its words; `denied` is the latest growth that was denied.
    pub(super) fn said(text: &str, denied: Option<&str>) -> Self {
        Self::Trap(match denied {
            Some(denied) => format!("{text}; before that, {denied}"),
            None => text.to_owned(),
        })
    }
}
