//! Renaming: over what is there, with trailing slashes, into itself.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

fn main() {
    wasi::create("a", b"a");
    wasi::create("b", b"b");
    assert_eq!(wasi::rename("a", "b"), Ok(()));
    assert_eq!(wasi::contents("b").unwrap(), b"a");
    assert_eq!(wasi::stat(0, "a"), Err(wasi::NOENT));
    assert_eq!(wasi::rename("a", "c"), Err(wasi::NOENT));

    wasi::mkdir("d").unwrap();
    wasi::mkdir("empty").unwrap();
    wasi::create("d/file", b"f");
    assert_eq!(wasi::rename("b", "d"), Err(wasi::ISDIR));
    assert_eq!(wasi::rename("d", "b"), Err(wasi::NOTDIR));
    assert_eq!(wasi::rename("empty", "d"), Err(wasi::NOTEMPTY));
    assert_eq!(wasi::rename("d", "d/sub"), Err(wasi::INVAL));
    assert_eq!(wasi::rename("b", "x/"), Err(wasi::NOTDIR));
    assert_eq!(wasi::rename("b/", "x"), Err(wasi::NOTDIR));
    assert_eq!(wasi::rename("b", "../x"), Err(wasi::PERM));
    assert_eq!(wasi::rename("d/", "empty/"), Ok(()), "over an empty one");
    assert_eq!(wasi::contents("empty/file").unwrap(), b"f");

    // Two names of one file: nothing happens.
    wasi::link("b", "same").unwrap();
    assert_eq!(wasi::rename("b", "same"), Ok(()));
    assert_eq!(wasi::stat(0, "b").unwrap().links, 2);
    // A link is renamed itself, and replaced itself.
    wasi::symlink("b", "link").unwrap();
    assert_eq!(wasi::rename("link", "moved"), Ok(()));
    assert_eq!(wasi::readlink("moved", &mut [0]), Ok(1));
    assert_eq!(wasi::rename("same", "moved"), Ok(()));
    assert_eq!(wasi::contents("moved").unwrap(), b"a");
    println!("ok");
}
