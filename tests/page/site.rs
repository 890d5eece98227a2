//! The built page, served.

use crate::server;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread;

/// Where the page is served: not at the root, since it must work under any path.
const BASE: &str = "/some/where/";

/// The directory of this repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The built page.
pub(crate) fn dist() -> PathBuf {
    let dist = repository().join("dist");
    assert!(
        dist.join("index.html").is_file(),
        "there is no dist/: `make build` makes it"
    );
    dist
}

/// Serves a directory on a port of its own; says where.
pub(crate) fn serve(dist: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || server::serve(&listener, &dist, BASE));
    format!("http://127.0.0.1:{port}{BASE}")
}
