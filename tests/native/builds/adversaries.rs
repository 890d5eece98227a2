//! Source that the compiler does not cope with, files that do not come, and Stop: each is told, and does no harm to what comes
//! next.

use super::{SLICE, Workshop, program};
use plugboard::protocol::build::{Build, BuildEnd, BuildReport, BuildStep};
use plugboard::session::Next;

const FINE: &[(&str, &str)] = &[("main.go", "package main\n\nfunc main() { println(1) }\n")];

/// Steps until the compiler has run for a while.
fn into_compiling(workshop: &mut Workshop) {
    let mut since = None;
    loop {
        workshop.fetch();
        assert_ne!(workshop.builder.step(SLICE), Next::Idle, "it has ended");
        let reports = workshop.builder.take_reports();
        let compiles = |report: &BuildReport| {
            matches!(
                report,
                BuildReport::Step {
                    step: BuildStep::Compile(_),
                    ..
                }
            )
        };
        if reports.iter().any(compiles) {
            since = Some(workshop.builder.fuel_spent());
        }
        if since.is_some_and(|since| workshop.builder.fuel_spent() > since + 20 * SLICE) {
            return;
        }
    }
}

/// A program that would be as large as the disk.
fn endless() -> String {
    // Each function has a type argument that is twice as long as that of the one before.
    let mut endless = "package main\n\ntype pair[T any] struct{ a, b T }\n\n".to_owned();
    for n in 0..60 {
        endless.push_str(&format!(
            "func f{n}[T any](x T) {{ f{}(pair[T]{{x, x}}); f{}(x) }}\n",
            n + 1,
            n + 1
        ));
    }
    endless.push_str("func f60[T any](x T) { println(x) }\n\nfunc main() { f0(1) }\n");
    endless
}

#[test]
fn stop_ends_a_compilation_that_goes_on_and_the_next_one_is_as_if_nothing_had_been() {
    let endless = endless();
    let mut workshop = Workshop::new();
    workshop.builder.handle(Build::Program {
        files: program(&[("main.go", &endless)]),
    });
    into_compiling(&mut workshop);
    workshop.builder.handle(Build::Stop);
    assert_eq!(
        workshop.builder.take_reports(),
        [BuildReport::Ended(BuildEnd::Stopped)]
    );
    assert_eq!(workshop.builder.step(SLICE), Next::Idle);
    // One that is asked for in the middle ends the one before.
    workshop.builder.handle(Build::Program {
        files: program(&[("main.go", &endless)]),
    });
    into_compiling(&mut workshop);
    let came = workshop.build(FINE);
    assert_eq!(
        came.reports.first(),
        Some(&BuildReport::Ended(BuildEnd::Stopped))
    );
    came.module();
}

#[test]
fn what_the_compiler_cannot_hold_is_told() {
    let mut workshop = Workshop::new();
    let huge = "package main\n\nvar x [1 << 40]byte\n\nfunc main() { println(x[3]) }\n";
    let came = workshop.build(&[("main.go", huge)]);
    assert!(
        matches!(came.end(), BuildEnd::Wrong | BuildEnd::Failed(_)),
        "{:?}",
        came.end()
    );
    let constant = "package main\n\nconst x = 1 << 100000\n\nfunc main() { println(x >> 99990) }\n";
    let came = workshop.build(&[("main.go", constant)]);
    assert!(
        came.printed()[0].contains("invalid shift count"),
        "{:?}",
        came.printed()
    );
    let nested = format!(
        "package main\n\nvar x = {}1{}\n\nfunc main() {{}}\n",
        "(".repeat(300_000),
        ")".repeat(300_000)
    );
    let came = workshop.build(&[("main.go", &nested)]);
    assert!(
        matches!(came.end(), BuildEnd::Wrong | BuildEnd::Failed(_)),
        "{:?}",
        came.end()
    );
    workshop.build(FINE).module();
}

#[test]
fn a_compiler_that_runs_out_of_memory_says_so_and_the_next_one_has_all_of_it() {
    let mut workshop = Workshop::new();
    // 80 MiB; the page has fifty times that, which takes longer to use up.
    workshop.builder.limit_memory(1280);
    let wide: String = (0..20_000)
        .map(|n| format!("\ta[{n}%7] = b[a[{n}%5]] + {n}\n"))
        .collect();
    let wide =
        format!("package main\n\nfunc main() {{\n\tvar a, b [9]int\n{wide}\tprintln(a[0])\n}}\n");
    let came = workshop.build(&[("main.go", &wide)]);
    let BuildEnd::Failed(reason) = came.end() else {
        panic!("{:?}", came.end());
    };
    assert!(
        reason.starts_with(
            "Go's compiler needs more memory than there is: make what is built smaller"
        ),
        "{reason}"
    );
    workshop.build(FINE).module();
}

#[test]
fn a_megabyte_of_source_is_compiled() {
    let mut large =
        "package main\n\nfunc main() { println(len(text)) }\n\nconst text = `".to_owned();
    large.push_str(&"0123456789abcdef\n".repeat(60_000));
    large.push_str("`\n");
    let mut workshop = Workshop::new();
    workshop.build(&[("main.go", &large)]).module();
}

#[test]
fn a_file_of_the_toolchain_that_cannot_be_had_is_told_and_asked_for_again() {
    let mut workshop = Workshop::new();
    workshop.builder.handle(Build::Program {
        files: program(FINE),
    });
    assert_eq!(workshop.builder.step(SLICE), Next::Wait(None));
    assert_eq!(workshop.builder.wanted().len(), 1);
    workshop
        .builder
        .give("index.json", Err("the server says 404".to_owned()));
    assert_eq!(workshop.builder.step(SLICE), Next::Idle);
    let reports = workshop.builder.take_reports();
    let [BuildReport::Ended(BuildEnd::Failed(reason))] = reports.as_slice() else {
        panic!("{reports:?}");
    };
    assert_eq!(
        reason,
        "index.json of the toolchain cannot be had: the server says 404"
    );
    workshop.builder.handle(Build::Program {
        files: program(FINE),
    });
    workshop.fetch_broken("compile");
    let reports = workshop.builder.take_reports();
    let Some(BuildReport::Ended(BuildEnd::Failed(reason))) = reports.last() else {
        panic!("{reports:?}");
    };
    assert!(reason.contains("compile cannot be made ready"), "{reason}");
    workshop.build(FINE).module();
}
