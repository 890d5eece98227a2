//! Arguments that nobody means.

use super::*;
use crate::wasi::Stdin;
use std::rc::Rc;

/// A small generator, the same on every run.
pub(super) struct Numbers(pub u64);

impl Numbers {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn argument(&mut self) -> u64 {
        let edges = [
            0,
            1,
            2,
            3,
            4,
            5,
            8,
            100,
            u64::from(MEMORY) - 8,
            u64::from(MEMORY) - 1,
            u64::from(MEMORY),
            u64::from(i32::MAX as u32),
            u64::from(u32::MAX) - 3,
            u64::from(u32::MAX),
            u64::from(u32::MAX) + 1,
            i64::MAX as u64 - 1,
            i64::MAX as u64,
            i64::MAX as u64 + 1,
            u64::MAX,
        ];
        match self.next() % 4 {
            0 => self.next(),
            1 => self.next() % u64::from(MEMORY),
            _ => edges[self.next() as usize % edges.len()],
        }
    }
}

pub(super) fn guest(stdin: Stdin) -> Guest {
    let mut guest = Guest::with(Config {
        stdin,
        quota: crate::vfs::Quota {
            bytes: 100_000,
            inodes: 50,
            file_bytes: 1 << 40,
        },
        max_fds: 40,
        output_bytes: 10_000,
        preopens: vec![Preopen {
            path: "/ro".into(),
            tree: tree(&[("a", "x"), ("b/c", "y")]),
            read_only: true,
        }],
        ..Config::default()
    });
    let root = guest.context.preopens()[0].root;
    let now = guest.context.now();
    let files = tree(&[("a", "hello"), ("b/c", "world"), ("d/", "")]);
    guest.context.fs_mut().add_tree(root, files, now).unwrap();
    guest
}

#[test]
fn no_arguments_can_make_a_call_panic_or_exceed_the_quota() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for round in 0..60 {
        let stdin = if round % 2 == 0 {
            Stdin::Interactive
        } else {
            Stdin::Bytes(Rc::from(*b"input"))
        };
        let mut guest = guest(stdin);
        for byte in &mut guest.memory {
            // Words that are small numbers, so that they pass for addresses, lengths and paths.
            *byte = match numbers.next() % 8 {
                0 => b"abcd./"[numbers.next() as usize % 6],
                1 => numbers.next() as u8 % 8,
                2 if round % 3 == 0 => numbers.next() as u8,
                _ => 0,
            };
        }
        for _ in 0..2_000 {
            let function = Function::ALL[numbers.next() as usize % 46];
            let args: Vec<_> = (0..function.params().len())
                .map(|_| numbers.argument())
                .collect();
            guest.call(function, &args);
            let usage = guest.context.fs().usage();
            assert!(usage.bytes <= 100_000, "{function:?} {args:?}");
            assert!(usage.inodes <= 50, "{function:?} {args:?}");
            assert!(guest.context.open_fds() <= 40, "{function:?} {args:?}");
        }
        assert!(guest.context.pending_output() <= 10_000);
    }
}

#[test]
fn a_guest_may_have_no_memory_at_all() {
    let mut numbers = Numbers(7);
    let mut guest = guest(Stdin::Empty);
    guest.memory.clear();
    for _ in 0..200 {
        for function in Function::ALL {
            let args: Vec<_> = (0..function.params().len())
                .map(|_| numbers.argument())
                .collect();
            guest.call(function, &args);
        }
    }
}

#[test]
fn a_length_of_4_gib_is_a_fault() {
    let mut guest = guest(Stdin::Empty);
    let file = guest.open("a", 0, READ | WRITE, 0).unwrap();
    let all = u64::from(u32::MAX);
    for (function, args) in [
        (Function::RandomGet, vec![0, all]),
        (Function::FdRead, vec![file, 0, all, 0]),
        (Function::FdWrite, vec![file, 0, all, 0]),
        (Function::FdWrite, vec![1, 0, all, 0]),
        (Function::FdReaddir, vec![DIR, 0, all, 0, 0]),
        (Function::PathUnlinkFile, vec![DIR, 0, all]),
        (Function::PathReadlink, vec![DIR, 0, all, 0, 0, 0]),
        (Function::PollOneoff, vec![0, 0, all, 0]),
    ] {
        assert_eq!(guest.errno(function, &args), Errno::Fault, "{function:?}");
    }
    guest.put(0, &iovec(0, u32::MAX));
    for fd in [1, file] {
        assert_eq!(
            guest.errno(Function::FdWrite, &[fd, 0, 1, 100]),
            Errno::Fault
        );
    }
    assert_eq!(
        guest.errno(Function::FdRead, &[file, 0, 1, 100]),
        Errno::Fault
    );
}

#[test]
fn a_path_of_1_mb_is_too_long() {
    let mut guest = Guest::new();
    guest.memory = vec![b'a'; 1 << 20];
    let length = 1 << 20;
    for function in [
        Function::PathCreateDirectory,
        Function::PathUnlinkFile,
        Function::PathRemoveDirectory,
    ] {
        let errno = guest.errno(function, &[DIR, 0, length]);
        assert_eq!(errno, Errno::Nametoolong);
    }
}

#[test]
fn buffers_that_add_up_to_more_than_32_bits_are_refused() {
    let mut guest = Guest::new();
    let length = 1 << 20;
    guest.memory = vec![b'?'; length as usize];
    let count = 5_000_u32;
    for index in 0..count {
        guest.put(index * 8, &iovec(0, length));
    }
    let args = [1, 0, count.into(), 100_000];
    assert_eq!(guest.errno(Function::FdWrite, &args), Errno::Inval);
    assert_eq!(guest.context.pending_output(), 0);
}
