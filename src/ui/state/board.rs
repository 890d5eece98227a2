//! Everything that the page knows, and what each thing that happens makes of it.

use super::again::Again;
use super::arrangement::Arrangement;
use super::backtrace::Located;
use super::building::Building;
use super::commands::Palette;
use super::compare::Comparison;
use super::console::{Console, Filter, Search, Source};
use super::debugger::Debugger;
use super::engine::Running;
use super::files::{Adding, FilesView};
use super::form::Form;
use super::given::{Given, Hand};
use super::go_source::GoSource;
use super::hosts::Hosting;
use super::inspected::Inspected;
use super::memory::{Growth, MemoryView};
use super::module::Plugged;
use super::outcome::Finished;
use super::profile::ProfileView;
use super::program::Program;
use super::prompt::Prompt;
use super::recent::Recent;
use super::run::Run;
use super::saved::Round;
use super::settings::SettingsForm;
use super::share::Opening;
use super::shared::Shared;
use super::source_view::SourceView;
use super::text_form::TextForm;
use super::trace::TraceView;
use super::watch::{Ask, Rebuilds};
use crate::go::Signature;
use crate::module::Export;
use crate::protocol::build::{Build, Diagnostic};
use crate::protocol::{Allocator, CallId, Command, Event, HostCode, InstanceState, Place};
use litemap::LiteMap;
use serde_json::Value as Json;
use std::collections::VecDeque;

/// What the board asks of whoever drives it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Send this to the worker.
    Send(Command),
    /// Send the file that was added at this place, and keep it.
    AddFile(Place),
    /// The file that was added at this place is not to be kept.
    ForgetFile(Place),
    /// The file of this name is a good module: keep it.
    Keep(String),
    /// Load the module that was kept last again: what came after it was refused.
    Restore,
    /// Tell [`Board::come_back`] what is kept of the plugin of this id.
    Recall(String),
    /// Keep the next file that came beside the report: it is what is at this place.
    KeepFile(Place),
    /// The files of what is opened come to those that are kept.
    AddShared,
    /// Something about where the module came from.
    Watch(Ask),
    /// Something about the files that the page keeps.
    Hand(Hand),
    /// Offer the next file that came beside the report under this name, to be saved.
    Save(String),
    /// Ask the builder for something.
    Build(Build),
    /// Put the module that was built last on the board, under this name.
    TakeBuilt(String),
    /// Offer these bytes under this name, to be saved.
    Download(String, Vec<u8>),
    /// Keep the next file that came beside the report; with the last one, offer all of them together
    /// under this name.
    SavePart {
        /// The name, if it is the last one.
        last: Option<String>,
    },
}

/// Where the page is; the `data-phase` of its main element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Empty,
    Loading,
    Ready,
    Running,
    Waiting,
}

impl Phase {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Loading => "loading",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Waiting => "waiting",
        }
    }
}

/// A file on its way to the board.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Loading {
    pub(crate) name: String,
    /// Bytes validated, and bytes in all, once that has begun.
    pub(crate) progress: Option<(u64, u64)>,
    /// Whether it was on the board before, so that nothing needs to be said about it.
    pub(super) again: bool,
    /// Whether it is what is on the board, built anew.
    pub(super) rebuilt: bool,
    /// Whether the module on the board is already this one, to be validated.
    pub(super) read: bool,
    /// What it is kept under, unless it is a plugin that was there before. Empty: nothing is kept.
    pub(super) id: String,
    /// Whether the hash of the file is being computed.
    pub(super) hashing: bool,
    /// That hash, where the browser computes it.
    pub(super) hash: Option<String>,
    /// Where the module can be had, as it is written in a session.
    pub(super) origin: Option<Json>,
    /// The files that it was built of here.
    pub(super) built: Option<Vec<(String, String)>>,
}

/// A file that could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) name: String,
    pub(crate) message: String,
}

/// The state of the page.
#[derive(Debug)]
pub(crate) struct Board {
    pub(super) plugged: Option<Shared<Plugged>>,
    /// What was there before what is being loaded.
    pub(super) before: Option<Shared<Plugged>>,
    pub(super) loading: Option<Shared<Loading>>,
    pub(super) refused: Option<Shared<Refused>>,
    pub(super) unsupported: Option<String>,
    pub(super) selected: Option<String>,
    /// The host of the framework that the module is written for.
    pub(super) hosting: Option<Shared<Hosting>>,
    /// What the plugin on the board was given, and what the one before was.
    pub(super) given: Given,
    pub(super) previous: Given,
    /// Whether the latter is offered to the former.
    pub(super) offers: bool,
    /// Whether the worker that had the files of the latter is gone.
    pub(super) aside_lost: bool,
    /// Whether the module that is loading is another plugin than the one before.
    pub(super) switched: bool,
    /// The plugins that are kept, the last one first.
    pub(super) recent: Shared<Vec<Recent>>,
    /// The plugin of which what is kept was asked for and is still to come.
    pub(super) recalling: Option<String>,
    /// What a link or a file would open.
    pub(super) offered_session: Option<Shared<Opening>>,
    /// What is to be the next module's.
    pub(super) opening: Option<Shared<Opening>>,
    /// The export whose arguments came with a link: they become fields once its signature is known.
    pub(super) unfolds: Option<String>,
    /// Whether something has come that is to be kept.
    pub(super) changed: bool,
    /// Why nothing is kept.
    pub(super) unkept: Option<String>,
    /// Counts the plugins: what is looked for in one is not looked for in another.
    pub(super) plugins: u32,
    /// Counts the modules that somebody has loaded.
    pub(super) loads: u32,
    /// The Go source that came for a module which has not been read.
    pub(super) coming: Vec<(String, String)>,
    /// What is wrong with a file of answers.
    pub(super) answers_problem: Option<String>,
    /// How often each import has been called in this instance.
    pub(super) called: Shared<Vec<u64>>,
    pub(super) run: Option<Run>,
    /// By export: how its last call ended.
    pub(super) finished: LiteMap<String, Shared<Finished>>,
    /// What is wrong with the debug information and the source of the module.
    pub(super) problems: Shared<Vec<String>>,
    pub(super) instance: InstanceState,
    /// What the worker has said and has not been gone through.
    pub(super) intake: VecDeque<Event>,
    /// Bytes that have been, since that was told.
    pub(super) taken_in: u64,
    pub(super) console: Console,
    pub(super) filter: Filter,
    pub(super) prompt: Prompt,
    pub(super) search: Option<Search>,
    /// The line of the console that the last jump to an error went to, and how many there have been.
    pub(super) error: Option<(u64, u32)>,
    pub(super) files: Shared<FilesView>,
    pub(super) adding: Adding,
    pub(super) trace: Shared<TraceView>,
    pub(super) memory: Shared<MemoryView>,
    pub(super) growth: Growth,
    /// Whether the session has been told to watch memory.
    pub(super) watched: bool,
    pub(super) calls: u32,
    /// The saved calls that are being made, and those whose host calls are asked for, in order.
    pub(super) round: Option<Round>,
    /// What the engines have been held against each other for.
    pub(super) comparison: Option<Shared<Comparison>>,
    pub(super) asked: VecDeque<u32>,
    /// How often the reader has yet to say what it has read of the module.
    pub(super) unread: u8,
    /// How far the debugger is.
    pub(super) debugger: Debugger,
    pub(super) engine: Running,
    /// The calls that are made again with it.
    pub(super) again: Again,
    pub(super) building: Shared<Building>,
    /// What is looked at in the source.
    pub(super) source_view: SourceView,
    /// The program that is written here, while there is no module of it.
    pub(super) program: Option<Program>,
    /// What is wrong in it.
    pub(super) diagnostics: Shared<Vec<Diagnostic>>,
    pub(super) profile: Shared<ProfileView>,
    /// The call as host code that was asked for last.
    pub(super) host_code: Option<(HostCode, String)>,
    /// Where everything is.
    pub(crate) arrangement: Arrangement,
    /// The command palette, if it is open.
    pub(super) palette: Option<Palette>,
    pub(super) inspected: Shared<Inspected>,
    pub(super) located: Located,
    pub(super) text_form: Shared<TextForm>,
    /// Where the module came from, and what is done when it comes anew.
    pub(super) rebuilds: Rebuilds,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            plugged: None,
            before: None,
            loading: None,
            refused: None,
            unsupported: None,
            selected: None,
            hosting: None,
            given: Given::default(),
            previous: Given::default(),
            offers: false,
            aside_lost: false,
            switched: false,
            recent: Shared::default(),
            recalling: None,
            offered_session: None,
            opening: None,
            unfolds: None,
            changed: false,
            unkept: None,
            plugins: 0,
            loads: 0,
            coming: Vec::new(),
            answers_problem: None,
            called: Shared::default(),
            run: None,
            finished: LiteMap::new(),
            problems: Shared::new(Vec::new()),
            instance: InstanceState::Fresh,
            intake: VecDeque::new(),
            taken_in: 0,
            console: Console::default(),
            filter: Filter::default(),
            prompt: Prompt::default(),
            search: None,
            error: None,
            files: Shared::default(),
            adding: Adding::default(),
            trace: Shared::default(),
            memory: Shared::default(),
            growth: Growth::default(),
            watched: false,
            calls: 0,
            round: None,
            comparison: None,
            asked: VecDeque::new(),
            unread: 0,
            debugger: Debugger::default(),
            engine: Running::default(),
            again: Again::default(),
            building: Shared::default(),
            source_view: SourceView::default(),
            program: None,
            diagnostics: Shared::default(),
            profile: Shared::default(),
            host_code: None,
            arrangement: Arrangement::default(),
            palette: None,
            inspected: Shared::default(),
            located: Located::default(),
            text_form: Shared::default(),
            rebuilds: Rebuilds::default(),
        }
    }
}

/// What there is to see.
impl Board {
    pub(crate) fn phase(&self) -> Phase {
        match (&self.loading, &self.run, &self.plugged) {
            (Some(_), ..) => Phase::Loading,
            (None, Some(run), _) if run.waits() => Phase::Waiting,
            (None, Some(_), _) => Phase::Running,
            (None, None, Some(_)) => Phase::Ready,
            (None, None, None) => Phase::Empty,
        }
    }

    pub(crate) fn plugged(&self) -> Option<&Shared<Plugged>> {
        self.plugged.as_ref()
    }

    pub(crate) fn loading(&self) -> Option<&Shared<Loading>> {
        self.loading.as_ref()
    }

    pub(crate) fn refused(&self) -> Option<&Shared<Refused>> {
        self.refused.as_ref()
    }

    /// Why nothing can be run in this browser.
    pub(crate) fn unsupported(&self) -> Option<&str> {
        self.unsupported.as_deref()
    }

    pub(crate) fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    pub(crate) fn instance(&self) -> InstanceState {
        self.instance
    }

    pub(crate) fn console(&self) -> &Console {
        &self.console
    }

    pub(crate) fn filter(&self) -> Filter {
        self.filter
    }

    /// Counts the modules that somebody has loaded.
    pub(crate) fn loads(&self) -> u32 {
        self.loads
    }

    /// Counts the plugins that have been on the board.
    pub(crate) fn plugins(&self) -> u32 {
        self.plugins
    }

    pub(crate) fn settings(&self) -> &Shared<SettingsForm> {
        &self.given.settings
    }

    /// The export that is selected.
    pub(crate) fn selected(&self) -> Option<&Export> {
        let name = self.selected.as_deref()?;
        self.plugged.as_ref()?.function(name)
    }

    /// What is typed for the export that is selected.
    pub(crate) fn form(&self) -> Form {
        let form = self.selected.as_deref();
        form.and_then(|export| self.given.forms.get(export))
            .cloned()
            .unwrap_or_default()
    }

    /// The exports of the module whose signatures are typed by hand, with those.
    pub(crate) fn by_hand(&self) -> Vec<(String, Signature)> {
        let forms = self.given.forms.iter();
        let typed = forms.filter_map(|(export, form)| {
            let (signature, _) = form.typed_signature()?;
            Some((export.clone(), signature.clone()))
        });
        typed.collect()
    }

    /// How the last call of the export that is selected ended.
    pub(crate) fn finished(&self) -> Option<&Shared<Finished>> {
        self.finished.get(self.selected.as_deref()?)
    }

    /// Whether that is of before: another call has begun since, or other arguments are typed.
    pub(crate) fn is_past(&self, finished: &Finished) -> bool {
        let called = &finished.called;
        if finished.number != CallId(self.calls) {
            return true;
        }
        let (Some(export), Some(_)) = (self.selected(), &called.known) else {
            return false;
        };
        let args = self.form().arguments(export);
        args.is_none_or(|args| args != called.args)
    }

    /// What gives room for arguments, if somebody chose it.
    pub(crate) fn allocator(&self) -> Option<&Allocator> {
        self.given.allocator.as_ref()
    }

    /// The calls that have ended, the last one first.
    pub(crate) fn history(&self) -> &VecDeque<Shared<Finished>> {
        &self.given.history
    }

    /// The Go source of the module on the board.
    pub(crate) fn go_source(&self) -> Option<&Shared<GoSource>> {
        self.given.source.as_ref()
    }

    /// What is wrong with the debug information and the source of the module.
    pub(crate) fn problems(&self) -> &Shared<Vec<String>> {
        &self.problems
    }

    /// Whether the problems are those that any module has that was never Go.
    pub(crate) fn problems_are_usual(&self) -> bool {
        let plugged = self.plugged.as_ref();
        self.go_source().is_none()
            && plugged.is_some_and(|plugged| plugged.info.is_of_another_language())
    }

    /// Whether somebody chose how the import is answered.
    pub(crate) fn called(&self) -> &Shared<Vec<u64>> {
        &self.called
    }

    /// What is wrong with the file of answers that was opened last.
    pub(crate) fn answers_problem(&self) -> Option<&str> {
        self.answers_problem.as_deref()
    }

    /// Whether a call can be made now.
    pub(crate) fn can_call(&self) -> bool {
        self.takes_call() && !self.is_made_ready() && !self.is_made_ready_for_engine()
    }

    /// Whether a call can be asked for: it is made at once, or when the module is ready for what it is to run in.
    pub(crate) fn takes_call(&self) -> bool {
        let runs = |module: &Shared<Plugged>| {
            let is_elsewhere = self.engine.is_the_browsers() || self.is_made_ready_for_engine();
            module.ready && (module.elsewhere.is_none() || is_elsewhere)
        };
        self.phase() == Phase::Ready
            && self.round.is_none()
            && !self.is_comparing()
            && self.plugged.as_ref().is_some_and(runs)
    }

    /// The title of the page: the plugin, and what it does.
    pub(crate) fn title(&self) -> String {
        let loading = self.loading.as_ref().map(|loading| &loading.name);
        let plugged = self.plugged.as_ref().map(|plugged| &plugged.info.name);
        let program = self.program.as_ref().map(|program| &program.name);
        let Some(name) = loading.or(plugged).or(program) else {
            return "Plugboard".to_owned();
        };
        let mark = match self.phase() {
            Phase::Loading => "Loading ",
            Phase::Running => "▶ ",
            Phase::Waiting if self.run.as_ref().is_some_and(Run::is_paused) => "Paused: ",
            Phase::Waiting => "Waiting: ",
            Phase::Ready | Phase::Empty => "",
        };
        format!("{mark}{name} – Plugboard")
    }

    pub(super) fn next_call(&mut self) -> CallId {
        self.calls = self.calls.wrapping_add(1);
        CallId(self.calls)
    }

    pub(super) fn say(&mut self, source: Source, message: &str) {
        self.console.say(source, message);
    }
}
