//! A session as a link, or as a file, and back.

use super::super::{dom, files, store};
use super::{Driver, size};
use crate::protocol::Place;
use crate::ui::state::Board;
use crate::ui::state::files::Added;
use crate::ui::state::go_source::Binary;
use crate::ui::state::maps;
use crate::ui::state::share::{Module, file_to_json, left_out};
use serde_json::{Map, Value as Json};
use wasm_bindgen::JsValue;
use web_sys::Blob;

/// Bytes of a module, compressed, that a link carries at most.
const LINK_MODULE: usize = 32 << 10;

/// Bytes of files that a link carries at most.
const LINK_FILES: u64 = 16 << 10;

/// Bytes that a session file carries at most.
const FILE_BYTES: u64 = 64 << 20;

/// Bytes at most that come out of what was compressed.
const MOST_UNPACKED: f64 = 256e6;

impl Driver {
    /// Opens what stands in the page's address, if something does.
    pub(super) fn open_link(&self) {
        const TITLE: &str = "This link";
        let link = store::link();
        if link.is_empty() {
            return;
        }
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let Some(packed) = link.strip_prefix("s=") else {
                let words = link.split('&').filter_map(|word| {
                    let (key, value) = word.split_once('=')?;
                    let value = js_sys::decode_uri_component(&value.replace('+', "%20")).ok()?;
                    Some((key.to_owned(), String::from(value)))
                });
                let words: Vec<_> = words.collect();
                driver.change(|board| board.offer_link(TITLE, &words));
                return;
            };
            let packed = packed.replace('-', "+").replace('_', "/");
            let text = match store::unpack(&packed, MOST_UNPACKED).await {
                Ok(text) => files::text_of(&text).await,
                Err(reason) => Err(reason),
            };
            driver.change(|board| match text {
                Ok(text) => board.offer_session(TITLE, &text),
                Err(reason) => board.refuse_session(TITLE, &reason),
            });
        });
    }

    /// Opens a session file that was dropped or picked.
    pub(super) fn open_session(&self, name: String, file: Blob) {
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let text = files::text_of(&file).await;
            driver.change(|board| match text {
                Ok(text) => board.offer_session(&name, &text),
                Err(reason) => board.refuse_session(&name, &reason),
            });
        });
    }

    /// What was offered is wanted.
    pub(crate) fn agree_to_session(&self) {
        let Some(offered) = self.board().offered_session().cloned() else {
            return;
        };
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let mut binaries = Vec::new();
            for (text, data) in offered.binaries() {
                if let Ok(file) = store::unpack(data, MOST_UNPACKED).await
                    && let Some(now) = driver.keep_binary(&file).await
                {
                    binaries.push((text.to_owned(), now));
                }
            }
            driver.tell(|board| board.settle_binaries(&binaries));
            let Some(offered) = driver.board().offered_session().cloned() else {
                return;
            };
            let mut added = Vec::new();
            let mut shared = Vec::new();
            for (at, data) in offered.shared_files() {
                let mut bytes = None;
                if let Some(data) = data {
                    match store::unpack(data, MOST_UNPACKED).await {
                        Ok(file) => {
                            bytes = Some(size(&file));
                            shared.push((at.clone(), file));
                        }
                        Err(reason) => {
                            return driver
                                .change(|board| board.refuse_session(&offered.title, &reason));
                        }
                    }
                }
                added.push(Added { at, size: bytes });
            }
            let stdin = match offered.stdin() {
                Some(data) => store::unpack(data, MOST_UNPACKED).await.ok(),
                None => None,
            };
            let module = match &offered.module {
                Module::Within(packed) => match store::unpack(packed, MOST_UNPACKED).await {
                    Ok(module) => Some(module),
                    Err(reason) => {
                        return driver
                            .change(|board| board.refuse_session(&offered.title, &reason));
                    }
                },
                _ => None,
            };
            *driver.0.shared.borrow_mut() = (shared, stdin);
            if offered.module == Module::Source {
                let id = js_sys::Date::now().to_string();
                driver.reopen_program(&id, &offered.json.to_string());
                return driver.act(|board| board.opened_source(added));
            }
            driver.change(|board| board.agree_to_session(added));
            match &offered.module {
                Module::Sample(sample) => driver.load_sample(*sample),
                Module::Url(url) => driver.open_url(url),
                Module::Within(_) => {
                    if let Some(module) = module {
                        driver.load(offered.name.clone(), module);
                    }
                }
                Module::Source | Module::Missing => driver.act(Board::open_what_was_agreed_to),
            }
        });
    }

    /// The files of what is opened come to those of the plugin.
    pub(super) fn add_shared(&self) {
        let (files, stdin) = std::mem::take(&mut *self.0.shared.borrow_mut());
        maps::add(&mut self.0.added.borrow_mut(), files.into_iter());
        if stdin.is_some() {
            self.0.stdin.borrow_mut()[0] = stdin;
            self.send_stdin();
        }
    }

    /// Copies a link to what is on the board.
    pub(crate) fn copy_link(&self) {
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let Some((json, mut without)) = driver.session(true).await else {
                return;
            };
            let packed = store::pack(&JsValue::from_str(&json.to_string())).await;
            let (message, alarm) = match packed {
                Ok(packed) => {
                    let packed = packed.replace('+', "-").replace('/', "_");
                    let link = format!("{}#s={}", dom::address(), packed.trim_end_matches('='));
                    dom::copy(&link);
                    let has_module = ["module", "from", "own"]
                        .iter()
                        .any(|key| json.get(key).is_some());
                    if !has_module {
                        without.insert(0, "the module".to_owned());
                    }
                    let without = match &without[..] {
                        [] => String::new(),
                        without => format!("; not in it: {}", without.join(", ")),
                    };
                    let length = link.len();
                    (
                        format!(
                            "a link of {length} characters was copied: it carries the settings, with the environment, \
                              the arguments and the answers{without}"
                        ),
                        false,
                    )
                }
                Err(reason) => (format!("no link can be made: {reason}"), true),
            };
            driver.change(|board| board.shared(&message, alarm));
        });
    }

    /// Offers all that belongs to the plugin on the board as a file.
    pub(crate) fn save_session(&self) {
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let Some((json, without)) = driver.session(false).await else {
                return;
            };
            let name = json
                .get("plugin")
                .and_then(|plugin| plugin.get("name")?.as_str());
            let name = name.unwrap_or("plugin.wasm").trim_end_matches(".wasm");
            files::download(
                &format!("{name}.plugboard.json"),
                format!("{json:#}").as_bytes(),
            );
            if !without.is_empty() {
                let message = format!(
                    "not in the session file, since they are too large or cannot be read: {}",
                    without.join(", ")
                );
                driver.change(|board| board.shared(&message, true));
            }
        });
    }

    /// The session with what is to be had with it, and what is too large for that.
    async fn session(&self, link: bool) -> Option<(Json, Vec<String>)> {
        let mut json = self.board().session()?;
        let object = json.as_object_mut()?;
        let mut without = Vec::new();
        let mut room = if link { LINK_FILES } else { FILE_BYTES };
        if link {
            object.remove("history");
        }
        let module = self.0.files.borrow().good.clone();
        if let Some((name, module)) = module.filter(|_| !link || object.get("from").is_none()) {
            let packed = store::pack(&module).await.ok();
            let most = if link {
                LINK_MODULE / 3 * 4
            } else {
                usize::MAX
            };
            match packed.filter(|packed| packed.len() <= most && (link || size(&module) <= room)) {
                Some(packed) => {
                    object.insert("module".to_owned(), packed.into());
                    room = room.saturating_sub(if link { 0 } else { size(&module) });
                }
                None if !link => without.push(name),
                None => {}
            }
        }
        let mut files = Vec::new();
        let mut left: Vec<Place> = Vec::new();
        for (at, file) in self.files_to_keep() {
            let data = match &file {
                Some(file) if size(file) > room => {
                    left.push(at);
                    continue;
                }
                Some(file) => {
                    // One that was picked may be gone from the disk.
                    let Ok(data) = store::pack(file).await else {
                        left.push(at);
                        continue;
                    };
                    room -= size(file);
                    Some(data)
                }
                None => None,
            };
            files.push(file_to_json(&at, data));
        }
        if !files.is_empty() {
            object.insert("files".to_owned(), files.into());
        }
        if self.board().owns_source() {
            without.extend(self.share_binaries(object, &mut room).await);
        }
        let stdin = self.0.stdin.borrow()[0].clone();
        match stdin {
            Some(file) if size(&file) <= room => match store::pack(&file).await {
                Ok(data) => {
                    object.insert("stdin".to_owned(), data.into());
                }
                Err(_) => without.push("the file for stdin".to_owned()),
            },
            Some(_) => without.push("the file for stdin".to_owned()),
            None => {}
        }
        if !left.is_empty() {
            without.push(left_out(&left));
        }
        Some((json, without))
    }

    /// Puts the files of the program that are no texts into a session, as far as there is room; the paths of the others,
    /// which are no files of it then.
    async fn share_binaries(&self, session: &mut Map<String, Json>, room: &mut u64) -> Vec<String> {
        let mut data = Map::new();
        let mut left = Vec::new();
        let source = session.get("source").and_then(Json::as_object);
        for (path, text) in source.into_iter().flatten() {
            let Some(text) = text.as_str().filter(|text| Binary::of(text).is_some()) else {
                continue;
            };
            let file = self.binary(text).filter(|file| size(file) <= *room);
            let packed = match &file {
                Some(file) => store::pack(file).await.ok(),
                None => None,
            };
            match packed {
                Some(packed) => {
                    *room -= file.as_ref().map_or(0, size);
                    data.insert(text.to_owned(), packed.into());
                }
                None => left.push(path.clone()),
            }
        }
        if let Some(source) = session.get_mut("source").and_then(Json::as_object_mut) {
            source.retain(|path, _| !left.contains(path));
        }
        if !data.is_empty() {
            session.insert("binary".to_owned(), data.into());
        }
        left
    }
}
