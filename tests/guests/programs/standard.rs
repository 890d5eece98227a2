//! What a program in Rust does without knowing of WASI: files, times, maps, threads that sleep.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

fn main() -> std::io::Result<()> {
    fs::create_dir_all("/a/b/c")?;
    fs::write("/a/b/c/one", "1")?;
    fs::copy("/a/b/c/one", "/a/two")?;
    fs::rename("/a/two", "/a/b/two")?;
    fs::hard_link("/a/b/two", "/a/three")?;
    let mut file = fs::File::options().append(true).open("/a/three")?;
    writeln!(file, "+")?;
    assert_eq!(fs::read_to_string("/a/b/two")?, "1+\n");
    let mut names: Vec<_> = fs::read_dir("/a")?
        .map(|entry| entry.map(|entry| entry.file_name().into_string().unwrap()))
        .collect::<Result<_, _>>()?;
    names.sort();
    assert_eq!(names, ["b", "three"]);
    let began = Instant::now();
    std::thread::sleep(Duration::from_millis(20));
    assert!(began.elapsed() >= Duration::from_millis(20));
    let squares: HashMap<u32, u32> = (0..100).map(|n| (n, n * n)).collect();
    assert_eq!(squares[&9], 81);
    fs::remove_dir_all("/a/b")?;
    assert!(!fs::exists("/a/b")?);
    println!("ok");
    Ok(())
}
