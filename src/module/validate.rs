//! Validation in steps, so that a large module shows progress and can be cancelled.

use super::large::{self, Large};
use super::{Refusal, start, stores};
use std::rc::Rc;
use wasmparser::{
    BinaryReaderError, Chunk, FuncToValidate, FuncValidatorAllocations, FunctionBody, Parser,
    Payload, ValidPayload, Validator, ValidatorResources, WasmFeatures,
};

/// A module that is valid: only [`Validation`] makes one.
#[derive(Clone, Debug)]
pub struct Validated {
    bytes: Rc<[u8]>,
    start: Option<String>,
    tail_calls: bool,
    too_large: Option<String>,
}

impl Validated {
    /// The module as the engine gets it: without a `start` section.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The export, in [`Validated::bytes`] alone, of the function that the `start` section names: to be
    /// called before anything else, once for each instance. `None`: there is none.
    #[must_use]
    pub fn start(&self) -> Option<&str> {
        self.start.as_deref()
    }

    /// Whether a function of it makes tail calls.
    #[must_use]
    pub fn has_tail_calls(&self) -> bool {
        self.tail_calls
    }

    /// Which functions the engine cannot run, as it will find when they are called, and why; `None`: it
    /// can run all.
    #[must_use]
    pub fn too_large(&self) -> Option<&str> {
        self.too_large.as_deref()
    }
}

/// The validation of one module, according to the core specification, chapter 3, with the
/// proposals that the engine runs.
pub struct Validation {
    bytes: Rc<[u8]>,
    parser: Parser,
    validator: Validator,
    allocations: FuncValidatorAllocations,
    /// The function that the `start` section names.
    start: Option<u32>,
    tail_calls: bool,
    large: Vec<Large>,
    /// The functions with stores that the engine cannot translate.
    stores: Vec<stores::Function>,
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
            start: None,
            tail_calls: false,
            large: Vec::new(),
            stores: Vec::new(),
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
                return Ok(Some(self.validated()));
            }
        }
        Ok(None)
    }

    fn validated(&self) -> Validated {
        let mut bytes = Rc::clone(&self.bytes);
        if !self.stores.is_empty()
            && let Some(moved) = stores::moved(&bytes, &self.stores)
        {
            bytes = moved.into();
        }
        let exported = self.start.and_then(|it| start::exported(&bytes, it));
        let start = exported.map(|(exported, name)| {
            bytes = exported.into();
            name
        });
        Validated {
            bytes,
            start,
            tail_calls: self.tail_calls,
            too_large: large::describe(&self.large, &self.bytes),
        }
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
        if let Payload::StartSection { func, .. } = &payload {
            self.start = Some(*func);
        }
        match self.validator.payload(&payload).map_err(refuse)? {
            ValidPayload::Func(function, body) => {
                self.function(function, &body).map_err(refuse)?;
                Ok(false)
            }
            ValidPayload::End(_) => Ok(true),
            _ => Ok(false),
        }
    }

    /// Validates one function.
    fn function(
        &mut self,
        function: FuncToValidate<ValidatorResources>,
        body: &FunctionBody<'_>,
    ) -> Result<(), BinaryReaderError> {
        const RETURN_CALL: u8 = 0x12;
        const RETURN_CALL_INDIRECT: u8 = 0x13;
        let mut validator = function.into_validator(std::mem::take(&mut self.allocations));
        let mut code = body.get_binary_reader();
        validator.read_locals(&mut code)?;
        code.set_features(features());
        let (mut operands, mut stores, mut before) = (0, Vec::new(), [0; 2]);
        while !code.eof() {
            let opcode = code.clone().read_u8()?;
            self.tail_calls |= matches!(opcode, RETURN_CALL | RETURN_CALL_INDIRECT);
            let at = code.original_position();
            if stores::is_one(&self.bytes, at, before) {
                stores.push(at);
            }
            before = [before[1], at];
            code.visit_operator(&mut validator.visitor(at))??;
            operands = operands.max(validator.operand_stack_height());
        }
        validator.finish(code.original_position())?;
        let large = Large::of(validator.index(), validator.len_locals(), operands);
        self.large.extend(large);
        if !stores.is_empty() {
            self.stores.push(stores::Function {
                body: body.range().start,
                locals: validator.len_locals(),
                stores,
            });
        }
        self.allocations = validator.into_allocations();
        Ok(())
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
