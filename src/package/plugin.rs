//! Class `Plugin`. Its TypeScript is in `plugin.d.ts`.

use super::driver::{Driver, End};
use super::host::define_shown;
use super::load;
use super::options;
use super::outcome;
use super::{Plain, calls};
use crate::browser::guest::{data_of, number, write_into};
use crate::browser::js::{bytes, define, error, from_plain, range_error, to_plain};
use crate::engine::Instance;
use crate::go::{self, Signature, Source};
use crate::module::{FuncType, Info, Kind};
use crate::protocol::{Answer, CallId, Command, Outcome};
use crate::script::parameter_names;
use crate::vfs::Tree;
use crate::wasi;
use js_sys::{Array, Object, Promise, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("plugin.d.ts");

/// A module that can be run.
#[wasm_bindgen(skip_typescript)]
pub struct Plugin {
    pub(super) driver: Rc<Driver>,
    pub(super) info: Info,
    problems: Vec<String>,
    answers: Vec<Option<Answer>>,
    /// What `start` or `call` is busy with.
    busy: Rc<Cell<bool>>,
    preopens: Vec<String>,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

#[wasm_bindgen(start)]
fn report_panics() {
    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = console, js_name = error)]
        fn print(text: &str);
    }
    std::panic::set_hook(Box::new(|info| print(&format!("plugboard: a bug: {info}"))));
}

#[wasm_bindgen]
impl Plugin {
    /// Reads, validates and sets up a module.
    #[wasm_bindgen(skip_typescript)]
    pub fn load(module: JsValue, options: JsValue) -> Promise {
        future_to_promise(async move {
            let module = bytes(&module)
                .ok_or_else(|| error("load: needs the bytes of a module, as a Uint8Array"))?;
            Ok(load::load(module, &options).await?.into())
        })
    }

    /// `"command"`, `"reactor"` or `"bare"`.
    #[wasm_bindgen(getter, skip_typescript)]
    #[must_use]
    pub fn kind(&self) -> String {
        self.info.kind.to_string()
    }

    /// The functions that it exports.
    #[wasm_bindgen(getter, skip_typescript)]
    #[must_use]
    pub fn exports(&self) -> Array {
        let exports = self.info.exports.iter();
        let functions = exports.filter_map(|export| {
            let object = function(&export.name, export.ty.func()?);
            if let Some((signature, source)) = export.signatures.first()
                && *source != Source::Wasm
            {
                define(&object, "go", &signature.to_string().into());
                let from = match source {
                    Source::Dwarf => "dwarf",
                    Source::GoSource { .. } => "source",
                    Source::ByHand => "hand",
                    _ => "guess",
                };
                define(&object, "from", &from.into());
            }
            Some(object)
        });
        functions.collect()
    }

    /// Why not more is known of its Go signatures.
    #[wasm_bindgen(getter, skip_typescript)]
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        self.problems.clone()
    }

    /// What it imports: functions with their types; for anything else, `type` says what it is.
    #[wasm_bindgen(getter, skip_typescript)]
    #[must_use]
    pub fn imports(&self) -> Array {
        let imports = self.info.imports.iter().zip(&self.answers);
        let objects = imports.map(|(import, answer)| {
            let object = match import.ty.func() {
                Some(ty) => function(&import.name, ty),
                None => {
                    let object = Object::new();
                    define(&object, "name", &(&*import.name).into());
                    define(&object, "type", &import.ty.to_string().into());
                    object
                }
            };
            define(&object, "module", &(&*import.module).into());
            if let Some(signature) = import.ty.func().map(|ty| match &import.signature {
                Some((signature, _)) => signature.clone(),
                None => ty.numbers(&import.name),
            }) {
                let names = parameter_names(&signature).into_iter().map(JsValue::from);
                define(&object, "parameters", &names.collect::<Array>());
            }
            let provided = match answer {
                _ if import.is_wasi() => "wasi".into(),
                None | Some(Answer::Nothing) => JsValue::NULL,
                Some(Answer::Driver) => "js".into(),
                Some(_) => "preset".into(),
            };
            define(&object, "provided", &provided);
            if let Some(why) = import.mismatch() {
                define(&object, "mismatch", &why.into());
            }
            object
        });
        objects.collect()
    }

    /// Runs `_start` or `_initialize`.
    #[wasm_bindgen(skip_typescript)]
    pub fn start(&self, options: &JsValue) -> Promise {
        let options = to_plain(options, "options");
        let profiles = options.and_then(|options| {
            options::start_options(&options).map_err(|problem| error(&problem.to_string()))
        });
        let profiles = match profiles {
            Ok(profiles) => profiles,
            Err(problem) => return Promise::reject(&problem),
        };
        if self.info.kind == Kind::Bare {
            let reason = "the module exports neither _start nor _initialize: call its exports";
            return Promise::reject(&error(reason));
        }
        self.run(Command::Start { call: CallId(0) }, None, profiles)
    }

    /// Calls an export.
    #[wasm_bindgen(skip_typescript)]
    pub fn call(&self, name: &JsValue, args: &JsValue, options: &JsValue) -> Promise {
        match self.command(name, args, options) {
            Ok((signature, args, profiles)) => {
                let command = Command::Call {
                    call: CallId(0),
                    export: signature.name.clone(),
                    signature: signature.clone(),
                    args,
                };
                self.run(command, Some(signature), profiles)
            }
            Err(problem) => Promise::reject(&problem),
        }
    }

    /// What a preopen holds, or what is below a path in it.
    #[wasm_bindgen(skip_typescript)]
    pub fn files(&self, path: &JsValue) -> Result<JsValue, JsValue> {
        let path = path
            .as_string()
            .ok_or_else(|| error("files: needs a path"))?;
        let session = self.driver.session.borrow();
        let instance = session.instance().ok_or_else(no_instance)?;
        let wasi = instance.wasi();
        let (preopen, rest) = preopen(wasi.preopens(), &path).ok_or_else(|| {
            let preopens = self.preopens.join(", ");
            error(&format!(
                "files: {path} is in no preopen; there are: {preopens}"
            ))
        })?;
        let fs = wasi.fs();
        let tree = fs
            .inode_at(preopen.root, rest)
            .and_then(|inode| match fs.tree(inode) {
                Err(crate::vfs::Error::NotDirectory) => fs.contents(inode).map(Tree::File),
                tree => tree,
            });
        let tree = tree.map_err(|problem| error(&format!("files: {path}: {problem}")))?;
        Ok(from_plain(&outcome::plain_tree(tree)))
    }

    /// A copy of a part of the linear memory, by another name.
    #[wasm_bindgen(skip_typescript)]
    pub fn read(&self, address: &JsValue, length: &JsValue) -> Result<Uint8Array, JsValue> {
        self.memory(address, length)
    }

    /// Writes into the linear memory: how many bytes.
    #[wasm_bindgen(skip_typescript)]
    pub fn write(&self, address: &JsValue, data: &JsValue) -> Result<JsValue, JsValue> {
        if self.driver.session.borrow().instance().is_none() {
            return Err(no_instance());
        }
        write_into(&self.driver.session, address, data)
    }

    /// Asks the guest for room, and writes there: a promise of its address.
    #[wasm_bindgen(skip_typescript)]
    pub fn allocate(&self, data: &JsValue) -> Promise {
        let bytes = match data_of(data) {
            Ok(bytes) => bytes,
            Err(problem) => return Promise::reject(&problem),
        };
        let call = CallId(0);
        let Some(ended) = self.begin(Command::Put { call, bytes }) else {
            return busy();
        };
        future_to_promise(async move {
            match ended.await? {
                End::Ended(Outcome::Returned { raw, .. }, _) => {
                    let address = raw.first().map_or(0, |(_, bits)| *bits);
                    Ok(u32::try_from(address).unwrap_or(u32::MAX).into())
                }
                End::Ended(Outcome::Exited(code), _) => Err(error(&format!(
                    "allocate: the guest exited with code {code}"
                ))),
                End::Ended(Outcome::Stopped, _) => Err(error("allocate: it was stopped")),
                End::Ended(
                    Outcome::Trapped(reason) | Outcome::Limited(reason) | Outcome::Refused(reason),
                    _,
                )
                | End::Refused(reason) => Err(error(&reason)),
                End::Ready(..) | End::Engine(_) => Err(loaded_again()),
            }
        })
    }

    /// A copy of a part of the linear memory.
    #[wasm_bindgen(skip_typescript)]
    pub fn memory(&self, address: &JsValue, length: &JsValue) -> Result<Uint8Array, JsValue> {
        let session = self.driver.session.borrow();
        let memory = session
            .instance()
            .map(Instance::memory)
            .ok_or_else(no_instance)?;
        let number = |value: &JsValue| usize::try_from(number(value).ok()?).ok();
        let slice = number(address)
            .zip(number(length))
            .and_then(|(address, length)| memory.get(address..address.checked_add(length)?));
        slice.map(|bytes| Uint8Array::from(&*bytes)).ok_or_else(|| {
            let size = memory.size();
            range_error(&format!(
                "memory: needs an address and a length within the memory of {size} bytes"
            ))
        })
    }

    /// Holds what runs, until `resume`.
    #[wasm_bindgen(skip_typescript)]
    pub fn pause(&self) {
        self.driver.hold(true);
    }

    /// Lets it go on.
    #[wasm_bindgen(skip_typescript)]
    pub fn resume(&self) {
        self.driver.hold(false);
    }

    /// Ends what runs.
    #[wasm_bindgen(skip_typescript)]
    pub fn stop(&self) {
        self.driver.stop();
    }
}

impl Plugin {
    pub(super) fn new(
        driver: Rc<Driver>,
        info: Info,
        problems: Vec<String>,
        answers: Vec<Option<Answer>>,
        preopens: Vec<String>,
    ) -> Self {
        Self {
            driver,
            info,
            problems,
            answers,
            busy: Rc::default(),
            preopens,
        }
    }

    /// Runs something; if it is sampled, the outcome has its profile.
    pub(super) fn run(
        &self,
        command: Command,
        signature: Option<Signature>,
        profiles: bool,
    ) -> Promise {
        if self.busy.get() {
            return busy();
        }
        if profiles && let Err(problem) = self.driver.start_profile("options.profile", None) {
            return Promise::reject(&problem);
        }
        let Some(ended) = self.begin(command) else {
            return busy();
        };
        let driver = Rc::clone(&self.driver);
        future_to_promise(async move {
            let end = ended.await;
            let profile = profiles.then(|| driver.stop_profile()).flatten();
            match end? {
                End::Ended(outcome, usage) => {
                    let seen = driver.backtrace();
                    let object =
                        outcome::object(&outcome, usage, signature.as_ref(), seen, profile)?;
                    define_shown(&object, driver.host.take_shown());
                    Ok(object)
                }
                End::Refused(message) => Err(error(&message)),
                End::Ready(..) | End::Engine(_) => Err(loaded_again()),
            }
        })
    }

    /// Gives the session a command: what comes of it, unless another call runs.
    fn begin(
        &self,
        command: Command,
    ) -> Option<impl Future<Output = Result<End, JsValue>> + 'static> {
        if self.busy.replace(true) {
            return None;
        }
        let (driver, busy) = (Rc::clone(&self.driver), Rc::clone(&self.busy));
        // Now, so that what the caller does next is about this call.
        driver.handle(command);
        Some(async move {
            let end = driver.run([]).await;
            busy.set(false);
            end
        })
    }

    pub(super) fn is_busy(&self) -> bool {
        self.busy.get()
    }

    /// The same for a call whose output and host calls are kept; `fresh`: in a fresh instance.
    pub(super) fn begin_checked(
        &self,
        command: Command,
        fresh: bool,
    ) -> Option<impl Future<Output = Result<End, JsValue>> + 'static> {
        if self.busy.get() {
            return None;
        }
        if fresh {
            self.driver.handle(Command::Reset);
        }
        self.driver.start_keeping();
        self.begin(command)
    }

    fn command(
        &self,
        name: &JsValue,
        args: &JsValue,
        options: &JsValue,
    ) -> Result<(Signature, Vec<go::Value>, bool), JsValue> {
        let name = name
            .as_string()
            .ok_or_else(|| error("call: needs the name of an export"))?;
        let mut exports = self.info.exports.iter();
        let found = exports.find(|export| export.name == name && export.ty.func().is_some());
        let Some(export) = found else {
            return Err(error(&format!("the module exports no function {name}")));
        };
        let args = match to_plain(args, "args")? {
            Plain::Undefined => Vec::new(),
            Plain::List(args) => args,
            other => return Err(error(&format!("args: needs an array, got {other}"))),
        };
        let options = to_plain(options, "options")?;
        let (go, profiles) =
            options::run_options(&options).map_err(|problem| error(&problem.to_string()))?;
        let (signature, args) =
            calls::read(&name, &export.signatures, go, &args).map_err(|problem| error(&problem))?;
        Ok((signature, args, profiles))
    }
}

fn function(name: &str, ty: &FuncType) -> Object {
    let object = Object::new();
    define(&object, "name", &name.into());
    for (key, types) in [("params", &ty.params), ("results", &ty.results)] {
        let names = types.iter().map(|ty| JsValue::from(ty.to_string()));
        define(&object, key, &names.collect::<Array>());
    }
    object
}

/// The preopen that `path` is in, and the path in it. The longest fits best.
fn preopen<'a>(
    preopens: &'a [wasi::PreopenFd],
    path: &'a str,
) -> Option<(&'a wasi::PreopenFd, &'a str)> {
    let below = |preopen: &'a wasi::PreopenFd| {
        let rest = path.strip_prefix(preopen.path.trim_end_matches('/'))?;
        (rest.is_empty() || rest.starts_with('/')).then_some((preopen, rest))
    };
    preopens
        .iter()
        .filter_map(below)
        .max_by_key(|(preopen, _)| preopen.path.len())
}

/// What is said to who wants two calls at once.
pub(super) const BUSY: &str = "another call is still running: wait for it, or stop it first";

pub(super) fn busy() -> Promise {
    Promise::reject(&error(BUSY))
}

pub(super) fn loaded_again() -> JsValue {
    error("the module was loaded again")
}

fn no_instance() -> JsValue {
    error("nothing has run yet: call start() or call() first")
}
