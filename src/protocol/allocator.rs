//! The exports that give room in a guest's memory.

use crate::module::{FuncType, Info, ValType};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Pairs that are offered at most.
const MAX_CHOICES: usize = 24;

/// What gives room in the guest's memory and takes it back: exports of the guest.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Allocator {
    /// Two functions: TinyGo's c-shared builds and C have `malloc` and `free`.
    Pair {
        /// `allocate(size) → address`.
        allocate: String,
        /// `free(address)`, or `free(address, size)`.
        free: String,
    },
    /// One function, `realloc(address, old size, alignment, size) → address`: the canonical ABI's.
    Realloc(String),
}

impl Allocator {
    /// The one that is used unless another one is chosen: `malloc` and `free`, else
    /// `cabi_realloc`.
    #[must_use]
    pub fn usual(info: &Info) -> Option<Self> {
        let pair = Self::Pair {
            allocate: "malloc".to_owned(),
            free: "free".to_owned(),
        };
        let realloc = Self::Realloc("cabi_realloc".to_owned());
        [pair, realloc].into_iter().find(|one| one.is_in(info))
    }

    /// Those that can be chosen, the likely ones first.
    #[must_use]
    pub fn choices(info: &Info) -> Vec<Self> {
        let functions = |is: fn(&FuncType) -> bool| {
            let exports = info.exports.iter();
            let named = exports.filter(move |export| export.ty.func().is_some_and(is));
            let names = named.map(|export| export.name.as_str());
            let (mut likely, others): (Vec<&str>, Vec<&str>) =
                names.partition(|name| sounds_like_memory(name));
            likely.extend(others);
            likely
        };
        let reallocs = functions(is_realloc).into_iter();
        let mut choices: Vec<Self> = Self::usual(info).into_iter().collect();
        choices.extend(reallocs.map(|name| Self::Realloc(name.to_owned())));
        let frees = functions(is_free);
        for allocate in functions(is_allocate) {
            let pairs = frees.iter().map(|free| Self::Pair {
                allocate: allocate.to_owned(),
                free: (*free).to_owned(),
            });
            choices.extend(pairs.take(MAX_CHOICES));
            if choices.len() > MAX_CHOICES {
                break;
            }
        }
        let mut unlike: Vec<Self> = Vec::new();
        for choice in choices {
            if unlike.len() < MAX_CHOICES && !unlike.contains(&choice) {
                unlike.push(choice);
            }
        }
        unlike
    }

    /// Whether the module exports the functions, with types that fit.
    #[must_use]
    pub fn is_in(&self, info: &Info) -> bool {
        let exports = |name: &str, is: fn(&FuncType) -> bool| {
            let mut exports = info.exports.iter();
            exports.any(|export| export.name == name && export.ty.func().is_some_and(is))
        };
        match self {
            Self::Pair { allocate, free } => {
                exports(allocate, is_allocate) && exports(free, is_free)
            }
            Self::Realloc(realloc) => exports(realloc, is_realloc),
        }
    }

    /// Whether `free` is to be told the size too.
    #[must_use]
    pub fn frees_by_size(&self, info: &Info) -> bool {
        let Self::Pair { free, .. } = self else {
            return false;
        };
        let export = info.exports.iter().find(|export| export.name == *free);
        let ty = export.and_then(|export| export.ty.func());
        ty.is_some_and(|ty| ty.params.len() == 2)
    }
}

/// Writes `malloc and free`.
impl fmt::Display for Allocator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pair { allocate, free } => write!(f, "{allocate} and {free}"),
            Self::Realloc(realloc) => f.write_str(realloc),
        }
    }
}

fn is_allocate(ty: &FuncType) -> bool {
    ty.params == [ValType::I32] && ty.results == [ValType::I32]
}

fn is_free(ty: &FuncType) -> bool {
    matches!(ty.params[..], [ValType::I32] | [ValType::I32, ValType::I32]) && ty.results.is_empty()
}

fn is_realloc(ty: &FuncType) -> bool {
    ty.params == [ValType::I32; 4] && ty.results == [ValType::I32]
}

/// Whether a function of this name is likely to be about memory.
fn sounds_like_memory(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("alloc") || name.contains("free")
}
