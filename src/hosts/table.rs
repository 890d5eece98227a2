//! The tables of functions that hosts have: names, types, and what each argument is, so that the trace can tell it.

use super::guest::read_view;
use crate::linear::Linear;
use crate::module::ValType;
use crate::wasi::describe::Text;

/// The most bytes of a string that are told.
const TOLD: usize = 64;

/// What a parameter is.
#[derive(Clone, Copy, Debug)]
pub enum Param {
    /// An `i32` that is a number.
    Number,
    /// An `i32` that is a number of these, the first of which is 0.
    OneOf(&'static [&'static str]),
    /// An `i64` that is a number.
    Long,
    /// The address of bytes; their length is the next parameter.
    Text,
    /// The length of the bytes before.
    Len,
    /// The address of room for what the host gives.
    Out,
}

impl Param {
    /// Its type.
    pub const fn ty(self) -> ValType {
        match self {
            Self::Long => ValType::I64,
            Self::Number | Self::OneOf(_) | Self::Text | Self::Len | Self::Out => ValType::I32,
        }
    }
}

/// Writes arguments for the trace: `request, "content-type", "text/plain"`.
pub(super) fn tell(params: &[Param], args: &[u64], memory: Linear<'_>, to: &mut Text<'_>) {
    let mut first = true;
    for (place, (param, bits)) in params.iter().zip(args).enumerate() {
        if matches!(param, Param::Len) {
            continue;
        }
        if !std::mem::take(&mut first) {
            to.push(", ");
        }
        let number = low(*bits);
        match param {
            Param::Number | Param::Len => tell_number(number, to),
            Param::Long => to.number(*bits),
            Param::Out => to.hex(number.into()),
            Param::OneOf(names) => {
                match usize::try_from(number).ok().and_then(|at| names.get(at)) {
                    Some(name) => to.push(name),
                    None => tell_number(number, to),
                }
            }
            Param::Text => {
                let length = args.get(place + 1).map_or(0, |bits| low(*bits));
                tell_bytes((number, length), memory, to);
            }
        }
    }
}

/// Writes bytes of the guest's as a string.
pub(super) fn tell_bytes((at, length): (u32, u32), memory: Linear<'_>, to: &mut Text<'_>) {
    let all = usize::try_from(length).unwrap_or(usize::MAX);
    let told = u32::try_from(all.min(TOLD)).unwrap_or(length);
    if memory.range(at.into(), length.into()).is_none() && length > 0 {
        to.number(length.into());
        to.push(" B at ");
        to.hex(at.into());
        to.push(", out of bounds");
        return;
    }
    let head = read_view(memory, (at, told)).unwrap_or_default();
    to.quoted_of(&head, all);
}

/// Writes a number, with its sign where it is a small negative one.
fn tell_number(number: u32, to: &mut Text<'_>) {
    match number.cast_signed() {
        small @ -1024..=-1 => {
            to.push("-");
            to.number(small.unsigned_abs().into());
        }
        _ => to.number(number.into()),
    }
}

/// An `i32`: an engine may extend the sign.
#[expect(
    clippy::cast_possible_truncation,
    reason = "only the low half is the value"
)]
pub(super) fn low(bits: u64) -> u32 {
    bits as u32
}

/// The functions of a host: an enum with a variant for each, and the table of their names and types.
macro_rules! functions {
    ($($variant:ident $name:literal [$($param:expr),*] [$($result:ident),*],)*) => {
        /// A function of the host.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Function {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        /// Their names and types; the place is the function's [id](crate::hosts::FunctionId).
        pub(super) const TABLE: &[crate::hosts::Function] = &[$(
            crate::hosts::Function::new(
                $name,
                &[$($crate::hosts::table::Param::ty($param)),*],
                &[$($crate::module::ValType::$result),*],
            ),
        )*];

        impl Function {
            const ALL: &'static [Function] = &[$(Function::$variant,)*];

            /// The one that has this id.
            pub fn of(id: crate::hosts::FunctionId) -> Option<Self> {
                Self::ALL.get(usize::from(id.0)).copied()
            }

            /// What its parameters are.
            pub fn params(self) -> &'static [$crate::hosts::table::Param] {
                match self {
                    $(Function::$variant => &[$($param),*],)*
                }
            }
        }
    };
}

pub(super) use functions;
