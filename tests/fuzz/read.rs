//! What each target does with its input; the native tests do the same with the corpus.

use plugboard::debug::twin::{Making, Plan};
use plugboard::debug::{self, Places};
use plugboard::go::{Abi, Signature, Value, abi, check, dwarf, layout, parse, value};
use plugboard::module::{Validated, Validation};
use plugboard::protocol::{At, Goroutines, RawFrame, RawGoroutine, Seen, Stack, encode};

/// Reads the bytes as the Go source of a plugin, and as a signature.
pub fn go_source(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for compiler in [None, Some(Abi::Go), Some(Abi::TinyGo)] {
        let source = parse::read([(parse::FRAGMENT, &*text)], compiler);
        for function in &source.functions {
            use_signature(&function.signature);
        }
    }
    if let Ok(signature) = parse::signature(&text, "f") {
        use_signature(&signature);
        let again = parse::signature(&signature.in_go(), "f");
        assert!(again.is_ok_and(|again| again.in_go() == signature.in_go()));
    }
}

/// Reads the bytes as a module with debug information.
pub fn debug_information(bytes: &[u8]) {
    let found = dwarf::signatures(bytes);
    for found in found.exports.values() {
        use_signature(&found.signature);
    }
    for found in found.imports.values().flatten() {
        use_signature(&found.signature);
    }
    for (name, params) in found.beginnings {
        use_signature(&Signature::new(name, params, None));
    }
}

/// Reads the bytes as a module, and asks where in it a guest may be.
pub fn places(bytes: &[u8]) {
    let places = Places::read(bytes.to_vec());
    let frames = (0..40_u32).map(|number| RawFrame {
        function: number / 4,
        at: match number % 4 {
            0 => At::Unknown,
            1 => At::Block(number),
            _ => At::Place(number * 8),
        },
    });
    let frames: Vec<RawFrame> = frames.collect();
    let goroutines = Goroutines {
        others: vec![RawGoroutine {
            created: frames.first().map(|frame| (*frame, 1)),
            frames: frames.clone(),
            left_out: Some((7, 20)),
            ..RawGoroutine::default()
        }],
        ..Goroutines::default()
    };
    let other = Stack {
        frames: frames.iter().skip(1).copied().collect(),
        seen: Seen::Returns { above: 40 },
        ..Stack::default()
    };
    let stack = Stack {
        frames,
        perhaps: vec![other; 3],
        left_out: Some((7, 20)),
        seen: Seen::Returns { above: 16 },
        given: (0..40).map(|number| vec![number * 4; 8]).collect(),
        behind: false,
        goroutines: encode(&goroutines).expect("it is written"),
    };
    let backtrace = places.backtrace(&stack);
    assert!(backtrace.frames.len() <= 40 * 201);
    for (shape, words) in backtrace.values().filter_map(|it| it.value.as_ref()) {
        // What is in memory may be anything as well.
        assert!(debug::values::shown(shape, words, bytes.into()).len() < 4096);
    }
}

/// Reads the bytes as the memory of a guest that standard Go has made: SP and the goroutine come first.
pub fn memory(bytes: &[u8]) {
    let (Some(sp), Some(g)) = (
        bytes.first_chunk::<4>(),
        bytes.get(4..).and_then(<[u8]>::first_chunk::<8>),
    ) else {
        return;
    };
    let registers = debug::go::Registers {
        sp: u32::from_le_bytes(*sp),
        g: u64::from_le_bytes(*g),
        running: None,
    };
    if let Some(stack) = debug::go::stack(bytes.into(), registers, 1) {
        assert!(!stack.frames.is_empty() && stack.frames.len() <= Stack::MOST);
    }
}

/// Reads the bytes as a module, and makes its twins: they are valid where the module is.
pub fn twin(bytes: &[u8]) {
    let Some(module) = validated(bytes) else {
        return;
    };
    let lines = || (0..64).map(|line| (line * 3, line % 5)).collect();
    for plan in [Plan::Frames, Plan::Debug(lines())] {
        let Ok(mut making) = Making::new(module.clone(), plan) else {
            continue;
        };
        making.keep((0..64).map(|place| (place, (0..70).collect())).collect());
        let twin = loop {
            match making.step(16) {
                Ok(None) => {}
                Ok(Some(twin)) => break twin,
                Err(_) => return,
            }
        };
        assert!(validated(twin.bytes()).is_some(), "its twin is not valid");
    }
}

pub fn validated(bytes: &[u8]) -> Option<Validated> {
    let mut validation = Validation::new(bytes.into());
    loop {
        if let Some(module) = validation.step(1 << 20).ok()? {
            return Some(module);
        }
    }
}

/// Does what the page does with a signature.
fn use_signature(signature: &Signature) {
    let _ = check(signature);
    let _ = abi::flatten(signature);
    let _ = signature.to_string();
    for param in &signature.params {
        for compiler in [Abi::Go, Abi::TinyGo] {
            let _ = layout::spans(&param.ty, compiler, 100);
        }
        if let Ok(zero) = Value::zero(&param.ty) {
            let _ = value::show(&zero, &param.ty).to_string();
            let _ = value::json::to_json(&zero, &param.ty);
        }
    }
}
