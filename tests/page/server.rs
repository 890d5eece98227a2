//! A static host, as plain as they come: the files of a directory, under a path, over HTTP/1.1.
//!
//! It knows nothing of the page, so a page that works here works on any static host.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
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
    let mut lines = BufReader::new(stream).lines();
    while let Some(request) = lines.next().transpose()? {
        // The headers say nothing that matters here.
        for header in lines.by_ref() {
            if header?.is_empty() {
                break;
            }
        }
        answer(stream, &request, root, base)?;
    }
    Ok(())
}

/// Answers `GET /path?query HTTP/1.1`.
fn answer(stream: &TcpStream, request: &str, root: &Path, base: &str) -> io::Result<()> {
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let path = target.split(['?', '#']).next().unwrap_or("");
    let found = path
        .strip_prefix(base)
        .and_then(|path| file_of(root, path))
        .and_then(|file| Some((content_type(&file), fs::read(&file).ok()?)));
    let (status, kind, body) = match (method, found) {
        ("GET" | "HEAD", Some((kind, body))) => ("200 OK", kind, body),
        ("GET" | "HEAD", None) => ("404 Not Found", "text/plain", b"not found\n".to_vec()),
        _ => (
            "405 Method Not Allowed",
            "text/plain",
            b"GET or HEAD\n".to_vec(),
        ),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n\r\n",
        body.len()
    );
    let mut stream = stream;
    stream.write_all(head.as_bytes())?;
    if method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// The file that a path names, if it stays within `root`.
fn file_of(root: &Path, path: &str) -> Option<PathBuf> {
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    let stays = path
        .components()
        .all(|component| matches!(component, Component::Normal(_)));
    let file = root.join(path);
    (stays && file.is_file()).then_some(file)
}

/// What a browser wants to be told of a file: without it, `.wasm` does not stream and modules do
/// not load.
fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
