//! How memory has grown, as a line.

/// The most samples that are kept: then every second one goes.
const MOST: usize = 240;

/// Pages of memory, as a run went on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Growth {
    samples: Vec<u64>,
    /// How many readings a sample stands for; 0 as 1.
    every: usize,
    /// Readings since the last sample.
    since: usize,
    last: u64,
}

impl Growth {
    pub(crate) fn push(&mut self, pages: u64) {
        self.last = pages;
        self.since += 1;
        if self.since < self.every {
            return;
        }
        self.since = 0;
        self.samples.push(pages);
        if self.samples.len() > MOST {
            let mut index = 0;
            self.samples.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.every = 2 * self.every.max(1);
        }
    }

    /// The most pages that there were, and how many there are.
    pub(crate) fn most_and_last(&self) -> (u64, u64) {
        let most = self.samples.iter().copied().max().unwrap_or(0);
        (most.max(self.last), self.last)
    }

    /// Points for a `polyline` in a box of this width and height; empty with fewer than two samples.
    pub(crate) fn points(&self, width: u32, height: u32) -> String {
        let mut samples = self.samples.clone();
        samples.push(self.last);
        if samples.len() < 3 {
            return String::new();
        }
        let steps = samples.len() as u64 - 1;
        let most = self.most_and_last().0.max(1);
        let points = samples.iter().enumerate().map(|(index, pages)| {
            let x = index as u64 * u64::from(width) / steps;
            let y = u64::from(height) - pages * u64::from(height) / most;
            format!("{x},{y}")
        });
        points.collect::<Vec<_>>().join(" ")
    }
}
