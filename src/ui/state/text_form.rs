//! The functions of the module and their text form, as the Module panel shows them: windows on what stays with the
//! reader.

use super::arrangement::Panel;
use super::board::{Board, Effect};
use super::shared::Shared;
use crate::protocol::{
    Command, Found, FunctionFilter, FunctionLine, FunctionText, FunctionUses, Functions,
    FunctionsReport, TextLine,
};

/// As many rows are asked for before and behind those in view.
const MARGIN: u32 = 100;

/// A function, and the instruction in it that is marked: an offset in the contents of the code section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) function: u32,
    pub(crate) place: Option<u32>,
}

/// What is known of the functions.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextForm {
    /// Counts the modules that have been on the board.
    module: u32,
    /// Whether the panel shows functions, and not the outlines.
    pub(crate) is_open: bool,
    pub(crate) filter: FunctionFilter,
    found: Shared<Found>,
    /// Whether more of the list, or of the text, is on its way.
    finding: bool,
    reading: bool,
    /// The row of the list that the keys are at.
    pub(crate) cursor: u32,
    /// The function that is shown, what has been told of it, and where one was before and after.
    at: Option<At>,
    text: Option<Shared<FunctionText>>,
    uses: Option<Shared<FunctionUses>>,
    /// The name of the function that was shown of the module before: where this one has it, it is shown again.
    again: Option<String>,
    back: Vec<At>,
    forward: Vec<At>,
    /// Counts the texts that have come: each is scrolled to what is marked in it.
    pub(crate) jumps: u32,
    /// Why there is nothing to show.
    pub(crate) failed: Option<String>,
}

/// What is shown.
impl TextForm {
    pub(crate) fn at(&self) -> Option<At> {
        self.at
    }

    pub(crate) fn found(&self) -> &Found {
        &self.found
    }

    /// The function in a row of the list, if it has been told.
    pub(crate) fn function(&self, row: u32) -> Option<&FunctionLine> {
        let place = row.checked_sub(self.found.first)?;
        self.found.functions.get(usize::try_from(place).ok()?)
    }

    pub(crate) fn text(&self) -> Option<&FunctionText> {
        self.text.as_deref()
    }

    /// A line of the text, if it has been told.
    pub(crate) fn line(&self, line: u32) -> Option<&TextLine> {
        let text = self.text()?;
        let place = line.checked_sub(text.first)?;
        text.lines.get(usize::try_from(place).ok()?)
    }

    pub(crate) fn uses(&self) -> Option<&FunctionUses> {
        self.uses.as_deref()
    }

    /// The line that is marked.
    pub(crate) fn marked(&self) -> Option<u32> {
        self.text()?.marked?.1
    }

    pub(crate) fn can_go_back(&self) -> bool {
        !self.back.is_empty()
    }

    pub(crate) fn can_go_forward(&self) -> bool {
        !self.forward.is_empty()
    }

    /// The text, if all of it has been told.
    pub(crate) fn whole(&self) -> Option<String> {
        let text = self.text().filter(|text| text.is_whole)?;
        let lines = text.lines.iter().map(|line| [&*line.text, "\n"].concat());
        Some(lines.collect())
    }
}

/// What a person does.
impl TextForm {
    /// The list is on the page: what was on its way before may have been lost.
    pub(crate) fn open(&mut self) -> Vec<Effect> {
        (self.finding, self.reading) = (false, false);
        match (self.at, &self.text) {
            (Some(_), None) => self.read(None, 0),
            _ => Vec::new(),
        }
    }

    pub(crate) fn seek(&mut self, filter: FunctionFilter) {
        self.filter = filter;
        self.cursor = 0;
    }

    /// Whether some of these rows of the list, so many from the first on, are to be asked for.
    pub(crate) fn lacks_rows(&self, rows: (u32, u32)) -> bool {
        !self.finding && self.failed.is_none() && !self.has_found(rows)
    }

    /// These rows of the list are in view.
    pub(crate) fn see_rows(&mut self, rows: (u32, u32)) -> Vec<Effect> {
        if !self.lacks_rows(rows) {
            return Vec::new();
        }
        self.finding = true;
        let again = self.again.take().map(Functions::Named);
        let mut effects: Vec<Effect> = again.map(|ask| self.ask(ask)).into_iter().collect();
        effects.push(self.ask(Functions::Find {
            filter: self.filter.clone(),
            first: rows.0.saturating_sub(MARGIN),
            count: rows.1.saturating_add(2 * MARGIN),
        }));
        effects
    }

    /// Whether some of these lines of the text are to be asked for.
    pub(crate) fn lacks_lines(&self, (first, count): (u32, u32)) -> bool {
        let is_missing = |text: &FunctionText| {
            let told = u32::try_from(text.lines.len()).unwrap_or(u32::MAX);
            let end = first.saturating_add(count).min(text.total);
            first < text.first || end > text.first.saturating_add(told)
        };
        !self.reading && self.text().is_some_and(is_missing)
    }

    /// These lines of the text are in view.
    pub(crate) fn see_lines(&mut self, lines: (u32, u32)) -> Vec<Effect> {
        match self.lacks_lines(lines) {
            true => self.read(Some(lines.0.saturating_sub(MARGIN)), lines.1),
            false => Vec::new(),
        }
    }

    fn has_found(&self, (first, count): (u32, u32)) -> bool {
        let told = u32::try_from(self.found.functions.len()).unwrap_or(u32::MAX);
        let end = first.saturating_add(count).min(self.found.passing);
        let is_there = self.found.all > 0 && self.found.filter == self.filter;
        is_there && first >= self.found.first && end <= self.found.first.saturating_add(told)
    }

    /// Goes to the function that the keys are at.
    pub(crate) fn choose(&mut self) -> Vec<Effect> {
        let row = self.function(self.cursor);
        match row.filter(|_| self.found.filter == self.filter) {
            Some(&FunctionLine { index, .. }) => self.go(At {
                function: index,
                place: None,
            }),
            None => Vec::new(),
        }
    }

    /// Goes to a function; [`TextForm::go_back`] leads to where one was.
    pub(crate) fn go(&mut self, to: At) -> Vec<Effect> {
        if self.at == Some(to) {
            return Vec::new();
        }
        self.back.extend(self.at);
        self.forward.clear();
        self.go_there(to)
    }

    /// Goes to what a line of the text names; back leads to that line.
    pub(crate) fn follow(&mut self, callee: u32, from: Option<u32>) -> Vec<Effect> {
        if let (Some(at), Some(_)) = (&mut self.at, from) {
            at.place = from;
        }
        self.go(At {
            function: callee,
            place: None,
        })
    }

    pub(crate) fn go_back(&mut self) -> Vec<Effect> {
        let Some(to) = self.back.pop() else {
            return Vec::new();
        };
        self.forward.extend(self.at);
        self.go_there(to)
    }

    pub(crate) fn go_forward(&mut self) -> Vec<Effect> {
        let Some(to) = self.forward.pop() else {
            return Vec::new();
        };
        self.back.extend(self.at);
        self.go_there(to)
    }

    fn go_there(&mut self, to: At) -> Vec<Effect> {
        let is_other = self.at.is_none_or(|at| at.function != to.function);
        self.at = Some(to);
        self.text = None;
        self.failed = None;
        let mut effects = self.read(None, 0);
        if is_other {
            self.uses = None;
            effects.push(self.ask(Functions::Uses {
                function: to.function,
            }));
        }
        effects
    }

    fn read(&mut self, first: Option<u32>, count: u32) -> Vec<Effect> {
        let Some(At { function, place }) = self.at else {
            return Vec::new();
        };
        self.reading = true;
        vec![self.ask(Functions::Text {
            function,
            place,
            first,
            count: count.saturating_add(3 * MARGIN),
        })]
    }

    fn ask(&self, ask: Functions) -> Effect {
        Effect::Send(Command::Functions {
            module: self.module,
            ask,
        })
    }

    /// Another module has been read: what is looked for stays, and so does the function that is shown.
    fn of_another(&mut self) {
        let name = self.text().map(|text| text.function.name.clone());
        *self = Self {
            again: name.or(self.again.take()),
            module: self.module.wrapping_add(1),
            is_open: self.is_open,
            filter: std::mem::take(&mut self.filter),
            jumps: self.jumps,
            ..Self::default()
        };
    }

    fn report(&mut self, report: FunctionsReport) -> Vec<Effect> {
        let shown = self.at.map(|at| at.function);
        match report {
            FunctionsReport::Found(found) => {
                self.finding = false;
                self.found = Shared::new(found);
            }
            FunctionsReport::Text(text) if Some(text.function.index) == shown => {
                let place = self.at.and_then(|at| at.place);
                if place != text.marked.map(|(place, _)| place) {
                    // It was asked for before one went elsewhere in the function: the other is on its way.
                    return Vec::new();
                }
                self.reading = false;
                if self.text.is_none() {
                    self.jumps += 1;
                }
                self.text = Some(Shared::new(text));
            }
            FunctionsReport::Uses(uses) if Some(uses.function) == shown => {
                self.uses = Some(Shared::new(uses));
            }
            FunctionsReport::Failed(why) => {
                (self.finding, self.reading) = (false, false);
                self.failed = Some(why);
            }
            FunctionsReport::Named(Some(function)) if shown.is_none() => {
                return self.go(At {
                    function,
                    place: None,
                });
            }
            FunctionsReport::Text(_) | FunctionsReport::Uses(_) | FunctionsReport::Named(_) => {}
        }
        Vec::new()
    }
}

impl Board {
    pub(crate) fn text_form(&self) -> &Shared<TextForm> {
        &self.text_form
    }

    /// The same, to be changed by what a person does.
    pub(crate) fn text_form_mut(&mut self) -> &mut TextForm {
        self.text_form.make_mut()
    }

    /// Shows the text of a function in the Module panel, with the instruction marked that is at, or around, a place:
    /// an offset in the contents of the code section.
    pub(crate) fn show_text(&mut self, function: u32, place: Option<u32>) -> Vec<Effect> {
        self.arrangement.show(Panel::Module);
        let form = self.text_form_mut();
        form.is_open = true;
        form.go(At { function, place })
    }

    pub(super) fn text_of_another(&mut self) {
        self.text_form_mut().of_another();
    }

    #[inline(never)]
    pub(super) fn functions_report(&mut self, module: u32, report: FunctionsReport) -> Vec<Effect> {
        match module == self.text_form.module {
            true => self.text_form_mut().report(report),
            false => Vec::new(),
        }
    }
}

#[cfg(test)]
#[path = "text_form/tests.rs"]
mod tests;
