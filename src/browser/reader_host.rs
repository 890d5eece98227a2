//! The reader worker's end: reads Go signatures, for a page whose session leaves that out.

use super::wire::{self, Heard};
use super::worker_host::{contents, post_panics};
use crate::debug;
use crate::protocol::{
    Command, Event, FunctionsReport, Profile, ProfileReport, Report, Sample, decode,
};
use crate::signatures::Reader;
use crate::text_form::Module;
use gloo_events::EventListener;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// Starts to take [`Command::Load`] and [`Command::GoSource`] from the page, and answers each with
/// [`Event::Signatures`], or with nothing where there are none; and [`Command::HostCode`], [`Command::Account`],
/// [`Command::Contents`], [`Command::Functions`], [`Command::Lines`], [`Command::Backtrace`], [`Command::Profile`] and [`Command::Judge`]. Does
/// nothing outside a dedicated worker.
pub fn start() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    post_panics(&scope);
    let heard: Rc<RefCell<VecDeque<Heard>>> = Rc::default();
    let reader = Rc::new(RefCell::new(Some(Kept::default())));
    let answers = scope.clone();
    EventListener::new(&scope, "message", move |event| {
        let data = event
            .dyn_ref::<MessageEvent>()
            .map_or(JsValue::NULL, MessageEvent::data);
        if let Ok(message) = wire::read_command(&data) {
            heard.borrow_mut().push_back(message);
        }
        // Whoever has the reader goes through all that has been heard, in order.
        let Some(mut taken) = reader.borrow_mut().take() else {
            return;
        };
        let (heard, reader, answers) = (Rc::clone(&heard), Rc::clone(&reader), answers.clone());
        spawn_local(async move {
            loop {
                let next = heard.borrow_mut().pop_front();
                let Some((command, file)) = next else { break };
                obey(&mut taken, command, file, &answers).await;
            }
            *reader.borrow_mut() = Some(taken);
        });
    })
    .forget();
    let _ = scope.post_message(&wire::ready());
}

/// What is known of the module that was read last.
#[derive(Default)]
struct Kept {
    reader: Reader,
    /// Its functions, if they were asked for, with the number that the page has given it; or why they cannot be read.
    functions: Option<(u32, Result<Module, String>)>,
    /// The profile that was read last.
    profile: debug::Profile,
}

async fn obey(
    Kept {
        reader,
        functions,
        profile,
    }: &mut Kept,
    command: Command,
    file: Option<Blob>,
    answers: &DedicatedWorkerGlobalScope,
) {
    let signatures = match (command, file) {
        (Command::HostCode(form, case), _) => {
            let text = crate::host_code::write(form, &case);
            return answer(answers, Some(Event::HostCode(form, text)));
        }
        (Command::Account(account), _) => {
            let account = crate::outline::account(&account);
            return answer(answers, Some(Event::Account(account)));
        }
        (Command::Judge(judging), _) => {
            let (number, differences) = (judging.number, judging.judge());
            let judged = Event::Judged {
                number,
                differences,
            };
            return answer(answers, Some(judged));
        }
        (Command::Contents { .. }, Some(file)) => {
            let items = contents(&file).await.ok();
            let items = items.map(|bytes| crate::outline::contents(&bytes));
            return answer(answers, items.map(Event::Contents));
        }
        (Command::Backtrace { call, stack, .. }, Some(file)) => {
            let bytes = contents(&file).await.ok();
            let backtrace = bytes.map(|bytes| Event::Backtrace {
                call,
                backtrace: Box::new(reader.backtrace(bytes, &stack)),
            });
            return answer(answers, backtrace);
        }
        (Command::Lines { .. }, Some(file)) => {
            let bytes = contents(&file).await.ok();
            let lines = bytes.map(|bytes| Event::Lines(Box::new(reader.lines(bytes))));
            return answer(answers, lines);
        }
        (Command::Profile(Profile::Read(samples)), Some(file)) => {
            let samples: Vec<Sample> = decode(&samples).unwrap_or_default();
            if let Ok(bytes) = contents(&file).await {
                *profile = reader.profile(bytes, &samples);
            }
            let report = ProfileReport::Read(profile.total().clone());
            return answer(answers, Some(Event::Profile(report)));
        }
        (Command::Profile(ask), _) => {
            let report = profile.answer(&ask);
            return answer(answers, report.map(Event::Profile));
        }
        (Command::Functions { module, ask }, Some(file)) => {
            if functions.as_ref().is_none_or(|(of, _)| *of != module) {
                let read = contents(&file).await.and_then(Module::read);
                *functions = Some((module, read));
            }
            let report = match functions {
                Some((_, Ok(functions))) => functions.answer(ask),
                Some((_, Err(reason))) => FunctionsReport::Failed(reason.clone()),
                None => return answer(answers, None),
            };
            return answer(answers, Some(Event::Functions { module, report }));
        }
        (Command::Load { name, .. }, Some(file)) => match contents(&file).await {
            Ok(bytes) => reader.load(&name, &bytes),
            // The session's worker, which reads the same file, says so.
            Err(_) => None,
        },
        (Command::GoSource { files }, _) => reader.source(&files),
        _ => None,
    };
    let event = signatures.map(|signatures| Event::Signatures(Box::new(signatures)));
    answer(answers, event);
}

fn answer(answers: &DedicatedWorkerGlobalScope, event: Option<Event>) {
    let mut report = Report {
        events: event.into_iter().collect(),
        busy_micros: 0,
    };
    if let Ok((object, transfer)) = wire::report(&mut report) {
        // Fails only for what cannot be cloned; bytes can.
        let _ = answers.post_message_with_transfer(&object, &transfer);
    }
}
