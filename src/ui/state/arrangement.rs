//! Where everything is: which panels are open, at which side they dock, how large each pane is.
//!
//! Beside the rail is the work, with the call above the console; the panels dock below both, or at their right.
//! On a wide screen there are two groups of panels. What somebody chose is kept as a text
//! ([`Arrangement::to_text`]); what nobody chose follows the width of the page.

mod edge;

pub(crate) use self::edge::Edge;

use std::fmt::Write;

/// From so many CSS pixels on there is room for panels at the right, in two groups.
const WIDE: u32 = 1600;

/// Below so many, one thing stands below the other, and nothing docks.
const NARROW: u32 = 768;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Panel {
    Settings,
    Imports,
    Trace,
    Memory,
    Files,
    Module,
    Source,
    Calls,
    Profile,
}

impl Panel {
    pub(crate) const ALL: [Self; 9] = [
        Self::Settings,
        Self::Imports,
        Self::Trace,
        Self::Memory,
        Self::Files,
        Self::Module,
        Self::Source,
        Self::Calls,
        Self::Profile,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Settings => "Settings",
            Self::Imports => "Imports",
            Self::Trace => "Trace",
            Self::Memory => "Memory",
            Self::Files => "Files",
            Self::Module => "Module",
            Self::Source => "Source",
            Self::Calls => "Calls",
            Self::Profile => "Profile",
        }
    }

    /// The id of its tab.
    pub(crate) fn tab(self) -> String {
        format!("tab-{}", self.title().to_ascii_lowercase())
    }

    fn of(title: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|panel| panel.title() == title)
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// The side at which the panels are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dock {
    Bottom,
    Right,
}

impl Dock {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bottom => "bottom",
            Self::Right => "right",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Bottom => Self::Right,
            Self::Right => Self::Bottom,
        }
    }
}

/// What can have all of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Call,
    Console,
    /// The first group of panels, or the only one.
    First,
    Second,
}

impl Pane {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Console => "console",
            Self::First => "panel",
            Self::Second => "panel-2",
        }
    }
}

/// Where everything is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Arrangement {
    /// Of the page, in CSS pixels; 0 before it is known.
    width: u32,
    dock: Option<Dock>,
    /// Whether there are two groups.
    two: Option<bool>,
    /// The panels of the second group, as bits.
    second: u16,
    /// What is open in each group.
    open: [Panel; 2],
    /// The value of each edge.
    sizes: [u16; 5],
    maximised: Option<Pane>,
}

impl Default for Arrangement {
    fn default() -> Self {
        Self {
            width: 0,
            dock: None,
            two: None,
            second: Panel::Trace.bit() | Panel::Memory.bit() | Panel::Files.bit(),
            open: [Panel::Settings, Panel::Trace],
            sizes: Edge::ALL.map(Edge::usual),
            maximised: None,
        }
    }
}

/// What there is.
impl Arrangement {
    pub(crate) fn is_narrow(&self) -> bool {
        (1..NARROW).contains(&self.width)
    }

    pub(crate) fn dock(&self) -> Dock {
        self.dock.unwrap_or(if self.width >= WIDE {
            Dock::Right
        } else {
            Dock::Bottom
        })
    }

    /// Whether there are two groups of panels.
    pub(crate) fn is_split(&self) -> bool {
        !self.is_narrow() && self.two.unwrap_or(self.width >= WIDE)
    }

    /// The panels of a group, in their order.
    pub(crate) fn panels(&self, group: Pane) -> impl DoubleEndedIterator<Item = Panel> {
        let (split, second) = (self.is_split(), self.second);
        let is_in = move |panel: &Panel| {
            let of = second & panel.bit() != 0;
            if split {
                of == (group == Pane::Second)
            } else {
                group == Pane::First
            }
        };
        Panel::ALL.into_iter().filter(is_in)
    }

    /// What is open in a group.
    pub(crate) fn open(&self, group: Pane) -> Panel {
        let open = self.open[usize::from(group == Pane::Second)];
        let mut panels = self.panels(group);
        let first = panels.next().unwrap_or(open);
        if first == open || panels.any(|panel| panel == open) {
            open
        } else {
            first
        }
    }

    /// The panel that is `steps` further in the group, all round; backwards if `back`.
    pub(crate) fn beside(&self, group: Pane, back: bool) -> Panel {
        let open = self.open(group);
        let panels: Vec<Panel> = self.panels(group).collect();
        let at = panels.iter().position(|&panel| panel == open).unwrap_or(0);
        let step = if back { panels.len() - 1 } else { 1 };
        let next = (at + step) % panels.len().max(1);
        panels.get(next).copied().unwrap_or(open)
    }

    /// The group that the panel is in.
    pub(crate) fn group(&self, panel: Panel) -> Pane {
        if self.is_split() && self.second & panel.bit() != 0 {
            Pane::Second
        } else {
            Pane::First
        }
    }

    pub(crate) fn maximised(&self) -> Option<Pane> {
        let pane = self.maximised.filter(|_| !self.is_narrow())?;
        (pane != Pane::Second || self.is_split()).then_some(pane)
    }

    pub(crate) fn size(&self, edge: Edge) -> u16 {
        let size = self.sizes[edge as usize];
        let is_usual = edge == Edge::Call && size == edge.usual();
        // The work has all of the height then.
        if is_usual && self.dock() == Dock::Right {
            edge::TALL_CALL
        } else {
            size
        }
    }

    /// The edge between the work and the panels.
    pub(crate) fn dock_edge(&self) -> Edge {
        match self.dock() {
            Dock::Bottom => Edge::Bottom,
            Dock::Right => Edge::Right,
        }
    }

    /// Whether two groups of panels are beside one another.
    pub(crate) fn groups_are_columns(&self) -> bool {
        self.dock() == Dock::Bottom
    }

    /// The columns and rows of the board, the rows of the work, the tracks of the panels' groups, as CSS has
    /// them.
    pub(crate) fn tracks(&self) -> [String; 4] {
        let shares = |edge: Edge, least: &str| {
            let first = self.size(edge);
            let rest = 1000 - first;
            format!("minmax({least},{first}fr) 5px minmax({least},{rest}fr)")
        };
        let rail = format!("minmax(8rem,{}px) 5px ", self.size(Edge::Rail));
        let (columns, rows) = match self.dock() {
            Dock::Bottom => ("minmax(0,1fr)".to_owned(), shares(Edge::Bottom, "0")),
            Dock::Right => (shares(Edge::Right, "14rem"), "minmax(0,1fr)".to_owned()),
        };
        let call = self.size(Edge::Call);
        // Of which the page makes more for a form that is high (styles/hosts.css).
        let call = match call == Edge::Call.usual() {
            true => format!("var(--call,{call}px)"),
            false => format!("{call}px"),
        };
        let work = format!("minmax(7rem,{call}) 5px minmax(6rem,1fr)");
        let groups = match self.is_split() {
            true => shares(Edge::Groups, "0"),
            false => "minmax(0,1fr)".to_owned(),
        };
        [rail + columns.as_str(), rows, work, groups]
    }
}

/// What becomes of it.
impl Arrangement {
    /// The page is so many CSS pixels wide.
    pub(crate) fn resize(&mut self, width: u32) {
        self.width = width;
    }

    /// Opens a panel, and makes room for it if another pane has all of it.
    pub(crate) fn show(&mut self, panel: Panel) {
        let group = self.group(panel);
        self.open[usize::from(group == Pane::Second)] = panel;
        self.reveal(group);
    }

    pub(crate) fn move_edge(&mut self, edge: Edge, value: u16) {
        self.sizes[edge as usize] = value.clamp(edge.least(), edge.greatest());
    }

    /// The panels go to the other side.
    pub(crate) fn switch_dock(&mut self) {
        self.dock = Some(self.dock().other());
        self.maximised = None;
    }

    /// Two groups of panels, or one.
    pub(crate) fn switch_split(&mut self) {
        let open = self.open(Pane::First);
        self.two = Some(!self.is_split());
        // It stays open, in whichever group it is.
        self.show(open);
        self.maximised = None;
    }

    /// Whether what is open in the group can go to the other one: none is left empty.
    pub(crate) fn can_move_over(&self, group: Pane) -> bool {
        self.is_split() && self.panels(group).nth(1).is_some()
    }

    /// What is open in the group goes to the other one.
    pub(crate) fn move_over(&mut self, group: Pane) {
        if self.can_move_over(group) {
            let panel = self.open(group);
            self.second ^= panel.bit();
            self.show(panel);
        }
    }

    /// The pane has all of the page, or what it had before.
    pub(crate) fn maximise(&mut self, pane: Pane) {
        self.maximised = if self.maximised() == Some(pane) {
            None
        } else {
            Some(pane)
        };
    }

    /// Makes room for a pane, if another has all of it.
    pub(crate) fn reveal(&mut self, pane: Pane) {
        if self.maximised() != Some(pane) {
            self.maximised = None;
        }
    }

    pub(crate) fn restore(&mut self) {
        self.maximised = None;
    }

    /// All as it is for whoever has chosen nothing.
    pub(crate) fn reset(&mut self) {
        *self = Self {
            width: self.width,
            open: self.open,
            ..Self::default()
        };
    }
}

/// What is kept beyond a visit.
impl Arrangement {
    /// What has been chosen: `dock:right two:yes rail:320`.
    pub(crate) fn to_text(self) -> String {
        let usual = Self::default();
        let mut text = format!("open:{},{}", self.open[0].title(), self.open[1].title());
        if let Some(dock) = self.dock {
            text.push_str(" dock:");
            text.push_str(dock.name());
        }
        if let Some(two) = self.two {
            text.push_str(if two { " two:yes" } else { " two:no" });
        }
        if self.second != usual.second {
            text.push_str(" second:");
            let panels = Panel::ALL.into_iter();
            for panel in panels.filter(|panel| self.second & panel.bit() != 0) {
                text.push_str(panel.title());
                text.push(',');
            }
        }
        for edge in Edge::ALL {
            let size = self.sizes[edge as usize];
            if size != edge.usual() {
                // A text takes whatever is written.
                let _ = write!(text, " {}:{size}", edge.name());
            }
        }
        text
    }

    /// Takes what was kept. What cannot be is ignored.
    pub(crate) fn read(&mut self, text: &str) {
        for (key, value) in text.split(' ').filter_map(|part| part.split_once(':')) {
            let mut panels = value.split(',').map(Panel::of);
            match key {
                "open" => {
                    for open in &mut self.open {
                        *open = panels.next().flatten().unwrap_or(*open);
                    }
                }
                "second" => {
                    let second = panels.flatten().fold(0, |bits, panel| bits | panel.bit());
                    // Neither group is empty.
                    if second != 0 && usize::try_from(second.count_ones()) != Ok(Panel::ALL.len()) {
                        self.second = second;
                    }
                }
                "dock" => {
                    let sides = [Dock::Bottom, Dock::Right];
                    let dock = sides.into_iter().find(|dock| dock.name() == value);
                    self.dock = dock.or(self.dock);
                }
                "two" if value == "yes" => self.two = Some(true),
                "two" if value == "no" => self.two = Some(false),
                _ => {
                    let edge = Edge::ALL.into_iter().find(|edge| edge.name() == key);
                    if let (Some(edge), Ok(size)) = (edge, value.parse()) {
                        self.move_edge(edge, size);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
