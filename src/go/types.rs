//! The type model: Go types and function signatures, and how Go writes them.
//!
//! Must not know where a type came from, how it is laid out, or whether it is permitted: a
//! [`Type`] can be any type, so that a refusal can name it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::abi::WasmType;

/// How deep a type may be nested before it is refused. Readers refuse deeper ones with a message,
/// so that no walk over a type can exhaust the stack.
pub const MAX_DEPTH: usize = 64;

/// A Go type.
#[allow(missing_docs, reason = "the names are Go's")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Type {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float32,
    Float64,
    Uintptr,
    UnsafePointer,
    String,
    Pointer(Box<Type>),
    /// Element and length.
    Array(Box<Type>, u32),
    Struct(Struct),
    /// A Wasm reference, which no Go type is: to a function, or to something of the host's.
    Ref(WasmType),
    /// What a Wasm function with several results returns; Go has one at most.
    Several(Vec<Type>),
    /// A defined type. It counts as what it names.
    Named {
        /// As written where it is used: `S`, or `pkg.S`.
        name: String,
        /// `None`: refers back to the enclosing definition of that name (recursion through a
        /// pointer).
        underlying: Option<Box<Type>>,
    },
    /// Any other type, as Go writes it: `int`, `[]byte`, `map[string]int`. Never permitted; kept
    /// so that the refusal names it.
    Other(String),
}

/// A struct type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Struct {
    /// In memory order, without the `structs.HostLayout` marker.
    pub fields: Vec<Field>,
    /// Whether a field of type `structs.HostLayout` marks it.
    pub host_layout: bool,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Field {
    /// `_` for a blank field: it takes room and has no name.
    pub name: String,
    /// What it holds.
    pub ty: Type,
}

/// A function's name, parameters and result.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signature {
    /// The name under which it is exported or imported.
    pub name: String,
    /// In order.
    pub params: Vec<Param>,
    /// Go permits one result at most; several in Wasm's terms are [`Type::Several`].
    pub result: Option<Type>,
    /// For a function that was not written in Go: how its own language declares it, for example
    /// `int add(int a, int b)`, or WebAssembly. Shown instead of the Go form.
    pub written: Option<String>,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Param {
    /// Empty when the parameter has no name.
    pub name: String,
    /// What it takes.
    pub ty: Type,
}

/// Where a signature was found. Best first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    /// The module's debug information.
    Dwarf,
    /// A Go file beside the module.
    GoSource {
        /// Its name.
        file: String,
    },
    /// A line that somebody typed.
    ByHand,
    /// Only the Wasm types: likely, never known.
    Guess,
    /// The Wasm types, which no Go function has: in Wasm's terms it is certain.
    Wasm,
    /// The module's debug information for the first parameters, which is all that it has; for the
    /// others, and the result, the Wasm types.
    GuessAfter {
        /// How many it has.
        known: usize,
    },
}

/// Whose memory layout and whose rules: the two Go compilers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Abi {
    /// The standard compiler's `GOARCH=wasm`. A pointer is 8 bytes wide in its memory and 4 on the
    /// host's side, so none may be in memory that both share.
    Go,
    /// TinyGo, and with it every LLVM compiler for wasm32 (C, Rust, Zig): a pointer is 4 bytes.
    TinyGo,
}

impl Source {
    /// Whether some of the signature is a guess.
    #[must_use]
    pub fn is_guess(&self) -> bool {
        matches!(self, Self::Guess | Self::GuessAfter { .. })
    }
}

impl Type {
    /// A pointer to `self`.
    #[must_use]
    pub fn pointer(self) -> Type {
        Type::Pointer(Box::new(self))
    }

    /// An array of `length` times `self`.
    #[must_use]
    pub fn array(self, length: u32) -> Type {
        Type::Array(Box::new(self), length)
    }

    /// A definition `type name self`.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Type {
        Type::Named {
            name: name.into(),
            underlying: Some(Box::new(self)),
        }
    }

    /// The type that Go predeclares under `name`: `int32`, `byte`, `string`. `int`, `error` and
    /// the other predeclared types that cannot cross the border are [`Type::Other`].
    #[must_use]
    pub fn predeclared(name: &str) -> Option<Type> {
        Some(match name {
            "bool" => Type::Bool,
            "int8" => Type::Int8,
            "int16" => Type::Int16,
            "int32" | "rune" => Type::Int32,
            "int64" => Type::Int64,
            "uint8" | "byte" => Type::Uint8,
            "uint16" => Type::Uint16,
            "uint32" => Type::Uint32,
            "uint64" => Type::Uint64,
            "float32" => Type::Float32,
            "float64" => Type::Float64,
            "uintptr" => Type::Uintptr,
            "string" => Type::String,
            "int" | "uint" | "complex64" | "complex128" | "error" | "any" | "comparable" => {
                Type::Other(name.to_owned())
            }
            _ => return None,
        })
    }

    /// What a chain of definitions names in the end; `self` if it is not a definition, or refers
    /// back to one.
    #[must_use]
    pub fn underlying(&self) -> &Type {
        let mut ty = self;
        while let Type::Named {
            underlying: Some(inner),
            ..
        } = ty
        {
            ty = inner;
        }
        ty
    }
}

impl Signature {
    /// The signature of a Go function.
    #[must_use]
    pub fn new(name: impl Into<String>, params: Vec<Param>, result: Option<Type>) -> Signature {
        Signature {
            name: name.into(),
            params,
            result,
            written: None,
        }
    }

    /// In Go syntax, whatever language the function was written in.
    #[must_use]
    pub fn in_go(&self) -> String {
        let named = self.params.iter().any(|param| !param.name.is_empty());
        let params: Vec<String> = self
            .params
            .iter()
            .map(|param| match param.name.as_str() {
                "" if named => format!("_ {}", param.ty),
                "" => param.ty.to_string(),
                name => format!("{name} {}", param.ty),
            })
            .collect();
        let mut text = format!("{}({})", self.name, params.join(", "));
        if let Some(result) = &self.result {
            text.push_str(&format!(" {result}"));
        }
        text
    }
}

impl Param {
    /// A parameter; `name` may be empty.
    #[must_use]
    pub fn new(name: impl Into<String>, ty: Type) -> Param {
        Param {
            name: name.into(),
            ty,
        }
    }

    /// What the parameter at place `index` is called where it needs a name: `argument 2` if it has none.
    #[must_use]
    pub fn called(&self, index: usize) -> String {
        match self.name.as_str() {
            "" | "_" => format!("argument {}", index + 1),
            name => name.to_owned(),
        }
    }
}

impl Field {
    /// A field; `_` is a blank one.
    #[must_use]
    pub fn new(name: impl Into<String>, ty: Type) -> Field {
        Field {
            name: name.into(),
            ty,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Bool => "bool",
            Type::Int8 => "int8",
            Type::Int16 => "int16",
            Type::Int32 => "int32",
            Type::Int64 => "int64",
            Type::Uint8 => "uint8",
            Type::Uint16 => "uint16",
            Type::Uint32 => "uint32",
            Type::Uint64 => "uint64",
            Type::Float32 => "float32",
            Type::Float64 => "float64",
            Type::Uintptr => "uintptr",
            Type::UnsafePointer => "unsafe.Pointer",
            Type::String => "string",
            Type::Pointer(element) => return write!(f, "*{element}"),
            Type::Array(element, length) => return write!(f, "[{length}]{element}"),
            Type::Struct(fields) => return fields.fmt(f),
            Type::Ref(ty) => ty.name(),
            Type::Several(types) => {
                let types: Vec<String> = types.iter().map(Type::to_string).collect();
                return write!(f, "({})", types.join(", "));
            }
            Type::Named { name, .. } => name,
            Type::Other(text) => text,
        })
    }
}

impl fmt::Display for Struct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let marker = self
            .host_layout
            .then(|| "_ structs.HostLayout".to_owned())
            .into_iter();
        let fields = self
            .fields
            .iter()
            .map(|field| format!("{} {}", field.name, field.ty));
        let parts: Vec<String> = marker.chain(fields).collect();
        if parts.is_empty() {
            f.write_str("struct{}")
        } else {
            write!(f, "struct{{ {} }}", parts.join("; "))
        }
    }
}

/// As the function's own language writes it, else in Go syntax: `greet(name string)`.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.written {
            Some(text) => f.write_str(text),
            None => f.write_str(&self.in_go()),
        }
    }
}

/// The phrase that stands beside a signature: `from DWARF`.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Dwarf => f.write_str("from DWARF"),
            Source::GoSource { file } => write!(f, "from {file}"),
            Source::ByHand => f.write_str("by hand"),
            Source::Guess => f.write_str("guessed from the Wasm types"),
            Source::Wasm => f.write_str("in Wasm's terms: no Go function has its type"),
            Source::GuessAfter { known: 1 } => {
                f.write_str("first parameter from DWARF, the rest guessed from the Wasm types")
            }
            Source::GuessAfter { known } => write!(
                f,
                "first {known} parameters from DWARF, the rest guessed from the Wasm types"
            ),
        }
    }
}

#[cfg(test)]
#[path = "types/tests.rs"]
mod tests;
