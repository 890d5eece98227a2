use super::*;

fn signatures(files: &[(&str, &str)]) -> Vec<String> {
    let source = read(files.iter().copied(), None);
    let mut lines: Vec<String> = source
        .functions
        .iter()
        .map(|function| match &function.binding {
            Binding::Export { .. } => function.signature.to_string(),
            Binding::Import { module, .. } => format!("{module}.{}", function.signature),
        })
        .collect();
    lines.extend(source.problems.iter().map(ToString::to_string));
    lines
}

fn one(text: &str) -> Vec<String> {
    signatures(&[("main.go", text)])
}

#[test]
fn exports_and_imports_are_found() {
    let text = r#"// Package main is a plugin.
//go:build wasip1

package main

import (
	"structs"
	u "unsafe"
)

//go:wasmimport log log
func log(msg string)

//go:wasmexport greet
func greet(name string) { log("wasm >> Hello, " + name + "}\n" + `}`); _ = '}' }

// S is passed by pointer.
type S struct {
	_   structs.HostLayout
	val int32 `json:"val"` // }
}

//go:wasmexport st
func st(s *S) {
	/* } */ if s.val > 0 { log("x") }
}

//go:noinline
//go:wasmexport raw
func raw(p u.Pointer) (q u.Pointer) { return p }

func notExported(x []map[string]chan func()) (a, b int) { return }

func main() {}
"#;
    assert_eq!(
        one(text),
        [
            "log.log(msg string)",
            "greet(name string)",
            "st(s *S)",
            "raw(p unsafe.Pointer) unsafe.Pointer",
        ]
    );
    let source = read([("main.go", text)], Some(Abi::Go));
    assert_eq!(
        source.functions[2].at,
        Position {
            line: 24,
            column: 6
        }
    );
    for function in &source.functions {
        crate::go::check(&function.signature).unwrap();
    }
}

#[test]
fn types_aliases_and_constants_are_resolved() {
    let text = r#"package main
import . "structs"
const ( A = iota + 1; B; C; _; E = 1 << iota )
const ( x, y = iota, iota * 10; z, w )
const Typed uint8 = 'a' - 0x60; const Text = "no" + "number"; const Big = 1e2
const odd, none = len([...]int{1}), time.Second
type ( Word int32; Pair [2]Word; Alias = Pair; Marker = HostLayout )
type Node struct { _ Marker; next *Node; a, b Alias; Word }
var v = struct{ a int }{ 1 }
var ( q = func() int { return 1 }(); r int )
//go:wasmexport f
func f(n *Node, a *[C + B*E]Word, b *[w]byte, c *[Typed]bool, d *[Big]bool) Word { return 0 }
"#;
    assert_eq!(
        one(text),
        ["f(n *Node, a *[35]Word, b *[10]uint8, c *[1]bool, d *[100]bool) Word"]
    );
    let source = read([("main.go", text)], None);
    let Type::Pointer(node) = &source.functions[0].signature.params[0].ty else {
        panic!("no pointer");
    };
    assert_eq!(
        node.underlying().to_string(),
        "struct{ _ structs.HostLayout; next *Node; a Pair; b Pair; Word Word }"
    );
    let layout = crate::go::layout::layout(node, Abi::TinyGo).unwrap();
    assert_eq!((layout.size, layout.offsets), (24, vec![0, 4, 12, 20]));
}

#[test]
fn packages_are_told_apart() {
    let files = [
        (
            "cmd/main.go",
            "package main\nimport (\"example.com/x/geo\"; g2 \"example.com/x/v2/other\"; \"time\")\n\
             type P struct { _ structs }\n\
             //go:wasmexport area\nfunc area(p *geo.P, q g2.Q, n *[geo.N]bool, d time.Duration) geo.Unit",
        ),
        (
            "geo/geo.go",
            "package geo\nimport \"structs\"\nconst N = M + 1\ntype P struct { _ structs.HostLayout; x Unit }",
        ),
        ("geo/unit.go", "package geo\ntype Unit float64\nconst M = 2"),
        ("other/q.go", "package other\ntype Q = int64"),
    ];
    assert_eq!(
        signatures(&files),
        ["cmd/main.go:5:6: missing function body"]
    );
    let mut files = files;
    let with_body = format!("{} {{ panic(1) }}", files[0].1);
    files[0].1 = &with_body;
    assert_eq!(
        signatures(&files),
        ["area(p *geo.P, q int64, n *[3]bool, d time.Duration) geo.Unit"]
    );
}

#[test]
fn problems_name_file_line_and_column() {
    for (text, problem) in [
        (
            "",
            "main.go:1:1: syntax error: package statement must be first",
        ),
        (
            "package main\n//go:wasmexport f\nfunc f(s *S) {}",
            "main.go:3:11: f: undefined: S",
        ),
        (
            "package main\n//go:wasmexport f\nfunc f(s *q.S) {}",
            "main.go:3:11: f: undefined: q.S",
        ),
        (
            "package main\n//go:wasmexport f\nfunc f() {",
            "main.go:3:10: syntax error: { is never closed",
        ),
        (
            "package main\nfunc f() { ( }",
            "main.go:2:14: syntax error: unexpected }",
        ),
        (
            "package main\n\nx := 1",
            "main.go:3:1: syntax error: non-declaration statement outside function body",
        ),
        (
            "package main\n//go:wasmexport a b\nfunc f() {}",
            "main.go:2:1: usage: //go:wasmexport exportname",
        ),
        (
            "package main\n//go:wasmimport a\nfunc f()",
            "main.go:2:1: usage: //go:wasmimport importmodule importname",
        ),
        (
            "package main\n//go:wasmexport f\ntype T int32",
            "main.go:2:1: misplaced go:wasmexport directive",
        ),
        (
            "package main\n//go:wasmexport f\nfunc (t T) f() {}",
            "main.go:3:12: cannot use //go:wasmexport on a method",
        ),
        (
            "package main\n//go:wasmimport a b\nfunc f() {}",
            "main.go:3:6: can only use //go:wasmimport with external func implementations",
        ),
        (
            "package main\nconst N = N\n//go:wasmexport f\nfunc f(a *[N]byte) {}",
            "main.go:4:12: f: initialization cycle: N refers to itself",
        ),
        (
            "package main\ntype A = B; type B = A\n//go:wasmexport f\nfunc f(a A) {}",
            "main.go:2:22: f: type A is too large",
        ),
        (
            "package main\nvar x = \"a\n",
            "main.go:2:9: newline in string",
        ),
    ] {
        assert_eq!(one(text), [problem], "{text}");
    }
}

#[test]
fn what_comes_before_a_syntax_error_is_kept() {
    assert_eq!(
        one("package main\n//go:wasmexport f\nfunc f(a int32) {}\nfunc (\n"),
        ["f(a int32)", "main.go:4:6: syntax error: ( is never closed"]
    );
}

#[test]
fn generic_types_are_instantiated_and_generic_functions_passed_over() {
    let text = "package main\nimport . \"structs\"\n\
        type Pair[A, B any] struct { _ HostLayout; a A; b B }\n\
        type Grid[T interface{ ~int8 | ~int16 }, _ any,] [2]List[T]\n\
        type List[T any] [N]T; type Short = int16; const N = 3\n\
        type Same[T any] = Pair[T, T]\n\
        func Map[T any](x []T, f func(T) T) []T { return nil }\n\
        type E struct { HostLayout; Pair[int8, bool]; List[Short] `x`; a [2]int8 }\n\
        type Tree[T any] struct { HostLayout; next *Tree[T]; v T }\n\
        //go:wasmexport f\nfunc f(p *Pair[int64, Short], q *E, r *Grid[int8, any], s *Same[bool], *t Tree[int8]) {}";
    let text = text.replace("*t Tree", "t *Tree");
    assert_eq!(
        one(&text),
        [
            "f(p *Pair[int64,Short], q *E, r *Grid[int8,any], s *Pair[bool,bool], t *Tree[int8])"
                .replace("Short", "int16")
        ]
    );
    let source = read([("main.go", text.as_str())], None);
    let signature = &source.functions[0].signature;
    let pointees: Vec<String> = signature
        .params
        .iter()
        .map(|param| pointee(&param.ty))
        .collect();
    assert_eq!(
        pointees,
        [
            "struct{ _ structs.HostLayout; a int64; b int16 }",
            "struct{ _ structs.HostLayout; Pair Pair[int8,bool]; List List[int16]; a [2]int8 }",
            "[2]List[int8]",
            "struct{ _ structs.HostLayout; a bool; b bool }",
            "struct{ _ structs.HostLayout; next *Tree[int8]; v int8 }",
        ]
    );
    crate::go::check(signature).unwrap();
    for (ty, problem) in [
        ("Pair", "cannot use generic type Pair without instantiation"),
        (
            "Pair[int8]",
            "not enough type arguments for type Pair: have 1, want 2",
        ),
        (
            "Pair[int8, int8, int8]",
            "too many type arguments for type Pair: have 3, want 2",
        ),
        ("Plain[int8]", "Plain is not a generic type"),
        ("int8[int8]", "int8 is not a generic type"),
        ("Grow[int8]", "type Pair[T, T] is too large"),
    ] {
        let text = format!(
            "package main\ntype Pair[A, B any] struct {{ a A; b B }}; type Plain int8\n\
             type Grow[T any] struct {{ next *Grow[Pair[T, T]] }}\n\
             //go:wasmexport f\nfunc f(p *{ty}) {{}}"
        );
        let problems = one(&text);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].ends_with(problem), "{problems:?}");
    }
}

#[track_caller]
fn pointee(ty: &Type) -> String {
    match ty {
        Type::Pointer(element) => element.underlying().to_string(),
        other => panic!("{other} is no pointer"),
    }
}

#[test]
fn line_endings_and_marks_make_no_difference() {
    let text = "package main\n\ntype A = [2]int8 // x\n\n// Doc.\n//\n//go:wasmexport a-b.c\n\n/* x\n//go:wasmexport no\n*/\n\
                func f(a *A, _ string, b, c uint8,\n\td *struct{},\n) {\nouter:\n\tfor { break outer }; s := `\n//go:wasmexport no\n`\n}\n";
    let expected = ["a-b.c(a *[2]int8, _ string, b uint8, c uint8, d *struct{})"];
    assert_eq!(one(text), expected);
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(one(&windows), expected);
}

#[test]
fn of_several_directives_the_last_counts() {
    assert_eq!(
        one("package main\n//go:wasmexport a\n//go:wasmexport b\nfunc f() {}"),
        ["b()"]
    );
    assert_eq!(
        one("package main\nfunc f() {} //go:wasmexport a\n  //go:wasmexport b\nfunc g() {}"),
        ["b()"]
    );
}

#[test]
fn tinygos_older_form_permits_all_types() {
    let text = "package main\ntype P struct { x int }\n\
                //export add\nfunc add(a, b int) int { return a + b }\n\
                //go:wasm-module host\n//export now\nfunc now() uint\n\
                //export env_only\nfunc other(p *P)\n";
    assert_eq!(
        one(text),
        [
            "add(a int, b int) int",
            "host.now() uint",
            "env.env_only(p *P)"
        ]
    );
    for function in &read([("main.go", text)], None).functions {
        crate::go::check(&function.signature).unwrap();
    }
}

#[test]
fn the_numbers_of_c_are_known() {
    let text = "package main\n// #include <stdint.h>\nimport \"C\"\n\
                //export add\nfunc add(a, b C.int) C.longlong { return 0 }\n\
                //export sum\nfunc sum(a *[2]C.uint8_t, n C.size_t) C.struct_s\n";
    assert_eq!(
        one(text),
        [
            "add(a C.int, b C.int) C.longlong",
            "main.go:7:39: sum: undefined: C.struct_s"
        ]
    );
    let add = &read([("main.go", text)], None).functions[0].signature;
    let (params, results) = crate::go::abi::flatten(add).unwrap();
    assert_eq!(
        crate::go::abi::wasm_text(&params, &results),
        "(i32, i32) -> i64"
    );
}

#[test]
fn files_for_elsewhere_are_ignored() {
    let export = |constraint: &str, name: &str| {
        format!("{constraint}\npackage main\n//go:wasmexport {name}\nfunc {name}() {{}}\n")
    };
    let files = [
        ("a_test.go", export("", "a")),
        ("b_linux.go", export("", "b")),
        ("b_windows_arm64.go", export("", "b")),
        ("_b.go", export("", "b")),
        ("c_wasip1.go", export("", "c")),
        ("c_wasip1_wasm.go", export("", "C")),
        ("linux_notes.go", export("", "n")),
        ("arm.go", export("", "m")),
        ("d.go", export("//go:build !tinygo && (wasm || linux)", "d")),
        ("e.go", export("//go:build tinygo", "e")),
        ("f.go", export("//go:build ignore", "f")),
        ("g.go", export("//go:build go1.24 && !windows", "g")),
    ];
    let names = |compiler| {
        let source = read(files.iter().map(|(n, t)| (*n, t.as_str())), compiler);
        assert_eq!(source.problems, []);
        let names: String = source
            .functions
            .iter()
            .map(|f| f.signature.name.clone())
            .collect();
        names
    };
    assert_eq!(names(Some(Abi::Go)), "cCnmdg");
    assert_eq!(names(Some(Abi::TinyGo)), "cCnmeg");
    assert_eq!(names(None), "cCnmdeg");
}

#[test]
fn sources_that_grow_exponentially_are_refused() {
    let mut text = "package main\ntype T0 int8\nconst C0 = 1\n".to_owned();
    for index in 1..100 {
        let before = index - 1;
        text += &format!("type T{index} struct {{ a, b T{before} }}\n");
        text += &format!("const C{index} = C{before} + C{before}\n");
    }
    text += "//go:wasmexport f\nfunc f(a *T99, b *[C99]int8) {}\n";
    text += "//go:wasmexport g\nfunc g(b *[C60]int8) {}\n";
    let problems = one(&text);
    assert_eq!(problems.len(), 2);
    assert!(problems[0].contains("is too large"), "{problems:?}");
    assert!(problems[1].contains("invalid array length"), "{problems:?}");
}

#[test]
fn a_large_file_is_read_in_one_pass() {
    let mut text = "package main\n".to_owned();
    for index in 0..20_000 {
        text += &format!("func f{index}(a [1]int, b ...string) {{ if x {{ y(\"}}\") }} }}\n");
        text += &format!("const c{index} = c{} + 1\n", index + 1);
        text += &format!("type t{index} struct {{ a [c{index}]*t{index} }}\n");
    }
    text += "//go:wasmexport f\nfunc f(a *[c0]byte) {}\n";
    let problems = one(&text);
    assert!(problems[0].contains("nested too deeply"), "{problems:?}");
}

/// Mutations of good sources, by a generator with a fixed seed.
#[test]
fn no_mutation_of_a_source_panics() {
    let good = [
        include_str!("corpus.txt"),
        "package main\n//go:wasmexport f\nfunc f(a *[1<<3]struct{ _ structs.HostLayout; x, y int8 }) int32 {}",
    ];
    let pieces = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "`",
        "'",
        "/*",
        "*/",
        "//go:wasmexport x\n",
        "\\",
        "\n",
        ";",
        ",",
        "...",
        "*",
        "func",
        "struct",
        "type ",
        "const (",
        "iota",
        "<<",
        "99999999999999999999999",
        "é",
        "\0",
        "\u{feff}",
        "import ",
        "=",
        "//export a\n",
        "0x",
        "1e",
        ".",
        "~",
    ];
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % below
    };
    for round in 0..4000 {
        let mut text: Vec<char> = good[round % 2].chars().collect();
        for _ in 0..=random(4) {
            let at = random(text.len());
            match random(4) {
                0 => text.truncate(at.max(1)),
                1 => {
                    let end = (at + random(20)).min(text.len());
                    text.drain(at..end);
                }
                _ => {
                    let piece: Vec<char> = pieces[random(pieces.len())].chars().collect();
                    text.splice(at..at, piece);
                }
            }
            if text.is_empty() {
                text.push(' ');
            }
        }
        let text: String = text.into_iter().collect();
        let source = read([("x.go", text.as_str())], None);
        for function in source.functions {
            let _ = crate::go::check(&function.signature);
            let _ = crate::go::abi::flatten(&function.signature);
            for param in &function.signature.params {
                let _ = crate::go::Value::zero(&param.ty);
                let _ = crate::go::layout::layout(&param.ty, Abi::Go);
            }
        }
        let _ = crate::go::parse::signature(&text, "");
    }
}
