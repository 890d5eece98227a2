//! What a person can do, each with its key: one table for the shortcuts, the command palette and the help.

mod table;

pub(crate) use self::table::ALL;

use self::table::Keys;
use super::arrangement::{Pane, Panel};
use super::board::{Board, Effect};
use super::building::Task;
use super::console::Source;
use super::watch::Watched;
use crate::go::value::named;
use crate::protocol::{Go, ProfileFile, TraceForm};

/// Commands that the palette lists at most: there may be tens of thousands of exports.
const MAX_FOUND: usize = 200;

/// Something that a person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Call,
    /// Ask the builder for it.
    Build(Task),
    Repeat,
    Stop,
    Pause,
    Restart,
    /// Offer the hosts of frameworks, for a module that is not recognised.
    Host,
    Palette,
    Help,
    /// Show the panel, and go to it.
    Show(Panel),
    Dock,
    Split,
    MoveOver(Pane),
    Maximise(Pane),
    Reset,
    Toggle(Source),
    ClearConsole,
    NextError,
    RecordTrace,
    ClearTrace,
    SaveTrace(TraceForm),
    /// Go to the next bytes that the last call has changed; or to those before.
    GoToChange {
        back: bool,
    },
    SaveProfile(ProfileFile),
    SaveCall,
    /// Make the last call in both engines, or all calls of the history.
    Compare {
        all: bool,
    },
    RunCalls,
    Unplug,
    CopyLink,
    SaveSession,
    /// The template at this place.
    Template(usize),
    /// The sample at this place.
    Sample(usize),
    /// The export at this place.
    Select(usize),
    Debug,
    DebugAgain,
    Profile,
    /// Go on from where a call has stopped.
    Go(Go),
    /// Press what has this id.
    Press(&'static str),
    /// Show the panel, and press what has this id.
    PressIn(Panel, &'static str),
    /// Show the panel, and go to what has this id.
    GoIn(Panel, &'static str),
    /// Go to the call's first field.
    GoToCall,
    /// Go to what has this id.
    GoTo(&'static str),
}

/// Whether the keys are typed into the palette.
pub(crate) fn is_typed(keys: &str) -> bool {
    !keys.is_empty() && keys.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What is meant by a key that is pressed anywhere on the page, by its name and whether Ctrl (on a Mac also ⌘)
/// and Shift are held.
pub(crate) fn pressed(key: &str, control: bool, shift: bool) -> Option<Action> {
    let is_sign = key.chars().nth(1).is_none();
    let letter = key.chars().all(|character| character.is_alphabetic());
    if is_sign && letter && control && shift {
        // Browsers have many of these for themselves.
        return None;
    }
    let mut keys = String::new();
    if control {
        keys.push_str("Ctrl ");
    }
    // A sign has Shift in it already.
    if shift && !is_sign {
        keys.push_str("Shift ");
    }
    if control && is_sign {
        keys.push_str(&key.to_ascii_uppercase());
    } else {
        keys.push_str(key);
    }
    // Of the rest only the help needs no Ctrl: others might be typed.
    let mut all = ALL.into_iter();
    let found = all.find(|(action, of, _)| {
        *of == keys && (control || matches!(action, Action::Help | Action::Go(_)))
    });
    found.map(|(action, ..)| action)
}

/// The command palette, while it is open.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Palette {
    needle: String,
    /// What is found, the best first, and how many more there are.
    found: Vec<Command>,
    more: usize,
    /// The one that Enter means.
    at: usize,
}

/// A command that is found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Command {
    pub(crate) action: Action,
    pub(crate) keys: Keys,
    pub(crate) label: String,
}

impl Palette {
    pub(crate) fn needle(&self) -> &str {
        &self.needle
    }

    pub(crate) fn found(&self) -> &[Command] {
        &self.found
    }

    /// How many are found but not listed.
    pub(crate) fn more(&self) -> usize {
        self.more
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }
}

/// How well a label is what is sought, the best first; `None` if it is not. All is in lower case.
fn rank(needle: &str, keys: &str, label: &str) -> Option<u8> {
    let mut words = needle.split_whitespace();
    match needle {
        "" => Some(0),
        _ if keys == needle && is_typed(keys) => Some(0),
        _ if label.starts_with(needle) => Some(1),
        _ if words.clone().all(|word| begins_word(label, word)) => Some(2),
        _ if words.all(|word| label.contains(word)) => Some(3),
        _ => None,
    }
}

fn begins_word(label: &str, sought: &str) -> bool {
    let mut words = label.split(|character: char| !character.is_alphanumeric());
    words.any(|word| word.starts_with(sought))
}

impl Board {
    pub(crate) fn palette(&self) -> Option<&Palette> {
        self.palette.as_ref()
    }

    pub(crate) fn open_palette(&mut self) {
        self.seek_command("");
    }

    pub(crate) fn close_palette(&mut self) {
        self.palette = None;
    }

    /// Something is typed into the palette.
    pub(crate) fn seek_command(&mut self, needle: &str) {
        let sought = needle.trim().to_lowercase();
        let exports = self.plugged.iter().flat_map(|plugged| {
            let all = plugged.info.exports.iter().enumerate();
            // What compilers add comes last.
            let own = all.clone().filter(|(_, export)| plugged.is_own(export));
            let runtime = all.filter(|(_, export)| !plugged.is_own(export));
            let callable = own
                .chain(runtime)
                .filter(|(_, export)| export.ty.func().is_some());
            callable.map(|(place, export)| (Action::Select(place), "", named(&export.name)))
        });
        let all = ALL
            .into_iter()
            .map(|(action, keys, label)| (action, keys, label.to_owned()));
        let found: Vec<(u8, Command)> = all
            .chain(exports)
            .filter(|(action, ..)| *action != Action::Palette)
            .filter_map(|(action, keys, label)| {
                let rank = rank(&sought, keys, &label.to_lowercase())?;
                Some((
                    rank,
                    Command {
                        action,
                        keys,
                        label,
                    },
                ))
            })
            .collect();
        let more = found.len().saturating_sub(MAX_FOUND);
        let best = (0..=u8::MAX).flat_map(|rank| found.iter().filter(move |(at, _)| *at == rank));
        let found = best.take(MAX_FOUND);
        self.palette = Some(Palette {
            needle: needle.to_owned(),
            found: found.map(|(_, command)| command.clone()).collect(),
            more,
            at: 0,
        });
    }

    /// Goes from command to command, all round.
    pub(crate) fn move_in_palette(&mut self, key: &str) -> bool {
        let Some(palette) = &mut self.palette else {
            return false;
        };
        let count = palette.found.len().max(1);
        palette.at = match key {
            "ArrowDown" => (palette.at + 1) % count,
            "ArrowUp" => (palette.at + count - 1) % count,
            "PageDown" => (palette.at + 8).min(count - 1),
            "PageUp" => palette.at.saturating_sub(8),
            _ => return false,
        };
        true
    }

    /// Why it cannot be done now.
    pub(crate) fn why_not(&self, action: Action) -> Option<&'static str> {
        let plugged = self.plugged.as_ref();
        let runs = self.run.is_some();
        let empty = plugged.is_none().then_some("nothing is plugged in");
        let busy = match () {
            () if plugged.is_none() => empty,
            () if runs => Some("something runs"),
            () if !self.can_call() => Some("the module is being loaded"),
            () => None,
        };
        let unless = |so: bool, why: &'static str| if so { None } else { Some(why) };
        let watched = |is: fn(&Watched) -> bool| self.watched().is_some_and(|it| is(&it));
        let second = || empty.or(unless(self.arrangement.is_split(), "there is one panel"));
        match action {
            Action::Call if self.is_source_newer() => self.why_not(Action::Build(Task::Build)),
            Action::Build(_) => unless(
                self.can_build(),
                "there is no Go source, or it is being built",
            ),
            Action::Stop if self.building().task.is_some() => None,
            Action::Call => busy.filter(|_| !self.takes_call()).or(unless(
                self.is_typed_right(),
                "an argument is missing or wrong",
            )),
            Action::Repeat => busy.or(unless(!self.history().is_empty(), "nothing was called yet")),
            Action::Restart | Action::Host => busy,
            Action::Debug | Action::Profile => empty,
            Action::DebugAgain => unless(self.can_debug_again(), "no call can be made again"),
            Action::Go(_) => unless(self.is_stopped(), "no call has stopped at a line"),
            Action::Stop | Action::Pause => unless(runs, "nothing runs"),
            Action::Palette
            | Action::Help
            | Action::Sample(_)
            | Action::Template(_)
            | Action::Press("open" | "open-a-url" | "theme") => None,
            Action::GoIn(Panel::Source, _) | Action::PressIn(Panel::Source, "edit-source") => {
                empty.or(unless(!self.owns_source(), "the source is edited"))
            }
            Action::PressIn(
                Panel::Source,
                "add-source" | "rename-source" | "delete-source" | "download-source",
            ) => unless(self.owns_source(), "there is no source that is edited"),
            Action::Unplug => empty.filter(|_| !self.is_unbuilt()),
            Action::Press("cancel-load") => unless(self.loading.is_some(), "nothing is loaded"),
            Action::Press("delete-kept") => unless(
                plugged.is_none() && !self.recent().is_empty(),
                "the empty page has it, if anything is kept",
            ),
            Action::Press("watch") => unless(watched(|it| it.can_watch), "it cannot be watched"),
            Action::Press("watch-offer") => {
                unless(watched(|it| it.offer.is_some()), "there is no need to")
            }
            Action::Press("watch-repeat" | "reload" | "watch-folder") => {
                unless(watched(|_| true), "nothing can be loaded again")
            }
            Action::SaveCall => busy.or(unless(
                self.finished().is_some_and(|last| last.came.is_some()),
                "the selected export has not returned yet",
            )),
            Action::Compare { all } => busy.or(match all {
                true => unless(!self.history().is_empty(), "nothing was called yet"),
                false => unless(
                    self.finished().is_some(),
                    "the selected export has not returned yet",
                ),
            }),
            Action::RunCalls => busy.or(unless(
                !self.saved_calls().list.is_empty(),
                "no call is saved",
            )),
            Action::MoveOver(pane) => second().or(unless(
                self.arrangement.can_move_over(pane),
                "it is the last one there",
            )),
            Action::Maximise(Pane::Second) | Action::GoTo("panel-2") => second(),
            Action::Press("json") => {
                empty.or(unless(self.takes_arguments(), "it takes no arguments"))
            }
            Action::Press("edit-signature") => empty.or(unless(
                self.can_edit_signature(),
                "its signature cannot be typed, or is being typed",
            )),
            Action::Dock | Action::Split | Action::Maximise(_) => empty.or(unless(
                !self.arrangement.is_narrow(),
                "there is no room for it",
            )),
            _ => empty,
        }
    }

    /// Does what needs nothing of the browser.
    pub(crate) fn perform(&mut self, action: Action) -> Vec<Effect> {
        let runs = self.run.is_some();
        match action {
            Action::Call => return self.call_newest(),
            Action::Build(task) => {
                self.arrangement.show(Panel::Source);
                return self.build(task);
            }
            Action::Repeat => return self.repeat(0),
            Action::Stop if !runs => return self.stop_build(),
            Action::Stop => return self.stop(),
            Action::Pause
                if self
                    .run
                    .as_ref()
                    .is_some_and(|run| run.pausing || run.is_paused()) =>
            {
                return self.resume();
            }
            Action::Pause => return self.pause(),
            Action::Restart => return self.restart(),
            Action::Host => return self.offer_hosts(),
            Action::Debug => return self.switch_debug(),
            Action::DebugAgain => return self.debug_again(),
            Action::Profile => return self.switch_profile(),
            Action::SaveProfile(form) => return self.save_profile(form),
            Action::Go(how) => return self.go_on(how),
            Action::RecordTrace => return self.record_trace(!self.trace.recording),
            Action::ClearTrace => return self.clear_trace(),
            Action::SaveTrace(form) => return self.export_trace(form),
            Action::SaveCall => return self.save_call(None),
            Action::Compare { all: true } => return self.compare(None),
            Action::Compare { all: false } => return self.compare_last(),
            Action::RunCalls => {
                self.arrangement.show(Panel::Calls);
                return self.run_saved(None);
            }
            Action::GoToChange { back } => {
                self.arrangement.show(Panel::Memory);
                return self.go_to_change(back);
            }
            Action::NextError => {
                self.arrangement.reveal(Pane::Console);
                self.next_error();
            }
            Action::Palette => self.open_palette(),
            Action::Show(panel) | Action::PressIn(panel, _) | Action::GoIn(panel, _) => {
                self.arrangement.show(panel);
            }
            Action::Dock => self.arrangement.switch_dock(),
            Action::Split => self.arrangement.switch_split(),
            Action::MoveOver(pane) => self.arrangement.move_over(pane),
            Action::Maximise(pane) => self.arrangement.maximise(pane),
            Action::Reset => self.arrangement.reset(),
            Action::Toggle(source) => self.toggle(source),
            Action::ClearConsole => self.clear_console(),
            Action::Select(place) => {
                let export = self
                    .plugged
                    .as_ref()
                    .and_then(|plugged| plugged.info.exports.get(place));
                if let Some(name) = export.map(|export| export.name.clone()) {
                    self.select(&name);
                }
            }
            Action::Press(id) if id.starts_with("console-") => {
                self.arrangement.reveal(Pane::Console);
            }
            Action::GoToCall | Action::Press("json" | "edit-signature" | "host-code") => {
                self.arrangement.reveal(Pane::Call);
            }
            Action::GoTo("console") => self.arrangement.reveal(Pane::Console),
            Action::GoTo("panel") => self.arrangement.reveal(Pane::First),
            Action::GoTo("panel-2") => self.arrangement.reveal(Pane::Second),
            Action::GoTo(_) => self.arrangement.restore(),
            Action::Unplug | Action::CopyLink | Action::SaveSession => {}
            Action::Help | Action::Sample(_) | Action::Template(_) | Action::Press(_) => {}
        }
        Vec::new()
    }

    /// Whether what is typed for the selected export makes a call.
    pub(crate) fn is_typed_right(&self) -> bool {
        if self.hosting.is_some()
            && let Some(right) = self.filled_wrong()
        {
            return right.is_ok();
        }
        let starts = |name: &str| {
            let plugged = self.plugged.as_ref();
            plugged.is_some_and(|plugged| plugged.is_start(name))
        };
        self.selected()
            .is_some_and(|export| starts(&export.name) || self.form().is_right(export))
    }

    fn takes_arguments(&self) -> bool {
        self.selected().is_some_and(|export| {
            let form = self.form();
            let known = form.signature(export);
            known.is_some_and(|(signature, _)| !signature.params.is_empty())
        })
    }

    fn can_edit_signature(&self) -> bool {
        self.selected().is_some_and(|export| {
            let starts = self
                .plugged
                .as_ref()
                .is_some_and(|plugged| plugged.is_start(&export.name));
            let in_go = export.ty.func().and_then(|ty| ty.in_go()).is_some();
            in_go && !starts && self.form().hand().is_none()
        })
    }
}

#[cfg(test)]
mod tests;
