//! What standard Go's compiler keeps in globals, which its stack is walked from.

use crate::debug::go;
use crate::linear::Linear;
use crate::protocol::{RawFrame, Stack, encode};
use std::cell::Cell;

/// The registers of an instance, and what has been found by them.
#[derive(Clone)]
pub(super) struct Registers {
    /// The exports that SP and g became.
    names: [String; 2],
    /// How many functions are imported.
    imported: u32,
    /// Where the runtime's tables were found in memory, and its variables.
    tables: go::Known,
    variables: Cell<go::Variables>,
}

impl Registers {
    pub(super) fn new(names: [String; 2], imported: u32) -> Self {
        Self {
            names,
            imported,
            tables: go::Known::default(),
            variables: Cell::default(),
        }
    }

    /// The exports of SP, an `i32`, and g, an `i64`.
    pub(super) fn names(&self) -> &[String; 2] {
        &self.names
    }

    /// Whether a register is exported by this name.
    pub(super) fn are(&self, name: &str) -> bool {
        self.names.iter().any(|one| one == name)
    }

    /// The stack that they lead to; in front of it `innermost`, the function that runs, where that is known: what they do not lead to.
    pub(super) fn stack(
        &self,
        values: go::Registers,
        memory: Linear<'_>,
        innermost: Option<RawFrame>,
    ) -> Option<Stack> {
        let mut stack = go::stack_again(memory, values, self.imported, &self.tables)?;
        if let Some(innermost) = innermost {
            stack.frames.insert(0, innermost);
            let left_out = stack.left_out;
            stack.left_out = left_out.map(|(count, behind)| (count, behind + 1));
        }
        Some(stack)
    }

    /// What is where its functions have their parameters.
    pub(super) fn given(&self, values: go::Registers, memory: Linear<'_>) -> Option<Vec<Vec<u64>>> {
        go::given(memory, values, self.imported, &self.tables)
    }

    /// The goroutines as a stack has them, none if they cannot be told from memory; `now` is what the instance's monotonic clock says.
    pub(super) fn goroutines(
        &self,
        values: go::Registers,
        memory: Linear<'_>,
        now: u64,
    ) -> Vec<u8> {
        let (tables, variables) = (&self.tables, &self.variables);
        let found = go::goroutines(memory, values, self.imported, tables, variables, now);
        let encoded = found.and_then(|all| encode(&all).ok());
        encoded.unwrap_or_default()
    }
}
