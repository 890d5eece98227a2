//! What a host sees of the world.

use serde::{Deserialize, Serialize};

/// What a host can have at once.
pub trait World {
    /// The time of day, in nanoseconds since 1970.
    fn now(&mut self) -> u64;

    /// Prints a line to the console, with its end or without. What is over the limit of output ends the run when the host has returned.
    fn print(&mut self, line: &str);
}

/// What a host asks for, and gets later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// An HTTP request is to be made: [`Came::Http`](super::Came::Http).
    Http(Request),
}

/// An HTTP request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// `GET`, as a rule.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body; empty: none.
    pub body: Vec<u8>,
    /// It fails when it has taken so long, in milliseconds; `None`: never.
    pub timeout_millis: Option<u64>,
}

/// The answer to one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names, in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}
