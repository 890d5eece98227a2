//! The browser's ends of the rebuild loop: handles of files and folders, addresses, and the worker that looks at
//! them (`watch.js`). What a look means is the board's to say.
//!
//! A target is what can be looked at: a list of handles (a module, its Go files, a folder), an address, a name, and
//! whether the Go files are known already. It is kept with its plugin, with the stamp of what was taken last behind it, and
//! taken again after the page was reloaded ([`Driver::kept_target`], [`Driver::watch_again`]).

use super::driver::{Driver, number};
use super::files::Picked;
use super::storage;
use crate::browser::link::beside_the_page;
use crate::ui::state::Board;
use crate::ui::state::watch::{Ask, Copied, Look, Watches};
use gloo_events::EventListener;
use js_sys::{Array, Function, JSON, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, MessageEvent, Worker};

/// Beside the page.
const SCRIPT: &str = "./watch.js";

/// What is remembered: `on` or `off`.
const WATCH: &str = "plugboard.watch";
const REPEAT: &str = "plugboard.repeat";

/// What the file dialog offers.
const TYPES: &str = r#"{"multiple":true,"types":[{"description":"WebAssembly modules, and their Go source","accept":{"application/wasm":[".wasm"],"text/x-go":[".go"]}}]}"#;

const NO_API: &str = "this browser lets a page read a file once (Chrome and Edge can watch one): Reload picks it again";
const NO_HANDLE: &str = "it came in a way that lets a page read it once: Reload picks it again, Open… and files that are \
                         dropped from a folder are watched";
const MUTE: &str = "its server does not say when it changes (ETag, Last-Modified), so that it cannot be watched: \
                    Reload fetches it again";

/// What is looked at, and the worker that does.
#[derive(Default)]
pub(super) struct Watcher {
    worker: RefCell<Option<Worker>>,
    listeners: RefCell<Vec<EventListener>>,
    /// Those that may be asked for, by number: the one that is followed, and the one before it.
    targets: RefCell<Vec<(u32, Array)>>,
}

impl Watcher {
    fn target(&self, number: u32) -> Option<Array> {
        let targets = self.targets.borrow();
        let mut targets = targets.iter();
        let (_, target) = targets.find(|(target, _)| *target == number)?;
        Some(target.clone())
    }

    fn add(&self, number: u32, target: Array) {
        let mut targets = self.targets.borrow_mut();
        if targets.len() > 1 {
            targets.remove(0);
        }
        targets.push((number, target));
    }

    fn post(&self, message: &[JsValue]) {
        if let Some(worker) = &*self.worker.borrow() {
            let message: Array = message.iter().collect();
            // Fails only for what cannot be cloned; handles can.
            let _ = worker.post_message(&message);
        }
    }
}

impl Driver {
    /// Takes up what an earlier visit has left.
    pub(super) fn recall_watching(&self) {
        let is = |key, value| storage::get(key).is_some_and(|kept| kept == value);
        let (off, repeats) = (is(WATCH, "off"), is(REPEAT, "on"));
        self.tell(|board| board.set_watching(off, repeats));
    }

    /// Files are to be watched, or not, from now on.
    pub(crate) fn switch_watch(&self, on: bool) {
        storage::set(WATCH, if on { "on" } else { "off" });
        self.act(|board| board.switch_watch(on));
    }

    /// The last call is to be repeated after each rebuild, or not.
    pub(crate) fn switch_repeat(&self, on: bool) {
        storage::set(REPEAT, if on { "on" } else { "off" });
        self.change(|board| board.switch_repeat(on));
    }

    /// Does what the board asks for.
    pub(super) fn ask_watcher(&self, ask: &Ask) {
        let watcher = self.watcher();
        match ask {
            Ask::Follow(target) => {
                let found = target.and_then(|target| watcher.target(target));
                if found.is_some() && watcher.worker.borrow().is_none() {
                    self.spawn_watcher();
                }
                let found = found.map_or(JsValue::NULL, JsValue::from);
                watcher.post(&["follow".into(), (*target).into(), found]);
            }
            Ask::Watch(on) => watcher.post(&["watch".into(), (*on).into()]),
            Ask::Look => watcher.post(&["look".into()]),
            Ask::Read => watcher.post(&["read".into()]),
        }
    }

    fn spawn_watcher(&self) {
        let worker = beside_the_page(SCRIPT).and_then(|url| Worker::new(&url).ok());
        let document = web_sys::window().and_then(|window| window.document());
        let (Some(worker), Some(document)) = (worker, document) else {
            return;
        };
        let (driver, seen) = (self.weak(), self.weak());
        let told = EventListener::new(&worker, "message", move |event| {
            let said = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
            if let (Some(driver), Some(said)) = (driver(), said) {
                driver.hear_watcher(&said.unchecked_into());
            }
        });
        let is_seen = document.clone();
        let visible = EventListener::new(&document, "visibilitychange", move |_| {
            if let Some(driver) = seen() {
                let message = ["visible".into(), (!is_seen.hidden()).into()];
                driver.watcher().post(&message);
            }
        });
        *self.watcher().listeners.borrow_mut() = vec![told, visible];
        *self.watcher().worker.borrow_mut() = Some(worker);
    }

    fn hear_watcher(&self, said: &Array) {
        let text = |place| said.get(place).as_string().unwrap_or_default();
        let count = |place| said.get(place).as_f64().map(number);
        let target = u32::try_from(count(0).unwrap_or(0)).unwrap_or(0);
        let look = match &*text(1) {
            "there" => Look::There {
                stamp: text(2),
                size: count(3),
                time: text(4),
            },
            "gone" => Look::Gone,
            "forbidden" => Look::Forbidden,
            "failed" => Look::Failed(text(2)),
            "copied" => {
                let copied = Copied {
                    name: text(2),
                    stamp: text(3),
                    size: count(4).unwrap_or(0),
                    time: text(5),
                    is_cut: said.get(6).is_truthy(),
                };
                let rebuilt = self.tell(|board| board.watch_copied(target, &copied));
                if let (Some(rebuilt), Ok(file)) = (rebuilt, said.get(7).dyn_into::<Blob>()) {
                    self.load_copy(copied.name, file, rebuilt);
                    let found = self.watcher().target(target);
                    if let Some(url) = found.and_then(|found| found.get(1).as_string()) {
                        self.tell(|board| board.comes_from("url", &url));
                    }
                }
                return self.redraw();
            }
            "progress" => {
                let progress = (count(2).unwrap_or(0), count(3).unwrap_or(0));
                return self.change(|board| board.fetched(target, progress));
            }
            "lost" => return self.act(|board| board.fetch_failed(target, &text(2))),
            "missed" => return self.tell(|board| board.watch_missed(target)),
            "mute" => return self.change(|board| board.stop_watch(target, MUTE)),
            "source" => {
                let has_module =
                    |board: &Board| board.plugged().is_some() || board.loading().is_some();
                let is_of_it = self.board().target() == Some(target) && has_module(&self.board());
                if is_of_it {
                    let files: Vec<JsValue> = said.iter().skip(2).collect();
                    self.take_source(&files);
                }
                return;
            }
            _ => return,
        };
        let (shows, effects) = self.tell(|board| board.watch_saw(target, look));
        self.carry_out(effects);
        if shows {
            self.redraw();
        }
    }

    /// Takes in Go files that have changed: each a name and a text, or nothing once it is gone.
    fn take_source(&self, files: &[JsValue]) {
        let mut texts = Vec::new();
        for file in files.chunks(2) {
            let [name, text] = file else { continue };
            let name = name.as_string().unwrap_or_default();
            match text.as_string() {
                Some(text) => texts.push((name, text)),
                None => self.act(|board| board.remove_source(&name)),
            }
        }
        if !texts.is_empty() {
            self.act(|board| board.add_source(&texts));
        }
    }

    /// Has the module, which was loaded from `file`, watched by the handles that are promised; and its Go
    /// files.
    pub(super) fn watch_promised(&self, promised: Option<Promise>, file: &File) {
        let (name, load) = (file.name(), self.loads());
        let stamp = format!("{}/{}", file.last_modified(), file.size());
        let Some(promised) = promised else {
            return self.change(|board| board.cannot_watch(&name, why_not()));
        };
        let driver = self.clone();
        spawn_local(async move {
            let handles = handles(promised).await;
            if driver.loads() != load {
                return;
            }
            let is_it = |handle: JsValue| get(&handle, "name") == name.as_str();
            if handles.iter().any(is_it) {
                driver.follow(&target(&handles, &JsValue::NULL, &name, true), Some(stamp));
            } else {
                driver.change(|board| board.cannot_watch(&name, why_not()));
            }
        });
    }

    /// Has Go files watched beside the module that is.
    pub(super) fn watch_source(&self, promised: Promise) {
        let driver = self.clone();
        spawn_local(async move {
            let more = handles(promised).await;
            let number = driver.board().target();
            let target = number.and_then(|number| driver.watcher().target(number));
            if let Some(target) = target {
                target.set(
                    0,
                    target.get(0).unchecked_into::<Array>().concat(&more).into(),
                );
                target.set(3, true.into());
                driver.ask_watcher(&Ask::Follow(number));
            }
        });
    }

    /// Loads the newest module of a folder, with its Go source, and watches both.
    pub(super) fn watch_folder(&self, promised: Promise) {
        let driver = self.clone();
        let name = self.board().plugged().map(|it| it.info.name.clone());
        spawn_local(async move {
            let handles = handles(promised).await;
            if handles.length() > 0 {
                let name = name.unwrap_or_default();
                driver.follow(&target(&handles, &JsValue::NULL, &name, false), None);
            }
        });
    }

    /// Loads the module at an address, and watches that.
    pub(crate) fn open_url(&self, address: &str) {
        let window = web_sys::window();
        let base = window.and_then(|window| window.location().href().ok());
        let url = web_sys::Url::new_with_base(address.trim(), &base.unwrap_or_default());
        let is_web = |url: &web_sys::Url| matches!(&*url.protocol(), "http:" | "https:");
        let why = match &url {
            Ok(url) if !is_web(url) => "only http and https addresses can be opened",
            Ok(url) if !url.username().is_empty() || !url.password().is_empty() => {
                "leave the name and the password out of the address: Plugboard sends none"
            }
            Ok(_) => "",
            Err(_) => "this is not an address: it begins with https://",
        };
        let Some(url) = url.ok().filter(|_| why.is_empty()) else {
            return self.act(|board| board.load_failed(address, why));
        };
        url.set_hash("");
        let name = url.pathname();
        let name = name.rsplit('/').find(|name| !name.is_empty());
        let name = name.unwrap_or("plugin.wasm").to_owned();
        self.new_load();
        self.act(|board| board.begin_load(&name));
        self.follow(
            &target(&Array::new(), &url.href().into(), &name, true),
            None,
        );
    }

    /// The target of this number as it is kept; its Go files may be others by the time that it is taken again.
    pub(super) fn kept_target(&self, watches: &Watches) -> Option<Array> {
        let target = self.watcher().target(watches.target)?;
        let handles: Array = target.get(0).unchecked_into();
        let kept = self::target(&handles, &target.get(1), &watches.name, false);
        kept.push(&JsValue::from_str(&watches.stamp));
        Some(kept)
    }

    /// Has the plugin that came back watched as it was, unless something is by now.
    pub(super) fn watch_again(&self, kept: &Array) {
        if self.board().watched().is_none() {
            self.follow(kept, kept.get(4).as_string());
        }
    }

    fn follow(&self, target: &Array, stamp: Option<String>) {
        let number = self.tell(Board::new_target);
        self.watcher().add(number, target.clone());
        let name = target.get(2).as_string().unwrap_or_default();
        self.act(|board| board.watch(number, &name, stamp));
    }

    /// Has the person asked whether the page may read what is watched.
    pub(crate) fn allow_watched(&self) {
        let number = self.board().target();
        let Some(target) = number.and_then(|number| self.watcher().target(number)) else {
            return;
        };
        let driver = self.clone();
        let handles: Array = target.get(0).unchecked_into();
        spawn_local(async move {
            for handle in handles.iter() {
                // What is not allowed is seen by the next look.
                let _ = promised(&handle, "requestPermission", &JsValue::UNDEFINED).await;
            }
            driver.ask_watcher(&Ask::Look);
        });
    }

    /// Loads a file that was picked to replace the one on the board.
    pub(crate) fn take_again(&self, picked: Picked) {
        let name = self.board().plugged().map(|it| it.info.name.clone());
        let file = picked.module.clone();
        match file.filter(|file| Some(file.name()) == name) {
            Some(file) => {
                self.load_copy(file.name(), file.into(), true);
                self.take_source_of(picked);
            }
            None => self.take(picked),
        }
    }

    /// Opens the browser's dialog whose files can be watched; whether it has one.
    pub(crate) fn pick(&self) -> bool {
        let Some(window) = web_sys::window().filter(|window| has(window, "showOpenFilePicker"))
        else {
            return false;
        };
        let driver = self.clone();
        let types = JSON::parse(TYPES).unwrap_or_default();
        let picked = promised(&window, "showOpenFilePicker", &types);
        spawn_local(async move {
            // Whoever closes it wants nothing.
            let Ok(handles) = picked.await else { return };
            let handles: Array = handles.unchecked_into();
            let mut files = Vec::new();
            for handle in handles.iter() {
                let file = promised(&handle, "getFile", &JsValue::UNDEFINED).await;
                files.extend(file.ok().and_then(|file| file.dyn_into::<File>().ok()));
            }
            let handles = Promise::all_settled(&handles);
            driver.take_with(Picked::of(files), Some(handles));
        });
        true
    }

    /// Asks for a folder, whose module and Go source are watched.
    pub(crate) fn pick_folder(&self) {
        let Some(window) = web_sys::window() else {
            return;
        };
        let driver = self.clone();
        let picked = promised(&window, "showDirectoryPicker", &JsValue::UNDEFINED);
        spawn_local(async move {
            if let Ok(folder) = picked.await {
                driver.watch_folder(Promise::all_settled(&Array::of1(&folder)));
            }
        });
    }
}

/// Whether a folder can be asked for.
pub(crate) fn can_pick_folders() -> bool {
    web_sys::window().is_some_and(|window| has(&window, "showDirectoryPicker"))
}

/// The text of a property.
fn get(of: &JsValue, name: &str) -> String {
    let value = Reflect::get(of, &name.into()).ok();
    value
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

fn has(of: &JsValue, method: &str) -> bool {
    Reflect::get(of, &method.into()).is_ok_and(|method| method.is_function())
}

/// Calls a method that promises something.
pub(super) fn promise(of: &JsValue, method: &str, with: &JsValue) -> Option<Promise> {
    let method = Reflect::get(of, &method.into()).ok()?;
    let promise = method.dyn_ref::<Function>()?.call1(of, with);
    promise.ok()?.dyn_into().ok()
}

/// The promise is made at once: it may need the click that asked for it.
fn promised(
    of: &JsValue,
    method: &str,
    with: &JsValue,
) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
    let promise = promise(of, method, with);
    async move {
        match promise {
            Some(promise) => JsFuture::from(promise).await,
            None => Err(JsValue::NULL),
        }
    }
}

/// The handles that are promised, as far as there are any.
async fn handles(settled: Promise) -> Array {
    let settled = JsFuture::from(settled).await;
    let settled = settled.map_or_else(|_| Array::new(), |settled| Array::from(&settled));
    let handles = settled.iter().filter_map(|handle| {
        let handle = Reflect::get(&handle, &"value".into()).ok()?;
        handle.is_object().then_some(handle)
    });
    handles.collect()
}

fn target(handles: &Array, address: &JsValue, name: &str, knows_source: bool) -> Array {
    Array::of4(handles, address, &name.into(), &knows_source.into())
}

/// Why a file without a handle is not watched.
fn why_not() -> &'static str {
    match web_sys::window() {
        Some(window) if has(&window, "showOpenFilePicker") => NO_HANDLE,
        _ => NO_API,
    }
}
