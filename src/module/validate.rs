//! Validation in steps, so that a large module shows progress and can be cancelled.

use super::Refusal;
use std::rc::Rc;
use wasmparser::{
    BinaryReaderError, Chunk, FuncValidatorAllocations, Parser, ValidPayload, Validator,
    WasmFeatures,
};

/// The bytes of a module that is valid: only [`Validation`] makes one.
#[derive(Clone, Debug)]
pub struct Validated(Rc<[u8]>);

impl Validated {
    /// The module.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The validation of one module, according to the core specification, chapter 3, with the
/// proposals that the engine runs.
pub struct Validation {
    bytes: Rc<[u8]>,
    parser: Parser,
    validator: Validator,
    allocations: FuncValidatorAllocations,
    /// How far it is, in bytes from the start of the file.
    at: usize,
}

impl Validation {
    /// Starts to validate `bytes`.
    #[must_use]
    pub fn new(bytes: Rc<[u8]>) -> Self {
        Self {
            bytes,
            parser: Parser::new(0),
            validator: Validator::new_with_features(features()),
            allocations: FuncValidatorAllocations::default(),
            at: 0,
        }
    }

    /// How many bytes are done.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.at as u64
    }

    /// Goes on for about `bytes` bytes of the module, at least one function; gives the module once
    /// all of it is valid.
    ///
    /// # Errors
    ///
    /// What is not valid, and where.
    pub fn step(&mut self, bytes: usize) -> Result<Option<Validated>, Refusal> {
        let end = self.at.saturating_add(bytes);
        while self.at < end {
            if self.payload()? {
                return Ok(Some(Validated(Rc::clone(&self.bytes))));
            }
        }
        Ok(None)
    }

    /// Validates one payload; says whether it was the last.
    fn payload(&mut self) -> Result<bool, Refusal> {
        let bytes = Rc::clone(&self.bytes);
        let rest = bytes.get(self.at..).unwrap_or_default();
        let chunk = self.parser.parse(rest, true).map_err(refuse)?;
        let Chunk::Parsed { consumed, payload } = chunk else {
            return Err(Refusal::Truncated {
                size: bytes.len(),
                inside: format!("what starts at offset 0x{:x}", self.at),
            });
        };
        self.at += consumed;
        match self.validator.payload(&payload).map_err(refuse)? {
            ValidPayload::Func(function, body) => {
                let mut validator = function.into_validator(std::mem::take(&mut self.allocations));
                let result = validator.validate(&body);
                self.allocations = validator.into_allocations();
                result.map_err(refuse)?;
                Ok(false)
            }
            ValidPayload::End(_) => Ok(true),
            _ => Ok(false),
        }
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` wants"
)]
fn refuse(error: BinaryReaderError) -> Refusal {
    Refusal::from_parser(&error)
}

/// The proposals that the engine runs, and no others: it trusts this.
fn features() -> WasmFeatures {
    WasmFeatures::WASM2.difference(WasmFeatures::SIMD)
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::EXTENDED_CONST
}
