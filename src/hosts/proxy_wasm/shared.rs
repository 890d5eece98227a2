//! What plugins share: data, queues, metrics.

use super::status::Status;
use std::collections::{BTreeMap, VecDeque};

/// The most queues, the most metrics, and the most items that a plugin is still to be told of.
const MOST: usize = 10_000;

/// The types of metrics, by their numbers.
pub(super) const METRICS: &[&str] = &["counter", "gauge", "histogram"];

/// A number of something that a plugin can ask for; ids begin with 1.
fn place(id: u32) -> usize {
    usize::try_from(id).unwrap_or_default().wrapping_sub(1)
}

fn id(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Metric {
    /// A place in [`METRICS`].
    pub kind: u32,
    pub name: String,
    pub value: u64,
}

/// A queue.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    pub name: String,
    pub items: VecDeque<Vec<u8>>,
}

/// What there is. It lasts as long as the instance.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Values, each with a number that another value never has.
    pub data: BTreeMap<Vec<u8>, (Vec<u8>, u32)>,
    newest: u32,
    pub queues: Vec<Queue>,
    /// The queues whose plugin is to be told, by id.
    pub ready: VecDeque<u32>,
    pub metrics: Vec<Metric>,
}

impl Shared {
    /// Sets a value; its number must be `cas`, unless that is 0 or there is none. The value that was there.
    pub fn set(&mut self, key: Vec<u8>, value: Vec<u8>, cas: u32) -> Result<Option<usize>, Status> {
        let old = self.data.get(&key);
        if old.is_some_and(|(_, number)| cas != 0 && cas != *number) {
            return Err(Status::CasMismatch);
        }
        self.newest = self.newest.wrapping_add(1).max(1);
        let old = self.data.insert(key, (value, self.newest));
        Ok(old.map(|(value, _)| value.len()))
    }

    /// The id of the queue of this name, if there is one.
    pub fn queue_of(&self, name: &str) -> Option<u32> {
        let place = self.queues.iter().position(|queue| queue.name == name)?;
        Some(id(place + 1))
    }

    /// A new queue's id.
    pub fn add_queue(&mut self, name: String) -> Result<u32, Status> {
        if self.queues.len() >= MOST {
            return Err(Status::InternalFailure);
        }
        self.queues.push(Queue {
            name,
            ..Queue::default()
        });
        Ok(id(self.queues.len()))
    }

    /// The queue of this id.
    pub fn queue(&mut self, id: u32) -> Result<&mut Queue, Status> {
        self.queues.get_mut(place(id)).ok_or(Status::NotFound)
    }

    /// One more item in a queue, whose plugin is to be told.
    pub fn enqueue(&mut self, id: u32, item: Vec<u8>) -> Result<(), Status> {
        self.queue(id)?.items.push_back(item);
        if self.ready.len() < MOST {
            self.ready.push_back(id);
        }
        Ok(())
    }

    /// The id of the metric of this type and name, if there is one.
    pub fn metric_of(&self, kind: u32, name: &str) -> Option<u32> {
        let mut metrics = self.metrics.iter();
        let place = metrics.position(|metric| metric.kind == kind && metric.name == name)?;
        Some(id(place + 1))
    }

    /// A new metric's id.
    pub fn add_metric(&mut self, kind: u32, name: String) -> Result<u32, Status> {
        if self.metrics.len() >= MOST {
            return Err(Status::InternalFailure);
        }
        self.metrics.push(Metric {
            kind,
            name,
            value: 0,
        });
        Ok(id(self.metrics.len()))
    }

    /// The metric of this id.
    pub fn metric(&mut self, id: u32) -> Result<&mut Metric, Status> {
        self.metrics.get_mut(place(id)).ok_or(Status::NotFound)
    }
}

impl Metric {
    /// Changes it by so many. A counter only rises.
    pub fn increment(&mut self, by: i64) -> Result<(), Status> {
        if self.kind != 1 && by < 0 {
            return Err(Status::BadArgument);
        }
        self.value = self.value.wrapping_add_signed(by);
        Ok(())
    }
}
