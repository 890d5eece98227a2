//! The engine as the page uses it: slices of fuel, host calls that suspend, calls within them.

use crate::compare::{Given, Outcome, Seen};
use crate::random::Random;
use plugboard::debug::twin::Twin;
use plugboard::engine::Trap;
use plugboard::engine::{
    Activation, Callee, HostCall, Instance, InstantiateError, Program, Socket, Step,
};
use plugboard::go::Abi;
use plugboard::module::{ValType, Validated};
use plugboard::protocol::CallId;
use plugboard::wasi;
use std::cell::Cell;
use std::rc::Rc;

pub struct Ours {
    instance: Instance,
    given: Rc<Given>,
    clock: Rc<Cell<u64>>,
    /// Decides on the slices.
    random: Random,
    asked: Vec<(usize, Vec<u64>)>,
    count: u64,
    depth: u64,
}

/// Clocks that stand still until somebody waits for them.
pub struct Clock(pub Rc<Cell<u64>>);

impl wasi::Host for Clock {
    fn realtime(&self) -> u64 {
        self.0.get()
    }

    fn monotonic(&self) -> u64 {
        self.0.get()
    }

    fn resolution(&self) -> u64 {
        1
    }

    fn random(&mut self, buffer: &mut [u8]) {
        buffer.fill(4);
    }
}

/// What WASI is for a guest, in both engines.
pub fn context(clock: &Rc<Cell<u64>>) -> wasi::Context {
    wasi::Context::new(wasi::Config::default(), Box::new(Clock(Rc::clone(clock))))
}

impl Ours {
    /// An instance whose `start` section has returned.
    pub fn new(
        module: &Validated,
        twin: Option<&Twin>,
        given: Rc<Given>,
        seed: u64,
    ) -> Result<Self, Outcome> {
        let depth = given.limits.call_depth;
        let program = match twin {
            Some(twin) => Program::of_twin(module, twin, depth),
            None => Program::new(module, depth),
        };
        let program = program.expect("wasmi reads it");
        let imports = given.info.imports.iter().enumerate();
        let sockets = imports.map(|(place, import)| Socket {
            ty: import.ty.clone(),
            callee: Callee::of(import, None),
            answer: match import.ty.func() {
                Some(ty) if !import.is_wasi() => Some(given.oracle.answer(place, ty)),
                _ => None,
            },
            signature: None,
            provision: None,
        });
        let sockets = sockets.collect();
        let clock = Rc::new(Cell::new(1));
        let instance = Instance::new(
            &program,
            context(&clock),
            sockets,
            Abi::TinyGo,
            &given.limits,
        );
        let instance = instance.map_err(|(error, _)| match error {
            InstantiateError::Module(text) if text.contains("elements do not fit") => {
                Outcome::Trapped("out of bounds table access".to_owned())
            }
            InstantiateError::Module(text) if text.contains("a data segment does not fit") => {
                Outcome::Trapped("out of bounds memory access".to_owned())
            }
            InstantiateError::Limit(_) | InstantiateError::Import { .. } => Outcome::Failed,
            other => panic!("{other}"),
        })?;
        let mut random = Random::new(seed);
        let mut instance = instance;
        // Who watches changes nothing.
        if random.once_in(2) {
            instance.record(Some((Rc::default(), CallId(1))));
            instance.enter("export", 0);
        }
        let mut ours = Self {
            instance,
            given,
            clock,
            random,
            asked: Vec::new(),
            count: 0,
            depth: 0,
        };
        if ours.instance.has_start_section() {
            let start = ours.instance.start_section().expect("it has one");
            match ours.run(start) {
                Outcome::Returned(_) => {}
                other => return Err(other),
            }
        }
        Ok(ours)
    }

    pub fn call(&mut self, export: usize, hash: u64) -> Seen {
        self.asked.clear();
        let outcome = self.call_within(export, hash);
        Seen {
            outcome,
            asked: self.asked.clone(),
            globals: self.given.globals(self.instance.globals()),
            memory: self.instance.memory().to_vec(),
        }
    }

    fn call_within(&mut self, export: usize, hash: u64) -> Outcome {
        let given = Rc::clone(&self.given);
        let (name, args) = given.call(export, hash);
        let (base, depth) = (self.instance.mark(), self.frames());
        let activation = self.instance.call(name, &args).expect("it is exported");
        let outcome = self.run(activation);
        match outcome {
            Outcome::Returned(_) => assert_eq!(self.frames(), depth, "what returned has no frame"),
            _ => self.instance.unwind(base),
        }
        outcome
    }

    /// How many functions have been called that have not returned, as far as is told.
    fn frames(&self) -> usize {
        self.instance.noted().map_or(0, |stack| stack.frames.len())
    }

    fn run(&mut self, mut activation: Activation) -> Outcome {
        let usual = *self.random.one(&[1, 1, 7, 100, 1_000_000]);
        let mut required = 0;
        loop {
            let fuel = if self.random.once_in(8) { 1_000 } else { usual };
            let (step, _) = activation.step(&mut self.instance, fuel.max(required));
            required = 0;
            activation = match step {
                Step::Returned(results) => {
                    let results = results.into_iter();
                    let results = results.map(|(ty, bits)| (ty, number_of(ty, bits)));
                    return Outcome::Returned(results.collect());
                }
                Step::OutOfFuel(activation, needed) => {
                    required = needed;
                    activation
                }
                Step::Waiting(activation, wait) => {
                    let until = wait.until.expect("stdin is empty");
                    // Woken too early, it waits on.
                    let now = self.clock.get();
                    self.clock.set(if self.random.once_in(2) {
                        until
                    } else {
                        now.max(until - 1)
                    });
                    activation
                }
                Step::Host(mut activation, call) => match self.host(&call) {
                    Some(results) => {
                        activation.answer(results);
                        activation
                    }
                    None => return Outcome::Failed,
                },
                Step::Running(_) => panic!("it runs in this program"),
                Step::Stopped(..) => panic!("it has no breakpoints"),
                Step::Ended(trap) => return outcome(trap),
            };
        }
    }

    /// What the host answers; `None`: it fails.
    fn host(&mut self, call: &HostCall) -> Option<Vec<u64>> {
        let params = &self.given.info.imports[call.import].ty.func()?.params;
        let args = call.args.iter().zip(params);
        let args: Vec<u64> = args.map(|(bits, ty)| number_of(*ty, *bits)).collect();
        self.count += 1;
        let act = self.given.oracle.act(call.import, &args, self.count);
        self.asked.push((call.import, args));
        let mut memory = self.instance.memory_mut();
        if let Some((at, byte)) = act.written(memory.view().size()) {
            assert!(memory.write(at as u64, &[byte]));
        }
        let mut came_to = 0;
        if let Some((export, hash)) = act.within(self.given.exports.len(), self.depth) {
            self.depth += 1;
            came_to = number(&self.call_within(export, hash));
            self.depth -= 1;
        }
        let ty = self.given.info.imports[call.import].ty.func()?;
        (!act.fails()).then(|| act.results(ty, came_to))
    }
}

/// The bits of a value; what stands for a reference is ours alone.
fn number_of(ty: ValType, bits: u64) -> u64 {
    if ty.is_ref() { 0 } else { bits }
}

/// A number for what a call within a host call came to.
pub fn number(outcome: &Outcome) -> u64 {
    match outcome {
        Outcome::Returned(results) => {
            let bits = results.iter().map(|(_, bits)| *bits);
            bits.fold(7, |number, bits| number.wrapping_mul(31).wrapping_add(bits))
        }
        Outcome::Trapped(text) => text.len() as u64,
        Outcome::Failed => 1,
        Outcome::TooDeep => 2,
        Outcome::Cut => 3,
    }
}

fn outcome(trap: Trap) -> Outcome {
    match trap {
        Trap::Limit(text) if text.contains("call depth") => Outcome::TooDeep,
        // What wasmi cannot go on with is not done.
        Trap::Trap(text) if text.contains("table.grow") => Outcome::Cut,
        Trap::Trap(text) => {
            // What is said beside it is ours alone.
            let text = text.split("; before that").next().unwrap_or(&text);
            let text = text.split(" (").next().unwrap_or(text);
            Outcome::Trapped(text.to_owned())
        }
        other => panic!("{other:?}"),
    }
}
