//! Requests that a plugin sends to upstreams, and the replies that were filled in for them: HTTP, and Higress's commands for Redis. An upstream of HTTP
//! whose reply is an address is asked: the plugin waits in `proxy_http_call` for what it answers, and is told when any reply would be.

use super::{maps, redis};
use crate::hosts::fields::{Fields, text};
use crate::hosts::guest::{self, Args};
use crate::hosts::{Request, Response};
use crate::linear::LinearMut;
use serde_json::Value as Json;
use std::collections::VecDeque;

/// Callouts that are kept, to be shown.
const SHOWN: usize = 100;

/// A reply, as the plugin is told of it. One of HTTP without headers is none, as one of Redis without a body is: it failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reply {
    pub headers: Fields,
    pub body: Vec<u8>,
    pub trailers: Fields,
}

/// What a request to an upstream speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Protocol {
    #[default]
    Http,
    Redis,
}

/// A request to an upstream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Callout {
    pub protocol: Protocol,
    pub upstream: String,
    pub headers: Fields,
    pub body: Vec<u8>,
    /// What the upstream has answered, if it was asked.
    pub reply: Option<Reply>,
}

/// What came of one, for whoever looks at it: id, upstream, request, reply.
pub(super) type Row = [String; 4];

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Callouts {
    /// What is replied, by upstream, as it was filled in.
    replies: Vec<(String, String)>,
    /// What the upstream that is asked has answered.
    pub fetched: Option<Reply>,
    /// Those that have no reply yet, the oldest first.
    pub pending: VecDeque<(u32, Callout)>,
    newest: u32,
    pub rows: Vec<Row>,
}

impl Callouts {
    /// What is replied from now on.
    pub fn fill_in(&mut self, replies: &[(String, String)]) {
        self.replies = replies.to_vec();
        self.fetched = None;
        self.rows.clear();
    }

    /// The request that a callout with these arguments is, if its upstream is to be asked for the answer.
    pub fn request(&self, args: &[u64], memory: &LinearMut<'_>) -> Option<Request> {
        let mut args = Args::new(args);
        let mut next = || guest::read(memory, args.span()).ok();
        let upstream = next()?;
        let address = address(self.filled_for(&text(&upstream))?)?;
        let (headers, body) = (maps::decode(&next()?)?, next()?);
        next()?;
        let of = |name: &str| {
            headers
                .values(name)
                .next()
                .map(|value| text(value).into_owned())
        };
        // Without these it is refused.
        of(":authority")?;
        let path = of(":path")?;
        // What whoever sends it says itself.
        let own = ["host", "connection", "content-length", "transfer-encoding"];
        let sent = headers
            .iter()
            .filter(|(name, _)| !name.starts_with(':') && !own.contains(name));
        let sent = sent.map(|(name, value)| (name.to_owned(), text(value).into_owned()));
        let request = Request {
            method: of(":method")?,
            url: format!("{}{path}", address.trim_end_matches('/')),
            headers: sent.collect(),
            body,
            timeout_millis: None,
        };
        let timeout = args.u32();
        Some(Request {
            timeout_millis: (timeout > 0).then_some(timeout.into()),
            ..request
        })
    }

    /// A request; its id. `Err`: its upstream, for which nothing is filled in.
    pub fn begin(&mut self, callout: Callout) -> Result<u32, String> {
        if self.filled_for(&callout.upstream).is_none() {
            self.show(None, &callout, "none is filled in: bad argument".to_owned());
            return Err(callout.upstream);
        }
        self.newest = self.newest.wrapping_add(1).max(1);
        self.pending.push_back((self.newest, callout));
        Ok(self.newest)
    }

    fn filled_for(&self, upstream: &str) -> Option<&str> {
        let mut replies = self.replies.iter();
        let found = replies.find(|(of, _)| of == upstream || of == "*");
        found.map(|(_, reply)| &**reply)
    }

    fn reply_to(&self, callout: &Callout) -> Reply {
        if let Some(reply) = &callout.reply {
            return reply.clone();
        }
        match (callout.protocol, self.filled_for(&callout.upstream)) {
            (_, None) => Reply::default(),
            (Protocol::Http, Some(filled)) => match address(filled) {
                Some(_) => Reply::default(),
                None => read(filled),
            },
            (Protocol::Redis, Some(filled)) => Reply {
                body: redis::reply(filled),
                ..Reply::default()
            },
        }
    }

    /// The oldest has its reply: its id, what it was, and the reply.
    pub fn replied(&mut self) -> Option<(u32, Callout, Reply)> {
        let (id, callout) = self.pending.pop_front()?;
        let reply = self.reply_to(&callout);
        let told = match callout.protocol {
            Protocol::Http => lines(&reply.headers, &reply.body),
            Protocol::Redis => redis::words(&reply.body),
        };
        let told = match told.is_empty() {
            true => "failed".to_owned(),
            false => told,
        };
        self.show(Some(id), &callout, told);
        Some((id, callout, reply))
    }

    fn show(&mut self, id: Option<u32>, callout: &Callout, told: String) {
        if self.rows.len() >= SHOWN {
            return;
        }
        let id = id.map_or(String::new(), |id| id.to_string());
        let asked = match callout.protocol {
            Protocol::Http => lines(&callout.headers, &callout.body),
            Protocol::Redis => redis::words(&callout.body),
        };
        self.rows.push([id, callout.upstream.clone(), asked, told]);
    }
}

fn lines(headers: &Fields, body: &[u8]) -> String {
    format!("{}{}", headers.lines(), text(body))
}

impl Callout {
    /// How many bytes it has.
    pub fn size(&self) -> usize {
        let headers = usize::try_from(self.headers.size()).unwrap_or(usize::MAX);
        let reply = self.reply.as_ref();
        let reply = reply.map_or(0, |reply| reply.headers.size() + reply.body.len() as u64);
        let reply = usize::try_from(reply).unwrap_or(usize::MAX);
        (self.upstream.len() + self.body.len())
            .saturating_add(headers)
            .saturating_add(reply)
    }
}

impl Reply {
    /// What an upstream has answered.
    pub fn of(response: &Response) -> Self {
        let mut headers: Fields = [(":status", response.status.to_string())]
            .into_iter()
            .collect();
        for (name, value) in &response.headers {
            headers.add(name, value.clone().into_bytes());
        }
        Self {
            headers,
            body: response.body.clone(),
            trailers: Fields::default(),
        }
    }
}

/// Where the upstream is, if that was filled in for it.
fn address(filled: &str) -> Option<&str> {
    let address = filled.trim();
    let mut schemes = ["http://", "https://"].into_iter();
    schemes
        .any(|scheme| address.starts_with(scheme))
        .then_some(address)
}

/// The reply that was filled in: JSON with `status`, `headers`, `body`; or else a body. A status of 0 is a failure.
fn read(reply: &str) -> Reply {
    let whole = |json: &Json| {
        let mut names = ["status", "headers", "body"].into_iter();
        names.any(|name| json.get(name).is_some())
    };
    let json = serde_json::from_str::<Json>(reply).ok().filter(whole);
    let Some(json) = json else {
        return Reply {
            headers: [(":status", "200")].into_iter().collect(),
            body: reply.as_bytes().to_vec(),
            trailers: Fields::default(),
        };
    };
    let string = |json: &Json| match json {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let status = json.get("status").map_or("200".to_owned(), string);
    if status == "0" {
        return Reply::default();
    }
    let mut headers: Fields = [(":status", status)].into_iter().collect();
    let fields = json.get("headers").and_then(Json::as_object);
    for (name, value) in fields.into_iter().flatten() {
        headers.add(name, string(value).into_bytes());
    }
    let body = json.get("body").map(string).unwrap_or_default();
    Reply {
        headers,
        body: body.into_bytes(),
        trailers: Fields::default(),
    }
}
