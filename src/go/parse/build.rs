//! Whether a Go file is built for Wasm, by Go or by TinyGo.
//!
//! Must not know what is in the file.

use crate::go::constraint;
use crate::go::types::Abi;

/// Whether `compiler` builds the file for a `wasip1` plugin. `None`: whether either of them does.
pub(super) fn is_built(name: &str, constraint: Option<&str>, compiler: Option<Abi>) -> bool {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let is_aside = base.starts_with(['_', '.']) || base.ends_with("_test.go");
    if is_aside || !constraint::name_fits(base) {
        return false;
    }
    let Some(constraint) = constraint else {
        return true;
    };
    let holds = |compiler| {
        let is_set = |tag: &str| match tag {
            "tinygo" => compiler == Abi::TinyGo,
            "gc" => compiler == Abi::Go,
            "wasip1" | "wasm" | "go1" => true,
            // Of the version that it was built with, nothing is known.
            tag => tag.starts_with("go1."),
        };
        constraint::holds(constraint, &is_set).unwrap_or(true)
    };
    match compiler {
        Some(compiler) => holds(compiler),
        None => holds(Abi::Go) || holds(Abi::TinyGo),
    }
}
