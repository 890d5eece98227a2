//! How the bytes of a line are shown.

use std::borrow::Cow;

/// The text of a line: what is no UTF-8 as U+FFFD, without the carriage return of a line that ends as
/// in DOS. Of a line that is `open` the bytes at the end that may become a code point are left out
/// until they have.
pub(super) fn line(bytes: &[u8], open: bool) -> String {
    let seen = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let whole = if open { whole(seen) } else { seen };
    match String::from_utf8_lossy(whole) {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    }
}

/// `bytes` without a code point at their end that is not complete.
pub(super) fn whole(bytes: &[u8]) -> &[u8] {
    let tail = bytes.len().saturating_sub(3);
    for start in (tail..bytes.len()).rev() {
        let Some(end) = bytes.get(start..) else {
            break;
        };
        match std::str::from_utf8(end) {
            // A lead byte whose continuation is missing.
            Err(error) if error.valid_up_to() == 0 && error.error_len().is_none() => {
                return bytes.get(..start).unwrap_or(bytes);
            }
            Ok(_) => break,
            Err(_) => {}
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text_and_what_is_no_text_is_marked() {
        assert_eq!(line(b"plain", false), "plain");
        assert_eq!(line("wąż 🐍".as_bytes(), false), "wąż 🐍");
        assert_eq!(line(b"a\xffb", false), "a\u{fffd}b");
        assert_eq!(line(b"<b>&amp;", false), "<b>&amp;");
    }

    #[test]
    fn lines_may_end_as_in_dos() {
        assert_eq!(line(b"dos\r", false), "dos");
    }

    #[test]
    fn an_open_line_waits_for_the_rest_of_a_code_point() {
        let snake = "🐍".as_bytes();
        for cut in 1..snake.len() {
            let mut bytes = b"a".to_vec();
            bytes.extend_from_slice(&snake[..cut]);
            assert_eq!(line(&bytes, true), "a", "{cut} bytes of the snake");
            assert_eq!(line(&bytes, false), "a\u{fffd}");
        }
        assert_eq!(line(snake, true), "🐍");
        assert_eq!(line(b"\xff", true), "\u{fffd}");
    }
}
