//! Constants: the value of an array's length.
//!
//! Untyped constants are exact, those with a type are in its range. Must not know where a name is
//! declared: whoever has declarations implements [`Constants`].

use super::expression::{Expression, ExpressionKind};
use super::ratio::Ratio;
use super::resolve::Scope;
use crate::go::types::Type;

/// How deep expressions, and the constants in them, may be nested.
const MAX_DEPTH: usize = 200;

/// Bytes of a string constant.
const MAX_TEXT: usize = 1 << 20;

/// The message for a name that nothing declares.
pub(super) fn undefined(package: Option<&str>, name: &str) -> String {
    match package {
        Some(package) => format!("undefined: {package}.{name}"),
        None => format!("undefined: {name}"),
    }
}

/// The value of a constant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Constant {
    value: Exact,
    /// `None`: it is untyped.
    kind: Option<Kind>,
}

#[derive(Clone, Debug, PartialEq)]
enum Exact {
    /// With whether it counts as floating-point when it is divided.
    Number(Ratio, bool),
    Text(Vec<u8>),
}

/// What a type is to a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Bits, and whether there is a sign.
    Integer(u32, bool),
    Float,
    Text,
}

/// What constants, types and variables are known.
pub(super) trait Constants {
    /// The value of `name`, or of `package.name`, seen from `scope`; else why there is none. `depth` is
    /// how deep the evaluation is in expressions already.
    fn value(
        &self,
        scope: Scope,
        package: Option<&str>,
        name: &str,
        depth: usize,
    ) -> Result<Constant, String>;

    /// What the type of this name is to a constant; `None`: there is no such type.
    fn kind(&self, scope: Scope, package: Option<&str>, name: &str) -> Option<Kind>;

    /// The path of the package that is called `package` there.
    fn path<'n>(&'n self, scope: Scope, package: &'n str) -> Option<&'n str>;

    /// The length of the array that an expression is, or points to.
    fn array_length(&self, scope: Scope, expression: &Expression) -> Option<u32>;

    /// Size and alignment in bytes of what an expression is.
    fn size(&self, scope: Scope, expression: &Expression) -> Option<(u32, u32)>;
}

impl Constant {
    /// An untyped integer.
    pub(super) fn integer(number: i128) -> Constant {
        Constant {
            value: Exact::Number(Ratio::whole(number), false),
            kind: None,
        }
    }

    /// The constant as one of a type.
    ///
    /// # Errors
    ///
    /// A message in the words of the Go compiler, if it is none.
    pub(super) fn converted(self, kind: Kind) -> Result<Constant, String> {
        let value = match (self.value, kind) {
            (Exact::Number(number, _), Kind::Float) => Exact::Number(number, true),
            (Exact::Number(number, _), Kind::Integer(bits, signed)) => {
                let whole = number
                    .integer()
                    .ok_or_else(|| format!("constant {number} truncated to integer"))?;
                let (min, max) = match (signed, 1i128.checked_shl(bits).unwrap_or(i128::MAX)) {
                    (true, end) => (-end / 2, end / 2 - 1),
                    (false, end) => (0, end - 1),
                };
                if whole < min || whole > max {
                    return Err(format!("constant {whole} overflows"));
                }
                Exact::Number(number, false)
            }
            (text @ Exact::Text(_), Kind::Text) => text,
            _ => return Err(not_constant()),
        };
        Ok(Constant {
            value,
            kind: Some(kind),
        })
    }

    fn number(&self) -> Result<(Ratio, bool), String> {
        match self.value {
            Exact::Number(number, float) => Ok((number, float)),
            Exact::Text(_) => Err(not_constant()),
        }
    }

    fn whole(&self) -> Result<i128, String> {
        let (number, _) = self.number()?;
        number
            .integer()
            .ok_or_else(|| format!("constant {number} truncated to integer"))
    }
}

/// What a type, without its names, is to a constant.
pub(super) fn kind_of(ty: &Type) -> Option<Kind> {
    Some(match ty {
        Type::Int8 => Kind::Integer(8, true),
        Type::Int16 => Kind::Integer(16, true),
        Type::Int32 => Kind::Integer(32, true),
        Type::Int64 => Kind::Integer(64, true),
        Type::Uint8 => Kind::Integer(8, false),
        Type::Uint16 => Kind::Integer(16, false),
        Type::Uint32 => Kind::Integer(32, false),
        Type::Uint64 | Type::Uintptr => Kind::Integer(64, false),
        Type::Float32 | Type::Float64 => Kind::Float,
        Type::String => Kind::Text,
        Type::Other(name) if name == "int" => Kind::Integer(64, true),
        Type::Other(name) if name == "uint" => Kind::Integer(64, false),
        _ => return None,
    })
}

/// The value of an array's length.
///
/// # Errors
///
/// A message in the words of the Go compiler.
pub(super) fn length<C: Constants + ?Sized>(
    expression: &Expression,
    scope: Scope,
    constants: &C,
) -> Result<i128, String> {
    value(expression, scope, constants, 0)?.whole()
}

/// The value of a constant expression.
///
/// # Errors
///
/// A message in the words of the Go compiler.
pub(super) fn value<C: Constants + ?Sized>(
    expression: &Expression,
    scope: Scope,
    constants: &C,
    depth: usize,
) -> Result<Constant, String> {
    if depth > MAX_DEPTH {
        return Err("constant expression nested too deeply".to_owned());
    }
    let evaluation = Evaluation {
        scope,
        constants,
        depth: depth + 1,
    };
    match &expression.kind {
        ExpressionKind::Int(text) => integer(text).map(Constant::integer),
        ExpressionKind::Rune(text) => rune(text).map(Constant::integer),
        ExpressionKind::Float(text) => {
            let number = Ratio::literal(text).ok_or_else(overflow)?;
            Ok(Constant {
                value: Exact::Number(number, true),
                kind: None,
            })
        }
        ExpressionKind::String(literal) => Ok(Constant {
            value: Exact::Text(crate::go::value::unquote(literal)?),
            kind: None,
        }),
        ExpressionKind::Name { package, name } => {
            constants.value(scope, package.as_deref(), name, depth + 1)
        }
        ExpressionKind::Unary(operator, operand) => unary(operator, &evaluation.value(operand)?),
        ExpressionKind::Binary(operator, left, right) => {
            let left = evaluation.value(left)?;
            binary(operator, left, evaluation.value(right)?)
        }
        ExpressionKind::Call(function, arguments) => evaluation.call(function, arguments),
        ExpressionKind::Literal(_) | ExpressionKind::Unknown => Err(not_constant()),
    }
}

/// Where an expression stands.
struct Evaluation<'c, C: ?Sized> {
    scope: Scope,
    constants: &'c C,
    depth: usize,
}

impl<C: Constants + ?Sized> Evaluation<'_, C> {
    fn value(&self, expression: &Expression) -> Result<Constant, String> {
        value(expression, self.scope, self.constants, self.depth)
    }

    /// A conversion, or one of the built-in functions that may be constant.
    fn call(&self, function: &Expression, arguments: &[Expression]) -> Result<Constant, String> {
        let ExpressionKind::Name { package, name } = &function.kind else {
            return Err(not_constant());
        };
        let package = package.as_deref();
        if let Some(kind) = self.constants.kind(self.scope, package, name) {
            return match arguments {
                [argument] => self.value(argument)?.converted(kind),
                _ => Err(not_constant()),
            };
        }
        let integer = |number: u32| Constant::integer(number.into()).converted(INT);
        let size = |argument| self.constants.size(self.scope, argument);
        let path = package.and_then(|package| self.constants.path(self.scope, package));
        match (path.or(package), name.as_str(), arguments) {
            (None, "len" | "cap", [argument]) => {
                if let Some(length) = self.constants.array_length(self.scope, argument) {
                    return integer(length);
                }
                match self.value(argument)?.value {
                    Exact::Text(text) if name == "len" => {
                        integer(u32::try_from(text.len()).unwrap_or(u32::MAX))
                    }
                    _ => Err(not_constant()),
                }
            }
            (None, "min" | "max", [first, rest @ ..]) => {
                let mut best = self.value(first)?;
                for next in rest {
                    let next = self.value(next)?;
                    let above = best.number()?.0.is_above(next.number()?.0);
                    if above.ok_or_else(overflow)? == (name == "min") {
                        best = next;
                    }
                }
                Ok(best)
            }
            (Some("unsafe"), "Sizeof", [argument]) => {
                integer(size(argument).ok_or_else(not_constant)?.0)
            }
            (Some("unsafe"), "Alignof", [argument]) => {
                integer(size(argument).ok_or_else(not_constant)?.1)
            }
            _ => Err(not_constant()),
        }
    }
}

const INT: Kind = Kind::Integer(64, true);

fn not_constant() -> String {
    "array length must be an integer constant".to_owned()
}

fn overflow() -> String {
    "constant overflows".to_owned()
}

fn unary(operator: &str, operand: &Constant) -> Result<Constant, String> {
    let (number, float) = operand.number()?;
    let number = match operator {
        "+" => number,
        "-" => number.negated().ok_or_else(overflow)?,
        "^" => {
            let whole = operand.whole()?;
            Ratio::whole(match operand.kind {
                Some(Kind::Integer(bits, false)) => whole ^ ((1 << bits) - 1),
                _ => !whole,
            })
        }
        _ => return Err(not_constant()),
    };
    of_kind(Exact::Number(number, float), operand.kind)
}

fn of_kind(value: Exact, kind: Option<Kind>) -> Result<Constant, String> {
    let constant = Constant { value, kind: None };
    match kind {
        Some(kind) => constant.converted(kind),
        None => Ok(constant),
    }
}

fn binary(operator: &str, left: Constant, right: Constant) -> Result<Constant, String> {
    if matches!(operator, "<<" | ">>") {
        let by = u32::try_from(right.whole()?).ok().filter(|by| *by < 127);
        let whole = left.whole()?;
        let shifted = match (operator, by) {
            ("<<", Some(by)) => whole.checked_mul(1 << by),
            (_, Some(by)) => Some(whole >> by),
            _ => None,
        };
        let number = Ratio::whole(shifted.ok_or_else(overflow)?);
        return of_kind(Exact::Number(number, false), left.kind);
    }
    let (left, right) = match (left.kind, right.kind) {
        (Some(one), Some(other)) if one != other => {
            return Err("invalid operation: mismatched types".to_owned());
        }
        (Some(kind), None) => (left, right.converted(kind)?),
        (None, Some(kind)) => (left.converted(kind)?, right),
        _ => (left, right),
    };
    let kind = left.kind;
    if let (Exact::Text(left), "+", Exact::Text(right)) = (&left.value, operator, &right.value) {
        let text = [left.as_slice(), right].concat();
        if text.len() > MAX_TEXT {
            return Err(overflow());
        }
        return of_kind(Exact::Text(text), kind);
    }
    let ((a, left_float), (b, right_float)) = (left.number()?, right.number()?);
    let float = left_float || right_float;
    let number = match operator {
        "+" => a.plus(b),
        "-" => b.negated().and_then(|b| a.plus(b)),
        "*" => a.times(b),
        "/" | "%" if b.is_zero() => return Err("invalid operation: division by zero".to_owned()),
        "/" if float => a.over(b),
        _ => {
            let (a, b) = (left.whole()?, right.whole()?);
            let whole = match operator {
                "/" => a.checked_div(b),
                "%" => a.checked_rem(b),
                "&" => Some(a & b),
                "|" => Some(a | b),
                "^" => Some(a ^ b),
                "&^" => Some(a & !b),
                _ => return Err(not_constant()),
            };
            whole.map(Ratio::whole)
        }
    };
    let number = number.ok_or_else(overflow)?;
    of_kind(Exact::Number(number, float), kind)
}

/// An integer literal of Go, where a leading zero means octal.
pub(super) fn integer(text: &str) -> Result<i128, String> {
    let digits = text.replace('_', "").to_ascii_lowercase();
    let (base, digits) = match digits.get(..2) {
        Some("0x") => (16, digits.get(2..)),
        Some("0b") => (2, digits.get(2..)),
        Some("0o") => (8, digits.get(2..)),
        Some(_) if digits.starts_with('0') => (8, digits.get(1..)),
        _ => (10, digits.get(..)),
    };
    i128::from_str_radix(digits.unwrap_or_default(), base)
        .map_err(|_| format!("invalid integer literal {text}"))
}

fn rune(text: &str) -> Result<i128, String> {
    let invalid = || format!("invalid rune literal {text}");
    let body = text
        .strip_prefix('\'')
        .and_then(|body| body.strip_suffix('\''))
        .ok_or_else(invalid)?;
    crate::go::value::rune(body)
        .map(i128::from)
        .ok_or_else(invalid)
}
