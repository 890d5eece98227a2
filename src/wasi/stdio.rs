//! What goes in by stdin and comes out by stdout and stderr.

use std::collections::VecDeque;

use super::{Interrupt, Limit};

/// Where stdin comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stdin {
    /// Nowhere: the end of file at once.
    #[default]
    Empty,
    /// These bytes, then the end of file.
    Bytes(Vec<u8>),
    /// Whoever feeds it while the guest runs: a read waits until there is something.
    Interactive,
}

/// An output stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Descriptor 1.
    Stdout,
    /// Descriptor 2.
    Stderr,
}

/// Bytes that came out of one stream without any from the other between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Where they came out.
    pub stream: Stream,
    /// The bytes, which need not be text.
    pub bytes: Vec<u8>,
}

/// What has been fed to stdin and not been read yet.
#[derive(Debug)]
pub(super) struct Input {
    bytes: VecDeque<u8>,
    ended: bool,
}

impl Input {
    pub fn new(stdin: Stdin) -> Input {
        let (bytes, ended) = match stdin {
            Stdin::Empty => (Vec::new(), true),
            Stdin::Bytes(bytes) => (bytes, true),
            Stdin::Interactive => (Vec::new(), false),
        };
        Input {
            bytes: bytes.into(),
            ended,
        }
    }

    pub fn feed(&mut self, bytes: &[u8]) {
        if !self.ended {
            self.bytes.extend(bytes);
        }
    }

    pub fn end(&mut self) {
        self.ended = true;
    }

    /// How many bytes can be read now.
    pub fn available(&self) -> usize {
        self.bytes.len()
    }

    /// Whether a read would return at once: with bytes, or with the end of file.
    pub fn is_ready(&self) -> bool {
        self.ended || !self.bytes.is_empty()
    }

    /// Takes as many bytes as there are, and as fit.
    pub fn read(&mut self, buffer: &mut [u8]) -> usize {
        let count = buffer.len().min(self.bytes.len());
        for (place, byte) in buffer.iter_mut().zip(self.bytes.drain(..count)) {
            *place = byte;
        }
        count
    }
}

/// What has been written and not been taken yet.
#[derive(Debug)]
pub(super) struct Outputs {
    chunks: Vec<Output>,
    pending: usize,
    limit: u64,
    left: u64,
}

impl Outputs {
    pub fn new(limit: u64) -> Outputs {
        Outputs {
            chunks: Vec::new(),
            pending: 0,
            limit,
            left: limit,
        }
    }

    pub fn pending(&self) -> usize {
        self.pending
    }

    pub fn take(&mut self) -> Vec<Output> {
        self.pending = 0;
        std::mem::take(&mut self.chunks)
    }

    /// Starts to count anew.
    pub fn renew_limit(&mut self) {
        self.left = self.limit;
    }

    /// # Errors
    /// The [`Limit`], after as much of `bytes` as was within it.
    pub fn write(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), Interrupt> {
        let fits = usize::try_from(self.left).unwrap_or(usize::MAX);
        let kept = bytes.get(..fits).unwrap_or(bytes);
        if !kept.is_empty() {
            match self.chunks.last_mut() {
                Some(chunk) if chunk.stream == stream => chunk.bytes.extend_from_slice(kept),
                _ => self.chunks.push(Output {
                    stream,
                    bytes: kept.to_vec(),
                }),
            }
            self.pending += kept.len();
            self.left -= kept.len() as u64;
        }
        if kept.len() < bytes.len() {
            return Err(Interrupt::Limit(Limit::Output { bytes: self.limit }));
        }
        Ok(())
    }
}
