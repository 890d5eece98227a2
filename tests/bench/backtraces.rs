//! What it costs that a guest notes where it is: the kernels as they are beside their twins, in one run.

use crate::kernels;
use crate::table::Table;
use plugboard::debug::Places;
use plugboard::debug::twin::{Line, Making, Plan, Twin};
use plugboard::engine::{Instance, Program, Step};
use plugboard::go::Abi;
use plugboard::module::{Validated, Validation};
use plugboard::protocol::{Kept, Limits, decode};
use plugboard::wasi;
use std::rc::Rc;
use std::sync::LazyLock;
use std::time::Instant;
use wasm_encoder::{Encode, RawSection};
use wasmparser::{BinaryReader, Parser, Payload};

/// Each kernel and its argument.
const KERNELS: [(&str, u64); 7] = [
    ("fib", 25),
    ("sieve", 300_000),
    ("matmul", 60),
    ("hash", 800_000),
    ("sort", 20_000),
    ("words", 8_000),
    ("parse", 400),
];

/// Of so many rounds the fastest counts: the others were disturbed.
const ROUNDS: u32 = 15;

/// Fuel of a slice, about what the worker takes.
const SLICE: u64 = 3_000_000;

pub(crate) fn measure(table: &mut Table) {
    let file = kernels::build_with_lines();
    let module = validated(&file);
    let told = Places::read(file).lines();
    let lines = told.places;
    assert!(lines.len() > 100, "the kernels have lines");
    let kept: Vec<Kept> = decode(&told.kept).unwrap();
    assert!(kept.len() > 5, "their variables are in locals");
    let plain = Program::new(&module, DEPTH).unwrap();
    let frames = made(&module, Plan::Frames);
    let debug = making(&module, Plan::Debug(lines.into()), kept);
    let dense = made(&module, Plan::Debug(every_instruction_or_so(&module)));
    let twins =
        [&frames, &debug, &dense].map(|twin| Program::of_twin(&module, twin, DEPTH).unwrap());
    let [mut always, mut debugged, mut closest] = [Vec::new(), Vec::new(), Vec::new()];
    for (name, argument) in KERNELS {
        let mut least = [f64::INFINITY; 4];
        let mut instances = [&plain, &twins[0], &twins[1], &twins[2]].map(instance);
        for _ in 0..ROUNDS {
            for (least, instance) in least.iter_mut().zip(&mut instances) {
                *least = least.min(call(instance, name, argument));
            }
        }
        let [plain, frames, debug, dense] = least;
        let kernel = format!("backtraces: {name}({argument}), natively:");
        table.told(format!("{kernel} as it is"), plain, "ms");
        table.told(format!("{kernel} functions noted"), frames / plain, "×");
        table.told(format!("{kernel} debugged"), debug / plain, "×");
        always.push(frames / plain);
        table.told(
            format!("{kernel} debugged, a line every 10 bytes"),
            dense / plain,
            "×",
        );
        debugged.push(debug / plain);
        closest.push(dense / plain);
    }
    table.held(
        "backtraces: functions always on, natively, geometric mean",
        kernels::geometric_mean(&always),
        "×",
        1.10,
    );
    table.held(
        "debugging: the twin with no breakpoint, natively, geometric mean",
        kernels::geometric_mean(&debugged),
        "×",
        2.5,
    );
    table.told(
        "debugging: the same with a line every 10 bytes, geometric mean",
        kernels::geometric_mean(&closest),
        "×",
    );
    measure_making(table, module.bytes());
    // Of the code alone: the module has debug information, its twin none.
    let size = |bytes: &[u8]| {
        let sections = plugboard::module::read("kernels.wasm", bytes)
            .unwrap()
            .sections;
        let code = sections.iter().find(|section| section.name == "code");
        code.unwrap().size as f64
    };
    table.told(
        "backtraces: functions always on, size of the code",
        size(frames.bytes()) / size(module.bytes()),
        "×",
    );
}

/// How long it takes to make the debugger's twin of modules of these sizes, in MB, with a line every ten bytes: natively, in steps
/// as the worker makes it.
fn measure_making(table: &mut Table, kernels: &[u8]) {
    /// Code of a step: `session::board` takes as much.
    const STEP: usize = 256 << 10;
    for (size, bytes, level) in [
        ("0.1", 100_000, None),
        ("2", 2_000_000, Some(0.5)),
        ("25", 25_000_000, None),
    ] {
        let module = validated(&grown(kernels, bytes));
        let lines = every_instruction_or_so(&module);
        let (mut least, mut longest) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..3 {
            let begin = now();
            let mut making = Making::new(module.clone(), Plan::Debug(Rc::clone(&lines))).unwrap();
            let mut steps = vec![now()];
            while making.step(STEP).unwrap().is_none() {
                steps.push(now());
            }
            steps.push(now());
            least = least.min(now() - begin);
            let steps = steps.windows(2).map(|pair| pair[1] - pair[0]);
            longest = longest.min(steps.fold(0.0, f64::max));
        }
        table.told(
            format!("debugging: the longest step of making it, {size} MB"),
            longest * 1000.0,
            "ms",
        );
        let what = format!("debugging: the twin of {size} MB made, natively");
        match level {
            Some(level) => table.held(what, least, "s", level),
            None => table.told(what, least, "s"),
        }
    }
}

/// The module without custom sections, and with its functions as often as makes it about so large.
fn grown(module: &[u8], size: usize) -> Vec<u8> {
    let mut times = 1;
    let mut written = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.unwrap();
        if let Payload::CodeSectionStart { range, .. } = &payload {
            times = (size / range.len()).max(1);
        }
    }
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.unwrap();
        let Some((id, range)) = payload.as_section() else {
            continue;
        };
        let contents = &module[range];
        let data = match id {
            0 => continue,
            3 | 10 => {
                let mut reader = BinaryReader::new(contents, 0);
                let count = reader.read_var_u32().unwrap() as usize;
                let mut data = Vec::new();
                (count * times).encode(&mut data);
                data.extend(contents[reader.original_position()..].repeat(times));
                data
            }
            _ => contents.to_vec(),
        };
        written.section(&RawSection { id, data: &data });
    }
    written.finish()
}

#[expect(clippy::disallowed_methods, reason = "the bench is native")]
fn now() -> f64 {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGIN.elapsed().as_secs_f64()
}

/// How deep calls may be nested.
const DEPTH: u32 = 10_000;

fn validated(bytes: &[u8]) -> Validated {
    let mut validation = Validation::new(Rc::from(bytes));
    validation.step(usize::MAX).unwrap().unwrap()
}

fn made(module: &Validated, plan: Plan) -> Twin {
    making(module, plan, Vec::new())
}

fn making(module: &Validated, plan: Plan, kept: Vec<Kept>) -> Twin {
    let mut making = Making::new(module.clone(), plan).unwrap();
    making.keep(kept.into());
    making.step(usize::MAX).unwrap().unwrap()
}

/// Lines that are closer than those of most builds, and in the middle of expressions: one for about every ten bytes of code.
fn every_instruction_or_so(module: &Validated) -> Rc<[Line]> {
    let end = u32::try_from(module.bytes().len()).unwrap();
    let places = (0..end).step_by(10);
    places.zip(1..).collect()
}

fn instance(program: &Program) -> Instance {
    let context = wasi::Context::new(wasi::Config::default(), Box::new(crate::native::Timeless));
    Instance::new(
        program,
        context,
        Vec::new(),
        Abi::TinyGo,
        &Limits::default(),
    )
    .unwrap()
}

/// The milliseconds of a call, in slices.
#[expect(clippy::disallowed_methods, reason = "the bench is native")]
fn call(instance: &mut Instance, name: &str, argument: u64) -> f64 {
    let begin = Instant::now();
    let mut activation = instance.call(name, &[argument]).unwrap();
    loop {
        match activation.step(instance, SLICE).0 {
            Step::Returned(_) => return begin.elapsed().as_secs_f64() * 1000.0,
            Step::OutOfFuel(next, _) => activation = next,
            other => panic!("{name}: {other:?}"),
        }
    }
}
