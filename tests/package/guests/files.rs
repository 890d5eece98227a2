//! Copies a file, makes a link, and exits with what it gets for writing where it may not.

use std::fs;

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    fn path_symlink(
        target: *const u8,
        length: usize,
        fd: u32,
        at: *const u8,
        at_length: usize,
    ) -> i32;
}

fn main() {
    let motd = fs::read("/etc/motd").expect("the test puts it there");
    fs::write("/copy", motd).expect("/ can be written");
    // std offers it on nightly only.
    let (target, at) = ("etc/motd", "link");
    // SAFETY: both are valid for the length of the call.
    let errno = unsafe { path_symlink(target.as_ptr(), target.len(), 3, at.as_ptr(), at.len()) };
    assert_eq!(errno, 0);
    let refused = fs::write("/ro/new", "").expect_err("/ro cannot be written");
    std::process::exit(refused.raw_os_error().unwrap_or_default());
}
