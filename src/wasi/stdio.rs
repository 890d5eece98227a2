//! What goes in by stdin and comes out by stdout and stderr.

use std::collections::VecDeque;
use std::rc::Rc;

use super::{Interrupt, Limit};

/// Where stdin comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stdin {
    /// Nowhere: the end of file at once.
    #[default]
    Empty,
    /// These bytes, then the end of file. They may be many, and there for other instances as well.
    Bytes(Rc<[u8]>),
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

/// What is to be read from stdin.
#[derive(Debug)]
pub(super) struct Input {
    /// What there was from the beginning, and how much of it has been read.
    given: Rc<[u8]>,
    read: usize,
    /// What has been fed since, and not been read yet.
    fed: VecDeque<u8>,
    ended: bool,
    interactive: bool,
}

impl Input {
    pub fn new(stdin: Stdin) -> Input {
        let interactive = stdin == Stdin::Interactive;
        let (given, ended) = match stdin {
            Stdin::Empty => (Rc::default(), true),
            Stdin::Bytes(bytes) => (bytes, true),
            Stdin::Interactive => (Rc::default(), false),
        };
        Input {
            given,
            read: 0,
            fed: VecDeque::new(),
            ended,
            interactive,
        }
    }

    pub fn feed(&mut self, bytes: &[u8]) {
        if !self.ended {
            self.fed.extend(bytes);
        }
    }

    pub fn end(&mut self) {
        self.ended = true;
    }

    pub fn reopen(&mut self) {
        self.ended &= !self.interactive;
    }

    /// How many bytes can be read now.
    pub fn available(&self) -> usize {
        self.unread().len() + self.fed.len()
    }

    /// Whether a read would return at once: with bytes, or with the end of file.
    pub fn is_ready(&self) -> bool {
        self.ended || self.available() > 0
    }

    /// Takes as many bytes as there are, and as fit.
    pub fn read(&mut self, buffer: &mut [u8]) -> usize {
        let unread = self.unread();
        let count = buffer.len().min(unread.len());
        for (place, byte) in buffer.iter_mut().zip(unread) {
            *place = *byte;
        }
        self.read += count;
        let rest = buffer.get_mut(count..).unwrap_or_default();
        let more = rest.len().min(self.fed.len());
        for (place, byte) in rest.iter_mut().zip(self.fed.drain(..more)) {
            *place = byte;
        }
        count + more
    }

    fn unread(&self) -> &[u8] {
        self.given.get(self.read..).unwrap_or_default()
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
