//! Each function's rules, as a plugin meets them, hostile ones among them.

mod http;

use super::functions::Extern;
use super::*;
use crate::hosts::{Part, Value, Values};
use crate::linear::LinearMut;

/// Room that is enough for what is not about room.
const ROOM: u64 = 1 << 20;

/// What a host prints.
#[derive(Default)]
struct Console(Vec<String>);

impl World for Console {
    fn now(&mut self) -> u64 {
        0
    }

    fn print(&mut self, line: &str) {
        self.0.push(line.to_owned());
    }
}

/// A host, and what it has printed.
struct Plugin {
    host: Extism,
    console: Console,
    room: u64,
}

fn plugin(values: &[(&str, Value)]) -> Plugin {
    let mut plugin = Plugin {
        host: Extism::default(),
        console: Console::default(),
        room: ROOM,
    };
    assert_eq!(plugin.begin(values, true), Ok(()));
    plugin
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn pairs(pairs: &[(&str, &str)]) -> Value {
    let pairs = pairs.iter();
    Value::Pairs(
        pairs
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect(),
    )
}

impl Plugin {
    fn begin(&mut self, values: &[(&str, Value)], is_fresh: bool) -> Result<(), String> {
        let mut filled = Values::default();
        filled.set(key::LEVEL, text("info"));
        for (key, value) in values {
            filled.set(key, value.clone());
        }
        self.host.begin(Begin {
            export: "run",
            action: "call",
            values: &filled,
            is_fresh,
            room: self.room,
        })
    }

    fn flow(&mut self, function: Extern, args: &[u64], came: &[Came]) -> (Flow, u64) {
        let mut results = [0];
        let mut answers = |results: &mut [u64]| {
            self.host.call(
                FunctionId(function as u16),
                Caller {
                    args,
                    results,
                    memory: LinearMut::Here(&mut []),
                    came,
                    room: self.room,
                    world: &mut self.console,
                },
            )
        };
        let flow = answers(&mut results);
        (flow, results[0])
    }

    #[track_caller]
    fn call(&mut self, function: Extern, args: &[u64]) -> u64 {
        let (flow, result) = self.flow(function, args, &[]);
        assert_eq!(flow, Flow::Return, "{function:?}{args:?}");
        result
    }

    #[track_caller]
    fn traps(&mut self, function: Extern, args: &[u64]) -> String {
        match self.flow(function, args, &[]).0 {
            Flow::Trap(text) => text,
            other => panic!("{function:?}{args:?}: {other:?}"),
        }
    }

    /// A block with this text.
    fn write(&mut self, text: &str) -> u64 {
        let handle = self.call(Extern::Alloc, &[text.len() as u64]);
        for (at, byte) in (handle..).zip(text.bytes()) {
            self.call(Extern::StoreU8, &[at, byte.into()]);
        }
        handle
    }

    fn read(&mut self, handle: u64) -> String {
        let length = self.call(Extern::Length, &[handle]);
        let bytes = (handle..handle + length)
            .map(|at| u8::try_from(self.call(Extern::LoadU8, &[at])).expect("it is a byte"));
        String::from_utf8(bytes.collect()).expect("UTF-8")
    }

    fn end(&mut self, came: Came) -> Shown {
        assert_eq!(self.host.next(came, &mut self.console), Next::Done);
        self.host.shown()
    }

    fn set(&mut self, name: &str, value: &str) -> Flow {
        let (name, value) = (self.write(name), self.write(value));
        self.flow(Extern::VarSet, &[name, value], &[]).0
    }
}

fn part<'a>(shown: &'a Shown, label: &str) -> Option<&'a Part> {
    let mut parts = shown.parts.iter();
    parts.find(|(name, _)| name == label).map(|(_, part)| part)
}

#[test]
fn the_table_and_the_names_are_in_one_order() {
    assert_eq!(Extern::of(FunctionId(0)), Some(Extern::Alloc));
    assert_eq!(
        Extern::of(FunctionId(Extern::Reset as u16)),
        Some(Extern::Reset)
    );
    assert_eq!(Extern::of(FunctionId(Extern::Reset as u16 + 1)), None);
}

#[test]
fn blocks_are_loaded_as_they_were_stored() {
    let mut plugin = plugin(&[]);
    let handle = plugin.call(Extern::Alloc, &[20]);
    assert_ne!(handle, 0);
    assert_eq!(plugin.call(Extern::Length, &[handle]), 20);
    assert_eq!(plugin.call(Extern::LengthUnsafe, &[handle]), 20);
    plugin.call(Extern::StoreU64, &[handle + 3, 0x0807_0605_0403_0201]);
    assert_eq!(
        plugin.call(Extern::LoadU64, &[handle + 3]),
        0x0807_0605_0403_0201
    );
    assert_eq!(plugin.call(Extern::LoadU8, &[handle + 4]), 2);
    assert_eq!(
        plugin.call(Extern::LoadU64, &[handle]),
        0x0504_0302_0100_0000
    );
    assert_eq!(plugin.call(Extern::LoadU8, &[handle + 19]), 0);
}

#[test]
fn nothing_has_handle_0() {
    let mut plugin = plugin(&[]);
    assert_eq!(plugin.call(Extern::Alloc, &[0]), 0);
    assert_eq!(plugin.call(Extern::Length, &[0]), 0);
    assert_eq!(plugin.call(Extern::LoadU8, &[0]), 0);
    plugin.call(Extern::Free, &[0]);
    plugin.call(Extern::OutputSet, &[0, 0]);
    let shown = plugin.end(Came::Returned(vec![0]));
    assert_eq!(part(&shown, "Output"), Some(&Part::Bytes(Vec::new())));
}

#[test]
fn what_is_no_handle_has_no_length_and_is_neither_read_nor_written() {
    let mut plugin = plugin(&[]);
    let handle = plugin.write("abc");
    for wrong in [
        1,
        handle + 1,
        handle + 3,
        handle - 1,
        u64::MAX,
        u64::MAX - 7,
    ] {
        assert_eq!(plugin.call(Extern::Length, &[wrong]), 0, "{wrong:#x}");
        plugin.call(Extern::Free, &[wrong]);
        plugin.call(Extern::StoreU64, &[u64::MAX - 3, u64::MAX]);
    }
    for outside in [handle + 3, handle - 1, u64::MAX] {
        plugin.call(Extern::StoreU8, &[outside, 7]);
        assert_eq!(plugin.call(Extern::LoadU8, &[outside]), 0, "{outside:#x}");
        assert_eq!(plugin.call(Extern::LoadU64, &[outside]), 0, "{outside:#x}");
    }
    // What begins within ends with it.
    plugin.call(Extern::StoreU64, &[handle + 2, u64::MAX]);
    assert_eq!(plugin.call(Extern::LoadU64, &[handle]), 0xff_62_61);
    assert_eq!(plugin.call(Extern::LoadU8, &[handle + 3]), 0);
}

#[test]
fn a_block_is_freed_once_and_its_handle_not_given_again() {
    let mut plugin = plugin(&[]);
    let held = plugin.host.held();
    let handle = plugin.write("abc");
    plugin.call(Extern::Free, &[handle]);
    plugin.call(Extern::Free, &[handle]);
    assert_eq!(plugin.host.held(), held);
    assert_eq!(plugin.call(Extern::Length, &[handle]), 0);
    assert_ne!(plugin.write("abc"), handle);
}

#[test]
fn the_limit_counts_blocks_and_their_headers() {
    let mut plugin = plugin(&[]);
    for asked in [ROOM, 1 << 30, u64::MAX, u64::MAX - 63] {
        match plugin.flow(Extern::Alloc, &[asked], &[]).0 {
            Flow::Limit(text) => assert!(
                text.starts_with("the plugin asked Extism for ")
                    && text.ends_with("(Settings, memory)"),
                "{text}"
            ),
            other => panic!("{other:?}"),
        }
    }
    let mut count = 0;
    while plugin.flow(Extern::Alloc, &[1], &[]).0 == Flow::Return {
        count += 1;
    }
    assert!(count < ROOM / 64, "{count} blocks of a byte");
    assert!(plugin.host.held() <= ROOM);
    assert_eq!(plugin.call(Extern::MemoryBytes, &[]), plugin.host.held());
}

#[test]
fn the_input_is_read_by_offsets_and_freed_by_its_handle() {
    let mut plugin = plugin(&[(key::INPUT, Value::Bytes(b"0123456789".to_vec()))]);
    assert_eq!(plugin.call(Extern::InputLength, &[]), 10);
    assert_eq!(plugin.call(Extern::InputLoadU8, &[9]), u64::from(b'9'));
    assert_eq!(plugin.call(Extern::InputLoadU8, &[10]), 0);
    assert_eq!(
        plugin.call(Extern::InputLoadU64, &[2]),
        u64::from_le_bytes(*b"23456789")
    );
    for outside in [3, 10, u64::MAX, u64::MAX - 7] {
        assert_eq!(
            plugin.call(Extern::InputLoadU64, &[outside]),
            0,
            "{outside}"
        );
        if outside > 9 {
            assert_eq!(plugin.call(Extern::InputLoadU8, &[outside]), 0, "{outside}");
        }
    }
    let handle = plugin.call(Extern::InputOffset, &[]);
    assert_eq!(plugin.read(handle), "0123456789");
    plugin.call(Extern::Free, &[handle]);
    assert_eq!(plugin.call(Extern::InputLength, &[]), 0);
    let other = plugin.write("other");
    plugin.call(Extern::InputSet, &[other, 6]);
    assert_eq!(
        plugin.call(Extern::InputLength, &[]),
        0,
        "it is longer than its block"
    );
    plugin.call(Extern::InputSet, &[other + 1, 4]);
    assert_eq!(plugin.call(Extern::InputLoadU8, &[0]), u64::from(b't'));
}

#[test]
fn the_output_is_what_it_was_set_to_last_even_if_its_block_is_freed() {
    let mut plugin = plugin(&[]);
    let first = plugin.write("first");
    let second = plugin.write("second");
    plugin.call(Extern::OutputSet, &[first, 5]);
    plugin.call(Extern::OutputSet, &[second + 1, 3]);
    for (at, length) in [(second, 7), (1, 1), (first, u64::MAX), (u64::MAX, 2)] {
        plugin.call(Extern::OutputSet, &[at, length]);
    }
    plugin.call(Extern::Free, &[second]);
    assert_eq!(plugin.call(Extern::OutputOffset, &[]), second + 1);
    assert_eq!(plugin.call(Extern::OutputLength, &[]), 3);
    let shown = plugin.end(Came::Returned(vec![0]));
    assert_eq!(part(&shown, "Output"), Some(&Part::Bytes(b"eco".to_vec())));
    assert_eq!((shown.failed, shown.said.as_str()), (None, "returned 0"));
}

#[test]
fn a_call_fails_by_its_error_or_by_what_it_returns() {
    for (error, came, failed) in [
        (None, Came::Returned(vec![0]), None),
        (None, Came::Returned(Vec::new()), None),
        (None, Came::Exited(0), None),
        (None, Came::Exited(3), Some("the plugin exited with code 3")),
        (
            None,
            Came::Returned(vec![0xffff_ffff]),
            Some("it returned -1, which is an error to Extism, and set no text for it"),
        ),
        (Some("no"), Came::Returned(vec![0]), Some("no")),
        (Some("no"), Came::Returned(vec![1]), Some("no")),
        (Some("no"), Came::Exited(0), Some("no")),
    ] {
        let mut plugin = plugin(&[]);
        if let Some(error) = error {
            let handle = plugin.write(error);
            plugin.call(Extern::ErrorSet, &[handle]);
            assert_eq!(plugin.call(Extern::ErrorGet, &[]), handle);
            plugin.call(Extern::Free, &[handle]);
        }
        let shown = plugin.end(came.clone());
        assert_eq!(shown.failed.as_deref(), failed, "{error:?} {came:?}");
    }
}

#[test]
fn an_error_that_is_no_handle_fails_without_text() {
    let mut plugin = plugin(&[]);
    plugin.call(Extern::ErrorSet, &[12345]);
    assert_eq!(
        plugin.end(Came::Returned(vec![0])).failed.as_deref(),
        Some("")
    );
}

#[test]
fn configuration_is_found_by_key_and_the_key_freed() {
    let mut plugin = plugin(&[(key::CONFIG, pairs(&[("a", "1"), ("", "empty"), ("b", "")]))]);
    let held = plugin.host.held();
    let name = plugin.write("a");
    let value = plugin.call(Extern::ConfigGet, &[name]);
    assert_eq!(plugin.read(value), "1");
    assert_eq!(plugin.call(Extern::Length, &[name]), 0);
    // Go frees it again.
    plugin.call(Extern::Free, &[name]);
    plugin.call(Extern::Free, &[value]);
    assert_eq!(plugin.host.held(), held);
    for missing in ["x", "b"] {
        let name = plugin.write(missing);
        assert_eq!(plugin.call(Extern::ConfigGet, &[name]), 0);
    }
    let empty = plugin.call(Extern::ConfigGet, &[0]);
    assert_eq!(plugin.read(empty), "empty");
    assert_eq!(
        plugin.traps(Extern::ConfigGet, &[77]),
        "invalid handle offset for config key: 77"
    );
    let name = plugin.call(Extern::Alloc, &[1]);
    plugin.call(Extern::StoreU8, &[name, 0xff]);
    assert_eq!(
        plugin.traps(Extern::ConfigGet, &[name]),
        "the config key is no UTF-8"
    );
}

#[test]
fn variables_last_from_call_to_call_and_are_shown_before_and_after() {
    let mut plugin = plugin(&[(key::VARIABLES, pairs(&[("old", "1"), ("gone", "2")]))]);
    assert_eq!(plugin.set("new", "3"), Flow::Return);
    assert_eq!(plugin.set("old", "4"), Flow::Return);
    let name = plugin.write("gone");
    plugin.call(Extern::VarSet, &[name, 0]);
    let shown = plugin.end(Came::Returned(vec![0]));
    let Some(Part::Changes(changes)) = part(&shown, "Variables") else {
        panic!("{shown:?}");
    };
    let changes: Vec<_> = changes
        .iter()
        .map(|one| {
            (
                one.name.as_str(),
                one.before.as_deref(),
                one.after.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        changes,
        [
            ("gone", Some("2"), None),
            ("new", None, Some("3")),
            ("old", Some("1"), Some("4"))
        ]
    );
    // What was filled in is for a fresh instance.
    assert_eq!(
        plugin.begin(&[(key::VARIABLES, pairs(&[("old", "1")]))], false),
        Ok(())
    );
    for (name, value) in [("old", "4"), ("new", "3"), ("gone", "")] {
        let name = plugin.write(name);
        let found = plugin.call(Extern::VarGet, &[name]);
        assert_eq!(plugin.read(found), value);
    }
}

#[test]
fn variables_have_a_mebibyte_together() {
    let mut plugin = plugin(&[]);
    plugin.room = 1 << 30;
    let half = "x".repeat(1 << 19);
    assert_eq!(plugin.set("a", &half), Flow::Return);
    let full = Flow::Trap("Variable store is full".to_owned());
    assert_eq!(plugin.set("b", &half), full);
    assert_eq!(plugin.set("b", &"x".repeat((1 << 19) - 98)), Flow::Return);
    assert_eq!(plugin.set("c", ""), Flow::Return);
    assert_eq!(plugin.set("d", "x"), full);
}

#[test]
fn lines_are_logged_by_their_level() {
    let mut plugin = plugin(&[]);
    let level = |plugin: &mut Plugin| plugin.call(Extern::GetLogLevel, &[]);
    assert_eq!(level(&mut plugin), 2);
    for (function, line) in [
        (Extern::LogTrace, "a"),
        (Extern::LogDebug, "b"),
        (Extern::LogInfo, "c"),
        (Extern::LogWarn, "d"),
        (Extern::LogError, "e"),
    ] {
        let line = plugin.write(line);
        plugin.call(function, &[line]);
        assert_eq!(plugin.call(Extern::Length, &[line]), 0, "it is freed");
    }
    assert_eq!(plugin.console.0, ["info: c", "warn: d", "error: e"]);
    plugin.call(Extern::LogInfo, &[0]);
    assert!(
        plugin
            .traps(Extern::LogInfo, &[5])
            .contains("log message: 5")
    );
    assert_eq!(plugin.begin(&[(key::LEVEL, text("off"))], false), Ok(()));
    assert_eq!(level(&mut plugin), i32::MAX as u64);
    let line = plugin.write("never");
    plugin.call(Extern::LogError, &[line]);
    assert_eq!(plugin.console.0.len(), 4);
    assert!(plugin.begin(&[(key::LEVEL, text("loud"))], false).is_err());
}

#[test]
fn reset_frees_everything_but_variables() {
    let mut plugin = plugin(&[(key::INPUT, Value::Bytes(b"in".to_vec()))]);
    assert_eq!(plugin.set("a", "1"), Flow::Return);
    let block = plugin.write("out");
    plugin.call(Extern::OutputSet, &[block, 3]);
    plugin.call(Extern::Reset, &[]);
    assert_eq!(plugin.host.held(), 0);
    assert_eq!(plugin.call(Extern::InputLength, &[]), 0);
    assert_eq!(plugin.call(Extern::OutputLength, &[]), 0);
    let name = plugin.write("a");
    let value = plugin.call(Extern::VarGet, &[name]);
    assert_eq!(plugin.read(value), "1");
}

#[test]
fn an_input_without_room_is_refused() {
    let mut plugin = plugin(&[]);
    plugin.room = 100;
    let input = Value::Bytes(vec![0; 100]);
    let refused = plugin.begin(&[(key::INPUT, input)], false);
    assert!(refused.is_err_and(|text| text.starts_with("input: the plugin asked")));
}

#[test]
fn the_trace_says_what_handles_stand_for() {
    let mut plugin = plugin(&[]);
    let handle = plugin.write("greeting");
    let mut told = String::new();
    let id = FunctionId(Extern::ConfigGet as u16);
    plugin
        .host
        .tell(id, &[handle], &mut Text::new(&mut told, 100));
    assert_eq!(told, format!("{handle:#x} \"greeting\""));
    told.clear();
    plugin
        .host
        .tell_result(id, &[handle], &mut Text::new(&mut told, 100));
    assert_eq!(told, format!("{handle:#x} \"greeting\""));
    told.clear();
    let id = FunctionId(Extern::OutputSet as u16);
    plugin
        .host
        .tell(id, &[0, 3], &mut Text::new(&mut told, 100));
    assert_eq!(told, "0, 3");
}
