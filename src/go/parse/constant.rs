//! Integer constants: the value of an array's length.
//!
//! Arithmetic is exact on 128 bits; what needs more is no array length. Must not know of types.

use super::expression::{Expression, ExpressionKind};
use super::resolve::Scope;

/// How deep expressions, and the constants in them, may be nested.
const MAX_DEPTH: usize = 200;

/// The message for a name that nothing declares.
pub(super) fn undefined(package: Option<&str>, name: &str) -> String {
    match package {
        Some(package) => format!("undefined: {package}.{name}"),
        None => format!("undefined: {name}"),
    }
}

/// What constants are known.
pub(super) trait Constants {
    /// The value of `name`, or of `package.name`, seen from `scope`; else why there is none. `depth` is
    /// how deep the evaluation is in expressions already.
    fn value(
        &self,
        scope: Scope,
        package: Option<&str>,
        name: &str,
        depth: usize,
    ) -> Result<i128, String>;
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
) -> Result<i128, String> {
    if depth > MAX_DEPTH {
        return Err("constant expression nested too deeply".to_owned());
    }
    let value = |expression| value(expression, scope, constants, depth + 1);
    let overflow = || "constant overflows".to_owned();
    match &expression.kind {
        ExpressionKind::Int(text) => integer(text),
        ExpressionKind::Rune(text) => rune(text),
        ExpressionKind::Float(text) => {
            let float: f64 = text
                .replace('_', "")
                .parse()
                .map_err(|_| format!("{text} is not an integer"))?;
            if float.fract() != 0.0 || float.abs() >= 9e15 {
                return Err(format!("constant {text} truncated to integer"));
            }
            #[allow(clippy::cast_possible_truncation, reason = "it is whole, and small")]
            Ok(float as i128)
        }
        ExpressionKind::Name { package, name } => {
            constants.value(scope, package.as_deref(), name, depth + 1)
        }
        ExpressionKind::Unary(operator, operand) => {
            let operand = value(operand)?;
            match *operator {
                "-" => operand.checked_neg().ok_or_else(overflow),
                "^" => Ok(!operand),
                "+" => Ok(operand),
                _ => Err(not_constant()),
            }
        }
        ExpressionKind::Binary(operator, left, right) => {
            let left = value(left)?;
            let right = value(right)?;
            binary(operator, left, right)
        }
        ExpressionKind::Call(function, arguments) => {
            let name = match &function.kind {
                ExpressionKind::Name {
                    package: None,
                    name,
                } => name.as_str(),
                _ => "",
            };
            match (name, arguments.as_slice()) {
                ("len", [argument]) => match &argument.kind {
                    ExpressionKind::String(literal) => crate::go::value::unquote(literal)
                        .map(|bytes| i128::try_from(bytes.len()).unwrap_or(i128::MAX)),
                    _ => Err(not_constant()),
                },
                ("min" | "max", [first, rest @ ..]) => {
                    let mut best = value(first)?;
                    for next in rest {
                        let next = value(next)?;
                        best = if name == "min" {
                            best.min(next)
                        } else {
                            best.max(next)
                        };
                    }
                    Ok(best)
                }
                // A conversion to a type: of those that may be called with one constant, the
                // built-in functions have no integer value.
                (name, [argument]) if !name.is_empty() => value(argument),
                _ => Err(not_constant()),
            }
        }
        ExpressionKind::String(_) | ExpressionKind::Unknown => Err(not_constant()),
    }
}

fn not_constant() -> String {
    "array length must be an integer constant".to_owned()
}

fn binary(operator: &str, left: i128, right: i128) -> Result<i128, String> {
    let shift = || u32::try_from(right).ok().filter(|by| *by < 127);
    let result = match operator {
        "+" => left.checked_add(right),
        "-" => left.checked_sub(right),
        "*" => left.checked_mul(right),
        "/" | "%" if right == 0 => return Err("invalid operation: division by zero".to_owned()),
        "/" => left.checked_div(right),
        "%" => left.checked_rem(right),
        "&" => Some(left & right),
        "|" => Some(left | right),
        "^" => Some(left ^ right),
        "&^" => Some(left & !right),
        "<<" => shift().and_then(|by| left.checked_mul(1i128.checked_shl(by)?)),
        ">>" => shift().map(|by| left >> by),
        _ => return Err(not_constant()),
    };
    result.ok_or_else(|| "constant overflows".to_owned())
}

/// An integer literal of Go, where a leading zero means octal.
fn integer(text: &str) -> Result<i128, String> {
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
