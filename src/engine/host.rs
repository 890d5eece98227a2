//! What the host keeps for an instance, and how its functions leave the guest.

use super::answer::Sockets;
use super::hosted::Hosted;
use super::record::{Entry, Recorder};
use super::timing::Timing;
use crate::amount::size;
use crate::go::{Abi, Signature};
use crate::protocol::{Answer, Stream};
use crate::wasi;
use std::cell::RefCell;
use std::rc::Rc;

/// A guest that has this much unread output ends its slice, in bytes.
const FLOOD: usize = 128 << 10;

/// What the host keeps for an instance.
pub(super) struct Host {
    pub(super) wasi: wasi::Context,
    pub(super) sockets: Sockets,
    /// The host of the framework that the guest is written for.
    pub(super) hosted: Option<Hosted>,
    /// Where host calls are recorded; `None`: nowhere.
    pub(super) recorder: Option<Recorder>,
    /// Where the time of host calls is kept; `None`: nowhere.
    pub(super) timing: Option<Box<Timing>>,
    printed: Vec<(Stream, Vec<u8>)>,
    /// How many bytes `printed` has: it is asked at each call, and may have an entry for each.
    unread: usize,
    printed_bytes: u64,
    output_limit: u64,
}

/// The host, for the instance and for the functions that its guest calls.
pub(super) type Shared = Rc<RefCell<Host>>;

impl Host {
    pub(super) fn new(wasi: wasi::Context, sockets: Sockets, output_limit: u64) -> Self {
        Self {
            wasi,
            sockets,
            hosted: None,
            recorder: None,
            timing: None,
            printed: Vec::new(),
            unread: 0,
            printed_bytes: 0,
            output_limit,
        }
    }

    /// How the import at place `index` is answered.
    pub(super) fn answer(&self, index: usize) -> &Answer {
        let answer = self
            .sockets
            .get(index)
            .and_then(|socket| socket.answer.as_ref());
        answer.unwrap_or(&Answer::Nothing)
    }

    /// Whether the import at place `index` is answered by nothing.
    pub(super) fn has_no_answer(&self, index: usize) -> bool {
        matches!(self.answer(index), Answer::Nothing)
    }

    /// The signature of the import at place `index`, and how its pointees lie in memory.
    pub(super) fn signature(&self, index: usize) -> (Option<&Signature>, Abi) {
        let signature = self
            .sockets
            .get(index)
            .and_then(|socket| socket.signature.as_ref());
        (signature, self.sockets.abi())
    }

    /// Output so far, in order; it is taken out.
    pub(super) fn take_output(&mut self) -> Vec<(Stream, Vec<u8>)> {
        self.collect_output();
        self.unread = 0;
        std::mem::take(&mut self.printed)
    }

    /// Prints on behalf of an import.
    pub(super) fn print(&mut self, bytes: &[u8]) -> Result<(), Interrupt> {
        self.collect_output();
        self.printed_bytes += bytes.len() as u64;
        if self.printed_bytes > self.output_limit {
            return Err(Interrupt::Limit(output_limit_reached(self.output_limit)));
        }
        self.push(Stream::Host, bytes.to_vec());
        Ok(())
    }

    /// Puts what WASI has written behind what was printed before it.
    fn collect_output(&mut self) {
        for output in self.wasi.take_output() {
            if let Some(hosted) = &mut self.hosted {
                hosted.host.printed(output.stream, &output.bytes);
            }
            let stream = match output.stream {
                wasi::Stream::Stdout => Stream::Stdout,
                wasi::Stream::Stderr => Stream::Stderr,
            };
            self.push(stream, output.bytes);
        }
    }

    fn push(&mut self, stream: Stream, bytes: Vec<u8>) {
        self.unread += bytes.len();
        match self.printed.last_mut() {
            Some((last, written)) if *last == stream => written.extend(bytes),
            _ => self.printed.push((stream, bytes)),
        }
    }

    /// Whether so much output is unread that the slice ends, so that the page gets it while the guest runs.
    pub(super) fn is_flooded(&self) -> bool {
        self.unread.saturating_add(self.wasi.pending_output()) >= FLOOD
    }
}

/// The message for a guest that prints too much.
pub(super) fn output_limit_reached(limit: u64) -> String {
    let limit = size(limit);
    format!("the output limit of {limit} is reached (Settings, output)")
}

/// How a host function leaves the guest other than by returning.
#[derive(Debug, thiserror::Error)]
pub(super) enum Interrupt {
    #[error("exit code {0}")]
    Exit(u32),
    #[error("the guest waits")]
    Wait {
        function: wasi::Function,
        args: Vec<u64>,
        wait: wasi::Wait,
        entry: Option<Entry>,
    },
    #[error("the guest waits for what answers an import")]
    Host {
        import: usize,
        args: Vec<u64>,
        entry: Option<Entry>,
    },
    #[error("the guest has stopped at a line")]
    Stop,
    #[error("the guest has stopped before it calls an import")]
    Before {
        /// Its place.
        import: usize,
        /// The arguments, as bits.
        args: Vec<u64>,
    },
    #[error("{0}")]
    Limit(String),
    #[error("{0}")]
    Trap(String),
}
