//! Which module each call was of: the one on the board, or one that was there before.

/// As many that were there before are known.
const MOST: usize = 100;

/// The modules that were loaded, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Plugins {
    /// The one on the board.
    now: Plugin,
    /// Those before it that were called, each with the number of its last call.
    before: Vec<(u32, Plugin)>,
}

#[derive(Clone, Debug, Default)]
struct Plugin {
    name: String,
    /// How many were loaded before it.
    loads: u32,
}

impl Plugins {
    /// A module is loaded when so many calls have been made.
    pub(super) fn push(&mut self, name: &str, calls: u32) {
        let now = Plugin {
            name: name.to_owned(),
            loads: self.now.loads.saturating_add(1),
        };
        let was = std::mem::replace(&mut self.now, now);
        if self.before.last().map_or(0, |(last, _)| *last) < calls {
            self.before.push((calls, was));
        }
        if self.before.len() > MOST {
            self.before.remove(0);
        }
    }

    /// Which module a call was of, if not the one on the board: `greet.wasm, 2 loads ago`.
    pub(super) fn before(&self, call: u32) -> Option<String> {
        let place = self.before.partition_point(|(last, _)| *last < call);
        let (_, plugin) = self.before.get(place)?;
        let ago = match self.now.loads.saturating_sub(plugin.loads) {
            1 => "1 load".to_owned(),
            loads => format!("{loads} loads"),
        };
        Some(format!("{}, {ago} ago", plugin.name))
    }
}
