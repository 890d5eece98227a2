//! The process of a WebDriver, which starts browsers.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

/// One that listens, until this is dropped.
pub(crate) struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts a program that says its port behind `before_port`.
    ///
    /// It picks a port that is free for IPv4, and may end at once where something has it for IPv6:
    /// then it picks another.
    pub(crate) fn start(program: &str, args: &[&str], before_port: &str) -> Self {
        let mut attempts = (0..5).filter_map(|_| Self::try_start(program, args, before_port));
        attempts
            .next()
            .unwrap_or_else(|| panic!("{program} says its port"))
    }

    fn try_start(program: &str, args: &[&str], before_port: &str) -> Option<Self> {
        let mut process = Command::new(program)
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}: the Makefile puts it on PATH"));
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once(before_port)?;
            port.trim_end_matches('.').parse().ok()
        });
        let Some(port) = port else {
            drop(process.wait());
            return None;
        };
        // What it says later is read too, so that it never waits for a reader.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Some(Self { process, port })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
