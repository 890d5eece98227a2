//! What a plugin that is debugged has beside its calls: breakpoints and coverage, and the handler of stops.

use super::breakpoints::no_lines;
use super::driver::Driver;
use super::plugin::Plugin;
use super::{Plain, options};
use crate::browser::js::{error, from_plain, to_plain};
use crate::protocol::{Command, Debug, Go, Lines};
use js_sys::Function;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Plugin {
    /// Where calls stop.
    #[wasm_bindgen(getter, skip_typescript)]
    #[must_use]
    pub fn breakpoints(&self) -> PluginBreakpoints {
        PluginBreakpoints(Rc::clone(&self.driver))
    }

    /// Which lines have been reached.
    #[wasm_bindgen(getter, skip_typescript)]
    #[must_use]
    pub fn coverage(&self) -> PluginCoverage {
        PluginCoverage(Rc::clone(&self.driver))
    }

    /// Where the fuel goes.
    #[wasm_bindgen(getter, skip_typescript)]
    #[must_use]
    pub fn profile(&self) -> PluginProfiler {
        PluginProfiler(Rc::clone(&self.driver))
    }

    /// What is asked how a call goes on that has stopped.
    #[wasm_bindgen(getter, js_name = onStop, skip_typescript)]
    #[must_use]
    pub fn on_stop(&self) -> JsValue {
        let handler = self.driver.debugger.on_stop.borrow().clone();
        handler.map_or(JsValue::NULL, JsValue::from)
    }

    /// Has another one asked from now on, or with `null` none.
    #[wasm_bindgen(setter, js_name = onStop, skip_typescript)]
    pub fn set_on_stop(&self, handler: JsValue) -> Result<(), JsValue> {
        self.driver.debugger.lines("onStop")?;
        let handler = match handler.dyn_into::<Function>() {
            Ok(handler) => Some(handler),
            Err(other) if other.is_null() || other.is_undefined() => None,
            Err(other) => {
                let got = to_plain(&other, "onStop")?;
                return Err(error(&format!(
                    "onStop: needs a function or null, got {got}"
                )));
            }
        };
        self.driver.debugger.on_stop.replace(handler);
        Ok(())
    }

    /// Goes on from where a call has stopped to another line, or stops the one that runs at its next line.
    #[wasm_bindgen(skip_typescript)]
    pub fn step(&self, how: &JsValue) -> Result<(), JsValue> {
        let how = match to_plain(how, "how")? {
            Plain::Undefined => Go::Over,
            Plain::Text(how) if how == "over" => Go::Over,
            Plain::Text(how) if how == "into" => Go::Into,
            Plain::Text(how) if how == "out" => Go::Out,
            other => {
                let reason = format!("step: needs \"over\", \"into\" or \"out\", got {other}");
                return Err(error(&reason));
            }
        };
        self.driver.step(how)
    }
}

/// Where the calls of a plugin stop.
#[wasm_bindgen(js_name = Breakpoints, skip_typescript)]
pub struct PluginBreakpoints(Rc<Driver>);

impl std::fmt::Debug for PluginBreakpoints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PluginBreakpoints").finish_non_exhaustive()
    }
}

#[wasm_bindgen(js_class = Breakpoints)]
impl PluginBreakpoints {
    /// Puts one at a line: where it is.
    #[wasm_bindgen(skip_typescript)]
    pub fn set(&self, at: &JsValue) -> Result<JsValue, JsValue> {
        let lines = self.0.debugger.lines("breakpoints")?;
        let at = to_plain(at, "at")?;
        let set = self.0.debugger.breakpoints.borrow_mut().set(&lines, &at);
        let set = set.map_err(|reason| error(&format!("breakpoints.set: {reason}")))?;
        self.0.send_breakpoints(&lines);
        Ok(from_plain(&set))
    }

    /// Takes one away, or all: whether there was one.
    #[wasm_bindgen(skip_typescript)]
    pub fn clear(&self, at: &JsValue) -> Result<bool, JsValue> {
        let lines = self.0.debugger.lines("breakpoints")?;
        let at = to_plain(at, "at")?;
        let cleared = self.0.debugger.breakpoints.borrow_mut().clear(&lines, &at);
        let cleared = cleared.map_err(|reason| error(&format!("breakpoints.clear: {reason}")))?;
        self.0.send_breakpoints(&lines);
        Ok(cleared)
    }

    /// All of them.
    #[wasm_bindgen(skip_typescript)]
    pub fn list(&self) -> Result<JsValue, JsValue> {
        let lines = self.0.debugger.lines("breakpoints")?;
        let breakpoints = self.0.debugger.breakpoints.borrow();
        Ok(from_plain(&breakpoints.to_plain(&lines)))
    }

    /// Has calls stop before the import of this name is called, or no longer.
    #[wasm_bindgen(js_name = hostCall, skip_typescript)]
    pub fn host_call(&self, name: &JsValue, on: Option<bool>) -> Result<(), JsValue> {
        self.0.debugger.lines("breakpoints")?;
        let name = to_plain(name, "name")?;
        let hold = self.0.hold_before(&name, on.unwrap_or(true));
        hold.map_err(|reason| error(&format!("breakpoints.hostCall: {reason}")))
    }

    /// Has calls stop where they trap, or no longer.
    #[wasm_bindgen(skip_typescript)]
    pub fn trap(&self, on: Option<bool>) -> Result<(), JsValue> {
        self.0.debugger.lines("breakpoints")?;
        self.0.hold_at_traps(on.unwrap_or(true));
        Ok(())
    }
}

/// Which lines of a plugin have been reached.
#[wasm_bindgen(js_name = Coverage, skip_typescript)]
pub struct PluginCoverage(Rc<Driver>);

impl std::fmt::Debug for PluginCoverage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PluginCoverage").finish_non_exhaustive()
    }
}

#[wasm_bindgen(js_class = Coverage)]
impl PluginCoverage {
    /// As Go's cover profile.
    #[wasm_bindgen(skip_typescript)]
    pub fn profile(&self, options: &JsValue) -> Result<String, JsValue> {
        let (lines, all) = self.asked("coverage.profile", options)?;
        Ok(self.0.debugger.coverage.borrow().profile(&lines, all))
    }

    /// As plain data, by file.
    #[wasm_bindgen(skip_typescript)]
    pub fn files(&self, options: &JsValue) -> Result<JsValue, JsValue> {
        let (lines, all) = self.asked("coverage.files", options)?;
        Ok(from_plain(
            &self.0.debugger.coverage.borrow().files(&lines, all),
        ))
    }

    /// Forgets what has been reached so far.
    #[wasm_bindgen(skip_typescript)]
    pub fn reset(&self) -> Result<(), JsValue> {
        self.0.debugger.lines("coverage.reset")?;
        self.0.debugger.coverage.borrow_mut().clear();
        self.0.handle(Command::Debug(Debug::Cover(true)));
        Ok(())
    }
}

impl PluginCoverage {
    /// The lines that `what` is about, with what has been reached gathered, and whether all files are wanted.
    fn asked(&self, what: &str, options: &JsValue) -> Result<(Rc<Lines>, bool), JsValue> {
        let lines = self.0.debugger.lines(what)?;
        let all = options::wants_all(&to_plain(options, "options")?);
        let all = all.map_err(|problem| error(&format!("{what}: {problem}")))?;
        if !lines.are_known() {
            return Err(error(&format!("{what}: {}", no_lines(&lines))));
        }
        self.0.gather_reached();
        Ok((lines, all))
    }
}

/// Where the fuel of a plugin's calls goes.
#[wasm_bindgen(js_name = Profiler, skip_typescript)]
pub struct PluginProfiler(Rc<Driver>);

impl std::fmt::Debug for PluginProfiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PluginProfiler").finish_non_exhaustive()
    }
}

#[wasm_bindgen(js_class = Profiler)]
impl PluginProfiler {
    /// Samples all calls from now on.
    #[wasm_bindgen(skip_typescript)]
    pub fn start(&self, options: &JsValue) -> Result<(), JsValue> {
        let every = options::sample_every(&to_plain(options, "options")?);
        let every = every.map_err(|problem| error(&format!("profile.start: {problem}")))?;
        self.0.start_profile("profile.start", every)
    }

    /// Samples no longer: the profile.
    #[wasm_bindgen(skip_typescript)]
    pub fn stop(&self) -> Result<JsValue, JsValue> {
        self.0.debugger.lines("profile.stop")?;
        let profile = self.0.stop_profile();
        let none =
            || error("profile.stop: no profile is being taken: plugin.profile.start() begins one");
        Ok(from_plain(&profile.ok_or_else(none)?))
    }
}
