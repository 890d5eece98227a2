//! Stdin: read as it comes, to its end.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

fn main() {
    let mut total = Vec::new();
    let mut buffer = [0; 4];
    loop {
        match wasi::read(0, &mut buffer).unwrap() {
            0 => break,
            read => total.extend_from_slice(&buffer[..read]),
        }
    }
    assert_eq!(wasi::write(0, b"x"), Err(wasi::BADF));
    assert_eq!(wasi::read(1, &mut buffer), Err(wasi::BADF));
    assert_eq!(wasi::write(1, &total), Ok(total.len()));
    assert_eq!(wasi::write(2, b"end\n"), Ok(4));
}
