//! The command line and the environment.

use super::*;

fn guest() -> Guest {
    Guest::with(Config {
        args: vec!["a".into(), "bc".into(), "".into()],
        env: vec![("A".into(), "1".into()), ("É".into(), "=".into())],
        ..Config::default()
    })
}

#[test]
fn args_get_writes_where_each_argument_starts_and_what_it_is() {
    let mut guest = guest();
    guest.ok(Function::ArgsGet, &[1, 20]);
    guest.assert_memory(&[
        (1, &[20, 0, 0, 0, 22, 0, 0, 0, 25, 0, 0, 0]),
        (20, b"a\0bc\0\0"),
    ]);
}

#[test]
fn args_get_needs_room_for_both() {
    guest().assert_bounds(Function::ArgsGet, &[0, 100], 0, 12);
    guest().assert_bounds(Function::ArgsGet, &[0, 100], 1, 6);
}

#[test]
fn args_sizes_get_counts_bytes_and_their_nuls() {
    let mut guest = guest();
    guest.ok(Function::ArgsSizesGet, &[1, 10]);
    guest.assert_memory(&[(1, &[3, 0, 0, 0]), (10, &[6, 0, 0, 0])]);
    guest.assert_bounds(Function::ArgsSizesGet, &[0, 100], 0, 4);
    guest.assert_bounds(Function::ArgsSizesGet, &[0, 100], 1, 4);
}

#[test]
fn environ_get_joins_names_and_values() {
    let mut guest = guest();
    guest.ok(Function::EnvironGet, &[1, 20]);
    guest.assert_memory(&[
        (1, &[20, 0, 0, 0, 24, 0, 0, 0]),
        (20, "A=1\0É==\0".as_bytes()),
    ]);
    guest.assert_bounds(Function::EnvironGet, &[0, 100], 0, 8);
    guest.assert_bounds(Function::EnvironGet, &[0, 100], 1, 9);
}

#[test]
fn environ_sizes_get_counts_bytes_of_utf_8() {
    let mut guest = guest();
    guest.ok(Function::EnvironSizesGet, &[1, 10]);
    guest.assert_memory(&[(1, &[2, 0, 0, 0]), (10, &[9, 0, 0, 0])]);
    guest.assert_bounds(Function::EnvironSizesGet, &[0, 100], 0, 4);
    guest.assert_bounds(Function::EnvironSizesGet, &[0, 100], 1, 4);
}

#[test]
fn without_arguments_nothing_is_written() {
    let mut guest = Guest::bare(Config {
        args: Vec::new(),
        ..Config::default()
    });
    guest.ok(Function::ArgsGet, &[1, 20]);
    guest.ok(Function::EnvironGet, &[1, 20]);
    guest.assert_memory(&[]);
    guest.ok(Function::ArgsSizesGet, &[1, 5]);
    guest.assert_memory(&[(1, &[0; 8])]);
}

#[test]
fn a_guest_is_called_plugin_wasm_by_default() {
    let mut guest = Guest::new();
    guest.ok(Function::ArgsGet, &[0, 4]);
    guest.assert_memory(&[(0, &[4, 0, 0, 0]), (4, b"plugin.wasm\0")]);
}
