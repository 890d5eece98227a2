//! The browser's own engine, by `engine.js`: what [`foreign`](crate::engine::foreign) asks of it.

use super::js;
use crate::engine::foreign::{Compiled, Engine, Failure, Given, Guest, Room, Side};
use crate::linear::Elsewhere;
use crate::module::{ExternType, Import, ValType};
use crate::protocol::{GlobalValue, Provision};
use crate::rewrite::metered::said;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use litemap::LiteMap;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicU64, Ordering};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    /// `engine.js`, as it is imported.
    #[derive(Clone, Debug)]
    pub type Script;
    #[wasm_bindgen(method, js_name = isThere)]
    fn is_there(this: &Script) -> bool;
    #[wasm_bindgen(method)]
    fn compile(this: &Script, bytes: Uint8Array) -> Promise;
    #[wasm_bindgen(method, catch)]
    fn instantiate(this: &Script, given: &Object) -> Result<Instance, JsValue>;

    /// In the script that starts a worker: imports `engine.js`.
    #[wasm_bindgen(js_name = browsersEngine)]
    fn browsers_engine() -> Promise;

    /// Its `Guest`.
    type Instance;
    #[wasm_bindgen(method)]
    fn size(this: &Instance) -> Option<f64>;
    #[wasm_bindgen(method)]
    fn read(this: &Instance, at: usize, to: usize, length: usize);
    #[wasm_bindgen(method)]
    fn write(this: &Instance, at: usize, from: usize, length: usize);
    #[wasm_bindgen(method, catch)]
    fn global(this: &Instance, name: &str, ty: &str) -> Result<Option<u64>, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setGlobal)]
    fn set_global(this: &Instance, name: &str, ty: &str, bits: u64) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn counter(this: &Instance, name: &str) -> Option<Counter>;

    /// An exported global of type `i32`: fuel is one, which is asked for at each host call that is recorded.
    type Counter;
    #[wasm_bindgen(method, getter, structural)]
    fn value(this: &Counter) -> i32;
    #[wasm_bindgen(method, setter, structural)]
    fn set_value(this: &Counter, value: i32);
    #[wasm_bindgen(method, js_name = hasFunction)]
    fn has_function(this: &Instance, number: f64) -> bool;
    #[wasm_bindgen(method, catch)]
    fn provided(this: &Instance, index: usize) -> Result<Option<u64>, JsValue>;
    #[wasm_bindgen(method)]
    fn open(this: &Instance, export: &str, door: &[u8]);
    #[wasm_bindgen(method)]
    fn begin(this: &Instance, call: u32, export: &str);
    #[wasm_bindgen(method)]
    fn resume(this: &Instance, call: u32, ends: bool);
    #[wasm_bindgen(method)]
    fn close(this: &Instance);
    #[wasm_bindgen(method, js_name = waitsAt)]
    fn waits_at(this: &Instance, call: u32) -> Vec<u32>;
    #[wasm_bindgen(method, js_name = callsFrom)]
    fn calls_from(this: &Instance) -> Vec<u32>;
}

/// The browser's engine.
pub struct Browser {
    script: Script,
    /// Wakes whoever drives the session.
    wake: Rc<dyn Fn()>,
}

impl std::fmt::Debug for Browser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Browser").finish_non_exhaustive()
    }
}

impl Browser {
    /// The engine of the browser that this worker is in, if it can suspend guests. Where its script cannot be fetched there is none.
    pub(crate) async fn bring(wake: Rc<dyn Fn()>) -> Option<Self> {
        let script = JsFuture::from(browsers_engine()).await.ok()?;
        Self::new(script.unchecked_into(), wake)
    }

    /// The engine, by its script, if this browser can suspend guests. `wake` is called when something has come of what runs there.
    pub fn new(script: Script, wake: Rc<dyn Fn()>) -> Option<Self> {
        script.is_there().then_some(Self { script, wake })
    }
}

thread_local! {
    /// Who asks from which room.
    static SIDES: RefCell<LiteMap<u32, Weak<Side>>> = const { RefCell::new(LiteMap::new()) };
}

/// What gates and doors ask the host by: they call it as it is exported, with no JavaScript between.
#[wasm_bindgen(js_name = askHost)]
#[must_use]
pub fn ask_host(room: u32, what: i32) -> i32 {
    let side = SIDES.with_borrow(|sides| sides.get(&room).and_then(Weak::upgrade));
    side.map_or(said::ENDS, |side| side.ask(what))
}

/// A room in this program's own memory.
struct Slots(Box<[[AtomicU64; 2]]>);

impl Room for Slots {
    fn address(&self) -> u32 {
        // Gates and doors read and write what is there.
        u32::try_from(self.0.as_ptr().expose_provenance()).unwrap_or(0)
    }

    fn put(&self, bits: &[u64]) {
        for ([slot, _], bits) in self.0.iter().zip(bits) {
            slot.store(*bits, Ordering::Relaxed);
        }
    }

    fn take(&self, bits: &mut [u64]) {
        for ([slot, _], bits) in self.0.iter().zip(bits) {
            *bits = slot.load(Ordering::Relaxed);
        }
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        let room = self.address();
        // At the end of the program there is none.
        let _ = SIDES.try_with(|sides| sides.borrow_mut().remove(&room));
    }
}

impl Engine for Browser {
    fn compile(&self, module: &[u8], done: Compiled) {
        let (compiled, wake) = (self.script.compile(module.into()), Rc::clone(&self.wake));
        spawn_local(async move {
            done(match JsFuture::from(compiled).await {
                Ok(module) => Ok(Rc::new(module)),
                Err(error) => Err(js::message(&error)),
            });
            wake();
        });
    }

    fn room(&self, slots: u32) -> Rc<dyn Room> {
        let slots = (0..slots.max(1)).map(|_| <[AtomicU64; 2]>::default());
        Rc::new(Slots(slots.collect()))
    }

    fn instantiate(&self, given: Given<'_>) -> Result<Rc<dyn Guest>, String> {
        SIDES.with_borrow_mut(|sides| {
            sides.insert(given.side.room().address(), Rc::downgrade(given.side));
        });
        let imports = given.imports.iter().zip(given.provisions);
        let imports: Array = imports
            .map(|(import, provision)| stands_in(import, *provision))
            .collect();
        let (enters, fails) = (Rc::downgrade(given.side), Rc::downgrade(given.side));
        let enters = Closure::<dyn Fn(u32)>::new(move |call| {
            if let Some(side) = enters.upgrade() {
                side.enters(call);
            }
        });
        let failed = Closure::<dyn Fn(u32, String, Vec<u32>)>::new(
            move |call, message, frames: Vec<u32>| {
                if let Some(side) = fails.upgrade() {
                    let frames = pairs(&frames);
                    side.failed(call, Failure { message, frames });
                }
            },
        );
        let wake = Rc::clone(&self.wake);
        let wake = Closure::<dyn Fn()>::new(move || wake());
        let nothing = JsValue::UNDEFINED;
        let module = given.module.downcast_ref::<JsValue>().unwrap_or(&nothing);
        let own = wasm_bindgen::exports();
        let of_own = |name: &str| Reflect::get(&own, &name.into()).unwrap_or_default();
        let object = Object::new();
        for (name, value) in [
            ("module", module),
            ("gate", &Uint8Array::from(given.gate)),
            ("table", &given.table.into()),
            ("imports", &imports),
            ("memory", &of_own("memory")),
            ("ask", &of_own("askHost")),
            ("enters", enters.as_ref()),
            ("failed", failed.as_ref()),
            ("wake", wake.as_ref()),
        ] {
            js::define(&object, name, value);
        }
        let instance = self.script.instantiate(&object);
        let instance = instance.map_err(|error| js::message(&error))?;
        let globals = given.imports.iter().filter_map(|import| match import.ty {
            ExternType::Global(ty, mutable) => Some(GlobalValue {
                name: format!("{}.{}", import.module, import.name),
                ty,
                mutable,
                bits: 0,
            }),
            _ => None,
        });
        Ok(Rc::new(Instantiated {
            has_memory: instance.size().is_some(),
            instance,
            globals: globals.collect(),
            counters: RefCell::default(),
            _told: (enters, failed, wake),
        }))
    }
}

/// What has these frames.
fn at(frames: &[u32]) -> Failure {
    Failure {
        frames: pairs(frames),
        ..Failure::default()
    }
}

fn pairs(numbers: &[u32]) -> Vec<(u32, usize)> {
    let (pairs, _) = numbers.as_chunks::<2>();
    let pairs = pairs
        .iter()
        .map(|[index, offset]| (*index, *offset as usize));
    pairs.collect()
}

/// What stands in for an import, in JavaScript's terms: a function is the gate's.
#[expect(
    clippy::cast_precision_loss,
    reason = "sizes are below 2⁵³, or refused"
)]
fn stands_in(import: &Import, provision: Option<Provision>) -> JsValue {
    let object = Object::new();
    let set = |name: &str, value: JsValue| js::define(&object, name, &value);
    let number = |value: u64| JsValue::from(value as f64);
    let kind = match &import.ty {
        ExternType::Func(_) => "function",
        ExternType::Memory(ty) => {
            let minimum = match provision {
                Some(Provision::Memory(pages)) => pages,
                _ => ty.minimum,
            };
            set("minimum", number(minimum));
            set("maximum", ty.maximum.map_or(JsValue::UNDEFINED, number));
            set("is64", ty.memory64.into());
            "memory"
        }
        ExternType::Table(element, minimum, maximum) => {
            let minimum = match provision {
                Some(Provision::Table(elements)) => elements,
                _ => *minimum,
            };
            set("element", type_name(*element).into());
            set("minimum", number(minimum));
            set("maximum", maximum.map_or(JsValue::UNDEFINED, number));
            "table"
        }
        ExternType::Global(ty, mutable) => {
            let bits = match provision {
                Some(Provision::Global(bits)) => bits,
                _ => 0,
            };
            set("type", type_name(*ty).into());
            set("mutable", (*mutable).into());
            set("bits", bits.into());
            "global"
        }
        ExternType::Tag => "tag",
    };
    set("kind", kind.into());
    object.into()
}

/// A type as JavaScript calls it.
fn type_name(ty: ValType) -> &'static str {
    match ty {
        ValType::I32 => "i32",
        ValType::I64 => "i64",
        ValType::F32 => "f32",
        ValType::F64 => "f64",
        ValType::V128 => "v128",
        ValType::FuncRef => "anyfunc",
        ValType::ExternRef => "externref",
    }
}

/// What `engine.js` calls: when a call goes on, when one has failed, and when something has come of one.
type Told = (
    Closure<dyn Fn(u32)>,
    Closure<dyn Fn(u32, String, Vec<u32>)>,
    Closure<dyn Fn()>,
);

struct Instantiated {
    instance: Instance,
    has_memory: bool,
    globals: Vec<GlobalValue>,
    counters: RefCell<LiteMap<String, Counter>>,
    _told: Told,
}

impl Drop for Instantiated {
    fn drop(&mut self) {
        self.instance.close();
    }
}

impl Instantiated {
    fn counter<T>(&self, export: &str, act: impl FnOnce(&Counter) -> T) -> Option<T> {
        let mut counters = self.counters.borrow_mut();
        if !counters.contains_key(export) {
            counters.insert(export.to_owned(), self.instance.counter(export)?);
        }
        counters.get(export).map(act)
    }
}

impl Guest for Instantiated {
    fn memory(&self) -> Option<&dyn Elsewhere> {
        self.has_memory.then_some(self)
    }

    fn global(&self, export: &str, ty: ValType) -> Option<u64> {
        if ty == ValType::I32 {
            let value = self.counter(export, Counter::value)?;
            return Some(value.cast_unsigned().into());
        }
        self.instance.global(export, type_name(ty)).ok().flatten()
    }

    fn set_global(&self, export: &str, ty: ValType, bits: u64) {
        // It is there, and of this type.
        if ty == ValType::I32 {
            #[expect(clippy::cast_possible_truncation, reason = "the bits of an i32")]
            let value = (bits as u32).cast_signed();
            self.counter(export, |counter| counter.set_value(value));
            return;
        }
        let _ = self.instance.set_global(export, type_name(ty), bits);
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "so many references are not given"
    )]
    fn has_function(&self, number: u64) -> bool {
        self.instance.has_function(number as f64)
    }

    fn provided(&self) -> Vec<GlobalValue> {
        let globals = self.globals.iter().enumerate();
        let globals = globals.map(|(index, global)| {
            let bits = self.instance.provided(index).ok().flatten();
            GlobalValue {
                bits: bits.unwrap_or(0),
                ..global.clone()
            }
        });
        globals.collect()
    }

    fn open(&self, export: &str, door: &[u8]) {
        self.instance.open(export, door);
    }

    fn begin(&self, call: u32, export: &str) {
        self.instance.begin(call, export);
    }

    fn resume(&self, call: u32, ends: bool) {
        self.instance.resume(call, ends);
    }

    fn waits_at(&self, call: u32) -> Failure {
        at(&self.instance.waits_at(call))
    }

    fn calls_from(&self) -> Failure {
        at(&self.instance.calls_from())
    }
}

impl Elsewhere for Instantiated {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of bytes; what an address here cannot reach does not count"
    )]
    fn size(&self) -> usize {
        self.instance.size().unwrap_or(0.0) as usize
    }

    // The addresses of slices, not the slices themselves: for each of these a view would be made.
    fn read(&self, at: usize, to: &mut [u8]) {
        let address = to.as_mut_ptr().expose_provenance();
        self.instance.read(at, address, to.len());
    }

    fn write(&self, at: usize, from: &[u8]) {
        let address = from.as_ptr().expose_provenance();
        self.instance.write(at, address, from.len());
    }
}
