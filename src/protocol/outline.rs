//! The messages about what is in a module, as outlines.

use crate::module::Info;
use crate::wasi::Used;
use serde::{Deserialize, Serialize};

/// What is known of a module and of its instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// The module.
    pub module: Info,
    /// How often each of its imports has been called, in their order; empty: it has not run.
    pub called: Vec<u64>,
    /// What the instance has used of WASI.
    pub used: Used,
}

/// A line of an outline, and what is below it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it says.
    pub text: String,
    /// What stands behind that, less loud: an amount, a type.
    pub note: String,
    /// Bytes of the whole, where it is a part of one.
    pub size: Option<u64>,
    /// The address in memory that it is about.
    pub address: Option<u64>,
    /// The function that it is about, by its index.
    pub function: Option<u32>,
    /// What is below it.
    pub items: Vec<Item>,
}
