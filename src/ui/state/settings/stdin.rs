//! What stdin is to hold.

use crate::protocol::Stdin;

/// Where stdin comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum StdinWay {
    /// The keyboard, while the guest runs.
    #[default]
    Typed,
    /// Nowhere: it is at its end at once.
    Nothing,
    Text,
    File,
}

impl StdinWay {
    pub(crate) const ALL: [Self; 4] = [Self::Typed, Self::Nothing, Self::Text, Self::File];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Typed => "typed while it runs",
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
    /// Whether each key is sent as it is pressed, not each line.
    pub(crate) keys: bool,
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
            StdinWay::Typed => Stdin::Interactive,
            StdinWay::Text if !self.text.is_empty() => Stdin::Bytes(self.text.clone().into_bytes()),
            StdinWay::File if self.file.is_some() => Stdin::File,
            _ => Stdin::Empty,
        }
    }
}
