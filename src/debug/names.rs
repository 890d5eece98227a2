//! Names of functions as their language writes them, from what a compiler makes of them.

use crate::go::dwarf::Language;

/// What TinyGo appends to the name of a function that it exports.
const EXPORTED: &str = "#wasmexport";

/// A symbol as its language writes it; the language may be unknown.
pub(super) fn written(symbol: &str, language: Option<Language>) -> String {
    if let Ok(name) = rustc_demangle::try_demangle(symbol) {
        // Without the hash.
        return format!("{name:#}");
    }
    // Elsewhere a dot or a dollar sign is part of a name.
    let may_be_go = symbol.contains('.') && !symbol.contains("::");
    match language {
        Some(Language::TinyGo) => of_tiny_go(symbol),
        None if may_be_go => of_tiny_go(symbol),
        _ => symbol.to_owned(),
    }
}

/// The path of the package that a function of Go's is in: `example.com/list` of `example.com/list.(*List).Push`.
pub(super) fn package(function: &str) -> &str {
    let end = function.find('[').unwrap_or(function.len());
    let slash = function
        .get(..end)
        .and_then(|path| path.rfind('/'))
        .map_or(0, |slash| slash + 1);
    let dot = function
        .get(slash..)
        .and_then(|rest| rest.find('.'))
        .map_or(function.len(), |dot| slash + dot);
    function.get(..dot).unwrap_or(function)
}

/// A name of TinyGo's as Go itself has it: `(*main.List).Push` is `main.(*List).Push`, `main.f$1` is `main.f.func1`.
fn of_tiny_go(symbol: &str) -> String {
    let name = symbol.strip_suffix(EXPORTED).unwrap_or(symbol);
    let (name, bound) = match name.strip_suffix("$bound") {
        Some(name) => (name, "-fm"),
        None => (name, ""),
    };
    let name = receiver_first(name).unwrap_or_else(|| name.to_owned());
    let mut written = String::new();
    for (place, part) in without_types(&name).split('$').enumerate() {
        let is_number = part.starts_with(|first: char| first.is_ascii_digit());
        written.push_str(match place {
            0 => "",
            1 if is_number => ".func",
            // The closures of a closure are numbered alone.
            _ if is_number => ".",
            _ => "$",
        });
        written.push_str(part);
    }
    written + bound
}

/// `(*path/pkg.T).M` as `path/pkg.(*T).M`, and `(pkg.T).M` as `pkg.T.M`.
fn receiver_first(name: &str) -> Option<String> {
    let (receiver, method) = name.strip_prefix('(')?.split_once(").")?;
    let (star, of) = match receiver.strip_prefix('*') {
        Some(of) => ("*", of),
        None => ("", receiver),
    };
    let types = of.find('[').unwrap_or(of.len());
    let slash = of.get(..types)?.rfind('/').map_or(0, |slash| slash + 1);
    let dot = slash + of.get(slash..types)?.find('.')?;
    let (package, ty) = (of.get(..dot)?, of.get(dot + 1..)?);
    Some(match star {
        "*" => format!("{package}.(*{ty}).{method}"),
        _ => format!("{package}.{ty}.{method}"),
    })
}

/// A name without the types that a generic function has been compiled for, as Go's traceback writes it.
pub(super) fn without_types(name: &str) -> String {
    match (name.find('['), name.rfind(']')) {
        (Some(from), Some(to)) if from < to => {
            let (before, after) = (name.get(..from), name.get(to..));
            format!(
                "{}[...{}",
                before.unwrap_or_default(),
                after.unwrap_or_default()
            )
        }
        _ => name.to_owned(),
    }
}

/// Whether a function of this name is not the program's but its language's: of Go's runtime, Rust's library, C's start. Nor is what an optimiser
/// has made of what functions have in common, which has the name of one of them.
pub(super) fn is_runtime(name: &str) -> bool {
    if name.starts_with("byn$") {
        return true;
    }
    if name.contains("::") {
        // What has no path is built into the language, as in `<u32>::pow` and `<[u8]>::len`.
        let of = name
            .strip_prefix('<')
            .and_then(|name| name.split_once(">::"));
        if of.is_some_and(|(of, _)| !of.contains("::") && !of.contains(" as ")) {
            return true;
        }
        let name = name.trim_start_matches(['<', '&', '*', '(']);
        let mut first = name.split("::");
        return matches!(
            first.next(),
            Some("core" | "std" | "alloc" | "__rustc" | "rust_alloc")
        );
    }
    if !name.contains('.') {
        let starts = [
            "__",
            "_start",
            "_initialize",
            "rust_",
            "_rust",
            "dlmalloc",
            "dlfree",
            "abort",
        ];
        return starts.iter().any(|start| name.starts_with(start));
    }
    is_runtime_of_go(name)
}

/// Whether a function with this full name is of Go's runtime, or made by the compiler: what is exported has a
/// wrapper without a package.
pub(super) fn is_runtime_of_go(name: &str) -> bool {
    let path = name.split('[').next().unwrap_or(name);
    let slash = path.rfind('/').map_or(0, |slash| slash + 1);
    let dot = path.get(slash..).and_then(|last| last.find('.'));
    let package = dot.and_then(|dot| path.get(..slash + dot)).unwrap_or(path);
    let first = package.split('/').next().unwrap_or_default();
    dot.is_none() || matches!(first, "runtime" | "internal" | "syscall" | "type:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_their_language_does() {
        let cases = [
            ("main.greet#wasmexport", "main.greet"),
            ("(*main.List).Push", "main.(*List).Push"),
            (
                "(example.com/a.b/shapes.Square).Area",
                "example.com/a.b/shapes.Square.Area",
            ),
            (
                "(*example.com/a.List[int]).Push",
                "example.com/a.(*List[...]).Push",
            ),
            ("main.Map[int,map[string]int]", "main.Map[...]"),
            ("main.f$1", "main.f.func1"),
            ("main.f$1$2", "main.f.func1.2"),
            ("(*main.List).Push$bound", "main.(*List).Push-fm"),
            ("runtime.nilPanic", "runtime.nilPanic"),
        ];
        for (symbol, name) in cases {
            assert_eq!(written(symbol, Some(Language::TinyGo)), name);
            assert_eq!(written(symbol, None), name);
        }
        let rust = "_ZN4core9panicking5panic17h0123456789abcdefE";
        assert_eq!(written(rust, None), "core::panicking::panic");
        let v0 = "_RNvNtCs123_4core9panicking5panic";
        assert_eq!(written(v0, None), "core::panicking::panic");
        assert_eq!(written("do_it$x", Some(Language::C)), "do_it$x");
    }

    #[test]
    fn what_is_the_language_s_own_is_told_from_the_program_s() {
        for name in [
            "runtime.gopanic",
            "internal/poll.(*FD).Read",
            "syscall.Exit",
            "core::panicking::panic",
            "<core::option::Option<T> as x::Y>::z",
            "<u32>::wrapping_add",
            "<[u8]>::len",
            "__main_void",
            "byn$mgfn-shared$main.second",
        ] {
            assert!(is_runtime(name), "{name}");
        }
        for name in [
            "main.fail",
            "example.com/runtime.f",
            "os.Exit",
            "mine::core::f",
            "fail",
            "<mine::T as core::fmt::Debug>::fmt",
            "<u32 as mine::T>::f",
            "<mine::T>::f",
        ] {
            assert!(!is_runtime(name), "{name}");
        }
    }
}
