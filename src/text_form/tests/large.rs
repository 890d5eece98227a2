//! A module as large as compilers make them.

use super::{encoder, found, text, uses};
use crate::text_form::Module;

#[test]
fn forty_thousand_functions_of_twenty_five_megabytes_are_at_hand() {
    let bytes = large(25_000_000);
    let count = 40_000;
    let mut module = Module::read(bytes).unwrap();
    assert!(found(&mut module, "", false).0 > count);
    let (passing, first) = found(&mut module, "main.f39999", false);
    assert_eq!((passing, first[0].index), (1, 39_999));
    assert_eq!(text(&mut module, 39_999, None).lines.len(), 318);
    assert_eq!(uses(&mut module, 39_998).callers[0].index, 39_999);
    assert_eq!(uses(&mut module, 17).callers[0].index, 18);
}

/// About so many bytes, in functions of a size that compilers write, each of which calls the one before.
fn large(size: usize) -> Vec<u8> {
    let mut types = encoder::TypeSection::new();
    types.ty().function([], []);
    let (mut functions, mut code, mut names) = (
        encoder::FunctionSection::new(),
        encoder::CodeSection::new(),
        encoder::NameMap::new(),
    );
    for index in 0_u32.. {
        if code.byte_len() > size {
            break;
        }
        let mut body = encoder::Function::new([(1, encoder::ValType::I32)]);
        let mut instructions = body.instructions();
        for constant in 0..78 {
            instructions
                .local_get(0)
                .i32_const(constant)
                .i32_add()
                .local_set(0);
        }
        instructions.call(index.saturating_sub(1)).nop().nop().end();
        functions.function(0);
        code.function(&body);
        names.append(index, &format!("example.com/plugin/main.f{index}"));
    }
    let mut section = encoder::NameSection::new();
    section.functions(&names);
    let mut module = encoder::Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&code)
        .section(&section);
    module.finish()
}
