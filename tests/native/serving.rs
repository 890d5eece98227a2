//! The server of `make serve`, over TCP: what is compressed, what is kept, what stays inside.

#[path = "../page/server/mod.rs"]
mod server;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

/// A directory that is served at `/base/`, and beside it a file that is not.
struct Site {
    folder: PathBuf,
    connection: BufReader<TcpStream>,
}

impl Site {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("plugboard-{name}-{}", std::process::id()));
        let root = folder.join("root");
        fs::create_dir_all(root.join("folder")).expect("a folder of ours");
        fs::write(folder.join("secret.txt"), "secret").expect("a folder of ours");
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let stream = TcpStream::connect(listener.local_addr().expect("it is bound"));
        thread::spawn(move || server::serve(&listener, &root, "/base/"));
        Self {
            folder,
            connection: BufReader::new(stream.expect("it listens")),
        }
    }

    fn with(self, files: &[(&str, &str)]) -> Self {
        for (name, text) in files {
            fs::write(self.folder.join("root").join(name), text).expect("a folder of ours");
        }
        self
    }

    /// Sends a request on the one connection, and reads what comes.
    fn ask(&mut self, method: &str, path: &str, headers: &str) -> Answer {
        let request = format!("{method} {path} HTTP/1.1\r\nHost: here\r\n{headers}\r\n");
        let mut stream = self.connection.get_ref();
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = self.connection.read_line(&mut head).expect("it answers");
            assert!(read > 0, "it has closed the connection after {head:?}");
        }
        let mut answer = Answer {
            head,
            body: String::new(),
        };
        if method != "HEAD" {
            let length = answer.header("content-length").unwrap_or("0").parse();
            let mut body = vec![0; length.expect("a number")];
            self.connection.read_exact(&mut body).expect("all of it");
            answer.body = String::from_utf8(body).expect("the files are text");
        }
        answer
    }

    /// What is sent of `/base/page.js` to somebody who accepts `accepts`.
    fn sent(&mut self, accepts: &str) -> String {
        let answer = self.ask(
            "GET",
            "/base/page.js",
            &format!("Accept-Encoding: {accepts}\r\n"),
        );
        assert_eq!(answer.status(), "200");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        assert_eq!(
            answer.header("content-type"),
            Some("text/javascript; charset=utf-8")
        );
        let encoding = answer.header("content-encoding").unwrap_or("none");
        assert_eq!(answer.body, format!("by {encoding}"));
        encoding.to_owned()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.folder));
    }
}

struct Answer {
    head: String,
    body: String,
}

impl Answer {
    fn status(&self) -> &str {
        self.head.split(' ').nth(1).expect("a status line")
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

const COMPRESSED: &[(&str, &str)] = &[
    ("page.js", "by none"),
    ("page.js.br", "by br"),
    ("page.js.gz", "by gzip"),
];

#[test]
fn what_was_compressed_is_sent_so_to_whom_it_suits() {
    let mut site = Site::new("encodings").with(COMPRESSED);
    for (accepts, encoding) in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000,gzip;q=0.001", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br; q=0.8 , gzip; Q=0.8", "br"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("gzip, *;q=0", "gzip"),
        ("identity, br;q=0.5", "none"),
        ("identity;q=0.5, br", "br"),
        ("identity", "none"),
        ("br;q=0, gzip;q=0", "none"),
        ("br;q=high", "none"),
        ("br;q=-1", "none"),
        ("deflate, zstd", "none"),
        ("", "none"),
        // Nothing suits: the file is better than an error.
        ("*;q=0", "none"),
        ("identity;q=0", "none"),
    ] {
        assert_eq!(site.sent(accepts), encoding, "Accept-Encoding: {accepts}");
    }
    let unasked = site.ask("GET", "/base/page.js", "");
    assert_eq!(unasked.header("content-encoding"), None);
    let two = site.ask(
        "GET",
        "/base/page.js",
        "accept-encoding: deflate\r\nACCEPT-ENCODING: gzip\r\n",
    );
    assert_eq!(two.header("content-encoding"), Some("gzip"));
}

#[test]
fn what_is_there_in_one_encoding_is_not_asked_for_in_another() {
    let mut site =
        Site::new("one-encoding").with(&[("page.js", "by none"), ("page.js.gz", "by gzip")]);
    assert_eq!(site.sent("br, gzip"), "gzip");
    assert_eq!(site.sent("br"), "none");
}

#[test]
fn what_was_compressed_before_the_file_changed_is_not_sent() {
    let mut site = Site::new("stale").with(COMPRESSED);
    let page = File::options()
        .write(true)
        .open(site.folder.join("root/page.js"))
        .expect("it is there");
    let written = page.metadata().and_then(|metadata| metadata.modified());
    page.set_modified(written.expect("it is known") + Duration::from_secs(10))
        .expect("it is ours");
    assert_eq!(site.sent("br, gzip"), "none");
}

#[test]
fn a_compressed_module_is_a_module_still() {
    let mut site = Site::new("module").with(&[("a.wasm", "plain"), ("a.wasm.br", "small")]);
    let answer = site.ask("HEAD", "/base/a.wasm", "Accept-Encoding: br\r\n");
    assert_eq!(answer.header("content-type"), Some("application/wasm"));
    assert_eq!(answer.header("content-encoding"), Some("br"));
    assert_eq!(answer.header("content-length"), Some("5"));
    // HEAD has no body, so that the next answer is read from its beginning.
    let answer = site.ask("GET", "/base/a.wasm", "");
    assert_eq!(answer.body, "plain");
    assert_eq!(answer.header("content-length"), Some("5"));
}

#[test]
fn names_with_a_hash_are_kept_for_good_and_others_are_asked_for_again() {
    let hashed = "app-0123456789abcdef_first.wasm";
    let plain = ["index.html", "worker.js", "two-words.js", "app-0123.js"];
    let mut files = vec![(hashed, ""), ("plugboard-0123456789abcdef.css", "")];
    files.extend(plain.map(|name| (name, "")));
    let mut site = Site::new("caching").with(&files);
    for (name, _) in &files {
        let answer = site.ask("GET", &format!("/base/{name}"), "");
        let expected = if plain.contains(name) {
            "no-cache"
        } else {
            "public, max-age=31536000, immutable"
        };
        assert_eq!(answer.header("cache-control"), Some(expected), "{name}");
    }
    assert_eq!(
        site.ask("GET", "/base/none-0123456789abcdef.js", "")
            .header("cache-control"),
        Some("no-store")
    );
}

#[test]
fn what_the_browser_has_is_not_sent_again() {
    let mut site = Site::new("known").with(COMPRESSED);
    let plain = site.ask("GET", "/base/page.js", "");
    let etag = plain.header("etag").expect("it has one").to_owned();
    let compressed = site.ask("GET", "/base/page.js", "Accept-Encoding: br\r\n");
    assert_ne!(compressed.header("etag"), Some(etag.as_str()));

    for known in [etag.clone(), format!("\"other\", W/{etag}"), "*".to_owned()] {
        for method in ["GET", "HEAD"] {
            let answer = site.ask(
                method,
                "/base/page.js",
                &format!("If-None-Match: {known}\r\n"),
            );
            assert_eq!(answer.status(), "304", "{method}, If-None-Match: {known}");
            assert_eq!(answer.header("etag"), Some(etag.as_str()));
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
            assert_eq!(answer.header("cache-control"), Some("no-cache"));
            assert_eq!(answer.header("content-length"), None);
        }
    }
    // What is known is one encoding of it, and what is wanted another.
    let other = site.ask(
        "GET",
        "/base/page.js",
        &format!("Accept-Encoding: br\r\nIf-None-Match: {etag}\r\n"),
    );
    assert_eq!((other.status(), other.body.as_str()), ("200", "by br"));

    let site = &mut site.with(&[("page.js", "changed")]);
    let changed = site.ask(
        "GET",
        "/base/page.js",
        &format!("If-None-Match: {etag}\r\n"),
    );
    assert_eq!(
        (changed.status(), changed.body.as_str()),
        ("200", "changed")
    );
}

#[test]
fn paths_stay_within_the_directory() {
    let mut site = Site::new("paths").with(&[("index.html", "home"), ("é x.txt", "named")]);
    for path in [
        "/base/",
        "/base/?query=/..",
        "/base/index.html?a#b",
        "/base/%69ndex.html",
    ] {
        let answer = site.ask("GET", path, "");
        assert_eq!(
            (answer.status(), answer.body.as_str()),
            ("200", "home"),
            "{path}"
        );
    }
    assert_eq!(site.ask("GET", "/base/%C3%A9%20x.txt", "").body, "named");
    for path in [
        "/",
        "/index.html",
        "/base",
        "/base/none",
        "/base/folder",
        "/base/index.html/",
        "/base/../secret.txt",
        "/base/%2e%2e/secret.txt",
        "/base/..%2fsecret.txt",
        "/base/folder/../../secret.txt",
        "/base//etc/passwd",
        "/base/%2fetc/passwd",
        "/base/index.html%00.js",
    ] {
        // On the same connection: that something is not there does not end it.
        let answer = site.ask("GET", path, "Accept-Encoding: br\r\n");
        assert_eq!(
            (answer.status(), answer.body.as_str()),
            ("404", "not found\n"),
            "{path}"
        );
    }
}

#[test]
fn what_is_no_request_for_a_file_ends_the_connection() {
    for (method, path, headers, status) in [
        ("POST", "/base/", "Content-Length: 3\r\n", "405"),
        ("GET", "/base/%zz", "", "400"),
        ("GET", "/base/%ff", "", "400"),
        ("GET", "two words", "", "400"),
        ("GET", "/base/", "no header\r\n", "400"),
        ("GET", "/base/", "Connection: close\r\n", "200"),
    ] {
        let mut site = Site::new("ended").with(&[("index.html", "home")]);
        let answer = site.ask(method, path, headers);
        assert_eq!(answer.status(), status, "{method} {path} {headers}");
        assert_eq!(answer.header("connection"), Some("close"));
        assert_eq!(site.connection.read(&mut [0]).expect("it ends"), 0);
    }
}
