//! Maps without a sort: each kind of `LiteMap` that is collected brings one of its own, a kilobyte of the download.

use litemap::LiteMap;

/// A map of these; of several with one key, the last.
pub(crate) fn map<K: Ord, V>(entries: impl Iterator<Item = (K, V)>) -> LiteMap<K, V> {
    let mut map = LiteMap::new();
    add(&mut map, entries);
    map
}

/// Adds these to a map.
pub(crate) fn add<K: Ord, V>(map: &mut LiteMap<K, V>, entries: impl Iterator<Item = (K, V)>) {
    for (key, value) in entries {
        map.insert(key, value);
    }
}
