//! Values and types of wasmi's, and how the rest of the crate has them: as bits, zero-extended.

use crate::module;
use wasmi::{F32, F64, FuncType, Val, ValType};

/// The bits of a number, zero-extended; those of a reference or a vector are zero.
#[expect(clippy::cast_sign_loss, reason = "the bits are what is wanted")]
pub(super) fn number_bits(value: &Val) -> u64 {
    match value {
        Val::I32(value) => u64::from(*value as u32),
        Val::I64(value) => *value as u64,
        Val::F32(value) => u64::from(value.to_bits()),
        Val::F64(value) => value.to_bits(),
        Val::V128(_) | Val::FuncRef(_) | Val::ExternRef(_) => 0,
    }
}

/// A type of wasmi's as this crate has it.
pub(super) fn val_type(ty: ValType) -> module::ValType {
    match ty {
        ValType::I32 => module::ValType::I32,
        ValType::I64 => module::ValType::I64,
        ValType::F32 => module::ValType::F32,
        ValType::F64 => module::ValType::F64,
        ValType::V128 => module::ValType::V128,
        ValType::FuncRef => module::ValType::FuncRef,
        ValType::ExternRef => module::ValType::ExternRef,
    }
}

/// A type of a function of wasmi's as this crate has it.
pub(super) fn func_type(ty: &FuncType) -> module::FuncType {
    module::FuncType {
        params: ty.params().iter().copied().map(val_type).collect(),
        results: ty.results().iter().copied().map(val_type).collect(),
    }
}

/// The value of type `ty` with these bits; a reference is null.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "the bits are what is wanted"
)]
pub(super) fn val(ty: ValType, bits: u64) -> Val {
    match ty {
        ValType::I32 => Val::I32(bits as u32 as i32),
        ValType::I64 => Val::I64(bits as i64),
        ValType::F32 => Val::F32(F32::from_bits(bits as u32)),
        ValType::F64 => Val::F64(F64::from_bits(bits)),
        other => Val::default_for_ty(other),
    }
}
