//! What a module needs, by its imports, and what its instance has used.

use super::words::{list, times};
use crate::amount::{amount, size};
use crate::module::{Import, Kind};
use crate::protocol::{Account, Item};
use crate::wasi::{Deed, Used, UsedPath};

/// The most paths, and variables, that are told one by one.
const TOLD: usize = 256;

/// A kind of thing that WASI's functions give.
struct Family {
    /// What the guest needs, as a heading.
    need: &'static str,
    /// What that means for whoever gives it.
    means: &'static str,
    /// What it is called among those that are not asked for.
    name: &'static str,
    /// How the names of its functions begin.
    functions: &'static [&'static str],
}

/// In the order of what a reviewer looks for first.
const FAMILIES: [Family; 10] = [
    Family {
        need: "Files, to look at",
        means: "it opens, reads or lists what is below the directories that it is given",
        name: "files",
        functions: &[
            "path_open",
            "path_filestat_get",
            "path_readlink",
            "fd_readdir",
            "fd_prestat_",
            "fd_pread",
            "fd_seek",
            "fd_tell",
            "fd_advise",
            "fd_filestat_get",
        ],
    },
    Family {
        need: "Files, to change",
        means: "it makes, writes, moves or removes them, where the directory is not read-only",
        name: "changes of files",
        functions: &[
            "path_create_directory",
            "path_link",
            "path_remove_directory",
            "path_rename",
            "path_symlink",
            "path_unlink_file",
            "path_filestat_set_times",
            "fd_filestat_set_",
            "fd_allocate",
            "fd_pwrite",
            "fd_sync",
            "fd_datasync",
        ],
    },
    Family {
        need: "The environment",
        means: "it is handed all variables, with their values",
        name: "the environment",
        functions: &["environ_"],
    },
    Family {
        need: "Arguments",
        means: "it is handed the command line",
        name: "arguments",
        functions: &["args_"],
    },
    Family {
        need: "Sockets",
        means: "it accepts connections, sends or receives, on sockets that it is given: WASI preview 1 opens none",
        name: "sockets",
        functions: &["sock_"],
    },
    Family {
        need: "Randomness",
        means: "it gets random bytes",
        name: "randomness",
        functions: &["random_get"],
    },
    Family {
        need: "Clocks",
        means: "it reads what time it is",
        name: "clocks",
        functions: &["clock_"],
    },
    Family {
        need: "To wait",
        means: "it sleeps, waits for input, or lets others run",
        name: "waiting",
        functions: &["poll_oneoff", "sched_yield"],
    },
    Family {
        need: "To read and to write",
        means: "stdin, stdout, stderr, and what it has opened",
        name: "input and output",
        functions: &["fd_"],
    },
    Family {
        need: "To end",
        means: "it exits with a code, or raises a signal",
        name: "exiting",
        functions: &["proc_"],
    },
];

/// What a module needs, and what its instance has used.
#[must_use]
pub fn account(account: &Account) -> Vec<Item> {
    let has_run = !account.called.is_empty() || account.used != Used::default();
    let used = match has_run {
        true => used(account),
        false => vec![Item::new(
            "Nothing has run yet. After a call, what it has really used stands here.",
        )],
    };
    vec![
        Item::new("What it needs")
            .noted("from its imports, before anything runs")
            .with(needs(account)),
        Item::new("What it has used")
            .noted(match account.module.kind {
                Kind::Command => "in its latest run",
                Kind::Reactor | Kind::Bare => "in this instance, since its first call",
            })
            .with(used),
    ]
}

fn needs(account: &Account) -> Vec<Item> {
    let imports = &account.module.imports;
    let called = account.called.iter().copied().chain(std::iter::repeat(0));
    let counted: Vec<(&Import, u64)> = imports.iter().zip(called).collect();
    let mut items = Vec::new();
    let hosts: Vec<Item> = counted
        .iter()
        .filter(|(import, _)| !import.is_wasi())
        .map(|(import, count)| Item::new(signature(import)).noted(called_times(*count)))
        .collect();
    if !hosts.is_empty() {
        let what = "what these do only its host knows: see Imports for how they are answered here";
        items.push(
            Item::new("What its own host must bring")
                .noted(what)
                .with(hosts),
        );
    }
    let mut by_family: [Vec<Item>; FAMILIES.len()] = Default::default();
    for (import, count) in counted.iter().filter(|(import, _)| import.is_wasi()) {
        // What begins with `fd_` and belongs to no other family reads and writes, or asks what may be.
        let family = FAMILIES.iter().position(|family| {
            let mut functions = family.functions.iter();
            functions.any(|start| import.name.starts_with(start))
        });
        if let Some(place) = family.and_then(|place| by_family.get_mut(place)) {
            place.push(Item::new(&*import.name).noted(called_times(*count)));
        }
    }
    let opens = imports
        .iter()
        .any(|it| it.is_wasi() && it.name == "path_open");
    let mut absent = Vec::new();
    for (family, functions) in FAMILIES.iter().zip(by_family) {
        if functions.is_empty() {
            absent.push(family.name.to_owned());
            continue;
        }
        let means = match (family.name, opens) {
            ("files", false) => "it asks about them, but cannot open any",
            ("input and output", false) => "stdin, stdout and stderr: it opens nothing else",
            _ => family.means,
        };
        items.push(Item::new(family.need).noted(means).with(functions));
    }
    if imports.is_empty() {
        return vec![Item::new(
            "Nothing: it imports nothing, so all that it can do is compute.",
        )];
    }
    if !absent.is_empty() {
        let absent = list(&absent);
        items.push(Item::new(format!("It does not ask for {absent}.")));
    }
    items
}

fn called_times(count: u64) -> String {
    match count {
        0 => String::new(),
        _ => format!("called {}", times(count)),
    }
}

/// `log.log(ptr int32, len int32)`, with the Wasm type where no other is known.
fn signature(import: &Import) -> String {
    let name = format!("{}.{}", import.module, import.name);
    match (&import.signature, import.ty.func()) {
        (Some((signature, _)), Some(_)) => {
            let mut signature = signature.clone();
            signature.name = name;
            signature.written = None;
            signature.to_string()
        }
        (None, Some(ty)) => format!("{name}{ty}"),
        _ => format!("{name}: {}", import.ty),
    }
}

fn used(account: &Account) -> Vec<Item> {
    let Used {
        clocks,
        waits,
        random,
        arguments,
        variables,
        stdin,
        stdout,
        stderr,
        paths,
        unnamed,
    } = &account.used;
    let mut items = Vec::new();
    let mut say = |item| items.push(item);
    if !paths.is_empty() {
        let mut told: Vec<Item> = paths.iter().take(TOLD).map(path).collect();
        if *unnamed > 0 {
            let calls = amount(*unnamed, "more call");
            let all = "Trace has them all, as far as it goes back";
            told.push(Item::new(format!("{calls} with other paths")).noted(all));
        }
        let note = amount(paths.len() as u64, "path");
        let note = match unnamed {
            0 => note,
            _ => format!("the first {note}, and more"),
        };
        say(Item::new("Files").noted(note).with(told));
    }
    if let Some(names) = variables {
        let note = match names.len() {
            0 => "it asked, and there were none".to_owned(),
            count => format!(
                "it was handed {} at once; which of them it looks at cannot be told",
                amount(count as u64, "variable")
            ),
        };
        let names = names.iter().take(TOLD).map(Item::new).collect();
        say(Item::new("The environment").noted(note).with(names));
    }
    if let Some(count) = arguments {
        let note = format!("it was handed {}", amount(*count, "argument"));
        say(Item::new("Arguments").noted(format!("{note}, the program's name among them")));
    }
    let moved: Vec<String> = [
        (stdin, "from stdin"),
        (stdout, "to stdout"),
        (stderr, "to stderr"),
    ]
    .into_iter()
    .filter(|(bytes, _)| **bytes > 0)
    .map(|(bytes, way)| format!("{} {way}", size(*bytes)))
    .collect();
    if !moved.is_empty() {
        say(Item::new("Input and output").noted(list(&moved)));
    }
    if *random > 0 {
        say(Item::new("Randomness").noted(format!("it got {}", size(*random))));
    }
    let names = ["the time of day", "the monotonic clock", "the CPU's clock"];
    let read: Vec<String> = names
        .into_iter()
        .zip(clocks)
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| format!("{name} {}", times(*count)))
        .collect();
    if !read.is_empty() {
        say(Item::new("Clocks").noted(format!("it read {}", list(&read))));
    }
    if *waits > 0 {
        let note = format!(
            "it asked {} to wait for a time or a descriptor",
            times(*waits)
        );
        say(Item::new("Waiting").noted(note));
    }
    let imports = account.module.imports.iter().zip(&account.called);
    let mut others = Vec::new();
    for (import, count) in imports.filter(|(_, count)| **count > 0) {
        let is_wasi = import.is_wasi();
        if !is_wasi || import.name.starts_with("sock_") || import.name.starts_with("proc_") {
            others.push(
                Item::new(match is_wasi {
                    true => import.name.clone(),
                    false => signature(import),
                })
                .noted(called_times(*count)),
            );
        }
    }
    if !others.is_empty() {
        say(Item::new("Calls of its host, sockets and exits").with(others));
    }
    if items.is_empty() {
        items.push(Item::new("Nothing that reaches outside its own memory."));
    }
    items
}

/// `/etc/motd`: `opened; 14 B read`.
fn path(path: &UsedPath) -> Item {
    let deeds = [
        (Deed::Created, "opened to be made"),
        (Deed::Truncated, "emptied"),
        (Deed::Opened, "opened"),
        (Deed::Listed, "listed"),
        (Deed::Examined, "looked at"),
        (Deed::Followed, "read as a link"),
        (Deed::MadeDirectory, "made, a directory"),
        (Deed::Named, "made"),
        (Deed::Touched, "given other times"),
        (Deed::Removed, "removed"),
    ];
    let deeds = deeds
        .into_iter()
        .filter(|(deed, _)| path.has(*deed) && !(*deed == Deed::Opened && path.has(Deed::Created)));
    let mut notes: Vec<String> = deeds.map(|(_, word)| word.to_owned()).collect();
    for (bytes, word) in [(path.read, "read"), (path.written, "written")] {
        if bytes > 0 {
            notes.push(format!("{} {word}", size(bytes)));
        }
    }
    let mut note = notes.join(", ");
    if let Some(error) = path.error() {
        let failed = match (path.failures, path.calls) {
            (1, 1) => format!("failed: {error}"),
            (failures, calls) if failures == calls => {
                format!("failed {}: {error}", times(failures))
            }
            (failures, calls) => format!("{failures} of {} failed: {error}", amount(calls, "call")),
        };
        note = match note.as_str() {
            "" => failed,
            _ => format!("{note}; {failed}"),
        };
    } else if path.calls > 1 {
        note = format!("{note}; named {}", times(path.calls));
    }
    Item::new(&*path.path).noted(note)
}
