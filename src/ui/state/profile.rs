//! A profile as the page has it: the session takes the samples, the reader says what they are in the source and keeps that;
//! here is what has been asked for of it, as it is drawn.

use super::arrangement::Panel;
use super::board::{Board, Effect};
use super::debugger::file_of;
use super::shared::Shared;
use crate::protocol::{
    Command, Debug, Flame, FlameBox, FlameView, Frame, Measure, Profile, ProfileFile,
    ProfileReport, ProfileTable, ProfileTotal, TableView,
};

/// What is known of a profile, and what is looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProfileView {
    /// Whether calls are sampled.
    pub(crate) on: bool,
    /// Whether the samples of each call take the place of those before.
    pub(crate) each: bool,
    /// What there is, if samples have been read.
    pub(crate) total: Option<ProfileTotal>,
    /// Whether it is looked at as a table.
    pub(crate) is_table: bool,
    pub(crate) table_view: TableView,
    pub(crate) table: Shared<ProfileTable>,
    flame_view: FlameView,
    pub(crate) flame: Shared<Flame>,
    /// What had all of the width before.
    zooms: Vec<u32>,
    /// The box that the keys are at.
    pub(crate) cursor: usize,
    /// What is sought among the functions, and, by their places, which are.
    pub(crate) sought: String,
    pub(crate) found: Shared<Vec<bool>>,
}

impl ProfileView {
    /// Whether there is anything to look at.
    pub(crate) fn is_empty(&self) -> bool {
        self.total.as_ref().is_none_or(|total| total.count == 0)
    }

    /// What boxes and rows stand for.
    pub(crate) fn measure(&self) -> Measure {
        self.flame_view.of
    }

    /// How many functions are imported, which are the first ones of the module: host calls.
    pub(crate) fn imports(&self) -> u32 {
        self.total.as_ref().map_or(0, |total| total.imports)
    }

    /// All that was measured of it.
    pub(crate) fn whole(&self) -> u64 {
        let total = self.total.as_ref();
        total.map_or(0, |total| match self.measure() {
            Measure::Fuel => total.fuel,
            Measure::HostTime => total.nanos,
        })
    }

    /// Whether the flame graph shows a part.
    pub(crate) fn is_zoomed(&self) -> bool {
        self.flame_view.focus != 0
    }

    /// The box that the keys are at, and its function.
    pub(crate) fn at(&self) -> Option<(FlameBox, &Frame)> {
        let at = *self.flame.boxes.get(self.cursor)?;
        Some((at, self.flame.functions.get(at.function as usize)?))
    }

    /// How many of the boxes are of functions that are sought.
    pub(crate) fn marked(&self) -> usize {
        let boxes = self.flame.boxes.iter();
        boxes.filter(|it| self.is_found(it)).count()
    }

    /// Whether a box is of a function that is sought.
    pub(crate) fn is_found(&self, of: &FlameBox) -> bool {
        let found = self.found.get(of.function as usize);
        of.node > 0 && found.is_some_and(|found| *found)
    }

    /// Looks for functions by a part of their names; nothing: for none.
    pub(crate) fn seek(&mut self, text: &str) {
        text.clone_into(&mut self.sought);
        let text = text.trim().to_lowercase();
        let is = |frame: &Frame| !text.is_empty() && frame.function.to_lowercase().contains(&text);
        self.found = Shared::new(self.flame.functions.iter().map(is).collect());
    }

    /// Goes to the next box that is found, all round.
    pub(crate) fn next_found(&mut self) {
        let count = self.flame.boxes.len();
        let mut next = (self.cursor + 1..count).chain(0..count);
        let boxes = &self.flame.boxes;
        let found = next.find(|at| boxes.get(*at).is_some_and(|it| self.is_found(it)));
        self.cursor = found.unwrap_or(self.cursor);
    }

    /// Moves among the boxes, or into one and out of it; `None`: the key means nothing here.
    pub(crate) fn press(&mut self, key: &str) -> Option<Vec<Effect>> {
        let boxes = &self.flame.boxes;
        let at = boxes.get(self.cursor)?;
        let beside = |to: Option<usize>| {
            let to = to?;
            let is = boxes.get(to).is_some_and(|it| it.depth == at.depth);
            is.then_some(to)
        };
        let to = match key {
            "ArrowUp" => Some(at.parent as usize),
            "ArrowDown" => {
                let is_below =
                    |it: &FlameBox| it.depth > at.depth && it.parent as usize == self.cursor;
                boxes.iter().position(is_below)
            }
            "ArrowLeft" => beside(self.cursor.checked_sub(1)),
            "ArrowRight" => beside(Some(self.cursor + 1)),
            "Home" => Some(0),
            "Enter" | " " => return Some(self.zoom(self.cursor)),
            "Escape" if self.is_zoomed() => return Some(self.zoom_out()),
            _ => return None,
        };
        self.cursor = to.unwrap_or(self.cursor);
        Some(Vec::new())
    }

    /// The box gets all of the width.
    pub(crate) fn zoom(&mut self, at: usize) -> Vec<Effect> {
        let Some(of) = self.flame.boxes.get(at) else {
            return Vec::new();
        };
        self.cursor = at;
        let is_all = at == 0;
        if of.merged > 0 || of.node == self.flame_view.focus || (of.node == 0 && !is_all) {
            return Vec::new();
        }
        self.zooms.push(self.flame_view.focus);
        self.flame_view.focus = of.node;
        self.ask()
    }

    /// Back to what had all of the width before.
    pub(crate) fn zoom_out(&mut self) -> Vec<Effect> {
        self.flame_view.focus = self.zooms.pop().unwrap_or(0);
        self.ask()
    }

    /// The flame graph is so wide, in CSS pixels.
    pub(crate) fn resize(&mut self, width: u32) -> Vec<Effect> {
        if width == 0 || width == self.flame_view.width {
            return Vec::new();
        }
        self.flame_view.width = width;
        self.ask()
    }

    /// Looks at the table, or at the flame graph.
    pub(crate) fn show(&mut self, is_table: bool) -> Vec<Effect> {
        self.is_table = is_table;
        self.ask()
    }

    /// What is measured from now on.
    pub(crate) fn measure_by(&mut self, measure: Measure) -> Vec<Effect> {
        self.flame_view.of = measure;
        self.table_view.by = measure;
        self.ask()
    }

    /// Looks at the table in another way.
    pub(crate) fn arrange(&mut self, view: TableView) -> Vec<Effect> {
        self.table_view = view;
        self.flame_view.of = view.by;
        self.ask()
    }

    fn ask(&self) -> Vec<Effect> {
        let ask = match self.is_table {
            _ if self.is_empty() => return Vec::new(),
            true => Profile::Table(self.table_view),
            false if self.flame_view.width == 0 => return Vec::new(),
            false => Profile::Flame(self.flame_view),
        };
        vec![Effect::Send(Command::Profile(ask))]
    }

    /// What was read is forgotten; what is wanted stays.
    fn forget(&mut self) {
        self.total = None;
        self.table = Shared::default();
        self.flame = Shared::default();
        self.zooms.clear();
        self.flame_view.focus = 0;
        self.cursor = 0;
    }

    fn report(&mut self, report: ProfileReport) -> Vec<Effect> {
        match report {
            ProfileReport::Read(total) => {
                // The numbers of frames are others now.
                self.zooms.clear();
                self.flame_view.focus = 0;
                self.total = Some(total);
                return self.ask();
            }
            ProfileReport::Table(table) if table.view == self.table_view => {
                self.table = Shared::new(table);
            }
            ProfileReport::Flame(flame) if flame.view == self.flame_view => {
                let focus = flame.view.focus;
                let at = flame.boxes.iter().position(|it| it.node == focus);
                self.cursor = at.unwrap_or(0);
                self.flame = Shared::new(flame);
                let sought = std::mem::take(&mut self.sought);
                self.seek(&sought);
            }
            // Something else was asked for meanwhile.
            ProfileReport::Table(_) | ProfileReport::Flame(_) | ProfileReport::File(..) => {}
        }
        Vec::new()
    }
}

impl Board {
    pub(crate) fn profile(&self) -> &Shared<ProfileView> {
        &self.profile
    }

    /// The same, to be changed by what a person does.
    pub(crate) fn profile_mut(&mut self) -> &mut ProfileView {
        self.profile.make_mut()
    }

    /// Calls are sampled from now on, or not any more.
    pub(crate) fn switch_profile(&mut self) -> Vec<Effect> {
        let view = self.profile.make_mut();
        view.on ^= true;
        if view.on {
            view.forget();
            self.arrangement.show(Panel::Profile);
            return vec![sample(true)];
        }
        // What has been seen until now is told first.
        let mut effects = Vec::new();
        if self.run.is_some() {
            effects.push(Effect::Send(Command::Debug(Debug::Profiled)));
        }
        effects.push(sample(false));
        effects
    }

    /// What has been seen until now is told, of a run that goes on.
    pub(crate) fn look_at_profile(&mut self) -> Vec<Effect> {
        vec![Effect::Send(Command::Debug(Debug::Profiled))]
    }

    /// Begins anew.
    pub(crate) fn clear_profile(&mut self) -> Vec<Effect> {
        let view = self.profile.make_mut();
        view.forget();
        match view.on {
            true => vec![sample(true)],
            false => Vec::new(),
        }
    }

    /// Has the profile written as a file, to be saved.
    pub(crate) fn save_profile(&mut self, form: ProfileFile) -> Vec<Effect> {
        match self.profile.is_empty() {
            true => Vec::new(),
            false => vec![Effect::Send(Command::Profile(Profile::Save(form)))],
        }
    }

    /// Leads to the line of the source, or else to the function's text.
    pub(crate) fn lead_to(&mut self, frame: &Frame) -> Vec<Effect> {
        let source = self.given.source.as_deref();
        let file = source.filter(|_| frame.line > 0);
        let file = file.and_then(|source| file_of(source, frame));
        if let Some(file) = file.map(str::to_owned) {
            self.show_source(&file, frame.line);
            return Vec::new();
        }
        match frame.index {
            // It stands for no function of the module.
            u32::MAX => Vec::new(),
            index => self.show_text(index, frame.place),
        }
    }

    /// The module, or the worker, is another one.
    pub(super) fn profile_anew(&mut self) -> Vec<Effect> {
        if !self.profile.on && self.profile.total.is_none() {
            return Vec::new();
        }
        self.clear_profile()
    }

    /// What is to be asked when a run has ended.
    pub(super) fn ask_where_it_was(&self) -> Vec<Effect> {
        if !self.profile.on {
            return Vec::new();
        }
        let mut effects = vec![Effect::Send(Command::Debug(Debug::Profiled))];
        if self.profile.each {
            effects.push(sample(true));
        }
        effects
    }

    /// The session has told its samples: the reader is to read them.
    pub(super) fn sampled(&mut self, samples: Vec<u8>) -> Vec<Effect> {
        vec![Effect::Send(Command::Profile(Profile::Read(samples)))]
    }

    #[inline(never)]
    pub(super) fn profile_report(&mut self, report: ProfileReport) -> Vec<Effect> {
        if let ProfileReport::File(form, bytes) = report {
            let name = self
                .plugged
                .as_ref()
                .map(|plugged| plugged.info.name.as_str());
            let name = name.unwrap_or("plugin");
            let name = name.strip_suffix(".wasm").unwrap_or(name);
            let name = match form {
                ProfileFile::Pprof => format!("{name}.pprof"),
                ProfileFile::Folded => format!("{name}.folded"),
            };
            return vec![Effect::Download(name, bytes)];
        }
        self.profile.make_mut().report(report)
    }
}

fn sample(wanted: bool) -> Effect {
    Effect::Send(Command::Debug(Debug::Profile(wanted)))
}

#[cfg(test)]
#[path = "profile/tests.rs"]
mod tests;
