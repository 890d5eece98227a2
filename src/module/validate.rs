//! Validation in steps, so that a large module shows progress and can be cancelled.

use super::assemble::Kind;
use super::large::{self, Large};
use super::start::{self, Hidden, START};
use super::{Refusal, stores};
use std::rc::Rc;
use wasmparser::{
    BinaryReaderError, Chunk, FuncToValidate, FuncValidatorAllocations, FunctionBody,
    GlobalSectionReader, Parser, Payload, ValType, ValidPayload, Validator, ValidatorResources,
    WasmFeatures,
};

/// A module that is valid: only [`Validation`] makes one.
#[derive(Clone, Debug)]
pub struct Validated {
    original: Rc<[u8]>,
    bytes: Rc<[u8]>,
    start: Option<String>,
    registers: Option<[String; 2]>,
    stores: Rc<[(usize, Vec<usize>)]>,
    tight: Rc<[u32]>,
    tail_calls: bool,
    too_large: Option<String>,
}

impl Validated {
    /// The module as it is in its file.
    #[must_use]
    pub fn original(&self) -> &Rc<[u8]> {
        &self.original
    }

    /// The stores that the engine gets otherwise, by the functions that they are in: offsets in the file, of each body
    /// and of the stores.
    pub(crate) fn stores(&self) -> &[(usize, Vec<usize>)] {
        &self.stores
    }

    /// Whether a function, which has this index, is nearly too large for the engine, or is.
    pub(crate) fn is_tight(&self, function: u32) -> bool {
        self.tight.binary_search(&function).is_ok()
    }

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

    /// The exports, in [`Validated::bytes`] alone, of the globals that standard Go keeps its stack pointer and its
    /// goroutine in. `None`: it is none of standard Go's.
    #[must_use]
    pub fn registers(&self) -> Option<[&str; 2]> {
        self.registers
            .as_ref()
            .map(|names| names.each_ref().map(String::as_str))
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

/// What a function's [twin](crate::debug::twin) has that it does not have itself, at most.
const MORE_LOCALS: u32 = 2;
const MORE_OPERANDS: u32 = 8;

/// The validation of one module, according to the core specification, chapter 3, with the
/// proposals that the engine runs.
pub struct Validation {
    bytes: Rc<[u8]>,
    parser: Parser,
    validator: Validator,
    allocations: FuncValidatorAllocations,
    /// The function that the `start` section names.
    start: Option<u32>,
    /// Whether standard Go's linker has made it, and whether it has the globals that this makes.
    is_go: [bool; 2],
    tail_calls: bool,
    large: Vec<Large>,
    /// The functions that would be too large if they had a little more.
    tight: Vec<u32>,
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
            is_go: [false; 2],
            tail_calls: false,
            large: Vec::new(),
            tight: Vec::new(),
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
        let mut hidden = Vec::new();
        if let Some(index) = self.start {
            hidden.push(Hidden {
                name: START,
                kind: Kind::Function,
                index,
            });
        }
        if self.is_go == [true; 2] {
            hidden.extend(REGISTERS);
        }
        let mut names = Vec::new().into_iter();
        if !hidden.is_empty()
            && let Some((exported, named)) = start::exported(&bytes, &hidden)
        {
            bytes = exported.into();
            names = named.into_iter();
        }
        let start = self.start.and_then(|_| names.next());
        let stores = self.stores.iter();
        Validated {
            original: Rc::clone(&self.bytes),
            bytes,
            start,
            registers: names.next().zip(names.next()).map(|(sp, g)| [sp, g]),
            stores: stores.map(|one| (one.body, one.stores.clone())).collect(),
            tight: self.tight.as_slice().into(),
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
        match &payload {
            Payload::StartSection { func, .. } => self.start = Some(*func),
            Payload::CustomSection(section) if section.name() == "go:buildid" => {
                self.is_go[0] = true;
            }
            Payload::GlobalSection(globals) => self.is_go[1] = are_go(globals.clone()),
            _ => {}
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
        let (index, locals) = (validator.index(), validator.len_locals());
        self.large.extend(Large::of(index, locals, operands));
        self.tight.extend(
            Large::of(index, locals + MORE_LOCALS, operands + MORE_OPERANDS).map(|_| index),
        );
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

/// What standard Go keeps in globals: SP and the goroutine.
const REGISTERS: [Hidden; 2] = [
    Hidden {
        name: "Go SP",
        kind: Kind::Global,
        index: 0,
    },
    Hidden {
        name: "Go g",
        kind: Kind::Global,
        index: 2,
    },
];

/// Whether the first globals have the types that those of standard Go have: `i32` and `i64`.
fn are_go(globals: GlobalSectionReader<'_>) -> bool {
    let mut types = globals
        .into_iter()
        .map(|global| global.ok().map(|global| global.ty.content_type));
    let [sp, _, g] = std::array::from_fn(|_| types.next().flatten());
    (sp, g) == (Some(ValType::I32), Some(ValType::I64))
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
