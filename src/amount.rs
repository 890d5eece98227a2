//! Amounts as people read them.

/// So many of something: `1 page`, `2 pages`.
#[must_use]
pub fn amount(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {one}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one() {
        let all = [0, 1, 2].map(|number| amount(number, "page"));
        assert_eq!(all, ["0 pages", "1 page", "2 pages"]);
    }
}
