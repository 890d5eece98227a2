//! From types as they are written to types as they are: names looked up, array lengths computed.
//!
//! Must not know where the definitions come from: whoever has some implements [`Names`].

use super::constant::{self, Constants};
use super::types::{FieldText, ParamText, TypeKind, TypeText};
use super::{Position, SyntaxError};
use crate::go::types::{Field, MAX_DEPTH, Param, Struct, Type};

/// How many types the types of one function may consist of.
const MAX_TYPES: usize = 1 << 12;

/// Where a name is looked up: a number that only the [`Names`] understand.
pub(super) type Scope = usize;

/// What definitions are known.
pub(super) trait Names: Constants {
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
        ty: &'n TypeText,
        scope: Scope,
    },
    /// `type name = ty`.
    Alias {
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

impl Constants for Universe {
    fn value(&self, _: Scope, package: Option<&str>, name: &str, _: usize) -> Result<i128, String> {
        Err(constant::undefined(package, name))
    }
}

impl Names for Universe {
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
        _ => Lookup::Unknown,
    }
}

/// Resolves the types of one function.
pub(super) struct Resolver<'n> {
    names: &'n dyn Names,
    /// The definitions that are being resolved.
    open: Vec<String>,
    types: usize,
    depth: usize,
}

impl<'n> Resolver<'n> {
    pub(super) fn new(names: &'n dyn Names) -> Resolver<'n> {
        Resolver {
            names,
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
            return Err(SyntaxError::new(
                text.at,
                format!("type {text} is too large"),
            ));
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
                let value = constant::value(length, scope, self.names, 0)
                    .map_err(|message| SyntaxError::new(length.at, message))?;
                let length = u32::try_from(value).map_err(|_| {
                    SyntaxError::new(length.at, format!("invalid array length {value}"))
                })?;
                self.ty(scope, element)?.array(length)
            }
            TypeKind::Struct(fields) => Type::Struct(self.structure(scope, fields)?),
            TypeKind::Other(text) => Type::Other(text.clone()),
            TypeKind::Name { package, name } => {
                self.name(scope, text.at, package.as_deref(), name)?
            }
        })
    }

    fn name(
        &mut self,
        scope: Scope,
        at: Position,
        package: Option<&str>,
        name: &str,
    ) -> Result<Type, SyntaxError> {
        match self.names.lookup(scope, package, name) {
            Lookup::Known(ty) => Ok(ty),
            Lookup::Alias { ty, scope } => self.ty(scope, ty),
            // Only as a field's type has it a meaning.
            Lookup::HostLayout => Ok(Type::Other("structs.HostLayout".to_owned())),
            Lookup::Defined { name, ty, scope } => {
                if self.open.contains(&name) {
                    return Ok(Type::Named {
                        name,
                        underlying: None,
                    });
                }
                self.open.push(name.clone());
                let ty = self.ty(scope, ty);
                self.open.pop();
                Ok(ty?.named(name))
            }
            Lookup::Unknown => Err(SyntaxError::new(at, constant::undefined(package, name))),
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
            let TypeKind::Name { package, name } = &text.kind else {
                return false;
            };
            match self.names.lookup(scope, package.as_deref(), name) {
                Lookup::HostLayout => return true,
                Lookup::Alias { ty, scope: there } => (scope, text) = (there, ty),
                _ => return false,
            }
        }
        false
    }
}

fn embedded_name(text: &TypeText) -> String {
    match &text.kind {
        TypeKind::Name { name, .. } => name.clone(),
        TypeKind::Pointer(element) => embedded_name(element),
        _ => "_".to_owned(),
    }
}
