//! Whose function it is, by its symbol: Go's, TinyGo's, Rust's, C's.

/// Whose functions have a name without a package.
const NO_PACKAGE: &str = "without a package";

/// What is at the end of a domain in front of an import path: the linker of Go writes `_` for each `/`, so that
/// the first dot may be one of a domain.
const DOMAINS: [&str; 10] = [
    "com_", "org_", "net_", "io_", "dev_", "in_", "sh_", "me_", "ai_", "xyz_",
];

/// The package, or the crate, and what is left of the name in it.
pub(super) fn package(symbol: &str) -> (&str, &str) {
    if let Some(rest) = symbol.strip_prefix("_ZN") {
        return mangled(rest).unwrap_or((NO_PACKAGE, symbol));
    }
    // What the compilers make of types and of themselves.
    for (start, name) in [
        ("type:", "types"),
        ("type_", "types"),
        ("go:", "go"),
        ("go_", "go"),
        ("reflect/types.", "types"),
    ] {
        if let Some(rest) = symbol.strip_prefix(start) {
            return (name, rest);
        }
    }
    // `(*fmt.pp).printArg` of TinyGo's is of fmt.
    let inner = symbol.trim_start_matches(['(', '*']);
    let end = inner.find(['(', '[', '{', ' ', '$', ')']);
    let path = end.and_then(|end| inner.get(..end)).unwrap_or(inner);
    if let Some((krate, _)) = path.split_once("::") {
        let krate = krate.trim_start_matches('<');
        return (krate, symbol);
    }
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    let mut dots = path
        .match_indices('.')
        .map(|(at, _)| at)
        .filter(|at| *at >= start);
    let (Some(mut dot), second) = (dots.next(), dots.next()) else {
        return (NO_PACKAGE, symbol);
    };
    let behind = path.get(dot + 1..).unwrap_or_default();
    if let (Some(second), 0) = (second, start)
        && DOMAINS.iter().any(|domain| behind.starts_with(domain))
    {
        dot = second;
    }
    match path.get(..dot) {
        Some(package) if !package.is_empty() => {
            let rest = if inner.len() == symbol.len() {
                symbol.get(dot + 1..)
            } else {
                Some(symbol)
            };
            (package, rest.unwrap_or(symbol))
        }
        _ => (NO_PACKAGE, symbol),
    }
}

/// The first part of a mangled name of Rust's or C++'s, `4core3fmt…`, and the last one but for the hash.
fn mangled(mut rest: &str) -> Option<(&str, &str)> {
    let mut parts = Vec::new();
    while let Some(end) = rest
        .find(|c: char| !c.is_ascii_digit())
        .filter(|end| *end > 0)
    {
        let (length, behind) = rest.split_at(end);
        let (part, next) = behind.split_at_checked(length.parse().ok()?)?;
        parts.push(part);
        rest = next;
    }
    let is_hash = |part: &&&str| part.len() == 17 && part.starts_with('h');
    let last = parts.iter().rev().find(|part| !is_hash(part));
    Some((parts.first()?, last?))
}
