//! What stdin is to hold.

use crate::protocol::Stdin;

/// Where stdin comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum StdinWay {
    /// Nowhere: it is at its end at once.
    #[default]
    Nothing,
    Text,
    File,
}

impl StdinWay {
    pub(crate) const ALL: [Self; 3] = [Self::Nothing, Self::Text, Self::File];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Text => "text",
            Self::File => "a file",
        }
    }
}

/// What is chosen for stdin, and what was typed or picked for each way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StdinForm {
    pub(crate) way: StdinWay,
    pub(crate) text: String,
    /// The file that was picked; its bytes are not the page's.
    pub(crate) file: Option<StdinFile>,
}

/// A file that was picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StdinFile {
    pub(crate) name: String,
    /// In bytes.
    pub(crate) size: u64,
}

impl StdinForm {
    pub(super) fn stdin(&self) -> Stdin {
        match self.way {
            StdinWay::Text if !self.text.is_empty() => Stdin::Bytes(self.text.clone().into_bytes()),
            StdinWay::File if self.file.is_some() => Stdin::File,
            _ => Stdin::Empty,
        }
    }
}
