//! Clocks: four of them, of which the monotonic one does not go back.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

fn main() {
    for clock in 0..4 {
        let mut resolution = 0;
        assert_eq!(call!(clock_res_get(clock, &mut resolution)), Ok(()));
        assert!(resolution > 0);
        assert!(wasi::time(clock).is_ok());
    }
    let mut resolution = 0;
    assert_eq!(call!(clock_res_get(4, &mut resolution)), Err(wasi::INVAL));
    assert_eq!(wasi::time(4), Err(wasi::INVAL));
    assert!(
        wasi::time(0).unwrap() > 1_600_000_000_000_000_000,
        "the time of day"
    );
    let mut last = 0;
    for _ in 0..1000 {
        let now = wasi::time(1).unwrap();
        assert!(now >= last);
        last = now;
    }
    println!("ok");
}
