//! What a guest may grow to, and whether it was kept from growing further.

use crate::engine::denied;
use crate::module::PAGE;
use crate::protocol::Limits;
use wasmi::ResourceLimiter;
use wasmi::errors::{MemoryError, TableError};
use wasmi_core::LimiterError;

/// Bounds memories and tables; a guest that asks for more gets -1, as the specification allows.
#[derive(Debug)]
pub(super) struct Limiter {
    memory_pages: u64,
    table_elements: u64,
    /// The pages that a memory was allowed to grow to last.
    allowed: u64,
    denied: Option<String>,
    /// While a twin is instantiated: how many memories and tables, of the guest's, come before its own.
    before_own: Option<(u32, u32)>,
    /// Whether what grows is not the guest's.
    is_own: bool,
}

impl Limiter {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            memory_pages: limits.memory_pages,
            table_elements: limits.table_elements,
            allowed: 0,
            denied: None,
            before_own: None,
            is_own: false,
        }
    }

    /// Memories and tables are made now: so many of the guest's, then those of its twin, which have no limit; `None`: they
    /// are there.
    pub(super) fn expect_own(&mut self, before: Option<(u32, u32)>) {
        self.before_own = before;
    }

    /// Whether what grows now is not the guest's.
    pub(super) fn set_own(&mut self, is_own: bool) {
        self.is_own = is_own;
    }

    /// Whether what is made or grows now has no limit.
    fn is_own(&mut self, before: impl Fn(&mut (u32, u32)) -> &mut u32) -> bool {
        match self.before_own.as_mut().map(before) {
            Some(0) => true,
            Some(before) => {
                *before -= 1;
                false
            }
            None => self.is_own,
        }
    }

    /// The latest growth that was denied, in words.
    pub(super) fn denied(&self) -> Option<&str> {
        self.denied.as_deref()
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        if self.is_own(|before| &mut before.0) {
            return Ok(true);
        }
        let pages = (desired as u64).div_ceil(PAGE);
        if let Some(denied) = denied::memory(pages, self.memory_pages) {
            self.denied = Some(denied);
            return Ok(false);
        }
        self.allowed = pages;
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
    }

    fn memory_grow_failed(&mut self, error: &MemoryError) -> Result<(), LimiterError> {
        if let (MemoryError::OutOfSystemMemory, false) = (error, self.is_own) {
            self.denied = Some(denied::no_room(self.allowed));
        }
        Ok(())
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        if self.is_own(|before| &mut before.1) {
            return Ok(true);
        }
        if let Some(denied) = denied::table(desired as u64, self.table_elements) {
            self.denied = Some(denied);
            return Ok(false);
        }
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
    }

    /// wasmi 2.0.0 does not know where it was when `table.grow` runs out of fuel: it would go on with the function's beginning.
    /// So that is a trap.
    fn table_grow_failed(&mut self, error: &TableError) -> Result<(), LimiterError> {
        if let TableError::OutOfFuel { .. } = error {
            self.denied = Some(
                "the interpreter ran out of its slice of time within a large table.grow, where it cannot go on: \
                 make the call again"
                    .to_owned(),
            );
            return Err(LimiterError::ResourceLimiterDeniedAllocation);
        }
        Ok(())
    }

    /// The guest's, and that of the functions between it and its imports.
    fn instances(&self) -> usize {
        2
    }

    fn tables(&self) -> usize {
        100
    }

    fn memories(&self) -> usize {
        100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_denied_is_said_with_what_is_possible() {
        let mut limiter = Limiter::new(&Limits {
            memory_pages: u64::MAX,
            ..Limits::default()
        });
        let page = usize::try_from(PAGE).unwrap_or_default();
        assert!(matches!(
            limiter.memory_growing(0, 7 * page, None),
            Ok(true)
        ));
        assert_eq!(limiter.denied(), None);
        let failed = limiter.memory_grow_failed(&MemoryError::OutOfSystemMemory);
        assert!(failed.is_ok());
        let said = limiter.denied().unwrap_or_default();
        assert!(said.contains("448 KiB"), "{said}");
        let all = 65_536 * page;
        assert!(matches!(limiter.memory_growing(0, all, None), Ok(false)));
        let said = limiter.denied().unwrap_or_default();
        assert!(
            said.contains("4 GiB") && said.contains("2,047.9375 MiB"),
            "{said}"
        );
    }
}
