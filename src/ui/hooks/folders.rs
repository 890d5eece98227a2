//! Files and folders that are dropped. A folder is read without the page waiting for it.

use super::picked::{Entry, all};
use super::watch::promise;
use js_sys::{Array, Function, Promise};
use std::collections::VecDeque;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

/// Directories within directories that are gone into at most: what is deeper leads round.
const MOST_DEPTH: usize = 100;

/// What was dropped. Both can only be had while the event is.
pub(crate) struct Dropped {
    pub(super) files: Vec<File>,
    pub(super) folders: Vec<Folder>,
    /// The handles of both, where the browser has such.
    pub(super) handles: Option<Promise>,
}

/// A folder that was dropped.
pub(super) struct Folder {
    entry: FileSystemDirectoryEntry,
    /// Its path, from what was dropped on.
    path: String,
    depth: usize,
}

impl Folder {
    fn new(entry: FileSystemEntry, path: String, depth: usize) -> Self {
        let entry = entry.unchecked_into();
        Self { entry, path, depth }
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

impl Dropped {
    pub(crate) fn of(data: &DataTransfer) -> Self {
        let items = data.items();
        let mut folders = Vec::new();
        let mut files = Vec::new();
        let handles = Array::new();
        for index in 0..items.length() {
            let Some(item) = items.get(index).filter(|item| item.kind() == "file") else {
                continue;
            };
            if let Some(handle) = promise(&item, "getAsFileSystemHandle", &JsValue::UNDEFINED) {
                handles.push(&handle);
            }
            match item.webkit_get_as_entry().ok().flatten() {
                Some(entry) if entry.is_directory() => {
                    let path = entry.name();
                    folders.push(Folder::new(entry, path, 0));
                }
                _ => files.extend(item.get_as_file().ok().flatten()),
            }
        }
        if folders.is_empty() && files.is_empty() {
            files = data.files().map(|files| all(&files)).unwrap_or_default();
        }
        Self {
            files,
            folders,
            // Asked for here, so that no failure is one that nobody has heard of.
            handles: (handles.length() > 0).then(|| Promise::all_settled(&handles)),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty()
    }

    /// Whether it is files that a program may have, and neither a module nor a session.
    pub(super) fn is_part_of_a_program(&self) -> bool {
        let is_other = |file: &File| {
            let name = file.name().to_ascii_lowercase();
            [".wasm", ".json", ".tar"]
                .iter()
                .any(|end| name.ends_with(end))
        };
        self.folders.is_empty() && !self.files.iter().any(is_other)
    }

    /// Whether there is a Go file.
    pub(super) fn has_go(&self) -> bool {
        self.files.iter().any(|file| file.name().ends_with(".go"))
    }

    /// Whether it is a module and nothing else.
    pub(crate) fn is_a_module(&self) -> bool {
        match (self.files.as_slice(), self.folders.as_slice()) {
            ([file], []) => file.name().to_ascii_lowercase().ends_with(".wasm"),
            _ => false,
        }
    }
}

/// Reads a folder, and those in it, and gives `found` what is there bit by bit, until it does not
/// want any more. A directory with nothing in it is found itself. Tells how many could not be read.
pub(super) async fn read(folder: Folder, found: impl Fn(Vec<Entry>) -> bool) -> u64 {
    let mut unread = 0;
    let mut folders = VecDeque::from([folder]);
    while let Some(Folder { entry, path, depth }) = folders.pop_front() {
        let reader = entry.create_reader();
        let mut is_empty = true;
        loop {
            // It gives some at a time, and none when there are no more.
            let entries = asked(|resolve, reject| {
                reader.read_entries_with_callback_and_callback(resolve, reject)
            });
            let Ok(entries) = entries.await else {
                unread += 1;
                break;
            };
            let entries: Array = entries.unchecked_into();
            if entries.length() == 0 {
                break;
            }
            is_empty = false;
            let mut some = Vec::new();
            for entry in entries.iter() {
                let entry: FileSystemEntry = entry.unchecked_into();
                let path = format!("{path}/{}", entry.name());
                if !entry.is_directory() {
                    match file(entry.unchecked_ref()).await {
                        Some(file) => some.push((path, Some(file.into()))),
                        None => unread += 1,
                    }
                } else if depth < MOST_DEPTH {
                    folders.push_back(Folder::new(entry, path, depth + 1));
                } else {
                    unread += 1;
                }
            }
            if !found(some) {
                return 0;
            }
        }
        if is_empty && !found(vec![(path, None)]) {
            return 0;
        }
    }
    unread
}

async fn file(entry: &FileSystemFileEntry) -> Option<File> {
    let file = asked(|resolve, reject| {
        entry.file_with_callback_and_callback(resolve, reject);
        Ok(())
    });
    file.await.ok()?.dyn_into().ok()
}

/// What a function with two callbacks, for the result and for an error, comes to.
async fn asked(
    ask: impl Fn(&Function, &Function) -> Result<(), JsValue>,
) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        if let Err(error) = ask(&resolve, &reject) {
            // Nobody is there to hear of what this returns.
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    JsFuture::from(promise).await
}
