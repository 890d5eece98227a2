//! A profile as a flame graph, of which each row has no more boxes than pixels.

use super::Profile;
use super::read::Node;
use crate::protocol::{Flame, FlameBox, FlameView, Measure};
use std::collections::HashMap;

/// All of the width, in the unit of boxes.
const ALL: f64 = 1e6;

/// The most boxes that are told.
const MOST: usize = 50_000;

/// A box whose children are still to be laid out.
struct Open {
    node: usize,
    at: usize,
    depth: u32,
    from: f64,
    width: f64,
}

/// A flame graph as it grows.
struct Drawing<'a> {
    profile: &'a Profile,
    measure: usize,
    flame: Flame,
    functions: HashMap<usize, u32>,
}

impl Profile {
    /// It as a flame graph: what is looked at has all of the width, below what called it.
    #[must_use]
    pub fn flame(&self, view: FlameView) -> Flame {
        let mut drawing = Drawing {
            profile: self,
            measure: usize::from(view.of == Measure::HostTime),
            flame: Flame {
                view,
                ..Flame::default()
            },
            functions: HashMap::new(),
        };
        let focus = view.focus as usize;
        let mut path = vec![if focus < self.nodes.len() { focus } else { 0 }];
        while let Some(last) = path.last().copied().filter(|last| *last > 0) {
            let Some(node) = self.nodes.get(last) else {
                break;
            };
            path.push(node.parent);
        }
        let mut level = Vec::new();
        for (depth, node) in (0_u32..).zip(path.into_iter().rev()) {
            let parent = depth.saturating_sub(1) as usize;
            level = drawing
                .add(node, parent, depth, 0.0, ALL)
                .into_iter()
                .collect();
        }
        while !level.is_empty() && drawing.flame.boxes.len() < MOST {
            let mut next = Vec::new();
            for open in level {
                drawing.children(&open, &mut next);
            }
            level = next;
        }
        drawing.flame
    }
}

impl Drawing<'_> {
    fn amount(&self, node: &Node) -> u64 {
        node.used.total.get(self.measure).copied().unwrap_or(0)
    }

    fn children(&mut self, open: &Open, next: &mut Vec<Open>) {
        let nodes = &self.profile.nodes;
        let Some(node) = nodes.get(open.node) else {
            return;
        };
        let all = self.amount(node).max(1) as f64;
        let of_node = |at: &usize| nodes.get(*at).map_or(0, |node| self.amount(node));
        let mut children: Vec<(usize, u64)> =
            node.children.iter().map(|at| (*at, of_node(at))).collect();
        children.retain(|(_, amount)| *amount > 0);
        children.sort_by_key(|(at, amount)| (std::cmp::Reverse(*amount), *at));
        let pixel = ALL / f64::from(self.flame.view.width.max(1));
        let mut from = open.from;
        let mut narrow = 0;
        let mut rest = 0.0;
        for (at, amount) in children {
            let width = amount as f64 / all * open.width;
            if width < pixel {
                narrow += 1;
                rest += width;
                continue;
            }
            next.extend(self.add(at, open.at, open.depth + 1, from, width));
            from += width;
        }
        if rest >= pixel {
            let function = self.function(0);
            self.flame.boxes.push(FlameBox {
                parent: number(open.at),
                depth: open.depth + 1,
                function,
                merged: narrow,
                from: millionths(from),
                width: millionths(rest),
                amount: [0, share(rest, open.width, self.amount(node))],
                ..FlameBox::default()
            });
        }
    }

    fn add(&mut self, at: usize, parent: usize, depth: u32, from: f64, width: f64) -> Option<Open> {
        let node = self.profile.nodes.get(at)?;
        let function = self.function(node.function);
        let own = node.used.own.get(self.measure).copied().unwrap_or(0);
        let place = self.flame.boxes.len();
        self.flame.boxes.push(FlameBox {
            node: number(at),
            parent: number(parent),
            depth,
            function,
            merged: 0,
            from: millionths(from),
            width: millionths(width),
            amount: [own, self.amount(node)],
        });
        Some(Open {
            node: at,
            at: place,
            depth,
            from,
            width,
        })
    }

    fn function(&mut self, function: usize) -> u32 {
        let functions = &mut self.flame.functions;
        let profile = self.profile;
        *self.functions.entry(function).or_insert_with(|| {
            functions.push(profile.shown(function));
            number(functions.len() - 1)
        })
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most a million"
)]
fn millionths(of: f64) -> u32 {
    of.round() as u32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no more than the whole"
)]
fn share(part: f64, whole: f64, of: u64) -> u64 {
    (part / whole * of as f64).round() as u64
}
