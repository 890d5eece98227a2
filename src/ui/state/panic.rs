//! What a guest says when it panics: the line of its output that tells why it trapped.
//!
//! Go prints it on stderr, TinyGo on stdout.

/// Bytes of a line that are looked at.
const MOST: usize = 1024;

/// What such lines begin with: Go, TinyGo, C.
const BEGINNINGS: [&str; 4] = [
    "panic: ",
    "fatal error: ",
    "runtime error: ",
    "Assertion failed: ",
];

/// The last such line in what a run has printed on a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Panic {
    /// The line that is being printed, as far as it is looked at.
    line: Vec<u8>,
    found: Option<String>,
    /// Whether the message comes with the next line, as Rust prints it.
    announced: bool,
}

impl Panic {
    /// Takes in what is printed.
    pub(super) fn read(&mut self, printed: &[u8]) {
        let mut lines = printed.split(|byte| *byte == b'\n').peekable();
        while let Some(part) = lines.next() {
            let room = MOST.saturating_sub(self.line.len());
            let part = part.get(..room).unwrap_or(part);
            self.line.extend_from_slice(part);
            if lines.peek().is_some() {
                self.end_line();
            }
        }
    }

    /// What it said last.
    pub(super) fn message(&mut self) -> Option<String> {
        self.end_line();
        self.found.take()
    }

    fn end_line(&mut self) {
        let line = String::from_utf8_lossy(&self.line);
        // Go sets off what was panicked with in a deferred function.
        let line = line.trim();
        if std::mem::take(&mut self.announced)
            && let Some(found) = &mut self.found
        {
            found.push(' ');
            found.push_str(line);
        } else if BEGINNINGS.iter().any(|begins| line.starts_with(begins)) {
            self.found = Some(line.to_owned());
        } else if line.starts_with("thread '") && line.contains(" panicked at ") {
            self.announced = line.ends_with(':');
            self.found = Some(line.to_owned());
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in what is printed, however that is cut.
    fn found(printed: &str) -> Option<String> {
        let mut whole = Panic::default();
        whole.read(printed.as_bytes());
        let whole = whole.message();
        let mut bytes = Panic::default();
        for byte in printed.bytes() {
            bytes.read(&[byte]);
        }
        assert_eq!(bytes.message(), whole);
        whole
    }

    #[test]
    fn the_last_line_that_tells_of_a_panic_is_found() {
        let cases = [
            (
                "hello\npanic: boom\n\ngoroutine 1 [running]:\nmain.main()\n",
                "panic: boom",
            ),
            (
                "panic: runtime error at 0x0000: nil map",
                "panic: runtime error at 0x0000: nil map",
            ),
            ("panic: one\n\tpanic: two\n", "panic: two"),
            (
                "fatal error: all goroutines are asleep - deadlock!\r\n",
                "fatal error: all goroutines are asleep - deadlock!",
            ),
            (
                "\nthread 'main' panicked at src/main.rs:2:5:\nboom: 7\nnote: run with …\n",
                "thread 'main' panicked at src/main.rs:2:5: boom: 7",
            ),
            (
                "thread 'main' (1) panicked at 'boom', src/main.rs:2:5\nnote: run with …\n",
                "thread 'main' (1) panicked at 'boom', src/main.rs:2:5",
            ),
            (
                "Assertion failed: n > 0 (a.c: main: 3)\n",
                "Assertion failed: n > 0 (a.c: main: 3)",
            ),
        ];
        for (printed, line) in cases {
            assert_eq!(found(printed).as_deref(), Some(line), "{printed:?}");
        }
        for printed in [
            "",
            "\n\n",
            "no panic: here\n",
            "panic:\n",
            "thread 'main' is here:\n",
        ] {
            assert_eq!(found(printed), None, "{printed:?}");
        }
    }

    #[test]
    fn of_a_line_without_an_end_the_beginning_is_kept() {
        let mut panic = Panic::default();
        panic.read(b"panic: ");
        for _ in 0..100 {
            panic.read(&[b'x'; 100]);
        }
        assert_eq!(panic.message().unwrap().len(), MOST);
    }
}
