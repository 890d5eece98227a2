//! What the host keeps for a plugin: its configuration, what it has enabled, and the exchange that it handles.

use super::call::{BUFFER_REQUEST, BUFFER_RESPONSE};
use super::exchange::{Body, Phase, Request, Response};
use crate::hosts::fields::Fields;
use crate::hosts::held::{Failure, Held, trap};
use crate::hosts::log::Log;

/// The levels of a log, the first of which is −1.
const LEVELS: [&str; 4] = ["debug", "info", "warn", "error"];

/// A part of the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Method,
    Uri,
    RequestHeader,
    RequestTrailer,
    RequestBody,
    Status,
    ResponseHeader,
    ResponseTrailer,
    ResponseBody,
}

impl Kind {
    /// Headers or trailers, by their number.
    pub fn of_fields(kind: u32) -> Result<Self, Failure> {
        match kind {
            0 => Ok(Self::RequestHeader),
            1 => Ok(Self::ResponseHeader),
            2 => Ok(Self::RequestTrailer),
            3 => Ok(Self::ResponseTrailer),
            _ => trap(format!(
                "{kind} is no kind of headers: 0 are the request's, 1 the response's, 2 and 3 their trailers"
            )),
        }
    }

    /// A body, by its number.
    pub fn of_body(kind: u32) -> Result<Self, Failure> {
        match kind {
            0 => Ok(Self::RequestBody),
            1 => Ok(Self::ResponseBody),
            _ => trap(format!(
                "{kind} is no kind of body: 0 is the request's, 1 the response's"
            )),
        }
    }

    fn is_request(self) -> bool {
        use Kind::{Method, RequestBody, RequestHeader, RequestTrailer, Uri};
        matches!(
            self,
            Method | Uri | RequestHeader | RequestTrailer | RequestBody
        )
    }

    fn name(self) -> &'static str {
        match self {
            Self::Method => "the method",
            Self::Uri => "the URI",
            Self::RequestHeader => "a header of the request",
            Self::RequestTrailer => "a trailer of the request",
            Self::RequestBody => "the body of the request",
            Self::Status => "the status",
            Self::ResponseHeader => "a header of the response",
            Self::ResponseTrailer => "a trailer of the response",
            Self::ResponseBody => "the body of the response",
        }
    }
}

/// What the host keeps.
#[derive(Debug, Default)]
pub(super) struct State {
    pub config: Vec<u8>,
    pub phase: Phase,
    pub request: Request,
    pub response: Response,
    pub log: Log,
    /// Lines for the console.
    pub lines: Vec<String>,
    /// The least level that is logged, from −1; 3 is none.
    pub level: i32,
    /// What is enabled for all requests, and for this one.
    features: [u32; 2],
    pub held: Held,
}

impl State {
    /// A request is to come; nothing is left of the one before.
    pub fn begin(&mut self, request: Request) {
        self.phase = Phase::None;
        self.request = request;
        self.response = Response::default();
        self.log.clear();
        self.held.clear();
    }

    /// The request is the guest's from now on.
    pub fn arrive(&mut self) {
        let [all, _] = self.features;
        self.features = [all, all];
        self.phase = Phase::Request;
    }

    /// The body of the request as the next handler gets it, which is called now.
    pub fn next(&mut self) -> Vec<u8> {
        self.phase = Phase::Response;
        let reading_takes = !self.enables(BUFFER_REQUEST);
        self.request.body.become_of(reading_takes).to_vec()
    }

    /// Enables features, which are numbered by bits; all that are enabled.
    pub fn enable(&mut self, features: u32) -> u32 {
        let [all, of_request] = &mut self.features;
        *of_request |= features;
        if self.phase == Phase::None {
            *all |= features;
            return *all;
        }
        *of_request
    }

    fn enables(&self, feature: u32) -> bool {
        let [_, of_request] = self.features;
        of_request & feature != 0
    }

    /// Whether a line of this level is logged.
    pub fn logs(&self, level: u32) -> bool {
        let level = level.cast_signed();
        level >= self.level && level < 3
    }

    /// Logs a line.
    pub fn log(&mut self, level: u32, message: &str) {
        let place = usize::try_from(level.cast_signed().saturating_add(1)).unwrap_or_default();
        let level = LEVELS.get(place).copied().unwrap_or("debug");
        self.log.add(level, message);
        self.lines.push(format!("{level}: {message}"));
    }

    /// So many bytes more are kept for the guest.
    pub fn keep(&mut self, bytes: u64) -> Result<(), Failure> {
        self.held.keep(bytes)
    }

    /// Whether this may be changed now.
    pub fn may_change(&self, verb: &str, kind: Kind) -> Result<(), Failure> {
        if self.phase == Phase::Request {
            return Ok(());
        }
        let what = kind.name();
        if kind.is_request() {
            return trap(format!(
                "cannot {verb} {what} after the next handler, which has had it: do it in handle_request"
            ));
        }
        self.needs_buffer(verb, what)
    }

    /// Whether this body may be read now.
    pub fn may_read(&self, kind: Kind) -> Result<(), Failure> {
        let what = kind.name();
        match (self.phase, kind.is_request()) {
            (Phase::Request, _) => Ok(()),
            (_, true) if self.enables(BUFFER_REQUEST) => Ok(()),
            (_, true) => trap(format!(
                "cannot read {what} after the next handler unless buffer_request (1) is enabled"
            )),
            (_, false) => self.needs_buffer("read", what),
        }
    }

    fn needs_buffer(&self, verb: &str, what: &str) -> Result<(), Failure> {
        if self.enables(BUFFER_RESPONSE) {
            return Ok(());
        }
        trap(format!(
            "cannot {verb} {what} after the next handler unless buffer_response (2) is enabled: call enable_features before"
        ))
    }

    /// Headers or trailers.
    pub fn fields(&self, kind: Kind) -> &Fields {
        match kind {
            Kind::ResponseHeader => &self.response.headers,
            Kind::RequestTrailer => &self.request.trailers,
            Kind::ResponseTrailer => &self.response.trailers,
            _ => &self.request.headers,
        }
    }

    /// The same, to be changed.
    pub fn fields_mut(&mut self, kind: Kind) -> &mut Fields {
        match kind {
            Kind::ResponseHeader => &mut self.response.headers,
            Kind::RequestTrailer => &mut self.request.trailers,
            Kind::ResponseTrailer => &mut self.response.trailers,
            _ => &mut self.request.headers,
        }
    }

    /// A body, to be read and written.
    pub fn body_mut(&mut self, kind: Kind) -> &mut Body {
        match kind {
            Kind::ResponseBody => &mut self.response.body,
            _ => &mut self.request.body,
        }
    }
}
