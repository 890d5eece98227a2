//! What the page and the session say of a framework's host. Such a message is bytes within a command or an event, so that whoever has opened
//! no such plugin needs nothing of it.

use super::CallId;
use crate::hosts::{ByForm, Form, Kind, Recognised, Shown, Values};
use serde::{Deserialize, Serialize};

/// What is asked of the session: a [`Command::Host`](super::Command::Host).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToHost {
    /// The module runs with this host from now on, in a fresh instance; `None`: its imports are answered as any others.
    Choose(Option<Kind>),
    /// Call an export by its form.
    Call {
        /// Names the call.
        call: CallId,
        /// The export.
        export: String,
        /// Which of the form's actions.
        action: String,
        /// What was filled in.
        values: Values,
    },
}

/// What the session says: an [`Event::Host`](super::Event::Host).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromHost {
    /// The module runs with this host from now on: right after [`Event::Read`](super::Event::Read), if it is written for a framework, and
    /// after [`ToHost::Choose`].
    Chosen(Box<Chosen>),
    /// What there is to show of a call, right before its end.
    Shown {
        /// Which.
        call: CallId,
        /// What.
        shown: Box<Shown>,
    },
}

/// The host that a module runs with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// What the module is written for, if that can be seen.
    pub recognised: Option<Recognised>,
    /// The host; `None`: none.
    pub kind: Option<Kind>,
    /// The exports that are called by a form, and their forms.
    pub forms: Vec<(String, Form)>,
    /// The places of the imports that the host answers, in [`Info::imports`](crate::module::Info::imports).
    pub serves: Vec<u32>,
}

impl Chosen {
    /// The form of an export; `None`: it is called by its signature.
    #[must_use]
    pub fn form(&self, export: &str) -> Option<&Form> {
        let mut forms = self.forms.iter();
        forms.find(|(name, _)| name == export).map(|(_, form)| form)
    }

    /// The action of a call by a form that is made again, and all that is filled in for it.
    ///
    /// # Errors
    ///
    /// When the module runs with another host, or the call does not fit the form: says so.
    pub fn fill(&self, export: &str, by_form: &ByForm) -> Result<(String, Values), String> {
        if self.kind != Some(by_form.kind) {
            return Err(format!(
                "it is a call with the host {}, and the module runs with {}",
                by_form.kind.name(),
                self.kind.map_or("none", Kind::name)
            ));
        }
        let form = self.form(export);
        by_form.fill(form.ok_or_else(|| format!("{export} is not called by a form"))?)
    }
}
