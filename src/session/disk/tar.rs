//! A tar file, as GNU's tar writes and every other reads it.
//!
//! By hand, since little of the format is needed, and a crate that knows it all is 4 kB of the download.

const BLOCK: usize = 512;

/// What an entry is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind<'a> {
    File(&'a [u8]),
    Directory,
    /// With where it points.
    Symlink(&'a str),
}

/// An archive that is being written.
#[derive(Debug, Default)]
pub(super) struct Tar(Vec<u8>);

impl Tar {
    /// Adds an entry; `modified` is in seconds since 1970.
    pub(super) fn add(&mut self, name: &str, modified: u64, kind: Kind<'_>) {
        let (flag, mode, target, contents) = match kind {
            Kind::File(bytes) => (b'0', 0o644, "", bytes),
            Kind::Directory => (b'5', 0o755, "", &[][..]),
            Kind::Symlink(target) => (b'2', 0o777, target, &[][..]),
        };
        self.add_long(b'L', name);
        self.add_long(b'K', target);
        self.add_block(flag, name, target, mode, modified, contents);
    }

    /// The archive.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 2 * BLOCK, 0);
        self.0
    }

    /// What does not fit into a header goes before it.
    fn add_long(&mut self, flag: u8, text: &str) {
        if text.len() > 100 {
            let contents = [text.as_bytes(), &[0]].concat();
            self.add_block(flag, "././@LongLink", "", 0o644, 0, &contents);
        }
    }

    fn add_block(
        &mut self,
        flag: u8,
        name: &str,
        target: &str,
        mode: u64,
        modified: u64,
        contents: &[u8],
    ) {
        let mut header = Vec::with_capacity(BLOCK);
        put(&mut header, 100, name.as_bytes());
        put_number(&mut header, 8, mode);
        put_number(&mut header, 8, 0);
        put_number(&mut header, 8, 0);
        put_number(&mut header, 12, contents.len() as u64);
        put_number(&mut header, 12, modified);
        let sum = header.len();
        put(&mut header, 8, b"        ");
        header.push(flag);
        put(&mut header, 100, target.as_bytes());
        put(&mut header, BLOCK - 257, b"ustar  \0");
        let total = header.iter().map(|byte| u64::from(*byte)).sum();
        let mut digits = Vec::new();
        put_number(&mut digits, 7, total);
        for (place, digit) in header.iter_mut().skip(sum).zip(digits) {
            *place = digit;
        }
        self.0.extend(header);
        self.0.extend(contents);
        self.0.resize(self.0.len().next_multiple_of(BLOCK), 0);
    }
}

/// A field of `width` bytes, cut or filled up with zeros.
fn put(header: &mut Vec<u8>, width: usize, bytes: &[u8]) {
    let end = header.len() + width;
    header.extend(bytes.iter().take(width));
    header.resize(end, 0);
}

/// A number in octal digits, with a zero behind them; a larger one as GNU writes it, in bytes.
fn put_number(header: &mut Vec<u8>, width: usize, number: u64) {
    let digits = format!("{number:0width$o}", width = width - 1);
    if digits.len() < width {
        put(header, width, digits.as_bytes());
    } else {
        header.push(0x80);
        header.resize(header.len() + width - 9, 0);
        header.extend(number.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn a_crate_that_knows_all_of_the_format_reads_it() {
        let (name, target) = ("n/".repeat(60) + "ä", "t".repeat(101));
        let mut tar = Tar::default();
        tar.add(&name, 1 << 40, Kind::Symlink(&target));
        tar.add("short", 1_700_000_000, Kind::File(b"text"));
        let bytes = tar.finish();
        assert!(bytes.len().is_multiple_of(BLOCK));

        let mut archive = ::tar::Archive::new(bytes.as_slice());
        let mut entries = archive.entries().unwrap();
        let link = entries.next().unwrap().unwrap();
        assert_eq!(link.path_bytes(), name.as_bytes());
        assert_eq!(link.link_name_bytes().unwrap(), target.as_bytes());
        assert_eq!(link.header().entry_type(), ::tar::EntryType::Symlink);
        assert_eq!(link.header().mtime().unwrap(), 1 << 40);
        let mut file = entries.next().unwrap().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "text");
        assert_eq!(file.header().mtime().unwrap(), 1_700_000_000);
        assert!(entries.next().is_none());
    }
}
