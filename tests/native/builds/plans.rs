//! The plan of a build against what `go list` tells of the same program.

use super::native::{Folder, index};
use super::program;
use super::samples::PRINTING;
use crate::go;
use plugboard::build::plan::Plan;
use plugboard::protocol::build::{BuildMode, ProgramFile};
use serde_json::Value;
use std::collections::BTreeSet;

/// Programs that are planned only.
const PLANNED: &[&[(&str, &str)]] = &[
    &[(
        "main.go",
        "package main\n\nimport (\n\t\"log\"\n\t\"net/http\"\n)\n\nfunc main() { log.Fatal(http.ListenAndServe(\":80\", nil)) }\n",
    )],
    &[
        (
            "main.go",
            "package main\n\nimport (\n\t_ \"example/plugin/b\"\n\t_ \"example/plugin/a\"\n\t_ \"unsafe\"\n)\n\nfunc main() {}\n",
        ),
        (
            "a/a.go",
            "package a\n\nimport _ \"example/plugin/a/internal/x\"\n",
        ),
        (
            "a/internal/x/x.go",
            "package x\n\nimport _ \"example/plugin/c\"\n",
        ),
        (
            "b/b.go",
            "package other\n\nimport _ \"example/plugin/c\"\nimport _ \"math/big\"\n",
        ),
        ("c/c.go", "package c\n"),
        ("c/c_windows.go", "package c\n\nimport _ \"nowhere\"\n"),
        ("c/c_test.go", "package c\n\nimport _ \"nowhere\"\n"),
        ("c/ignored.go", "//go:build ignore\n\npackage main\n"),
        ("c/_x.go", "not Go"),
        ("unused/u.go", "package unused\n\nimport _ \"nowhere\"\n"),
    ],
    &[
        (
            "main.go",
            "//go:build wasip1 && go1.18 && !cgo\n\npackage main\n\nimport _ \"embed\"\n\n//go:embed *.txt sub/[a-c]?.* \"with space\" `raw`\nvar x string\n\nfunc main() {}\n",
        ),
        (
            "older.go",
            "//go:build !go1.18 || cgo || tinygo || unix\n\npackage main\n",
        ),
        ("a.txt", ""),
        ("b.txt.go.txt", ""),
        ("sub/a1.x", ""),
        ("sub/d1.x", ""),
        ("sub/b22.x", ""),
        ("with space", ""),
        ("raw/deep/x", ""),
        ("raw/.y", ""),
        ("raw/_z/x", ""),
    ],
    // A module that is replaced by a folder, in which there is another one, and one that nothing leads to.
    &[
        (
            "go.mod",
            "module m\n\ngo 1.24\n\nrequire (\n\tx.org/lib v1.2.3\n\tx.org/lib/more v0.0.0\n)\n\nreplace x.org/lib => ./third/lib\n\n\
             replace x.org/lib/more v0.0.0 => ./third/lib/more\n",
        ),
        (
            "main.go",
            "package main\n\nimport (\n\t_ \"x.org/lib\"\n\t_ \"x.org/lib/more\"\n\t_ \"x.org/lib/sub\"\n)\n\nfunc main() {}\n",
        ),
        ("third/lib/go.mod", "module x.org/lib\n\ngo 1.22\n"),
        ("third/lib/l.go", "package lib\n"),
        (
            "third/lib/sub/s.go",
            "package sub\n\nimport _ \"x.org/lib/internal/i\"\n",
        ),
        ("third/lib/internal/i/i.go", "package i\n"),
        (
            "third/lib/more/go.mod",
            "module x.org/lib/more\n\ngo 1.23\n",
        ),
        (
            "third/lib/more/m.go",
            "package more\n\nimport _ \"x.org/lib\"\n",
        ),
        ("other/go.mod", "module other\n\ngo 1.99\n"),
        ("other/o.go", "package main\n\nimport _ \"nowhere\"\n"),
    ],
];

/// What `go list` says of a program: its own packages, as JSON, and the paths of the standard ones.
fn listed(files: &[ProgramFile]) -> (Vec<Value>, BTreeSet<String>) {
    let folder = Folder::of(files);
    if !files.iter().any(|file| file.path == "go.mod") {
        let language = index().language();
        folder.put(
            "go.mod",
            format!("module example/plugin\n\ngo {language}\n").as_bytes(),
        );
    }
    let came = go::go(&folder.0)
        .args([
            "list",
            "-deps",
            "-json=ImportPath,Standard,GoFiles,Imports,Dir,EmbedFiles,Name",
            ".",
        ])
        .output()
        .expect("Go runs");
    assert!(
        came.status.success(),
        "{}",
        String::from_utf8_lossy(&came.stderr)
    );
    let packages = serde_json::Deserializer::from_slice(&came.stdout).into_iter::<Value>();
    let packages = packages.map(|package| package.expect("it is JSON"));
    let (standard, own): (Vec<Value>, Vec<Value>) =
        packages.partition(|package| package["Standard"] == true);
    let standard = standard.iter().map(|package| {
        package["ImportPath"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    });
    (own, standard.collect())
}

fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[test]
fn packages_files_and_imports_are_those_that_go_lists_in_its_order() {
    let index = index();
    let programs = PRINTING
        .iter()
        .map(|(_, files)| *files)
        .chain(PLANNED.iter().copied());
    for files in programs {
        let files = program(files);
        let plan = Plan::new(&files, &index).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let (own, standard) = listed(&files);
        let paths: Vec<&str> = plan
            .packages
            .iter()
            .map(|package| package.path.as_str())
            .collect();
        let expected: Vec<&str> = own
            .iter()
            .filter_map(|package| package["ImportPath"].as_str())
            .collect();
        assert_eq!(paths, expected);
        for (package, listed) in plan.packages.iter().zip(&own) {
            let names = package
                .files
                .iter()
                .filter_map(|file| file.rsplit('/').next());
            assert_eq!(
                names.collect::<Vec<_>>(),
                texts(&listed["GoFiles"]),
                "{}",
                package.path
            );
            let imports = texts(&listed["Imports"])
                .into_iter()
                .filter(|path| *path != "unsafe");
            assert_eq!(
                package.imports,
                imports.collect::<Vec<_>>(),
                "{}",
                package.path
            );
            let embedded = package.embed.iter().flat_map(|embed| embed.files());
            assert_eq!(
                embedded.collect::<Vec<_>>(),
                texts(&listed["EmbedFiles"]),
                "{}",
                package.path
            );
            assert_eq!(package.name, listed["Name"], "{}", package.path);
        }
        let linked = plan.standard(&plan.programs[0], &index);
        let linked: BTreeSet<String> = linked.into_iter().map(str::to_owned).collect();
        assert_eq!(linked, standard);
    }
}

#[test]
fn a_wasmexport_in_any_package_makes_a_plugin() {
    let mode = |export: &str| {
        let words = format!("package words\n\n{export}\nfunc F() {{}}\n");
        let files = program(&[
            (
                "main.go",
                "package main\n\nimport _ \"example/plugin/words\"\n\nfunc main() {}\n",
            ),
            ("words/w.go", &words),
        ]);
        Plan::new(&files, &index())
            .expect("it can be planned")
            .programs[0]
            .mode
    };
    assert_eq!(mode("//go:wasmexport f"), BuildMode::Reactor);
    assert_eq!(mode("// go:wasmexport f"), BuildMode::Command);
}

#[test]
fn the_only_program_of_a_folder_below_is_what_is_built() {
    let files = program(&[
        ("go.mod", "module m\n\ngo 1.24\n"),
        ("cmd/p/main.go", "package main\n\nfunc main() {}\n"),
        ("lib/l.go", "package lib\n"),
    ]);
    let plan = Plan::new(&files, &index()).expect("it can be planned");
    assert_eq!(plan.packages[0].path, "m/cmd/p");
}

#[test]
fn a_module_is_in_its_own_language_and_its_files_are_called_by_its_path() {
    let index = index();
    let files = program(PLANNED[3]);
    let plan = Plan::new(&files, &index).expect("it can be planned");
    let args = |path: &str| {
        let mut packages = plan.packages.iter();
        let package = packages.find(|package| package.path == path);
        plan.compile_args(package.expect("it is planned"), &index)
            .join(" ")
    };
    for (path, expected) in [
        (
            "x.org/lib/sub",
            "-trimpath /.program/third/lib=>x.org/lib@v1.2.3;/.program/vendor=>;/.program=>m -p x.org/lib/sub -lang=go1.22",
        ),
        (
            "x.org/lib/more",
            "=>x.org/lib/more@v0.0.0;/.program/vendor=>;/.program=>m -p x.org/lib/more -lang=go1.23",
        ),
        (
            "m",
            "-trimpath /.program/vendor=>;/.program=>m -p main -lang=go1.24",
        ),
    ] {
        let args = args(path);
        assert!(args.contains(expected), "{args}");
    }
}

#[test]
fn modules_below_a_folder_without_a_go_mod_are_the_program_s() {
    let files = program(&[
        ("app/go.mod", "module example/app\n\ngo 1.23\n"),
        (
            "app/main.go",
            "package main\n\nimport (\n\t_ \"example/app/words\"\n\t_ \"x.org/lib\"\n)\n\nfunc main() {}\n",
        ),
        ("app/words/w.go", "package words\n"),
        ("lib/go.mod", "module x.org/lib\n\ngo 1.24\n"),
        ("lib/l.go", "package lib\n"),
    ]);
    let plan = Plan::new(&files, &index()).expect("it can be planned");
    let paths: Vec<&str> = plan
        .packages
        .iter()
        .map(|package| package.path.as_str())
        .collect();
    assert_eq!(paths, ["example/app/words", "x.org/lib", "example/app"]);
    assert_eq!(plan.go_mod.module, "example/app");
}

#[test]
fn each_package_is_looked_through_with_its_tests() {
    let files = program(&[
        (
            "main.go",
            "package main\n\nimport _ \"example/plugin/a\"\n\nfunc main() {}\n",
        ),
        ("main_test.go", "package main\n"),
        ("a/a.go", "package a\n"),
        ("b/b.go", "package b\n\nimport _ \"v.org\"\n"),
        ("b/b_test.go", "package b\n"),
        (
            "b/outer_test.go",
            "package b_test\n\nimport _ \"example/plugin/b\"\n",
        ),
        ("c/only_test.go", "package c\n"),
        ("vendor/v.org/v.go", "package v\n"),
    ]);
    let plan = Plan::vet(&files, &index()).expect("it can be planned");
    let vetted = plan
        .vetted
        .iter()
        .map(|place| &*plan.packages[*place].object);
    assert_eq!(
        vetted.collect::<Vec<_>>(),
        [
            "example/plugin/a",
            "example/plugin [example/plugin.test]",
            "example/plugin/b [example/plugin/b.test]",
            "example/plugin/b_test [example/plugin/b.test]",
            "example/plugin/c [example/plugin/c.test]",
        ]
    );
    let objects: Vec<&str> = plan
        .packages
        .iter()
        .map(|package| &*package.object)
        .collect();
    assert_eq!(
        objects.len(),
        6,
        "v.org, and what is looked through: {objects:?}"
    );
    assert!(Plan::vet(&program(&[("a.txt", "")]), &index()).is_err());
}

#[test]
fn a_program_may_be_deep_and_wide() {
    const DEEP: usize = 5000;
    let mut files = vec![ProgramFile {
        path: "main.go".to_owned(),
        contents: b"package main\n\nimport _ \"example/plugin/p0\"\n\nfunc main() {}\n".to_vec(),
    }];
    files.extend((0..DEEP).map(|n| {
        ProgramFile {
            path: format!("p{n}/p.go"),
            contents: match n + 1 {
                DEEP => format!("package p{n}\n"),
                next => format!("package p{n}\n\nimport _ \"example/plugin/p{next}\"\n"),
            }
            .into_bytes(),
        }
    }));
    let plan = Plan::new(&files, &index()).expect("it can be planned");
    assert_eq!(plan.packages.len(), DEEP + 1);
    assert_eq!(
        plan.packages[0].path,
        format!("example/plugin/p{}", DEEP - 1)
    );
}
