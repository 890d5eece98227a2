//! What a guest may grow to, and whether it was kept from growing further.

use crate::module::PAGE;
use crate::protocol::Limits;
use wasmi::ResourceLimiter;
use wasmi_core::LimiterError;

/// Bounds memories and tables; a guest that asks for more gets -1, as the specification allows.
#[derive(Debug)]
pub(super) struct Limiter {
    memory_pages: u64,
    table_elements: u64,
    denied: Option<String>,
}

impl Limiter {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            memory_pages: limits.memory_pages,
            table_elements: limits.table_elements,
            denied: None,
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
        let pages = (desired as u64).div_ceil(PAGE);
        if pages > self.memory_pages {
            self.denied = Some(format!(
                "the guest asked for {pages} pages of memory; the limit is {} \
                 (Settings, memory pages)",
                self.memory_pages
            ));
            return Ok(false);
        }
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        if desired as u64 > self.table_elements {
            self.denied = Some(format!(
                "the guest asked for a table of {desired} elements; the limit is {} \
                 (Settings, table elements)",
                self.table_elements
            ));
            return Ok(false);
        }
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
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
