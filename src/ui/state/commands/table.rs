//! The table of what a person can do, but for what the plugin on the board brings.

use super::Action;
use crate::protocol::{Go, ProfileFile, TraceForm};
use crate::ui::state::arrangement::{Pane, Panel};
use crate::ui::state::building::Task;
use crate::ui::state::console::Source;

/// A key as the help writes it. Letters and digits alone are typed into the palette, with Enter.
pub(super) type Keys = &'static str;

/// Everything, in the order of the palette and the help.
pub(crate) const ALL: [(Action, Keys, &str); 119] = [
    (
        Action::Call,
        "Ctrl Enter",
        "Call the selected export, or run the program; build it first if its source is newer",
    ),
    (Action::Repeat, "Ctrl Shift Enter", "Repeat the last call"),
    (Action::Stop, "Ctrl .", "Stop what runs, or the build"),
    (
        Action::Build(Task::Build),
        "Ctrl B",
        "Build the source on the page",
    ),
    (
        Action::Build(Task::Format),
        "Shift Alt F",
        "Format the source: gofmt",
    ),
    (
        Action::Build(Task::Vet),
        "ve",
        "Look for mistakes that the compiler lets pass: go vet",
    ),
    (
        Action::Build(Task::Test),
        "rt",
        "Run the tests of the source: go test",
    ),
    (Action::Debug, "db", "Debug calls, or no longer"),
    (Action::Profile, "pr", "Profile calls, or no longer"),
    (
        Action::DebugAgain,
        "da",
        "Call again with Debug: the calls of this instance, in a fresh one",
    ),
    (
        Action::Go(Go::On),
        "F8",
        "Continue from where a call has stopped",
    ),
    (Action::Go(Go::Over), "F10", "Step over"),
    (Action::Go(Go::Into), "F11", "Step into"),
    (Action::Go(Go::Out), "Shift F11", "Step out"),
    (Action::Press("open"), "Ctrl O", "Open a .wasm file"),
    (Action::Press("open-a-url"), "ou", "Open a URL"),
    (Action::Press("cancel-load"), "lc", "Cancel loading"),
    (Action::Palette, "Ctrl K", "Commands: all of these"),
    (Action::Press("console-search"), "/", "Search the console"),
    (Action::Help, "?", "Help"),
    (Action::Show(Panel::Settings), "1", "Show Settings"),
    (Action::Show(Panel::Imports), "2", "Show Imports"),
    (Action::Show(Panel::Trace), "3", "Show Trace"),
    (Action::Show(Panel::Memory), "4", "Show Memory"),
    (Action::Show(Panel::Files), "5", "Show Files"),
    (Action::Show(Panel::Module), "6", "Show Module"),
    (Action::Show(Panel::Source), "7", "Show Source"),
    (Action::Show(Panel::Calls), "8", "Show Calls"),
    (Action::Show(Panel::Profile), "9", "Show Profile"),
    (
        Action::SaveProfile(ProfileFile::Pprof),
        "pp",
        "Save the profile for go tool pprof",
    ),
    (
        Action::SaveProfile(ProfileFile::Folded),
        "pf",
        "Save the profile as folded stacks",
    ),
    (
        Action::PressIn(Panel::Module, "open-functions"),
        "fu",
        "Functions as WebAssembly text",
    ),
    (
        Action::Press("download-module"),
        "dm",
        "Download the module",
    ),
    (Action::GoToCall, "c", "Go to the call"),
    (Action::GoTo("console"), "o", "Go to the console"),
    (Action::GoTo("panel"), "w", "Go to the open panel"),
    (Action::GoTo("panel-2"), "w2", "Go to the second open panel"),
    (Action::GoTo("exports"), "e", "Go to the exports"),
    (Action::Pause, "p", "Pause, or resume"),
    (Action::Restart, "r", "Restart: make a fresh instance"),
    (
        Action::Host,
        "ho",
        "Choose the host of a framework, or the tool that starts a command",
    ),
    (
        Action::Press("json"),
        "j",
        "Arguments as JSON, or as fields",
    ),
    (Action::Press("edit-signature"), "g", "Edit the signature"),
    (
        Action::Dock,
        "d",
        "Dock the panels at the right, or at the bottom",
    ),
    (Action::Split, "t", "Two panels at a time, or one"),
    (
        Action::MoveOver(Pane::First),
        "m",
        "Move the open panel to the second group",
    ),
    (
        Action::MoveOver(Pane::Second),
        "m2",
        "Move the second open panel to the first group",
    ),
    (
        Action::Maximise(Pane::Call),
        "z1",
        "Maximise the call, or put it back",
    ),
    (
        Action::Maximise(Pane::Console),
        "z2",
        "Maximise the console, or put it back",
    ),
    (
        Action::Maximise(Pane::First),
        "z3",
        "Maximise the panel, or put it back",
    ),
    (
        Action::Maximise(Pane::Second),
        "z4",
        "Maximise the second panel, or put it back",
    ),
    (Action::Reset, "z0", "Reset all panes"),
    (Action::Toggle(Source::Stdout), "fo", "Show or hide stdout"),
    (Action::Toggle(Source::Stderr), "fe", "Show or hide stderr"),
    (
        Action::Toggle(Source::Host),
        "fh",
        "Show or hide what imports print",
    ),
    (Action::ClearConsole, "x", "Clear the console"),
    (
        Action::NextError,
        "ne",
        "Go to the next error in the console",
    ),
    (
        Action::Press("console-wrap"),
        "wp",
        "Wrap long lines, or do not",
    ),
    (Action::Press("console-copy"), "cc", "Copy the console"),
    (
        Action::Press("console-download"),
        "s",
        "Save the console as a file",
    ),
    (
        Action::RecordTrace,
        "tr",
        "Record host calls, or stop recording",
    ),
    (Action::ClearTrace, "tc", "Clear the trace"),
    (
        Action::GoIn(Panel::Trace, "trace-filter"),
        "tf",
        "Filter host calls",
    ),
    (
        Action::PressIn(Panel::Trace, "trace-failed"),
        "ta",
        "Only host calls that failed, or all",
    ),
    (
        Action::SaveTrace(TraceForm::JsonLines),
        "tj",
        "Save host calls as JSON lines",
    ),
    (
        Action::SaveTrace(TraceForm::Text),
        "tt",
        "Save host calls as text",
    ),
    (
        Action::GoIn(Panel::Memory, "memory-address"),
        "mg",
        "Go to an address in memory",
    ),
    (
        Action::GoIn(Panel::Memory, "memory-needle"),
        "ms",
        "Search memory",
    ),
    (
        Action::GoIn(Panel::Memory, "memory-bytes"),
        "mw",
        "Write into memory",
    ),
    (
        Action::PressIn(Panel::Memory, "memory-file"),
        "mf",
        "Write a file into memory",
    ),
    (
        Action::GoToChange { back: false },
        "mn",
        "Go to the next change in memory",
    ),
    (
        Action::GoToChange { back: true },
        "mp",
        "Go to the change before in memory",
    ),
    (
        Action::PressIn(Panel::Files, "add-files"),
        "fa",
        "Add files",
    ),
    (
        Action::PressIn(Panel::Files, "add-folder"),
        "ff",
        "Add a folder",
    ),
    (
        Action::GoIn(Panel::Files, "new-directory"),
        "fn",
        "Make a directory",
    ),
    (
        Action::PressIn(Panel::Files, "download-files"),
        "fd",
        "Download all files",
    ),
    (
        Action::PressIn(Panel::Files, "reset-files"),
        "fr",
        "Delete all files",
    ),
    (
        Action::PressIn(Panel::Files, "cancel-adding"),
        "fc",
        "Cancel adding files",
    ),
    (
        Action::PressIn(Panel::Imports, "save-answers"),
        "as",
        "Save answers to a file",
    ),
    (
        Action::PressIn(Panel::Imports, "open-answers"),
        "ao",
        "Open a file of answers",
    ),
    (Action::SaveCall, "sc", "Save the last call as a test"),
    (
        Action::Compare { all: false },
        "ce",
        "Compare the last call in both engines",
    ),
    (
        Action::Compare { all: true },
        "ca",
        "Compare all calls in both engines",
    ),
    (Action::RunCalls, "ra", "Run all saved calls"),
    (
        Action::PressIn(Panel::Calls, "calls-in-order"),
        "io",
        "Saved calls in order, or each in a fresh instance",
    ),
    (
        Action::PressIn(Panel::Calls, "save-calls"),
        "cs",
        "Save calls to a file",
    ),
    (
        Action::PressIn(Panel::Calls, "open-calls"),
        "co",
        "Open a file of calls",
    ),
    (Action::Press("host-code"), "h", "The call as host code"),
    (
        Action::PressIn(Panel::Settings, "add-argument"),
        "aa",
        "Add an argument",
    ),
    (
        Action::PressIn(Panel::Source, "edit-source"),
        "se",
        "Edit the source",
    ),
    (
        Action::PressIn(Panel::Source, "add-source"),
        "sa",
        "Add a file to the source",
    ),
    (
        Action::PressIn(Panel::Source, "rename-source"),
        "sr",
        "Rename the file that is shown",
    ),
    (
        Action::PressIn(Panel::Source, "delete-source"),
        "sd",
        "Delete the file that is shown",
    ),
    (
        Action::PressIn(Panel::Source, "download-source"),
        "dl",
        "Download the source, with a go.mod",
    ),
    (
        Action::GoIn(Panel::Source, "go-source"),
        "gs",
        "Paste Go source",
    ),
    (
        Action::PressIn(Panel::Source, "save-coverage"),
        "cv",
        "Save which lines were reached, for go tool cover",
    ),
    (Action::Press("watch"), "wa", "Watch, or stop watching"),
    (
        Action::Press("watch-repeat"),
        "wr",
        "Repeat calls after each rebuild, or do not",
    ),
    (Action::Press("watch-offer"), "wo", "Do what Watch asks for"),
    (Action::Press("watch-folder"), "wf", "Watch a folder"),
    (Action::Press("reload"), "wl", "Reload the file"),
    (
        Action::Press("delete-kept"),
        "dk",
        "Delete all that is kept",
    ),
    (
        Action::Press("theme"),
        "y",
        "Change the colours: system, light, dark",
    ),
    (Action::GoTo("imports"), "i", "Go to the imports"),
    (Action::Unplug, "u", "Unplug: back to the empty page"),
    (Action::CopyLink, "l", "Share: copy a link"),
    (Action::SaveSession, "ss", "Share: save a session file"),
    (Action::Template(0), "n1", "New plugin, in Go"),
    (Action::Template(1), "n2", "New plugin with structs"),
    (Action::Template(2), "n3", "New command, in Go"),
    (Action::Template(3), "n4", "New plugin with goroutines"),
    (Action::Template(4), "n5", "New plugin that traps"),
    (Action::Sample(0), "o1", "Open the sample greet.wasm"),
    (Action::Sample(1), "o2", "Open the sample hello.wasm"),
    (Action::Sample(2), "o3", "Open the sample types.wasm"),
    (Action::Sample(3), "o4", "Open the sample extism.wasm"),
    (Action::Sample(4), "o5", "Open the sample http-wasm.wasm"),
    (Action::Sample(5), "o6", "Open the sample wapc.wasm"),
    (Action::Sample(6), "o7", "Open the sample proxy-wasm.wasm"),
];
