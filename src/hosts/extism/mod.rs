//! Extism: what its plugins find in `extism:host/env`.

mod functions;

pub(super) use self::functions::serves;

use super::{Begin, Caller, Came, Flow, Form, FunctionId, Host, Next, Shown, World};
use crate::module::Info;

/// The host of one plugin.
#[derive(Default)]
pub(super) struct Extism {}

/// What is to be filled in for an export.
pub(super) fn form(_info: &Info, _export: &str) -> Option<Form> {
    None
}

impl Host for Extism {
    fn begin(&mut self, _call: Begin<'_>) -> Result<(), String> {
        Ok(())
    }

    fn next(&mut self, _came: Came, _world: &mut dyn World) -> Next {
        Next::Done
    }

    fn call(&mut self, _function: FunctionId, _caller: Caller<'_>) -> Flow {
        Flow::Return
    }

    fn shown(&self) -> Shown {
        Shown::default()
    }
}
