use super::*;
use crate::module::{self, Info};
use crate::protocol::Account;
use crate::wasi::{Used, UsedPath};

fn read(wat: &str) -> (Vec<u8>, Info) {
    let bytes = wat::parse_str(wat).unwrap();
    let info = module::read("plugin.wasm", &bytes).unwrap();
    (bytes, info)
}

/// The outline as indented lines, `text (note) [size]`.
fn lines(items: &[Item]) -> String {
    fn write(items: &[Item], depth: usize, text: &mut String) {
        for item in items {
            text.push_str(&"  ".repeat(depth));
            text.push_str(&item.text);
            if !item.note.is_empty() {
                text.push_str(&format!(" ({})", item.note));
            }
            if let Some(size) = item.size {
                text.push_str(&format!(" [{size}]"));
            }
            text.push('\n');
            write(&item.items, depth + 1, text);
        }
    }
    let mut text = String::new();
    write(items, 0, &mut text);
    text
}

#[track_caller]
fn says(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(
            text.lines().any(|it| it.trim() == *line),
            "{line:?} in\n{text}"
        );
    }
}

const WASI: &str = r#"(module
    (import "log" "log" (func (param i32 i32)))
    (import "wasi_snapshot_preview1" "clock_time_get" (func (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_prestat_get" (func (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_rename" (func (param i32)))
    (memory (export "memory") 1)
    (func (export "_initialize")))"#;

#[test]
fn what_a_module_needs_is_told_before_it_runs() {
    let (_, module) = read(WASI);
    let text = lines(&account(&Account {
        module,
        called: Vec::new(),
        used: Used::default(),
    }));
    says(
        &text,
        &[
            "log.log(i32, i32)",
            // It has the name of WASI's, and not the type.
            "wasi_snapshot_preview1.path_rename(i32)",
            "Clocks (it reads what time it is)",
            "clock_time_get",
            "The environment (it is handed all variables, with their values)",
            // Nothing can be opened without path_open.
            "Files, to look at (it asks about them, but cannot open any)",
            "To read and to write (stdin, stdout and stderr: it opens nothing else)",
            "It does not ask for changes of files, arguments, sockets, randomness, waiting and exiting.",
            "Nothing has run yet. After a call, what it has really used stands here.",
        ],
    );
}

#[test]
fn what_it_has_used_is_told_after() {
    let (_, module) = read(WASI);
    let path = |path: &str, did: u16, read, calls, failures, errno| UsedPath {
        path: path.to_owned(),
        did,
        read,
        written: 0,
        calls,
        failures,
        errno,
    };
    let text = lines(&account(&Account {
        module,
        called: vec![3, 14, 0, 1, 1, 0],
        used: Used {
            clocks: [2, 12, 0],
            stdout: 2_048,
            variables: Some(vec!["HOME".to_owned()]),
            paths: vec![
                path("/etc/motd", 1, 12, 1, 0, 0),
                path("/etc/shadow", 0, 0, 2, 2, 44),
            ],
            unnamed: 1_000,
            ..Used::default()
        },
    }));
    says(
        &text,
        &[
            "log.log(i32, i32) (called 3 times)",
            "clock_time_get (called 14 times)",
            "fd_write",
            "/etc/motd (opened, 12 B read)",
            "/etc/shadow (failed twice: ENOENT)",
            "1,000 more calls with other paths (Trace has them all, as far as it goes back)",
            "HOME",
            "Clocks (it read the time of day twice and the monotonic clock 12 times)",
            "Input and output (2 KiB to stdout)",
        ],
    );
}

#[test]
fn a_module_without_imports_needs_nothing() {
    let (_, module) = read("(module)");
    let (called, used) = (Vec::new(), Used::default());
    let text = lines(&account(&Account {
        module,
        called,
        used,
    }));
    says(
        &text,
        &["Nothing: it imports nothing, so all that it can do is compute."],
    );
}

#[test]
fn bytes_go_to_sections_packages_and_functions() {
    let (bytes, _) = read(
        r#"(module $plugin
            (import "log" "log" (func (param i32 i32)))
            (memory 1)
            (func $fmt.Println (export "p") (drop (i32.extend8_s (i32.const 1))))
            (func $fmt.Sprint (memory.copy (i32.const 0) (i32.const 1) (i32.const 2)))
            (func $main.main (result i32 i32) i32.const 1 i32.const 2)
            (data $.rodata (i32.const 1024) "hello"))"#,
    );
    let items = contents(&bytes);
    let whole = &items[0];
    assert_eq!(whole.size, Some(bytes.len() as u64));
    let sections: u64 = whole.items.iter().filter_map(|item| item.size).sum();
    assert_eq!(sections + 8, bytes.len() as u64, "all but the preamble");
    let text = lines(&items);
    let code = whole.items.iter().find(|item| item.text == "code").unwrap();
    assert!(
        code.items
            .iter()
            .any(|it| it.text == "fmt" && it.note == "2 functions"),
        "{text}"
    );
    assert!(
        text.contains("Println [") && text.contains("main (1 function)"),
        "{text}"
    );
    let data = whole.items.iter().find(|item| item.text == "data").unwrap();
    assert_eq!(
        (&*data.items[0].text, data.items[0].address),
        (".rodata", Some(1024))
    );
    says(
        &text,
        &[
            "sign extension (i32.extend8_s and the like)",
            "bulk memory (memory.copy, memory.fill and the like)",
            "multi value (functions with several results)",
            "Module (plugin)",
            "Functions (3)",
            "Producers (none are named)",
        ],
    );
}

#[test]
fn what_has_a_symbol_in_the_data_is_told_by_that_and_the_rest_together() {
    use wasm_encoder::{DataSymbolDefinition, LinkingSection, Section, SymbolTable};
    let (mut bytes, _) = read(
        r#"(module (memory 1) (data (i32.const 1024) "0123456789") (data (i32.const 4096) "x"))"#,
    );
    let mut symbols = SymbolTable::new();
    let mut symbol = |name: &str, index, offset, size| {
        let definition = DataSymbolDefinition {
            index,
            offset,
            size,
        };
        symbols.data(0, name, Some(definition));
    };
    symbol("main.last", 0, 6, 3);
    symbol("main.table", 0, 1, 5);
    symbol("within the table", 0, 2, 1);
    symbol("beyond the end", 0, 9, 2);
    symbol("of no segment", 7, 0, 1);
    let mut linking = LinkingSection::new();
    linking.symbol_table(&symbols);
    linking.append_to(&mut bytes);
    let items = contents(&bytes);
    let data = items[0].items.iter().find(|item| item.text == "data");
    let segments = &data.unwrap().items;
    let told: Vec<(&str, Option<u64>, Option<u64>)> = segments[0]
        .items
        .iter()
        .map(|item| (&*item.text, item.size, item.address))
        .collect();
    assert_eq!(
        told,
        [
            ("main.table", Some(5), Some(1025)),
            ("main.last", Some(3), Some(1030)),
            ("without a name", Some(2), None),
        ]
    );
    assert_eq!(segments[1].items, [], "nothing is known of what is in it");
}

#[test]
fn variables_are_where_their_segment_is() {
    let (bytes, _) = read(
        r#"(module (memory 1) (data (i32.const 1024) "0123456789") (data (i32.const 4096) "x"))"#,
    );
    let mut data = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
        if let wasmparser::Payload::DataSection(section) = payload.unwrap() {
            data.extend(section.into_iter().map(Result::unwrap));
        }
    }
    let variable = |name, address, size| crate::go::dwarf::Variable {
        name,
        address,
        size,
    };
    let variables = [
        variable("main.count", 1028, 4),
        variable("main.letter", 4096, 1),
        // It begins as zeros, which no segment has.
        variable("main.zeros", 8192, 100),
    ];
    let segments = data::segments(&data, &[], &[], &variables);
    let first: Vec<(&str, Option<u64>)> = segments[0]
        .items
        .iter()
        .map(|item| (&*item.text, item.size))
        .collect();
    assert_eq!(
        first,
        [("without a name", Some(6)), ("main.count", Some(4))]
    );
    assert_eq!(segments[1].items.len(), 1);
    assert_eq!(segments[1].items[0].address, Some(4096));
}

#[test]
fn a_module_without_names_is_told_by_number_and_export() {
    let wat = r#"(module (func (export "run")) (func nop nop))"#;
    let text = lines(&contents(&read(wat).0));
    says(&text, &["function 1 [4]"]);
    assert!(
        text.contains("run [") && text.contains("(no names of functions in it)"),
        "{text}"
    );
}

#[test]
fn of_many_functions_the_largest_are_told_and_the_rest_together() {
    let functions: String = (0..500)
        .map(|n| format!("(func $main.f{n} {})", "nop ".repeat(n)))
        .collect();
    let items = contents(&read(&format!("(module {functions})")).0);
    let code = items[0]
        .items
        .iter()
        .find(|item| item.text == "code")
        .unwrap();
    let main = &code.items[0];
    assert_eq!((main.items.len(), &*main.items[0].text), (MOST, "f499"));
    assert_eq!(main.items[MOST - 1].text, "441 smaller functions");
    let sum: u64 = main.items.iter().filter_map(|item| item.size).sum();
    assert_eq!(Some(sum), main.size);
}

#[test]
fn what_is_broken_is_told_as_far_as_it_goes() {
    let (mut bytes, _) = read(r#"(module (func nop) (data "x"))"#);
    bytes.truncate(bytes.len() - 2);
    let items = contents(&bytes);
    assert!(
        items[0].note.starts_with("it cannot be read from 0x"),
        "{:?}",
        items[0].note
    );
    assert!(!items[0].items.is_empty());
    for cut in 0..bytes.len() {
        assert_eq!(contents(&bytes[..cut]).len(), 4);
    }
}

#[test]
fn a_symbol_says_whose_it_is() {
    for (symbol, package) in [
        ("fmt.Println", "fmt"),
        ("(*fmt.pp).printArg", "fmt"),
        ("(fmt.Stringer).String$invoke", "fmt"),
        ("internal/runtime/atomic.Load", "internal/runtime/atomic"),
        ("github.com/a/b.c/d.F[int]", "github.com/a/b.c/d"),
        ("slices.Sort[...]", "slices"),
        // Go's linker has no slashes.
        ("encoding_json.__decodeState_.object", "encoding_json"),
        ("github.com_a_b.F", "github.com_a_b"),
        ("main.main.func1", "main"),
        ("type:.eq.[2]string", "types"),
        ("type_.eq._2_string", "types"),
        ("_ZN4core3fmt5write17h0123456789abcdefE", "core"),
        ("core::fmt::write", "core"),
        (
            "<alloc::string::String as core::fmt::Write>::write_str",
            "alloc",
        ),
        ("malloc", "without a package"),
        ("", "without a package"),
        (".", "without a package"),
        ("_ZN99x", "without a package"),
    ] {
        assert_eq!(names::package(symbol).0, package, "{symbol}");
    }
    assert_eq!(names::package("fmt.Println").1, "Println");
    assert_eq!(names::package("(*fmt.pp).printArg").1, "(*fmt.pp).printArg");
    assert_eq!(
        names::package("_ZN4core3fmt5write17h0123456789abcdefE").1,
        "write"
    );
}
