//! What the proxy keeps for a plugin.

use super::callouts::{Callout, Callouts, Protocol, Reply};
use super::shared::Shared;
use super::status::Status;
use super::stream::{Half, Stream};
use crate::hosts::fields::{Fields, text};
use crate::hosts::held::{Failure, Held};
use crate::hosts::log::Log;
use std::collections::{BTreeMap, VecDeque};

/// The id of the plugin's first context of its own.
pub(super) const PLUGIN: u32 = 1;

/// What the proxy keeps.
#[derive(Debug, Default)]
pub(super) struct State {
    pub vm_configuration: Vec<u8>,
    pub plugin_configuration: Vec<u8>,
    pub vm_id: String,
    /// The least level of lines that are logged.
    pub level: usize,
    /// What was filled in, by path; and what the plugin has set.
    pub properties: Vec<(String, Vec<u8>)>,
    pub set: BTreeMap<String, Vec<u8>>,
    /// The plugin's own context: it gets another one with another configuration.
    pub plugin: u32,
    /// The context that functions are about.
    pub effective: u32,
    /// The streams that there are, the oldest first.
    pub streams: VecDeque<Stream>,
    pub shared: Shared,
    pub callouts: Callouts,
    /// The reply that the plugin is told of.
    pub reply: Option<Reply>,
    /// Milliseconds between ticks; 0: none.
    pub tick: u32,
    pub log: Log,
    /// Lines for the console.
    pub lines: Vec<String>,
    pub held: Held,
}

impl State {
    /// The stream that functions are about.
    pub fn stream(&self) -> Option<&Stream> {
        let mut streams = self.streams.iter();
        streams.find(|stream| stream.id == self.effective)
    }

    /// The same, to be changed.
    pub fn stream_mut(&mut self) -> Option<&mut Stream> {
        let mut streams = self.streams.iter_mut();
        streams.find(|stream| stream.id == self.effective)
    }

    /// Whether there is a context of this id.
    pub fn has_context(&self, id: u32) -> bool {
        id == self.plugin || self.streams.iter().any(|stream| stream.id == id)
    }

    /// So many bytes more are kept, for the stream that functions are about if there is one.
    pub fn keep(&mut self, bytes: u64) -> Result<(), Failure> {
        let before = self.held.bytes();
        self.held.keep(bytes)?;
        let kept = self.held.bytes() - before;
        if let Some(stream) = self.stream_mut() {
            stream.kept += kept;
        }
        Ok(())
    }

    /// So many bytes of the stream's are kept no more.
    pub fn release(&mut self, bytes: u64) {
        if let Some(stream) = self.stream_mut() {
            let bytes = bytes.min(stream.kept);
            stream.kept -= bytes;
            self.held.release(bytes);
        }
    }

    /// A stream is over.
    pub fn end(&mut self, id: u32) -> Option<Stream> {
        let place = self.streams.iter().position(|stream| stream.id == id)?;
        let stream = self.streams.remove(place)?;
        self.held.release(stream.kept);
        Some(stream)
    }

    /// Headers or trailers, by their number.
    pub fn map(&self, map: u32) -> Result<&Fields, Status> {
        let request = || self.stream().map(|stream| &stream.request);
        let response = || {
            let stream = self.stream().filter(|stream| stream.has_response);
            stream.map(|stream| &stream.response)
        };
        let reply = self.reply.as_ref();
        let found = match map {
            0 => request().map(|half| &half.headers),
            1 => request().map(|half| &half.trailers),
            2 => response().map(|half| &half.headers),
            3 => response().map(|half| &half.trailers),
            4 | 5 => return Err(Status::Unimplemented),
            6 => reply.map(|reply| &reply.headers),
            7 => reply.map(|reply| &reply.trailers),
            _ => None,
        };
        found.ok_or(Status::BadArgument)
    }

    /// The same, to be changed: those of a stream.
    pub fn map_mut(&mut self, map: u32) -> Result<&mut Fields, Status> {
        // What there is to be read.
        self.map(map)?;
        let stream = self.stream_mut().ok_or(Status::BadArgument)?;
        match map {
            0 => Ok(&mut stream.request.headers),
            1 => Ok(&mut stream.request.trailers),
            2 => Ok(&mut stream.response.headers),
            3 => Ok(&mut stream.response.trailers),
            _ => Err(Status::BadArgument),
        }
    }

    /// The message whose body a buffer is, to be changed; `None`: there is none now.
    pub fn body_mut(&mut self, buffer: u32) -> Option<&mut Half> {
        let stream = self.stream_mut()?;
        match (buffer, stream.has_response, stream.is_tcp) {
            (0, false, false) | (2, false, true) => Some(&mut stream.request),
            (1, true, false) | (3, true, true) => Some(&mut stream.response),
            _ => None,
        }
    }

    /// A buffer, by its number.
    pub fn buffer(&self, buffer: u32) -> Result<&[u8], Status> {
        let stream = |is_tcp| self.stream().filter(|stream| stream.is_tcp == is_tcp);
        let request = |is_tcp| {
            let stream = stream(is_tcp).filter(|stream| !stream.has_response);
            stream.map(|stream| &stream.request.buffer)
        };
        let response = |is_tcp| {
            let stream = stream(is_tcp).filter(|stream| stream.has_response);
            stream.map(|stream| &stream.response.buffer)
        };
        let found = match buffer {
            0 => request(false),
            1 => response(false),
            2 => request(true),
            3 => response(true),
            5 | 8 => None,
            4 | 9 => self.reply.as_ref().map(|reply| &reply.body),
            6 => Some(&self.vm_configuration),
            7 => Some(&self.plugin_configuration),
            _ => return Err(Status::BadArgument),
        };
        found.map(Vec::as_slice).ok_or(Status::NotFound)
    }

    /// A property, by its path: what the plugin has set, what was filled in, or what follows from the stream. Numbers are eight bytes.
    pub fn property(&self, path: &str) -> Option<Vec<u8>> {
        if let Some(value) = self.set.get(path) {
            return Some(value.clone());
        }
        if let Some((_, value)) = self.properties.iter().find(|(of, _)| of == path) {
            return Some(value.clone());
        }
        let stream = self.stream().or(self.streams.back());
        let of_request = |name: &str| {
            let mut values = stream?.request.headers.values(name);
            values.next().map(<[u8]>::to_vec)
        };
        let of_response = |name: &str| {
            let stream = stream.filter(|stream| stream.has_response)?;
            let mut values = stream.response.headers.values(name);
            values.next().map(<[u8]>::to_vec)
        };
        match path {
            "plugin_name" | "plugin_root_id" => Some(b"plugin".to_vec()),
            // What a proxy has of any request: of one that comes from this machine, and goes to the only upstream.
            "source.address" => Some(b"127.0.0.1:50000".to_vec()),
            "source.port" => Some(50000_i64.to_le_bytes().to_vec()),
            "destination.address" => Some(b"127.0.0.1:10000".to_vec()),
            "destination.port" => Some(10000_i64.to_le_bytes().to_vec()),
            "upstream.address" => Some(b"127.0.0.1:8080".to_vec()),
            "upstream.port" => Some(8080_i64.to_le_bytes().to_vec()),
            "route_name" | "xds.route_name" => Some(b"route".to_vec()),
            "cluster_name" | "xds.cluster_name" => Some(b"upstream".to_vec()),
            "request.id" | "x_request_id" => of_request("x-request-id"),
            "plugin_vm_id" => Some(self.vm_id.clone().into_bytes()),
            "request.path" => of_request(":path"),
            "request.url_path" => {
                let path = of_request(":path")?;
                path.split(|byte| *byte == b'?').next().map(<[u8]>::to_vec)
            }
            "request.method" => of_request(":method"),
            "request.host" => of_request(":authority"),
            "request.scheme" => of_request(":scheme"),
            "request.protocol" => Some(b"HTTP/1.1".to_vec()),
            "response.code" => {
                let status = of_response(":status")?;
                let status = text(&status).parse::<i64>().ok()?;
                Some(status.to_le_bytes().to_vec())
            }
            _ => {
                let name = path.strip_prefix("request.headers.").map(of_request);
                name.or_else(|| path.strip_prefix("response.headers.").map(of_response))?
            }
        }
    }

    /// A request to an upstream: its id; `None`: there is no such upstream.
    pub fn dispatch(&mut self, callout: Callout) -> Option<u32> {
        let function = match callout.protocol {
            Protocol::Http => "proxy_http_call",
            Protocol::Redis => "proxy_redis_call",
        };
        let begun = self.callouts.begin(callout);
        if let Err(upstream) = &begun {
            self.say(&format!(
                "{function}: no reply of {upstream} is filled in (Callouts), so the proxy does not know it: bad argument"
            ));
        }
        begun.ok()
    }

    /// Nobody waits for what was asked any more.
    pub fn forget_callouts(&mut self) {
        for (_, callout) in self.callouts.pending.drain(..) {
            self.held.drop(callout.size());
        }
    }

    /// The proxy itself has something to say.
    pub fn say(&mut self, line: &str) {
        self.log.add("proxy", line);
        self.lines.push(line.to_owned());
    }
}
