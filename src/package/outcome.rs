//! What comes back: how a call ended, and files.

use super::backtrace::Told;
use super::options::SYMLINK;
use super::{Plain, calls};
use crate::browser::js::{define, error, from_plain};
use crate::go::Signature;
use crate::protocol::{Outcome, Usage};
use crate::vfs::Tree;
use js_sys::Object;
use wasm_bindgen::JsValue;

/// How a call ended. What could not be called is thrown.
pub(super) fn object(
    outcome: &Outcome,
    usage: Usage,
    signature: Option<&Signature>,
    told: Option<Told>,
    profile: Option<Plain>,
) -> Result<JsValue, JsValue> {
    let object = Object::new();
    let status = match outcome {
        Outcome::Returned { .. } => "returned",
        Outcome::Exited(_) => "exited",
        Outcome::Trapped(_) => "trapped",
        Outcome::Stopped => "stopped",
        Outcome::Limited(_) => "limited",
        Outcome::Refused(reason) => return Err(error(reason)),
    };
    define(&object, "status", &status.into());
    define(&object, "fuel", &usage.fuel.into());
    if let Some(told) = told.filter(|_| !matches!(outcome, Outcome::Returned { .. })) {
        told.define_on(&object);
    }
    if let Some(profile) = profile {
        define(&object, "profile", &from_plain(&profile));
    }
    match outcome {
        Outcome::Exited(code) => define(&object, "exitCode", &(*code).into()),
        Outcome::Trapped(message) | Outcome::Limited(message) => {
            define(&object, "message", &message.into());
        }
        Outcome::Returned { result, args, .. } => {
            let Some(signature) = signature else {
                return Ok(object.into());
            };
            let (result, args) = calls::returned(result.as_ref(), args, signature);
            if let Some(result) = result {
                define(&object, "result", &from_plain(&result));
            }
            define(&object, "args", &from_plain(&args));
        }
        Outcome::Stopped | Outcome::Refused(_) => {}
    }
    Ok(object.into())
}

/// A directory, read back.
pub(super) fn plain_tree(tree: Tree) -> Plain {
    match tree {
        Tree::File(bytes) => Plain::Bytes(bytes),
        Tree::Symlink(target) => Plain::Object(vec![(SYMLINK.to_owned(), Plain::Text(target))]),
        Tree::TooLarge { size } => {
            Plain::Object(vec![("/size".to_owned(), Plain::BigInt(size.to_string()))])
        }
        Tree::Directory(entries) => {
            let entries = entries.into_iter();
            Plain::Object(
                entries
                    .map(|(name, tree)| (name.to_string(), plain_tree(tree)))
                    .collect(),
            )
        }
    }
}
