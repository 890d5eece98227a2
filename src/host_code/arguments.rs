//! The arguments of the call: what is put into memory before it, and the Wasm values.

use super::go_file::{GoFile, identifiers};
use super::memory;
use super::words;
use crate::go::abi::{self, Lowered, Word};
use crate::go::encode::Block;
use crate::go::value::{quote, show};
use crate::protocol::Case;

/// The most bytes of a block that are written out; a larger one is read from a file.
const MOST_BYTES: usize = 64 << 10;

/// The arguments of a call, as the program has them.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// An expression for each Wasm value.
    pub(super) words: Vec<String>,
    /// For each parameter, the variable with the address of what it points at, if it is new.
    pub(super) addresses: Vec<Option<String>>,
    /// Whether something is put into memory.
    pub(super) needs_room: bool,
}

/// Writes what puts the arguments into memory; what cannot be put there is said.
///
/// # Errors
///
/// When the arguments do not fit the signature, or need room that the module does not give.
pub(super) fn write(file: &mut GoFile, case: &Case) -> Result<Arguments, String> {
    let Some(signature) = &case.signature else {
        return Ok(Arguments::default());
    };
    let lowered = abi::lower(signature, &case.args, case.module.abi());
    let lowered = lowered.map_err(|error| error.to_string())?;
    let names = identifiers(signature.params.iter().map(|param| &*param.name));
    let blocks = names_of_blocks(&lowered, &names);
    let allocator = match (case.allocator(), lowered.plan.blocks.is_empty()) {
        (Some(allocator), false) => Some(allocator),
        (None, false) => return Err("the plugin gives no room for arguments".to_owned()),
        (_, true) => None,
    };
    for (index, (block, name)) in lowered.plan.blocks.iter().zip(&blocks).enumerate() {
        let Some(allocator) = &allocator else { break };
        let param = lowered.roots.iter().position(|root| *root == Some(index));
        let written = param.and_then(|at| {
            let (param, value) = (signature.params.get(at)?, case.args.get(at)?);
            Some(format!("{} is {}", names.get(at)?, show(value, &param.ty)))
        });
        if let Some(written) = written.filter(|text| text.len() <= 100 && !text.contains('\n')) {
            file.line(&format!("// {written}"));
        }
        let bytes = bytes(file, block, name, &blocks);
        let align = match allocator {
            crate::protocol::Allocator::Realloc(_) => format!(", {}", block.align),
            crate::protocol::Allocator::Pair { .. } => String::new(),
        };
        file.line(&format!(
            "{name}Address, err := place(ctx, module, {bytes}{align})"
        ));
        file.fail("nil, ");
        let release = memory::release(
            allocator,
            &case.module,
            &format!("{name}Address"),
            block.room(),
            block.align,
        );
        if let Some(release) = release {
            file.line(&format!("defer {release}"));
        }
    }
    let mut words = lowered.words();
    let mut arguments = Arguments {
        needs_room: allocator.is_some(),
        ..Arguments::default()
    };
    for ((param, value), root) in signature.params.iter().zip(&case.args).zip(&lowered.roots) {
        let name = root.and_then(|block| blocks.get(block));
        arguments
            .addresses
            .push(name.map(|name| format!("{name}Address")));
        for _ in abi::wasm_types(&param.ty).unwrap_or_default() {
            let word = match words.next() {
                Some(Word::Block(block)) => {
                    let name = blocks.get(block).map_or("", String::as_str);
                    format!("uint64({name}Address)")
                }
                Some(Word::Bits(bits)) => words::encoded(&param.ty, value, bits),
                None => continue,
            };
            if word.starts_with("api.") {
                file.import("github.com/tetratelabs/wazero/api");
            }
            arguments.words.push(word);
        }
    }
    Ok(arguments)
}

/// A variable's name for each block: that of the parameter which it is for, if it is for one.
fn names_of_blocks(lowered: &Lowered, names: &[String]) -> Vec<String> {
    let blocks = 0..lowered.plan.blocks.len();
    let name = |block: usize| {
        let param = lowered.roots.iter().position(|root| *root == Some(block));
        let own = param.and_then(|param| names.get(param)).cloned();
        own.unwrap_or_else(|| {
            let mut name = format!("block{block}");
            while names.contains(&name) {
                name.push('_');
            }
            name
        })
    };
    blocks.map(name).collect()
}

/// An expression for the bytes of a block, after the lines that it needs.
fn bytes(file: &mut GoFile, block: &Block, name: &str, blocks: &[String]) -> String {
    let mut image = block.bytes.clone();
    image.resize(block.room() as usize, 0);
    if image.len() > MOST_BYTES {
        file.import("os");
        let size = image.len();
        file.line(&format!(
            "// {name}.bin has its {size} bytes: save them under that name."
        ));
        file.line(&format!(
            "{name}Bytes, err := os.ReadFile({:?})",
            format!("{name}.bin")
        ));
        file.fail("nil, ");
        return format!("{name}Bytes");
    }
    let literal = if image.iter().all(|byte| *byte == 0) && image.len() > 8 {
        format!("make([]byte, {})", image.len())
    } else {
        format!("[]byte({})", quote(&image))
    };
    if block.fixups.is_empty() {
        return literal;
    }
    file.import("encoding/binary");
    file.line(&format!("{name}Bytes := {literal}"));
    for fixup in &block.fixups {
        let (put, cast) = match fixup.width {
            8 => ("PutUint64", "uint64"),
            _ => ("PutUint32", "uint32"),
        };
        let pointee = blocks.get(fixup.block).map_or("", String::as_str);
        let at = fixup.offset;
        let address = match cast {
            "uint64" => format!("uint64({pointee}Address)"),
            _ => format!("{pointee}Address"),
        };
        file.line(&format!(
            "binary.LittleEndian.{put}({name}Bytes[{at}:], {address})"
        ));
    }
    format!("{name}Bytes")
}
