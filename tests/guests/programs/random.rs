//! Random bytes: of any length, and never beyond it.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

fn main() {
    let mut buffer = vec![0_u8; 200_002];
    let middle = &mut buffer[1..200_001];
    assert_eq!(call!(random_get(middle.as_mut_ptr(), middle.len())), Ok(()));
    assert!(
        middle
            .chunks(1000)
            .all(|chunk| chunk.iter().any(|byte| *byte != 0))
    );
    assert_eq!((buffer[0], buffer[200_001]), (0, 0));
    assert_eq!(call!(random_get(buffer.as_mut_ptr(), 0)), Ok(()));
    assert_eq!(
        call!(random_get(buffer.as_mut_ptr(), usize::MAX)),
        Err(wasi::FAULT)
    );
    println!("ok");
}
