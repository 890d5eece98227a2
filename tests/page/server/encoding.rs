//! Which encodings a browser takes: `Accept-Encoding`, RFC 9110, section 12.5.3.

/// An encoding that files may have been compressed with, and what their names end in then. The first is
/// the smallest.
pub(crate) const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// What a request accepts: codings and their weights, in thousandths.
#[derive(Default)]
pub(crate) struct Accepted(Vec<(String, u32)>);

impl Accepted {
    /// Takes in a header of this name. Several are one list.
    pub(crate) fn add(&mut self, value: &str) {
        for item in value.split(',') {
            let mut parts = item.split(';').map(str::trim);
            let coding = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts
                .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
                .map_or(1000, thousandths);
            self.0.push((coding, weight));
        }
    }

    /// How much `coding` is wanted; 0: not at all.
    fn weight(&self, coding: &str) -> u32 {
        let of = |name: &str| self.0.iter().find(|(coding, _)| coding == name);
        let found = of(coding).or_else(|| of("*").filter(|_| coding != "identity"));
        found.map_or(0, |(_, weight)| *weight)
    }

    /// What of [`ENCODINGS`] is accepted, best first. What the file is by itself is the last resort, even
    /// where it is refused: something is better than an error.
    pub(crate) fn best_first(&self) -> Vec<(&'static str, &'static str)> {
        let mut accepted: Vec<_> = ENCODINGS
            .into_iter()
            .filter(|(coding, _)| {
                let weight = self.weight(coding);
                weight > 0 && weight >= self.weight("identity")
            })
            .collect();
        // Stable: of two that are wanted alike, the smaller goes first.
        accepted.sort_by_key(|(coding, _)| std::cmp::Reverse(self.weight(coding)));
        accepted
    }
}

/// A weight from 0 to 1, in thousandths; what is none counts as 0.
fn thousandths(weight: &str) -> u32 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    if fraction.len() > 3 || fraction.bytes().any(|byte| !byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1000,
        "0" => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}
