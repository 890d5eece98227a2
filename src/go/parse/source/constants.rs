//! The constants of a program: what names stand for in the length of an array, and the types of
//! variables and values of which a constant expression may take the length or the size.
//!
//! Each constant is computed once. Must not know how an expression is evaluated.

use super::{Program, View};
use crate::go::layout;
use crate::go::parse::constant::{self, Constant, Constants, Kind};
use crate::go::parse::expression::{Expression, ExpressionKind};
use crate::go::parse::file::{ConstantDeclaration, VariableDeclaration};
use crate::go::parse::resolve::{Resolver, Scope, standard_constant};
use crate::go::parse::types::{TypeKind, TypeText};
use crate::go::parse::{Position, SyntaxError};
use crate::go::types::Type;

/// How many types of expressions are resolved for the constants of a program, and how many of them
/// inside each other.
const MAX_EXPRESSIONS: u32 = 1000;
const MAX_NESTED_EXPRESSIONS: u32 = 2;

impl Program {
    fn constant(&self, package: usize, name: &str) -> Option<(usize, &ConstantDeclaration)> {
        let (file, at) = *self.packages.get(package)?.constants.get(name)?;
        Some((file, self.files.get(file)?.1.constants.get(at)?))
    }

    fn compute(
        &self,
        package: usize,
        name: &str,
        depth: usize,
    ) -> Option<Result<Constant, String>> {
        let (file, constant) = self.constant(package, name)?;
        let key = (package, name.to_owned());
        if let Some(known) = self.constants.borrow().get(&key) {
            let cycle = || Err(format!("initialization cycle: {name} refers to itself"));
            return Some(known.clone().unwrap_or_else(cycle));
        }
        self.constants.borrow_mut().insert(key.clone(), None);
        let value = match &constant.value {
            Some(expression) => {
                let iota = Iota {
                    program: self,
                    iota: constant.iota,
                };
                constant::value(expression, file, &iota, depth)
            }
            None => Err(format!("{name} is not an integer constant")),
        };
        let kind = constant.ty.as_ref().map(|ty| self.kind_of(file, ty));
        let value = match kind {
            Some(Some(kind)) => value.and_then(|value| value.converted(kind)),
            _ => value,
        };
        let stored = Some(value.clone());
        self.constants.borrow_mut().insert(key, stored);
        Some(value)
    }

    /// What a type is to a constant.
    fn kind_of(&self, scope: Scope, ty: &TypeText) -> Option<Kind> {
        let ty = self.resolved(scope, |resolver| resolver.ty(scope, ty))?;
        constant::kind_of(ty.underlying())
    }

    /// The type of an expression that may stand in a constant one: `len(x)`.
    fn type_of(&self, scope: Scope, expression: &Expression) -> Option<Type> {
        if let ExpressionKind::Name { package, name } = &expression.kind {
            let (packages, _) = self.packages(scope, package.as_deref());
            let mut found = packages.into_iter().filter_map(|p| self.variable(p, name));
            let (scope, variable) = found.next()?;
            return self.resolved(scope, |resolver| match (&variable.ty, &variable.value) {
                (Some(ty), _) => resolver.ty(scope, ty),
                (None, Some(value)) => resolver.of_expression(scope, value),
                _ => Ok(Type::Other(String::new())),
            });
        }
        self.resolved(scope, |resolver| resolver.of_expression(scope, expression))
    }

    /// A type that is needed for a constant. Since types need constants too, there are limits.
    fn resolved(
        &self,
        scope: Scope,
        resolve: impl FnOnce(&mut Resolver<'_>) -> Result<Type, SyntaxError>,
    ) -> Option<Type> {
        let nested = self.nested_expressions.get();
        self.expressions.update(|count| count.saturating_add(1));
        if nested >= MAX_NESTED_EXPRESSIONS || self.expressions.get() > MAX_EXPRESSIONS {
            return None;
        }
        let view = View {
            program: self,
            home: self.package_of.get(scope).copied().unwrap_or_default(),
            lenient: false,
        };
        self.nested_expressions.set(nested + 1);
        let resolved = resolve(&mut Resolver::new(&view));
        self.nested_expressions.set(nested);
        resolved.ok()
    }

    /// Whether there is a constant of that name, as for any other that Go predeclares.
    fn hides_iota(&self, scope: Scope) -> bool {
        let (packages, _) = self.packages(scope, None);
        let mut constants = packages.iter().filter_map(|p| self.constant(*p, "iota"));
        constants.next().is_some()
    }

    fn variable(&self, package: usize, name: &str) -> Option<(Scope, &VariableDeclaration)> {
        let (file, at) = *self.packages.get(package)?.variables.get(name)?;
        Some((file, self.files.get(file)?.1.variables.get(at)?))
    }
}

impl Constants for Program {
    fn value(
        &self,
        scope: Scope,
        package: Option<&str>,
        name: &str,
        depth: usize,
    ) -> Result<Constant, String> {
        let (packages, path) = self.packages(scope, package);
        let of = |&package: &usize| self.compute(package, name, depth);
        let variable = |&package: &usize| {
            self.variable(package, name)?;
            Some(Err(format!("{name} (variable) is not constant")))
        };
        packages
            .iter()
            .find_map(of)
            .or_else(|| standard_constant(path?, name).map(Ok))
            .or_else(|| packages.iter().find_map(variable))
            .unwrap_or_else(|| Err(constant::undefined(package, name)))
    }

    fn kind(&self, scope: Scope, package: Option<&str>, name: &str) -> Option<Kind> {
        if package.is_none() && matches!(name, "len" | "cap" | "min" | "max") {
            return None;
        }
        let kind = TypeKind::named(package.map(str::to_owned), name.to_owned());
        let at = Position::default();
        self.kind_of(scope, &TypeText { at, kind })
    }

    fn path<'n>(&'n self, scope: Scope, package: &'n str) -> Option<&'n str> {
        self.packages(scope, Some(package)).1
    }

    fn array_length(&self, scope: Scope, expression: &Expression) -> Option<u32> {
        let ty = self.type_of(scope, expression)?;
        let array = match ty.underlying() {
            Type::Pointer(element) => element.underlying(),
            ty => ty,
        };
        match array {
            Type::Array(_, length) => Some(*length),
            _ => None,
        }
    }

    fn size(&self, scope: Scope, expression: &Expression) -> Option<(u32, u32)> {
        let ty = self.type_of(scope, expression)?;
        let layout = layout::layout(&ty, self.compiler).ok()?;
        Some((layout.size, layout.align))
    }
}

/// The constants as one of them sees them.
struct Iota<'p> {
    program: &'p Program,
    iota: i128,
}

impl Constants for Iota<'_> {
    fn value(
        &self,
        scope: Scope,
        package: Option<&str>,
        name: &str,
        depth: usize,
    ) -> Result<Constant, String> {
        if package.is_none() && name == "iota" && !self.program.hides_iota(scope) {
            return Ok(Constant::integer(self.iota));
        }
        self.program.value(scope, package, name, depth)
    }

    fn kind(&self, scope: Scope, package: Option<&str>, name: &str) -> Option<Kind> {
        self.program.kind(scope, package, name)
    }

    fn path<'n>(&'n self, scope: Scope, package: &'n str) -> Option<&'n str> {
        self.program.path(scope, package)
    }

    fn array_length(&self, scope: Scope, expression: &Expression) -> Option<u32> {
        self.program.array_length(scope, expression)
    }

    fn size(&self, scope: Scope, expression: &Expression) -> Option<(u32, u32)> {
        self.program.size(scope, expression)
    }
}

#[cfg(test)]
#[path = "constants/tests.rs"]
mod tests;
