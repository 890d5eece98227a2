//! Modules whose functions end in tail calls: of each other, of imports, of both through a table, of
//! imports that are exported, with more and fewer parameters and locals than their callers have.

use crate::random::Random;
use std::fmt::Write;

#[derive(Clone, Copy, PartialEq)]
enum Type {
    I32,
    I64,
    F64,
}

use Type::{F64, I32, I64};

impl Type {
    fn name(self) -> &'static str {
        match self {
            I32 => "i32",
            I64 => "i64",
            F64 => "f64",
        }
    }
}

/// Few lists of results, so that a function has others to end in.
const RESULTS: &[&[Type]] = &[
    &[],
    &[I32],
    &[I32],
    &[I64],
    &[F64, I32],
    &[I64, I64, I64, I32],
];

struct Function {
    params: Vec<Type>,
    results: &'static [Type],
}

struct Writer<'a> {
    random: &'a mut Random,
    /// The imported ones first.
    functions: Vec<Function>,
    imported: usize,
    /// Those of the function that is being written, parameters first.
    locals: Vec<Type>,
    wat: String,
}

/// The module: in the text format first, which is easier to read when it differs.
pub fn module(random: &mut Random) -> Vec<u8> {
    let wat = text(random);
    wat::parse_str(&wat).unwrap_or_else(|error| panic!("{error}\n{wat}"))
}

fn text(random: &mut Random) -> String {
    let mut functions = Vec::new();
    let imported = 1 + random.below(4) as usize;
    for _ in 0..imported + 3 + random.below(5) as usize {
        let params = (0..random.below(7)).map(|_| *random.one(&[I32, I64, F64]));
        functions.push(Function {
            params: params.collect(),
            results: random.one::<&[Type]>(RESULTS),
        });
    }
    // `poll_oneoff`, of a sleep: see `call`.
    functions[0] = Function {
        params: vec![I32; 4],
        results: RESULTS[1],
    };
    let mut writer = Writer {
        random,
        functions,
        imported,
        locals: Vec::new(),
        wat: String::from("(module\n"),
    };
    writer.imports();
    writer.rest();
    for index in imported..writer.functions.len() {
        writer.function(index);
    }
    writer.wat.push(')');
    writer.wat
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.wat.push_str(text);
        self.wat.push('\n');
    }

    fn signature(&self, index: usize) -> String {
        let Function { params, results } = &self.functions[index];
        let list = |of: &str, types: &[Type]| {
            let names: Vec<&str> = types.iter().map(|ty| ty.name()).collect();
            format!(" ({of} {})", names.join(" "))
        };
        format!("{}{}", list("param", params), list("result", results))
    }

    fn imports(&mut self) {
        for index in 0..self.imported {
            let name = match index {
                0 => r#""wasi_snapshot_preview1" "poll_oneoff""#.to_owned(),
                _ => format!("\"env\" \"f{index}\""),
            };
            let text = format!("(import {name} (func $f{index} {}))", self.signature(index));
            self.put(&text);
            if self.random.once_in(2) {
                self.put(&format!("(export \"i{index}\" (func $f{index}))"));
            }
        }
    }

    fn rest(&mut self) {
        let count = self.functions.len();
        if !self.random.once_in(5) {
            let exported = if self.random.once_in(2) {
                "(export \"memory\")"
            } else {
                ""
            };
            self.put(&format!("(memory {exported} 1 3)"));
        } else {
            self.put("(memory 1)");
        }
        // The clock and how long it sleeps: 99 ns.
        self.put(r#"(data (i32.const 16) "\01\00\00\00\00\00\00\00\63")"#);
        self.put("(global $turns (mut i32) (i32.const 200))");
        self.put(r#"(global $sum (export "sum") (mut i64) (i64.const 0))"#);
        let all: Vec<String> = (0..count).map(|index| format!("$f{index}")).collect();
        self.put(&format!(
            "(table {count} funcref) (elem (i32.const 0) {})",
            all.join(" ")
        ));
        for index in 0..count {
            let text = format!("(type $t{index} (func {}))", self.signature(index));
            self.put(&text);
        }
        let start = (self.imported..count).find(|index| {
            let Function { params, results } = &self.functions[*index];
            params.is_empty() && results.is_empty()
        });
        if let (Some(index), true) = (start, self.random.once_in(3)) {
            self.put(&format!("(start $f{index})"));
        }
    }

    fn function(&mut self, index: usize) {
        let Function { params, results } = &self.functions[index];
        let (results, params) = (*results, params.clone());
        let locals = (0..self.random.below(6)).map(|_| *self.random.one(&[I32, I64, F64]));
        let locals: Vec<Type> = locals.collect();
        let mut head = format!(
            "(func $f{index} (export \"f{index}\") {}",
            self.signature(index)
        );
        for local in &locals {
            write!(head, " (local {})", local.name()).expect("into a string");
        }
        self.put(&head);
        self.locals = [params, locals].concat();
        // When all turns are used, it returns.
        self.put("(if (i32.eqz (global.get $turns)) (then");
        self.values(results, 0);
        self.put("return))");
        self.put("(global.set $turns (i32.sub (global.get $turns) (i32.const 1)))");
        for _ in 0..self.random.below(4) {
            self.statement();
        }
        if self.random.once_in(3) {
            self.value(I32, 1);
            self.put("(if (then");
            self.end(results);
            self.put("))");
        }
        self.end(results);
        self.put(")");
    }

    /// Ends a function: by a tail call most of the time.
    fn end(&mut self, results: &[Type]) {
        let ends = |function: &Function| function.results == results;
        let others = 0..self.functions.len();
        let others: Vec<usize> = others.filter(|it| ends(&self.functions[*it])).collect();
        if others.is_empty() || self.random.once_in(6) {
            self.values(results, 2);
            return self.put("return");
        }
        // Imports are what it is about.
        let imports: Vec<usize> = others
            .iter()
            .copied()
            .filter(|it| *it < self.imported)
            .collect();
        let callee = match imports.is_empty() || self.random.once_in(2) {
            true => *self.random.one(&others),
            false => *self.random.one(&imports),
        };
        self.call(callee, "return_call");
    }

    /// Calls a function, directly or through the table.
    fn call(&mut self, callee: usize, how: &str) {
        if callee == 0 {
            for number in [0, 64, 1, 128] {
                self.put(&format!("(i32.const {number})"));
            }
        } else {
            let params = self.functions[callee].params.clone();
            self.values(&params, 1);
        }
        let text = match self.random.once_in(3) {
            true => format!("(i32.const {callee}) ({how}_indirect (type $t{callee}))"),
            false => format!("({how} $f{callee})"),
        };
        self.put(&text);
    }

    fn statement(&mut self) {
        match self.random.below(4) {
            0 if !self.locals.is_empty() => {
                let local = self.random.below(self.locals.len() as u64) as usize;
                self.value(self.locals[local], 2);
                self.put(&format!("(local.set {local})"));
            }
            1 => {
                let address = 256 + 8 * self.random.below(8);
                self.put(&format!("(i32.const {address})"));
                self.value(I64, 2);
                self.put("i64.store");
            }
            2 if self.random.once_in(3) => self.put("(drop (memory.grow (i32.const 1)))"),
            _ => {
                let callee = self.random.below(self.functions.len() as u64) as usize;
                // Something is on the stack that must still be there.
                self.value(I64, 1);
                self.call(callee, "call");
                for result in self.functions[callee].results.iter().rev() {
                    self.add(*result);
                }
                self.put("(global.set $sum (i64.xor (i64.rotl (global.get $sum) (i64.const 7))))");
            }
        }
    }

    /// Takes a value into the sum.
    fn add(&mut self, ty: Type) {
        self.put(match ty {
            I32 => "i64.extend_i32_u",
            I64 => "",
            F64 => "i64.reinterpret_f64",
        });
        self.put("(global.set $sum (i64.add (i64.rotl (global.get $sum) (i64.const 5))))");
    }

    fn values(&mut self, types: &[Type], depth: u64) {
        for ty in types {
            self.value(*ty, depth);
        }
    }

    fn value(&mut self, ty: Type, depth: u64) {
        let locals = 0..self.locals.len();
        let locals: Vec<usize> = locals.filter(|it| self.locals[*it] == ty).collect();
        if depth > 0 && self.random.once_in(3) {
            self.value(ty, depth - 1);
            self.value(ty, depth - 1);
            return self.put(match ty {
                I32 => "i32.add",
                I64 => "i64.xor",
                F64 => "f64.max",
            });
        }
        if !locals.is_empty() && !self.random.once_in(3) {
            let local = self.random.one(&locals);
            return self.put(&format!("(local.get {local})"));
        }
        let number = self.random.below(1_000);
        let text = match (ty, self.random.below(4)) {
            (I64, 0) => "(global.get $sum)".to_owned(),
            (I64, 1) => "(i64.load (i32.const 256))".to_owned(),
            _ => format!("({}.const {number})", ty.name()),
        };
        self.put(&text);
    }
}
