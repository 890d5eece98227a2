//! The browser's clocks and its randomness, as WASI wants them.

use crate::wasi;
use js_sys::{Date, Reflect, Uint8Array, global};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Crypto, Performance};

/// Nanoseconds in a millisecond.
const NANOS: f64 = 1e6;

/// What `crypto.getRandomValues` gives at once, at most.
const RANDOM_CHUNK: usize = 65_536;

/// The clocks and the randomness of a page, a worker or Node.
#[derive(Debug)]
pub(crate) struct Clocks {
    performance: Option<Performance>,
    crypto: Option<Crypto>,
}

impl Clocks {
    pub(crate) fn new() -> Self {
        Self {
            performance: from_global("performance"),
            crypto: from_global("crypto"),
        }
    }

    /// Milliseconds since some moment, never going back.
    pub(crate) fn millis(&self) -> f64 {
        self.performance
            .as_ref()
            .map_or_else(Date::now, Performance::now)
    }
}

/// The property `name` of the global object; both kinds of scope, and Node, have these.
fn from_global<T: JsCast>(name: &str) -> Option<T> {
    let value = Reflect::get(&global(), &JsValue::from_str(name)).ok()?;
    (!value.is_undefined()).then(|| value.unchecked_into())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive number of nanoseconds, until the year 2554"
)]
impl wasi::Host for Clocks {
    fn realtime(&self) -> u64 {
        (Date::now() * NANOS) as u64
    }

    fn monotonic(&self) -> u64 {
        (self.millis() * NANOS) as u64
    }

    /// What browsers grant a page that is not cross-origin isolated: 100 µs.
    fn resolution(&self) -> u64 {
        100_000
    }

    fn random(&mut self, buf: &mut [u8]) {
        let Some(crypto) = &self.crypto else { return };
        for chunk in buf.chunks_mut(RANDOM_CHUNK) {
            #[expect(clippy::cast_possible_truncation, reason = "at most 65,536")]
            let bytes = Uint8Array::new_with_length(chunk.len() as u32);
            if crypto
                .get_random_values_with_array_buffer_view(&bytes)
                .is_ok()
            {
                bytes.copy_to(chunk);
            }
        }
    }
}
