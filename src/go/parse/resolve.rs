//! From types as they are written to types as they are: names looked up, array lengths computed.
//!
//! Must not know where the definitions come from: whoever has some implements [`Names`].

use super::SyntaxError;
use super::constant::{self, Constant};
use super::expression::{Expression, ExpressionKind};
use super::types::{FieldText, ParamText, TypeKind, TypeText};
use crate::go::types::{Field, MAX_DEPTH, Param, Struct, Type};

/// How many types the types of one function may consist of.
const MAX_TYPES: usize = 1 << 12;

/// Bytes of the name of an instance of a generic type.
const MAX_NAME: usize = 1 << 10;

/// Where a name is looked up: a number that only the [`Names`] understand.
pub(super) type Scope = usize;

/// What definitions are known.
pub(super) trait Names {
    /// The length of an array, seen from `scope`; the text says what is wrong, in the words of the Go compiler.
    fn length(&self, scope: Scope, length: &Expression) -> Result<i128, String>;

    /// Whether structs are as the host expects without being marked, as under TinyGo's `//export`.
    fn all_host_layout(&self) -> bool {
        false
    }

    /// The name of the file that `scope` is in.
    fn file(&self, _: Scope) -> Option<String> {
        None
    }

    /// What is known of the type `name`, or `package.name`, seen from `scope`.
    fn lookup(&self, scope: Scope, package: Option<&str>, name: &str) -> Lookup<'_>;
}

/// What a name of a type stands for.
pub(super) enum Lookup<'n> {
    /// `type name ty`.
    Defined {
        /// As it is to be shown, and unlike the name of any other definition.
        name: String,
        /// Those of its type parameters.
        parameters: &'n [String],
        ty: &'n TypeText,
        scope: Scope,
    },
    /// `type name = ty`.
    Alias {
        parameters: &'n [String],
        ty: &'n TypeText,
        scope: Scope,
    },
    Known(Type),
    /// `structs.HostLayout`.
    HostLayout,
    Unknown,
}

/// No definitions at all: only what every Go file has, and `unsafe` and `structs` as if imported.
pub(super) struct Universe;

impl Names for Universe {
    /// A number: to compute with constants takes more than the page has room for.
    fn length(&self, _: Scope, length: &Expression) -> Result<i128, String> {
        match &length.kind {
            ExpressionKind::Int(text) => constant::integer(text),
            ExpressionKind::Name { package, name } => {
                Err(constant::undefined(package.as_deref(), name))
            }
            _ => Err("array length needs to be a number here".to_owned()),
        }
    }

    fn lookup(&self, _: Scope, package: Option<&str>, name: &str) -> Lookup<'_> {
        match package {
            None => Type::predeclared(name).map_or(Lookup::Unknown, Lookup::Known),
            Some(package) => standard(package, name),
        }
    }
}

/// The types of the standard library that matter at the border.
pub(super) fn standard(path: &str, name: &str) -> Lookup<'static> {
    match (path, name) {
        ("time", "Duration") => Lookup::Known(Type::Int64.named("time.Duration")),
        ("unsafe", "Pointer") => Lookup::Known(Type::UnsafePointer),
        ("structs", "HostLayout") => Lookup::HostLayout,
        ("C", name) => c_number(name).map_or(Lookup::Unknown, |ty| {
            Lookup::Known(ty.named(format!("C.{name}")))
        }),
        _ => Lookup::Unknown,
    }
}

/// The number types of C that cgo knows without a header or from `stdint.h`, as TinyGo has them for Wasm.
fn c_number(name: &str) -> Option<Type> {
    Some(match name {
        "char" | "schar" | "int8_t" => Type::Int8,
        "uchar" | "uint8_t" => Type::Uint8,
        "short" | "int16_t" => Type::Int16,
        "ushort" | "uint16_t" => Type::Uint16,
        "int" | "long" | "int32_t" => Type::Int32,
        "uint" | "ulong" | "uint32_t" | "size_t" => Type::Uint32,
        "longlong" | "int64_t" => Type::Int64,
        "ulonglong" | "uint64_t" => Type::Uint64,
        "float" => Type::Float32,
        "double" => Type::Float64,
        "uintptr_t" => Type::Uintptr,
        _ => return None,
    })
}

/// The integer constants of the standard library that are lengths of arrays.
pub(super) fn standard_constant(path: &str, name: &str) -> Option<Constant> {
    let number = match (path, name) {
        ("crypto/aes", "BlockSize") | ("crypto/md5", "Size") => 16,
        ("crypto/sha1", "Size") => 20,
        ("crypto/sha256", "Size224") => 28,
        ("crypto/sha256", "Size") | ("crypto/sha512", "Size256") => 32,
        ("crypto/ed25519", "PublicKeySize" | "SeedSize") => 32,
        ("crypto/ed25519", "PrivateKeySize" | "SignatureSize") => 64,
        ("crypto/sha512", "Size384") => 48,
        ("crypto/sha512", "Size") => 64,
        ("crypto/sha1" | "crypto/md5" | "crypto/sha256", "BlockSize") => 64,
        ("crypto/sha512", "BlockSize") => 128,
        ("math", "MaxInt8") => i8::MAX.into(),
        ("math", "MaxUint8") => u8::MAX.into(),
        ("math", "MaxInt16") => i16::MAX.into(),
        ("math", "MaxUint16") => u16::MAX.into(),
        ("math", "MaxInt32") => i32::MAX.into(),
        ("math", "MaxUint32") => u32::MAX.into(),
        ("unicode/utf8", "UTFMax") => 4,
        ("unicode/utf8", "RuneSelf") => 0x80,
        _ => return None,
    };
    Some(Constant::integer(number))
}

/// Resolves the types of one function.
pub(super) struct Resolver<'n> {
    names: &'n dyn Names,
    /// For each generic definition that is being resolved, what its type parameters stand for.
    bound: Vec<Vec<(String, Type)>>,
    /// The definitions that are being resolved.
    open: Vec<String>,
    types: usize,
    depth: usize,
}

impl<'n> Resolver<'n> {
    pub(super) fn new(names: &'n dyn Names) -> Resolver<'n> {
        Resolver {
            names,
            bound: Vec::new(),
            open: Vec::new(),
            types: 0,
            depth: 0,
        }
    }

    /// Parameters with their types.
    pub(super) fn params(
        &mut self,
        scope: Scope,
        params: &[ParamText],
    ) -> Result<Vec<Param>, SyntaxError> {
        params
            .iter()
            .map(|param| {
                Ok(Param {
                    name: param.name.clone(),
                    ty: self.ty(scope, &param.ty)?,
                })
            })
            .collect()
    }

    /// The result's type. Several results are a type that no compiler permits here.
    pub(super) fn result(
        &mut self,
        scope: Scope,
        results: &[ParamText],
    ) -> Result<Option<Type>, SyntaxError> {
        match results {
            [] => Ok(None),
            [result] => self.ty(scope, &result.ty).map(Some),
            results => {
                let types: Vec<String> = results.iter().map(|r| r.ty.to_string()).collect();
                Ok(Some(Type::Other(format!("({})", types.join(", ")))))
            }
        }
    }

    /// The type that is written here.
    pub(super) fn ty(&mut self, scope: Scope, text: &TypeText) -> Result<Type, SyntaxError> {
        self.types += 1;
        if self.types > MAX_TYPES || self.depth >= MAX_DEPTH {
            return Err(too_large(text));
        }
        self.depth += 1;
        let ty = self.resolve(scope, text);
        self.depth -= 1;
        ty.map_err(|mut error| {
            error.file = error.file.or_else(|| self.names.file(scope));
            error
        })
    }

    fn resolve(&mut self, scope: Scope, text: &TypeText) -> Result<Type, SyntaxError> {
        Ok(match &text.kind {
            TypeKind::Pointer(element) => self.ty(scope, element)?.pointer(),
            TypeKind::Array(length, element) => {
                let value = self.names.length(scope, length);
                let value = value.map_err(|message| SyntaxError::new(length.at, message))?;
                let length = u32::try_from(value).map_err(|_| {
                    SyntaxError::new(length.at, format!("invalid array length {value}"))
                })?;
                self.ty(scope, element)?.array(length)
            }
            TypeKind::Struct(fields) => Type::Struct(self.structure(scope, fields)?),
            TypeKind::Other(text) => Type::Other(text.clone()),
            TypeKind::Name {
                package,
                name,
                arguments,
            } => {
                if let Some(ty) = self.bound(text)? {
                    return Ok(ty);
                }
                let arguments: Result<Vec<Type>, _> = arguments
                    .iter()
                    .map(|argument| self.ty(scope, argument))
                    .collect();
                self.name(scope, text, (package.as_deref(), name), arguments?)?
            }
        })
    }

    /// What a type parameter stands for.
    fn bound(&mut self, text: &TypeText) -> Result<Option<Type>, SyntaxError> {
        let TypeKind::Name {
            package: None,
            name,
            ..
        } = &text.kind
        else {
            return Ok(None);
        };
        let bound = self.bound.last().into_iter().flatten();
        let found = { bound }.find(|(parameter, _)| parameter == name);
        let Some((_, ty)) = found else {
            return Ok(None);
        };
        let ty = ty.clone();
        self.types += parts(&ty);
        if self.types > MAX_TYPES {
            return Err(too_large(text));
        }
        Ok(Some(ty))
    }

    fn name(
        &mut self,
        scope: Scope,
        text: &TypeText,
        (package, name): (Option<&str>, &str),
        arguments: Vec<Type>,
    ) -> Result<Type, SyntaxError> {
        let found = self.names.lookup(scope, package, name);
        let parameters = match &found {
            Lookup::Defined { parameters, .. } | Lookup::Alias { parameters, .. } => *parameters,
            _ => &[],
        };
        if parameters.len() != arguments.len() {
            let message = match (parameters.len(), arguments.len()) {
                (_, 0) => format!("cannot use generic type {name} without instantiation"),
                (0, _) => format!("{name} is not a generic type"),
                (want, have) if have < want => {
                    format!("not enough type arguments for type {name}: have {have}, want {want}")
                }
                (want, have) => {
                    format!("too many type arguments for type {name}: have {have}, want {want}")
                }
            };
            return Err(SyntaxError::new(text.at, message));
        }
        let instance = instance(&arguments);
        if instance.len() > MAX_NAME {
            return Err(too_large(text));
        }
        let arguments = parameters.iter().cloned().zip(arguments).collect();
        match found {
            Lookup::Known(ty) => Ok(ty),
            Lookup::Alias { ty, scope, .. } => self.with(arguments, |own| own.ty(scope, ty)),
            // Only as a field's type has it a meaning.
            Lookup::HostLayout => Ok(Type::Other("structs.HostLayout".to_owned())),
            Lookup::Defined {
                name, ty, scope, ..
            } => {
                let name = name + instance.as_str();
                if self.open.contains(&name) {
                    return Ok(Type::Named {
                        name,
                        underlying: None,
                    });
                }
                self.open.push(name.clone());
                let ty = self.with(arguments, |own| own.ty(scope, ty));
                self.open.pop();
                Ok(ty?.named(name))
            }
            Lookup::Unknown => Err(SyntaxError::new(
                text.at,
                constant::undefined(package, name),
            )),
        }
    }

    /// Resolves with these type parameters, and no others.
    fn with<T>(
        &mut self,
        arguments: Vec<(String, Type)>,
        resolve: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.bound.push(arguments);
        let resolved = resolve(self);
        self.bound.pop();
        resolved
    }

    /// The type of an expression: of a value that is written out, of a conversion.
    pub(super) fn of_expression(
        &mut self,
        scope: Scope,
        expression: &Expression,
    ) -> Result<Type, SyntaxError> {
        match &expression.kind {
            ExpressionKind::Literal(ty) => self.ty(scope, ty),
            ExpressionKind::Call(function, arguments) if arguments.len() == 1 => {
                match &function.kind {
                    ExpressionKind::Name { package, name } => {
                        let at = expression.at;
                        let kind = TypeKind::named(package.clone(), name.clone());
                        self.ty(scope, &TypeText { at, kind })
                    }
                    _ => Err(unknown(expression)),
                }
            }
            _ => Err(unknown(expression)),
        }
    }

    fn structure(&mut self, scope: Scope, texts: &[FieldText]) -> Result<Struct, SyntaxError> {
        let mut structure = Struct {
            host_layout: !texts.is_empty() && self.names.all_host_layout(),
            ..Struct::default()
        };
        let mut marker_is_last = false;
        for text in texts {
            marker_is_last = self.is_marker(scope, &text.ty);
            if marker_is_last {
                structure.host_layout = true;
                continue;
            }
            if text.names.is_empty() {
                let ty = self.ty(scope, &text.ty)?;
                structure
                    .fields
                    .push(Field::new(embedded_name(&text.ty), ty));
            }
            for name in &text.names {
                let ty = self.ty(scope, &text.ty)?;
                structure.fields.push(Field::new(name, ty));
            }
        }
        if marker_is_last && !structure.fields.is_empty() {
            // A field of size zero at the end has a byte of padding in Go: keep one.
            let nothing = Type::Uint8.array(0);
            structure.fields.push(Field::new("_", nothing));
        }
        Ok(structure)
    }

    /// Whether a field of this type marks its struct.
    fn is_marker(&self, scope: Scope, text: &TypeText) -> bool {
        let (mut scope, mut text) = (scope, text);
        for _ in 0..MAX_DEPTH {
            let TypeKind::Name { package, name, .. } = &text.kind else {
                return false;
            };
            match self.names.lookup(scope, package.as_deref(), name) {
                Lookup::HostLayout => return true,
                Lookup::Alias {
                    ty, scope: there, ..
                } => (scope, text) = (there, ty),
                _ => return false,
            }
        }
        false
    }
}

fn too_large(text: &TypeText) -> SyntaxError {
    SyntaxError::new(text.at, format!("type {text} is too large"))
}

fn unknown(expression: &Expression) -> SyntaxError {
    SyntaxError::new(expression.at, "its type is not known")
}

/// What stands behind the name of a generic type with these arguments.
fn instance(arguments: &[Type]) -> String {
    if arguments.is_empty() {
        return String::new();
    }
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    format!("[{}]", arguments.join(","))
}

/// Of how many types a type consists.
fn parts(ty: &Type) -> usize {
    match ty {
        Type::Pointer(element) | Type::Array(element, _) => 1 + parts(element),
        Type::Struct(structure) => {
            let fields = structure.fields.iter();
            1 + fields.map(|field| parts(&field.ty)).sum::<usize>()
        }
        Type::Named {
            underlying: Some(ty),
            ..
        } => 1 + parts(ty),
        _ => 1,
    }
}

fn embedded_name(text: &TypeText) -> String {
    match &text.kind {
        TypeKind::Name { name, .. } => name.clone(),
        TypeKind::Pointer(element) => embedded_name(element),
        _ => "_".to_owned(),
    }
}
