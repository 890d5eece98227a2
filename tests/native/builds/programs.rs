//! Programs are built, and do what they do when `go build` has built them.

use super::native::{self, Folder};
use super::samples::PRINTING;
use super::{Workshop, program};
use crate::border::source;
use crate::driver::{Driver, printed};
use crate::go;
use plugboard::protocol::build::{Build, BuildEnd, BuildMode, BuildReport, ProgramFile};
use plugboard::protocol::{Event, Outcome, Stream};
use std::fs;
use std::path::Path;

/// The files of a sample.
pub fn sample(name: &str) -> Vec<ProgramFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("plugin")
        .join(name);
    let mut files: Vec<ProgramFile> = source(&folder, "")
        .into_iter()
        .map(|(path, text)| ProgramFile {
            path,
            contents: text.into_bytes(),
        })
        .collect();
    files.push(ProgramFile {
        path: "go.mod".to_owned(),
        contents: fs::read(folder.join("go.mod")).expect("a sample has a go.mod"),
    });
    files
}

#[test]
fn greet_is_built_as_go_builds_it_and_what_is_fetched_is_small() {
    let mut workshop = Workshop::new();
    let came = workshop.ask(Build::Program {
        files: sample("greet"),
    });
    let (mode, module) = came.module();
    assert_eq!(mode, BuildMode::Reactor);
    let expected = native::built(&sample("greet"));
    for (path, object) in &expected.objects {
        let ours = workshop.builder.object(path).expect("it was compiled");
        native::assert_same(ours, object, path);
    }
    native::assert_same(module, &expected.module, "the module");
    let fetched: u64 = workshop.asked.iter().map(|(_, size)| size).sum();
    assert!(fetched < 14_000_000, "{fetched} bytes are fetched");
}

/// What a command prints and exits with, in a session.
fn run(module: &[u8]) -> (String, String, Outcome) {
    let mut driver = Driver::new();
    // Go ends where the monotonic clock is at zero.
    driver.clock.set(1);
    let events = driver.load("program.wasm", module.to_vec());
    assert!(
        matches!(events.last(), Some(Event::Ready { .. })),
        "{events:?}"
    );
    let ended = driver.start();
    let stream = |stream| printed(&ended.events, stream);
    (
        stream(Stream::Stdout),
        stream(Stream::Stderr),
        ended.outcome,
    )
}

/// What `go build` makes of a program.
fn go_build(files: &[ProgramFile]) -> Vec<u8> {
    let folder = Folder::of(files);
    if !files.iter().any(|file| file.path == "go.mod") {
        let go_mod = format!(
            "module example/plugin\n\ngo {}\n",
            native::index().language()
        );
        folder.put("go.mod", go_mod.as_bytes());
    }
    go::build(&folder.0, &[]).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn commands_are_built_as_go_builds_them_and_print_what_go_build_makes_them_print() {
    let mut workshop = Workshop::new();
    for (name, files) in PRINTING {
        let files = program(files);
        let came = workshop.ask(Build::Program {
            files: files.clone(),
        });
        let (mode, module) = came.module();
        assert_eq!(mode, BuildMode::Command, "{name}");
        let expected = native::built(&files);
        for (path, object) in &expected.objects {
            let ours = workshop.builder.object(path).expect("it was compiled");
            native::assert_same(ours, object, &format!("{name}: {path}"));
        }
        native::assert_same(module, &expected.module, name);
        let ours = run(module);
        assert_eq!(ours, run(&go_build(&files)), "{name}");
        assert!(
            !ours.0.is_empty() && ours.2 == Outcome::Exited(0),
            "{name}: {ours:?}"
        );
    }
}

#[test]
fn every_sample_is_built_as_go_builds_it() {
    let mut workshop = Workshop::new();
    for name in ["hello", "types"] {
        let files = sample(name);
        let came = workshop.ask(Build::Program {
            files: files.clone(),
        });
        let expected = native::built(&files);
        native::assert_same(came.module().1, &expected.module, name);
    }
}

#[test]
fn what_did_not_change_is_not_compiled_again() {
    let mut workshop = Workshop::new();
    let main = |text: &str| {
        format!(
            "package main\n\nimport \"example/plugin/words\"\n\nfunc main() {{ println(words.One(), \"{text}\") }}\n"
        )
    };
    let words = |body: &str| {
        format!("package words\n\n//go:noinline\nfunc One() int {{ return {body} }}\n")
    };
    let mut build = |one: &str, two: &str| {
        let came = workshop.build(&[("main.go", &main(one)), ("words/words.go", &words(two))]);
        let (_, stderr, _) = run(came.module().1);
        (came.steps(), stderr)
    };
    let compiles = |path: &str| format!("Compile({path:?})");
    let (steps, printed) = build("a", "1");
    let load = |tool: &str| format!("Load({tool:?})");
    assert_eq!(
        steps,
        [
            load("compile"),
            compiles("example/plugin/words"),
            compiles("example/plugin"),
            load("link"),
            "Link".to_owned()
        ]
    );
    assert_eq!(printed, "1 a\n");
    let (steps, printed) = build("b", "1");
    assert_eq!(steps, [compiles("example/plugin"), "Link".to_owned()]);
    assert_eq!(printed, "1 b\n");
    // What it exports is the same: who imports it stays as it is.
    let (steps, printed) = build("b", "2");
    assert_eq!(steps, [compiles("example/plugin/words"), "Link".to_owned()]);
    assert_eq!(printed, "2 b\n");
    let (steps, _) = build("b", "2");
    assert_eq!(steps, ["Link"]);
}

/// A main file that calls another package.
const USES_WORDS: (&str, &str) = (
    "main.go",
    "package main\n\nimport \"example/plugin/words\"\n\nfunc main() { words.F() }\n",
);

#[test]
fn mistakes_are_found_where_they_are() {
    let mut workshop = Workshop::new();
    for (name, files, expected) in [
        (
            "a syntax error",
            &[("main.go", "package main\n\nfunc main() {\n\tx := = 1\n}\n")][..],
            &["main.go:4:7: syntax error: unexpected =, expected expression"][..],
        ),
        (
            "type errors",
            &[(
                "main.go",
                "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tvar a int = \"x\"\n\tundefined()\n}\n",
            )],
            &[
                "main.go:3:8: \"fmt\" imported and not used",
                "main.go:6:6: declared and not used: a",
                "main.go:6:14: cannot use \"x\" (untyped string constant) as int value in variable declaration",
                "main.go:7:2: undefined: undefined",
            ],
        ),
        (
            "an error that goes on, in a folder",
            &[
                (
                    "main.go",
                    "package main\n\nimport _ \"example/plugin/words\"\n\nfunc main() {}\n",
                ),
                ("words/a.go", "package words\n\nfunc f() {}\n"),
                ("words/b.go", "package words\n\nfunc f() {}\n"),
            ],
            &[
                "words/b.go:3:6: f redeclared in this block\n\twords/a.go:3:6: other declaration of f",
            ],
        ),
        (
            "a language that is older",
            &[
                ("go.mod", "module m\n\ngo 1.17\n"),
                (
                    "main.go",
                    "package main\n\nfunc f[T any]() {}\n\nfunc main() {}\n",
                ),
            ],
            &[
                "main.go:3:8: type parameter requires go1.18 or later (-lang was set to go1.17; check go.mod)",
                "main.go:3:10: predeclared any requires go1.18 or later (-lang was set to go1.17; check go.mod)",
            ],
        ),
        (
            "a function without a body",
            &[(
                "main.go",
                "package main\n\nfunc f()\n\nfunc main() { f() }\n",
            )],
            &["main.go:3:6: missing function body"],
        ),
        (
            "embed without its import",
            &[(
                "main.go",
                "package main\n\n//go:embed x\nvar x string\n\nfunc main() {}\n",
            )],
            &[
                "main.go:3:3: go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)",
            ],
        ),
        (
            "what no host can be given, which the compiler says late",
            &[
                USES_WORDS,
                (
                    "words/w.go",
                    "package words\n\n//go:wasmimport env f\nfunc f(x []byte)\n\nfunc F() { f(nil) }\n",
                ),
            ],
            &["words/w.go:4:6: go:wasmimport: unsupported parameter type []byte"],
        ),
        (
            "a program without main",
            &[(
                "main.go",
                "// Package main is none.\npackage main\n\nfunc Main() {}\n",
            )],
            &["main.go:2:1: function main is undeclared in the main package"],
        ),
        (
            "a function of the runtime's that is not for others",
            &[
                USES_WORDS,
                (
                    "words/w.go",
                    "package words\n\nimport _ \"unsafe\"\n\n//go:linkname f runtime.mallocinit\nfunc f()\n\nfunc F() { f() }\n",
                ),
            ],
            &[
                "words/w.go:5:1: link: example/plugin/words: invalid reference to runtime.mallocinit",
            ],
        ),
        (
            "two exports of one name",
            &[
                (
                    "main.go",
                    "package main\n\nimport \"example/plugin/words\"\n\n//go:wasmexport greet\nfunc g() {}\n\nfunc main() { words.F() }\n",
                ),
                (
                    "words/w.go",
                    "package words\n\n//go:wasmexport greet\nfunc F() {}\n",
                ),
            ],
            &[
                "words/w.go:3:1: link: duplicated definition of symbol greet, from example/plugin/words (type STEXT size 1) and main (type STEXT size 1)",
            ],
        ),
        (
            "a function that is there twice",
            &[
                (
                    "main.go",
                    "package main\n\nimport \"example/plugin/words\"\n\nfunc g() {}\n\nfunc main() {\n\twords.F()\n\tg()\n}\n",
                ),
                (
                    "words/w.go",
                    "package words\n\nimport _ \"unsafe\"\n\n//go:linkname F main.g\n//go:noinline\nfunc F() {}\n",
                ),
            ],
            &[
                "words/w.go:5:1: link: duplicated definition of symbol main.g, from example/plugin/words (type STEXT size 2) and main (type STEXT size 2)",
            ],
        ),
    ] {
        let came = workshop.build(files);
        assert!(*came.end() == BuildEnd::Wrong, "{name} is built");
        assert_eq!(came.printed(), expected, "{name}");
    }
    let many: String = (0..30).map(|n| format!("\tundefined{n}()\n")).collect();
    let came = workshop.build(&[(
        "main.go",
        &format!("package main\n\nfunc main() {{\n{many}}}\n"),
    )]);
    assert_eq!(came.diagnostics().len(), 11, "{:?}", came.printed());
    // What was wrong does no harm to what comes next.
    workshop
        .build(&[("main.go", "package main\n\nfunc main() {}\n")])
        .module();
}

#[test]
fn tests_are_run_as_go_test_runs_them() {
    let mut workshop = Workshop::new();
    let files = [
        ("go.mod", "module m\n\ngo 1.24\n"),
        (
            "main.go",
            "package main\n\nimport \"m/add\"\n\nfunc main() { println(double(add.Two(1, 2))) }\n\nfunc double(n int) int { return n + n }\n",
        ),
        (
            "main_test.go",
            "package main\n\nimport \"testing\"\n\nfunc TestDouble(t *testing.T) {\n\tif double(2) != 4 {\n\t\tt.Fatal()\n\t}\n}\n",
        ),
        (
            "add/add.go",
            "package add\n\nfunc Two(a, b int) int { return a + b }\n",
        ),
        ("add/export_test.go", "package add\n\nvar Hidden = 5\n"),
        (
            "add/add_test.go",
            "package add_test\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"testing\"\n\n\t\"m/add\"\n\t\"m/above\"\n)\n\nfunc TestTwo(t *testing.T) {\n\tt.Run(\"sub\", func(t *testing.T) {\n\t\t\
            t.Log(\"logged\")\n\t\tif above.Three() != add.Two(1, 2) || add.Hidden != 5 {\n\t\t\tt.Error(\"wrong\")\n\t\t}\n\t})\n\tdata, err := os.ReadFile(\"testdata/x.txt\")\n\tt.Log(string(data), err, t.TempDir() != \"\")\n}\n\n\
            func ExampleTwo() {\n\tfmt.Println(add.Two(2, 3))\n\t// Output: 5\n}\n\nfunc BenchmarkTwo(b *testing.B) {}\n\nfunc TestMain(m *testing.M) {\n\tfmt.Println(\"before\")\n\tm.Run()\n}\n",
        ),
        ("add/testdata/x.txt", "from a file"),
        (
            "above/above.go",
            "package above\n\nimport \"m/add\"\n\nfunc Three() int { return add.Two(1, 2) }\n",
        ),
    ];
    let came = workshop.ask(Build::Test {
        files: program(&files),
    });
    let output = came.output();
    assert_eq!(*came.end(), BuildEnd::Done, "{output}{:?}", came.printed());
    for line in [
        "before\n",
        "--- PASS: TestTwo",
        "--- PASS: TestTwo/sub",
        "logged\n",
        "from a file <nil> true\n",
        "--- PASS: ExampleTwo",
        "PASS\nok  \tm/add\n",
        "--- PASS: TestDouble",
        "ok  \tm\n",
    ] {
        assert!(output.contains(line), "{line}: {output}");
    }
    let failing = "package main\n\nimport \"testing\"\n\nfunc TestNo(t *testing.T) {\n\tt.Error(\"no\")\n}\n\nfunc Example() {\n\tprintln()\n\t// Output: x\n}\n";
    let came = workshop.ask(Build::Test {
        files: program(&[
            ("main.go", "package main\n\nfunc main() {}\n"),
            ("a_test.go", failing),
        ]),
    });
    assert_eq!(*came.end(), BuildEnd::Wrong);
    let output = came.output();
    for line in [
        "a_test.go:6: no\n",
        "--- FAIL: TestNo",
        "--- FAIL: Example",
        "want:\nx\nFAIL\n",
        "FAIL\texample/plugin\n",
    ] {
        assert!(output.contains(line), "{line}: {output}");
    }
    let came = workshop.ask(Build::Test {
        files: program(&[("main.go", "package main\n\nfunc main() {}\n")]),
    });
    assert!(came.printed()[0].contains("there are no tests"));
}

#[test]
fn files_are_formatted_as_gofmt_formats_them() {
    let mut workshop = Workshop::new();
    let files = program(&[
        ("a.go", "package a\nfunc  f( ) {\nx:=1\n_=x}\n"),
        ("sub/b.go", "package b\n"),
        ("c.go", "package c\n\nfunc {\n"),
        ("d.txt", "x  :=  y"),
    ]);
    let came = workshop.ask(Build::Format { files });
    let formatted = came.reports.iter().filter_map(|report| match report {
        BuildReport::Formatted(file) => Some((
            file.path.as_str(),
            String::from_utf8_lossy(&file.contents).into_owned(),
        )),
        _ => None,
    });
    let formatted: Vec<_> = formatted.collect();
    assert_eq!(
        formatted,
        [(
            "a.go",
            "package a\n\nfunc f() {\n\tx := 1\n\t_ = x\n}\n".to_owned()
        )]
    );
    assert_eq!(came.printed(), ["c.go:3:6: expected 'IDENT', found '{'"]);
    assert_eq!(*came.end(), BuildEnd::Wrong);
}

#[test]
fn vet_finds_what_go_vet_finds() {
    let mut workshop = Workshop::new();
    let files = [
        (
            "main.go",
            "package main\n\nimport (\n\t\"fmt\"\n\n\t\"example/plugin/words\"\n)\n\nfunc main() {\n\tfmt.Printf(\"%d\\n\", \"x\")\n\tx := words.N\n\tx = x\n}\n",
        ),
        (
            "words/words.go",
            "package words\n\nvar N int\n\ntype T struct {\n\tA int `json:a`\n}\n",
        ),
    ];
    let came = workshop.ask(Build::Vet {
        files: program(&files),
    });
    assert_eq!(
        came.printed(),
        [
            "words/words.go:6:2: struct field tag `json:a` not compatible with reflect.StructTag.Get: bad syntax for struct tag value",
            "main.go:12:2: self-assignment of x",
            "main.go:10:14: fmt.Printf format %d has arg \"x\" of wrong type string",
        ]
    );
    assert!(came.diagnostics().iter().all(|one| one.is_warning));
    assert_eq!(*came.end(), BuildEnd::Wrong);
    // Of tests, what only they do wrong.
    let test = "package words\n\nimport \"testing\"\n\nfunc TestN(t *testing.T) {\n\tt.Errorf(\"%d\", \"n\")\n}\n\nfunc Testn(t *testing.T) {}\n";
    let outer = "package words_test\n\nimport (\n\t\"testing\"\n\n\t\"example/plugin/words\"\n)\n\nfunc TestOuter(t *testing.T) {\n\tt.Logf(\"%s\", words.Two())\n}\n";
    let came = workshop.ask(Build::Vet {
        files: program(&[
            ("words/words.go", "package words\n\nvar n int\n"),
            ("words/words_test.go", test),
            (
                "words/two_test.go",
                "package words\n\nfunc Two() int { return 2 + n }\n",
            ),
            ("words/outer_test.go", outer),
        ]),
    });
    assert_eq!(
        came.printed(),
        [
            "words/words_test.go:6:12: (*testing.common).Errorf format %d has arg \"n\" of wrong type string",
            "words/words_test.go:9:6: Testn has malformed name: first letter after 'Test' must not be lowercase",
            "words/outer_test.go:10:10: (*testing.common).Logf format %s has arg words.Two() of wrong type int",
        ]
    );
    let fine = "package main\n\nimport \"unsafe\"\n\nfunc main() { println(unsafe.Sizeof(1)) }\n";
    let came = workshop.ask(Build::Vet {
        files: program(&[("main.go", fine)]),
    });
    assert_eq!((came.end(), came.printed().len()), (&BuildEnd::Done, 0));
}
