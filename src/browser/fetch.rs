//! HTTP requests that the host of a plugin's framework makes for it.
//!
//! Nothing of the page's goes along: no cookies, no address of it. What comes back is what the other server lets this page read (CORS).

use crate::hosts::{Request, Response};
use gloo_timers::callback::Timeout;
use js_sys::{Array, ArrayBuffer, Error, Function, Object, Promise, Reflect, Uint8Array, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

/// What the server answers, or why there is no answer. `abort` ends it early.
pub(super) async fn fetch(request: &Request, abort: &AbortController) -> Result<Response, String> {
    let timer = request.timeout_millis.map(|millis| {
        let abort = abort.clone();
        // A timer counts in 31 bits of milliseconds.
        let most = u32::try_from(millis).unwrap_or(u32::MAX).min(u32::MAX >> 1);
        Timeout::new(most, move || {
            let late = Error::new(&format!("it took longer than {millis} ms"));
            abort.abort_with_reason(&late);
        })
    });
    let answer = answer(request, &abort.signal()).await;
    drop(timer);
    answer
}

async fn answer(request: &Request, signal: &AbortSignal) -> Result<Response, String> {
    let failed = |thrown: &JsValue| {
        format!(
            "HTTP request to {}: {}. Its server must allow this page to read it (CORS)",
            request.url,
            text_of(thrown)
        )
    };
    let answer = begin(request, signal).map_err(|thrown| failed(&thrown))?;
    let answer = JsFuture::from(answer)
        .await
        .map_err(|thrown| failed(&thrown))?;
    let answer: web_sys::Response = answer.unchecked_into();
    let body = answer.array_buffer().map_err(|thrown| failed(&thrown))?;
    let body = JsFuture::from(body)
        .await
        .map_err(|thrown| failed(&thrown))?;
    Ok(Response {
        status: answer.status(),
        headers: headers(&answer),
        body: Uint8Array::new(body.unchecked_ref::<ArrayBuffer>()).to_vec(),
    })
}

fn begin(request: &Request, signal: &AbortSignal) -> Result<Promise, JsValue> {
    let options = Object::new();
    let set = |name: &str, value: JsValue| Reflect::set(&options, &name.into(), &value);
    set("method", request.method.as_str().into())?;
    set("credentials", "omit".into())?;
    set("referrerPolicy", "no-referrer".into())?;
    let headers = request.headers.iter();
    let headers: Array = headers
        .map(|(name, value)| Array::of2(&name.into(), &value.into()))
        .collect();
    set("headers", headers.into())?;
    if !request.body.is_empty() {
        set("body", Uint8Array::from(request.body.as_slice()).into())?;
    }
    set("signal", signal.into())?;
    let fetch: Function = Reflect::get(&global(), &"fetch".into())?.dyn_into()?;
    let promise = fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &options)?;
    promise.dyn_into()
}

/// The headers that this page may see, their names in lower case.
fn headers(answer: &web_sys::Response) -> Vec<(String, String)> {
    let entries = Array::from(&answer.headers());
    let entries = entries.iter().filter_map(|entry| {
        let entry: Array = entry.dyn_into().ok()?;
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    });
    entries.collect()
}

fn text_of(thrown: &JsValue) -> String {
    let error = thrown.dyn_ref::<Error>();
    error.map_or_else(
        || "it failed".to_owned(),
        |error| String::from(error.message()),
    )
}
