//! From a file that is picked to the signatures that its debug information gives.

use crate::debug_info;
use crate::picked::{self, Timed};
use crate::table::Table;
use serde_json::json;

/// The sizes, in bytes, and how many milliseconds it may take: a small one, after which what reads
/// debug information is there; one as large as plugins are; one that is larger than any.
const SIZES: [(usize, Option<f64>); 3] = [
    (100_000, None),
    (1_000_000, Some(100.0)),
    (25_000_000, None),
];

pub(crate) async fn measure(table: &mut Table) {
    let timed = SIZES.map(|(size, level)| Timed {
        module: debug_info::module(&format!("m{size}_"), size),
        deed: "timeSignature",
        args: vec![json!(format!("m{size}_greet(name string)"))],
        row: format!(
            "debug information: {} MB, picked → signatures shown",
            size as f64 / 1e6
        ),
        level,
    });
    picked::measure(table, "debug information", timed.into()).await;
}
