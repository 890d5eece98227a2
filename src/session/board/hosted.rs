//! The host that a module runs with, if it is written for a framework.

use super::Board;
use crate::engine::Callee;
use crate::hosts::{Kind, Process, Values, recognise, recognise_command};
use crate::protocol::hosts::Chosen;
use crate::vfs::Fs;

impl Board {
    /// Chooses the host that the module is recognised to be written for.
    pub(super) fn recognise(&mut self) {
        let found = recognise(&self.info, &self.bytes);
        self.recognised = found.or_else(|| recognise_command(&self.info, &self.bytes));
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
        let serves = self.places_served();
        Chosen {
            recognised: self.recognised.clone(),
            kind: self.host,
            forms: forms.collect(),
            serves: serves.filter_map(|at| u32::try_from(at).ok()).collect(),
        }
    }

    /// What the guest's process is given for a call by a form, if its host says so.
    pub(in crate::session) fn process(&self, action: &str, values: &Values) -> Option<Process> {
        self.host?.process(action, values)
    }

    /// The names of the imports that the host answers.
    pub(in crate::session) fn served(&self) -> Vec<String> {
        self.places_served()
            .map(|at| self.import_name(at))
            .collect()
    }

    fn places_served(&self) -> impl Iterator<Item = usize> {
        let sockets = self.sockets.iter().enumerate();
        let served = sockets.filter(|(_, it)| matches!(it.callee, Callee::Hosted { .. }));
        served.map(|(place, _)| place)
    }
}
