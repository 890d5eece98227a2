//! A guest cannot tell whether its memory is here or lies elsewhere; and what lies elsewhere is asked for little.

use super::hostile::{Numbers, guest};
use super::*;
use crate::wasi::Stdin;
use crate::wasi::describe::{Text, arguments, result, stretches};

/// The size of a memory in which what a call is given lies over one another.
const SMALL: u64 = 1_024;

/// Where in it zeros begin, which pass for subscriptions, and where paths do.
const ZEROS: usize = 400;
const PATHS: usize = 700;

/// What a call says, and what it points to.
fn said(guest: &Guest, function: Function, args: &[u64], errno: Option<Errno>) -> String {
    let mut line = String::new();
    guest.look(|memory| {
        let mut text = Text::new(&mut line, 10_000);
        match errno {
            None => arguments(function, args, memory, &mut text),
            Some(errno) => result(function, args, errno, memory, &mut text),
        }
        stretches(function, args, memory, 64, |name, address, bytes| {
            text.push(&format!(" {name} {address} {bytes:?}"));
        });
    });
    line
}

/// An argument that a guest might mean: a descriptor, which comes first, flags, a length, an address, or nothing sensible.
fn argument(numbers: &mut Numbers, function: Function, place: usize) -> u64 {
    let path = function.name().starts_with("path_");
    match numbers.next() % 16 {
        0..=11 if path && place == 0 => DIR,
        0..=5 if path => numbers.next() % 4,
        6..=12 if path => PATHS as u64 + numbers.next() % 300,
        0..=3 if place == 0 => DIR,
        4..=11 if place == 0 => numbers.next() % 8,
        0..=5 => numbers.next() % 4,
        6..=8 => numbers.next() % 64,
        9 => SMALL - numbers.next() % 24,
        10 => numbers.next(),
        _ => numbers.next() % SMALL,
    }
}

/// A byte of an address or a length; in the middle of memory little but zeros, at the end of a path.
fn byte(numbers: &mut Numbers, at: usize) -> u8 {
    match numbers.next() % 8 {
        0..=6 if at > PATHS => b"aabbccdd./l"[numbers.next() as usize % 11],
        0..=6 if at > ZEROS => 0,
        0 => b"abcd./l"[numbers.next() as usize % 7],
        1 => numbers.next() as u8,
        2..=4 if at.is_multiple_of(4) => numbers.next() as u8,
        2 if at % 4 == 1 => numbers.next() as u8 % 5,
        _ => 0,
    }
}

#[test]
fn a_call_does_the_same_wherever_memory_lies() {
    // The module is compiled twice: each time with other numbers.
    let mut numbers = Numbers(if elsewhere() {
        0x1234_5678
    } else {
        0x9abc_def1
    });
    let mut succeeded = [0; Function::ALL.len()];
    for round in 0..80 {
        let stdin = || match round % 2 {
            0 => Stdin::Interactive,
            _ => Stdin::Bytes(vec![b'i'; 3_000].into()),
        };
        let mut here = Guest {
            elsewhere: false,
            ..guest(stdin())
        };
        let mut apart = Guest {
            elsewhere: true,
            ..guest(stdin())
        };
        for guest in [&mut here, &mut apart] {
            guest.open("a", 0, READ | WRITE, 0).unwrap();
            guest.open("b/c", 0, READ | WRITE, APPEND).unwrap();
            guest.open("d", DIRECTORY, READ, 0).unwrap();
        }
        for call in 0..400 {
            if call % 10 == 0 {
                here.memory.resize(SMALL as usize, 0);
                for (at, place) in here.memory.iter_mut().enumerate() {
                    *place = byte(&mut numbers, at);
                }
                apart.memory.clone_from(&here.memory);
            }
            if round % 2 == 0 && call % 7 == 0 {
                here.context.feed_stdin(b"typed");
                apart.context.feed_stdin(b"typed");
            }
            let which = numbers.next() as usize % Function::ALL.len();
            let function = Function::ALL[which];
            if function == Function::FdClose && call % 4 > 0 {
                continue;
            }
            let count = function.params().len();
            let args = (0..count).map(|place| argument(&mut numbers, function, place));
            let args: Vec<u64> = args.collect();
            let told = format!("{function:?} {args:?}");
            let before = said(&here, function, &args, None);
            assert_eq!(said(&apart, function, &args, None), before, "{told}");
            let flow = here.call(function, &args);
            assert_eq!(apart.call(function, &args), flow, "{told}");
            assert!(apart.memory == here.memory, "memory differs after {told}");
            if let Flow::Return(errno) = flow {
                let after = said(&here, function, &args, Some(errno));
                assert_eq!(said(&apart, function, &args, Some(errno)), after, "{told}");
                succeeded[which] += usize::from(errno == Errno::Success);
            }
            assert_eq!(apart.context.used(), here.context.used(), "{told}");
        }
        assert_eq!(apart.context.take_output(), here.context.take_output());
        assert_eq!(apart.context.fs().usage(), here.context.fs().usage());
        assert_eq!(apart.context.open_fds(), here.context.open_fds());
    }
    // Seven never do, and what needs two paths or a link by chance does so rarely.
    let all = succeeded.iter().filter(|count| **count > 0).count();
    assert!(all >= 30, "{all} functions have succeeded: {succeeded:?}");
}

#[test]
fn pieces_of_a_buffer_are_moved_as_the_whole_is() {
    let length = 700_000_u32;
    let content: Vec<u8> = (0..length).map(|at| (at / 7) as u8).collect();
    let mut guest = Guest::with_files(&[("a", "")]);
    guest.memory = vec![b'?'; 2 << 20];
    guest.put(1_000_000, &content);
    guest.put(0, &iovec(1_000_000, length));
    guest.put(8, &iovec(100, 1_000_000));
    let fd = guest.open("a", 0, READ | WRITE, 0).unwrap();
    guest.ok(Function::FdWrite, &[fd, 0, 1, 16]);
    assert_eq!(guest.u32_at(16), length);
    // The buffer is larger than the file.
    guest.ok(Function::FdPread, &[fd, 8, 1, 0, 24]);
    assert_eq!(guest.u32_at(24), length);
    assert!(guest.bytes_at(100, length as usize) == content);
    assert_eq!(guest.bytes_at(100 + length, 3), b"???");
    guest.ok(Function::RandomGet, &[100, length.into()]);
    let random: Vec<u8> = (0..length).map(|at| at as u8).collect();
    assert!(guest.bytes_at(100, length as usize) == random);
    assert_eq!(guest.bytes_at(100 + length, 3), b"???");
}

#[test]
fn a_path_of_any_length_is_text_or_is_not() {
    for length in [1, 4_095, 4_096, 8_190, 8_191, 20_000, 50_001] {
        for (end, errno) in [
            (&b""[..], Errno::Nametoolong),
            (b"\xff", Errno::Ilseq),
            (b"\xc3", Errno::Ilseq),
            ("é".as_bytes(), Errno::Nametoolong),
        ] {
            let mut guest = Guest::new();
            // A code point of three bytes goes over the end of any piece.
            let mut path = "€".repeat(length / 3).into_bytes();
            path.resize(length, b'x');
            path.extend(end);
            guest.put(1_000, &path);
            let args = [DIR, 1_000, path.len() as u64];
            let errno = match errno {
                Errno::Nametoolong if path.len() < 200 => Errno::Success,
                errno => errno,
            };
            assert_eq!(
                guest.errno(Function::PathCreateDirectory, &args),
                errno,
                "{length}"
            );
        }
    }
}

/// How often memory is asked when a call is made, and how many bytes are read and written.
#[track_caller]
fn asked(guest: &mut Guest, function: Function, args: &[u64]) -> (usize, usize, usize) {
    let (flow, apart) = guest.call_apart(function, args);
    assert_eq!(flow, Flow::Return(Errno::Success), "{function:?}");
    (apart.asked.get(), apart.read.get(), apart.written.get())
}

#[test]
fn what_lies_elsewhere_is_asked_for_little() {
    let mut guest = Guest::with_files(&[("a", "hello")]);
    guest.memory.resize(2 << 20, b'?');
    let fd = guest.open("a", 0, READ | WRITE, 0).unwrap();
    assert_eq!(asked(&mut guest, Function::ClockTimeGet, &[1, 0, 64]).0, 1);
    assert_eq!(asked(&mut guest, Function::RandomGet, &[64, 8]), (1, 0, 8));
    // The list and what is near it, the bytes, and how many they are.
    guest.put(512, &iovec(2_000, 8));
    let (times, read, written) = asked(&mut guest, Function::FdWrite, &[1, 512, 1, 528]);
    assert!(
        times <= 3 && read <= 8 + 512 && written == 4,
        "{times} {read}"
    );
    // A buffer of 1 MB for five bytes.
    guest.put(512, &iovec(4_096, 1 << 20));
    let (times, read, written) = asked(&mut guest, Function::FdRead, &[fd, 512, 1, 528]);
    assert!(times <= 3 && read <= 512, "{times} {read}");
    assert_eq!(written, 5 + 4);
    // Many buffers.
    for index in 0..1_024 {
        guest.put(8_192 + index * 8, &iovec(65_536 + index, 1));
    }
    let (times, read, _) = asked(&mut guest, Function::FdWrite, &[1, 8_192, 1_024, 528]);
    assert!(times < 1_100 && read < 32_768, "{times} {read}");
}
