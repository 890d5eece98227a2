//! What `build` of the package stands on (`npm/build.js`): a builder, driven in slices by the caller's event loop. Its files are fetched in
//! JavaScript.

use crate::browser::clocks::Clocks;
use crate::browser::js::{bytes, define, error};
use crate::build::{Builder, gunzip};
use crate::protocol::build::{
    Build, BuildEnd, BuildMode, BuildReport, BuildStep, Diagnostic, ProgramFile,
};
use crate::session::{Next, Pace};
use crate::wasi::Host as _;
use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A slice aims at this many milliseconds.
const SLICE_MILLIS: f64 = 8.0;

/// A builder.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug)]
pub struct GoBuilder {
    builder: Builder,
    clocks: Clocks,
    pace: Pace,
}

impl Default for GoBuilder {
    fn default() -> Self {
        Self {
            builder: Builder::new(Box::new(|| Box::new(Clocks::new()))),
            clocks: Clocks::new(),
            pace: Pace::new(SLICE_MILLIS),
        }
    }
}

#[wasm_bindgen]
impl GoBuilder {
    /// One that has nothing yet.
    #[wasm_bindgen(constructor, skip_typescript)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins to build a program: paths and contents, in turn. What was under way is stopped.
    ///
    /// # Errors
    ///
    /// When contents are neither text nor bytes.
    #[wasm_bindgen(skip_typescript)]
    pub fn begin(&mut self, files: &Array) -> Result<(), JsValue> {
        let mut program = Vec::new();
        let mut entries = files.iter();
        while let (Some(path), Some(contents)) = (entries.next(), entries.next()) {
            let path = path.as_string().unwrap_or_default();
            let text = contents.as_string().map(String::into_bytes);
            let contents = text
                .or_else(|| bytes(&contents))
                .ok_or_else(|| error(&format!("build: {path}: needs a string or a Uint8Array")))?;
            program.push(ProgramFile { path, contents });
        }
        self.builder.tell_time(self.clocks.monotonic());
        self.builder.handle(Build::Program { files: program });
        Ok(())
    }

    /// Ends what is under way.
    #[wasm_bindgen(skip_typescript)]
    pub fn stop(&mut self) {
        self.builder.handle(Build::Stop);
    }

    /// Goes on for a slice: after how many milliseconds to go on; infinite: when a file has been given; negative: it
    /// has ended.
    #[wasm_bindgen(skip_typescript)]
    #[expect(clippy::cast_precision_loss, reason = "milliseconds")]
    pub fn slice(&mut self) -> f64 {
        let start = self.pace.began(self.clocks.millis());
        let mut elapsed = 0.0;
        loop {
            let began = elapsed;
            let fuel = self.pace.fuel(SLICE_MILLIS - elapsed);
            self.builder.tell_time(self.clocks.monotonic());
            let before = self.builder.fuel_spent();
            let next = self.builder.step(fuel);
            let spent = self.builder.fuel_spent().saturating_sub(before);
            let now = self.clocks.millis() - start;
            self.pace.learn(spent, now - elapsed);
            elapsed = now;
            match next {
                Next::Idle => return -1.0,
                Next::Wait(None) => {
                    if self.builder.is_away() {
                        self.pace.leaves(start + began);
                    }
                    return f64::INFINITY;
                }
                Next::Wait(Some(until)) => {
                    let left = until.saturating_sub(self.clocks.monotonic());
                    return left.div_ceil(1_000_000) as f64;
                }
                Next::Ready if elapsed >= SLICE_MILLIS * 0.8 => return 0.0,
                Next::Ready => {}
            }
        }
    }

    /// The names of the files that are wanted.
    #[wasm_bindgen(skip_typescript)]
    pub fn wanted(&mut self) -> Array {
        let wanted = self.builder.wanted().into_iter();
        wanted.map(|wanted| JsValue::from(wanted.file)).collect()
    }

    /// Takes in a file as it is, compressed where its name says so.
    #[wasm_bindgen(skip_typescript)]
    pub fn give(&mut self, name: &str, contents: &[u8]) {
        let contents = match name.ends_with(".gz") {
            // Somebody on the way may have decompressed it.
            true if contents.starts_with(&[0x1f, 0x8b]) => gunzip(contents),
            _ => Ok(contents.to_vec()),
        };
        self.builder.give(name, contents);
    }

    /// Takes in that a file cannot be had.
    #[wasm_bindgen(skip_typescript)]
    pub fn fail(&mut self, name: &str, reason: String) {
        self.builder.give(name, Err(reason));
    }

    /// What there is to say, as objects.
    #[wasm_bindgen(skip_typescript)]
    pub fn reports(&mut self) -> Array {
        let reports = self.builder.take_reports().into_iter();
        reports.filter_map(report).collect()
    }
}

/// An object of these.
fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        define(&object, key, value);
    }
    object.into()
}

fn report(report: BuildReport) -> Option<JsValue> {
    Some(match report {
        BuildReport::Toolchain(version) => object(&[("toolchain", version.into())]),
        BuildReport::Step { step, number, of } => object(&[
            ("step", words(&step).into()),
            ("number", number.into()),
            ("of", of.into()),
        ]),
        BuildReport::Diagnostics(found) => {
            let found: Array = found.iter().map(diagnostic).collect();
            object(&[("diagnostics", found.into())])
        }
        BuildReport::Ended(end) => ended(end),
        BuildReport::Fetching { .. } | BuildReport::Output(_) | BuildReport::Formatted(_) => {
            return None;
        }
    })
}

fn words(step: &BuildStep) -> String {
    match step {
        BuildStep::Await => "await the toolchain".to_owned(),
        BuildStep::Load(tool) => format!("load {tool}"),
        BuildStep::Compile(path) => format!("compile {path}"),
        BuildStep::Link => "link".to_owned(),
        BuildStep::Test(path) => format!("test {path}"),
        BuildStep::Vet(path) => format!("vet {path}"),
        BuildStep::Format => "format".to_owned(),
    }
}

fn diagnostic(one: &Diagnostic) -> JsValue {
    object(&[
        ("file", one.file.as_str().into()),
        ("line", one.line.into()),
        ("column", one.column.into()),
        ("message", one.message.as_str().into()),
    ])
}

fn ended(end: BuildEnd) -> JsValue {
    let (name, value) = match end {
        BuildEnd::Built { mode, module } => {
            let kind = match mode {
                BuildMode::Command => "command",
                BuildMode::Reactor => "reactor",
            };
            let module = Uint8Array::from(module.as_slice());
            let built = object(&[("kind", kind.into()), ("module", module.into())]);
            ("built", built)
        }
        BuildEnd::Failed(reason) => ("failed", reason.into()),
        BuildEnd::Wrong => ("wrong", true.into()),
        BuildEnd::Stopped => ("stopped", true.into()),
        BuildEnd::Done => ("done", true.into()),
    };
    object(&[(name, value)])
}
