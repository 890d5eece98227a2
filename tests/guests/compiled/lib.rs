//! The guests of `tests/guests/programs`, compiled: `build.rs` does it.

// `ALL`: each guest's name and its module, by name.
include!(concat!(env!("OUT_DIR"), "/all.rs"));

/// The module of `guest`.
///
/// # Panics
/// If there is no program of that name.
pub fn module(guest: &str) -> &'static [u8] {
    match ALL.iter().find(|(name, _)| *name == guest) {
        Some((_, module)) => module,
        None => panic!("there is no guest {guest} in tests/guests/programs"),
    }
}
