//! The module on the board, as the page shows it.

use crate::go::value::named;
use crate::module::{Export, Import, Info, Kind};
use crate::ui::state::recent::About;
use crate::ui::state::shared::Shared;
use crate::ui::state::sockets::Socket;
use serde_json::Value as Json;

/// The module, and how its imports are answered.
#[derive(Clone, Debug)]
pub(crate) struct Plugged {
    pub(crate) info: Shared<Info>,
    /// How its imports are answered, in their order.
    pub(crate) sockets: Vec<Socket>,
    /// The framework whose host answers imports, and their places.
    pub(crate) host: Option<(String, Vec<u32>)>,
    /// Whether it is valid and can be called.
    pub(crate) ready: bool,
    /// What it needs that the interpreter does not run.
    pub(crate) elsewhere: Option<String>,
    /// What makes it the plugin that it is.
    pub(super) about: About,
    /// Where the module can be had, as it is written in a session: `{"sample": …}` or `{"url": …}`.
    pub(super) origin: Option<Json>,
    /// What that is kept under; empty: it is not kept.
    pub(super) id: String,
}

impl Plugged {
    pub(super) fn new(info: Info, id: String, hash: Option<String>) -> Self {
        Self {
            sockets: info.imports.iter().map(Socket::new).collect(),
            about: About::of(&info, hash),
            origin: None,
            host: None,
            id,
            info: Shared::new(info),
            ready: false,
            elsewhere: None,
        }
    }

    /// It is the plugin that `from` was: the same file, or that one built anew.
    pub(super) fn take_over(&mut self, from: &Self, again: bool) {
        self.id.clone_from(&from.id);
        if again {
            self.about = from.about.clone();
        }
        self.take_answers(from);
    }

    /// Has the imports answered as those of another module are, where it has them too.
    pub(super) fn take_answers(&mut self, from: &Self) {
        let is = |one: &Import, other: &Import| {
            one.name == other.name && one.module == other.module && one.ty == other.ty
        };
        let sockets = from.info.imports.iter().zip(&from.sockets).enumerate();
        for (place, (import, socket)) in sockets.filter(|(_, it)| it.1.is_chosen()) {
            // One import may be there several times.
            let before = from.info.imports.iter().take(place);
            let before = before.filter(|other| is(other, import)).count();
            let mut places = self.info.imports.iter().zip(&mut self.sockets);
            let mut places = places.by_ref().filter(|(other, _)| is(other, import));
            if let Some((_, to)) = places.nth(before).filter(|(_, to)| !to.is_chosen()) {
                to.clone_from(socket);
            }
        }
    }

    /// The export of the name, if it is a function.
    pub(crate) fn function(&self, name: &str) -> Option<&Export> {
        self.info
            .exports
            .iter()
            .find(|export| export.name == name && export.ty.func().is_some())
    }

    /// The export that somebody most likely wants to call.
    pub(crate) fn likely(&self) -> Option<&Export> {
        let start = self.info.kind.start_export();
        if self.info.kind == Kind::Command {
            return self.function(start?);
        }
        let functions = || {
            self.info
                .exports
                .iter()
                .filter(|export| export.ty.func().is_some())
        };
        functions()
            .find(|export| !is_plumbing(&export.name))
            .or_else(|| functions().next())
    }

    /// Whether the export is what the plugin is there for, and nothing that compilers add.
    pub(crate) fn is_own(&self, export: &Export) -> bool {
        let name = &*export.name;
        (self.info.kind == Kind::Command && self.is_start(name))
            || !(is_plumbing(name) || (name == "memory" && export.ty.func().is_none()))
    }

    /// Whether it may write files: one that opens none cannot.
    pub(crate) fn opens_files(&self) -> bool {
        let mut imports = self.info.imports.iter();
        imports.any(|import| import.is_wasi() && import.name == "path_open")
    }

    /// The framework whose host answers the import at this place.
    pub(crate) fn served_by(&self, place: usize) -> Option<&str> {
        let (host, places) = self.host.as_ref()?;
        let place = u32::try_from(place).ok()?;
        places.contains(&place).then_some(host)
    }

    /// Whether calling the export is what starts the guest.
    pub(crate) fn is_start(&self, export: &str) -> bool {
        self.info.kind.start_export() == Some(export)
    }
}

/// Whether an export of this name is there for the host, not for a person: what compilers add.
pub(crate) fn is_plumbing(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "_start",
        "_initialize",
        "malloc",
        "free",
        "calloc",
        "realloc",
        "cabi_realloc",
        "go_scheduler",
        "resume",
    ];
    NAMES.contains(&name) || name.starts_with("asyncify_") || name.starts_with("__")
}

/// An import as it is written in text: `log.log`.
pub(crate) fn import_name(import: &Import) -> String {
    format!("{}.{}", named(&import.module), named(&import.name))
}
