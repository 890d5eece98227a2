//! What the functions of shared data, queues and metrics do.

use super::call::{Outcome, put, put_long, string};
use super::shared::METRICS;
use super::state::State;
use super::status::{Answer, Give, Status};
use crate::hosts::guest::{self, Args};
use crate::linear::LinearMut;

/// `proxy_get_shared_data(key, → value, → cas)`.
pub(super) fn get_data(state: &State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let key = guest::read(memory, args.span())?;
    let (value, cas) = state.shared.data.get(&key).ok_or(Status::NotFound)?;
    Ok(Answer::Give(Give {
        bytes: value.clone(),
        to: args.span(),
        also: Some((args.u32(), *cas)),
        queue: None,
    }))
}

/// `proxy_set_shared_data(key, value, cas)`: if `cas` is not 0, it must be what the value there has.
pub(super) fn set_data(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let key = guest::read(memory, args.span())?;
    let value = guest::read(memory, args.span())?;
    let cas = args.u32();
    state.held.keep((key.len() + value.len()) as u64)?;
    let size = key.len();
    let sizes = size + value.len();
    match state.shared.set(key, value, cas) {
        Ok(Some(old)) => state.held.drop(size + old),
        Ok(None) => {}
        Err(status) => {
            state.held.drop(sizes);
            return Err(status.into());
        }
    }
    Ok(Answer::Ok)
}

/// `proxy_register_shared_queue(name, → id)`: there may be one of the name.
pub(super) fn register_queue(
    state: &mut State,
    mut args: Args<'_>,
    memory: &mut LinearMut<'_>,
) -> Outcome {
    let name = string(memory, &mut args)?;
    let id = match state.shared.queue_of(&name) {
        Some(id) => id,
        None => {
            state.held.keep(name.len() as u64)?;
            state.shared.add_queue(name)?
        }
    };
    put(memory, args, id)
}

/// `proxy_resolve_shared_queue(vm, name, → id)`: there must be one of the name.
pub(super) fn resolve_queue(
    state: &State,
    mut args: Args<'_>,
    memory: &mut LinearMut<'_>,
) -> Outcome {
    let vm = string(memory, &mut args)?;
    let name = string(memory, &mut args)?;
    let id = state.shared.queue_of(&name);
    let id = id.filter(|_| vm == state.vm_id).ok_or(Status::NotFound)?;
    put(memory, args, id)
}

/// `proxy_dequeue_shared_queue(id, → item)`. The item is taken out when the guest has it.
pub(super) fn dequeue(state: &mut State, mut args: Args<'_>) -> Outcome {
    let id = args.u32();
    let queue = state.shared.queue(id)?;
    let item = queue.items.front().ok_or(Status::Empty)?;
    Ok(Answer::Give(Give {
        bytes: item.clone(),
        to: args.span(),
        also: None,
        queue: Some(id),
    }))
}

/// `proxy_enqueue_shared_queue(id, item)`.
pub(super) fn enqueue(state: &mut State, mut args: Args<'_>, memory: &LinearMut<'_>) -> Outcome {
    let id = args.u32();
    state.shared.queue(id)?;
    let item = guest::read(memory, args.span())?;
    state.held.keep(item.len() as u64)?;
    state.shared.enqueue(id, item)?;
    Ok(Answer::Ok)
}

/// `proxy_define_metric(type, name, → id)`: there may be one of the type and name.
pub(super) fn define_metric(
    state: &mut State,
    mut args: Args<'_>,
    memory: &mut LinearMut<'_>,
) -> Outcome {
    let kind = args.u32();
    if usize::try_from(kind).map_or(true, |kind| kind >= METRICS.len()) {
        return Err(Status::BadArgument.into());
    }
    let name = string(memory, &mut args)?;
    let id = match state.shared.metric_of(kind, &name) {
        Some(id) => id,
        None => {
            state.held.keep(name.len() as u64)?;
            state.shared.add_metric(kind, name)?
        }
    };
    put(memory, args, id)
}

/// `proxy_increment_metric(id, by)`.
pub(super) fn increment_metric(state: &mut State, mut args: Args<'_>) -> Outcome {
    let metric = state.shared.metric(args.u32())?;
    metric.increment(args.u64().cast_signed())?;
    Ok(Answer::Ok)
}

/// `proxy_record_metric(id, value)`.
pub(super) fn record_metric(state: &mut State, mut args: Args<'_>) -> Outcome {
    let metric = state.shared.metric(args.u32())?;
    metric.value = args.u64();
    Ok(Answer::Ok)
}

/// `proxy_get_metric(id, → value)`.
pub(super) fn get_metric(
    state: &mut State,
    mut args: Args<'_>,
    memory: &mut LinearMut<'_>,
) -> Outcome {
    let value = state.shared.metric(args.u32())?.value;
    put_long(memory, args, value)
}

/// The guest has got an item of a queue.
pub(super) fn dequeued(state: &mut State, id: u32) {
    let item = state.shared.queue(id).map(|queue| queue.items.pop_front());
    if let Ok(Some(item)) = item {
        state.held.drop(item.len());
    }
}
