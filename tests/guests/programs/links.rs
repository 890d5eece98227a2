//! Links, hard and symbolic: made, read, refused.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{FOLLOW, ROOT};

fn main() {
    wasi::create("file", b"one");
    wasi::mkdir("d").unwrap();
    wasi::link("file", "d/hard").unwrap();
    assert_eq!(wasi::contents("d/hard").unwrap(), b"one");
    wasi::unlink("file").unwrap();
    assert_eq!(wasi::contents("d/hard").unwrap(), b"one");
    assert_eq!(wasi::stat(0, "d/hard").unwrap().links, 1);
    assert_eq!(wasi::link("d/hard", "d/hard"), Err(wasi::EXIST));
    assert_eq!(wasi::link("none", "x"), Err(wasi::NOENT));
    assert_eq!(wasi::link("d", "e"), Err(wasi::PERM));
    assert_eq!(wasi::link("d/hard", "../x"), Err(wasi::PERM));
    assert!(wasi::link("d/hard", "x/").is_err());
    let [(old, length), (new, new_length)] = ["d/hard", "x"].map(|s| (s.as_ptr(), s.len()));
    let followed = call!(path_link(ROOT, FOLLOW, old, length, ROOT, new, new_length));
    assert_eq!(followed, Err(wasi::INVAL), "wasmtime follows no links here");

    wasi::symlink("d/hard", "soft").unwrap();
    let mut buffer = [b'?'; 8];
    assert_eq!(wasi::readlink("soft", &mut buffer), Ok(6));
    assert_eq!(&buffer, b"d/hard??");
    assert_eq!(wasi::readlink("soft", &mut buffer[..1]), Ok(1), "what fits");
    assert_eq!(wasi::readlink("soft", &mut []), Ok(0));
    assert_eq!(wasi::readlink("d", &mut buffer), Err(wasi::INVAL));
    assert_eq!(wasi::readlink("none", &mut buffer), Err(wasi::NOENT));
    assert_eq!(wasi::contents("soft").unwrap(), b"one");
    assert_eq!(wasi::symlink("x", "soft"), Err(wasi::EXIST));
    assert_eq!(wasi::symlink("/etc", "absolute"), Err(wasi::PERM));
    assert_eq!(wasi::symlink("", "empty"), Err(wasi::NOENT));
    wasi::symlink("nowhere", "dangling").unwrap();
    assert_eq!(wasi::unlink("dangling"), Ok(()));
    assert_eq!(wasi::unlink("soft"), Ok(()), "the link goes, not the file");
    assert_eq!(wasi::contents("d/hard").unwrap(), b"one");
    println!("ok");
}
