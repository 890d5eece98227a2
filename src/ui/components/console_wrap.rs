//! Lines that are wrapped, of heights that only the browser knows: those around the view are drawn, as high as they
//! are, and scrolled by the browser itself. As soon as the view comes to the end of what is drawn, other ones
//! are, and the line at its top stays where it is. All others count as one row each, so that the scroll bar says about where
//! one is, however many there are.

use crate::ui::state::window::Window;
use web_sys::Element;

/// What is drawn.
#[derive(Clone, Copy)]
pub(super) struct Drawn {
    /// All lines.
    pub(super) window: Window,
    /// The first that is drawn, and how many are.
    pub(super) first: u64,
    pub(super) count: u64,
}

/// Where the view is to be once the lines are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Put {
    /// Where it is.
    #[default]
    Kept,
    /// So many pixels below the top of a line, which is that many lines below the first one.
    Below(u64, i32),
    /// With what a search or a jump has come to in its middle.
    Current,
}

/// What has been scrolled to.
pub(super) enum Scrolled {
    /// Something that is drawn.
    Within,
    /// The end, which is to be followed.
    End,
    /// Something for which other lines are to be drawn, from this one on.
    Beyond(u64, Put),
}

/// How many lines are drawn: those in view, if each is one row high, and as many before and behind.
pub(super) fn count(window: Window) -> u64 {
    3 * in_view(window)
}

fn in_view(window: Window) -> u64 {
    window.slice(0.0).count as u64
}

/// The first line that is drawn where the end is followed.
pub(super) fn last(window: Window) -> u64 {
    window.rows.saturating_sub(in_view(window))
}

impl Drawn {
    /// Where the first line is, in pixels from the top.
    pub(super) fn top(&self) -> f64 {
        self.window.scroll_top(self.first)
    }

    /// What the view has been scrolled to.
    pub(super) fn scrolled(&self, view: &Element) -> Scrolled {
        let Some(rows) = rows(view) else {
            return Scrolled::Within;
        };
        let (top, height) = (view.scroll_top(), view.client_height());
        let has_last = self.first + self.count >= self.window.rows;
        let below = top - pixels(self.top());
        let left = rows.client_height() - below - height;
        let is_far = below < -height || left < -height;
        if top + height >= view.scroll_height() - 1 && (has_last || is_far) {
            return Scrolled::End;
        }
        if top == 0 && self.first > 0 {
            return Scrolled::Beyond(0, Put::Kept);
        }
        if is_far {
            let to = self.window.slice(f64::from(top)).first;
            return Scrolled::Beyond(to, Put::Kept);
        }
        if (below > 0 || self.first == 0) && (left > 0 || has_last) {
            return Scrolled::Within;
        }
        let (mut line, mut inner) = (self.first, below);
        let mut row = rows.first_element_child();
        while let Some(it) = row.filter(|it| inner >= it.client_height()) {
            inner -= it.client_height();
            line += 1;
            row = it.next_element_sibling();
        }
        let before = line.min(in_view(self.window));
        Scrolled::Beyond(line - before, Put::Below(before, inner))
    }

    /// Puts the view where it is to be.
    pub(super) fn put(&self, view: &Element, put: Put) {
        let Some(rows) = rows(view) else {
            return;
        };
        match put {
            Put::Kept => {}
            Put::Below(lines, inner) => {
                let mut top = pixels(self.top()) + inner;
                let mut row = rows.first_element_child();
                for _ in 0..lines {
                    let Some(it) = row else { break };
                    top += it.client_height();
                    row = it.next_element_sibling();
                }
                view.set_scroll_top(top);
            }
            Put::Current => {
                let find = |what| rows.query_selector(what).ok().flatten();
                let current = find("[data-current] mark").or_else(|| find("[data-current]"));
                if let Some(current) = current {
                    let (at, view_at) = (
                        current.get_bounding_client_rect(),
                        view.get_bounding_client_rect(),
                    );
                    let room = (view_at.height() - at.height()).max(0.0) / 2.0;
                    view.set_scroll_top(
                        view.scroll_top() + pixels(at.top() - view_at.top() - room),
                    );
                }
            }
        }
    }
}

/// The first line to draw so that this one can be in the middle.
pub(super) fn around(window: Window, line: u64) -> u64 {
    line.saturating_sub(in_view(window))
}

/// Scrolls by a view, but for a row.
pub(super) fn turn_page(view: &Element, down: bool, row_height: f64) {
    let by = view.client_height() - pixels(row_height);
    view.set_scroll_top(view.scroll_top() + if down { by } else { -by });
}

fn rows(view: &Element) -> Option<Element> {
    view.query_selector(".rows").ok().flatten()
}

#[expect(clippy::cast_possible_truncation, reason = "below MAX_HEIGHT")]
fn pixels(length: f64) -> i32 {
    length.round() as i32
}
