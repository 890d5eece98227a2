//! A long list of rows of one height, of which only those in view are drawn.

use super::dom::{px, set_style};
use super::size::use_size;
use crate::ui::state::window::{Slice, Window};
use web_sys::Element;
use yew::prelude::*;

/// A list that is scrolled in `view`; `content` is the one element in it, and the rows are drawn into
/// the first element of that.
#[derive(Clone)]
pub(crate) struct List {
    pub(crate) view: NodeRef,
    pub(crate) content: NodeRef,
    /// The rows to draw.
    pub(crate) slice: Slice,
    pub(crate) onscroll: Callback<Event>,
    window: Window,
    place: UseStateHandle<Place>,
}

/// Where the list is scrolled to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// To the end, also when that moves.
    End,
    /// By a person.
    At(f64),
    /// To this row, which scrolling to may be too coarse for.
    Row(u64),
}

impl List {
    /// Goes on to the end as it moves.
    pub(crate) fn follow(&self) {
        self.place.set(Place::End);
    }

    /// Stays where it is when the end moves.
    pub(crate) fn stay(&self) {
        if self.follows() {
            self.place.set(Place::At(self.at()));
        }
    }

    pub(crate) fn follows(&self) -> bool {
        *self.place == Place::End
    }

    /// How many rows are in view as a whole.
    pub(crate) fn page(&self) -> u64 {
        (self.slice.count as u64).saturating_sub(2).max(1)
    }

    /// Brings a row into view, if it is not.
    pub(crate) fn show(&self, row: u64) {
        let (first, page) = (self.slice.first, self.page());
        if row < first || (row == first && self.slice.top < self.at()) {
            self.place.set(Place::Row(row));
        } else if row >= first + page {
            self.place.set(Place::Row((row + 1).saturating_sub(page)));
        }
    }

    /// Scrolls a row to the middle, unless it is well in view.
    pub(crate) fn center(&self, row: u64) {
        let (first, page) = (self.slice.first, self.page());
        if row <= first || row + 1 >= first + page {
            self.place.set(Place::Row(row.saturating_sub(page / 2)));
        }
    }

    fn at(&self) -> f64 {
        scroll_top(*self.place, self.window)
    }
}

fn scroll_top(place: Place, window: Window) -> f64 {
    match place {
        Place::End => (window.scroll_height() - window.height).max(0.0),
        Place::At(top) => top,
        Place::Row(row) => window.scroll_top(row),
    }
}

/// `follow`: whether it begins at the end, and stays there.
#[hook]
pub(crate) fn use_list(rows: u64, row_height: f64, follow: bool) -> List {
    let (view, content) = (use_node_ref(), use_node_ref());
    let (_, height) = use_size(&view);
    let place = use_state_eq(|| if follow { Place::End } else { Place::At(0.0) });
    let window = Window {
        rows,
        row_height,
        height,
    };
    let at = scroll_top(*place, window);
    let mut slice = window.slice(at);
    if let Place::Row(row) = *place
        && window.rows as f64 * row_height > height
        && slice.first != row
        && at < window.scroll_height() - height
    {
        slice.first = row;
        slice.top = at;
    }
    let drawn = (window.scroll_height(), slice.top, at, height, *place);
    {
        let (view, content) = (view.clone(), content.clone());
        use_effect_with(drawn, move |&(scroll_height, top, at, _, place)| {
            if let (Some(view), Some(content)) = (view.cast::<Element>(), content.cast::<Element>())
            {
                set_style(&content, "height", &px(scroll_height));
                if let Some(rows) = content.first_element_child() {
                    set_style(&rows, "transform", &format!("translateY({})", px(top)));
                }
                if !matches!(place, Place::At(_)) {
                    #[expect(clippy::cast_possible_truncation, reason = "below MAX_HEIGHT")]
                    view.set_scroll_top(at.round() as i32);
                }
            }
        });
    }
    let onscroll = {
        let place = place.clone();
        Callback::from(move |event: Event| {
            let Some(view) = event.target_dyn_into::<Element>() else {
                return;
            };
            let top = f64::from(view.scroll_top());
            // What this has scrolled itself comes back here.
            if let Place::Row(_) = *place
                && (top - scroll_top(*place, window)).abs() < 1.5
            {
                return;
            }
            let end = f64::from(view.scroll_height() - view.client_height());
            place.set(if follow && top >= end - row_height {
                Place::End
            } else {
                Place::At(top)
            });
        })
    };
    List {
        view,
        content,
        slice,
        onscroll,
        window,
        place,
    }
}
