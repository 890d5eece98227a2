//! HTTP requests that a plugin sends to upstreams, and the replies that were filled in for them. An upstream whose reply is an address is
//! asked: the plugin waits in `proxy_http_call` for what it answers, and is told when any reply would be.

use super::maps;
use crate::hosts::fields::{Fields, text};
use crate::hosts::guest::{self, Args};
use crate::hosts::{Request, Response};
use crate::linear::LinearMut;
use serde_json::Value as Json;
use std::collections::VecDeque;

/// Callouts that are kept, to be shown.
const SHOWN: usize = 100;

/// A reply, as the plugin is told of it. One without headers is none: it failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reply {
    pub headers: Fields,
    pub body: Vec<u8>,
    pub trailers: Fields,
}

/// A request to an upstream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Callout {
    pub upstream: String,
    pub headers: Fields,
    pub body: Vec<u8>,
    /// What the upstream has answered, if it was asked.
    pub reply: Option<Reply>,
}

/// What came of one, for whoever looks at it: id, upstream, request, reply.
pub(super) type Row = [String; 4];

/// What was filled in for an upstream.
#[derive(Debug)]
enum Filled {
    Reply(Reply),
    /// Where it is.
    Address(String),
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Callouts {
    /// What is replied, by upstream.
    replies: Vec<(String, Filled)>,
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
        let replies = replies.iter();
        self.replies = replies
            .map(|(upstream, reply)| (upstream.clone(), Filled::read(reply)))
            .collect();
        self.fetched = None;
        self.rows.clear();
    }

    /// The request that a callout with these arguments is, if its upstream is to be asked for the answer.
    pub fn request(&self, args: &[u64], memory: &LinearMut<'_>) -> Option<Request> {
        let mut args = Args::new(args);
        let mut next = || guest::read(memory, args.span()).ok();
        let upstream = next()?;
        let Filled::Address(address) = self.filled_for(&text(&upstream))? else {
            return None;
        };
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

    /// A request; its id. `None`: nothing is filled in for its upstream.
    pub fn begin(&mut self, callout: Callout) -> Option<u32> {
        self.filled_for(&callout.upstream)?;
        self.newest = self.newest.wrapping_add(1).max(1);
        self.pending.push_back((self.newest, callout));
        Some(self.newest)
    }

    fn filled_for(&self, upstream: &str) -> Option<&Filled> {
        let mut replies = self.replies.iter();
        let found = replies.find(|(of, _)| of == upstream || of == "*");
        found.map(|(_, filled)| filled)
    }

    /// The oldest has its reply: its id, what it was, and the reply.
    pub fn replied(&mut self) -> Option<(u32, Callout, Reply)> {
        let (id, callout) = self.pending.pop_front()?;
        let reply = match (&callout.reply, self.filled_for(&callout.upstream)) {
            (Some(reply), _) | (None, Some(Filled::Reply(reply))) => reply.clone(),
            (None, _) => Reply::default(),
        };
        if self.rows.len() < SHOWN {
            self.rows.push([
                id.to_string(),
                callout.upstream.clone(),
                lines(&callout.headers, &callout.body),
                match reply.headers.is_empty() {
                    true => "failed".to_owned(),
                    false => lines(&reply.headers, &reply.body),
                },
            ]);
        }
        Some((id, callout, reply))
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

impl Filled {
    fn read(text: &str) -> Self {
        let address = text.trim();
        match address.starts_with("http://") || address.starts_with("https://") {
            true => Self::Address(address.to_owned()),
            false => Self::Reply(read(text)),
        }
    }
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
