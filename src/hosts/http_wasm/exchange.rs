//! One request and its response, as a plugin sees and changes them.

use crate::hosts::fields::{Fields, message};

/// Where a request is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Phase {
    /// There is none yet: the guest is being made ready.
    #[default]
    None,
    /// In `handle_request`.
    Request,
    /// In `handle_response`: the next handler has answered, or failed.
    Response,
}

/// A body: what it was, how much of that has been read, and what has been written instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    bytes: Vec<u8>,
    /// What is read goes on from there, in `bytes`.
    cursor: usize,
    written: Option<Vec<u8>>,
}

impl Body {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            ..Self::default()
        }
    }

    /// The next bytes of it, at most so many, and whether it ends with them.
    pub fn read(&mut self, limit: u32) -> (&[u8], bool) {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let rest = self.bytes.get(self.cursor..).unwrap_or_default();
        let read = rest.get(..limit).unwrap_or(rest);
        self.cursor += read.len();
        (read, read.len() == rest.len())
    }

    /// Puts bytes in its place, or behind those that have been put there.
    pub fn write(&mut self, bytes: &[u8]) {
        self.written.get_or_insert_default().extend(bytes);
    }

    /// What it has become: what was written, else what it was, or of that what has not been read if reading takes it away.
    pub fn become_of(&self, reading_takes: bool) -> &[u8] {
        let from = if reading_takes { self.cursor } else { 0 };
        match &self.written {
            Some(written) => written,
            None => self.bytes.get(from..).unwrap_or_default(),
        }
    }
}

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub method: String,
    pub uri: String,
    pub version: String,
    pub source: String,
    pub headers: Fields,
    pub body: Body,
    pub trailers: Fields,
}

impl Request {
    /// It as lines, with this body.
    pub fn text(&self, body: &[u8]) -> String {
        let mut lines = format!("{} {} {}\n", self.method, self.uri, self.version);
        message(&mut lines, &self.headers, body, &self.trailers);
        lines
    }
}

/// A response. A status of 0 is none yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Response {
    pub status: u32,
    pub headers: Fields,
    pub body: Body,
    pub trailers: Fields,
}

impl Response {
    /// Its status: 200 if nobody has set one.
    pub fn status(&self) -> u32 {
        if self.status == 0 { 200 } else { self.status }
    }

    /// It as lines.
    pub fn text(&self) -> String {
        let mut lines = format!("{}\n", self.status());
        message(
            &mut lines,
            &self.headers,
            self.body.become_of(false),
            &self.trailers,
        );
        lines
    }

    /// The next handler answers with this, over what the guest has set before: a field of the answer's replaces those of its
    /// name, its body comes behind what the guest has written.
    pub fn answered(&mut self, answer: Response) {
        self.status = answer.status;
        for (ours, theirs) in [
            (&mut self.headers, answer.headers),
            (&mut self.trailers, answer.trailers),
        ] {
            for name in theirs.names() {
                ours.remove(name);
            }
            for (name, value) in theirs.iter() {
                ours.add(name, value.to_vec());
            }
        }
        let mut body = self.body.become_of(false).to_vec();
        body.extend(answer.body.become_of(false));
        self.body = Body::new(body);
    }
}
