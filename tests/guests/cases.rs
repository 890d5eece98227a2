//! The guests: what each is given, and what must come of it. Which functions each is a test of.

use plugboard::protocol::{FileEntry, Preopen, Settings, Stdin};
#[cfg(not(target_arch = "wasm32"))]
use plugboard::wasi::Function;

/// Calls a macro with the names of all guests, each a file in `programs/`.
macro_rules! for_each_guest {
    ($callback:ident) => {
        $callback! {
            append arguments clocks descriptors directories exit exit_in_start filestat links open
            pointers poll preopens quota random read_only read_write readdir renames sockets standard
            stdin yields
        }
    };
}
pub(crate) use for_each_guest;

/// What is to happen.
pub struct Case {
    pub settings: Settings,
    pub stdout: &'static str,
    pub stderr: &'static str,
    /// `None`: it returns from `_start`.
    pub exit_code: Option<u32>,
}

/// What is to happen to `guest`.
pub fn case(guest: &str) -> Case {
    let mut case = Case {
        settings: Settings {
            args: vec!["guest".to_owned()],
            ..Settings::default()
        },
        stdout: "ok\n",
        stderr: "",
        exit_code: None,
    };
    let settings = &mut case.settings;
    match guest {
        "arguments" => {
            settings.args = ["guest", "é", ""].map(str::to_owned).to_vec();
            settings.env = [("A", "1=2"), ("EMPTY", "")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec();
        }
        "exit" => {
            case.stdout = "before\n";
            case.exit_code = Some(42);
        }
        "exit_in_start" => {
            case.stdout = "";
            case.exit_code = Some(u32::MAX);
        }
        "poll" => settings.stdin = Stdin::Bytes(b"input".to_vec()),
        "preopens" => {
            let mut data = Preopen::empty("/data/é");
            data.files = vec![file("file", b"in a preopen")];
            settings.preopens = vec![Preopen::empty("/"), data, Preopen::empty("relative")];
            case.stdout = "/ /data/é relative\n";
        }
        "read_only" => {
            let mut root = Preopen::empty("/");
            root.read_only = true;
            root.files = vec![
                file("file", b"kept"),
                ("d".to_owned(), FileEntry::Directory),
            ];
            settings.preopens = vec![root];
        }
        "stdin" => {
            settings.stdin = Stdin::Bytes(b"more than a buffer\n".to_vec());
            case.stdout = "more than a buffer\n";
            case.stderr = "end\n";
        }
        _ => {}
    }
    case
}

fn file(path: &str, bytes: &[u8]) -> (String, FileEntry) {
    (path.to_owned(), FileEntry::File(bytes.to_vec()))
}

/// The guests that are tests of `function`. A function that is left out does not compile.
#[cfg(not(target_arch = "wasm32"))]
pub fn tests_of(function: Function) -> &'static [&'static str] {
    match function {
        Function::ArgsGet => &["arguments"],
        Function::ArgsSizesGet => &["arguments", "pointers"],
        Function::EnvironGet | Function::EnvironSizesGet => &["arguments"],
        Function::ClockResGet => &["clocks"],
        Function::ClockTimeGet => &["clocks", "poll", "pointers"],
        Function::FdAdvise | Function::FdAllocate => &["descriptors"],
        Function::FdClose => &["descriptors", "quota"],
        Function::FdDatasync | Function::FdSync => &["descriptors"],
        Function::FdFdstatGet => &["descriptors"],
        Function::FdFdstatSetFlags => &["append", "descriptors"],
        Function::FdFdstatSetRights => &["descriptors"],
        Function::FdFilestatGet => &["filestat", "directories", "read_write"],
        Function::FdFilestatSetSize => &["filestat", "quota", "read_only"],
        Function::FdFilestatSetTimes => &["filestat", "read_only"],
        Function::FdPread => &["read_write", "directories"],
        Function::FdPrestatGet | Function::FdPrestatDirName => &["preopens"],
        Function::FdPwrite => &["read_write"],
        Function::FdRead => &["read_write", "stdin"],
        Function::FdReaddir => &["readdir", "standard"],
        Function::FdRenumber => &["descriptors"],
        Function::FdSeek => &["read_write", "append"],
        Function::FdTell => &["read_write"],
        Function::FdWrite => &["read_write", "append", "pointers", "quota", "stdin"],
        Function::PathCreateDirectory => &["directories", "quota", "read_only"],
        Function::PathFilestatGet => &["filestat", "standard"],
        Function::PathFilestatSetTimes => &["filestat", "read_only"],
        Function::PathLink => &["links", "read_only", "standard"],
        Function::PathOpen => &["open", "append", "quota", "read_only"],
        Function::PathReadlink => &["links", "renames"],
        Function::PathRemoveDirectory => &["directories", "read_only", "standard"],
        Function::PathRename => &["renames", "read_only", "standard"],
        Function::PathSymlink => &["links", "read_only"],
        Function::PathUnlinkFile => &["directories", "links", "read_only"],
        Function::PollOneoff => &["poll", "standard"],
        Function::ProcExit => &["exit", "exit_in_start"],
        Function::ProcRaise | Function::SchedYield => &["yields"],
        Function::RandomGet => &["random", "pointers", "standard"],
        Function::SockAccept | Function::SockRecv | Function::SockSend | Function::SockShutdown => {
            &["sockets"]
        }
        // Preview 0's are in `tests/native/wasi_versions.rs`.
        Function::FdSeek0
        | Function::FdFilestatGet0
        | Function::PathFilestatGet0
        | Function::PollOneoff0 => &[],
    }
}
