//! Whether an export can be called now, and what a call of it needs.

use super::board::Board;
use super::placement::Placement;
use crate::go::{Signature, Value};
use crate::module::{Info, Kind};
use crate::protocol::{InstanceState, Settings};

/// The arguments of a call, and the room that they need; the text says why it cannot be made.
pub(super) fn plan(
    export: &str,
    signature: &Signature,
    args: &[Value],
    board: &Board,
) -> Result<Placement, String> {
    let found = board.info.exports.iter().find(|e| e.name == export);
    let Some(ty) = found.and_then(|found| found.ty.func()) else {
        return Err(format!("the module exports no function {export}"));
    };
    ty.admits(signature)?;
    Placement::plan(signature, args, &board.info, board.allocator.as_ref())
}

/// Whether an export other than the starting one can be called now.
pub(super) fn check_call(export: &str, board: &Board, settings: &Settings) -> Result<(), String> {
    let kind = board.info.kind;
    match board.state() {
        InstanceState::Exited(code) => return Err(exited(export, code, &board.info)),
        InstanceState::Broken if !board.started() && kind != Kind::Bare => {
            let start = kind.start_export().unwrap_or_default();
            return Err(format!(
                "{export}: {start} was ended in the middle: Restart gives a fresh instance"
            ));
        }
        _ => {}
    }
    match kind {
        Kind::Reactor if !board.started() && !settings.auto_initialize => Err(format!(
            "{export}: _initialize has not run, and nothing can run before it: call _initialize first, \
             or let Settings do so"
        )),
        Kind::Command if !board.started() => Err(format!(
            "{export}: _start has not run. This is a command, which runs once, from _start{}",
            c_shared(&board.info)
        )),
        _ => Ok(()),
    }
}

/// Why nothing can be called after an exit.
pub(super) fn exited(export: &str, code: u32, info: &Info) -> String {
    let (advice, more) = match info.kind {
        Kind::Command => ("a command runs once", c_shared(info)),
        Kind::Reactor | Kind::Bare => ("Restart gives a fresh instance", ""),
    };
    format!("{export}: the guest has exited with code {code}: {advice}{more}")
}

/// What makes a plugin of a command, in Go.
fn c_shared(info: &Info) -> &'static str {
    if info.is_go() {
        "; for exports to be called at any time, build it with -buildmode=c-shared"
    } else {
        ""
    }
}
