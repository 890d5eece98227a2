//! The toolchain's files are compressed.

use flate2::read::GzDecoder;
use std::io::Read;

/// What a gzip file holds.
///
/// # Errors
///
/// When it is none, or cut short: the text says so.
pub fn gunzip(file: &[u8]) -> Result<Vec<u8>, String> {
    let mut contents = Vec::new();
    GzDecoder::new(file)
        .read_to_end(&mut contents)
        .map_err(|error| format!("it cannot be decompressed: {error}"))?;
    Ok(contents)
}
