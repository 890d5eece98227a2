//! What is moved between two panes, and how far it can be.

/// The usual size of the call where the panels are beside it, in pixels.
pub(super) const TALL_CALL: u16 = 440;

/// What is moved between two panes. Its value is the size of the first of them: in pixels where that keeps its
/// size when the page changes its own, else in thousandths of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Of the rail, in pixels.
    Rail,
    /// Between call and console, in pixels.
    Call,
    /// Above the panels.
    Bottom,
    /// At the left of the panels.
    Right,
    /// Between two groups of panels.
    Groups,
}

impl Edge {
    pub(super) const ALL: [Self; 5] = [
        Self::Rail,
        Self::Call,
        Self::Bottom,
        Self::Right,
        Self::Groups,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rail => "rail",
            Self::Call => "call",
            Self::Bottom => "bottom",
            Self::Right => "right",
            Self::Groups => "groups",
        }
    }

    /// The least value, the usual one and the greatest.
    fn range(self) -> [u16; 3] {
        match self {
            Self::Rail => [128, 280, 640],
            Self::Call => [112, 304, 1200],
            Self::Bottom => [100, 660, 900],
            Self::Right => [100, 550, 900],
            Self::Groups => [100, 500, 900],
        }
    }

    pub(crate) fn least(self) -> u16 {
        self.range()[0]
    }

    pub(crate) fn usual(self) -> u16 {
        self.range()[1]
    }

    pub(crate) fn greatest(self) -> u16 {
        self.range()[2]
    }

    fn is_pixels(self) -> bool {
        matches!(self, Self::Rail | Self::Call)
    }

    /// The value as a person hears it.
    pub(crate) fn told(self, value: u16) -> String {
        match self.is_pixels() {
            true => format!("{value} pixels"),
            false => format!("{} %", value / 10),
        }
    }

    /// The value for an edge that is `at` pixels from where the first pane begins; both have `both` pixels.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what does not fit is clamped by the conversion"
    )]
    pub(crate) fn at(self, at: f64, both: f64) -> u16 {
        let value = match self.is_pixels() {
            true => at,
            false => at * 1000.0 / both.max(1.0),
        };
        value.round() as u16
    }

    /// The value after a key, if the edge knows the key. `across`: whether it moves left and right.
    pub(crate) fn after(self, key: &str, across: bool, value: u16) -> Option<u16> {
        const STEP: u16 = 20;
        match (key, across) {
            ("ArrowLeft", true) | ("ArrowUp", false) => Some(value.saturating_sub(STEP)),
            ("ArrowRight", true) | ("ArrowDown", false) => Some(value.saturating_add(STEP)),
            ("Home", _) => Some(self.least()),
            ("End", _) => Some(self.greatest()),
            _ => None,
        }
    }
}
