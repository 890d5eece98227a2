//! Which hosts a plugin may send HTTP requests to.

/// The host that an address leads to; `None`: it is no address of HTTP, or could be read in more than one way.
pub(super) fn host_of(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let is_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    // Browsers take a backslash for a slash, drop what is no text, and decode the host.
    if !is_http
        || !url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(address) => host.get(..address.find(']')? + 2)?,
        None => host.split_once(':').map_or(host, |(host, _)| host),
    };
    (!host.is_empty() && !host.contains('%')).then_some(host)
}

/// Whether one of the patterns matches.
pub(super) fn is_allowed(host: &str, patterns: &[String]) -> bool {
    let host = host.to_ascii_lowercase();
    let mut patterns = patterns.iter();
    patterns.any(|pattern| {
        matches(
            pattern.trim().to_ascii_lowercase().as_bytes(),
            host.as_bytes(),
        )
    })
}

/// Whether a glob matches: `*` is any text, `?` any character, `[a-z]` and `[!a-z]` one of these or none of them.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    // Where the latest `*` was, and what it has taken in.
    let mut star: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(at), text.get(from)) {
            (Some(b'*'), _) => {
                star = Some((at, from));
                at += 1;
                continue;
            }
            (None, None) => return true,
            (Some(_), Some(byte)) => {
                if let Some(next) = one(pattern, at, *byte) {
                    (at, from) = (next, from + 1);
                    continue;
                }
            }
            _ => {}
        }
        match star {
            Some((place, taken)) if taken < text.len() => {
                star = Some((place, taken + 1));
                (at, from) = (place + 1, taken + 1);
            }
            _ => return false,
        }
    }
}

/// Where the pattern goes on if what is there takes this byte.
fn one(pattern: &[u8], at: usize, byte: u8) -> Option<usize> {
    match pattern.get(at)? {
        b'?' => Some(at + 1),
        b'[' => {
            let rest = pattern.get(at + 1..)?;
            let inverted = rest.first() == Some(&b'!');
            let rest = rest.get(usize::from(inverted)..)?;
            // A bracket that comes first is one of them.
            let end = 1 + rest.iter().skip(1).position(|byte| *byte == b']')?;
            let is_one = is_among(rest.get(..end)?, byte);
            (is_one != inverted).then_some(at + 2 + usize::from(inverted) + end)
        }
        exact => (*exact == byte).then_some(at + 1),
    }
}

/// Whether a byte is among those of a class.
fn is_among(class: &[u8], byte: u8) -> bool {
    match class {
        [low, b'-', high, rest @ ..] => (*low..=*high).contains(&byte) || is_among(rest, byte),
        [one, rest @ ..] => *one == byte || is_among(rest, byte),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_what_a_request_goes_to() {
        for (url, host) in [
            ("https://example.com", Some("example.com")),
            ("http://example.com:8080/a?b#c", Some("example.com")),
            ("HTTP://a.b?x=http://c.d", Some("a.b")),
            ("http://allowed.com@evil.com/", Some("evil.com")),
            ("http://[::1]:80/", Some("[::1]")),
            ("http://evil.com\\@allowed.com/", None),
            ("http://ev%69l.com/", None),
            ("http://evil.com\t.allowed.com/", None),
            ("http://", None),
            ("http:///x", None),
            ("file:///etc/passwd", None),
            ("data:text/plain,x", None),
            ("example.com", None),
            ("http://[::1", None),
        ] {
            assert_eq!(host_of(url), host, "{url}");
        }
    }

    #[test]
    fn hosts_are_allowed_by_globs() {
        for (pattern, host, allowed) in [
            ("example.com", "example.com", true),
            ("example.com", "EXAMPLE.com", true),
            ("example.com", "an.example.com", false),
            ("*.example.com", "an.example.com", true),
            ("*.example.com", "example.com", false),
            ("*", "anything", true),
            ("*a*b", "xaxxbxb", true),
            ("*a*b", "xaxxbx", false),
            ("exampl?.com", "example.com", true),
            ("[a-c]x.com", "bx.com", true),
            ("[!a-c]x.com", "bx.com", false),
            ("[]]x", "]x", true),
            ("[", "[", false),
            ("", "x", false),
        ] {
            let is_allowed = is_allowed(host, &[pattern.to_owned()]);
            assert_eq!(is_allowed, allowed, "{pattern} of {host}");
        }
        assert!(!is_allowed("x", &[]));
    }

    #[test]
    fn many_stars_take_no_long_time() {
        let pattern = "*a".repeat(2000);
        let text = "a".repeat(4000) + "b";
        assert!(!matches(pattern.as_bytes(), text.as_bytes()));
    }
}
