//! Which callbacks of a plugin are called, and in which order.

use super::callouts::{Protocol, Reply};
use super::state::{PLUGIN, State};
use super::stream::{Half, Phase, Stream};
use crate::hosts::{Came, GuestCall, Next};
use std::collections::{BTreeSet, VecDeque};

/// Who has closed a connection: this side of it, or the other.
const LOCAL: u64 = 1;
const REMOTE: u64 = 2;

/// Callbacks that are kept, to be shown.
const SHOWN: usize = 200;

/// What a call on the page is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Goal {
    /// Sends a request, and goes on as long as nothing holds it up.
    #[default]
    Send,
    /// Makes a TCP connection, and goes on in the same way.
    Connect,
    /// Makes the next callback.
    Next,
    /// Makes a tick, and what comes of it.
    Tick,
}

/// A callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callback {
    CreatePlugin,
    StartVm,
    Configure,
    /// A phase of the stream of this id.
    Stream(u32, Phase),
    /// Something is in the queue of this id.
    Queue(u32),
    /// The reply to the callout of this id.
    Reply(u32, Protocol),
    Tick,
}

/// How far a call is.
#[derive(Debug, Default)]
pub(super) struct Drive {
    /// The exports of the plugin: it need not have all callbacks.
    pub exports: BTreeSet<String>,
    pub goal: Goal,
    /// What makes the plugin ready, as far as it has not been called.
    pub setup: VecDeque<Callback>,
    /// Whether that has begun, and whether it is over: the plugin is ready.
    pub has_begun: bool,
    pub is_ready: bool,
    /// Whether the VM has started; and what it and the plugin were configured with.
    is_vm_ready: bool,
    configured: [Vec<u8>; 2],
    current: Option<(Callback, GuestCall)>,
    /// Callbacks that have been made of what the goal is.
    made: u32,
    /// The callbacks and what they answered, for whoever looks at them.
    pub rows: Vec<[String; 2]>,
    /// The latest stream that is over.
    pub last: Option<Stream>,
    /// The streams that were held up when it began.
    held: Vec<u32>,
    newest: u32,
    pub failed: Option<String>,
}

impl Drive {
    /// A call begins. If the one before was ended in the middle, by a trap as a rule, the stream that it was in is no more.
    ///
    /// # Errors
    /// When the plugin was not made ready, and cannot be any more.
    pub fn begin(&mut self, goal: Goal, state: &mut State) -> Result<(), String> {
        if let Some((Callback::Stream(id, _), _)) = self.current {
            state.end(id);
        }
        // One whose context has not been made is none to the plugin.
        state.streams.retain(|stream| stream.phase != Phase::Create);
        let held = state.streams.iter().filter(|stream| stream.waits());
        self.held = held.map(|stream| stream.id).collect();
        self.goal = goal;
        self.make_ready(state)?;
        self.current = None;
        self.made = 0;
        self.rows.clear();
        self.last = None;
        self.failed = None;
        Ok(())
    }

    /// Plans what makes the plugin ready: all of it the first time, and another context of the plugin in its VM when its configuration is
    /// another one, as proxies do it.
    fn make_ready(&mut self, state: &mut State) -> Result<(), String> {
        let [vm, plugin] = &self.configured;
        // Where nothing is filled in it is what it was.
        if self.is_vm_ready && state.vm_configuration.is_empty() {
            state.vm_configuration.clone_from(vm);
        }
        if self.is_ready && state.plugin_configuration.is_empty() {
            state.plugin_configuration.clone_from(plugin);
        }
        let is_same = *plugin == state.plugin_configuration;
        if !self.has_begun {
            let setup = [
                Callback::CreatePlugin,
                Callback::StartVm,
                Callback::Configure,
            ];
            self.setup = setup.into_iter().collect();
        } else if !self.is_vm_ready {
            return Err(
                "the VM has not started, and cannot any more: Restart gives a fresh instance"
                    .to_owned(),
            );
        } else if *vm != state.vm_configuration {
            return Err(
                "VM: it has started with another configuration: Restart gives a fresh instance"
                    .to_owned(),
            );
        } else if !is_same {
            self.newest = self.newest.max(PLUGIN).wrapping_add(1);
            state.plugin = self.newest;
            state.forget_callouts();
            self.is_ready = false;
            self.setup = [Callback::CreatePlugin, Callback::Configure].into();
        } else if !self.is_ready {
            return Err(
                "the plugin was not made ready with this configuration: change it, or Restart"
                    .to_owned(),
            );
        }
        self.configured = [
            state.vm_configuration.clone(),
            state.plugin_configuration.clone(),
        ];
        Ok(())
    }

    /// One more stream, which comes of what was filled in.
    pub fn open(&mut self, request: Half, response: Half, state: &mut State) {
        self.newest = self.newest.max(PLUGIN).wrapping_add(1);
        state.streams.push_back(Stream {
            id: self.newest,
            is_tcp: self.goal == Goal::Connect,
            request,
            response,
            ..Stream::default()
        });
    }

    /// What is to be done next, now that this has come.
    pub fn next(&mut self, came: Came, state: &mut State) -> Next {
        match came {
            Came::Begun | Came::Http(_) => {}
            Came::Returned(results) => {
                if let Some((callback, call)) = self.current.take() {
                    let result = results.first().map(|bits| crate::hosts::table::low(*bits));
                    self.took(callback, &call, result, state);
                }
            }
            Came::Exited(code) => {
                let call = self.current.take();
                let name = call.map_or(String::new(), |(_, call)| call.export);
                self.failed = Some(format!(
                    "{name} exited with code {code} instead of returning"
                ));
            }
        }
        while self.failed.is_none() {
            let Some(callback) = self.choose(state) else {
                break;
            };
            let call = begin(callback, state);
            if self.exports.contains(&call.export) {
                self.current = Some((callback, call.clone()));
                return Next::Call(call);
            }
            self.took(callback, &call, None, state);
        }
        Next::Done
    }

    /// The callback that is next; `None`: the call is over.
    fn choose(&mut self, state: &mut State) -> Option<Callback> {
        self.has_begun = true;
        if let Some(callback) = self.setup.pop_front() {
            return Some(callback);
        }
        self.is_ready = true;
        match (self.goal, self.made) {
            (Goal::Tick, 0) => return Some(Callback::Tick),
            (Goal::Next, 1..) => return None,
            _ => {}
        }
        if let Some(queue) = state.shared.ready.pop_front() {
            return Some(Callback::Queue(queue));
        }
        if let Some((id, callout, reply)) = state.callouts.replied() {
            state.held.drop(callout.size());
            state.reply = Some(reply);
            return Some(Callback::Reply(id, callout.protocol));
        }
        let mut streams = state.streams.iter();
        // A tick lets those go on that were held up; others are where somebody has left them.
        let stream = streams.find(|stream| {
            !stream.waits() && (self.goal != Goal::Tick || self.held.contains(&stream.id))
        })?;
        Some(Callback::Stream(stream.id, stream.phase))
    }

    /// A callback has returned this; `None`: nothing, or the plugin has none.
    fn took(
        &mut self,
        callback: Callback,
        call: &GuestCall,
        result: Option<u32>,
        state: &mut State,
    ) {
        if self.exports.contains(&call.export) {
            self.note(callback, call, result);
        }
        match callback {
            Callback::CreatePlugin => return,
            Callback::StartVm | Callback::Configure => {
                self.is_vm_ready |= callback == Callback::StartVm && result != Some(0);
                if result == Some(0) {
                    self.failed = Some(format!(
                        "{} returned false: a proxy does not use a plugin that refuses its configuration",
                        call.export
                    ));
                    self.setup.clear();
                }
                return;
            }
            // A context is made with what it is for.
            Callback::Stream(_, Phase::Create) => {}
            _ => self.made += 1,
        }
        match callback {
            Callback::Stream(id, Phase::Delete) => {
                let last = self.last.take().filter(|last| last.id > id);
                self.last = last.or(state.end(id));
            }
            Callback::Stream(id, phase) => {
                let mut streams = state.streams.iter_mut();
                let stream = streams.find(|stream| stream.id == id);
                // One that has been answered or closed meanwhile is somewhere else already.
                if let Some(stream) = stream.filter(|stream| stream.phase == phase) {
                    answered(stream, result);
                    stream.advance();
                }
            }
            Callback::Reply(..) => state.reply = None,
            _ => {}
        }
    }

    fn note(&mut self, callback: Callback, call: &GuestCall, result: Option<u32>) {
        if self.rows.len() >= SHOWN {
            return;
        }
        let args: Vec<String> = call.args.iter().map(ToString::to_string).collect();
        let result = match (callback, result) {
            (_, None) => String::new(),
            (Callback::StartVm | Callback::Configure, Some(result))
            | (Callback::Stream(_, Phase::Done), Some(result)) => (result != 0).to_string(),
            (_, Some(0)) => "continue".to_owned(),
            (_, Some(1)) => "pause".to_owned(),
            (_, Some(result)) => format!("pause ({result})"),
        };
        let call = format!("{}({})", call.export, args.join(", "));
        self.rows.push([call, result]);
    }
}

/// A phase of a stream has returned this.
fn answered(stream: &mut Stream, result: Option<u32>) {
    let action = result.unwrap_or_default();
    match stream.phase {
        Phase::RequestHeaders => stream.request.answered(action, true),
        Phase::RequestBody => stream.request.answered(action, false),
        Phase::RequestTrailers => stream.request.answered(action.min(1), false),
        Phase::ResponseHeaders => stream.response.answered(action, true),
        Phase::ResponseBody => stream.response.answered(action, false),
        Phase::ResponseTrailers => stream.response.answered(action.min(1), false),
        // Nothing comes until a connection that is held up when it is new goes on.
        Phase::NewConnection => {
            stream.request.answered(action.min(1), false);
            stream.request.is_held = action != 0;
        }
        Phase::DownstreamData => stream.request.answered(action.min(1), false),
        Phase::UpstreamData => stream.response.answered(action.min(1), false),
        Phase::Done => stream.is_in_use = result == Some(0),
        _ => {}
    }
}

/// A callback begins: what is called for it.
fn begin(callback: Callback, state: &mut State) -> GuestCall {
    state.effective = match callback {
        Callback::Stream(id, _) => id,
        _ => state.plugin,
    };
    let plugin = u64::from(state.plugin);
    let count = |number: usize| number as u64;
    let (name, args) = match callback {
        Callback::CreatePlugin => ("proxy_on_context_create", vec![plugin, 0]),
        Callback::StartVm => {
            let size = count(state.vm_configuration.len());
            ("proxy_on_vm_start", vec![plugin, size])
        }
        Callback::Configure => {
            let size = count(state.plugin_configuration.len());
            ("proxy_on_configure", vec![plugin, size])
        }
        Callback::Queue(id) => ("proxy_on_queue_ready", vec![plugin, id.into()]),
        Callback::Tick => ("proxy_on_tick", vec![plugin]),
        Callback::Reply(id, protocol) => {
            let reply = state.reply.as_ref();
            let of = |size: fn(&Reply) -> usize| count(reply.map_or(0, size));
            if protocol == Protocol::Redis {
                let size = of(|reply| reply.body.len());
                let args = vec![plugin, id.into(), (size == 0).into(), size];
                return GuestCall::new("proxy_on_redis_call_response", &args);
            }
            let sizes = [
                of(|reply| reply.headers.len()),
                of(|reply| reply.body.len()),
                of(|reply| reply.trailers.len()),
            ];
            let [headers, body, trailers] = sizes;
            let args = vec![plugin, id.into(), headers, body, trailers];
            ("proxy_on_http_call_response", args)
        }
        Callback::Stream(id, Phase::Create) => ("proxy_on_context_create", vec![id.into(), plugin]),
        Callback::Stream(id, phase) => match state.stream_mut() {
            Some(stream) => begin_phase(stream, phase),
            None => ("", vec![id.into()]),
        },
    };
    GuestCall::new(name, &args)
}

fn begin_phase(stream: &mut Stream, phase: Phase) -> (&'static str, Vec<u64>) {
    let id = u64::from(stream.id);
    let count = |number: usize| number as u64;
    let headers = |half: &Half| {
        let ends = half.coming.is_empty() && half.trailers.is_empty();
        vec![id, count(half.headers.len()), ends.into()]
    };
    let body = |half: &mut Half| {
        let ends = half.arrive();
        vec![id, count(half.buffer.len()), ends.into()]
    };
    let trailers = |half: &Half| vec![id, count(half.trailers.len())];
    match phase {
        Phase::RequestHeaders => ("proxy_on_request_headers", headers(&stream.request)),
        Phase::RequestBody => ("proxy_on_request_body", body(&mut stream.request)),
        Phase::RequestTrailers => ("proxy_on_request_trailers", trailers(&stream.request)),
        Phase::ResponseHeaders => {
            stream.respond();
            ("proxy_on_response_headers", headers(&stream.response))
        }
        Phase::ResponseBody => ("proxy_on_response_body", body(&mut stream.response)),
        Phase::ResponseTrailers => ("proxy_on_response_trailers", trailers(&stream.response)),
        Phase::NewConnection => ("proxy_on_new_connection", vec![id]),
        Phase::DownstreamData => ("proxy_on_downstream_data", body(&mut stream.request)),
        Phase::UpstreamData => {
            stream.has_response = true;
            ("proxy_on_upstream_data", body(&mut stream.response))
        }
        // The client closes it.
        Phase::DownstreamClose => ("proxy_on_downstream_connection_close", vec![id, REMOTE]),
        Phase::UpstreamClose => ("proxy_on_upstream_connection_close", vec![id, LOCAL]),
        Phase::Done => ("proxy_on_done", vec![id]),
        Phase::Log => ("proxy_on_log", vec![id]),
        Phase::Create | Phase::Delete | Phase::Over => ("proxy_on_delete", vec![id]),
    }
}
