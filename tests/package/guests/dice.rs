//! Writes what it sees of time and chance: the time of day, how long an hour takes, and what a hash
//! map makes of its seed.

use std::hash::BuildHasher;
use std::io::Write;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn main() {
    let day = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    let start = Instant::now();
    std::thread::sleep(Duration::from_secs(3600));
    let hour = start.elapsed();
    assert!(hour >= Duration::from_secs(3600));
    let chance = std::collections::hash_map::RandomState::new().hash_one(1);
    for number in [day.as_nanos() as u64, hour.as_nanos() as u64, chance] {
        std::io::stdout()
            .write_all(&number.to_le_bytes())
            .expect("stdout is writable");
    }
}
