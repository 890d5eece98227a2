//! What drives the board: tells it what happens, and does what it asks for.

mod adding;
mod building;
mod given;
mod hearing;
mod keeping;
mod loading;
mod program;
mod share;

use self::keeping::Stored;
use super::files::{self, Picked};
use super::frame::Frame;
use super::watch::Watcher;
use crate::browser::builder_client::BuilderClient;
use crate::browser::worker_client::WorkerClient;
use crate::protocol::Place;
use crate::ui::state::form::Path;
use crate::ui::state::{Board, Effect};
use gloo_events::EventListener;
use js_sys::Promise;
use litemap::LiteMap;
use std::cell::{Cell, Ref, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};
use yew::prelude::*;

/// The board, with the worker behind it. Views read it, and change it only through
/// [`Driver::act`].
#[derive(Clone)]
pub(crate) struct Driver(Rc<Inner>);

struct Inner {
    board: RefCell<Board>,
    client: RefCell<Option<WorkerClient>>,
    builder: RefCell<Option<BuilderClient>>,
    /// The module that was built last, until it is loaded.
    built: RefCell<Option<Blob>>,
    files: RefCell<Modules>,
    /// The files that were added for guests to see, and those of the plugin before: a worker that is
    /// replaced has lost them.
    added: RefCell<LiteMap<Place, Blob>>,
    aside: RefCell<LiteMap<Place, Blob>>,
    /// The files of programs that are no texts, by name.
    binaries: RefCell<LiteMap<String, Blob>>,
    /// The files for stdin, of both.
    stdin: RefCell<[Option<Blob>; 2]>,
    /// The parts that have come of a file that is to be saved.
    parts: RefCell<Vec<Blob>>,
    /// Counts what was asked to be loaded: what arrives too late is not wanted any more.
    loads: Cell<u32>,
    redraw: RefCell<Callback<()>>,
    /// The files that came with what has not been gone through yet.
    came: RefCell<VecDeque<Blob>>,
    /// Whether that goes on by itself.
    taking: Cell<bool>,
    /// What is kept of the plugins of this visit, by id.
    stored: RefCell<LiteMap<String, Stored>>,
    /// The files, and the one for stdin, of a session that somebody has agreed to.
    shared: RefCell<SharedFiles>,
    /// What a page that was left in this tab had not written.
    left: RefCell<Option<String>>,
    /// Whether something is to be kept soon.
    keeps: Cell<bool>,
    /// Whether leaving the page asks.
    holds: Cell<bool>,
    /// Keeps what there is when the page goes out of sight.
    hides: RefCell<Option<EventListener>>,
    frame: Frame,
    watcher: Watcher,
}

/// Files by their places, and the one for stdin.
type SharedFiles = (Vec<(Place, Blob)>, Option<Blob>);

/// Milliseconds of a frame in which the console is searched.
const SEARCH_MILLIS: f64 = 5.0;

/// Bytes that are searched at once: a fraction of a millisecond.
const SEARCH_STEP: usize = 64 << 10;

/// The files that may have to be loaded again.
#[derive(Default)]
struct Modules {
    /// On its way to the board.
    coming: Option<(String, Blob)>,
    /// The last one that was good.
    good: Option<(String, Blob)>,
}

impl Modules {
    /// Puts a file in place of another one, wherever that is.
    fn replace(&mut self, file: &Blob, copy: &Blob) {
        for (_, module) in self.coming.iter_mut().chain(&mut self.good) {
            if *module == *file {
                module.clone_from(copy);
            }
        }
    }
}

impl PartialEq for Driver {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").finish_non_exhaustive()
    }
}

impl Driver {
    fn new() -> Self {
        let driver = Self(Rc::new(Inner {
            board: RefCell::new(Board::default()),
            client: RefCell::new(None),
            builder: RefCell::default(),
            built: RefCell::default(),
            files: RefCell::new(Modules::default()),
            added: RefCell::new(LiteMap::new()),
            aside: RefCell::new(LiteMap::new()),
            binaries: RefCell::new(LiteMap::new()),
            stdin: RefCell::default(),
            parts: RefCell::default(),
            loads: Cell::new(0),
            redraw: RefCell::new(Callback::noop()),
            came: RefCell::new(VecDeque::new()),
            taking: Cell::new(false),
            stored: RefCell::default(),
            shared: RefCell::default(),
            left: RefCell::default(),
            keeps: Cell::new(false),
            holds: Cell::new(false),
            hides: RefCell::default(),
            frame: Frame::new(),
            watcher: Watcher::default(),
        }));
        let weak = Rc::downgrade(&driver.0);
        driver.0.frame.set(move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).redraw();
            }
        });
        driver.spawn();
        let page = web_sys::window().and_then(|window| window.document()?.document_element());
        // `start.js` says so; a build for debugging has the toolchain if `make toolchain` was called before.
        if cfg!(debug_assertions) || page.is_some_and(|page| page.has_attribute("data-go")) {
            driver.offer_building();
        }
        let weak = Rc::downgrade(&driver.0);
        let document = web_sys::window().and_then(|window| window.document());
        *driver.0.hides.borrow_mut() = document.map(|document| {
            let seen = document.clone();
            EventListener::new(&document, "visibilitychange", move |_| {
                if let Some(inner) = weak.upgrade() {
                    Self(inner).hides(seen.hidden());
                }
            })
        });
        driver.begin_keeping();
        driver.recall_watching();
        driver
    }

    pub(super) fn watcher(&self) -> &Watcher {
        &self.0.watcher
    }

    /// Counts what was asked to be loaded.
    pub(super) fn loads(&self) -> u32 {
        self.0.loads.get()
    }

    /// The driver, for as long as it is there.
    pub(super) fn weak(&self) -> impl Fn() -> Option<Self> + use<> {
        let weak = Rc::downgrade(&self.0);
        move || weak.upgrade().map(Self)
    }

    /// Does something with the board that is not to be seen at once.
    pub(super) fn tell<T>(&self, action: impl FnOnce(&mut Board) -> T) -> T {
        action(&mut self.0.board.borrow_mut())
    }

    /// The board as it is.
    pub(crate) fn board(&self) -> Ref<'_, Board> {
        self.0.board.borrow()
    }

    /// Does something with the board on behalf of a person, and shows it at once.
    pub(crate) fn act(&self, action: impl FnOnce(&mut Board) -> Vec<Effect>) {
        let effects = action(&mut self.0.board.borrow_mut());
        self.carry_out(effects);
        self.keep_soon();
        self.redraw();
    }

    /// As [`Driver::change`], of what nobody has done: there is nothing to be kept of it.
    pub(super) fn change_quietly(&self, action: impl FnOnce(&mut Board)) {
        action(&mut self.0.board.borrow_mut());
        self.0.frame.ask();
    }

    /// As [`Driver::act`], of what concerns the page alone.
    pub(crate) fn change(&self, action: impl FnOnce(&mut Board)) {
        self.act(|board| {
            action(board);
            Vec::new()
        });
    }

    /// Takes files that were dropped or picked: a module, its source, or both.
    pub(crate) fn take(&self, picked: Picked) {
        self.take_with(picked, None);
    }

    /// As [`Driver::take`], with the handles of the files, as far as there are any. A module is loaded at once; the rest is done
    /// as soon as the whole program is there.
    pub(super) fn take_with(&self, picked: Picked, handles: Option<Promise>) {
        let is_module = |file: &&File| !is_session(file) && !is_archive(file);
        if let Some(module) = picked.module.as_ref().filter(is_module) {
            self.load(module.name(), module.clone().into());
        }
        let (driver, load) = (self.clone(), self.0.loads.get());
        wasm_bindgen_futures::spawn_local(async move {
            whole().await;
            if driver.0.loads.get() == load {
                driver.take_rest(picked, handles);
            }
        });
    }

    /// What there is beside the module, which is being loaded. A function of its own, so that it can be in the later part.
    #[inline(never)]
    fn take_rest(&self, mut picked: Picked, handles: Option<Promise>) {
        if let Some(file) = picked.module.take_if(|file| is_session(file)) {
            self.open_session(file.name(), file.into());
            if picked.is_empty() {
                return;
            }
        }
        if let Some(archive) = picked.module.take_if(|file| is_archive(file)) {
            return self.open_archive(archive.name(), archive.into());
        }
        if let Some(module) = &picked.module {
            self.watch_promised(handles, module);
        } else if let Some(handles) = handles {
            self.watch_source(handles);
        }
        self.take_source_of(picked);
    }

    /// Takes the Go files of what was picked, and says what becomes of it.
    pub(super) fn take_source_of(&self, picked: Picked) {
        let alone = picked.module.is_none();
        let name = picked.module.as_ref().map(web_sys::File::name);
        let source = picked.source.into_iter();
        let source: Vec<(String, Blob)> = source.map(|file| (file.name(), file.into())).collect();
        let names = |files: &[(String, Blob)]| files.iter().map(|file| file.0.clone()).collect();
        let (read, others) = (
            if alone { names(&source) } else { Vec::new() },
            picked.others,
        );
        self.change(|board| board.taken(name.as_deref(), &read, &others));
        self.add_source(source);
    }

    /// Reads Go files for the module that is on the board, or on its way to it.
    fn add_source(&self, files: Vec<(String, Blob)>) {
        if files.is_empty() {
            return;
        }
        let load = self.0.loads.get();
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let texts = files::texts(files).await;
            if driver.0.loads.get() == load {
                driver.take_texts(&texts);
            }
        });
    }

    /// Reads a file that was picked for a place in the arguments.
    pub(crate) fn read_argument(&self, place: Path, name: String, file: Blob) {
        let export = self.board().selected().map(|export| export.name.clone());
        let Some(export) = export else { return };
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(bytes) = files::bytes(&file).await {
                driver.change(|board| board.enter_file(&export, place, &name, &bytes));
            }
        });
    }

    /// Reads a file that was picked for a field of a form of a framework's host.
    pub(crate) fn read_for_host(&self, export: &str, key: &str, name: String, file: Blob) {
        let (driver, export, key) = (self.clone(), export.to_owned(), key.to_owned());
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(bytes) = files::bytes(&file).await {
                driver.change(|board| board.fill_file(&export, &key, &name, &bytes));
            }
        });
    }

    /// Reads a text that was picked, for the module that is on the board.
    pub(crate) fn open_text(
        &self,
        name: String,
        file: Blob,
        take: fn(&mut Board, &str, &str) -> Vec<Effect>,
    ) {
        let load = self.0.loads.get();
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let bytes = files::bytes(&file).await.unwrap_or_default();
            if driver.0.loads.get() == load {
                let text = String::from_utf8_lossy(&bytes);
                driver.act(|board| take(board, &name, &text));
            }
        });
    }

    fn spawn(&self) {
        let weak = Rc::downgrade(&self.0);
        let client = WorkerClient::spawn(Callback::from(move |notice| {
            if let Some(inner) = weak.upgrade() {
                Self(inner).hear(notice);
            }
        }));
        *self.0.client.borrow_mut() = Some(client);
    }

    pub(super) fn carry_out(&self, effects: impl IntoIterator<Item = Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(command) => {
                    if let Some(client) = self.client() {
                        client.send(&command);
                    }
                }
                Effect::Keep(name) => {
                    let mut files = self.0.files.borrow_mut();
                    if let Some(file) = files.coming.take_if(|(coming, _)| *coming == name) {
                        files.good = Some(file);
                    }
                }
                Effect::Build(build) => self.ask_builder(build),
                Effect::TakeBuilt(name) => self.take_built(name),
                Effect::Watch(ask) => self.ask_watcher(&ask),
                Effect::AddFile(at) => self.send_file(at),
                Effect::ForgetFile(at) => {
                    self.0.added.borrow_mut().remove(&at);
                }
                Effect::Recall(id) => self.recall(id),
                Effect::AddShared => self.add_shared(),
                Effect::Hand(hand) => {
                    self.hand(hand);
                    self.send_stdin();
                }
                Effect::Download(name, bytes) => files::download(&name, &bytes),
                // The file came with a report.
                Effect::Save(_) | Effect::SavePart { .. } | Effect::KeepFile(_) => {}
                Effect::Restore => {
                    let good = self.0.files.borrow().good.clone();
                    if let (Some(client), Some((name, file))) = (self.client(), good) {
                        client.load(&name, &file);
                    }
                }
            }
        }
    }

    fn client(&self) -> Option<WorkerClient> {
        self.0.client.borrow().clone()
    }

    /// Goes on with the search for a few milliseconds; the next frame shows it, and goes on.
    pub(crate) fn go_on_searching(&self) {
        let end = now() + SEARCH_MILLIS;
        while self.0.board.borrow_mut().search_step(SEARCH_STEP) && now() < end {}
        self.0.frame.ask();
    }

    pub(super) fn redraw(&self) {
        self.hold();
        if self.0.board.borrow_mut().has_changed() {
            self.keep_soon();
        }
        let redraw = self.0.redraw.borrow().clone();
        redraw.emit(());
    }
}

/// Milliseconds by the page's clock.
fn now() -> f64 {
    let clock = web_sys::window().and_then(|window| window.performance());
    clock.map_or(f64::INFINITY, |clock| clock.now())
}

/// In bytes.
fn size(file: &Blob) -> u64 {
    number(file.size())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what JavaScript counts is a whole number below 2⁵³"
)]
pub(super) fn number(count: f64) -> u64 {
    count as u64
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = wholeProgram, catch)]
    fn whole_program() -> Result<Promise, JsValue>;
}

/// Until the part of the program is there that comes later: what calls it before has the page stand still meanwhile.
async fn whole() {
    if let Ok(coming) = whole_program() {
        // Without it, what needs it says so.
        drop(JsFuture::from(coming).await);
    }
}

fn is_session(file: &File) -> bool {
    ends_with(file, ".json")
}

fn is_archive(file: &File) -> bool {
    ends_with(file, ".tar")
}

fn ends_with(file: &File, ending: &str) -> bool {
    file.name().to_ascii_lowercase().ends_with(ending)
}

/// The page's one driver, made when the page is; the component is drawn again when the board
/// changes.
#[hook]
pub(crate) fn use_new_driver() -> Driver {
    let update = use_force_update();
    let driver = use_memo((), |()| Driver::new());
    let redraw = {
        let update = update.clone();
        Callback::from(move |()| update.force_update())
    };
    *driver.0.redraw.borrow_mut() = redraw;
    (*driver).clone()
}
