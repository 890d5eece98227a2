//! Every export of `plugin/types`, called on the page with values at the edges of its types: it answers
//! what Go computes, and the page says what became of its arguments.

use crate::board::journey;
use std::collections::BTreeSet;
use thirtyfour::By;

/// An export, its arguments as JSON, how the outcome begins, and what the page says has changed.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const CASES: [Case; 37] = [
    ("notBool", "[true]", "returned false", &[]),
    ("negInt32", "[-2147483648]", "returned -2147483648", &[]),
    ("invUint32", "[4294967295]", "returned 0", &[]),
    (
        "negInt64",
        "[9007199254740993]",
        "returned -9007199254740993",
        &[],
    ),
    (
        "invUint64",
        "[9007199254740993]",
        "returned 18437736874454810622",
        &[],
    ),
    ("negFloat32", "[1e-45]", "returned -1e-45", &[]),
    ("negFloat64", "[5e-324]", "returned -5e-324", &[]),
    ("nextUintptr", "[4294967294]", "returned 0xffffffff", &[]),
    ("samePointer", "[16]", "returned unsafe.Pointer(0x10)", &[]),
    ("lenString", r#"["a\u0000b"]"#, "returned 3", &[]),
    (
        "runesString",
        r#"["h\u00e9\ud83c\udf0d"]"#,
        "returned 3",
        &[],
    ),
    (
        "hashString",
        r#"[""]"#,
        "returned 14695981039346656037",
        &[],
    ),
    ("notBoolAt", "[true]", "returned", &["*p: true → false"]),
    ("negInt8At", "[127]", "returned", &["*p: 127 → -127"]),
    ("invUint8At", "[255]", "returned", &["*p: 255 → 0"]),
    (
        "negInt16At",
        "[-32767]",
        "returned",
        &["*p: -32767 → 32767"],
    ),
    ("invUint16At", "[1]", "returned", &["*p: 1 → 65534"]),
    (
        "negInt32At",
        "[2147483647]",
        "returned",
        &["*p: 2147483647 → -2147483647"],
    ),
    ("invUint32At", "[0]", "returned", &["*p: 0 → 4294967295"]),
    (
        "negInt64At",
        "[9223372036854775807]",
        "returned",
        &["*p: 9223372036854775807 → -9223372036854775807"],
    ),
    (
        "invUint64At",
        "[0]",
        "returned",
        &["*p: 0 → 18446744073709551615"],
    ),
    ("negFloat32At", "[0.1]", "returned", &["*p: 0.1 → -0.1"]),
    ("negFloat64At", "[-0.5]", "returned", &["*p: -0.5 → 0.5"]),
    (
        "reverse",
        "[[1, 2, 3, -4]]",
        "returned",
        &["a[0]: 1 → -4", "a[3]: -4 → 1"],
    ),
    (
        "sumBytes",
        "[[255,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,2]]",
        "returned 257",
        &[],
    ),
    (
        "flipGrid",
        "[[[1, 2, 3], [-1, -2, -32768]]]",
        "returned",
        &["g[0][0]: 1 → -1", "g[1][2]: -32768 → 3"],
    ),
    (
        "movePoint",
        r#"[{"X": 2147483647, "Y": 1}, 1, -2]"#,
        "returned",
        &["p.X: 2147483647 → -2147483648", "p.Y: 1 → -1"],
    ),
    (
        "touchMixed",
        r#"[{"On": true, "Wide": 9007199254740993, "Small": 65535, "Ratio": -0.5, "Tag": [1, 2, 3]}]"#,
        "returned",
        &[
            "m.On: true → false",
            "m.Wide: 9007199254740993 → -9007199254740993",
            "m.Ratio: -0.5 → -1",
            "m.Tag[0]: 1 → 3",
        ],
    ),
    (
        "growRect",
        r#"[{"Min": {"X": 1, "Y": 2}, "Max": {"X": 3, "Y": 4}, "Label": 7}, 10]"#,
        "returned 484",
        &["r.Min.X: 1 → -9", "r.Marks[1].Y: 0 → -8"],
    ),
    (
        "sortPoints",
        r#"[[{"X": 3}, {"X": 1, "Y": 5}, {"X": 2}]]"#,
        "returned",
        &["a[0].X: 3 → 1", "a[0].Y: 0 → 5"],
    ),
    ("noFields", "[null]", "returned false", &[]),
    ("noFields", "[{}]", "returned true", &[]),
    ("toFahrenheit", "[100]", "returned 212", &[]),
    ("raise", "[255]", "returned", &["*l: 255 → 0"]),
    ("homePoint", "", "returned &Point{X: 3, Y: 4} /* 0x", &[]),
    (
        "many",
        r#"[true, 40, "na\u0000", 0.5, {"X": 7}, 16]"#,
        "returned 66.5",
        &["p.Y: 0 → 3"],
    ),
    // As it was before: what is typed is kept for each export.
    ("notBool", "", "returned false", &[]),
];

#[tokio::test]
async fn every_export_of_types_is_called() {
    journey(|board| async move {
        board.press("types.wasm").await;
        board
            .until("the signatures are there", |seen| {
                seen.phase == "ready" && seen.all.contains("(m *Mixed)")
            })
            .await;
        board.unfold("runtime").await;
        let mut left = BTreeSet::new();
        for name in board
            .driver
            .find_all(By::Css(".exports button > span"))
            .await
            .unwrap()
        {
            left.insert(name.text().await.unwrap());
        }
        let mut called = BTreeSet::new();
        for (export, arguments, outcome, changes) in CASES {
            left.remove(export);
            board.press(&format!("{export}(")).await;
            if !arguments.is_empty() {
                if called.insert(export) {
                    board.press("JSON").await;
                }
                board.fill("arguments", arguments).await;
            }
            board.press("Call").await;
            board
                .until(
                    &format!("{export}{arguments}: {outcome}, {changes:?}"),
                    |seen| {
                        seen.outcome.starts_with(outcome)
                            && changes.iter().all(|change| seen.all.contains(change))
                    },
                )
                .await;
        }
        let plumbing = ["_initialize", "free", "malloc"].map(str::to_owned);
        assert_eq!(left, BTreeSet::from(plumbing));
    })
    .await;
}
