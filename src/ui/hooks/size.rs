//! How large an element is.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// The width and the height of the element inside its borders, in CSS pixels, as it changes.
#[hook]
pub(crate) fn use_size(node: &NodeRef) -> (f64, f64) {
    let size = use_state_eq(|| (0.0, 0.0));
    let setter = size.setter();
    use_effect_with(node.clone(), move |node| {
        let element = node.cast::<Element>();
        let observed = element.and_then(|element| {
            let measured = element.clone();
            let measure = Closure::<dyn FnMut()>::new(move || {
                setter.set((
                    f64::from(measured.client_width()),
                    f64::from(measured.client_height()),
                ));
            });
            let observer = ResizeObserver::new(measure.as_ref().unchecked_ref()).ok()?;
            observer.observe(&element);
            Some((observer, measure))
        });
        move || {
            if let Some((observer, _measure)) = observed {
                observer.disconnect();
            }
        }
    });
    *size
}
