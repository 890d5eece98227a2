//! What is refused before any tool runs.

use super::native::index;
use super::program;
use plugboard::build::plan::Plan;

/// A program whose main file is this, with other files.
fn refused(main: &str, others: &[(&str, &str)]) -> String {
    let mut files = program(others);
    if !main.is_empty() {
        files.extend(program(&[("main.go", main)]));
    }
    let wrong = Plan::new(&files, &index()).expect_err("it is refused");
    let shown = wrong
        .iter()
        .map(|one| format!("{}:{}:{}: {}", one.file, one.line, one.column, one.message));
    shown.collect::<Vec<_>>().join("\n")
}

const EMPTY: &str = "package main\n\nfunc main() {}\n";

#[test]
fn what_cannot_be_imported_is_said_where_it_is_imported() {
    let import = |path: &str| {
        format!("package main\n\nimport (\n\t_ \"fmt\"\n\t_ {path:?}\n)\n\nfunc main() {{}}\n")
    };
    for (path, expected) in [
        ("nowhere/x", "main.go:5:4: package nowhere/x is not in std"),
        (
            "github.com/x/y",
            "main.go:5:4: package github.com/x/y is not here, and nothing is downloaded: add its folder as vendor/github.com/x/y",
        ),
        (
            "example/plugin/nothing",
            "main.go:5:4: package example/plugin/nothing is not in this program: there are no Go files in nothing",
        ),
        ("./words", "main.go:5:4: \"./words\" is relative"),
        (
            "internal/abi",
            "main.go:5:4: use of internal package internal/abi not allowed",
        ),
        (
            "example/plugin/a/internal/b",
            "main.go:5:4: use of internal package example/plugin/a/internal/b not allowed",
        ),
        (
            "example/plugin/prog",
            "main.go:5:4: import \"example/plugin/prog\" is a program, not an importable package",
        ),
        (
            "example/plugin/only",
            "main.go:5:4: build constraints exclude all Go files in only",
        ),
        (
            "example/plugin/tests",
            "main.go:5:4: no non-test Go files in tests",
        ),
        ("../x", "is relative"),
        ("", "malformed import path"),
        ("a//b", "malformed import path"),
        ("fmt\\x", "malformed import path"),
    ] {
        let others = [
            ("a/internal/b/b.go", "package b\n"),
            ("prog/main.go", EMPTY),
            ("only/o_linux.go", "package only\n"),
            ("tests/t_test.go", "package tests\n"),
        ];
        let said = refused(&import(path), &others);
        assert!(said.contains(expected), "{path}: {said}");
    }
    let required = refused(
        &import("github.com/x/y/z"),
        &[(
            "go.mod",
            "module m\n\ngo 1.24\n\nrequire github.com/x/y v1.0.0\n",
        )],
    );
    assert!(
        required.contains("(of the module github.com/x/y)"),
        "{required}"
    );
}

#[test]
fn what_is_no_program_is_said() {
    for (main, others, expected) in [
        ("", &[][..], "there are no Go files"),
        (
            "",
            &[("x_linux.go", "package main\n")],
            "build constraints exclude all Go files",
        ),
        ("", &[("x/x.go", "package x\n")], "there is no package main"),
        (
            "",
            &[("a/x.go", EMPTY), ("b/x.go", EMPTY)],
            "several programs, in a, b",
        ),
        (
            "package words\n",
            &[],
            "main.go:1:9: package words is not a main package",
        ),
        (
            EMPTY,
            &[("other.go", "package words\n")],
            "other.go:1:9: found packages main (main.go) and words (other.go)",
        ),
        (
            EMPTY,
            &[("other.go", "func main() {}\n")],
            "other.go:1:1: syntax error: package statement must be first",
        ),
        (
            EMPTY,
            &[("other.go", "")],
            "other.go:1:1: syntax error: package statement must be first",
        ),
        (
            EMPTY,
            &[("asm.s", "TEXT x(SB)\n")],
            "asm.s:0:0: it is not Go",
        ),
        (
            EMPTY,
            &[("c.go", "package main\n\nimport \"C\"\n")],
            "c.go:3:8: import \"C\": there is no C compiler here",
        ),
        (
            EMPTY,
            &[("b.go", "//go:build wasm &&\n\npackage main\n")],
            "b.go:1:1: unexpected end of //go:build line",
        ),
        (
            EMPTY,
            &[("go.mod", "module m\n\ngo 1.99\n")],
            "go.mod:0:0: go.mod requires go >= 1.99",
        ),
        (
            EMPTY,
            &[("go.mod", "modul m\n")],
            "go.mod:1:0: unknown directive: modul",
        ),
        (
            EMPTY,
            &[("go.mod", "module plugin\n")],
            "a package of the standard library is called plugin",
        ),
        (
            EMPTY,
            &[("../x.go", EMPTY)],
            "\"../x.go\" cannot be the path of a file: it leads out",
        ),
        (EMPTY, &[("a/../../x.go", EMPTY)], "it leads out"),
        (EMPTY, &[("/x.go", EMPTY)], "it is absolute"),
        (EMPTY, &[("", "")], "it is empty"),
        (EMPTY, &[("a//b", "")], "empty name"),
        (EMPTY, &[("a\\b", "")], "control character or a \\"),
        (
            EMPTY,
            &[("a", ""), ("a/b", "")],
            "a is a file, and there is a/b below it",
        ),
        (EMPTY, &[("a", ""), ("a", "")], "there are two files a"),
    ] {
        let said = refused(main, others);
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let long = "x".repeat(5000);
    assert!(refused(EMPTY, &[(&long, "")]).contains("too long"));
}

#[test]
fn a_cycle_is_shown_as_a_chain() {
    let said = refused(
        "package main\n\nimport _ \"example/plugin/a\"\n\nfunc main() {}\n",
        &[
            ("a/a.go", "package a\n\nimport _ \"example/plugin/b\"\n"),
            ("b/b.go", "package b\n\nimport _ \"example/plugin/a\"\n"),
        ],
    );
    assert_eq!(
        said,
        "b/b.go:3:10: import cycle not allowed\n\tpackage example/plugin/a\n\t\timports example/plugin/b\n\t\timports example/plugin/a"
    );
    assert!(
        refused(
            "package main\n\nimport _ \"example/plugin\"\n\nfunc main() {}\n",
            &[]
        )
        .contains("import cycle not allowed")
    );
}

#[test]
fn what_cannot_be_embedded_is_said_at_its_line() {
    for (pattern, expected) in [
        ("../x", "main.go:5:12: pattern ../x: invalid pattern syntax"),
        ("/etc/passwd", "invalid pattern syntax"),
        ("a/./b", "invalid pattern syntax"),
        (
            "nothing",
            "main.go:5:12: pattern nothing: no matching files found",
        ),
        ("hidden", "no matching files found"),
        ("[x", "syntax error in pattern"),
        ("other/data.txt", "other is in a different module"),
        ("all:.git", "invalid name .git"),
    ] {
        let main = format!(
            "package main\n\nimport _ \"embed\"\n\n//go:embed {pattern}\nvar x string\n\nfunc main() {{}}\n"
        );
        let others = [
            ("hidden/.x", ""),
            ("other/go.mod", "module other\n"),
            ("other/data.txt", ""),
            (".git/config", ""),
        ];
        let said = refused(&main, &others);
        assert!(said.contains(expected), "{pattern}: {said}");
    }
}

#[test]
fn what_keeps_a_module_from_being_there_is_said() {
    let import = |path: &str| format!("package main\n\nimport _ {path:?}\n\nfunc main() {{}}\n");
    let replaced = "module m\n\ngo 1.24\n\nreplace (\n\tup.org => ../up\n\tno.org => ./no\n\there.org => ./here\n\tv.org => w.org v1.0.0\n)\n";
    for (path, expected) in [
        (
            "m/here",
            "here is a module of its own, since there is here/go.mod",
        ),
        (
            "m/here/sub",
            "or import by the path that it says, with replace … => ./here in go.mod",
        ),
        (
            "up.org/a",
            "go.mod replaces up.org by ../up, which is outside of the program",
        ),
        (
            "no.org",
            "go.mod replaces no.org by ./no, where there is no go.mod",
        ),
        (
            "here.org/none",
            "package here.org/none is not in here, by which go.mod replaces here.org",
        ),
        (
            "v.org/x",
            "package v.org/x is not here, and nothing is downloaded",
        ),
    ] {
        let others = [
            ("go.mod", replaced),
            ("here/go.mod", "module here.org\n\ngo 1.24\n"),
            ("here/h.go", "package here\n"),
            ("no/n.go", "package no\n"),
        ];
        let said = refused(&import(path), &others);
        assert!(
            said.starts_with("main.go:3:10: ") && said.contains(expected),
            "{path}: {said}"
        );
    }
    let wrong = [
        ("go.mod", "module m\n\nreplace x.org => ./x\n"),
        ("x/go.mod", "module x.org\n\ngo 1.99\n"),
    ];
    let said = refused(EMPTY, &wrong);
    assert!(
        said.starts_with("x/go.mod:0:0: x/go.mod requires go >= 1.99"),
        "{said}"
    );
}
