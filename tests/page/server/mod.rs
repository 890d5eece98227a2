//! A static host, as plain as they come: the files of a directory, under a path, over HTTP/1.1.
//!
//! It knows nothing of the page, so a page that works here works on any static host. What was
//! compressed when it was built (`x.js.br`, `x.js.gz` beside `x.js`) is sent so to browsers that take it.

mod encoding;
mod file;
mod request;

use self::file::Found;
use self::request::Request;
use std::io::{self, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;

/// Serves the files of `root` under `base` (`/`, or `/some/path/`), a thread a connection, until
/// the process ends.
pub(crate) fn serve(listener: &TcpListener, root: &Path, base: &str) {
    for stream in listener.incoming().flatten() {
        let (root, base) = (root.to_owned(), base.to_owned());
        // A connection that breaks is the browser's choice.
        thread::spawn(move || drop(answer_all(&stream, &root, &base)));
    }
}

/// Answers the requests of one connection.
fn answer_all(stream: &TcpStream, root: &Path, base: &str) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let response = match Request::read(&mut reader) {
            Ok(Some(request)) => answer(&request, root, base),
            Ok(None) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Response::text("400 Bad Request", "not a request\n")
            }
            Err(error) => return Err(error),
        };
        response.send(stream)?;
        if response.last {
            return Ok(());
        }
    }
}

fn answer(request: &Request, root: &Path, base: &str) -> Response {
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        let mut response = Response::text("405 Method Not Allowed", "GET or HEAD\n");
        response.header("Allow", "GET, HEAD");
        return response;
    }
    let found = request
        .path
        .strip_prefix(base)
        .and_then(|path| file::find(root, path, &request.accepts));
    let mut response = match found {
        Some(found) => of_file(request, found),
        None => Response::text("404 Not Found", "not found\n"),
    };
    response.last = request.last;
    response.without_body = request.method == "HEAD";
    response
}

/// A file, or that the browser has it already.
fn of_file(request: &Request, found: Found) -> Response {
    let known = request.knows(&found.etag);
    let mut response = Response::new(if known { "304 Not Modified" } else { "200 OK" });
    response.header("Cache-Control", found.cache_control);
    response.header("ETag", &found.etag);
    response.header("Vary", "Accept-Encoding");
    if !known {
        response.header("Content-Type", found.content_type);
        if let Some(encoding) = found.encoding {
            response.header("Content-Encoding", encoding);
        }
        response.body = Some(found.bytes);
    }
    response
}

struct Response {
    head: String,
    /// `None`: none is announced, either.
    body: Option<Vec<u8>>,
    /// The body is what would be sent for GET.
    without_body: bool,
    /// The connection ends with it.
    last: bool,
}

impl Response {
    fn new(status: &str) -> Self {
        Self {
            head: format!("HTTP/1.1 {status}\r\nX-Content-Type-Options: nosniff\r\n"),
            body: None,
            without_body: false,
            last: false,
        }
    }

    /// What is said instead of a file. The rest of the request may be unread, so nothing follows it.
    fn text(status: &str, text: &str) -> Self {
        let mut response = Self::new(status);
        response.header("Cache-Control", "no-store");
        response.header("Content-Type", "text/plain; charset=utf-8");
        response.body = Some(text.into());
        response.last = true;
        response
    }

    fn header(&mut self, name: &str, value: &str) {
        self.head.push_str(&format!("{name}: {value}\r\n"));
    }

    fn send(&self, mut stream: &TcpStream) -> io::Result<()> {
        let mut head = self.head.clone();
        if let Some(body) = &self.body {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        if self.last {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes())?;
        if let Some(body) = self.body.as_ref().filter(|_| !self.without_body) {
            stream.write_all(body)?;
        }
        stream.flush()
    }
}
