//! The built page, served.

use crate::server;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;

/// Where the page is served: not at the root, since it must work under any path.
const BASE: &str = "/some/where/";

/// The directory of this repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The built page. With `ENGINE=browser`, one on which each plugin has the browser's engine chosen.
pub(crate) fn dist() -> PathBuf {
    static CHOOSES: OnceLock<PathBuf> = OnceLock::new();
    match std::env::var("ENGINE").as_deref() {
        Ok("browser") => CHOOSES.get_or_init(|| chooses(&built())).clone(),
        _ => built(),
    }
}

fn built() -> PathBuf {
    let dist = repository().join("dist");
    assert!(
        dist.join("index.html").is_file(),
        "there is no dist/: `make build` makes it"
    );
    dist
}

/// A copy that has a script more.
fn chooses(dist: &Path) -> PathBuf {
    let copy = repository().join("target/dist-engine");
    drop(fs::remove_dir_all(&copy));
    copy_all(dist, &copy);
    fs::write(copy.join("chooser.js"), include_str!("chooser.js")).expect("it is written");
    let index = copy.join("index.html");
    let page = fs::read_to_string(&index).expect("it is there");
    let page = page.replace("</head>", "<script src=\"chooser.js\"></script></head>");
    fs::write(index, page).expect("it is written");
    copy
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("it is made");
    for entry in fs::read_dir(from).expect("it can be listed") {
        let from = entry.expect("it can be listed").path();
        let to = to.join(from.file_name().expect("it has a name"));
        match from.is_dir() {
            true => copy_all(&from, &to),
            false => drop(fs::copy(&from, &to).expect("it can be copied")),
        }
    }
}

/// Serves a directory on a port of its own; says where.
pub(crate) fn serve(dist: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || server::serve(&listener, &dist, BASE));
    format!("http://127.0.0.1:{port}{BASE}")
}
