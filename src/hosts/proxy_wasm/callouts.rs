//! Requests that a plugin sends to upstreams, and the replies that were filled in for them: HTTP, and Higress's commands for Redis.

use super::redis;
use crate::hosts::fields::{Fields, text};
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
}

/// What came of one, for whoever looks at it: id, upstream, request, reply.
pub(super) type Row = [String; 4];

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Callouts {
    /// What is replied, by upstream, as it was filled in.
    replies: Vec<(String, String)>,
    /// Those that have no reply yet, the oldest first.
    pub pending: VecDeque<(u32, Callout)>,
    newest: u32,
    pub rows: Vec<Row>,
}

impl Callouts {
    /// What is replied from now on.
    pub fn fill_in(&mut self, replies: &[(String, String)]) {
        self.replies = replies.to_vec();
        self.rows.clear();
    }

    /// A request; its id. `Err`: its upstream, for which nothing is filled in.
    pub fn begin(&mut self, callout: Callout) -> Result<u32, String> {
        if self.reply_to(&callout).is_none() {
            self.show(None, &callout, "none is filled in: bad argument".to_owned());
            return Err(callout.upstream);
        }
        self.newest = self.newest.wrapping_add(1).max(1);
        self.pending.push_back((self.newest, callout));
        Ok(self.newest)
    }

    fn reply_to(&self, callout: &Callout) -> Option<Reply> {
        let mut replies = self.replies.iter();
        let (_, reply) = replies.find(|(of, _)| *of == callout.upstream || of == "*")?;
        Some(match callout.protocol {
            Protocol::Http => read(reply),
            Protocol::Redis => Reply {
                body: redis::reply(reply),
                ..Reply::default()
            },
        })
    }

    /// The oldest has its reply: its id, what it was, and the reply.
    pub fn replied(&mut self) -> Option<(u32, Callout, Reply)> {
        let (id, callout) = self.pending.pop_front()?;
        let reply = self.reply_to(&callout).unwrap_or_default();
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
        self.upstream.len() + self.body.len() + headers
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
