//! Modules of all that the page admits, from `wasm-smith`.

use crate::random::Random;
use wasm_smith::{Config, MemoryOffsetChoices, Module};

/// Loops and calls after which a module ends itself.
const TURNS: u32 = 400;

pub fn module(random: &mut Random) -> Vec<u8> {
    loop {
        let size = 300 + random.below(6_000);
        let bytes: Vec<u8> = (0..size).map(|_| random.next() as u8).collect();
        let config = config(random);
        let mut unstructured = arbitrary::Unstructured::new(&bytes);
        if let Ok(mut module) = Module::new(config, &mut unstructured) {
            module
                .ensure_termination(TURNS)
                .expect("its functions are its own");
            return module.to_bytes();
        }
    }
}

/// What `Validation` admits, in sizes that are soon gone through.
fn config(random: &mut Random) -> Config {
    Config {
        allow_start_export: random.once_in(4),
        bulk_memory_enabled: true,
        canonicalize_nans: true,
        compact_imports_enabled: false,
        exceptions_enabled: false,
        export_everything: true,
        extended_const_enabled: true,
        gc_enabled: false,
        max_data_segments: 6,
        max_element_segments: 6,
        max_exports: 20,
        max_funcs: 10,
        max_globals: 8,
        max_imports: 6,
        max_instructions: 50 + random.below(200) as usize,
        max_memories: 1 + random.below(3) as usize,
        max_memory32_bytes: 12 << 16,
        max_table_elements: 200,
        max_tables: 3,
        max_types: 12,
        memory64_enabled: false,
        memory_offset_choices: MemoryOffsetChoices(90, 9, 1),
        min_funcs: 2,
        min_imports: random.below(4) as usize,
        min_memories: u32::from(!random.once_in(8)),
        min_types: 3,
        multi_value_enabled: true,
        reference_types_enabled: true,
        relaxed_simd_enabled: false,
        simd_enabled: false,
        tail_call_enabled: random.once_in(2),
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    }
}
