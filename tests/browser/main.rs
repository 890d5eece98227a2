//! The guests of `tests/guests` once more, where they run for people: in a browser's worker, by wasmi in
//! wasm with guaranteed tail calls, and by the browser's own engine.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../guests/cases.rs"]
mod cases;
#[path = "../guests/run.rs"]
mod run;

use gloo_timers::callback::Timeout;
use js_sys::{Object, Promise, Reflect};
use plugboard::browser::engine::{Browser, Script};
use run::Way;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

macro_rules! tests {
    ($($guest:ident)*) => {
        $(
            #[wasm_bindgen_test]
            async fn $guest() {
                let guest = stringify!($guest);
                let (case, module) = (cases::case(guest), compiled_guests::module(guest));
                run::check(&case, module);
                let engine = Browser::new(script(), Rc::new(|| {})).expect("this browser suspends guests");
                run::check_once(&case, module, Way::Elsewhere(Rc::new(engine), || Box::pin(turn()))).await;
            }
        )*
    };
}

#[wasm_bindgen(module = "/src/browser/engine.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = isThere)]
    static IS_THERE: JsValue;
    #[wasm_bindgen(thread_local_v2, js_name = compile)]
    static COMPILE: JsValue;
    #[wasm_bindgen(thread_local_v2, js_name = instantiate)]
    static INSTANTIATE: JsValue;
}

/// What importing it gives.
fn script() -> Script {
    let script = Object::new();
    for (name, value) in [
        ("isThere", IS_THERE.with(Clone::clone)),
        ("compile", COMPILE.with(Clone::clone)),
        ("instantiate", INSTANTIATE.with(Clone::clone)),
    ] {
        Reflect::set(&script, &name.into(), &value).expect("it is an object");
    }
    script.unchecked_into()
}

/// Lets what has been promised come.
async fn turn() {
    let turn = Promise::new(&mut |goes_on, _| {
        Timeout::new(0, move || {
            // It throws nothing.
            let _ = goes_on.call0(&JsValue::UNDEFINED);
        })
        .forget();
    });
    JsFuture::from(turn).await.expect("it comes");
}

cases::for_each_guest!(tests);
