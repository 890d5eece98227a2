//! Finding the file of a path, and what a browser is told of it.

use super::encoding::Accepted;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Component, Path, PathBuf};

/// A file as it is sent.
pub(crate) struct Found {
    pub(crate) bytes: Vec<u8>,
    /// `None`: as it is.
    pub(crate) encoding: Option<&'static str>,
    pub(crate) content_type: &'static str,
    pub(crate) cache_control: &'static str,
    /// Of these very bytes.
    pub(crate) etag: String,
}

/// What is sent for `path`, if there is a file there and it stays within `root`.
pub(crate) fn find(root: &Path, path: &str, accepts: &Accepted) -> Option<Found> {
    let file = file_of(root, path)?;
    let compressed = accepts.best_first().into_iter().find_map(|(coding, end)| {
        let mut name = file.clone().into_os_string();
        name.push(format!(".{end}"));
        let compressed = PathBuf::from(name);
        let fresh = modified(&compressed)? >= modified(&file)?;
        Some((Some(coding), fs::read(&compressed).ok().filter(|_| fresh)?))
    });
    let (encoding, bytes) = match compressed {
        Some(compressed) => compressed,
        None => (None, fs::read(&file).ok()?),
    };
    let mut hasher = DefaultHasher::new();
    hasher.write(&bytes);
    Some(Found {
        etag: format!("\"{:016x}\"", hasher.finish()),
        bytes,
        encoding,
        content_type: content_type(&file),
        cache_control: if is_hashed(&file) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        },
    })
}

fn modified(file: &Path) -> Option<std::time::SystemTime> {
    fs::metadata(file).ok()?.modified().ok()
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

/// Whether the name has a hash of what is in the file, as `app-0123456789abcdef_first.wasm` has: it is never
/// another file.
fn is_hashed(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let Some((_, rest)) = name.rsplit_once('-') else {
        return false;
    };
    let hash = rest.split(['.', '_']).next().unwrap_or_default();
    hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What a browser wants to be told of a file: without it, `.wasm` does not stream and modules do
/// not load.
fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("go" | "txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
