use super::*;
use crate::protocol::FunctionUses;
use wasm_encoder as encoder;

mod large;
mod oracle;

fn module(wat: &str) -> Module {
    Module::read(wat::parse_str(wat).unwrap()).unwrap()
}

#[track_caller]
fn text(module: &mut Module, function: u32, place: Option<u32>) -> FunctionText {
    let ask = Functions::Text {
        function,
        place,
        first: None,
        count: 100,
    };
    match module.answer(ask) {
        FunctionsReport::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

fn lines(text: &FunctionText) -> Vec<&str> {
    text.lines.iter().map(|line| &*line.text).collect()
}

#[track_caller]
fn found(module: &mut Module, text: &str, largest_first: bool) -> (u32, Vec<FunctionLine>) {
    let filter = FunctionFilter {
        text: text.to_owned(),
        largest_first,
    };
    let ask = Functions::Find {
        filter,
        first: 0,
        count: 100,
    };
    match module.answer(ask) {
        FunctionsReport::Found(found) => (found.passing, found.functions),
        other => panic!("{other:?}"),
    }
}

fn indices(functions: &[FunctionLine]) -> Vec<u32> {
    functions.iter().map(|line| line.index).collect()
}

#[track_caller]
fn uses(module: &mut Module, function: u32) -> FunctionUses {
    match module.answer(Functions::Uses { function }) {
        FunctionsReport::Uses(uses) => uses,
        other => panic!("{other:?}"),
    }
}

const GREET: &str = r#"(module
    (import "log" "log" (func $main.log (param i32 i32)))
    (table 10 funcref)
    (elem (i32.const 4) $main.greet $main.greet)
    (func $main.greet (export "greet") (param $ptr i32) (param i32) (result i64) (local $n i64)
        local.get $ptr
        local.get 1
        call $main.log
        block $done
            local.get $ptr
            br_if $done
            call $"(*main.T).String"
        end
        i64.const -1)
    (func $"(*main.T).String"
        call $"(*main.T).String"
        i32.const 1
        i32.const 2
        call $main.log)
    (start 2))"#;

#[test]
fn a_function_is_written_with_the_names_of_the_module() {
    let mut module = module(GREET);
    let text = text(&mut module, 1, None);
    assert_eq!(
        lines(&text),
        [
            "(func $main.greet (;1;) (type 1) (param $ptr i32) (param i32) (result i64)",
            "  (local $n i64)",
            "  local.get $ptr",
            "  local.get 1",
            "  call $main.log",
            "  block $done",
            "    local.get $ptr",
            "    br_if $done",
            "    call $\"(*main.T).String\"",
            "  end",
            "  i64.const -1",
            ")",
        ]
    );
    assert!(text.is_whole);
    assert_eq!(text.function.name, "main.greet");
    assert_eq!(text.function.note, "exported: greet");
}

#[test]
fn calls_lead_to_what_they_call() {
    let mut module = module(GREET);
    let text = text(&mut module, 1, None);
    let callees: Vec<(u32, &str)> = text
        .lines
        .iter()
        .filter_map(|line| {
            let (callee, from) = line.callee?;
            Some((callee, &line.text[from as usize..]))
        })
        .collect();
    assert_eq!(callees, [(0, "$main.log"), (2, "$\"(*main.T).String\"")]);
}

#[test]
fn an_import_is_a_line() {
    let mut module = module(GREET);
    let text = text(&mut module, 0, None);
    assert_eq!(
        lines(&text),
        [r#"(import "log" "log" (func $main.log (;0;) (type 0) (param i32 i32)))"#]
    );
    assert_eq!(text.function.size, None);
    assert_eq!(text.function.note, "imported: log.log");
}

#[test]
fn who_uses_a_function_is_told() {
    let mut module = module(GREET);
    let log = uses(&mut module, 0);
    let callers: Vec<(&str, u32)> = log.callers.iter().map(|it| (&*it.name, it.times)).collect();
    assert_eq!(callers, [("main.greet", 1), ("(*main.T).String", 1)]);
    assert_eq!(log.notes, Vec::<String>::new());
    // It leads to the call itself.
    let call = text(&mut module, 1, Some(log.callers[0].place));
    let (_, line) = call.marked.unwrap();
    assert_eq!(
        lines(&call)[line.unwrap() as usize].trim(),
        "call $main.log"
    );

    assert_eq!(
        uses(&mut module, 1).notes,
        [
            "its host calls it as greet",
            "it is in table 0, at 4, 5: call_indirect may reach it",
        ]
    );
    let string = uses(&mut module, 2);
    assert_eq!(string.notes, ["it runs when the module is instantiated"]);
    assert_eq!(string.total, 2);
}

#[test]
fn references_are_uses_too() {
    let mut module = module(
        r#"(module
            (import "a" "b" (global i32))
            (table $t 20 funcref)
            (table $u 20 funcref)
            (global funcref (ref.func 0))
            (elem (table $u) (i32.const 3) funcref (ref.func 0) (ref.null func) (ref.func 0))
            (elem (table $t) (global.get 0) func 0)
            (elem declare func 0 1)
            (func)
            (func (drop (ref.func 1)) (drop (ref.func 1)) (return_call 0)))"#,
    );
    assert_eq!(
        uses(&mut module, 0).notes,
        [
            "it is in an element segment: call_indirect may reach it",
            "it is in table 1, at 3, 5: call_indirect may reach it",
            "global 1 begins as a reference to it",
        ]
    );
    assert_eq!(uses(&mut module, 0).callers[0].index, 1);
    let of = uses(&mut module, 1);
    assert_eq!((of.total, of.callers[0].times), (1, 2));
}

#[test]
fn functions_are_found_by_name_import_export_and_index() {
    let mut module = module(GREET);
    let all = found(&mut module, "", false);
    assert_eq!((all.0, indices(&all.1)), (3, vec![0, 1, 2]));
    assert_eq!(indices(&found(&mut module, "MAIN.G", false).1), [1]);
    assert_eq!(indices(&found(&mut module, "t).str  main", false).1), [2]);
    assert_eq!(indices(&found(&mut module, "greet", false).1), [1]);
    assert_eq!(indices(&found(&mut module, " 2 ", false).1), [2]);
    assert_eq!(found(&mut module, "nothing", false), (0, Vec::new()));
    assert_eq!(indices(&found(&mut module, "", true).1), [1, 2, 0]);
}

#[test]
fn an_index_is_found_before_names_with_the_number() {
    let mut module = module("(module (func $a1) (func $b) (func $c1))");
    assert_eq!(indices(&found(&mut module, "1", false).1), [1, 0, 2]);
}

#[test]
fn the_one_of_a_name_is_found() {
    let mut module = module(GREET);
    let mut named = |name: &str| module.answer(Functions::Named(name.to_owned()));
    assert_eq!(named("main.greet"), FunctionsReport::Named(Some(1)));
    assert_eq!(named("main.gree"), FunctionsReport::Named(None));
}

#[test]
fn functions_without_names_have_numbers() {
    let mut module = module(r#"(module (func) (func (export "a") (export "b")))"#);
    let (_, all) = found(&mut module, "", false);
    assert_eq!(all[0].name, "function 0");
    assert_eq!((&*all[1].name, &*all[1].note), ("a", "exported: a, b"));
}

#[test]
fn a_place_is_marked_wherever_in_an_instruction_it_is() {
    let mut module = module(GREET);
    let places: Vec<Option<u32>> = text(&mut module, 1, None)
        .lines
        .iter()
        .map(|line| line.place)
        .collect();
    let call = places[4].unwrap();
    let marked = |module: &mut Module, place| text(module, 1, Some(place)).marked;
    assert_eq!(marked(&mut module, call), Some((call, Some(4))));
    assert_eq!(marked(&mut module, call + 1), Some((call + 1, Some(4))));
    let start = places[0].unwrap();
    assert_eq!(marked(&mut module, start), Some((start, Some(0))));
    // DWARF's functions begin with their size.
    assert_eq!(marked(&mut module, start - 1), Some((start - 1, Some(0))));
    // The `end` of the body.
    let end = places[11].unwrap();
    assert_eq!(marked(&mut module, end), Some((end, Some(11))));
    assert_eq!(marked(&mut module, end + 1), Some((end + 1, None)));
    assert_eq!(marked(&mut module, u32::MAX), Some((u32::MAX, None)));
}

#[test]
fn what_is_not_there_is_said() {
    let mut module = module(GREET);
    for function in [3, u32::MAX] {
        for ask in [
            Functions::Uses { function },
            Functions::Text {
                function,
                place: None,
                first: None,
                count: 1,
            },
        ] {
            let FunctionsReport::Failed(why) = module.answer(ask) else {
                panic!("there is no function {function}");
            };
            assert_eq!(
                why,
                format!("There is no function {function}: the module has 3.")
            );
        }
    }
    let mut empty = self::module("(module)");
    assert_eq!(found(&mut empty, "", false), (0, Vec::new()));
}

#[test]
fn a_module_of_imports_alone_has_functions() {
    let mut module = module(
        r#"(module (import "a\n" "\"b" (func)) (import "a" "g" (global i32)) (import "c" "" (func)))"#,
    );
    assert_eq!(found(&mut module, "", false).0, 2);
    assert_eq!(
        lines(&text(&mut module, 0, None)),
        [r#"(import "a\u{a}" "\u{22}b" (func (;0;) (type 0)))"#]
    );
    assert_eq!(uses(&mut module, 1).total, 0);
}

#[test]
fn odd_names_are_identifiers_that_can_be_read_again() {
    // A name section as no text has it: empty, double, with quotes and controls.
    let mut names = encoder::NameMap::new();
    for (index, name) in [
        (0, ""),
        (1, "a\"\\\u{202e}\n"),
        (2, "twice"),
        (3, "twice"),
        (4, "#x"),
    ] {
        names.append(index, name);
    }
    // Of a function that is not there.
    names.append(900, "lost");
    let mut section = encoder::NameSection::new();
    section.functions(&names);
    let bytes = small(5, |module| {
        module.section(&section);
    });
    let mut module = Module::read(bytes).unwrap();
    let heads: Vec<String> = (0..5)
        .map(|function| lines(&text(&mut module, function, None))[0].to_owned())
        .collect();
    assert_eq!(
        heads,
        [
            r##"(func $"#func0 " (@name "") (;0;) (type 0)"##,
            r##"(func $"a\u{22}\u{5c}\u{202e}\u{a}" (;1;) (type 0)"##,
            r##"(func $twice (;2;) (type 0)"##,
            r##"(func $"#func3 twice" (@name "twice") (;3;) (type 0)"##,
            r##"(func $"#func4 #x" (@name "#x") (;4;) (type 0)"##,
        ]
    );
    assert_eq!(found(&mut module, "lost", false).0, 0);
    // One that is not UTF-8 ends what is read of the names, and nothing else.
    let broken = small(1, |module| {
        module.section(&encoder::RawSection {
            id: 0,
            data: b"\x04name\x01\x05\x01\x00\x02\xff\xfe",
        });
    });
    let mut module = Module::read(broken).unwrap();
    assert_eq!(
        lines(&text(&mut module, 0, None))[0],
        "(func (;0;) (type 0)"
    );
}

/// A module of so many empty functions, with what is added at its end.
fn small(count: u32, add: impl FnOnce(&mut encoder::Module)) -> Vec<u8> {
    let mut types = encoder::TypeSection::new();
    types.ty().function([], []);
    let (mut functions, mut code) = (encoder::FunctionSection::new(), encoder::CodeSection::new());
    let mut body = encoder::Function::new([]);
    body.instructions().end();
    for _ in 0..count {
        functions.function(0);
        code.function(&body);
    }
    let mut module = encoder::Module::new();
    module.section(&types).section(&functions).section(&code);
    add(&mut module);
    module.finish()
}

/// A module with one function, of these locals and instructions.
fn one(
    locals: &[(u32, encoder::ValType)],
    write: impl FnOnce(&mut encoder::InstructionSink<'_>),
) -> Vec<u8> {
    let mut types = encoder::TypeSection::new();
    types.ty().function([], []);
    let (mut functions, mut code) = (encoder::FunctionSection::new(), encoder::CodeSection::new());
    let mut body = encoder::Function::new(locals.iter().copied());
    write(&mut body.instructions());
    body.instructions().end();
    functions.function(0);
    code.function(&body);
    let mut module = encoder::Module::new();
    module.section(&types).section(&functions).section(&code);
    module.finish()
}

#[test]
fn a_line_of_thirty_thousand_locals_is_cut_on_the_page() {
    let bytes = one(&[(30_000, encoder::ValType::I64)], |_| {});
    let mut module = Module::read(bytes).unwrap();
    let printed = print::print(&module, 0);
    assert_eq!(printed.line(1).matches("i64").count(), 30_000);
    let text = text(&mut module, 0, None);
    assert!(!text.is_whole);
    assert!(text.lines[1].text.len() < LINE + 10 && text.lines[1].text.ends_with(" …"));
    // Four billion of them, which no module that is valid has.
    let bytes = one(&[(u32::MAX, encoder::ValType::I64)], |_| {});
    let printed = print::print(&Module::read(bytes).unwrap(), 0);
    assert!(printed.is_cut);
    assert!(
        printed.text.len() < print::MOST + 1000,
        "{}",
        printed.text.len()
    );
}

#[test]
fn a_long_text_comes_in_parts() {
    let bytes = one(&[], |body| {
        for _ in 0..50_000 {
            body.i32_const(1_000_000).drop();
        }
    });
    let mut module = Module::read(bytes).unwrap();
    let head = text(&mut module, 0, None);
    assert_eq!(
        (head.total, head.first, head.lines.len()),
        (100_002, 0, 100)
    );
    assert!(!head.is_whole);
    let (place, wanted) = (head.lines[1].place.unwrap(), 70_001);
    // `i32.const` and its number are five bytes here, `drop` is one.
    let place = place + wanted / 2 * 5 - 5 + 5 * (wanted % 2);
    let there = text(&mut module, 0, Some(place));
    let (_, line) = there.marked.unwrap();
    let line = line.unwrap();
    assert_eq!(there.first, line - 50);
    let shown = &there.lines[50];
    assert!(shown.place.unwrap() <= place && there.lines[51].place.unwrap() > place);
    let ask = Functions::Text {
        function: 0,
        place: None,
        first: Some(99_990),
        count: u32::MAX,
    };
    let FunctionsReport::Text(end) = module.answer(ask) else {
        panic!("it is there");
    };
    assert_eq!(end.lines.len(), 12);
    assert_eq!(end.lines[11].text, ")");
}

#[test]
fn deep_blocks_and_branches_to_nowhere_are_written() {
    let bytes = one(&[], |body| {
        for _ in 0..3_000 {
            body.block(encoder::BlockType::Empty);
        }
        body.br(5_000).br(2_999).br(3_000);
        for _ in 0..3_000 {
            body.end();
        }
        // More than were opened, which the reader of instructions refuses, or not.
        body.else_();
    });
    let printed = print::print(&Module::read(bytes).unwrap(), 0);
    let all: Vec<&str> = (0..printed.lines.len())
        .map(|line| printed.line(line))
        .collect();
    assert!(
        all.iter()
            .any(|line| line.ends_with("br 5000 (; INVALID ;)"))
    );
    assert!(all.iter().any(|line| line.ends_with("br 2999 (;@1;)")));
    assert!(all.iter().any(|line| line.ends_with("br 3000")));
    assert!(all.iter().all(|line| line.len() < 200));
}

#[test]
fn whatever_is_broken_is_an_error_or_a_text_that_says_so() {
    let whole = wat::parse_str(GREET).unwrap();
    let mut broken: Vec<Vec<u8>> = (0..whole.len()).map(|end| whole[..end].to_vec()).collect();
    for at in 8..whole.len() {
        for value in [0x00, 0x0b, 0x7f, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            broken.push(bytes);
        }
    }
    let (mut read, mut said) = (0, 0);
    for bytes in broken {
        let Ok(mut module) = Module::read(bytes) else {
            continue;
        };
        read += 1;
        for function in 0..module.count() {
            let text = text(&mut module, function, Some(40));
            said += usize::from(
                lines(&text)
                    .iter()
                    .any(|line| line.contains("cannot be read further")),
            );
            let _ = uses(&mut module, function);
        }
        let _ = found(&mut module, "main", true);
    }
    assert!(read > 100 && said > 10, "{read} were read, {said} said so");
}
