use super::*;
use WasmType::{F64, I32, I64};

fn readings(params: &[WasmType], results: &[WasmType]) -> Vec<String> {
    let all = fitting("f", params, results);
    for signature in &all {
        crate::go::abi::matches(signature, params, results).unwrap();
    }
    all.iter().map(ToString::to_string).collect()
}

#[test]
fn two_i32_are_a_string_or_two_numbers() {
    assert_eq!(
        readings(&[I32, I32], &[]),
        ["f(s string)", "f(n1 int32, n2 int32)"]
    );
}

#[test]
fn all_ways_to_pair_are_offered() {
    assert_eq!(
        readings(&[I32, I32, I32], &[I32]),
        [
            "f(s string, n int32) int32",
            "f(n int32, s string) int32",
            "f(n1 int32, n2 int32, n3 int32) int32",
        ]
    );
    assert_eq!(readings(&[I64, F64], &[]), ["f(n1 int64, n2 float64)"]);
    assert_eq!(readings(&[], &[]), ["f()"]);
}

#[test]
fn many_parameters_have_few_readings_and_always_the_plain_one() {
    let all = readings(&[I32; 1000], &[]);
    assert_eq!(all.len(), MAX_READINGS);
    assert!(!all.last().unwrap().contains("string"));
}

#[test]
fn go_has_one_result() {
    assert!(fitting("f", &[], &[I32, I32]).is_empty());
}

#[test]
fn a_parameter_has_choices() {
    assert_eq!(choices_at(&[I32, I32], 0).first(), Some(&(Type::String, 2)));
    assert!(
        choices_at(&[I32, I32], 1)
            .iter()
            .all(|(_, takes)| *takes == 1)
    );
    assert!(choices_at(&[I32], 5).is_empty());
}

#[test]
fn what_is_known_of_the_first_parameters_is_kept() {
    let known = [
        Param::new("n", Type::Bool.pointer()),
        Param::new("s", Type::String),
    ];
    let shown = |params: &[WasmType]| -> Vec<String> {
        let all = fitting_after(&known, "f", params, &[I64]);
        all.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        shown(&[I32, I32]),
        [
            "f(n *bool, s string, s_ string) int64",
            "f(n *bool, s string, n1 int32, n2 int32) int64",
        ]
    );
    assert_eq!(shown(&[]), ["f(n *bool, s string) int64"]);
}
