//! Yielding succeeds; signals are not supported, and end nothing.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

fn main() {
    for _ in 0..1000 {
        assert_eq!(call!(sched_yield()), Ok(()));
    }
    assert_eq!(call!(proc_raise(6)), Err(wasi::NOSYS));
    println!("ok");
}
