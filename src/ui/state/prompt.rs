//! The prompt: where stdin is typed while a guest runs.

use super::board::{Board, Effect};
use crate::protocol::Command;

/// Lines that are remembered.
const MAX_HISTORY: usize = 200;

/// What is typed for a guest that reads stdin as it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prompt {
    /// The line that is being typed.
    text: String,
    /// The lines that were sent, the last one last.
    history: Vec<String>,
    /// How many lines back in the history the text comes from; 0: it is new.
    back: usize,
    /// What was being typed before the history was looked through.
    draft: String,
    /// Whether the end of the file was sent to the run that is there.
    pub(super) ended: bool,
}

impl Prompt {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn enter(&mut self, text: String) {
        self.text = text;
        self.back = 0;
    }

    /// Shows the line that was sent before the one that is shown.
    fn older(&mut self) {
        if self.back == 0 {
            self.draft.clone_from(&self.text);
        }
        self.show(self.back + 1);
    }

    /// Shows the line that was sent after it; after the last one, what was being typed.
    fn newer(&mut self) {
        if let Some(back) = self.back.checked_sub(1) {
            self.show(back);
        }
    }

    fn show(&mut self, back: usize) {
        if back == 0 {
            self.text = std::mem::take(&mut self.draft);
        } else if let Some(place) = self.history.len().checked_sub(back)
            && let Some(line) = self.history.get(place)
        {
            self.text.clone_from(line);
        } else {
            return;
        }
        self.back = back;
    }

    /// Takes the text, to be sent.
    fn take(&mut self) -> String {
        self.back = 0;
        std::mem::take(&mut self.text)
    }

    fn remember(&mut self, line: &str) {
        if !line.is_empty() && self.history.last().is_none_or(|last| last != line) {
            self.history.push(line.to_owned());
            let excess = self.history.len().saturating_sub(MAX_HISTORY);
            self.history.drain(..excess);
        }
    }
}

/// What a person does at the prompt.
impl Board {
    /// The prompt, if a guest is there that reads, or may read, what is typed.
    pub(crate) fn prompt(&self) -> Option<&Prompt> {
        let run = self.run.as_ref()?;
        (run.prompts() && !self.prompt.ended).then_some(&self.prompt)
    }

    /// Whether each key is sent as it is pressed.
    pub(crate) fn sends_keys(&self) -> bool {
        self.given.settings.stdin.keys
    }

    /// Something is typed at the prompt.
    pub(crate) fn type_line(&mut self, text: String) {
        self.prompt.enter(text);
    }

    /// Looks back in what was sent before, or forward again.
    pub(crate) fn look_back(&mut self, older: bool) {
        if older {
            self.prompt.older();
        } else {
            self.prompt.newer();
        }
    }

    /// Sends the line that is typed.
    pub(crate) fn send_line(&mut self) -> Vec<Effect> {
        let mut line = self.prompt.take();
        self.prompt.remember(&line);
        line.push('\n');
        self.send(&line)
    }

    /// Takes text that was pasted between what stands `before` and `after` it: all whole lines are
    /// sent, what comes behind the last one is left to be gone on with.
    pub(crate) fn paste_lines(&mut self, before: &str, pasted: &str, after: &str) -> Vec<Effect> {
        let text = format!("{before}{pasted}{after}").replace("\r\n", "\n");
        let (lines, rest) = text.rsplit_once('\n').unwrap_or(("", &text));
        self.prompt.enter(rest.to_owned());
        for line in lines.lines() {
            self.prompt.remember(line);
        }
        if text.len() == rest.len() {
            return Vec::new();
        }
        let lines = format!("{lines}\n");
        self.send(&lines)
    }

    /// What a terminal makes of Ctrl-D: what is typed is sent as it is; if nothing is, stdin ends.
    pub(crate) fn end_line(&mut self) -> Vec<Effect> {
        let text = self.prompt.take();
        if !text.is_empty() {
            return self.send(&text);
        }
        if self.prompt().is_none() {
            return Vec::new();
        }
        self.prompt.ended = true;
        self.console.echo("^D\n");
        vec![Effect::Send(Command::Stdin(None))]
    }

    /// What the terminals answer to a guest that has asked them something, now that it reads.
    pub(super) fn reply(&mut self) -> Vec<Effect> {
        let replies = self.console.take_replies();
        if replies.is_empty() || self.prompt.ended {
            return Vec::new();
        }
        vec![Effect::Send(Command::Stdin(Some(replies.into_bytes())))]
    }

    /// What a terminal makes of Ctrl-C: what is typed is forgotten, and what runs is stopped.
    pub(crate) fn interrupt(&mut self) -> Vec<Effect> {
        self.prompt.take();
        self.stop()
    }

    /// Sends what a key stands for. What becomes visible of it is the guest's affair.
    pub(crate) fn send_key(&mut self, bytes: &[u8]) -> Vec<Effect> {
        if self.prompt().is_none() {
            return Vec::new();
        }
        vec![Effect::Send(Command::Stdin(Some(bytes.to_vec())))]
    }

    fn send(&mut self, text: &str) -> Vec<Effect> {
        if self.prompt().is_none() {
            return Vec::new();
        }
        self.console.echo(text);
        vec![Effect::Send(Command::Stdin(Some(text.as_bytes().to_vec())))]
    }
}

/// A key with the keys that are held with it, as a browser names it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Key<'a> {
    pub(crate) name: &'a str,
    pub(crate) control: bool,
    pub(crate) alt: bool,
    pub(crate) shift: bool,
}

impl Key<'_> {
    /// What a terminal sends for a key that is not a character: as xterm does.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        let modifiers =
            1 + u8::from(self.shift) + 2 * u8::from(self.alt) + 4 * u8::from(self.control);
        let held = modifiers > 1;
        // A cursor key, with its final byte; a key of the block above them, with its number.
        let cursor = |last: char| match held {
            true => format!("\x1b[1;{modifiers}{last}"),
            false => format!("\x1b[{last}"),
        };
        let block = |number: u8| match held {
            true => format!("\x1b[{number};{modifiers}~"),
            false => format!("\x1b[{number}~"),
        };
        let text = match self.name {
            // With Ctrl it is the page's.
            "Enter" if !self.control => "\r".to_owned(),
            // With Shift it leaves the field.
            "Tab" if !held => "\t".to_owned(),
            "Backspace" if !self.control => "\x7f".to_owned(),
            "Escape" => "\x1b".to_owned(),
            "ArrowUp" => cursor('A'),
            "ArrowDown" => cursor('B'),
            "ArrowRight" => cursor('C'),
            "ArrowLeft" => cursor('D'),
            "Home" => cursor('H'),
            "End" => cursor('F'),
            "Insert" => block(2),
            "Delete" => block(3),
            "PageUp" => block(5),
            "PageDown" => block(6),
            name => return self.character(name),
        };
        Some(text.into_bytes())
    }

    /// A letter with Ctrl; Alt puts an escape before a letter.
    fn character(&self, name: &str) -> Option<Vec<u8>> {
        let [letter] = name.as_bytes() else {
            return None;
        };
        match (self.control, self.alt, letter) {
            (true, false, b'a'..=b'z' | b'A'..=b'Z' | b'['..=b'_') => Some(vec![letter & 0x1f]),
            (true, false, b' ') => Some(vec![0]),
            (false, true, b'!'..=b'~') => Some(vec![0x1b, *letter]),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
