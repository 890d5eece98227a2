//! The next frame.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Does something once in the next frame, however often it is asked to.
pub(super) struct Frame {
    asked: Rc<Cell<bool>>,
    step: RefCell<Option<Closure<dyn FnMut()>>>,
}

impl Frame {
    pub(super) fn new() -> Self {
        Self {
            asked: Rc::new(Cell::new(false)),
            step: RefCell::new(None),
        }
    }

    /// What is to be done in a frame.
    pub(super) fn set(&self, action: impl Fn() + 'static) {
        let asked = Rc::clone(&self.asked);
        let step = Closure::new(move || {
            asked.set(false);
            action();
        });
        *self.step.borrow_mut() = Some(step);
    }

    /// Asks for it to be done in the next frame.
    pub(super) fn ask(&self) {
        if self.asked.replace(true) {
            return;
        }
        if let (Some(window), Some(step)) = (web_sys::window(), self.step.borrow().as_ref()) {
            let requested = window.request_animation_frame(step.as_ref().unchecked_ref());
            self.asked.set(requested.is_ok());
        } else {
            self.asked.set(false);
        }
    }
}
