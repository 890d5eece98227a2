//! What is in a `.wasm` file: its imports and exports with their types, what kind of guest it is,
//! who produced it, and why one is refused.
//!
//! Knows nothing of running: no engine, no WASI behind the names.

mod assemble;
mod large;
mod read;
mod refusal;
mod start;
mod stores;
mod validate;

pub use self::assemble::callers;
pub use self::read::{has_debug, read};
pub use self::refusal::{Proposal, Refusal};
pub use self::start::START;
pub use self::validate::{Validated, Validation};

use crate::amount::size;
use crate::go;
use crate::wasi::{self, Function};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Bytes in a page of linear memory.
pub const PAGE: u64 = 65_536;

/// The custom section that debug information begins with.
const DEBUG: &str = ".debug_info";

/// A value type, as in the core specification, section 2.3 (types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ValType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// 128-bit vector.
    V128,
    /// Reference to a function.
    FuncRef,
    /// Reference to something of the host's.
    ExternRef,
}

impl ValType {
    /// As Go's reading of it has it; `None` if Go cannot use it.
    #[must_use]
    pub fn in_go(self) -> Option<go::WasmType> {
        self.passed().filter(|_| !self.is_ref())
    }

    /// As a call passes it; `None` if none can.
    #[must_use]
    pub fn passed(self) -> Option<go::WasmType> {
        Some(match self {
            Self::I32 => go::WasmType::I32,
            Self::I64 => go::WasmType::I64,
            Self::F32 => go::WasmType::F32,
            Self::F64 => go::WasmType::F64,
            Self::FuncRef => go::WasmType::FuncRef,
            Self::ExternRef => go::WasmType::ExternRef,
            Self::V128 => return None,
        })
    }

    /// Whether it is a reference.
    #[must_use]
    pub fn is_ref(self) -> bool {
        matches!(self, Self::FuncRef | Self::ExternRef)
    }
}

impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::V128 => "v128",
            Self::FuncRef => "funcref",
            Self::ExternRef => "externref",
        })
    }
}

/// The type of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FuncType {
    /// What it takes.
    pub params: Vec<ValType>,
    /// What it gives back.
    pub results: Vec<ValType>,
}

impl FuncType {
    /// The parameters and the results as Go's reading of them has it; `None` when there is one that
    /// Go cannot use, or more than one result.
    #[must_use]
    pub fn in_go(&self) -> Option<(Vec<go::WasmType>, Vec<go::WasmType>)> {
        let read = |types: &[ValType]| types.iter().map(|ty| ty.in_go()).collect::<Option<_>>();
        let in_go = (read(&self.params)?, read(&self.results)?);
        (self.results.len() < 2).then_some(in_go)
    }

    /// The signature of a function `name` that takes and gives the numbers themselves, as `p0`, `p1`
    /// and so on, and references.
    #[must_use]
    pub fn numbers(&self, name: &str) -> go::Signature {
        let number = |ty: &ValType| match ty {
            ValType::I32 => go::Type::Int32,
            ValType::I64 => go::Type::Int64,
            ValType::F32 => go::Type::Float32,
            ValType::F64 => go::Type::Float64,
            ValType::FuncRef => go::Type::Ref(go::WasmType::FuncRef),
            ValType::ExternRef => go::Type::Ref(go::WasmType::ExternRef),
            ValType::V128 => go::Type::Other(ty.to_string()),
        };
        let params = self.params.iter().enumerate();
        let params = params.map(|(place, ty)| go::Param::new(format!("p{place}"), number(ty)));
        let result = match self.results.as_slice() {
            [] => None,
            [one] => Some(number(one)),
            several => Some(go::Type::Several(several.iter().map(number).collect())),
        };
        let mut signature = go::Signature::new(name, params.collect(), result);
        signature.written = self.in_go().is_none().then(|| format!("{name}{self}"));
        signature
    }

    /// Whether a function of this type can have the signature.
    ///
    /// # Errors
    ///
    /// Says what does not fit.
    pub fn admits(&self, signature: &go::Signature) -> Result<(), String> {
        let read = |types: &[ValType]| {
            types
                .iter()
                .map(|ty| ty.passed())
                .collect::<Option<Vec<_>>>()
        };
        let (Some(params), Some(results)) = (read(&self.params), read(&self.results)) else {
            return Err(format!("{signature}: nothing can be passed as {self}"));
        };
        go::abi::matches(signature, &params, &results).map_err(|mismatch| mismatch.to_string())
    }
}

/// Writes `(i32, i32) → i64`, with nothing after the parameters where nothing is returned.
impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", list(&self.params))?;
        match self.results.as_slice() {
            [] => Ok(()),
            [one] => write!(f, " → {one}"),
            many => write!(f, " → ({})", list(many)),
        }
    }
}

fn list(types: &[ValType]) -> String {
    let names: Vec<String> = types.iter().map(ValType::to_string).collect();
    names.join(", ")
}

/// The limits of a linear memory, in pages of 64 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryType {
    /// Pages at the start.
    pub minimum: u64,
    /// Pages that it may grow to; `None`: as many as there can be.
    pub maximum: Option<u64>,
    /// Whether its addresses are 64 bits wide (the memory64 proposal).
    pub memory64: bool,
    /// Whether threads may share it (the threads proposal).
    pub shared: bool,
}

impl fmt::Display for MemoryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = |pages: u64| size(pages.saturating_mul(PAGE));
        write!(f, "memory, {}", size(self.minimum))?;
        match self.maximum {
            Some(maximum) => write!(f, " to {}", size(maximum)),
            None => Ok(()),
        }
    }
}

/// The type of an import or an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExternType {
    /// A function.
    Func(FuncType),
    /// A linear memory.
    Memory(MemoryType),
    /// A table: its element type, its least and its greatest number of elements.
    Table(ValType, u64, Option<u64>),
    /// A global: its type and whether it can be assigned to.
    Global(ValType, bool),
    /// A tag of the exception handling proposal.
    Tag,
}

impl ExternType {
    /// The type of the function, if it is one.
    #[must_use]
    pub fn func(&self) -> Option<&FuncType> {
        match self {
            Self::Func(ty) => Some(ty),
            _ => None,
        }
    }
}

impl fmt::Display for ExternType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Func(ty) => ty.fmt(f),
            Self::Memory(ty) => ty.fmt(f),
            Self::Table(element, minimum, None) => write!(f, "table of {element}, {minimum}"),
            Self::Table(element, minimum, Some(maximum)) => {
                write!(f, "table of {element}, {minimum} to {maximum}")
            }
            Self::Global(ty, true) => write!(f, "global mut {ty}"),
            Self::Global(ty, false) => write!(f, "global {ty}"),
            Self::Tag => f.write_str("tag"),
        }
    }
}

/// What a guest is, by what it exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Exports `_start`: runs once.
    Command,
    /// Exports `_initialize`: called once, then any export any number of times.
    Reactor,
    /// Exports neither: any export can be called at once.
    Bare,
}

impl Kind {
    /// The export that starts such a guest.
    #[must_use]
    pub fn start_export(self) -> Option<&'static str> {
        match self {
            Self::Command => Some("_start"),
            Self::Reactor => Some("_initialize"),
            Self::Bare => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Command => "command",
            Self::Reactor => "reactor",
            Self::Bare => "bare",
        })
    }
}

/// One export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: ExternType,
    /// For a function, the Go signatures that fit it, the best first, and where each comes from.
    pub signatures: Vec<(go::Signature, go::Source)>,
}

/// One import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The module that it is imported from.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// Its type.
    pub ty: ExternType,
    /// For a function, its Go signature, and where it comes from, if it is known.
    pub signature: Option<(go::Signature, go::Source)>,
}

impl Import {
    /// Whether WASI serves it: it has the name of one of its functions, and the type.
    #[must_use]
    pub fn is_wasi(&self) -> bool {
        let wasi = Function::of_import(&self.module, &self.name);
        wasi.is_some_and(|function| self.ty == ExternType::Func(function.into()))
    }

    /// Why WASI does not serve it although it has the name of one of its functions.
    #[must_use]
    pub fn mismatch(&self) -> Option<String> {
        mismatch(&self.module, &self.name, &self.ty)
    }
}

/// Why WASI does not serve an import of this type although it has the name of one of its functions:
/// says both types.
#[must_use]
pub fn mismatch(module: &str, name: &str, ty: &ExternType) -> Option<String> {
    let wasi = FuncType::from(Function::of_import(module, name)?);
    let differs = *ty != ExternType::Func(wasi.clone());
    differs.then(|| format!("WASI's {name} is {wasi}, the module's is {ty}"))
}

impl From<Function> for FuncType {
    fn from(function: Function) -> Self {
        let params = function.params().iter().map(|ty| match ty {
            wasi::ValType::I32 => ValType::I32,
            wasi::ValType::I64 => ValType::I64,
        });
        Self {
            params: params.collect(),
            results: function
                .returns_errno()
                .then_some(ValType::I32)
                .into_iter()
                .collect(),
        }
    }
}

/// What a module is, as far as can be told without running it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Info {
    /// The name of the file.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Command, reactor or bare.
    pub kind: Kind,
    /// The compiler that the module names, such as `TinyGo 0.40.0`, if it names one.
    pub producer: Option<String>,
    /// Its linear memories, the imported ones first.
    pub memories: Vec<MemoryType>,
    /// Its exports, in the module's order.
    pub exports: Vec<Export>,
    /// Its imports, in the module's order.
    pub imports: Vec<Import>,
    /// Its number of functions, without the imported ones.
    pub functions: u32,
    /// Its sections: name, offset of the contents in the file and their size, in bytes.
    pub sections: Vec<Section>,
}

impl Info {
    /// Whether it has debug information.
    #[must_use]
    pub fn has_debug(&self) -> bool {
        let mut sections = self.sections.iter();
        sections.any(|section| section.custom && section.name == DEBUG)
    }

    /// Whether it imports from `wasi_unstable`, preview 0, what WASI serves; `None`: nothing at all.
    #[must_use]
    pub fn is_preview_0(&self) -> Option<bool> {
        let mut wasi = self.imports.iter().filter(|import| import.is_wasi());
        wasi.next()
            .map(|import| import.module == Function::PREVIEW_0)
    }

    /// Whether a Go compiler says that it made it.
    #[must_use]
    pub fn is_go(&self) -> bool {
        let producer = self.producer.as_deref();
        producer.is_some_and(|name| name.starts_with("Go") || name.starts_with("TinyGo"))
    }

    /// Whether something other than a Go compiler says that it made it.
    #[must_use]
    pub fn is_of_another_language(&self) -> bool {
        self.producer.is_some() && !self.is_go()
    }

    /// How its compiler lays out pointers in memory.
    #[must_use]
    pub fn abi(&self) -> go::Abi {
        match &self.producer {
            Some(producer) if producer.starts_with("Go ") => go::Abi::Go,
            _ => go::Abi::TinyGo,
        }
    }
}

/// One section of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The specification's name for it; a custom section's own.
    pub name: String,
    /// Whether it is a custom section.
    pub custom: bool,
    /// Where its contents start in the file, in bytes.
    pub offset: u64,
    /// The size of its contents, in bytes.
    pub size: u64,
}
