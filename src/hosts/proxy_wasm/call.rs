//! What each function of `env` does: streams, their headers and bodies, properties. What plugins share is [`share`](super::share).

use super::callouts::{Callout, Protocol};
use super::foreign;
use super::functions::Function;
use super::maps;
use super::share;
use super::state::State;
use super::status::{Answer, Give, Status, Stop};
use crate::hosts::fields::{FIELDS, Fields, text};
use crate::hosts::guest::{self, Args, length};
use crate::hosts::held::EACH;
use crate::linear::LinearMut;

/// What a function comes to.
pub(super) type Outcome = Result<Answer, Stop>;

/// Calls a function; `now` is the time of day in nanoseconds.
pub(super) fn call(
    state: &mut State,
    function: Function,
    args: Args<'_>,
    memory: &mut LinearMut<'_>,
    now: u64,
) -> Outcome {
    match function {
        Function::Log => log(state, args, memory),
        Function::GetLogLevel => put(memory, args, length(state.level)),
        Function::GetTime => put_long(memory, args, now),
        Function::GetBuffer => get_buffer(state, args),
        Function::GetBufferStatus => get_buffer_status(state, args, memory),
        Function::SetBuffer => set_buffer(state, args, memory),
        Function::GetMapPairs => get_map(state, args),
        Function::GetMapSize => get_map_size(state, args, memory),
        Function::SetMapPairs => set_map(state, args, memory),
        Function::GetMapValue => get_value(state, args, memory),
        Function::AddMapValue | Function::ReplaceMapValue => {
            put_value(state, function == Function::AddMapValue, args, memory)
        }
        Function::RemoveMapValue => remove_value(state, args, memory),
        Function::SendLocalResponse => send_local_response(state, args, memory),
        Function::HttpCall => http_call(state, args, memory),
        Function::ContinueStream => continue_stream(state, args),
        Function::CloseStream => close_stream(state, args),
        Function::SetEffectiveContext => set_effective_context(state, args),
        Function::SetTickPeriod => set_tick_period(state, args),
        Function::Done => done(state),
        Function::GetStatus => get_status(state, args, memory),
        Function::GetProperty => get_property(state, args, memory),
        Function::SetProperty => set_property(state, args, memory),
        Function::GetSharedData => share::get_data(state, args, memory),
        Function::SetSharedData => share::set_data(state, args, memory),
        Function::RegisterQueue => share::register_queue(state, args, memory),
        Function::ResolveQueue => share::resolve_queue(state, args, memory),
        Function::Dequeue => share::dequeue(state, args),
        Function::Enqueue => share::enqueue(state, args, memory),
        Function::DefineMetric => share::define_metric(state, args, memory),
        Function::IncrementMetric => share::increment_metric(state, args),
        Function::RecordMetric => share::record_metric(state, args),
        Function::GetMetric => share::get_metric(state, args, memory),
        Function::CallForeign => foreign::call(state, args, memory),
        // Whether there is such an upstream is seen by the first command.
        Function::RedisInit => Ok(Answer::Ok),
        Function::RedisCall => redis_call(state, args, memory),
        Function::GrpcCall
        | Function::GrpcStream
        | Function::GrpcSend
        | Function::GrpcCancel
        | Function::GrpcClose
        | Function::InjectData
        | Function::GetUpstreamHosts
        | Function::SetUpstreamHost => Err(Status::Unimplemented.into()),
    }
}

/// Writes a number where the next argument says.
pub(super) fn put(memory: &mut LinearMut<'_>, mut args: Args<'_>, number: u32) -> Outcome {
    guest::write(memory, args.u32(), &number.to_le_bytes())?;
    Ok(Answer::Ok)
}

/// The same of one of 64 bits.
pub(super) fn put_long(memory: &mut LinearMut<'_>, mut args: Args<'_>, number: u64) -> Outcome {
    guest::write(memory, args.u32(), &number.to_le_bytes())?;
    Ok(Answer::Ok)
}

/// Gives bytes to the guest, by the next two arguments.
pub(super) fn give(bytes: Vec<u8>, mut args: Args<'_>) -> Outcome {
    Ok(Answer::Give(Give {
        bytes,
        to: args.span(),
        ..Give::default()
    }))
}

/// Text of the guest's.
pub(super) fn string(memory: &LinearMut<'_>, args: &mut Args<'_>) -> Result<String, Stop> {
    Ok(text(&guest::read(memory, args.span())?).into_owned())
}

fn log(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let level = usize::try_from(args.u32()).unwrap_or(usize::MAX);
    let name = super::LEVELS.get(level).ok_or(Status::BadArgument)?;
    let line = string(memory, &mut args)?;
    if level >= state.level {
        state.log.add(name, &line);
        state.lines.push(format!("{name}: {line}"));
    }
    Ok(Answer::Ok)
}

fn get_buffer(state: &State, mut args: Args<'_>) -> Outcome {
    let bytes = state.buffer(args.u32())?;
    let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let (start, most) = (place(args.u32()), place(args.u32()));
    let rest = bytes.get(start..).ok_or(Status::BadArgument)?;
    give(rest.get(..most).unwrap_or(rest).to_vec(), args)
}

fn get_buffer_status(state: &State, mut args: Args<'_>, memory: &mut LinearMut<'_>) -> Outcome {
    let size = length(state.buffer(args.u32())?.len());
    let (to, flags) = args.span();
    guest::write(memory, to, &size.to_le_bytes())?;
    guest::write(memory, flags, &[0; 4])?;
    Ok(Answer::Ok)
}

fn set_buffer(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let buffer = args.u32();
    let (start, size) = args.span();
    state.buffer(buffer)?;
    let bytes = guest::read(memory, args.span())?;
    // Configurations and replies are only read.
    let half = state.body_mut(buffer).ok_or(Status::BadArgument)?;
    let removed = half.splice(start, size, &[]);
    state.release(removed as u64);
    state.keep(bytes.len() as u64)?;
    if let Some(half) = state.body_mut(buffer) {
        half.splice(start, 0, &bytes);
    }
    Ok(Answer::Ok)
}

fn get_map(state: &State, mut args: Args<'_>) -> Outcome {
    let fields = state.map(args.u32())?;
    give(maps::encode(fields), args)
}

fn get_map_size(state: &State, mut args: Args<'_>, memory: &mut LinearMut<'_>) -> Outcome {
    let size = maps::encode(state.map(args.u32())?).len();
    put(memory, args, length(size))
}

fn set_map(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let map = args.u32();
    state.map_mut(map)?;
    let bytes = guest::read(memory, args.span())?;
    let fields = maps::decode(&bytes).ok_or(Status::ParseFailure)?;
    let old = state.map(map)?.cost();
    state.release(old);
    state.keep(fields.cost())?;
    *state.map_mut(map)? = fields;
    Ok(Answer::Ok)
}

fn get_value(state: &State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let fields = state.map(args.u32())?;
    let name = string(memory, &mut args)?;
    let values: Vec<&[u8]> = fields.values(&name).collect();
    if values.is_empty() {
        return Err(Status::NotFound.into());
    }
    give(values.join(&b','), args)
}

fn put_value(state: &mut State, adds: bool, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let map = args.u32();
    state.map_mut(map)?;
    let name = string(memory, &mut args)?;
    let value = guest::read(memory, args.span())?;
    if state.map(map)?.len() >= FIELDS {
        return Err(Status::BadArgument.into());
    }
    let size = (name.len() + value.len()) as u64;
    let old = state.map(map)?.cost();
    state.keep(size)?;
    let fields = state.map_mut(map)?;
    match adds {
        true => fields.add(&name, value),
        false => fields.set(&name, value),
    }
    let freed = (old + size + EACH).saturating_sub(fields.cost());
    state.release(freed);
    Ok(Answer::Ok)
}

fn remove_value(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let map = args.u32();
    state.map_mut(map)?;
    let name = string(memory, &mut args)?;
    let old = state.map(map)?.cost();
    let fields = state.map_mut(map)?;
    fields.remove(&name);
    let freed = old.saturating_sub(fields.cost());
    state.release(freed);
    Ok(Answer::Ok)
}

/// `proxy_send_local_response(status, details, body, headers, grpc_status)`: answers the request in place of the upstream.
fn send_local_response(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let status = args.u32();
    guest::read(memory, args.span())?;
    let body = guest::read(memory, args.span())?;
    let more = guest::read(memory, args.span())?;
    let more = maps::decode(&more).ok_or(Status::ParseFailure)?;
    let grpc = args.u32();
    let mut headers: Fields = [(":status", status.to_string())].into_iter().collect();
    for (name, value) in more.iter() {
        headers.add(name, value.to_vec());
    }
    if grpc != u32::MAX && grpc != 0 {
        headers.add("grpc-status", grpc.to_string().into_bytes());
    }
    // As Envoy has it.
    if !body.is_empty() {
        if headers.values("content-type").next().is_none() {
            headers.add("content-type", b"text/plain".to_vec());
        }
        headers.set("content-length", body.len().to_string().into_bytes());
    }
    state.keep(body.len() as u64 + headers.size())?;
    let stream = state.stream_mut().ok_or(Status::BadArgument)?;
    stream.answer(headers, &body)?;
    Ok(Answer::Ok)
}

/// `proxy_http_call(upstream, headers, body, trailers, timeout, → id)`: a request of the plugin's own, to which the reply comes by
/// `proxy_on_http_call_response`.
fn http_call(state: &mut State, mut args: Args<'_>, memory: &mut LinearMut<'_>) -> Outcome {
    let upstream = string(memory, &mut args)?;
    let headers = guest::read(memory, args.span())?;
    let body = guest::read(memory, args.span())?;
    let trailers = guest::read(memory, args.span())?;
    let headers = maps::decode(&headers).ok_or(Status::ParseFailure)?;
    maps::decode(&trailers).ok_or(Status::ParseFailure)?;
    // What was filled in comes at once, and what was asked for has come.
    let _timeout = args.u32();
    // As Envoy has it: it cannot send a request without these.
    let needed = [":method", ":path", ":authority"];
    if let Some(missing) = needed
        .iter()
        .find(|name| headers.values(name).next().is_none())
    {
        state.say(&format!(
            "proxy_http_call: the request to {upstream} has no {missing}: bad argument"
        ));
        return Err(Status::BadArgument.into());
    }
    let callout = Callout {
        protocol: Protocol::Http,
        upstream,
        headers,
        body,
        reply: state.callouts.fetched.take(),
    };
    call_out(state, callout, args, memory)
}

/// `proxy_redis_call(upstream, command, → id)`: a command of Redis's, whose reply comes by `proxy_on_redis_call_response`.
fn redis_call(state: &mut State, mut args: Args<'_>, memory: &mut LinearMut<'_>) -> Outcome {
    let callout = Callout {
        protocol: Protocol::Redis,
        upstream: string(memory, &mut args)?,
        headers: Fields::default(),
        body: guest::read(memory, args.span())?,
        reply: None,
    };
    call_out(state, callout, args, memory)
}

fn call_out(
    state: &mut State,
    callout: Callout,
    args: Args<'_>,
    memory: &mut LinearMut<'_>,
) -> Outcome {
    let size = callout.size();
    state.held.keep(size as u64)?;
    match state.dispatch(callout) {
        Some(id) => put(memory, args, id),
        None => {
            state.held.drop(size);
            Err(Status::BadArgument.into())
        }
    }
}

fn continue_stream(state: &mut State, mut args: Args<'_>) -> Outcome {
    let which = args.u32();
    let stream = state.stream_mut().ok_or(Status::BadArgument)?;
    match (which, stream.is_tcp) {
        (0, false) | (2, true) => stream.request.go_on(),
        (1, false) | (3, true) => stream.response.go_on(),
        (0..=3, _) => return Err(Status::Unimplemented.into()),
        _ => return Err(Status::BadArgument.into()),
    }
    Ok(Answer::Ok)
}

fn close_stream(state: &mut State, mut args: Args<'_>) -> Outcome {
    let which = args.u32();
    let stream = state.stream_mut().ok_or(Status::BadArgument)?;
    match (which, stream.is_tcp) {
        (0 | 1, false) | (2 | 3, true) => stream.close(),
        (0..=3, _) => return Err(Status::Unimplemented.into()),
        _ => return Err(Status::BadArgument.into()),
    }
    Ok(Answer::Ok)
}

fn set_effective_context(state: &mut State, mut args: Args<'_>) -> Outcome {
    let id = args.u32();
    if !state.has_context(id) {
        return Err(Status::BadArgument.into());
    }
    state.effective = id;
    Ok(Answer::Ok)
}

fn set_tick_period(state: &mut State, mut args: Args<'_>) -> Outcome {
    state.tick = args.u32();
    Ok(Answer::Ok)
}

/// `proxy_done()`: the plugin is done with a context, after it has said that it was not.
fn done(state: &mut State) -> Outcome {
    match state.stream_mut() {
        Some(stream) if stream.is_in_use => {
            stream.is_in_use = false;
            Ok(Answer::Ok)
        }
        _ => Err(Status::NotFound.into()),
    }
}

/// `proxy_get_status(→ code, → message)`: of the reply that the plugin is told of.
fn get_status(state: &State, mut args: Args<'_>, memory: &mut LinearMut<'_>) -> Outcome {
    let status = state.reply.as_ref().and_then(|reply| {
        let status = reply.headers.values(":status").next()?;
        text(status).parse::<u32>().ok()
    });
    guest::write(
        memory,
        args.u32(),
        &status.unwrap_or_default().to_le_bytes(),
    )?;
    give(Vec::new(), args)
}

/// The path of a property, its segments joined by dots; they come joined by NULs.
fn path(memory: &LinearMut<'_>, args: &mut Args<'_>) -> Result<String, Stop> {
    let path = string(memory, args)?;
    Ok(path.trim_end_matches('\0').replace('\0', "."))
}

fn get_property(state: &State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let path = path(memory, &mut args)?;
    give(state.property(&path).ok_or(Status::NotFound)?, args)
}

fn set_property(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let path = path(memory, &mut args)?;
    let value = guest::read(memory, args.span())?;
    state.held.keep((path.len() + value.len()) as u64)?;
    let size = path.len();
    if let Some(old) = state.set.insert(path, value) {
        state.held.drop(size + old.len());
    }
    Ok(Answer::Ok)
}
