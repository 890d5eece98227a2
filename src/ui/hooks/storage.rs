//! What outlives the page. Where storage is forbidden or full, nothing is kept, and nothing is said
//! about it.

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was kept under the key.
pub(super) fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Forgets all that was kept under keys that begin so.
pub(super) fn forget(prefix: &str) {
    let Some(storage) = storage() else { return };
    // From the last one on: those behind one that goes move.
    for place in (0..storage.length().unwrap_or(0)).rev() {
        if let Ok(Some(key)) = storage.key(place)
            && key.starts_with(prefix)
        {
            let _ = storage.remove_item(&key);
        }
    }
}

/// Keeps the text under the key.
pub(super) fn set(key: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, text);
    }
}
