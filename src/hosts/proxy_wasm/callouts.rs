//! HTTP requests that a plugin sends to upstreams, and the replies that were filled in for them.

use crate::hosts::fields::{Fields, text};
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
}

/// What came of one, for whoever looks at it: id, upstream, request, reply.
pub(super) type Row = [String; 4];

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Callouts {
    /// What is replied, by upstream.
    replies: Vec<(String, Reply)>,
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
            .map(|(upstream, reply)| (upstream.clone(), read(reply)))
            .collect();
        self.rows.clear();
    }

    /// A request; its id. `None`: nothing is filled in for its upstream.
    pub fn begin(&mut self, callout: Callout) -> Option<u32> {
        self.reply_of(&callout.upstream)?;
        self.newest = self.newest.wrapping_add(1).max(1);
        self.pending.push_back((self.newest, callout));
        Some(self.newest)
    }

    fn reply_of(&self, upstream: &str) -> Option<&Reply> {
        let mut replies = self.replies.iter();
        let found = replies.find(|(of, _)| of == upstream || of == "*");
        found.map(|(_, reply)| reply)
    }

    /// The oldest has its reply: its id, what it was, and the reply.
    pub fn replied(&mut self) -> Option<(u32, Callout, Reply)> {
        let (id, callout) = self.pending.pop_front()?;
        let reply = self
            .reply_of(&callout.upstream)
            .cloned()
            .unwrap_or_default();
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
