//! A worker, and what is said to it.

use super::wire::{self, FromWorker};
use crate::protocol::Command;
use gloo_events::EventListener;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, ErrorEvent, MessageEvent, Url, Worker, WorkerOptions};

/// What starts a worker, beside the page: a script that waits for the program to start.
pub(super) const STARTER: &str = "./worker.js";

/// A worker. It is terminated on drop.
pub(super) struct Link {
    worker: Worker,
    /// What waits until the worker is ready; `None` once it is.
    waiting: Option<Vec<wire::Heard>>,
    _listeners: [EventListener; 2],
}

impl Drop for Link {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Link {
    /// Spawns a worker by the script `starter`, which is to be told its program. For as long as there is an `owner`, `hear` is
    /// called with what it says from then on, and `failed` with why it has failed.
    pub(super) fn spawn<Owner: 'static>(
        owner: &Rc<Owner>,
        starter: &str,
        hear: fn(&Rc<Owner>, FromWorker),
        failed: fn(&Rc<Owner>, &str),
    ) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_name("plugboard");
        let worker = Worker::new_with_options(&beside_the_page(starter)?, &options).ok()?;
        let weak = Rc::downgrade(owner);
        let messages = EventListener::new(&worker, "message", move |event| {
            let (Some(owner), Some(event)) = (weak.upgrade(), event.dyn_ref::<MessageEvent>())
            else {
                return;
            };
            match wire::read_from_worker(&event.data()) {
                Ok(FromWorker::Panic(text)) => failed(&owner, &text),
                Ok(said) => hear(&owner, said),
                Err(error) => failed(&owner, &error.to_string()),
            }
        });
        let weak = Rc::downgrade(owner);
        let errors = EventListener::new(&worker, "error", move |event| {
            if let Some(owner) = weak.upgrade() {
                let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
                failed(&owner, &text.unwrap_or_default());
            }
        });
        Some(Self {
            worker,
            waiting: Some(Vec::new()),
            _listeners: [messages, errors],
        })
    }

    /// Has the worker run a program: the address of its script, and the program, compiled, or its
    /// address. Whether it could be told.
    pub(super) fn start(&self, script: &str, program: &JsValue) -> bool {
        let start = wire::start(script, program);
        self.worker.post_message(&start).is_ok()
    }

    /// Whether the worker takes commands.
    pub(super) fn is_ready(&self) -> bool {
        self.waiting.is_none()
    }

    /// Sends a command, once the worker is ready.
    pub(super) fn send(&mut self, command: Command, file: Option<Blob>) {
        match &mut self.waiting {
            Some(waiting) => waiting.push((command, file)),
            None => self.post(&command, file.as_ref()),
        }
    }

    /// The worker takes commands now.
    pub(super) fn ready(&mut self) {
        for (command, file) in self.waiting.take().unwrap_or_default() {
            self.post(&command, file.as_ref());
        }
    }

    fn post(&self, command: &Command, file: Option<&Blob>) {
        if let Ok((object, transfer)) = wire::command(command, file) {
            // Fails only for what cannot be cloned; bytes and files can.
            let _ = self.worker.post_message_with_transfer(&object, &transfer);
        }
    }
}

/// The address of a file beside the page.
pub(crate) fn beside_the_page(file: &str) -> Option<String> {
    let document = web_sys::window()?.document()?;
    let base = document.base_uri().ok()??;
    Url::new_with_base(file, &base).ok().map(|url| url.href())
}
