//! The functions of `extism:host/env`, and their types.

use crate::hosts::{Function, Served};
use crate::module::Import;
use crate::module::ValType::{I32, I64};

/// The module that they are imported from.
const MODULE: &str = "extism:host/env";

/// What an import is to the host.
pub(in crate::hosts) fn serves(import: &Import) -> Option<Served> {
    Function::find("Extism", MODULE, FUNCTIONS, import)
}

/// All of them; the place is the function's [id](crate::hosts::FunctionId).
const FUNCTIONS: &[Function] = &[
    Function::new("alloc", &[I64], &[I64]),
    Function::new("free", &[I64], &[]),
    Function::new("length", &[I64], &[I64]),
    Function::new("length_unsafe", &[I64], &[I64]),
    Function::new("load_u8", &[I64], &[I32]),
    Function::new("load_u64", &[I64], &[I64]),
    Function::new("store_u8", &[I64, I32], &[]),
    Function::new("store_u64", &[I64, I64], &[]),
    Function::new("input_set", &[I64, I64], &[]),
    Function::new("input_length", &[], &[I64]),
    Function::new("input_offset", &[], &[I64]),
    Function::new("input_load_u8", &[I64], &[I32]),
    Function::new("input_load_u64", &[I64], &[I64]),
    Function::new("output_set", &[I64, I64], &[]),
    Function::new("output_length", &[], &[I64]),
    Function::new("output_offset", &[], &[I64]),
    Function::new("error_set", &[I64], &[]),
    Function::new("error_get", &[], &[I64]),
    Function::new("config_get", &[I64], &[I64]),
    Function::new("var_get", &[I64], &[I64]),
    Function::new("var_set", &[I64, I64], &[]),
    Function::new("http_request", &[I64, I64], &[I64]),
    Function::new("http_status_code", &[], &[I32]),
    Function::new("http_headers", &[], &[I64]),
    Function::new("log_trace", &[I64], &[]),
    Function::new("log_debug", &[I64], &[]),
    Function::new("log_info", &[I64], &[]),
    Function::new("log_warn", &[I64], &[]),
    Function::new("log_error", &[I64], &[]),
    Function::new("get_log_level", &[], &[I32]),
    Function::new("memory_bytes", &[], &[I64]),
    Function::new("reset", &[], &[]),
];
