//! The table: what was measured, and whether it is what it should be.

use std::fmt;

/// Its rows.
#[derive(Default)]
pub(crate) struct Table(Vec<Row>);

struct Row {
    what: String,
    figure: String,
    /// The level to reach, and whether it was reached.
    level: Option<(String, bool)>,
}

impl Table {
    /// A figure that is held to a level.
    pub(crate) fn held(&mut self, what: impl Into<String>, figure: f64, unit: &str, at_most: f64) {
        self.0.push(Row {
            what: what.into(),
            figure: number(figure, unit),
            level: Some((format!("≤ {}", number(at_most, unit)), figure <= at_most)),
        });
    }

    /// A figure that others are compared with.
    pub(crate) fn told(&mut self, what: impl Into<String>, figure: f64, unit: &str) {
        self.0.push(Row {
            what: what.into(),
            figure: number(figure, unit),
            level: None,
        });
    }
}

fn number(figure: f64, unit: &str) -> String {
    let digits = if figure >= 100.0 {
        0
    } else if figure >= 10.0 {
        1
    } else {
        2
    };
    format!("{figure:.digits$} {unit}")
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |of: fn(&Row) -> usize| self.0.iter().map(of).max().unwrap_or(0);
        let (what, figure) = (
            width(|row| row.what.chars().count()),
            width(|row| row.figure.chars().count()),
        );
        let level = width(|row| {
            row.level
                .as_ref()
                .map_or(0, |level| level.0.chars().count())
        });
        for row in &self.0 {
            let (wanted, verdict) = match &row.level {
                Some((wanted, true)) => (wanted.as_str(), "pass"),
                Some((wanted, false)) => (wanted.as_str(), "MISS"),
                None => ("", ""),
            };
            let line = format!(
                "{:what$}  {:>figure$}  {wanted:level$}  {verdict}",
                row.what, row.figure
            );
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
