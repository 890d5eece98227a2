//! What each function's calls say, before and after.

use super::*;
use crate::wasi::describe::{STRETCHES, Text, arguments, result, stretches};

/// Makes a call, and says it as a trace would.
#[track_caller]
fn said(guest: &mut Guest, function: Function, args: &[u64]) -> String {
    let mut line = format!("{}(", function.name());
    guest.look(|memory| {
        arguments(function, args, memory, &mut Text::new(&mut line, 4096));
    });
    line.push(')');
    match guest.call(function, args) {
        Flow::Return(errno) => {
            line.push_str(" = ");
            let mut text = Text::new(&mut line, 4096);
            guest.look(|memory| result(function, args, errno, memory, &mut text));
        }
        Flow::Exit(code) => line.push_str(&format!(" exits {code}")),
        other => line.push_str(&format!(" {other:?}")),
    }
    line
}

/// The path stands at 1000.
#[track_caller]
fn with_path(guest: &mut Guest, path: &str) -> (u64, u64) {
    guest.put(1_000, path.as_bytes());
    (1_000, path.len() as u64)
}

/// What is kept of a call's memory, afterwards.
fn kept(guest: &Guest, function: Function, args: &[u64]) -> Vec<(String, u32, Vec<u8>)> {
    let mut kept = Vec::new();
    guest.look(|memory| {
        stretches(function, args, memory, 256, |name, address, bytes| {
            kept.push((name.to_owned(), address, bytes.to_vec()));
        });
    });
    kept
}

#[test]
fn args_and_environ() {
    let mut guest = Guest::with(Config {
        args: vec!["a".to_owned(), "bc".to_owned()],
        ..Config::default()
    });
    let guest = &mut guest;
    assert_eq!(
        said(guest, Function::ArgsSizesGet, &[0x100, 0x104]),
        "args_sizes_get() = ESUCCESS, argc 2, argv_buf_size 5"
    );
    assert_eq!(
        said(guest, Function::ArgsGet, &[0x100, 0x200]),
        "args_get(0x100, 0x200) = ESUCCESS"
    );
    assert_eq!(
        said(guest, Function::EnvironSizesGet, &[0x100, 0x104]),
        "environ_sizes_get() = ESUCCESS, environc 0, environ_buf_size 0"
    );
    assert_eq!(
        said(guest, Function::EnvironGet, &[0x100, 0x200]),
        "environ_get(0x100, 0x200) = ESUCCESS"
    );
}

#[test]
fn clocks() {
    let guest = &mut Guest::new();
    guest.set_monotonic(7_000);
    assert_eq!(
        said(guest, Function::ClockResGet, &[0, 8]),
        "clock_res_get(REALTIME) = ESUCCESS, resolution 1000 ns"
    );
    assert_eq!(
        said(guest, Function::ClockTimeGet, &[1, 1, 8]),
        "clock_time_get(MONOTONIC, 1) = ESUCCESS, time 7000 ns"
    );
    assert_eq!(
        said(guest, Function::ClockTimeGet, &[9, 1, 8]),
        "clock_time_get(9, 1) = EINVAL"
    );
    assert_eq!(
        said(guest, Function::ClockTimeGet, &[2, 1, MEMORY.into()]),
        "clock_time_get(PROCESS_CPUTIME_ID, 1) = EFAULT, time at 0x10000, out of bounds"
    );
}

#[test]
fn files_from_open_to_close() {
    let guest = &mut Guest::with_files(&[("etc/motd", "good\nday\n")]);
    let (path, length) = with_path(guest, "etc/motd");
    let open = [DIR, 1, path, length, CREAT, READ | WRITE, 0, APPEND, 8];
    assert_eq!(
        said(guest, Function::PathOpen, &open),
        "path_open(3, SYMLINK_FOLLOW, \"etc/motd\", CREAT, FD_READ|FD_WRITE, 0, APPEND) = \
         ESUCCESS, fd 4"
    );
    guest.put(16, &iovec(64, 4));
    guest.put(24, &iovec(96, 512));
    let read = [4, 16, 2, 8];
    assert_eq!(
        said(guest, Function::FdRead, &read),
        r#"fd_read(4, 2 iovecs, 516 B) = ESUCCESS, nread 9 "good\nday\n""#
    );
    assert_eq!(
        kept(guest, Function::FdRead, &read)[0],
        ("iovs".to_owned(), 64, b"good".to_vec())
    );
    guest.put(16, &iovec(64, 4));
    assert_eq!(
        said(guest, Function::FdWrite, &[4, 16, 1, 8]),
        r#"fd_write(4, 1 iovec, 4 B "good") = ESUCCESS, nwritten 4"#
    );
    assert_eq!(
        said(guest, Function::FdPread, &[4, 16, 1, 5, 8]),
        r#"fd_pread(4, 1 iovec, 4 B, 5) = ESUCCESS, nread 4 "day\n""#
    );
    assert_eq!(
        said(guest, Function::FdPwrite, &[4, 16, 1, 5, 8]),
        r#"fd_pwrite(4, 1 iovec, 4 B "day\n", 5) = ESUCCESS, nwritten 4"#
    );
    assert_eq!(
        said(guest, Function::FdSeek, &[4, (-3_i64) as u64, 2, 8]),
        "fd_seek(4, -3, END) = ESUCCESS, newoffset 14"
    );
    assert_eq!(
        said(guest, Function::FdTell, &[4, 8]),
        "fd_tell(4) = ESUCCESS, offset 14"
    );
    assert_eq!(
        said(guest, Function::FdFdstatGet, &[4, 8]),
        "fd_fdstat_get(4) = ESUCCESS, REGULAR_FILE, APPEND, rights all"
    );
    assert_eq!(
        said(guest, Function::FdFdstatSetFlags, &[4, NONBLOCK | 64]),
        "fd_fdstat_set_flags(4, NONBLOCK|0x40) = EINVAL"
    );
    assert_eq!(
        said(guest, Function::FdFdstatSetRights, &[4, 0, 2]),
        "fd_fdstat_set_rights(4, 0, FD_READ) = ENOTSUP"
    );
    assert_eq!(
        said(guest, Function::FdFilestatGet, &[4, 512]),
        "fd_filestat_get(4) = ESUCCESS, REGULAR_FILE, size 17, ino 3, nlink 1"
    );
    assert_eq!(
        kept(guest, Function::FdFilestatGet, &[4, 512])[0].2.len(),
        64
    );
    assert_eq!(
        said(guest, Function::FdFilestatSetSize, &[4, 5]),
        "fd_filestat_set_size(4, 5) = ESUCCESS"
    );
    assert_eq!(
        said(guest, Function::FdFilestatSetTimes, &[4, 1, 2, 1 | 8]),
        "fd_filestat_set_times(4, 1, 2, ATIM|MTIM_NOW) = ESUCCESS"
    );
    assert_eq!(
        said(guest, Function::FdAdvise, &[4, 0, 5, 1]),
        "fd_advise(4, 0, 5, SEQUENTIAL) = ESUCCESS"
    );
    assert_eq!(
        said(guest, Function::FdAllocate, &[4, 0, 5]),
        "fd_allocate(4, 0, 5) = ESUCCESS"
    );
    assert_eq!(said(guest, Function::FdSync, &[4]), "fd_sync(4) = ESUCCESS");
    assert_eq!(
        said(guest, Function::FdDatasync, &[4]),
        "fd_datasync(4) = ESUCCESS"
    );
    assert_eq!(
        said(guest, Function::FdRenumber, &[4, 1]),
        "fd_renumber(4, 1) = ESUCCESS"
    );
    assert_eq!(said(guest, Function::FdClose, &[4]), "fd_close(4) = EBADF");
}

#[test]
fn directories_and_links() {
    let guest = &mut Guest::with_files(&[("a", "1"), ("b/", "")]);
    assert_eq!(
        said(guest, Function::FdPrestatGet, &[3, 8]),
        "fd_prestat_get(3) = ESUCCESS, DIR, name_len 1"
    );
    assert_eq!(
        said(guest, Function::FdPrestatDirName, &[3, 8, 1]),
        "fd_prestat_dir_name(3, 0x8, 1) = ESUCCESS, \"/\""
    );
    assert_eq!(
        said(guest, Function::FdReaddir, &[3, 64, 512, 0, 8]),
        "fd_readdir(3, 0x40, 512, 0) = ESUCCESS, bufused 101 [\".\", \"..\", \"a\", \"b\"]"
    );
    assert_eq!(
        said(guest, Function::FdReaddir, &[3, 64, 50, 0, 8]),
        "fd_readdir(3, 0x40, 50, 0) = ESUCCESS, bufused 50 [\".\"]"
    );
    let (path, length) = with_path(guest, "ab");
    assert_eq!(
        said(guest, Function::PathCreateDirectory, &[3, path, length]),
        "path_create_directory(3, \"ab\") = ESUCCESS"
    );
    assert_eq!(
        said(guest, Function::PathRemoveDirectory, &[3, path, length]),
        "path_remove_directory(3, \"ab\") = ESUCCESS"
    );
    assert_eq!(
        said(guest, Function::PathSymlink, &[path, 1, 3, path, 2]),
        "path_symlink(\"a\", 3, \"ab\") = ESUCCESS"
    );
    assert_eq!(
        said(guest, Function::PathReadlink, &[3, path, 2, 64, 16, 8]),
        "path_readlink(3, \"ab\", 0x40, 16) = ESUCCESS, bufused 1 \"a\""
    );
    assert_eq!(
        said(guest, Function::PathFilestatGet, &[3, 0, path, 2, 512]),
        "path_filestat_get(3, 0, \"ab\") = ESUCCESS, SYMBOLIC_LINK, size 1, ino 5, nlink 1"
    );
    assert_eq!(
        said(
            guest,
            Function::PathFilestatSetTimes,
            &[3, 1, path, 2, 5, 6, 4]
        ),
        "path_filestat_set_times(3, SYMLINK_FOLLOW, \"ab\", 5, 6, MTIM) = ESUCCESS"
    );
    assert_eq!(
        said(guest, Function::PathUnlinkFile, &[3, path, 2]),
        "path_unlink_file(3, \"ab\") = ESUCCESS"
    );
    let link = [3, 0, path, 1, 3, path, 2];
    assert_eq!(
        said(guest, Function::PathLink, &link),
        "path_link(3, 0, \"a\", 3, \"ab\") = ESUCCESS"
    );
    assert_eq!(
        kept(guest, Function::PathLink, &link),
        [
            ("old_path".to_owned(), 1_000, b"a".to_vec()),
            ("new_path".to_owned(), 1_000, b"ab".to_vec()),
        ]
    );
    assert_eq!(
        said(guest, Function::PathRename, &[3, path, 2, 3, path, 1]),
        "path_rename(3, \"ab\", 3, \"a\") = ESUCCESS"
    );
}

#[test]
fn waiting() {
    let guest = &mut Guest::new();
    // Two subscriptions: a clock in 200 ms, and stdin.
    let mut clock = [0; 48];
    clock[16] = 1;
    clock[24..32].copy_from_slice(&200_000_000_u64.to_le_bytes());
    let mut stdin = [0; 48];
    stdin[8] = 1;
    guest.put(0, &clock);
    guest.put(48, &stdin);
    let args = [0, 512, 2, 1024];
    assert_eq!(
        said(guest, Function::PollOneoff, &args),
        "poll_oneoff([clock MONOTONIC +200ms, fd_read 0]) = ESUCCESS, nevents 1 \
         [fd_read 0 B HANGUP]"
    );
    assert_eq!(kept(guest, Function::PollOneoff, &args)[0].2.len(), 96);
    assert_eq!(
        said(
            guest,
            Function::PollOneoff,
            &[0, 512, u32::MAX.into(), 1024]
        )
        .split(" = ")
        .nth(1),
        Some("EFAULT")
    );
}

#[test]
fn the_process_and_sockets() {
    let guest = &mut Guest::new();
    assert_eq!(
        said(guest, Function::ProcExit, &[3]),
        "proc_exit(3) exits 3"
    );
    assert_eq!(
        said(guest, Function::ProcRaise, &[6]),
        "proc_raise(ABRT) = ENOSYS"
    );
    assert_eq!(
        said(guest, Function::SchedYield, &[]),
        "sched_yield() = ESUCCESS"
    );
    assert_eq!(
        said(guest, Function::RandomGet, &[0x1f00, 8]),
        "random_get(0x1f00, 8) = ESUCCESS"
    );
    guest.put(16, &iovec(64, 4));
    assert_eq!(
        said(guest, Function::SockAccept, &[3, NONBLOCK, 8]),
        "sock_accept(3, NONBLOCK) = EBADF"
    );
    assert_eq!(
        said(guest, Function::SockRecv, &[3, 16, 1, 1, 8, 12]),
        "sock_recv(3, 1 iovec, 4 B, RECV_PEEK) = EBADF"
    );
    assert_eq!(
        said(guest, Function::SockSend, &[3, 16, 1, 0, 8]),
        "sock_send(3, 1 iovec, 4 B \"????\", 0) = EBADF"
    );
    assert_eq!(
        said(guest, Function::SockShutdown, &[3, 3]),
        "sock_shutdown(3, RD|WR) = ENOTSOCK"
    );
}

#[test]
fn a_path_that_no_preopen_covers_is_said_to_be_one() {
    let guest = &mut Guest::with_files(&[("motd", "")]);
    let none = u64::from(u32::MAX);
    let (path, length) = with_path(guest, "etc/hosts");
    assert_eq!(
        said(
            guest,
            Function::PathOpen,
            &[none, 1, path, length, 0, READ, 0, 0, 8]
        ),
        "path_open(4294967295, SYMLINK_FOLLOW, \"etc/hosts\", 0, FD_READ, 0, 0) = \
         EBADF: no open directory covers \"/etc/hosts\""
    );
    assert_eq!(
        said(guest, Function::PathUnlinkFile, &[none, path, length]),
        "path_unlink_file(4294967295, \"etc/hosts\") = \
         EBADF: no open directory covers \"/etc/hosts\""
    );
    guest.put(2_000, b"motd");
    assert_eq!(
        said(
            guest,
            Function::PathRename,
            &[DIR, 2_000, 4, none, path, length]
        ),
        "path_rename(3, \"motd\", 4294967295, \"etc/hosts\") = \
         EBADF: no open directory covers \"/etc/hosts\""
    );
    assert_eq!(
        said(guest, Function::PathUnlinkFile, &[99, path, length]),
        "path_unlink_file(99, \"etc/hosts\") = EBADF"
    );
}

#[test]
fn strings_are_cut_and_escaped() {
    let mut line = String::new();
    let mut text = Text::new(&mut line, 4096);
    text.quoted("é\0\u{202e}\"\\\u{7f}\n".as_bytes(), 128);
    text.quoted(&[b'x', 0xff, 0xc3], 128);
    text.quoted("aé".as_bytes(), 2);
    text.quoted(&[0xff; 3], 2);
    assert_eq!(
        line,
        r#""é\x00\u{202e}\"\\\x7f\n""x\xff\xc3""a"…"\xff\xff"…"#
    );
    let mut line = String::from("=");
    let mut text = Text::new(&mut line, 4);
    for _ in 0..3 {
        text.push("é!");
    }
    assert_eq!(line, "=é!…");
}

/// Whatever a guest passes, it is said in bounded text, and no more than it said is kept.
#[test]
fn hostile_arguments() {
    let words = [
        0,
        1,
        3,
        65_535,
        65_536,
        0x7fff_ffff,
        u64::MAX,
        u32::MAX.into(),
    ];
    let mut memory = vec![0xff; 65_536];
    memory[..8].copy_from_slice(&iovec(0, u32::MAX));
    let apart = Apart::new(memory.clone());
    let still = Still::new(&apart);
    let memory = match elsewhere() {
        true => Linear::Elsewhere(&still),
        false => Linear::Here(&memory),
    };
    for function in Function::ALL {
        for (seed, first) in words.iter().enumerate() {
            for (step, second) in words.iter().enumerate() {
                let count = function.params().len();
                let args: Vec<u64> = (0..count)
                    .map(|at| match at % 3 {
                        0 => *first,
                        1 => *second,
                        _ => words[(at + seed * 3 + step) % words.len()],
                    })
                    .collect();
                let mut line = String::new();
                let mut text = Text::new(&mut line, 1024);
                arguments(function, &args, memory, &mut text);
                result(function, &args, Errno::Success, memory, &mut text);
                result(function, &args, Errno::Fault, memory, &mut text);
                assert!(line.len() <= 1024 + '…'.len_utf8(), "{function:?}");
                let mut kept = 0;
                stretches(function, &args, memory, 100, |_, _, bytes| {
                    kept += 1;
                    assert!((1..=100).contains(&bytes.len()));
                });
                assert!(kept <= STRETCHES, "{function:?}");
            }
        }
    }
    // Of what lies elsewhere, little is copied.
    assert!(apart.read.get() <= apart.asked.get() * 4096);
}

#[test]
fn rights_are_named_or_those_that_are_missing() {
    let mut guest = Guest::new();
    let every = (1_u64 << 30) - 1;
    for (rights, names) in [
        (0, "0"),
        (1 << 1 | 1 << 6, "FD_READ|FD_WRITE"),
        (every, "all"),
        (u64::MAX, "all"),
        (every & !(1 << 6), "all but FD_WRITE"),
        (!(1 << 6 | 1 << 8), "all but FD_WRITE|FD_ALLOCATE"),
        (1 << 40, "0x10000000000"),
        (1 << 1 | 1 << 40, "FD_READ|0x10000000000"),
    ] {
        let said = said(&mut guest, Function::FdFdstatSetRights, &[4, rights, 0]);
        assert_eq!(said, format!("fd_fdstat_set_rights(4, {names}, 0) = EBADF"));
    }
}
