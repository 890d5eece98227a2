//! How characters look: what SGR, the sequences that end with `m`, set.

use vte::Params;

/// A colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Color {
    /// That of the page.
    #[default]
    Default,
    /// One of the 16 that the page's theme has.
    Named(u8),
    /// Any other.
    Rgb(u8, u8, u8),
    /// That of the page's paper, or ink: what inverse makes of [`Color::Default`].
    Swapped,
}

impl Color {
    /// What it is called in the styles; `None`: it has no name there.
    pub(crate) fn name(self) -> Option<String> {
        match self {
            Self::Named(index) => Some(index.to_string()),
            Self::Swapped => Some("swapped".to_owned()),
            Self::Default | Self::Rgb(..) => None,
        }
    }

    /// What it is in CSS, if it has no name.
    pub(crate) fn css(self) -> Option<String> {
        match self {
            Self::Rgb(red, green, blue) => Some(format!("rgb({red} {green} {blue})")),
            _ => None,
        }
    }

    /// The same as an ink that can be read on the page's paper, light or dark.
    pub(crate) fn css_on_paper(self) -> Option<String> {
        Some(format!(
            "color-mix(in oklab, {} 65%, var(--ink))",
            self.css()?
        ))
    }
}

/// How a character looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pen {
    pub(crate) ink: Color,
    pub(crate) paper: Color,
    pub(super) flags: u8,
}

/// Something that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    Bold,
    Dim,
    Italic,
    Underline,
    Inverse,
    Hidden,
    Strike,
    /// A person typed it.
    Typed,
}

impl Flag {
    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Bytes of a pen that is stored.
pub(super) const STORED: usize = 9;

impl Pen {
    /// The pen with this flag.
    pub(crate) fn with(mut self, flag: Flag) -> Self {
        self.flags |= flag.bit();
        self
    }

    pub(crate) fn has(self, flag: Flag) -> bool {
        self.flags & flag.bit() != 0
    }

    /// What is behind a cell that is erased with this pen.
    pub(super) fn blank(self) -> Self {
        Self {
            paper: self.paper,
            ..Self::default()
        }
    }

    /// The pen as it is seen: inverse is carried out.
    pub(super) fn seen(mut self) -> Self {
        if self.has(Flag::Inverse) {
            self.flags &= !Flag::Inverse.bit();
            let swapped = |color| match color {
                Color::Default => Color::Swapped,
                color => color,
            };
            (self.ink, self.paper) = (swapped(self.paper), swapped(self.ink));
        }
        self
    }

    /// Carries out `CSI … m`.
    pub(super) fn select(&mut self, params: &Params) {
        let mut params = params.iter();
        while let Some(param) = params.next() {
            let Some((&code, rest)) = param.split_first() else {
                continue;
            };
            match code {
                0 => *self = Self::default(),
                1 => self.set(Flag::Bold),
                2 => self.set(Flag::Dim),
                3 => self.set(Flag::Italic),
                // `4:0` is none of the kinds of lines.
                4 if rest.first() == Some(&0) => self.unset(&[Flag::Underline]),
                4 | 21 => self.set(Flag::Underline),
                7 => self.set(Flag::Inverse),
                8 => self.set(Flag::Hidden),
                9 => self.set(Flag::Strike),
                22 => self.unset(&[Flag::Bold, Flag::Dim]),
                23 => self.unset(&[Flag::Italic]),
                24 => self.unset(&[Flag::Underline]),
                27 => self.unset(&[Flag::Inverse]),
                28 => self.unset(&[Flag::Hidden]),
                29 => self.unset(&[Flag::Strike]),
                30..=37 => self.ink = named(code - 30),
                39 => self.ink = Color::Default,
                40..=47 => self.paper = named(code - 40),
                49 => self.paper = Color::Default,
                90..=97 => self.ink = named(code - 90 + 8),
                100..=107 => self.paper = named(code - 100 + 8),
                38 | 48 => {
                    // With colons the colour is part of the parameter, with semicolons it is the next
                    // ones.
                    let color = if rest.is_empty() {
                        extended(&mut params.by_ref().filter_map(|param| param.first().copied()))
                    } else {
                        extended_by_colons(rest)
                    };
                    match (color, code) {
                        (Some(color), 38) => self.ink = color,
                        (Some(color), _) => self.paper = color,
                        (None, _) => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// The names of what is on, separated by blanks.
    pub(crate) fn style(self) -> String {
        let named = [
            (Flag::Bold, "bold"),
            (Flag::Dim, "dim"),
            (Flag::Italic, "italic"),
            (Flag::Underline, "underline"),
            (Flag::Hidden, "hidden"),
            (Flag::Strike, "strike"),
            (Flag::Typed, "typed"),
        ];
        let on = named.into_iter().filter(|&(flag, _)| self.has(flag));
        on.map(|(_, name)| name).collect::<Vec<_>>().join(" ")
    }

    fn set(&mut self, flag: Flag) {
        self.flags |= flag.bit();
    }

    fn unset(&mut self, flags: &[Flag]) {
        for flag in flags {
            self.flags &= !flag.bit();
        }
    }

    pub(super) fn store(self) -> [u8; STORED] {
        let [a, b, c, d] = store(self.ink);
        let [e, f, g, h] = store(self.paper);
        [self.flags, a, b, c, d, e, f, g, h]
    }

    pub(super) fn restore(stored: [u8; STORED]) -> Self {
        let [flags, a, b, c, d, e, f, g, h] = stored;
        Self {
            ink: restore([a, b, c, d]),
            paper: restore([e, f, g, h]),
            flags,
        }
    }
}

fn store(color: Color) -> [u8; 4] {
    match color {
        Color::Default => [0; 4],
        Color::Named(index) => [1, index, 0, 0],
        Color::Rgb(red, green, blue) => [2, red, green, blue],
        Color::Swapped => [3, 0, 0, 0],
    }
}

fn restore([kind, a, b, c]: [u8; 4]) -> Color {
    match kind {
        1 => Color::Named(a),
        2 => Color::Rgb(a, b, c),
        3 => Color::Swapped,
        _ => Color::Default,
    }
}

fn named(index: u16) -> Color {
    Color::Named(u8::try_from(index).unwrap_or(0))
}

/// What follows 38 or 48: `5;index` or `2;red;green;blue`.
fn extended(params: &mut impl Iterator<Item = u16>) -> Option<Color> {
    match params.next()? {
        5 => indexed(params.next()?),
        2 => rgb(params.next()?, params.next()?, params.next()?),
        _ => None,
    }
}

/// The same with colons, where a colour space may stand before red.
fn extended_by_colons(params: &[u16]) -> Option<Color> {
    match params {
        [5, index, ..] => indexed(*index),
        [2, red, green, blue] | [2, _, red, green, blue, ..] => rgb(*red, *green, *blue),
        _ => None,
    }
}

fn rgb(red: u16, green: u16, blue: u16) -> Option<Color> {
    let part = |part| u8::try_from(part).ok();
    Some(Color::Rgb(part(red)?, part(green)?, part(blue)?))
}

/// The colour of an index: 16 are the theme's, then comes a cube of 6³, then 24 greys.
fn indexed(index: u16) -> Option<Color> {
    let index = u8::try_from(index).ok()?;
    Some(match index {
        0..=15 => Color::Named(index),
        16..=231 => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let cube = index - 16;
            Color::Rgb(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        }
        232..=255 => {
            let grey = 8 + 10 * (index - 232);
            Color::Rgb(grey, grey, grey)
        }
    })
}
