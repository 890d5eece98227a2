//! What outlives the visit: written a moment after something has changed, and had back.

use super::super::{storage, store};
use super::{Driver, number, size};
use crate::protocol::Place;
use crate::ui::state::files::Added;
use crate::ui::state::maps;
use crate::ui::state::watch::Watches;
use crate::ui::state::{Board, Keep, Phase};
use gloo_timers::callback::Timeout;
use js_sys::Array;
use litemap::LiteMap;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

/// How soon what somebody does is kept, in milliseconds.
const SOON_MILLIS: u32 = 250;

/// Where the id of the plugin on the board is, for a reload.
const ON_THE_BOARD: &str = "plugboard.board";

/// What belongs to that plugin as it was when the page went out of sight, behind its id: a page that goes
/// for good has no time to write it elsewhere.
const LEFT: &str = "plugboard.left";

/// The parts of a plugin that are kept; a file is kept under [`FILE`] and its place.
const SESSION: &str = "session";
const MODULE: &str = "module";
const STDIN: &str = "stdin";
const WATCH: &str = "watch";
const FILE: &str = "file ";

/// What the store has of a plugin.
#[derive(Default)]
pub(super) struct Stored {
    session: String,
    module: Option<Blob>,
    hash: Option<String>,
    stdin: Option<Blob>,
    watches: Option<Watches>,
    /// `None`: a directory.
    files: LiteMap<Place, Option<Blob>>,
    /// The names of the files of its program that are no texts.
    binaries: Vec<String>,
}

impl Driver {
    /// What earlier visits have kept, and the plugin that was on the board before a reload.
    pub(super) fn begin_keeping(&self) {
        *self.0.left.borrow_mut() = storage::get_here(LEFT);
        storage::remove_here(LEFT);
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let kept = store::list().await;
            driver.change(|board| board.set_recent(kept));
            if let Some(id) = storage::get_here(ON_THE_BOARD)
                && driver.0.loads.get() == 0
            {
                driver.put_back(id).await;
            }
            // What it says is not to be swept away by what comes back.
            driver.open_link();
        });
    }

    /// Puts a plugin that is kept on the board again.
    pub(crate) fn open_recent(&self, id: String) {
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move { driver.put_back(id).await });
    }

    async fn put_back(&self, id: String) {
        let recent = self.board().recent().clone();
        let Some(recent) = recent.iter().find(|one| one.id == id) else {
            return;
        };
        let name = recent.about.name.clone();
        let load = self.0.loads.get();
        let parts = store::read(&id).await;
        if self.0.loads.get() != load {
            return;
        }
        let binaries = self.recall_binaries(parts.as_deref().unwrap_or_default());
        let has = |name: &str| parts.iter().flatten().find(|(part, _)| part == name);
        if let (None, Some((_, session))) = (has(MODULE), has(SESSION)) {
            let session = session.as_string().unwrap_or_default();
            let left = self.0.left.borrow_mut().take();
            let left = left.as_deref().and_then(|left| left.split_once('\n'));
            let left = left.filter(|(of, _)| *of == id);
            let session = left.map_or(&*session, |(_, session)| session);
            let mut stored = self.0.stored.borrow_mut();
            stored.entry(id.clone()).or_default().binaries = binaries;
            drop(stored);
            return self.reopen_program(&id, session);
        }
        let module = parts.and_then(|parts| {
            let mut parts = parts.into_iter();
            let module = parts.find(|(part, _)| part == MODULE);
            let module = module.and_then(|(_, module)| module.dyn_into::<Blob>().ok());
            module.ok_or_else(|| "its module is not there".to_owned())
        });
        match module {
            Ok(module) => self.load_as(id, name, module),
            Err(reason) => self.act(|board| {
                let message = format!("what is kept of it cannot be read: {reason}");
                board.load_failed(&name, &message)
            }),
        }
    }

    /// Gives the board what is kept of the plugin that came onto it.
    pub(super) fn recall(&self, id: String) {
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let Ok(parts) = store::read(&id).await else {
                driver.act(|board| board.come_back(&id, None));
                return;
            };
            if !driver.board().is_recalling(&id) {
                return;
            }
            let hash = driver.board().recent_hash(&id);
            let mut stored = Stored {
                hash,
                ..Stored::default()
            };
            let mut added = Vec::new();
            let mut watched = None;
            stored.binaries = driver.recall_binaries(&parts);
            for (part, value) in parts {
                let file = value.dyn_ref::<Blob>().cloned();
                match &*part {
                    SESSION => stored.session = value.as_string().unwrap_or_default(),
                    MODULE => stored.module = file,
                    STDIN => stored.stdin = file,
                    WATCH => watched = value.dyn_into::<Array>().ok(),
                    _ => {
                        if let Some(at) = place(&part) {
                            let size = file.as_ref().map(size);
                            stored.files.insert(at.clone(), file);
                            added.push(Added { at, size });
                        }
                    }
                }
            }
            let files = stored.files.iter();
            let files = files.filter_map(|(at, file)| Some((at.clone(), file.clone()?)));
            maps::add(&mut driver.0.added.borrow_mut(), files);
            driver.0.stdin.borrow_mut()[0].clone_from(&stored.stdin);
            driver.send_stdin();
            let left = driver.0.left.borrow_mut().take();
            let left = left.as_deref().and_then(|left| left.split_once('\n'));
            let left = left.filter(|(of, _)| *of == id);
            let session = left
                .map_or(&*stored.session, |(_, session)| session)
                .to_owned();
            driver.0.stored.borrow_mut().insert(id.clone(), stored);
            driver.act(|board| board.come_back(&id, Some((&session, added))));
            if let Some(watched) = watched {
                driver.watch_again(&watched);
            }
        });
    }

    /// Keeps what there is, soon.
    pub(super) fn keep_soon(&self) {
        if self.0.keeps.replace(true) {
            return;
        }
        let weak = Rc::downgrade(&self.0);
        Timeout::new(SOON_MILLIS, move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).keep();
            }
        })
        .forget();
    }

    /// Keeps what has changed since that was done last.
    pub(super) fn keep(&self) {
        self.0.keeps.set(false);
        let keep = self.board().keep(number(js_sys::Date::now()));
        let Some(Keep { recent, session }) = keep else {
            return;
        };
        storage::set_here(ON_THE_BOARD, &recent.id);
        let mut all = self.0.stored.borrow_mut();
        let stored = all.entry(recent.id.clone()).or_default();
        let mut parts: Vec<(String, JsValue)> = Vec::new();
        let mut put = |part: &str, value: Option<&Blob>| {
            let value = value.map_or(JsValue::UNDEFINED, JsValue::from);
            parts.push((part.to_owned(), value));
        };
        let module = self.0.files.borrow().good.clone().map(|(_, module)| module);
        // A program that was not built yet has none.
        let module = module.filter(|_| !self.board().is_unbuilt());
        let is_kept = stored.module.is_some()
            && (stored.module == module
                || (stored.hash.is_some() && stored.hash == recent.about.hash));
        if !is_kept && stored.module != module {
            put(MODULE, module.as_ref());
            stored.module = module;
        }
        stored.hash.clone_from(&recent.about.hash);
        let stdin = &self.0.stdin.borrow()[0];
        if stored.stdin != *stdin {
            put(STDIN, stdin.as_ref());
            stored.stdin.clone_from(stdin);
        }
        let watches = self.board().watches();
        if stored.watches != watches {
            let target = watches.as_ref().and_then(|it| self.kept_target(it));
            parts.push((
                WATCH.to_owned(),
                target.map_or(JsValue::UNDEFINED, JsValue::from),
            ));
            stored.watches = watches;
        }
        let files = self.files_to_keep();
        for (at, file) in files
            .iter()
            .filter(|(at, file)| stored.files.get(at) != Some(file))
        {
            parts.push((part(at), file.as_ref().map_or(JsValue::NULL, JsValue::from)));
        }
        for at in stored.files.keys().filter(|at| !files.contains_key(*at)) {
            parts.push((part(at), JsValue::UNDEFINED));
        }
        stored.files = files;
        if self.board().owns_source() {
            let (changed, now) = self.binaries_to_keep(&stored.binaries);
            parts.extend(changed);
            stored.binaries = now;
        }
        if stored.session != session {
            parts.push((SESSION.to_owned(), JsValue::from_str(&session)));
            stored.session = session;
        }
        if parts.is_empty() {
            return;
        }
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let id = recent.id.clone();
            match store::write(&id, &recent.to_json(), parts).await {
                Ok(()) => {
                    let mut too_many = Vec::new();
                    driver.change_quietly(|board| too_many = board.kept(recent));
                    for id in too_many {
                        let _ = store::remove(&id).await;
                    }
                }
                Err(reason) => {
                    driver.0.stored.borrow_mut().remove(&id);
                    driver.change_quietly(|board| board.cannot_keep(&reason));
                }
            }
        });
    }

    /// The files and directories that were added, or that runs wrote.
    pub(super) fn files_to_keep(&self) -> LiteMap<Place, Option<Blob>> {
        let files = self.0.added.borrow();
        let board = self.board();
        let kept = board.kept_files().filter_map(|Added { at, size }| {
            let file = files.get(&at).cloned();
            // One that is still to come is kept when it is there.
            (size.is_none() || file.is_some()).then_some((at, file))
        });
        maps::map(kept)
    }

    /// The page goes out of sight, perhaps for good, or comes back.
    pub(super) fn hides(&self, hidden: bool) {
        if !hidden {
            storage::remove_here(LEFT);
            return;
        }
        if let Some(Keep { recent, session }) = self.board().keep(number(js_sys::Date::now())) {
            storage::set_here(LEFT, &format!("{}\n{session}", recent.id));
        }
        self.keep();
    }

    /// Keeps nothing of these plugins any more.
    pub(crate) fn forget_recent(&self, ids: Vec<String>) {
        for id in ids {
            self.change(|board| board.forget_recent(&id));
            self.0.stored.borrow_mut().remove(&id);
            let driver = self.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if let Err(reason) = store::remove(&id).await {
                    driver.change(|board| board.cannot_keep(&reason));
                }
            });
        }
    }

    /// Takes the plugin from the board.
    pub(crate) fn unplug(&self) {
        self.keep();
        self.new_load();
        if let Some(client) = self.client() {
            client.restart();
        }
        storage::remove_here(ON_THE_BOARD);
        self.act(Board::unplug);
    }

    /// Leaving the page asks while a guest runs: it cannot come back.
    pub(super) fn hold(&self) {
        let runs = matches!(self.board().phase(), Phase::Running | Phase::Waiting);
        if self.0.holds.replace(runs) != runs {
            store::holds(runs);
        }
    }
}

/// What the file at a place is kept under.
fn part(at: &Place) -> String {
    format!("{FILE}{}\0{}", at.preopen, at.path)
}

fn place(part: &str) -> Option<Place> {
    let (preopen, path) = part.strip_prefix(FILE)?.split_once('\0')?;
    Some(Place {
        preopen: preopen.to_owned(),
        path: path.to_owned(),
    })
}
