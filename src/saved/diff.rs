//! Two lists of lines, side by side.

use crate::protocol::Mark;

/// The most pairs of lines that are compared with each other.
const MOST_PAIRS: usize = 1 << 20;

/// Lines that are the same and stay beside one that is not.
const AROUND: usize = 3;

/// The most lines of a difference.
const MOST_LINES: usize = 200;

/// The most characters of a line.
const MOST_CHARS: usize = 400;

/// What there is of one list and not of the other, in order, with the lines around it.
pub(super) fn diff(
    expected: &[&str],
    happened: &[&str],
    same: impl Fn(&str, &str) -> bool,
) -> Vec<(Mark, String)> {
    let pairs = || expected.iter().zip(happened);
    let start = pairs().take_while(|(a, b)| same(a, b)).count();
    let rests = expected
        .iter()
        .skip(start)
        .rev()
        .zip(happened.iter().skip(start).rev());
    let end = rests.take_while(|(a, b)| same(a, b)).count();
    let middle = |list: &[&'_ str]| (start, list.len().saturating_sub(end));
    let (from, to) = middle(expected);
    let left = expected.get(from..to).unwrap_or_default();
    let (from, to) = middle(happened);
    let right = happened.get(from..to).unwrap_or_default();
    let mut lines: Vec<(Mark, &str)> = Vec::new();
    lines.extend(happened.iter().take(start).map(|line| (Mark::Same, *line)));
    lines.extend(between(left, right, same));
    lines.extend(happened.iter().skip(to).map(|line| (Mark::Same, *line)));
    shortened(&lines)
}

/// The shortest way from one list to the other.
fn between<'a>(
    left: &[&'a str],
    right: &[&'a str],
    same: impl Fn(&str, &str) -> bool,
) -> Vec<(Mark, &'a str)> {
    let gone = |line: &&'a str| (Mark::Expected, *line);
    let come = |line: &&'a str| (Mark::Happened, *line);
    if left.len().saturating_mul(right.len()) > MOST_PAIRS {
        return left
            .iter()
            .map(gone)
            .chain(right.iter().map(come))
            .collect();
    }
    // How many lines the rests from here on have in common, a row for each line of `left`.
    let width = right.len() + 1;
    let mut common = vec![0_u32; (left.len() + 1) * width];
    let at = |common: &[u32], row: usize, column: usize| {
        common.get(row * width + column).copied().unwrap_or(0)
    };
    for (row, a) in left.iter().enumerate().rev() {
        for (column, b) in right.iter().enumerate().rev() {
            let most = if same(a, b) {
                at(&common, row + 1, column + 1) + 1
            } else {
                at(&common, row + 1, column).max(at(&common, row, column + 1))
            };
            if let Some(place) = common.get_mut(row * width + column) {
                *place = most;
            }
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut lines = Vec::new();
    loop {
        match (left.get(row), right.get(column)) {
            (Some(a), Some(b)) if same(a, b) => {
                lines.push((Mark::Same, *b));
                row += 1;
                column += 1;
            }
            (Some(a), b)
                if b.is_none() || at(&common, row + 1, column) >= at(&common, row, column + 1) =>
            {
                lines.push(gone(a));
                row += 1;
            }
            (_, Some(b)) => {
                lines.push(come(b));
                column += 1;
            }
            (_, None) => return lines,
        }
    }
}

/// Without the lines that are the same and far from one that is not.
fn shortened(lines: &[(Mark, &str)]) -> Vec<(Mark, String)> {
    let is_near = |place: usize| {
        let around = lines.iter().skip(place.saturating_sub(AROUND));
        let around = around.take(place.min(AROUND) + AROUND + 1);
        around.into_iter().any(|(mark, _)| *mark != Mark::Same)
    };
    let mut written = Vec::new();
    let mut left_out = 0;
    for (place, (mark, line)) in lines.iter().enumerate() {
        if written.len() >= MOST_LINES {
            left_out = lines.len() - place;
            break;
        }
        if !is_near(place) {
            left_out += 1;
            continue;
        }
        more(&mut written, &mut left_out);
        let cut = line.char_indices().nth(MOST_CHARS);
        written.push((
            *mark,
            match cut {
                Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
                None => (*line).to_owned(),
            },
        ));
    }
    more(&mut written, &mut left_out);
    written
}

fn more(written: &mut Vec<(Mark, String)>, left_out: &mut usize) {
    if *left_out > 0 {
        let lines = crate::amount::amount(*left_out as u64, "more line");
        written.push((Mark::LeftOut, lines));
        *left_out = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(expected: &str, happened: &str) -> String {
        let split = |text: &'static str| text.split(' ').filter(|it| !it.is_empty()).collect();
        let (a, b): (Vec<&str>, Vec<&str>) = (
            split(expected.to_owned().leak()),
            split(happened.to_owned().leak()),
        );
        let lines = diff(&a, &b, |a, b| a == b);
        let lines = lines
            .iter()
            .map(|(mark, line)| format!("{}{line}", mark.sign()));
        lines.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_not_in_both_is_marked() {
        assert_eq!(drawn("a b c", "a x c"), " a -b +x  c");
        assert_eq!(drawn("a b", ""), "-a -b");
        assert_eq!(drawn("", "a"), "+a");
        assert_eq!(drawn("a b c d", "b c d e"), "-a  b  c  d +e");
        assert_eq!(drawn("a a a", "a a"), " a  a -a");
    }

    #[test]
    fn what_is_far_from_it_is_left_out() {
        let same: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let text = same.join(" ");
        assert_eq!(
            drawn(&format!("{text} x"), &format!("{text} y")),
            "…17 more lines  17  18  19 -x +y"
        );
    }

    #[test]
    fn a_large_difference_is_bounded() {
        let (a, b) = (vec!["a"; 65_536], vec!["b"; 65_536]);
        let lines = diff(&a, &b, |a, b| a == b);
        assert_eq!(lines.len(), MOST_LINES + 1);
        assert_eq!(lines.last().unwrap().1, "130,872 more lines");
    }
}
