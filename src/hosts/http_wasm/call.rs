//! What each function of `http_handler` does.
//!
//! Whatever is given to the guest goes into a buffer of its own in two phases: a function says how many bytes there are, and
//! writes them only if they fit. A guest that is told of more than it has room for makes room, and calls again.

use super::exchange::{Body, Phase};
use super::functions::Function;
use super::state::{Kind, State};
use crate::hosts::fields::{FIELDS, text};
use crate::hosts::guest::{self, Args, length};
use crate::hosts::held::{EACH, Failure, trap};
use crate::linear::LinearMut;

/// To buffer the request, so that the next handler gets what the guest has read.
pub(super) const BUFFER_REQUEST: u32 = 1;
/// To buffer the response, so that the guest can change it after the next handler.
pub(super) const BUFFER_RESPONSE: u32 = 2;

/// What a function gives back, as bits; `None`: nothing.
pub(super) type Answer = Result<Option<u64>, Failure>;

/// Calls a function.
pub(super) fn call(
    state: &mut State,
    function: Function,
    mut args: Args<'_>,
    memory: &mut LinearMut<'_>,
) -> Answer {
    match function {
        Function::EnableFeatures => return Ok(Some(state.enable(args.u32()).into())),
        Function::LogEnabled => return Ok(Some(state.logs(args.u32()).into())),
        Function::Log => return log(state, args, memory),
        Function::GetConfig => return buffer(&state.config, args, memory),
        _ if state.phase == Phase::None => {
            return trap("there is no request: call it in handle_request and handle_response only");
        }
        _ => {}
    }
    match function {
        Function::GetMethod => buffer(state.request.method.as_bytes(), args, memory),
        Function::GetUri => buffer(state.request.uri.as_bytes(), args, memory),
        Function::GetProtocolVersion => match state.request.version.as_bytes() {
            [] => trap("the request has no protocol version: fill one in"),
            version => buffer(version, args, memory),
        },
        Function::GetSourceAddr => buffer(state.request.source.as_bytes(), args, memory),
        Function::SetMethod => set_method(state, args, memory),
        Function::SetUri => set_uri(state, args, memory),
        Function::GetHeaderNames => {
            let fields = state.fields(Kind::of_fields(args.u32())?);
            let names = fields.names().into_iter().map(str::as_bytes);
            list(names, args, memory)
        }
        Function::GetHeaderValues => {
            let kind = Kind::of_fields(args.u32())?;
            let name = name(&mut args, memory)?;
            list(state.fields(kind).values(&name), args, memory)
        }
        Function::SetHeaderValue | Function::AddHeaderValue => {
            let verb = match function {
                Function::SetHeaderValue => "set",
                _ => "add",
            };
            put_field(state, verb, args, memory)
        }
        Function::RemoveHeader => {
            let kind = Kind::of_fields(args.u32())?;
            let name = name(&mut args, memory)?;
            state.may_change("remove", kind)?;
            let old = state.fields(kind).cost();
            state.fields_mut(kind).remove(&name);
            let freed = old - state.fields(kind).cost();
            state.held.release(freed);
            Ok(None)
        }
        Function::ReadBody => read_body(state, args, memory),
        Function::WriteBody => write_body(state, args, memory),
        Function::GetStatusCode => Ok(Some(state.response.status().into())),
        Function::SetStatusCode => {
            state.may_change("set", Kind::Status)?;
            state.response.status = args.u32();
            Ok(None)
        }
        // Answered above.
        Function::EnableFeatures | Function::LogEnabled | Function::Log | Function::GetConfig => {
            Ok(None)
        }
    }
}

/// `get_…(buf, limit) → length`: what is there, if it is at most as long as the limit.
fn buffer(bytes: &[u8], mut args: Args<'_>, memory: &mut LinearMut<'_>) -> Answer {
    let (buf, limit) = args.span();
    let length = length(bytes.len());
    if length <= limit {
        guest::write(memory, buf, bytes)?;
    }
    Ok(Some(length.into()))
}

/// `get_header_…(…, buf, limit) → count << 32 | length`: strings, each ended by a NUL, if they are at most as long as the limit.
///
/// For the names `a` and `bc`, with `buf` = 1:
///
/// ```text
///           count = 2, length = 5
///      +-----------------------+
///  [?, 'a', 0, 'b', 'c', 0, ?]
///      ^-- buf
/// ```
fn list<'s>(
    strings: impl Iterator<Item = &'s [u8]>,
    mut args: Args<'_>,
    memory: &mut LinearMut<'_>,
) -> Answer {
    let (buf, limit) = args.span();
    let mut count = 0_u64;
    let mut bytes = Vec::new();
    for string in strings {
        count += 1;
        bytes.extend(string);
        bytes.push(0);
    }
    let length = length(bytes.len());
    if length <= limit {
        guest::write(memory, buf, &bytes)?;
    }
    Ok(Some(count << 32 | u64::from(length)))
}

/// A string of the guest's.
fn string(span: (u32, u32), memory: &LinearMut<'_>) -> Result<String, Failure> {
    let bytes = guest::read(memory, span)?;
    Ok(text(&bytes).into_owned())
}

/// The name of a header.
fn name(args: &mut Args<'_>, memory: &LinearMut<'_>) -> Result<String, Failure> {
    let name = string(args.span(), memory)?;
    if name.is_empty() {
        return trap("the name of a header is empty: a header has a name");
    }
    Ok(name)
}

fn log(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Answer {
    let level = args.u32();
    let span = args.span();
    if state.logs(level) {
        let message = string(span, memory)?;
        state.log(level, &message);
    }
    Ok(None)
}

fn set_method(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Answer {
    state.may_change("set", Kind::Method)?;
    let span = args.span();
    if span.1 == 0 {
        return trap("the method is empty: a request has a method");
    }
    state.keep(span.1.into())?;
    let old = std::mem::replace(&mut state.request.method, string(span, memory)?);
    state.held.drop(old.len());
    Ok(None)
}

fn set_uri(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Answer {
    state.may_change("set", Kind::Uri)?;
    let span = args.span();
    state.keep(span.1.into())?;
    let uri = string(span, memory)?;
    let uri = if uri.is_empty() { "/".to_owned() } else { uri };
    let old = std::mem::replace(&mut state.request.uri, uri);
    state.held.drop(old.len());
    Ok(None)
}

fn put_field(state: &mut State, verb: &str, mut args: Args<'_>, memory: &LinearMut<'_>) -> Answer {
    let kind = Kind::of_fields(args.u32())?;
    state.may_change(verb, kind)?;
    let name = name(&mut args, memory)?;
    let value = args.span();
    let size = name.len() as u64 + u64::from(value.1);
    state.keep(size)?;
    let value = guest::read(memory, value)?;
    let old = state.fields(kind).cost();
    if verb == "set" {
        state.fields_mut(kind).set(&name, value);
    } else if state.fields(kind).len() < FIELDS {
        state.fields_mut(kind).add(&name, value);
    } else {
        return trap(format!(
            "there are {FIELDS} headers already, and may be no more"
        ));
    }
    let freed = (old + size + EACH).saturating_sub(state.fields(kind).cost());
    state.held.release(freed);
    Ok(None)
}

/// `read_body(kind, buf, limit) → eof << 32 | length`: the next bytes of a body.
fn read_body(state: &mut State, mut args: Args<'_>, memory: &mut LinearMut<'_>) -> Answer {
    let kind = Kind::of_body(args.u32())?;
    let (buf, limit) = args.span();
    state.may_read(kind)?;
    if limit == 0 {
        return trap("the limit is 0, so that nothing can be read: give room for a byte");
    }
    if memory.view().range(buf.into(), limit.into()).is_none() {
        // All of the room has to be there, however little is read.
        guest::read(memory, (buf, limit))?;
    }
    let (read, ends) = state.body_mut(kind).read(limit);
    guest::write(memory, buf, read)?;
    Ok(Some(u64::from(ends) << 32 | u64::from(length(read.len()))))
}

fn write_body(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Answer {
    let kind = Kind::of_body(args.u32())?;
    let span = args.span();
    state.may_change("write", kind)?;
    state.keep(span.1.into())?;
    let bytes = guest::read(memory, span)?;
    Body::write(state.body_mut(kind), &bytes);
    Ok(None)
}
