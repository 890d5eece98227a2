use super::*;
use crate::debug::Places;
use crate::protocol::{At, FlameView, Measure, ProfileFile, RawFrame, Sample, Stack, TableView};

/// Function 0 is imported.
const MODULE: &str = r#"(module
    (import "env" "ask" (func $ask))
    (func $work (call $ask))
    (func $main (call $work) (call $recurse))
    (func $recurse (call $recurse) (call $work)))"#;

fn stack(functions: &[u32]) -> Stack {
    let frame = |function: &u32| RawFrame {
        function: *function,
        at: At::Unknown,
    };
    Stack {
        frames: functions.iter().map(frame).collect(),
        ..Stack::default()
    }
}

/// Function 0 is of the host's.
fn sample(functions: &[u32], fuel: u64, nanos: u64) -> Sample {
    let (host_call, functions) = match functions {
        [0, others @ ..] => (Some(0), others),
        others => (None, others),
    };
    Sample {
        stack: stack(functions),
        host_call,
        count: 1,
        fuel,
        nanos,
    }
}

fn profile(samples: &[Sample]) -> Profile {
    let places = Places::read(wat::parse_str(MODULE).expect("it assembles"));
    Profile::read(&places, samples)
}

/// 10 in `work`, of which `ask` took 500 ns; 60 in `recurse`, thrice on the stack; 30 in `main`.
fn usual() -> Profile {
    profile(&[
        sample(&[1, 2], 10, 0),
        sample(&[0, 1, 2], 0, 500),
        sample(&[3, 3, 3, 2], 60, 0),
        sample(&[2], 30, 0),
    ])
}

fn rows(profile: &Profile, view: TableView) -> Vec<(String, [u64; 2], [u64; 2])> {
    let rows = profile.table(view).rows.into_iter();
    rows.map(|row| (row.frame.function, row.fuel, row.nanos))
        .collect()
}

#[test]
fn what_is_used_counts_for_a_function_and_for_those_that_have_called_it() {
    let profile = usual();
    let row = |name: &str, fuel, nanos| (name.to_owned(), fuel, nanos);
    assert_eq!(
        rows(&profile, TableView::default()),
        [
            row("main", [30, 100], [0, 500]),
            row("recurse", [60, 60], [0, 0]),
            row("work", [10, 10], [0, 500]),
            row("env.ask", [0, 0], [500, 500]),
        ],
        "recursion counts once"
    );
    let own = TableView {
        own: true,
        ..TableView::default()
    };
    let names: Vec<_> = rows(&profile, own).into_iter().map(|row| row.0).collect();
    assert_eq!(names, ["recurse", "main", "work", "env.ask"]);
    let by_time = TableView {
        by: Measure::HostTime,
        ..own
    };
    assert_eq!(rows(&profile, by_time)[0].0, "env.ask");
    let total = profile.total();
    assert_eq!(
        (total.count, total.fuel, total.nanos, total.imports),
        (4, 100, 500, 1)
    );
}

/// The name, the depth, where it begins and how wide it is, in hundredths.
fn boxes(profile: &Profile, view: FlameView) -> Vec<(String, u32, u32, u32)> {
    let flame = profile.flame(view);
    let boxes = flame.boxes.iter().map(|it| {
        let name = match it.merged {
            0 => flame.functions[it.function as usize].function.clone(),
            count => format!("{count} more"),
        };
        (name, it.depth, it.from / 10_000, it.width / 10_000)
    });
    boxes.collect()
}

const WIDE: FlameView = FlameView {
    focus: 0,
    width: 1000,
    of: Measure::Fuel,
};

fn told(all: &[(&str, u32, u32, u32)]) -> Vec<(String, u32, u32, u32)> {
    let all = all.iter();
    all.map(|(name, depth, from, width)| ((*name).to_owned(), *depth, *from, *width))
        .collect()
}

#[test]
fn a_flame_graph_has_what_is_called_below_what_calls_it() {
    let profile = usual();
    let all = boxes(&profile, WIDE);
    assert_eq!(
        all,
        told(&[
            ("all", 0, 0, 100),
            ("main", 1, 0, 100),
            ("recurse", 2, 0, 60),
            ("work", 2, 60, 10),
            ("recurse", 3, 0, 60),
            ("recurse", 4, 0, 60),
        ])
    );
    let flame = profile.flame(WIDE);
    for it in &flame.boxes[1..] {
        let parent = flame.boxes[it.parent as usize];
        assert_eq!(parent.depth + 1, it.depth);
        assert!(parent.from <= it.from && it.from + it.width <= parent.from + parent.width);
    }
    assert_eq!(flame.boxes[1].amount, [30, 100]);
    let time = FlameView {
        of: Measure::HostTime,
        ..WIDE
    };
    assert_eq!(
        boxes(&profile, time),
        told(&[
            ("all", 0, 0, 100),
            ("main", 1, 0, 100),
            ("work", 2, 0, 100),
            ("env.ask", 3, 0, 100),
        ])
    );
}

#[test]
fn what_is_zoomed_into_has_all_of_the_width_below_what_called_it() {
    let profile = usual();
    let flame = profile.flame(WIDE);
    let focus = flame.boxes[2].node;
    assert_eq!(
        boxes(&profile, FlameView { focus, ..WIDE }),
        told(&[
            ("all", 0, 0, 100),
            ("main", 1, 0, 100),
            ("recurse", 2, 0, 100),
            ("recurse", 3, 0, 100),
            ("recurse", 4, 0, 100),
        ])
    );
    // A number that is of none.
    let focus = 1_000;
    let lost = boxes(&profile, FlameView { focus, ..WIDE });
    assert_eq!(lost, boxes(&profile, WIDE));
}

#[test]
fn frames_narrower_than_a_pixel_are_one() {
    // Three of a hundred pixels together, none of them one alone.
    let profile = profile(&[
        sample(&[1, 2], 980, 0),
        sample(&[0, 2], 9, 0),
        sample(&[2, 2], 9, 0),
        sample(&[3, 2], 2, 0),
    ]);
    let narrow = FlameView { width: 100, ..WIDE };
    let all = boxes(&profile, narrow);
    assert_eq!(all[2..], told(&[("work", 2, 0, 98), ("3 more", 2, 98, 2)]));
    let flame = profile.flame(narrow);
    assert_eq!(flame.boxes[3].amount, [0, 20]);
    assert_eq!(boxes(&profile, WIDE).len(), 6);
}

#[test]
fn thousands_of_stacks_have_no_more_boxes_than_there_are_pixels() {
    let mut samples = Vec::new();
    for path in 0..4_096_u32 {
        let frames: Vec<u32> = (0..12).map(|bit| 1 + (path >> bit & 1)).collect();
        samples.push(sample(&frames, 1, 0));
    }
    let view = FlameView { width: 300, ..WIDE };
    let flame = profile(&samples).flame(view);
    for depth in 0..=12 {
        let row = flame.boxes.iter().filter(|it| it.depth == depth);
        assert!(row.count() <= 300, "{depth}");
    }
    assert!(flame.boxes.is_sorted_by_key(|it| (it.depth, it.from)));
}

#[test]
fn frames_that_are_left_out_and_stacks_that_were_not_kept_are_said() {
    let deep = Sample {
        stack: Stack {
            left_out: Some((1, 1)),
            ..stack(&[3, 2])
        },
        host_call: None,
        count: 2,
        fuel: 3,
        nanos: 0,
    };
    let profile = profile(&[deep, sample(&[], 1, 0)]);
    assert_eq!(
        String::from_utf8(profile.file(ProfileFile::Folded)).expect("text"),
        "(elsewhere) 1\nmain;(frames left out);recurse 3\n"
    );
    let all = boxes(&profile, WIDE);
    assert_eq!(all[1].0, "main");
    assert_eq!(all[3].0, "(frames left out)");
}

#[test]
fn no_samples_are_an_empty_profile() {
    let profile = profile(&[]);
    assert_eq!(boxes(&profile, WIDE).len(), 1);
    assert_eq!(rows(&profile, TableView::default()), []);
    assert_eq!(Profile::default().flame(WIDE).boxes, []);
}

fn seen(functions: &[&str], fuel: u64) -> Seen {
    let frame = |function: &&str| Frame {
        function: (*function).to_owned(),
        ..Frame::default()
    };
    Seen {
        frames: functions.iter().map(frame).collect(),
        count: 1,
        fuel,
        nanos: 0,
    }
}

#[test]
fn folded_stacks_begin_with_the_outermost() {
    let seen = [
        seen(&["main.work", "main.main"], 10),
        seen(&["main.main"], 2),
        seen(&["main.work", "main.main"], 5),
        seen(&["main.Map[int;string]"], 1),
        seen(&[], 3),
    ];
    assert_eq!(
        folded(seen),
        "(elsewhere) 3\nmain.Map[int:string] 1\nmain.main 2\nmain.main;main.work 15\n"
    );
}
