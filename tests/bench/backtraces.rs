//! What it costs that a guest notes where it is: the kernels as they are beside their twins, in one run.

use crate::kernels;
use crate::table::Table;
use plugboard::debug::twin::{Line, Making, Plan, Twin};
use plugboard::engine::{Instance, Program, Step};
use plugboard::go::Abi;
use plugboard::module::{Validated, Validation};
use plugboard::protocol::Limits;
use plugboard::wasi;
use std::rc::Rc;
use std::time::Instant;

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
    let module = validated(&kernels::build());
    let lines = every_instruction_or_so(&module);
    let plain = Program::new(&module, DEPTH).unwrap();
    let frames = made(&module, Plan::Frames);
    let debug = made(&module, Plan::Debug(lines));
    let twins = [&frames, &debug].map(|twin| Program::of_twin(&module, twin, DEPTH).unwrap());
    let [mut always, mut debugged] = [Vec::new(), Vec::new()];
    for (name, argument) in KERNELS {
        let mut least = [f64::INFINITY; 3];
        let mut instances = [&plain, &twins[0], &twins[1]].map(instance);
        for _ in 0..ROUNDS {
            for (least, instance) in least.iter_mut().zip(&mut instances) {
                *least = least.min(call(instance, name, argument));
            }
        }
        let [plain, frames, debug] = least;
        let kernel = format!("backtraces: {name}({argument}), natively:");
        table.told(format!("{kernel} as it is"), plain, "ms");
        table.told(format!("{kernel} functions noted"), frames / plain, "×");
        table.told(format!("{kernel} debugged"), debug / plain, "×");
        always.push(frames / plain);
        debugged.push(debug / plain);
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
    let size = |bytes: &[u8]| bytes.len() as f64;
    table.told(
        "backtraces: functions always on, size of the code",
        size(frames.bytes()) / size(module.bytes()),
        "×",
    );
}

/// How deep calls may be nested.
const DEPTH: u32 = 10_000;

fn validated(bytes: &[u8]) -> Validated {
    let mut validation = Validation::new(Rc::from(bytes));
    validation.step(usize::MAX).unwrap().unwrap()
}

fn made(module: &Validated, plan: Plan) -> Twin {
    let mut making = Making::new(module.clone(), plan).unwrap();
    making.step(usize::MAX).unwrap().unwrap()
}

/// Lines as close as an optimised build's: one for about every ten bytes of code.
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
