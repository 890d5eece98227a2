//! Which rows of a long list are in view.

/// The tallest that a scrolled element is made, in CSS pixels. Browsers stop near 17 million.
const MAX_HEIGHT: f64 = 8_000_000.0;

/// A list of rows of one height, scrolled in a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    /// Rows in all.
    pub(crate) rows: u64,
    /// The height of a row, in CSS pixels.
    pub(crate) row_height: f64,
    /// The height of the box, in CSS pixels.
    pub(crate) height: f64,
}

/// The rows to draw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Slice {
    pub(crate) first: u64,
    pub(crate) count: usize,
    /// Where the first is drawn, in CSS pixels from the top of the scrolled element.
    pub(crate) top: f64,
}

impl Window {
    /// The height of the scrolled element, in CSS pixels. With very many rows it is less than that
    /// of all of them together: scrolling by a pixel then passes more than a pixel of rows.
    pub(crate) fn scroll_height(&self) -> f64 {
        self.full_height().min(MAX_HEIGHT.max(self.height))
    }

    /// The rows to draw when the box is scrolled to `scroll_top`.
    pub(crate) fn slice(&self, scroll_top: f64) -> Slice {
        if self.rows == 0 || self.row_height <= 0.0 {
            return Slice::default();
        }
        let range = (self.scroll_height() - self.height).max(0.0);
        let scroll_top = scroll_top.clamp(0.0, range);
        let hidden = (self.full_height() - self.height).max(0.0);
        let from = if range > 0.0 {
            scroll_top * (hidden / range)
        } else {
            0.0
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let first = ((from / self.row_height) as u64).min(self.rows - 1);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let count = (self.height / self.row_height) as usize + 2;
        Slice {
            first,
            count,
            top: scroll_top - (from - first as f64 * self.row_height),
        }
    }

    /// Where the box is scrolled to, with the row at its top; or about there, if a pixel of scrolling
    /// passes many rows.
    pub(crate) fn scroll_top(&self, row: u64) -> f64 {
        let range = (self.scroll_height() - self.height).max(0.0);
        let hidden = (self.full_height() - self.height).max(0.0);
        if hidden <= 0.0 {
            return 0.0;
        }
        (row as f64 * self.row_height * (range / hidden)).min(range)
    }

    fn full_height(&self) -> f64 {
        self.rows as f64 * self.row_height
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(rows: u64) -> Window {
        Window {
            rows,
            row_height: 20.0,
            height: 210.0,
        }
    }

    #[test]
    fn a_short_list_is_drawn_where_it_is() {
        let few = window(100);
        assert_eq!(few.scroll_height(), 2000.0);
        let slice = few.slice(50.0);
        assert_eq!((slice.first, slice.count, slice.top), (2, 12, 40.0));
        assert_eq!(few.slice(-10.0).first, 0);
        assert_eq!(window(0).slice(0.0), Slice::default());
        assert_eq!(window(3).slice(500.0).first, 0);
    }

    #[test]
    fn a_row_is_scrolled_to() {
        assert_eq!(window(100).scroll_top(7), 140.0);
        assert_eq!(window(100).scroll_top(99), 1790.0);
        assert_eq!(window(3).scroll_top(2), 0.0);
        let many = window(1_000_000);
        let row = many.slice(many.scroll_top(654_321)).first;
        assert!(row.abs_diff(654_321) <= 3, "{row}");
    }

    #[test]
    fn every_row_of_a_million_can_be_reached() {
        let many = window(1_000_000);
        let bottom = many.scroll_height() - many.height;
        let slice = many.slice(bottom);
        assert!(slice.first + slice.count as u64 >= 1_000_000);
        assert!(slice.top <= bottom && slice.top > bottom - 20.0);
        assert_eq!(many.slice(0.0).first, 0);
        assert_eq!(many.slice(bottom / 2.0).first / 100, 4999);
    }
}
