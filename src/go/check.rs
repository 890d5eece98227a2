//! Which signatures the compilers permit, and why they refuse the others.
//!
//! The standard compiler's rules are those of `cmd/compile/internal/ssagen` (`paramsToWasmFields`,
//! `resultsToWasmFields`, `wasmElemTypeAllowed`, `GenWasmExportWrapper`), TinyGo's those of its
//! `compiler/symbol.go` (`isValidWasmType`): the same, but that TinyGo also permits pointers,
//! `uintptr`, `unsafe.Pointer` and strings in memory, and does not limit the size of the arguments.
//!
//! Must not know of values or of the Wasm types that a module really has: see [`super::abi`].

use serde::{Deserialize, Serialize};

use super::layout::{self, LayoutError};
use super::place::Place;
use super::types::{Abi, MAX_DEPTH, Signature, Type};

/// What the standard compiler has room for on the stack: `StackSmall`, in bytes.
const MAX_ARGUMENT_BYTES: u64 = 128;

/// Types visited before a type is refused as too large.
const MAX_VISITS: u32 = 1 << 16;

/// Which pragma a function stands under.
#[allow(missing_docs, reason = "the names are Go's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Directive {
    WasmExport,
    WasmImport,
}

/// A signature that no compiler would accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum Refusal {
    #[error("{function}: {place}type {ty} is not allowed: {reason}")]
    Type {
        function: String,
        place: Where,
        ty: String,
        reason: Box<Reason>,
    },
    #[error(
        "{function}: its arguments take {size} bytes: the Go compiler's limit for an exported \
         function is {MAX_ARGUMENT_BYTES} (a string takes 16)"
    )]
    ArgumentsTooLarge { function: String, size: u64 },
}

/// Where in a signature a refused type stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// The parameter's name; its number, from 1, if it has none.
    Param(String),
    /// The function's result.
    Result,
}

/// Why a type is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what is meant")]
pub enum Reason {
    #[error("strings are permitted as parameters only")]
    StringResult,
    #[error("more than one result is not permitted")]
    ManyResults,
    #[error("{0} has no fixed size: use {0}32 or {0}64")]
    NoFixedSize(String),
    #[error("integers of 8 and 16 bits are permitted behind a pointer only: use {0}")]
    Small(&'static str),
    #[error("{0}s are permitted behind a pointer only")]
    ByValue(&'static str),
    #[error("a struct that is not empty needs a field `_ structs.HostLayout`")]
    NoHostLayout,
    #[error(
        "strings in memory are not permitted: pass the string as a parameter of its own{}",
        tinygo(*.0)
    )]
    StringInMemory(Abi),
    #[error(
        "pointers in memory are not permitted: they are 8 bytes wide in Go's memory and 4 on the \
         host{}",
        tinygo(*.0)
    )]
    PointerInMemory(Abi),
    #[error("{0}")]
    Layout(LayoutError),
    #[error("it cannot be passed between Go and its host")]
    NotPermitted,
    /// A part of the type is refused: how Go reaches it, its type, and why.
    #[error("{path} has type {ty}: {reason}")]
    Part {
        path: String,
        ty: String,
        reason: Box<Reason>,
    },
}

/// Whether an exported function with this signature can be compiled by one of the two compilers.
///
/// # Errors
///
/// The more lenient compiler's reason for refusing it.
pub fn check(signature: &Signature) -> Result<(), Refusal> {
    check_for(signature, Abi::TinyGo, Directive::WasmExport)
}

/// Whether `compiler` compiles a function with this signature under this directive.
///
/// # Errors
///
/// The first type that it refuses, and why.
pub fn check_for(
    signature: &Signature,
    compiler: Abi,
    directive: Directive,
) -> Result<(), Refusal> {
    let refused = |place, ty: &Type, reason| Refusal::Type {
        function: signature.name.clone(),
        place,
        ty: ty.to_string(),
        reason: Box::new(reason),
    };
    for (index, param) in signature.params.iter().enumerate() {
        if let Err(reason) = param_type(&param.ty, compiler) {
            let name = match param.name.as_str() {
                "" | "_" => (index + 1).to_string(),
                name => name.to_owned(),
            };
            return Err(refused(Where::Param(name), &param.ty, reason));
        }
    }
    if let Some(result) = &signature.result
        && let Err(reason) = result_type(result, compiler)
    {
        return Err(refused(Where::Result, result, reason));
    }
    let size = argument_bytes(signature);
    if compiler == Abi::Go && directive == Directive::WasmExport && size > MAX_ARGUMENT_BYTES {
        return Err(Refusal::ArgumentsTooLarge {
            function: signature.name.clone(),
            size,
        });
    }
    Ok(())
}

/// Whether `compiler` permits `ty` as a parameter.
///
/// # Errors
///
/// Why not.
pub fn param_type(ty: &Type, compiler: Abi) -> Result<(), Reason> {
    match Place::of(ty).kind() {
        Type::String => Ok(()),
        _ => result_type(ty, compiler),
    }
}

/// Whether `compiler` permits `ty` as a result.
///
/// # Errors
///
/// Why not.
pub fn result_type(ty: &Type, compiler: Abi) -> Result<(), Reason> {
    let place = Place::of(ty);
    match place.kind() {
        Type::Bool
        | Type::Int32
        | Type::Uint32
        | Type::Int64
        | Type::Uint64
        | Type::Float32
        | Type::Float64
        | Type::Uintptr
        | Type::UnsafePointer => Ok(()),
        Type::String => Err(Reason::StringResult),
        Type::Int8 | Type::Int16 => Err(Reason::Small("int32")),
        Type::Uint8 | Type::Uint16 => Err(Reason::Small("uint32")),
        Type::Array(..) => Err(Reason::ByValue("array")),
        Type::Struct(_) => Err(Reason::ByValue("struct")),
        Type::Pointer(element) => {
            let mut memory = Memory {
                compiler,
                visits: 0,
                open: Vec::new(),
            };
            let element = place.inner(element);
            memory.permits(&element)?;
            layout::of(&element, compiler)
                .map(|_| ())
                .map_err(Reason::Layout)
        }
        Type::Ref(_) => Err(Reason::NotPermitted),
        Type::Several(_) => Err(Reason::ManyResults),
        Type::Named { name, .. } => Err(Reason::Layout(LayoutError::Undefined(name.clone()))),
        Type::Other(text) => Err(other(text)),
    }
}

/// The walk over what lies behind a pointer.
struct Memory<'t> {
    compiler: Abi,
    visits: u32,
    /// The types on the way to here. One that is met again is permitted if it was permitted there.
    open: Vec<&'t Type>,
}

impl<'t> Memory<'t> {
    fn permits(&mut self, place: &Place<'t>) -> Result<(), Reason> {
        let kind = place.kind();
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return Err(Reason::Layout(LayoutError::TooLarge(place.written())));
        }
        match kind {
            Type::Bool
            | Type::Int8
            | Type::Int16
            | Type::Int32
            | Type::Int64
            | Type::Uint8
            | Type::Uint16
            | Type::Uint32
            | Type::Uint64
            | Type::Float32
            | Type::Float64 => Ok(()),
            Type::String if self.compiler == Abi::TinyGo => Ok(()),
            Type::String => Err(Reason::StringInMemory(self.compiler)),
            Type::Uintptr | Type::UnsafePointer if self.compiler == Abi::TinyGo => Ok(()),
            Type::Pointer(element) if self.compiler == Abi::TinyGo => {
                self.inside(kind, place, element)
            }
            Type::Uintptr | Type::UnsafePointer | Type::Pointer(_) => {
                Err(Reason::PointerInMemory(self.compiler))
            }
            Type::Array(element, _) => self
                .inside(kind, place, element)
                .map_err(|reason| part("[0]", &place.inner(element), reason)),
            Type::Struct(structure) => {
                if !structure.host_layout && !structure.fields.is_empty() {
                    return Err(Reason::NoHostLayout);
                }
                for field in &structure.fields {
                    self.inside(kind, place, &field.ty).map_err(|reason| {
                        part(&format!(".{}", field.name), &place.inner(&field.ty), reason)
                    })?;
                }
                Ok(())
            }
            Type::Ref(_) | Type::Several(_) => Err(Reason::NotPermitted),
            Type::Named { name, .. } => Err(Reason::Layout(LayoutError::Undefined(name.clone()))),
            Type::Other(text) => Err(other(text)),
        }
    }

    fn inside(
        &mut self,
        outer: &'t Type,
        place: &Place<'t>,
        inner: &'t Type,
    ) -> Result<(), Reason> {
        if self.open.iter().any(|open| std::ptr::eq(*open, outer)) {
            return Ok(());
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Reason::Layout(LayoutError::TooDeep(place.written())));
        }
        self.open.push(outer);
        let permitted = self.permits(&place.inner(inner));
        self.open.pop();
        permitted
    }
}

/// Says of the whole that one of its parts is refused.
fn part(path: &str, place: &Place<'_>, reason: Reason) -> Reason {
    match reason {
        Reason::Part {
            path: rest,
            ty,
            reason,
        } => Reason::Part {
            path: format!("{path}{rest}"),
            ty,
            reason,
        },
        reason => Reason::Part {
            path: path.to_owned(),
            ty: place.written(),
            reason: Box::new(reason),
        },
    }
}

fn other(text: &str) -> Reason {
    match text {
        "int" | "uint" => Reason::NoFixedSize(text.to_owned()),
        _ if text.starts_with('(') => Reason::ManyResults,
        _ => Reason::NotPermitted,
    }
}

/// The size of parameters and result in a frame of the standard compiler, in bytes.
fn argument_bytes(signature: &Signature) -> u64 {
    let mut end = 0u64;
    let mut place = |ty: &Type| {
        let (size, align) = layout::layout(ty, Abi::Go).map_or((0, 1), |l| (l.size, l.align));
        end = end.next_multiple_of(u64::from(align)) + u64::from(size);
        end
    };
    let params = signature.params.iter().map(|p| place(&p.ty)).last();
    let params = params.unwrap_or(0).next_multiple_of(8);
    let result = signature
        .result
        .as_ref()
        .and_then(|ty| layout::layout(ty, Abi::Go).ok())
        .map_or(0, |l| u64::from(l.size));
    (params + result).next_multiple_of(8)
}

fn tinygo(compiler: Abi) -> &'static str {
    match compiler {
        Abi::Go => " (TinyGo permits them)",
        Abi::TinyGo => "",
    }
}

impl std::fmt::Display for Where {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Where::Param(name) => write!(f, "parameter {name}: "),
            Where::Result => f.write_str("result "),
        }
    }
}

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;
