//! The engine of the browser, or of Node, for a plugin that is to run there.

use super::driver::{Driver, End};
use crate::browser::engine::{Browser, Script};
use crate::browser::js::{define, error};
use crate::protocol::{Command, Engine};
use js_sys::Object;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

// It lies beside what wasm-bindgen writes.
#[wasm_bindgen(raw_module = "./engine.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = isThere)]
    static IS_THERE: JsValue;
    #[wasm_bindgen(thread_local_v2, js_name = compile)]
    static COMPILE: JsValue;
    #[wasm_bindgen(thread_local_v2, js_name = instantiate)]
    static INSTANTIATE: JsValue;
}

fn script() -> Script {
    let script = Object::new();
    define(&script, "isThere", &IS_THERE.with(Clone::clone));
    define(&script, "compile", &COMPILE.with(Clone::clone));
    define(&script, "instantiate", &INSTANTIATE.with(Clone::clone));
    script.unchecked_into()
}

impl Driver {
    /// Has calls run there.
    ///
    /// # Errors
    ///
    /// Why they cannot.
    pub(super) async fn run_in_browsers_engine(self: &Rc<Self>) -> Result<(), JsValue> {
        let driver = Rc::downgrade(self);
        let wake = Rc::new(move || {
            if let Some(driver) = driver.upgrade() {
                driver.wake();
            }
        });
        let Some(engine) = Browser::new(script(), wake) else {
            return Err(error(
                "options.engine: this engine cannot suspend WebAssembly (JSPI): Chrome or Edge 137, Firefox 153, Safari 27, \
                 and Node 25 (24 with --experimental-wasm-jspi) can",
            ));
        };
        self.session.borrow_mut().set_engine(Rc::new(engine));
        match self.run([Command::Engine(Engine::Browser)]).await? {
            End::Engine(None) => Ok(()),
            End::Engine(Some(problem)) => Err(error(&format!("options.engine: {problem}"))),
            _ => Err(error("options.engine: something else has ended")),
        }
    }
}
