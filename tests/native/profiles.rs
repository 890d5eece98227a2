//! What was sampled and what was reached, as files that Go's own tools open.

use crate::go;
use plugboard::debug::cover::{self, Covered};
use plugboard::debug::profile::{self, Seen};
use plugboard::protocol::Frame;
use std::fs;
use std::path::Path;

#[test]
fn pprof_reads_the_profile() {
    let frame = |function: &str, line| Frame {
        function: function.to_owned(),
        file: Some("/src/main.go".to_owned()),
        line,
        ..Frame::default()
    };
    let seen = [
        Seen {
            frames: vec![frame("main.work", 12), frame("main.main", 5)],
            count: 3,
            fuel: 1_500_000,
            nanos: 0,
        },
        Seen {
            frames: vec![frame("main.main", 6)],
            count: 1,
            fuel: 500_000,
            nanos: 0,
        },
        Seen {
            frames: vec![frame("env.ask", 0), frame("main.main", 7)],
            count: 2,
            fuel: 0,
            nanos: 40_000_000,
        },
        Seen::default(),
    ];
    let folder = std::env::temp_dir();
    let file = folder.join(format!("plugboard-{}.pprof", std::process::id()));
    fs::write(&file, profile::pprof(seen)).expect("a file");
    let run = |flags: &[&str]| {
        let mut tool = go::native(&folder);
        let run = tool.args(["tool", "pprof"]).args(flags).arg(&file).output();
        let run = run.expect("Go runs");
        let text = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(
            run.status.success(),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
        text
    };
    let top = run(&["-top", "-lines"]);
    let host = run(&["-top", "-sample_index=host"]);
    let raw = run(&["-traces", "-sample_index=samples"]);
    fs::remove_file(&file).expect("it can be removed");
    let line = |what: &str| {
        let found = top.lines().find(|line| line.contains(what));
        let found = found.unwrap_or_else(|| panic!("{what} is not in {top}"));
        found
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert!(top.contains("Type: fuel"), "{top}");
    assert_eq!(line("main.work /src/main.go:12")[1], "75.00%");
    assert_eq!(line("main.main /src/main.go:6")[1], "25.00%");
    assert_eq!(line("main.main /src/main.go:5")[4], "75.00%", "{top}");
    assert!(raw.contains("3   main.work"), "{raw}");
    assert!(
        host.contains("40ms   100%   100%       40ms   100%  env.ask"),
        "{host}"
    );
}

#[test]
fn go_reads_the_coverage() {
    let folder = std::env::temp_dir().join(format!("plugboard-cover-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let source = "package main\n\nfunc reached() int {\n\treturn 1\n}\n\nfunc half(n int) int {\n\tif n > 0 {\n\t\treturn 2\n\t}\n\treturn 3\n}\n\nfunc never() {\n\tprintln()\n}\n";
    let file = folder.join("main.go");
    fs::write(&file, source).expect("a file");
    let line = |line, reached| Covered {
        file: path(&file),
        line,
        reached,
    };
    let lines = [
        line(4, true),
        line(8, true),
        line(9, false),
        line(11, true),
        line(15, false),
    ];
    let out = folder.join("cover.out");
    fs::write(&out, cover::profile(&lines)).expect("a file");
    let mut tool = go::native(&folder);
    let ran = tool
        .args(["tool", "cover"])
        .arg(format!("-func={}", path(&out)))
        .output();
    let ran = ran.expect("Go runs");
    let html = folder.join("cover.html");
    let mut tool = go::native(&folder);
    tool.args(["tool", "cover"])
        .arg(format!("-html={}", path(&out)));
    let drawn = tool.arg("-o").arg(&html).output().expect("Go runs");
    let page = fs::read_to_string(&html).unwrap_or_default();
    fs::remove_dir_all(&folder).expect("it can be removed");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(
        drawn.status.success(),
        "{}",
        String::from_utf8_lossy(&drawn.stderr)
    );
    let text = String::from_utf8_lossy(&ran.stdout);
    let of = |function: &str| {
        let words = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>());
        let mut found = words.filter(|words| words.contains(&function));
        found
            .next()
            .and_then(|words| words.last().copied().map(str::to_owned))
    };
    assert_eq!(of("reached").as_deref(), Some("100.0%"), "{text}");
    assert_eq!(of("half").as_deref(), Some("66.7%"), "{text}");
    assert_eq!(of("never").as_deref(), Some("0.0%"), "{text}");
    for class in ["cov0", "cov8"] {
        assert!(page.contains(&format!("class=\"{class}\"")), "{page}");
    }
}

fn path(path: &Path) -> String {
    path.to_str().expect("it is text").to_owned()
}
