//! Reading requests: RFC 9112, as far as a static host needs it.

use super::encoding::Accepted;
use std::io::{self, BufRead, Read};

/// What one request may take, its line and all its headers, in bytes.
const LONGEST: u64 = 64 * 1024;

/// A request, without what it does not matter to a static host.
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the query, percent-decoded.
    pub(crate) path: String,
    pub(crate) accepts: Accepted,
    /// No other request follows it on its connection.
    pub(crate) last: bool,
    /// `If-None-Match`.
    known: String,
}

impl Request {
    /// The next request; `None` where there are no more.
    ///
    /// # Errors
    /// `InvalidData` if it is none; others are the connection's.
    pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut lines = reader.take(LONGEST).lines();
        let Some(first) = lines.next().transpose()? else {
            return Ok(None);
        };
        let words: Vec<&str> = first.split(' ').collect();
        let [method, target, version @ ("HTTP/1.1" | "HTTP/1.0")] = words.as_slice() else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let mut request = Self {
            method: (*method).to_owned(),
            path: decoded(path).ok_or(io::ErrorKind::InvalidData)?,
            accepts: Accepted::default(),
            last: *version == "HTTP/1.0",
            known: String::new(),
        };
        loop {
            let Some(line) = lines.next().transpose()? else {
                return Err(io::ErrorKind::InvalidData.into());
            };
            if line.is_empty() {
                return Ok(Some(request));
            }
            let (name, value) = line.split_once(':').ok_or(io::ErrorKind::InvalidData)?;
            request.header(&name.to_ascii_lowercase(), value.trim());
        }
    }

    fn header(&mut self, name: &str, value: &str) {
        match name {
            "accept-encoding" => self.accepts.add(value),
            "if-none-match" => self.known = value.to_owned(),
            "connection" => self.last |= value.eq_ignore_ascii_case("close"),
            // A body, which nobody reads.
            "content-length" => self.last |= value != "0",
            "transfer-encoding" => self.last = true,
            _ => {}
        }
    }

    /// Whether the browser has what `etag` names: by the weak comparison, as RFC 9110 wants it here.
    pub(crate) fn knows(&self, etag: &str) -> bool {
        self.known
            .split(',')
            .map(str::trim)
            .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
    }
}

/// `path` without its percent-encoding; `None` if what it stands for is no text.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            _ => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
