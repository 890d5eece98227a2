//! Why the file system refused.

/// A refusal, in the file system's own terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A component of the path does not exist, or the path is empty.
    #[error("no such file or directory")]
    NotFound,
    /// A component that must be a directory is something else.
    #[error("not a directory")]
    NotDirectory,
    /// What must not be a directory is one.
    #[error("is a directory")]
    IsDirectory,
    /// What was to be created exists.
    #[error("exists already")]
    Exists,
    /// The directory still has entries.
    #[error("directory not empty")]
    NotEmpty,
    /// Too many symbolic links on the way, or one at the end that must not be followed.
    #[error("too many levels of symbolic links")]
    Loop,
    /// A component is longer than [`super::NAME_MAX`], or the path than [`super::PATH_MAX`].
    #[error("name too long")]
    NameTooLong,
    /// The path would leave the directory it starts from.
    #[error("path leads out of its directory")]
    Escape,
    /// The request makes no sense for this object, such as reading a file as a link, or moving a
    /// directory into itself.
    #[error("invalid argument")]
    Invalid,
    /// `.` and `..` can be neither renamed nor renamed over.
    #[error("in use by the system")]
    Busy,
    /// The quota of bytes or inodes is used up.
    #[error("no space left")]
    NoSpace,
    /// The file would grow beyond the largest size that a file may have.
    #[error("file too large")]
    FileTooLarge,
    /// The directory that the path starts from must not be changed.
    #[error("read-only file system")]
    ReadOnly,
    /// Never allowed, whatever the quota: a hard link to a directory, a link or a move between a
    /// read-only and a writable place, truncation in a read-only one, an absolute link target.
    #[error("operation not permitted")]
    NotPermitted,
}
