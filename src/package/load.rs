//! `Plugin.load`: a module is read, set up and plugged into what the options give.

use super::driver::{Callbacks, Driver, End};
use super::options;
use super::plugin::Plugin;
use super::plugs::{Plugged, plugs};
use super::trace::Tracer;
use crate::browser::guest::Callee;
use crate::browser::js::{error, to_plain};
use crate::module::Import;
use crate::protocol::{Answer, Command, Engine};
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Reads, validates and sets up a module.
pub(super) async fn load(module: Vec<u8>, js_options: &JsValue) -> Result<Plugin, JsValue> {
    let options = options::parse(&to_plain(js_options, "options")?)
        .map_err(|problem| error(&problem.to_string()))?;
    let callbacks = Callbacks {
        stdout: callback(js_options, "onStdout"),
        stderr: callback(js_options, "onStderr"),
        host: callback(js_options, "onHost"),
        stdin: callback(js_options, "stdin"),
        trace: callback(js_options, "onTrace").map(Tracer::new),
    };
    let driver = Driver::new(&options, callbacks);
    let preopens = options
        .settings
        .preopens
        .iter()
        .map(|preopen| preopen.path.clone())
        .collect();
    let settings = options.settings.clone();
    driver
        .session
        .borrow_mut()
        .handle(Command::Configure(settings));
    driver.located.load(module.clone());
    let load = Command::Load {
        name: "the module".to_owned(),
        bytes: module,
    };
    let source = Command::GoSource {
        files: options.go_source.clone(),
    };
    let loaded = match driver.run([load, source]).await? {
        End::Ready(loaded) => *loaded,
        End::Refused(message) => return Err(error(&message)),
        End::Ended(..) | End::Engine(_) => {
            return Err(error("a call ended while the module was loaded"));
        }
    };
    if let (Some(needs), Engine::Interpreter) = (&loaded.elsewhere, options.engine) {
        let text =
            format!("the module {needs}: the browser's engine may (options.engine: \"browser\")");
        return Err(error(&text));
    }
    let (mut answers, mut problems) = (loaded.answers, loaded.problems);
    let info = loaded
        .info
        .ok_or_else(|| error("the module was not read"))?;
    let info = *info;
    if options.debug {
        *driver.debugger.on_stop.borrow_mut() = callback(js_options, "onStop");
        problems.extend(driver.debug(&info).await?);
    }
    if options.engine == Engine::Browser {
        if options.debug {
            let text =
                "options.engine: with debug, calls run in the interpreter: leave one of them out";
            return Err(error(text));
        }
        driver.run_in_browsers_engine().await?;
    }
    let given = options.imports.iter();
    let given: Vec<(&str, &str)> = given
        .map(|(module, name, _)| (module.as_str(), name.as_str()))
        .collect();
    driver.choose_host(options.host, &info, &given)?;
    for plug in plugs(&options, &info).map_err(|e| error(&e.to_string()))? {
        let import = u32::try_from(plug.import).unwrap_or(u32::MAX);
        let (answer, command) = match plug.what {
            Plugged::Answer(answer) => {
                let command = Command::Answer {
                    import,
                    answer: answer.clone(),
                };
                (answer, command)
            }
            // What it is does not matter for what is told of it.
            Plugged::Provision(provision) => {
                (Answer::ReturnZero, Command::Provide { import, provision })
            }
        };
        if answer == Answer::Driver
            && let Some(found) = info.imports.get(plug.import)
        {
            let callee = Callee {
                function: function_for(js_options, found, plug.item)?,
                is_script: false,
            };
            driver.callees.borrow_mut().insert(import, callee);
        }
        if let Some(place) = answers.get_mut(plug.import) {
            *place = Some(answer);
        }
        driver.session.borrow_mut().handle(command);
    }
    Ok(Plugin::new(driver, info, problems, answers, preopens))
}

/// The function `key` of the options, if there is one.
fn callback(options: &JsValue, key: &str) -> Option<Function> {
    Reflect::get(options, &key.into()).ok()?.dyn_into().ok()
}

/// The function of the options that answers an import; `item`: its place in the list of the name.
fn function_for(
    options: &JsValue,
    import: &Import,
    item: Option<u32>,
) -> Result<Function, JsValue> {
    let mut value = options.clone();
    for key in ["imports", &import.module, &import.name] {
        value = Reflect::get(&value, &key.into())?;
    }
    if let Some(item) = item {
        value = Reflect::get_u32(value.unchecked_ref(), item)?;
    }
    value.dyn_into()
}
