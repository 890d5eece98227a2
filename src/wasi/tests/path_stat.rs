//! The attributes of what a path leads to.

use super::*;

fn guest() -> Guest {
    let mut guest = Guest::with_files(&[("file", "text"), ("d/", "")]);
    guest.put(0, b"filelink");
    guest.ok(Function::PathSymlink, &[0, 4, DIR, 4, 4]);
    guest.fill();
    guest
}

impl Guest {
    #[track_caller]
    fn stat(&mut self, flags: u64, path: &str) -> Result<[u64; 8], Errno> {
        self.fill();
        self.put(1_000, path.as_bytes());
        let args = [DIR, flags, 1_000, path.len() as u64, 1];
        match self.errno(Function::PathFilestatGet, &args) {
            Errno::Success => Ok(std::array::from_fn(|n| self.u64_at(1 + 8 * n as u32))),
            errno => {
                self.assert_memory(&[(1_000, path.as_bytes())]);
                Err(errno)
            }
        }
    }
}

#[test]
fn path_filestat_get_tells_of_files_directories_and_links() {
    let mut guest = guest();
    let file = [1, 3, 4, 1, 4, NOW, NOW, NOW];
    assert_eq!(guest.stat(0, "file"), Ok(file));
    assert_eq!(guest.stat(0, "d"), Ok([1, 2, 3, 2, 0, NOW, NOW, NOW]));
    assert_eq!(guest.stat(0, "link"), Ok([1, 4, 7, 1, 4, NOW, NOW, NOW]));
    assert_eq!(guest.stat(FOLLOW, "link"), Ok(file));
    assert_eq!(guest.stat(FOLLOW, "d/../file"), Ok(file));
}

#[test]
fn path_filestat_get_fails_as_any_path_does() {
    let mut guest = guest();
    for (flags, path, errno) in [
        (0, "missing", Errno::Noent),
        (0, "file/", Errno::Notdir),
        (0, "link/", Errno::Notdir),
        (0, "..", Errno::Perm),
        (2, "file", Errno::Inval),
    ] {
        assert_eq!(guest.stat(flags, path), Err(errno), "{path}");
    }
    guest.put(0, b"file");
    guest.assert_bounds(Function::PathFilestatGet, &[DIR, 0, 0, 4, 100], 4, 64);
    assert_eq!(
        guest.errno(Function::PathFilestatGet, &[99, 0, 0, 4, 100]),
        Errno::Badf
    );
}

#[test]
fn path_filestat_set_times_is_for_the_link_or_its_target() {
    let mut guest = guest();
    guest.set_realtime(77);
    guest.put(0, b"link");
    guest.ok(Function::PathFilestatSetTimes, &[DIR, 0, 0, 4, 5, 6, 1 | 4]);
    assert_eq!(guest.stat(0, "link").unwrap()[5..], [5, 6, 77]);
    assert_eq!(guest.stat(0, "file").unwrap()[5..], [NOW, NOW, NOW]);
    guest.put(0, b"link");
    guest.ok(
        Function::PathFilestatSetTimes,
        &[DIR, FOLLOW, 0, 4, 5, 6, 2 | 4],
    );
    assert_eq!(guest.stat(0, "file").unwrap()[5..], [77, 6, 77]);
}

#[test]
fn path_filestat_set_times_refuses_contradictions() {
    let mut guest = guest();
    guest.put(0, b"file");
    for flags in [3, 12, 16] {
        let args = [DIR, 0, 0, 4, 5, 6, flags];
        assert_eq!(
            guest.errno(Function::PathFilestatSetTimes, &args),
            Errno::Inval
        );
    }
    assert_eq!(guest.stat(0, "file").unwrap()[5..], [NOW, NOW, NOW]);
}
