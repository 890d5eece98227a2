//! The in-memory file system behind WASI: what a POSIX file system has, without an operating system.
//!
//! Inodes with link counts; files that live on while open after their last name is gone; hard links
//! and symbolic links; `rename` over what exists; sparse files; time stamps; directory listings that
//! stay sound while the directory changes; a quota for bytes and inodes.
//!
//! Invariants:
//! - It knows nothing of WASI: no errno, no descriptor numbers, no guest memory. Its refusals are
//!   [`Error`], which a caller maps exhaustively.
//! - It reads no clock: whatever stamps a time takes it as a [`Timestamp`].
//! - Every lookup starts at a [`Base`] and cannot leave it: `..` above it, an absolute path, and a
//!   symlink that would do either are all [`Error::Escape`].
//! - Names are UTF-8. A path that is not cannot be written down as the `&str` that every call takes.
//! - Memory follows what was written, not what was asked for: a hole costs nothing, and every byte,
//!   name and inode that a guest can bring about is charged to the [`Quota`].
//! - Nothing recurses over the tree, so no depth of directories can exhaust the stack.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

mod content;
mod create;
mod directory;
mod error;
mod file;
mod fs;
mod link;
mod node;
mod open;
mod path;
mod remove;
mod rename;
mod resolve;
mod stat;
mod tree;

pub use directory::{Cookie, Entry};
pub use error::Error;
pub use fs::{Base, Fs, Quota, Usage};
pub use node::{InodeId, Kind, Metadata, SetTime, Timestamp};
pub use open::OpenOptions;
pub use path::{NAME_MAX, Name, PATH_MAX};
pub use resolve::{Follow, SYMLINK_MAX};
pub use tree::{TREE_DEPTH_MAX, Tree, WALK_BYTES_MAX, WalkEntry};

#[cfg(test)]
mod tests;
