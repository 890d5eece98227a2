//! Listing a directory: in parts, from a cookie on, while it changes.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use wasi::{DIRECTORY, READDIR, ROOT};

/// Names and cookies from `cookie` on, through a buffer of `size` bytes.
fn list(fd: u32, mut cookie: u64, size: usize) -> Vec<(String, u64)> {
    let mut all = Vec::new();
    loop {
        let (mut buffer, mut used) = (vec![0; size], 0);
        let result = call!(fd_readdir(fd, buffer.as_mut_ptr(), size, cookie, &mut used));
        assert_eq!(result, Ok(()));
        let (mut rest, before) = (&buffer[..used], all.len());
        while rest.len() >= 24 {
            let next = u64::from_le_bytes(rest[..8].try_into().unwrap());
            let length = u32::from_le_bytes(rest[16..20].try_into().unwrap()) as usize;
            let Some(name) = rest.get(24..24 + length) else {
                break;
            };
            all.push((String::from_utf8(name.to_vec()).unwrap(), next));
            cookie = next;
            rest = &rest[24 + length..];
        }
        if used < size {
            return all;
        }
        assert!(
            all.len() > before,
            "a buffer that an entry fits in makes progress"
        );
    }
}

fn names(entries: Vec<(String, u64)>) -> Vec<String> {
    entries
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with('.'))
        .collect()
}

fn main() {
    wasi::mkdir("d").unwrap();
    let many: Vec<String> = (0..100).map(|number| format!("file{number:02}")).collect();
    for name in &many {
        wasi::create(&format!("d/{name}"), b"");
    }
    let fd = wasi::open("d", DIRECTORY, READDIR).unwrap();
    for size in [40, 100, 4096, 1 << 20] {
        let mut found = names(list(fd, 0, size));
        found.sort();
        assert_eq!(found, many, "by {size} bytes");
    }
    let all = list(fd, 0, 4096);
    assert!(all.iter().any(|(name, _)| name == ".") && all.iter().any(|(name, _)| name == ".."));

    // What was there all along is told once, whatever comes and goes meanwhile.
    let (_, cookie) = all[50];
    let rest: Vec<String> = names(all[51..].to_vec());
    for (name, _) in &all[..51] {
        if !name.starts_with('.') {
            wasi::unlink(&format!("d/{name}")).unwrap();
        }
    }
    wasi::create("d/a new one", b"");
    let later = names(list(fd, cookie, 4096));
    let known: Vec<_> = later
        .into_iter()
        .filter(|name| name != "a new one")
        .collect();
    assert_eq!(known, rest);

    let file = wasi::open("d/a new one", 0, READDIR).unwrap();
    let (mut buffer, mut used) = ([0_u8; 64], 0);
    let listed = call!(fd_readdir(file, buffer.as_mut_ptr(), 64, 0, &mut used));
    assert_eq!(listed, Err(wasi::BADF));
    let listed = call!(fd_readdir(
        ROOT,
        buffer.as_mut_ptr(),
        usize::MAX,
        0,
        &mut used
    ));
    assert_eq!(listed, Err(wasi::FAULT));
    println!("ok");
}
