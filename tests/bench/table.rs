//! The table: what was measured, and whether it is what it should be. A row is printed as soon as it is there, so that none is lost
//! when what comes after it fails.

/// The widths of what was measured, of the figure and of the level, in characters.
const WIDTHS: [usize; 3] = [84, 9, 9];

/// What prints its rows.
pub(crate) struct Table;

impl Table {
    /// A figure that is held to a level.
    #[expect(clippy::unused_self, reason = "who has no table measures nothing")]
    pub(crate) fn held(&mut self, what: impl AsRef<str>, figure: f64, unit: &str, at_most: f64) {
        let verdict = if figure <= at_most { "pass" } else { "MISS" };
        let level = format!("≤ {}", number(at_most, unit));
        row(what.as_ref(), &number(figure, unit), &level, verdict);
    }

    /// A figure that others are compared with.
    #[expect(clippy::unused_self, reason = "who has no table measures nothing")]
    pub(crate) fn told(&mut self, what: impl AsRef<str>, figure: f64, unit: &str) {
        row(what.as_ref(), &number(figure, unit), "", "");
    }
}

fn row(what: &str, figure: &str, level: &str, verdict: &str) {
    let [wide, figures, levels] = WIDTHS;
    let line = format!("{what:wide$}  {figure:>figures$}  {level:levels$}  {verdict}");
    println!("{}", line.trim_end());
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
