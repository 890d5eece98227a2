//! A host elsewhere, whose one file changes: what a page opens by its address.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What it answers.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: &'static str,
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A module that pages from elsewhere may read, with an ETag that they may see.
    pub(crate) fn module(body: &[u8], etag: &str) -> Self {
        Self {
            status: "200 OK",
            headers: format!(
                "Content-Type: application/wasm\r\nETag: \"{etag}\"\r\n\
                 Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: ETag\r\n"
            ),
            body: body.to_vec(),
        }
    }

    /// Without a file.
    pub(crate) fn none(status: &'static str) -> Self {
        Self {
            status,
            headers: "Access-Control-Allow-Origin: *\r\n".to_owned(),
            body: Vec::new(),
        }
    }

    /// None: it notes when the other side has gone.
    pub(crate) fn silent() -> Self {
        Self::none("")
    }
}

/// It listens until the tests end.
pub(crate) struct Host {
    /// `http://127.0.0.1:…`.
    pub(crate) origin: String,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Host {
    pub(crate) fn new(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let answer = Arc::new(Mutex::new(answer));
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let (now, log) = (Arc::clone(&answer), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (Arc::clone(&now), Arc::clone(&log));
                thread::spawn(move || serve(&stream, &answer, &log));
            }
        });
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            answer,
            asked,
        }
    }

    /// From now on it answers this.
    pub(crate) fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// The requests that have come, each with its headers.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Answers one request of a connection.
fn serve(mut stream: &TcpStream, answer: &Mutex<Answer>, log: &Mutex<Vec<String>>) {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let is_head = head.first().is_some_and(|line| line.starts_with("HEAD "));
    log.lock().unwrap().push(head.join("\n"));
    let Answer {
        status,
        headers,
        body,
    } = answer.lock().unwrap().clone();
    if status.is_empty() {
        let _ = stream.read(&mut [0]);
        log.lock().unwrap().push("gone".to_owned());
        return;
    }
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    // A connection that breaks is the browser's choice.
    let _ = stream.write_all(head.as_bytes());
    if !is_head {
        let _ = stream.write_all(&body);
    }
}
