//! Exits, signals, yields.

use super::*;

#[test]
fn proc_exit_ends_the_run_with_any_code() {
    for code in [0, 1, 126, u32::MAX] {
        let flow = Guest::new().call(Function::ProcExit, &[code.into()]);
        assert_eq!(flow, Flow::Exit(code));
    }
}

#[test]
fn proc_raise_has_no_signals() {
    let mut guest = Guest::new();
    assert_eq!(guest.errno(Function::ProcRaise, &[6]), Errno::Nosys);
}

#[test]
fn sched_yield_succeeds() {
    Guest::new().ok(Function::SchedYield, &[]);
}
