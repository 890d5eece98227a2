//! What Go's functions were called with, as its own traceback prints it (`printArgs` in `runtime/traceback.go`): numbers, without
//! names and types, which the linker leaves out for Wasm.

use super::lines::Lines;
use super::tables::Function;
use crate::protocol::Argument;

/// Which of a function's data says what is printed of its parameters.
const PRINTED: u32 = 5;

/// Bytes of that, at most.
const LONGEST: usize = 256;

const END: u8 = 0xff;
const BEGIN_PARTS: u8 = 0xfe;
const END_PARTS: u8 = 0xfd;
const MORE: u8 = 0xfc;
const TOO_FAR: u8 = 0xfb;

impl Lines<'_> {
    /// What a function was called with, which has these words where its parameters are.
    pub(in super::super) fn arguments(&self, function: Function, given: &[u64]) -> Vec<Argument> {
        let printed = self.datum(function, PRINTED).unwrap_or_default();
        let mut printed = printed.iter().take(LONGEST);
        let given: Vec<u8> = given.iter().flat_map(|word| word.to_le_bytes()).collect();
        let mut told: Vec<String> = Vec::new();
        let (mut depth, mut is_first) = (0_u32, true);
        while let Some(part) = printed.next().filter(|part| **part != END) {
            if *part == END_PARTS {
                depth = depth.saturating_sub(1);
            } else if depth == 0 {
                told.push(String::new());
            }
            let Some(text) = told.last_mut() else { break };
            if !is_first && depth > 0 && *part != END_PARTS {
                text.push_str(", ");
            }
            is_first = *part == BEGIN_PARTS;
            match *part {
                BEGIN_PARTS => {
                    depth += 1;
                    text.push('{');
                }
                END_PARTS => text.push('}'),
                MORE => text.push_str("..."),
                TOO_FAR => text.push('_'),
                at => {
                    let size = usize::from(*printed.next().unwrap_or(&0)).min(8);
                    let mut number = [0; 8];
                    let its = given.get(usize::from(at)..).unwrap_or_default();
                    let Some(its) = its.get(..size) else { break };
                    for (to, from) in number.iter_mut().zip(its) {
                        *to = *from;
                    }
                    text.push_str(&format!("{:#x}", u64::from_le_bytes(number)));
                }
            }
        }
        let told = told.into_iter().map(|text| Argument {
            name: String::new(),
            ty: String::new(),
            value: None,
            text,
        });
        told.collect()
    }
}
