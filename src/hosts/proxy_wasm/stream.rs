//! A request and its response on their way through the plugin.

use super::status::Status;
use crate::hosts::fields::{Fields, message};
use std::collections::VecDeque;

/// What is to come of a stream next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    #[default]
    Create,
    RequestHeaders,
    RequestBody,
    RequestTrailers,
    ResponseHeaders,
    ResponseBody,
    ResponseTrailers,
    // Of a TCP connection.
    NewConnection,
    DownstreamData,
    UpstreamData,
    DownstreamClose,
    UpstreamClose,
    Done,
    Log,
    Delete,
    Over,
}

/// A message on its way.
#[derive(Clone, Debug, Default)]
pub(super) struct Half {
    pub headers: Fields,
    pub trailers: Fields,
    /// What has not come yet of its body.
    pub coming: VecDeque<Vec<u8>>,
    /// What the plugin has of its body: the latest piece, or all that is held up.
    pub buffer: Vec<u8>,
    /// What has gone on.
    pub sent: Vec<u8>,
    /// Whether the plugin holds it up.
    pub is_paused: bool,
    /// Whether nothing more comes meanwhile.
    pub is_held: bool,
    /// It as it came, as lines.
    pub before: String,
}

impl Half {
    /// A message whose body comes in pieces of so many bytes; 0: in one.
    pub fn new(headers: Fields, body: &[u8], trailers: Fields, piece: usize) -> Self {
        let mut before = String::new();
        message(&mut before, &headers, body, &trailers);
        // Not so many pieces that nobody gets to their end.
        let piece = match piece {
            0 => body.len().max(1),
            piece => piece.max(body.len() / 1000),
        };
        Self {
            headers,
            trailers,
            coming: body.chunks(piece).map(<[u8]>::to_vec).collect(),
            before,
            ..Self::default()
        }
    }

    /// The next piece of the body arrives; whether the message ends with it.
    pub fn arrive(&mut self) -> bool {
        self.buffer
            .extend(self.coming.pop_front().unwrap_or_default());
        self.coming.is_empty() && self.trailers.is_empty()
    }

    /// The plugin has answered: 0 lets it go on, whatever else holds it up.
    pub fn answered(&mut self, action: u32, is_headers: bool) {
        self.is_paused = action != 0;
        // Higress's: nothing more is to come after 3 and 4 of headers; after 3 of data, what is there is the plugin's own.
        self.is_held = is_headers && matches!(action, 3 | 4);
        if action == 0 {
            self.go_on();
        } else if !is_headers && action == 3 {
            self.buffer.clear();
        }
    }

    /// It is held up no more.
    pub fn go_on(&mut self) {
        self.is_paused = false;
        self.is_held = false;
        self.sent.append(&mut self.buffer);
    }

    /// It as it went on, as lines.
    pub fn text(&self) -> String {
        let mut lines = String::new();
        let body = [self.sent.as_slice(), self.buffer.as_slice()].concat();
        message(&mut lines, &self.headers, &body, &self.trailers);
        lines
    }

    /// `proxy_set_buffer_bytes`: puts bytes in place of some, at the beginning, or at the end. How many were there in their place.
    pub fn splice(&mut self, start: u32, size: u32, bytes: &[u8]) -> usize {
        let length = self.buffer.len();
        let at = |place: u32| usize::try_from(place).unwrap_or(usize::MAX).min(length);
        let (start, end) = (at(start), at(start.saturating_add(size)));
        self.buffer.splice(start..end, bytes.iter().copied());
        end - start
    }
}

/// One request, its response, and how far they are; or a TCP connection: the request is what comes from downstream, the response from upstream.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    /// The id of its context.
    pub id: u32,
    pub is_tcp: bool,
    pub phase: Phase,
    pub request: Half,
    pub response: Half,
    /// The request as it went to the upstream; `None`: it did not.
    pub forwarded: Option<String>,
    /// Whether there is a response, to the plugin as well.
    pub has_response: bool,
    /// Whether the plugin answered itself.
    pub is_local: bool,
    /// Whether the plugin closed it.
    pub is_closed: bool,
    /// Whether the plugin has yet to say that it is done with it.
    pub is_in_use: bool,
    /// What is kept for it, in bytes.
    pub kept: u64,
}

impl Stream {
    /// What is to come after a phase is over.
    pub fn advance(&mut self) {
        self.phase = match self.phase {
            Phase::Create if self.is_tcp => Phase::NewConnection,
            Phase::NewConnection | Phase::DownstreamData if !self.request.coming.is_empty() => {
                Phase::DownstreamData
            }
            Phase::NewConnection | Phase::DownstreamData | Phase::UpstreamData
                if !self.response.coming.is_empty() =>
            {
                Phase::UpstreamData
            }
            Phase::NewConnection | Phase::DownstreamData | Phase::UpstreamData => {
                Phase::DownstreamClose
            }
            Phase::DownstreamClose => Phase::UpstreamClose,
            Phase::UpstreamClose => Phase::Done,
            Phase::Create => Phase::RequestHeaders,
            Phase::RequestHeaders | Phase::RequestBody if !self.request.coming.is_empty() => {
                Phase::RequestBody
            }
            Phase::RequestHeaders | Phase::RequestBody if !self.request.trailers.is_empty() => {
                Phase::RequestTrailers
            }
            Phase::RequestHeaders | Phase::RequestBody | Phase::RequestTrailers => {
                Phase::ResponseHeaders
            }
            Phase::ResponseHeaders | Phase::ResponseBody if !self.response.coming.is_empty() => {
                Phase::ResponseBody
            }
            Phase::ResponseHeaders | Phase::ResponseBody if !self.response.trailers.is_empty() => {
                Phase::ResponseTrailers
            }
            Phase::ResponseHeaders | Phase::ResponseBody | Phase::ResponseTrailers => Phase::Done,
            Phase::Done => Phase::Log,
            Phase::Log => Phase::Delete,
            Phase::Delete | Phase::Over => Phase::Over,
        };
    }

    /// Whether what is to come has to wait until the plugin lets it go on.
    pub fn waits(&self) -> bool {
        match self.phase {
            Phase::RequestBody | Phase::RequestTrailers => self.request.is_held,
            // What holds the connection up lets neither side send.
            Phase::DownstreamData => self.request.is_held,
            Phase::ResponseHeaders | Phase::UpstreamData => self.request.is_paused,
            Phase::ResponseBody | Phase::ResponseTrailers => self.response.is_held,
            Phase::Done => self.response.is_paused && !self.is_closed,
            Phase::Log => self.is_in_use,
            _ => false,
        }
    }

    /// The response comes: the request has gone on as a whole, unless the plugin has answered.
    pub fn respond(&mut self) {
        if !self.is_local {
            self.forwarded = Some(self.request.text());
        }
        self.has_response = true;
    }

    /// The plugin answers in the upstream's place, as long as no headers of a response have been sent. What it has answered to a request goes
    /// through it as any other response does.
    pub fn answer(&mut self, headers: Fields, body: &[u8]) -> Result<(), Status> {
        let is_unsent = self.phase == Phase::ResponseHeaders
            || (self.response.is_paused && self.response.sent.is_empty());
        if self.is_local
            || self.is_tcp
            || self.is_closed
            || self.phase == Phase::Create
            || self.phase > Phase::Done
        {
            return Err(Status::BadArgument);
        }
        if !self.has_response {
            self.response = Half::new(headers, body, Fields::default(), 0);
            self.request.is_paused = false;
            self.phase = Phase::ResponseHeaders;
        } else if is_unsent {
            self.response = Half {
                headers,
                sent: body.to_vec(),
                before: std::mem::take(&mut self.response.before),
                ..Half::default()
            };
            self.phase = Phase::Done;
        } else {
            return Err(Status::BadArgument);
        }
        self.is_local = true;
        Ok(())
    }

    /// It ends here, whoever wants it to.
    pub fn close(&mut self) {
        if self.phase < Phase::Done {
            self.is_closed = true;
            self.phase = Phase::Done;
        }
    }
}
