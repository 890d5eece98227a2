//! stdin, stdout and stderr.

use super::*;
use crate::wasi::{Limit, Output, Stdin, Stream};
use std::rc::Rc;

fn output(stream: Stream, text: &str) -> Output {
    Output {
        stream,
        bytes: text.as_bytes().to_vec(),
    }
}

#[test]
fn output_comes_in_order_with_the_streams_told_apart() {
    let mut guest = Guest::new();
    for (fd, text) in [(1, "a"), (1, "b"), (2, "c"), (1, "d"), (1, "")] {
        assert_eq!(guest.write(fd, text.as_bytes()), Ok(text.len() as u32));
    }
    assert_eq!(guest.context.pending_output(), 4);
    let expected = [
        output(Stream::Stdout, "ab"),
        output(Stream::Stderr, "c"),
        output(Stream::Stdout, "d"),
    ];
    assert_eq!(guest.context.take_output(), expected);
    assert_eq!(guest.context.pending_output(), 0);
    assert_eq!(guest.context.take_output(), []);
}

#[test]
fn output_beyond_the_limit_ends_the_run_and_keeps_what_fitted() {
    let mut guest = Guest::with(Config {
        output_bytes: 5,
        ..Config::default()
    });
    assert_eq!(guest.write(1, b"abc"), Ok(3));
    guest.put(0, b"defg");
    guest.put(8, &iovec(0, 4));
    let limit = Limit::Output { bytes: 5 };
    assert_eq!(
        guest.call(Function::FdWrite, &[2, 8, 1, 16]),
        Flow::Limit(limit)
    );
    let expected = [output(Stream::Stdout, "abc"), output(Stream::Stderr, "de")];
    assert_eq!(guest.context.take_output(), expected);

    guest.context.renew_output_limit();
    guest.fill();
    assert_eq!(guest.write(1, b"12345"), Ok(5));
}

#[test]
fn empty_stdin_is_at_its_end() {
    assert_eq!(Guest::new().read(0, 10), Ok(Vec::new()));
}

#[test]
fn stdin_of_bytes_ends_after_them() {
    let mut guest = Guest::with(Config {
        stdin: Stdin::Bytes(Rc::from(*b"hello")),
        ..Config::default()
    });
    assert_eq!(guest.read(0, 3), Ok(b"hel".to_vec()));
    assert_eq!(guest.read(0, 10), Ok(b"lo".to_vec()));
    assert_eq!(guest.read(0, 10), Ok(Vec::new()));
}

fn interactive() -> Guest {
    Guest::with(Config {
        stdin: Stdin::Interactive,
        ..Config::default()
    })
}

#[test]
fn a_read_of_interactive_stdin_waits_until_it_is_fed_or_ended() {
    let mut guest = interactive();
    guest.put(0, &iovec(100, 5));
    let args = [0, 0, 1, 16];
    let wait = Wait {
        until: None,
        stdin: true,
    };
    assert_eq!(guest.waits(Function::FdRead, &args), wait);
    guest.assert_memory(&[(0, &iovec(100, 5))]);

    guest.context.feed_stdin(b"ab");
    guest.ok(Function::FdRead, &args);
    guest.assert_memory(&[(0, &iovec(100, 5)), (100, b"ab"), (16, &[2, 0, 0, 0])]);

    assert_eq!(guest.waits(Function::FdRead, &args), wait);
    guest.context.end_stdin();
    guest.context.feed_stdin(b"too late");
    guest.ok(Function::FdRead, &args);
    assert_eq!(guest.u32_at(16), 0);
}

#[test]
fn non_blocking_stdin_does_not_wait() {
    let mut guest = interactive();
    guest.ok(Function::FdFdstatSetFlags, &[0, NONBLOCK]);
    assert_eq!(guest.read(0, 1), Err(Errno::Again));
    guest.context.feed_stdin(b"a");
    assert_eq!(guest.read(0, 1), Ok(b"a".to_vec()));
    guest.ok(Function::FdFdstatSetFlags, &[0, 0]);
    guest.put(0, &iovec(100, 5));
    guest.waits(Function::FdRead, &[0, 0, 1, 16]);
}

#[test]
fn reading_nothing_does_not_wait() {
    assert_eq!(interactive().read(0, 0), Ok(Vec::new()));
}

#[test]
fn stdio_has_a_direction_and_no_position() {
    let mut guest = Guest::new();
    assert_eq!(guest.read(1, 1), Err(Errno::Badf));
    assert_eq!(guest.write(0, b"a"), Err(Errno::Badf));
    assert_eq!(
        guest.errno(Function::FdPread, &[0, 0, 0, 0, 0]),
        Errno::Spipe
    );
    assert_eq!(
        guest.errno(Function::FdPwrite, &[1, 0, 0, 0, 0]),
        Errno::Spipe
    );
    assert_eq!(guest.errno(Function::FdSeek, &[0, 0, 0, 0]), Errno::Spipe);
    assert_eq!(guest.errno(Function::FdTell, &[2, 0]), Errno::Spipe);
}
