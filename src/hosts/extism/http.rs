//! `http_request`: what a plugin asks of the network.

use super::Extism;
use super::allowed::{host_of, is_allowed};
use crate::hosts::{Ask, Came, Flow, Request, Response};
use serde_json::Value as Json;

/// The most bytes of a response, as in Extism's own host.
const MOST_RESPONSE: usize = 50 << 20;

impl Extism {
    /// `http_request(request, body)`: the handle of the response's body. The host frees both.
    ///
    /// - `request`: the handle of JSON, `{"url": "…", "method": "GET", "headers": {"name": "value"}}`
    /// - `body`: the handle of the body; 0: none
    ///
    /// Traps when the request is none, its host is not among those that are allowed, or there is no answer.
    pub(super) fn http_request(
        &mut self,
        (request, body): (u64, u64),
        came: &[Came],
        room: u64,
        result: &mut [u64],
    ) -> Flow {
        let answer = match came {
            [] => {
                return match self.request(request, body) {
                    Ok(request) => Flow::Ask(Ask::Http(request)),
                    Err(problem) => Flow::Trap(problem),
                };
            }
            [Came::Http(answer), ..] => answer,
            _ => return Flow::Trap("the request has no answer".to_owned()),
        };
        self.blocks.free(request);
        self.blocks.free(body);
        match answer {
            Ok(response) => self.respond(response, room, result),
            Err(problem) => Flow::Trap(problem.clone()),
        }
    }

    fn request(&self, request: u64, body: u64) -> Result<Request, String> {
        let read = |handle: u64, what: &str| {
            let bytes = self.blocks.read(handle);
            bytes.ok_or_else(|| format!("invalid handle for {what}: {handle:#x}"))
        };
        let text = read(request, "the request")?;
        let body = read(body, "the body of the request")?;
        let json: Json = serde_json::from_slice(&text)
            .map_err(|error| format!("the request is no JSON: {error}"))?;
        let Some(Json::String(url)) = json.get("url") else {
            return Err("the request has no url".to_owned());
        };
        let host = host_of(url).ok_or_else(|| format!("invalid URL: {url}"))?;
        if !is_allowed(host, &self.allowed) {
            return Err(format!("HTTP request to {url} is not allowed"));
        }
        let method = json.get("method").and_then(Json::as_str);
        let headers = json.get("headers").and_then(Json::as_object);
        let headers = headers.into_iter().flatten().map(|(name, value)| {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), value)
        });
        Ok(Request {
            method: method.unwrap_or("GET").to_owned(),
            url: url.clone(),
            headers: headers.collect(),
            body,
            timeout_millis: None,
        })
    }

    fn respond(&mut self, response: &Response, room: u64, result: &mut [u64]) -> Flow {
        if response.body.len() > MOST_RESPONSE {
            return Flow::Trap(format!(
                "HTTP response exceeds the configured maximum number of bytes: {MOST_RESPONSE}"
            ));
        }
        self.status = response.status;
        let headers = response.headers.iter();
        let headers = headers.map(|(name, value)| (name.clone(), Json::String(value.clone())));
        self.headers = Some(Json::Object(headers.collect()).to_string());
        self.give(response.body.clone(), room, result)
    }
}
