//! The exports that give room in a guest's memory.

use crate::module::{FuncType, Info, ValType};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Functions that are offered at most.
const MAX_CHOICES: usize = 24;

/// What functions that give room are called, and those that take it back: parts of names, in lower case.
/// They belong together if the rest of their names is the same.
const PAIRS: &[(&str, &str)] = &[
    ("malloc", "free"),
    ("allocate", "deallocate"),
    ("allocate", "free"),
    ("alloc", "dealloc"),
    ("alloc", "free"),
    ("new", "release"),
    ("new", "delete"),
    ("new", "free"),
    ("new", "unpin"),
    ("alloc", "release"),
    ("alloc", "drop"),
];

/// What gives room in the guest's memory and takes it back: exports of the guest.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Allocator {
    /// Two functions: TinyGo's c-shared builds and C have `malloc` and `free`.
    Pair {
        /// `allocate(size) → address`.
        allocate: String,
        /// `free(address)`, or `free(address, size)`; `None`: the guest keeps what it is given.
        free: Option<String>,
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
            free: Some("free".to_owned()),
        };
        let realloc = Self::Realloc("cabi_realloc".to_owned());
        [pair, realloc].into_iter().find(|one| one.is_in(info))
    }

    /// Those that can be chosen, the likely ones first: each with what its name says that it belongs to.
    #[must_use]
    pub fn choices(info: &Info) -> Vec<Self> {
        let frees = Self::frees(info);
        let allocates = likely_first(info, is_allocate, |name| partner(name, &frees).is_some());
        let pairs = allocates.into_iter().map(|allocate| Self::Pair {
            free: partner(&allocate, &frees),
            allocate,
        });
        let reallocs = likely_first(info, is_realloc, |_| false);
        let mut choices: Vec<Self> = Self::usual(info).into_iter().collect();
        for choice in reallocs.into_iter().map(Self::Realloc).chain(pairs) {
            if choices.len() < MAX_CHOICES && !choices.contains(&choice) {
                choices.push(choice);
            }
        }
        choices
    }

    /// The exports that can take room back, the likely ones first.
    #[must_use]
    pub fn frees(info: &Info) -> Vec<String> {
        let mut frees = likely_first(info, is_free, |_| false);
        frees.truncate(MAX_CHOICES);
        frees
    }

    /// The export that gives room.
    #[must_use]
    pub fn allocates(&self) -> &str {
        match self {
            Self::Pair { allocate, .. } => allocate,
            Self::Realloc(realloc) => realloc,
        }
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
                let free = free.as_deref();
                exports(allocate, is_allocate) && free.is_none_or(|free| exports(free, is_free))
            }
            Self::Realloc(realloc) => exports(realloc, is_realloc),
        }
    }

    /// Whether `free` is to be told the size too.
    #[must_use]
    pub fn frees_by_size(&self, info: &Info) -> bool {
        let Self::Pair {
            free: Some(free), ..
        } = self
        else {
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
            Self::Pair {
                allocate,
                free: Some(free),
            } => write!(f, "{allocate} and {free}"),
            Self::Pair { allocate, .. } => f.write_str(allocate),
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

/// The names of the exports of such a type: first those that are `likely`, or sound like memory.
fn likely_first(
    info: &Info,
    is: fn(&FuncType) -> bool,
    likely: impl Fn(&str) -> bool,
) -> Vec<String> {
    let exports = info.exports.iter();
    let named = exports.filter(|export| export.ty.func().is_some_and(is));
    let names = named.map(|export| export.name.clone());
    let (mut first, others): (Vec<String>, Vec<String>) =
        names.partition(|name| likely(name) || sounds_like_memory(name));
    first.extend(others);
    first
}

/// Whether a function of this name is likely to be about memory.
fn sounds_like_memory(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("alloc") || name.contains("free")
}

/// Which of the functions that take room back belongs to the one of this name that gives it.
fn partner(allocate: &str, frees: &[String]) -> Option<String> {
    let lower = allocate.to_ascii_lowercase();
    let belongs = |free: &&String| {
        let free = free.to_ascii_lowercase();
        PAIRS.iter().any(|(gives, takes)| {
            let mut places = lower.match_indices(gives);
            places.any(|(at, _)| {
                let (before, after) = (lower.get(..at), lower.get(at + gives.len()..));
                let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
                free == format!("{before}{takes}{after}")
            })
        })
    };
    frees.iter().find(belongs).cloned()
}
