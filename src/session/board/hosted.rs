//! The host that a module runs with, if it is written for a framework.

use super::Board;
use crate::engine::Callee;
use crate::hosts::{Kind, recognise};
use crate::protocol::hosts::Chosen;
use crate::vfs::Fs;

impl Board {
    /// Chooses the host that the module is recognised to be written for.
    pub(super) fn recognise(&mut self) {
        self.recognised = recognise(&self.info, &self.bytes);
        self.host = self.recognised.as_ref().and_then(|found| found.kind);
        if self.host.is_some() {
            self.plug();
        }
    }

    /// Runs with this host from now on, in a fresh instance.
    #[inline(never)]
    pub(in crate::session) fn choose_host(&mut self, host: Option<Kind>, rest: &mut Fs) {
        self.reset(rest);
        self.host = host;
        self.plug();
    }

    /// Plugs the imports that the host answers into it, and the others into what answered them.
    fn plug(&mut self) {
        for (import, socket) in self.info.imports.iter().zip(&mut self.sockets) {
            socket.callee = Callee::of(import, self.host);
        }
    }

    /// What is told of the host; `None`: the module is written for no framework, and runs with none.
    pub(in crate::session) fn host(&self) -> Option<Chosen> {
        if self.recognised.is_none() && self.host.is_none() {
            return None;
        }
        Some(self.told_host())
    }

    /// The same, be there a host or none.
    pub(in crate::session) fn told_host(&self) -> Chosen {
        let exports = self.info.exports.iter();
        let forms = exports.filter_map(|export| {
            let form = self.host?.form(&self.info, &export.name)?;
            Some((export.name.clone(), form))
        });
        let places = (0u32..).zip(&self.sockets);
        let serves = places.filter(|(_, socket)| matches!(socket.callee, Callee::Hosted { .. }));
        Chosen {
            recognised: self.recognised.clone(),
            kind: self.host,
            forms: forms.collect(),
            serves: serves.map(|(place, _)| place).collect(),
        }
    }
}
