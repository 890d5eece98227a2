//! Room in the plugin's memory, as a host program asks for it.

use super::go_file::GoFile;
use crate::go::value::quote;
use crate::module::Info;
use crate::protocol::Allocator;

/// Writes `func place`, which puts bytes into the plugin's memory.
pub(super) fn place(file: &mut GoFile, allocator: &Allocator) {
    let (export, args) = match allocator {
        Allocator::Pair { allocate, .. } => (allocate, "uint64(len(bytes))"),
        Allocator::Realloc(realloc) => (realloc, "0, 0, align, uint64(len(bytes))"),
    };
    let with_align = matches!(allocator, Allocator::Realloc(_));
    let align = if with_align { ", align uint64" } else { "" };
    let export = quote(export.as_bytes());
    file.import("context");
    file.import("fmt");
    file.import("github.com/tetratelabs/wazero/api");
    file.line("");
    file.line("// place puts bytes into the plugin's memory, in room that it gives: says where.");
    file.open(&format!(
        "func place(ctx context.Context, module api.Module, bytes []byte{align}) (uint32, error) {{"
    ));
    file.line(&format!(
        "results, err := module.ExportedFunction({export}).Call(ctx, {args})"
    ));
    file.fail("0, ");
    file.line("address := uint32(results[0])");
    file.open("if address == 0 || !module.Memory().Write(address, bytes) {");
    file.line(&format!(
        "return 0, fmt.Errorf(\"%s(%d) gave %#x, where there is no such room\", {export}, len(bytes), address)"
    ));
    file.close("}");
    file.line("return address, nil");
    file.close("}");
}

/// The call that gives back the room of `size` bytes at the address in the variable `address`; `None` where
/// the plugin keeps what it is given.
pub(super) fn release(
    allocator: &Allocator,
    module: &Info,
    address: &str,
    size: u32,
    align: u32,
) -> Option<String> {
    let (export, args) = match allocator {
        Allocator::Pair { free, .. } if allocator.frees_by_size(module) => {
            (free.as_ref()?, format!("uint64({address}), {size}"))
        }
        Allocator::Pair { free, .. } => (free.as_ref()?, format!("uint64({address})")),
        Allocator::Realloc(realloc) => (realloc, format!("uint64({address}), {size}, {align}, 0")),
    };
    let export = quote(export.as_bytes());
    Some(format!(
        "module.ExportedFunction({export}).Call(ctx, {args})"
    ))
}
