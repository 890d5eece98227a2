//! The same modules outside the browser: wasmi as it comes, and the session as the page has it.

use plugboard::go::{Param, Signature, Type, Value};
use plugboard::protocol::{CallId, Command, Event, Outcome};
use plugboard::rewrite::metered::Making;
use plugboard::session::{Next, Pace, Session};
use plugboard::wasi;
use std::time::Instant;
use wasmi::{Config, Engine, Func, Linker, Module, Store, Val};

/// What a slice of the worker aims at, in milliseconds.
const SLICE: f64 = 12.0;

/// The least milliseconds of some calls, on wasmi with its defaults: no fuel, no slices.
pub(crate) fn unmetered(module: &[u8], name: &str, argument: i32, calls: u32) -> f64 {
    let engine = Engine::new(&Config::default());
    // SAFETY: the module comes from rustc.
    #[expect(
        unsafe_code,
        reason = "wasmi is built without its validation, as the page has it"
    )]
    let module = unsafe { Module::new_unchecked(&engine, module) }.unwrap();
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine)
        .instantiate_and_start(&mut store, &module)
        .unwrap();
    let function = instance.get_typed_func::<i32, i32>(&store, name).unwrap();
    least(calls, || {
        function.call(&mut store, argument).unwrap();
    })
}

/// The least milliseconds of some calls, in a session: metered, in slices, stoppable.
pub(crate) fn metered(module: &[u8], name: &str, argument: i32, calls: u32) -> f64 {
    let mut session = Session::new(Box::new(|| Box::new(Timeless)));
    session.handle(Command::Load {
        name: "kernels.wasm".to_owned(),
        bytes: module.to_vec(),
    });
    run(&mut session);
    let signature = Signature {
        name: name.to_owned(),
        params: vec![Param::new("n", Type::Int32)],
        result: Some(Type::Int32),
        written: None,
    };
    least(calls, || {
        session.handle(Command::Call {
            call: CallId(1),
            export: name.to_owned(),
            signature: signature.clone(),
            args: vec![Value::Int(argument.into())],
        });
        let returned = run(&mut session).into_iter().any(|event| {
            matches!(
                event,
                Event::Ended {
                    outcome: Outcome::Returned { .. },
                    ..
                }
            )
        });
        assert!(returned, "{name} returns");
    })
}

/// The least milliseconds of some calls, on wasmi that counts nothing itself, of the module that is metered by rewriting. It is given fuel whenever it
/// asks.
pub(crate) fn rewritten(module: &[u8], name: &str, argument: i32, calls: u32) -> f64 {
    const FUEL: i32 = 1_000_000;
    let mut making = Making::new(module.into()).unwrap();
    let metered = making.step(usize::MAX).unwrap().unwrap();
    let engine = Engine::new(&Config::default());
    // SAFETY: the module comes from rustc, and what meters it makes a valid one of that.
    #[expect(
        unsafe_code,
        reason = "wasmi is built without its validation, as the page has it"
    )]
    let module = unsafe { Module::new_unchecked(&engine, metered.bytes()) }.unwrap();
    let mut store = Store::new(&engine, None::<wasmi::Global>);
    let instance = Linker::new(&engine)
        .instantiate_and_start(&mut store, &module)
        .unwrap();
    let global = |store: &Store<_>, what: &str| {
        let global = instance.get_global(store, &metered.export(what));
        global.expect("it is exported")
    };
    let (fuel, depth) = (global(&store, "fuel"), global(&store, "depth"));
    *store.data_mut() = Some(fuel);
    let tick = Func::wrap(
        &mut store,
        |mut caller: wasmi::Caller<'_, Option<wasmi::Global>>| {
            let fuel = (*caller.data()).expect("it is known");
            fuel.set(&mut caller, Val::I32(FUEL)).unwrap();
            0_i32
        },
    );
    let gate = instance.get_table(&store, &metered.export("gate")).unwrap();
    gate.set(&mut store, 0, wasmi::Ref::Func(tick.into()))
        .unwrap();
    let pages = global(&store, "pages");
    pages.set(&mut store, Val::I64(65_536)).unwrap();
    let function = instance.get_typed_func::<i32, i32>(&store, name).unwrap();
    least(calls, || {
        fuel.set(&mut store, Val::I32(FUEL)).unwrap();
        depth.set(&mut store, Val::I32(10_000)).unwrap();
        function.call(&mut store, argument).unwrap();
    })
}

/// Steps as the worker does, until there is nothing to do.
fn run(session: &mut Session) -> Vec<Event> {
    let mut pace = Pace::new(SLICE);
    let mut events = Vec::new();
    loop {
        let fuel = pace.fuel(SLICE);
        let mut next = Next::Idle;
        let millis = milliseconds(|| next = session.step(fuel));
        pace.learn(fuel, millis);
        events.append(&mut session.take_events());
        if next != Next::Ready {
            return events;
        }
    }
}

fn least(calls: u32, mut call: impl FnMut()) -> f64 {
    (0..calls)
        .map(|_| milliseconds(&mut call))
        .fold(f64::INFINITY, f64::min)
}

#[expect(clippy::disallowed_methods, reason = "the bench is native")]
fn milliseconds(work: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    work();
    begin.elapsed().as_secs_f64() * 1000.0
}

/// The kernels ask for neither the time nor chance.
pub(crate) struct Timeless;

impl wasi::Host for Timeless {
    fn realtime(&self) -> u64 {
        0
    }

    fn monotonic(&self) -> u64 {
        0
    }

    fn resolution(&self) -> u64 {
        1
    }

    fn random(&mut self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}
