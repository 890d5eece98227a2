//! What outlives the visit: each plugin that was on the board, with all that belongs to it.

use super::board::{Board, Effect};
use super::console::Source;
use super::files::Added;
use super::plugin::is_same;
use super::recent::{About, MOST, Recent};
use super::shared::Shared;
use crate::protocol::InstanceState;
use serde_json::{Map, Value as Json};

/// What there is to be kept of the plugin on the board.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Keep {
    pub(crate) recent: Recent,
    /// What belongs to it, as it is kept.
    pub(crate) session: String,
}

impl Board {
    /// What was kept on earlier visits, as id and text each; or why nothing can be kept.
    pub(crate) fn set_recent(&mut self, kept: Result<Vec<(String, String)>, String>) {
        match kept {
            Ok(kept) => {
                let kept = kept.iter();
                let mut recent: Vec<Recent> = Vec::new();
                for one in kept.filter_map(|(id, text)| Recent::from_json(id, text)) {
                    let place = recent.partition_point(|other| other.when >= one.when);
                    recent.insert(place, one);
                }
                self.recent = Shared::new(recent);
            }
            Err(reason) => self.cannot_keep(&reason),
        }
    }

    /// Whether something has come, since that was asked, that is to be kept.
    pub(crate) fn has_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Whether what is kept of the plugin of this id is to come.
    pub(crate) fn is_recalling(&self, id: &str) -> bool {
        self.recalling.as_deref() == Some(id)
    }

    /// The hash of the module that is kept of a plugin.
    pub(crate) fn recent_hash(&self, id: &str) -> Option<String> {
        let recent = self.recent.iter().find(|one| one.id == id);
        recent.and_then(|one| one.about.hash.clone())
    }

    /// The plugins that are kept, the one that was used last first.
    pub(crate) fn recent(&self) -> &Shared<Vec<Recent>> {
        &self.recent
    }

    /// Why nothing is kept.
    pub(crate) fn unkept(&self) -> Option<&str> {
        self.unkept.as_deref()
    }

    /// What there is cannot be kept.
    pub(crate) fn cannot_keep(&mut self, reason: &str) {
        // Once: it will be tried again with whatever happens next.
        if self.unkept.is_none() && self.plugged.is_some() {
            let message = format!(
                "this browser keeps nothing of what you do here: it is gone when the page is ({reason})"
            );
            self.say(Source::Alarm, &message);
        }
        self.unkept = Some(reason.to_owned());
    }

    /// The module that is loading is kept under this name if it is a plugin that nothing is known of, and
    /// the hash of its file is computed: nothing is decided before.
    pub(crate) fn expect(&mut self, id: String) {
        if let Some(loading) = &mut self.loading {
            let loading = loading.make_mut();
            loading.id = id;
            loading.hashing = true;
        }
    }

    /// Where the module that is loading can be had, as it is written in a session.
    pub(crate) fn comes_from(&mut self, kind: &str, place: &str) {
        if let Some(loading) = &mut self.loading {
            let mut origin = Map::new();
            origin.insert(kind.to_owned(), place.into());
            loading.make_mut().origin = Some(Json::Object(origin));
        }
    }

    /// The hash of the file is known, or cannot be.
    pub(crate) fn hashed(&mut self, hash: Option<String>) {
        if let Some(loading) = &mut self.loading {
            let loading = loading.make_mut();
            loading.hash = hash;
            loading.hashing = false;
        }
    }

    /// The plugin that a file is, if it was on the board before: the same one, else the last of its kind.
    pub(super) fn find_recent(&self, id: &str, about: &About) -> Option<&Recent> {
        let is_file = |one: &&Recent| one.about.hash.is_some() && one.about.hash == about.hash;
        let mut recent = self.recent.iter();
        recent
            .clone()
            .find(|one| one.id == id)
            .or_else(|| recent.clone().find(is_file))
            .or_else(|| recent.find(|one| is_same(&one.about, about)))
    }

    /// What is to be kept of the plugin on the board at this time, in milliseconds since 1970.
    pub(crate) fn keep(&self, when: u64) -> Option<Keep> {
        let Some(plugged) = self.plugged.as_ref() else {
            return self.keep_program(when);
        };
        if self.is_recalling(&plugged.id)
            || self.loading.is_some()
            || !plugged.ready
            || plugged.id.is_empty()
        {
            return None;
        }
        let session = self.session()?.to_string();
        let files = self.given.kept.all().filter_map(|added| added.size);
        let stdin = self.given.settings.stdin.file.as_ref();
        let kept = plugged.info.size
            + files.sum::<u64>()
            + self.binary_bytes()
            + stdin.map_or(0, |file| file.size)
            + session.len() as u64;
        let recent = Recent {
            id: plugged.id.clone(),
            about: plugged.about.clone(),
            when,
            kept,
        };
        Some(Keep { recent, session })
    }

    /// What the files of the program take that are no texts.
    fn binary_bytes(&self) -> u64 {
        match self.owns_source() {
            true => self.binaries().map(|it| it.size).sum(),
            false => 0,
        }
    }

    /// The same of the program that is written here, without a module.
    fn keep_program(&self, when: u64) -> Option<Keep> {
        let program = self.program.as_ref().filter(|it| !it.id.is_empty())?;
        let session = self.session()?.to_string();
        let about = About {
            name: program.name.clone(),
            ..About::default()
        };
        let recent = Recent {
            id: program.id.clone(),
            about,
            when,
            kept: session.len() as u64 + self.binary_bytes(),
        };
        Some(Keep { recent, session })
    }

    /// What was kept of a program without a module comes onto the empty board again; whether it can be read.
    pub(crate) fn reopen_program(&mut self, id: &str, session: &str) -> Option<Vec<Effect>> {
        let json: Json = serde_json::from_str(session).ok()?;
        json.get("own")?.as_object()?;
        let mut effects = self.begin_program(id.to_owned(), &[]);
        effects.extend(self.take_session(&json, true).ok()?);
        let recent = self.recent.iter().find(|one| one.id == id);
        if let (Some(recent), Some(program)) = (recent, &mut self.program) {
            program.name.clone_from(&recent.about.name);
        }
        Some(effects)
    }

    /// The files and directories that are kept for its guests.
    pub(crate) fn kept_files(&self) -> impl Iterator<Item = Added> {
        self.given.kept.all()
    }

    /// That was kept. Tells which plugins are too many now.
    pub(crate) fn kept(&mut self, kept: Recent) -> Vec<String> {
        self.unkept = None;
        let recent = self.recent.make_mut();
        recent.retain(|one| one.id != kept.id);
        recent.insert(0, kept);
        let end = recent.len().min(MOST);
        recent.drain(end..).map(|one| one.id).collect()
    }

    /// Nothing is kept of a plugin any more. If it is the one on the board, it will not be on this visit.
    pub(crate) fn forget_recent(&mut self, id: &str) {
        self.recent.make_mut().retain(|one| one.id != id);
        let plugged = self.plugged.as_mut().filter(|plugged| plugged.id == id);
        if let Some(plugged) = plugged {
            plugged.make_mut().id.clear();
        }
        if let Some(program) = self.program.as_mut().filter(|program| program.id == id) {
            program.id.clear();
        }
    }

    /// What was kept of the plugin that came onto the board; `None`: nothing can be had.
    pub(crate) fn come_back(&mut self, id: &str, kept: Option<(&str, Vec<Added>)>) -> Vec<Effect> {
        let is_there = self
            .plugged
            .as_ref()
            .is_some_and(|plugged| plugged.id == id);
        if !is_there {
            return Vec::new();
        }
        self.recalling = None;
        let Some((session, files)) = kept else {
            return self.open_what_was_agreed_to();
        };
        let session: Json = serde_json::from_str(session).unwrap_or_default();
        let mut effects = match self.take_session(&session, true) {
            Ok(effects) => effects,
            Err(mistake) => {
                let message = format!("what was kept of this plugin cannot be read: {mistake}");
                self.say(Source::Alarm, &message);
                Vec::new()
            }
        };
        if !files.is_empty() {
            effects.extend(self.add_files("", files));
        }
        effects.extend(self.list_files());
        effects.extend(self.open_what_was_agreed_to());
        effects
    }

    /// Takes the plugin from the board. What belongs to it stays, for when it comes back.
    pub(crate) fn unplug(&mut self) -> Vec<Effect> {
        self.loading = None;
        self.run = None;
        self.refused = None;
        let left = self.leave_program();
        self.given.of = self.plugged.take();
        self.before = None;
        self.switched = false;
        self.offers = false;
        self.selected = None;
        self.finished.clear();
        self.instance = InstanceState::Fresh;
        self.plugins = self.plugins.wrapping_add(1);
        self.clear_console();
        // The worker is another one: what was added is put back.
        self.aside_lost = self.previous.of.is_some();
        let mut effects = left;
        effects.extend(self.put_files_back(false));
        effects.extend(self.look_anew());
        effects
    }
}

#[cfg(test)]
mod tests;
