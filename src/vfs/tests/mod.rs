//! What the file system promises.
