//! Where a debugged guest stops: breakpoints, steps, and which lines it has reached.
//!
//! At each row whose bit is set the guest asks ([`Stops::reached`]). Bits are set where something may have to
//! be done ([`Stops::bits`]): all of them during a step, so that a guest that just runs is not asked.

use super::twin::{Line, Map};
use crate::protocol::{Go, Inlined};
use std::rc::Rc;

/// Where a guest stops, and where it has been.
#[derive(Debug)]
pub struct Stops {
    map: Rc<Map>,
    /// The rows that it stops at, in order.
    breakpoints: Vec<usize>,
    /// Where it stood last: the row, and how high its stack was.
    stood: Option<(usize, u32)>,
    going: Go,
    /// By row, whether it has been reached; `None`: nobody wants to know.
    hits: Option<Vec<bool>>,
    /// Which calls are inlined where.
    inlined: Rc<[Inlined]>,
}

/// What is to be done at a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The guest stops.
    pub stops: bool,
    /// It is to ask here again.
    pub asks_again: bool,
}

impl Stops {
    /// None, in a twin that is read like this.
    #[must_use]
    pub fn new(map: Rc<Map>) -> Self {
        Self {
            map,
            breakpoints: Vec::new(),
            stood: None,
            going: Go::On,
            hits: None,
            inlined: Rc::new([]),
        }
    }

    /// Steps go over these calls and out of them, too.
    pub fn set_inlined(&mut self, inlined: Rc<[Inlined]>) {
        self.inlined = inlined;
    }

    /// Stops at these places, or at the next row behind each in the same function.
    pub fn set_breakpoints(&mut self, places: &[u32]) {
        let rows = places.iter().filter_map(|place| self.map.row_near(*place));
        self.breakpoints = rows.collect();
        self.breakpoints.sort_unstable();
        self.breakpoints.dedup();
    }

    /// It has stopped elsewhere than at a row, with the stack so high.
    pub fn stand(&mut self, top: u32) {
        (self.stood, self.going) = (Some((usize::MAX, top)), Go::On);
    }

    /// The guest goes on like this from where it stood.
    pub fn go(&mut self, how: Go) {
        self.going = how;
    }

    /// Whether the rows that are reached are kept, from now on.
    pub fn cover(&mut self, wanted: bool) {
        self.hits = wanted.then(|| vec![false; self.map.rows().len()]);
    }

    /// Each row, and whether it has been reached since somebody wants to know.
    #[must_use]
    pub fn covered(&self) -> Vec<(Line, bool)> {
        let hits = self.hits.iter().flatten().copied();
        self.map.rows().iter().copied().zip(hits).collect()
    }

    /// What is to be done at the row at `place`, with the stack so high; `None`: there is none.
    pub fn reached(&mut self, place: u32, top: u32) -> Option<(usize, Reached)> {
        let rows = self.map.rows();
        let row = rows.binary_search_by_key(&place, |row| row.0).ok()?;
        if let Some(hit) = self.hits.as_mut().and_then(|hits| hits.get_mut(row)) {
            *hit = true;
        }
        let is_next = match (self.going, self.stood) {
            (Go::On, _) => false,
            (Go::Next, _) | (_, None) => true,
            (Go::Into, Some((from, height))) => {
                top != height
                    || self.line(row) != self.line(from)
                    || self.calls(row) != self.calls(from)
            }
            (Go::Over, Some((from, height))) => {
                let depth = self.calls(from).len();
                top < height || (top == height && self.line_at(row, depth) != self.line(from))
            }
            (Go::Out, Some((from, height))) => {
                let within = self.calls(from);
                top < height
                    || (top == height && !within.is_empty() && !self.calls(row).starts_with(within))
            }
        };
        let is_breakpoint = self.breakpoints.binary_search(&row).is_ok();
        let stops = is_next || is_breakpoint;
        if stops {
            (self.stood, self.going) = (Some((row, top)), Go::On);
        }
        let reached = Reached {
            stops,
            asks_again: is_breakpoint || self.going != Go::On,
        };
        Some((row, reached))
    }

    fn line(&self, row: usize) -> Option<u32> {
        self.map.rows().get(row).map(|row| row.1)
    }

    /// The lines of the calls that are inlined at a row, the outermost first.
    fn calls(&self, row: usize) -> &[u32] {
        let Some((place, _)) = self.map.rows().get(row) else {
            return &[];
        };
        let after = self.inlined.partition_point(|(begins, _)| begins <= place);
        let calls = after.checked_sub(1).and_then(|at| self.inlined.get(at));
        calls.map_or(&[], |(_, calls)| calls)
    }

    /// The line at a row within so many inlined calls; `None`: it is within fewer.
    fn line_at(&self, row: usize, depth: usize) -> Option<u32> {
        let calls = self.calls(row);
        let own = || self.line(row).filter(|_| calls.len() == depth);
        calls.get(depth).copied().or_else(own)
    }

    /// Sets the bits of the rows at which the guest is to ask.
    pub fn bits(&self, bits: &mut [u8]) {
        let all = self.going != Go::On;
        for (row, bit) in bits.iter_mut().enumerate().take(self.map.rows().len()) {
            let is_new = self.hits.as_ref().and_then(|hits| hits.get(row)) == Some(&false);
            *bit = u8::from(all || is_new);
        }
        for row in &self.breakpoints {
            if let Some(bit) = bits.get_mut(*row) {
                *bit = 1;
            }
        }
    }
}
