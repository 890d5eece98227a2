//! The layout of struct types against what Go itself says: a program with generated types is built
//! for wasip1 and run, and prints their sizes, alignments and offsets.

use crate::driver::{Driver, printed};
use crate::go;
use plugboard::go::layout::layout;
use plugboard::go::{Abi, Field, Struct, Type};
use plugboard::protocol::Stream;
use std::fmt::Write;
use std::{env, fs};

/// Struct types that are compared.
const TYPES: usize = 200;

/// How deep arrays and structs are nested.
const DEPTH: u32 = 3;

/// The same numbers every time, so that a failure can be looked into.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn scalar(&mut self) -> Type {
        let types = [
            Type::Bool,
            Type::Int8,
            Type::Int16,
            Type::Int32,
            Type::Int64,
            Type::Uint8,
            Type::Uint16,
            Type::Uint32,
            Type::Uint64,
            Type::Float32,
            Type::Float64,
            Type::Uintptr,
            Type::UnsafePointer,
            Type::String,
        ];
        let side = usize::try_from(self.roll(types.len() as u64 + 1)).expect("it is small");
        match types.get(side) {
            Some(ty) => ty.clone(),
            None => Type::Int16.pointer(),
        }
    }

    fn ty(&mut self, depth: u32) -> Type {
        match self.roll(if depth == 0 { 5 } else { 9 }) {
            0..5 => self.scalar(),
            5 | 6 => {
                let length = u32::try_from(self.roll(6)).expect("it is small");
                self.ty(depth - 1).array(length)
            }
            _ => Type::Struct(self.structure(depth - 1)),
        }
    }

    fn structure(&mut self, depth: u32) -> Struct {
        let fields = 0..self.roll(7);
        Struct {
            fields: fields
                .map(|field| Field::new(format!("F{field}"), self.ty(depth)))
                .collect(),
            host_layout: true,
        }
    }
}

/// A program that prints a line for each type: size, alignment, and the offset of each field.
fn program(types: &[Struct]) -> String {
    let mut text = "package main\n\nimport (\n\t\"structs\"\n\t\"unsafe\"\n)\n".to_owned();
    let mut body = String::new();
    for (index, ty) in types.iter().enumerate() {
        let write = |text: &mut String, line: String| {
            text.push_str(&line);
            text.push('\n');
        };
        write(&mut text, format!("\ntype T{index} {ty}"));
        let mut line =
            format!("\tprintln(unsafe.Sizeof(T{index}{{}}), unsafe.Alignof(T{index}{{}})");
        for field in &ty.fields {
            let name = &field.name;
            write!(line, ", unsafe.Offsetof(T{index}{{}}.{name})").expect("it is memory");
        }
        write(&mut body, line + ")");
    }
    text.push_str("\nvar _ unsafe.Pointer\nvar _ structs.HostLayout\n");
    format!("{text}\nfunc main() {{\n{body}}}\n")
}

fn build(source: &str) -> Vec<u8> {
    let folder = env::temp_dir().join(format!("plugboard-layout-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join("go.mod"), "module layout\n\ngo 1.24\n").expect("it can be written");
    fs::write(folder.join("main.go"), source).expect("it can be written");
    let built = go::build(&folder, &[]);
    fs::remove_dir_all(&folder).expect("the folder can be removed");
    built.unwrap_or_else(|errors| panic!("{errors}\n{source}"))
}

#[test]
fn structs_lie_in_memory_as_go_says() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let types: Vec<Struct> = (0..TYPES).map(|_| dice.structure(DEPTH)).collect();
    let mut driver = Driver::new();
    // Go ends where the monotonic clock is at zero.
    driver.clock.set(1);
    driver.load("layout.wasm", build(&program(&types)));
    let ended = driver.start();
    let lines = printed(&ended.events, Stream::Stderr);
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), TYPES, "{:?}", ended.outcome);
    for (ty, line) in types.into_iter().zip(lines) {
        let ty = Type::Struct(ty);
        let ours = layout(&ty, Abi::Go).unwrap_or_else(|error| panic!("{ty}: {error}"));
        let mut numbers = vec![ours.size, ours.align];
        numbers.extend(&ours.offsets);
        let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
        assert_eq!(numbers.join(" "), line, "size, alignment, offsets of {ty}");
    }
}
