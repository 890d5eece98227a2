//! The options of `Plugin.load`, checked: what is wrong is said with its place.

use super::Plain;
use super::hosts;
use super::plain::Place;
use super::plugs::{self, Given};
use crate::hosts::Kind;
use crate::protocol::{Engine, FileEntry, Limits, Preopen, Settings, Stdin};
use crate::session::FixedClock;
use crate::ui::state::settings;
use crate::vfs::Name;

/// The one key of an object that stands for a symbolic link. No file can have such a name.
pub const SYMLINK: &str = "/symlink";

/// What `Plugin.load` is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// What the guest gets to see. With [`Stdin::Interactive`], a callback provides stdin.
    pub settings: Settings,
    /// How imports are answered: module, name, answer.
    pub imports: Vec<(String, String, Given)>,
    /// `None`: the real clocks.
    pub clock: Option<FixedClock>,
    /// The seed of what is random; `None`: it cannot be foreseen.
    pub seed: Option<u64>,
    /// Go files: names and texts.
    pub go_source: Vec<(String, String)>,
    /// Whether calls are debugged.
    pub debug: bool,
    /// What calls run in.
    pub engine: Engine,
    /// The host of a framework: `None`: the one that the module is recognised by; `Some(None)`: none.
    pub host: Option<Option<Kind>>,
}

/// An option that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct OptionError {
    /// Where it stands: `options.limits.fuel`.
    pub path: String,
    /// What it needs to be, and what it is.
    pub message: String,
}

type Parsed<T> = Result<T, OptionError>;

/// Reads the options. `undefined` means that there are none.
///
/// # Errors
///
/// The first option that cannot be used.
pub fn parse(options: &Plain) -> Parsed<Options> {
    const KNOWN: &[&str] = &[
        "session", "args", "env", "stdin", "preopens", "readonly", "terminal", "imports",
        "goSource", "limits", "clock", "seed", "debug", "engine", "host", "onStdout", "onStderr",
        "onHost", "onTrace", "onStop",
    ];
    let root = Place::root();
    root.only(options, KNOWN)?;
    for callback in ["onStdout", "onStderr", "onHost", "onTrace", "onStop"] {
        match options.get(callback) {
            Plain::Undefined | Plain::Null | Plain::Function => {}
            other => return Err(root.at(callback).needs("a function", other)),
        }
    }
    let mut host = None;
    let defaults = match options.get("session") {
        Plain::Undefined => {
            let mut settings = Settings::default();
            // How long a call may take is the caller's affair.
            settings.limits.wall_millis = None;
            settings
        }
        Plain::Text(text) => {
            host = hosts::of_session(text);
            session(text).map_err(|why| root.at("session").error(&why))?
        }
        other => {
            return Err(root
                .at("session")
                .needs("the text of a session file", other));
        }
    };
    let given = |key: &str| match options.get(key) {
        Plain::Undefined => None,
        value => Some((value, root.at(key))),
    };
    let settings = Settings {
        args: given("args").map_or(Ok(defaults.args), |(value, at)| arguments(value, &at))?,
        env: given("env").map_or(Ok(defaults.env), |(value, at)| environment(value, &at))?,
        stdin: given("stdin").map_or(Ok(defaults.stdin), |(value, at)| stdin(value, &at))?,
        terminal: given("terminal")
            .map_or(Ok(defaults.terminal), |(value, at)| boolean(value, &at))?,
        preopens: preopens(options, defaults.preopens)?,
        auto_initialize: defaults.auto_initialize,
        limits: limits(options.get("limits"), defaults.limits, &root.at("limits"))?,
        determinism: defaults.determinism,
    };
    Ok(Options {
        settings,
        imports: plugs::imports(options.get("imports"), &root.at("imports"))?,
        clock: given("clock")
            .map(|(value, at)| clock(value, &at))
            .transpose()?,
        seed: given("seed")
            .map(|(value, at)| at.unsigned(value, u64::MAX))
            .transpose()?,
        go_source: go_source(options.get("goSource"), &root.at("goSource"))?,
        debug: given("debug").map_or(Ok(false), |(value, at)| boolean(value, &at))?,
        host: given("host")
            .map(|(value, at)| hosts::kind(value, &at))
            .transpose()?
            .or(host),
        engine: given("engine").map_or(Ok(Engine::default()), |(value, at)| engine(value, &at))?,
    })
}

fn engine(value: &Plain, at: &Place) -> Parsed<Engine> {
    match value {
        Plain::Text(name) if name == "interpreter" => Ok(Engine::Interpreter),
        Plain::Text(name) if name == "browser" => Ok(Engine::Browser),
        other => Err(at.needs("\"interpreter\" or \"browser\"", other)),
    }
}

/// What `guest.call` is told: a Go signature.
///
/// # Errors
///
/// When it is something else.
pub fn call_options(options: &Plain) -> Parsed<Option<&str>> {
    let root = Place::root();
    root.only(options, &["go"])?;
    go(options, &root)
}

/// What `Plugin.call` is told: a Go signature, and whether the call is sampled.
///
/// # Errors
///
/// When it is something else.
pub fn run_options(options: &Plain) -> Parsed<(Option<&str>, bool)> {
    let root = Place::root();
    root.only(options, &["go", "profile"])?;
    Ok((go(options, &root)?, profiles(options, &root)?))
}

/// What `Plugin.start` is told: whether it is sampled.
///
/// # Errors
///
/// When it is something else.
pub fn start_options(options: &Plain) -> Parsed<bool> {
    let root = Place::root();
    root.only(options, &["profile"])?;
    profiles(options, &root)
}

/// What `Plugin.profile.start` is told: the fuel between two samples.
///
/// # Errors
///
/// When it is something else.
pub fn sample_every(options: &Plain) -> Parsed<Option<u64>> {
    let root = Place::root();
    root.only(options, &["every"])?;
    match (options.get("every"), root.at("every")) {
        (Plain::Undefined, _) => Ok(None),
        (value, at) => match at.unsigned(value, u64::MAX)? {
            0 => Err(at.needs("a number of units of fuel > 0", value)),
            every => Ok(Some(every)),
        },
    }
}

fn go<'o>(options: &'o Plain, root: &Place) -> Parsed<Option<&'o str>> {
    match options.get("go") {
        Plain::Undefined => Ok(None),
        Plain::Text(text) => Ok(Some(text)),
        other => Err(root.at("go").needs("a Go signature", other)),
    }
}

fn profiles(options: &Plain, root: &Place) -> Parsed<bool> {
    match options.get("profile") {
        Plain::Undefined => Ok(false),
        value => boolean(value, &root.at("profile")),
    }
}

/// What the methods of `Plugin.coverage` are told: whether libraries are meant as well.
///
/// # Errors
///
/// When it is something else.
pub fn wants_all(options: &Plain) -> Parsed<bool> {
    let root = Place::root();
    root.only(options, &["all"])?;
    match options.get("all") {
        Plain::Undefined => Ok(false),
        value => boolean(value, &root.at("all")),
    }
}

/// A whole number that is not negative.
#[must_use]
pub fn unsigned(value: &Plain) -> Option<u64> {
    Place::root().unsigned(value, u64::MAX).ok()
}

fn boolean(value: &Plain, at: &Place) -> Parsed<bool> {
    match value {
        Plain::Bool(value) => Ok(*value),
        other => Err(at.needs("true or false", other)),
    }
}

fn arguments(value: &Plain, at: &Place) -> Parsed<Vec<String>> {
    let Plain::List(list) = value else {
        return Err(at.needs("an array of strings, the program's name first", value));
    };
    let text = |(index, value)| text_without_nul(value, &at.item(index));
    list.iter().enumerate().map(text).collect()
}

fn environment(value: &Plain, at: &Place) -> Parsed<Vec<(String, String)>> {
    let mut env = Vec::new();
    for (name, value) in at.entries(value)? {
        let at = at.at(name);
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(
                at.error("the name of a variable has at least one character, and no = or NUL")
            );
        }
        env.push((name.clone(), text_without_nul(value, &at)?));
    }
    Ok(env)
}

/// The settings that the page has saved. Nobody types what is typed there, and what a file has is given as `stdin`.
fn session(text: &str) -> Result<Settings, String> {
    let mut settings = settings::of_session(text)?;
    if !matches!(settings.stdin, Stdin::Bytes(_)) {
        settings.stdin = Stdin::Empty;
    }
    Ok(settings)
}

fn stdin(value: &Plain, at: &Place) -> Parsed<Stdin> {
    match value {
        Plain::Undefined | Plain::Null => Ok(Stdin::Empty),
        Plain::Text(text) => Ok(Stdin::Bytes(text.as_bytes().to_vec())),
        Plain::Bytes(bytes) => Ok(Stdin::Bytes(bytes.clone())),
        Plain::Function => Ok(Stdin::Interactive),
        other => Err(at.needs("a string, a Uint8Array, a function or null", other)),
    }
}

fn limits(value: &Plain, defaults: Limits, at: &Place) -> Parsed<Limits> {
    at.only(
        value,
        &[
            "fuel",
            "memoryPages",
            "tableElements",
            "outputBytes",
            "wallMillis",
            "callDepth",
        ],
    )?;
    let limit = |key: &str, max, default| match value.get(key) {
        Plain::Undefined => Ok(default),
        value => at.at(key).unsigned(value, max),
    };
    Ok(Limits {
        fuel: match value.get("fuel") {
            Plain::Undefined => defaults.fuel,
            Plain::Null => None,
            value => Some(at.at("fuel").unsigned(value, u64::MAX)?),
        },
        memory_pages: limit(
            "memoryPages",
            Limits::MOST_MEMORY_PAGES,
            defaults.memory_pages,
        )?,
        table_elements: limit(
            "tableElements",
            Limits::MOST_TABLE_ELEMENTS,
            defaults.table_elements,
        )?,
        output_bytes: limit("outputBytes", u64::MAX, defaults.output_bytes)?,
        wall_millis: match value.get("wallMillis") {
            Plain::Undefined => defaults.wall_millis,
            Plain::Null => None,
            value => Some(
                at.at("wallMillis")
                    .unsigned(value, Limits::MOST_WALL_MILLIS)?,
            ),
        },
        call_depth: match value.get("callDepth") {
            Plain::Undefined => defaults.call_depth,
            value => {
                let depth = at
                    .at("callDepth")
                    .unsigned(value, Limits::MOST_CALL_DEPTH.into())?;
                u32::try_from(depth).unwrap_or(u32::MAX)
            }
        },
    })
}

fn clock(value: &Plain, at: &Place) -> Parsed<FixedClock> {
    at.entries(value)?;
    at.only(value, &["realtime", "step"])?;
    let nanoseconds = |key: &str| match value.get(key) {
        Plain::Undefined => Ok(0),
        value => at.at(key).unsigned(value, u64::MAX),
    };
    Ok(FixedClock {
        realtime: nanoseconds("realtime")?,
        step: nanoseconds("step")?,
    })
}

fn go_source(value: &Plain, at: &Place) -> Parsed<Vec<(String, String)>> {
    if *value == Plain::Undefined {
        return Ok(Vec::new());
    }
    let text = |(name, value): &(String, Plain)| match value {
        Plain::Text(text) => Ok((name.clone(), text.clone())),
        other => Err(at.at(name).needs("the text of a Go file", other)),
    };
    at.entries(value)?.iter().map(text).collect()
}

fn preopens(options: &Plain, default: Vec<Preopen>) -> Parsed<Vec<Preopen>> {
    let at = Place::root().at("preopens");
    let mut preopens = match options.get("preopens") {
        Plain::Undefined => default,
        value => {
            let mut preopens = Vec::new();
            for (path, tree) in at.entries(value)? {
                let at = at.at(path);
                if path.is_empty() || path.contains('\0') {
                    return Err(
                        at.error("a preopen has a path of at least one character, without NUL")
                    );
                }
                let mut preopen = Preopen::empty(path);
                directory(tree, "", &mut preopen.files, &at)?;
                preopens.push(preopen);
            }
            preopens
        }
    };
    let at = Place::root().at("readonly");
    let readonly: &[Plain] = match options.get("readonly") {
        Plain::Undefined => &[],
        Plain::List(list) => list,
        other => return Err(at.needs("an array of paths", other)),
    };
    for (index, value) in readonly.iter().enumerate() {
        let preopen = preopens
            .iter_mut()
            .find(|preopen| *value == Plain::Text(preopen.path.clone()));
        match preopen {
            Some(preopen) => preopen.read_only = true,
            None => return Err(at.item(index).needs("the path of a preopen", value)),
        }
    }
    Ok(preopens)
}

/// Puts what is in `tree` at paths that begin with `prefix`.
fn directory(
    tree: &Plain,
    prefix: &str,
    files: &mut Vec<(String, FileEntry)>,
    at: &Place,
) -> Parsed<()> {
    for (name, value) in at.entries(tree)? {
        let at = at.at(name);
        if let Err(error) = Name::new(name) {
            let file = "is no name of a file: one has no /, is not . or .., and has 1 to 255 bytes";
            return Err(at.error(&format!("{file} ({error})")));
        }
        let path = format!("{prefix}{name}");
        let entry = match value {
            Plain::Text(text) => FileEntry::File(text.as_bytes().to_vec()),
            Plain::Bytes(bytes) => FileEntry::File(bytes.clone()),
            Plain::Object(entries) => match entries.as_slice() {
                [(key, Plain::Text(target))] if key == SYMLINK => {
                    FileEntry::Symlink(target.clone())
                }
                _ => {
                    let below = format!("{path}/");
                    files.push((path, FileEntry::Directory));
                    directory(value, &below, files, &at)?;
                    continue;
                }
            },
            other => {
                let file = "a string, a Uint8Array, or an object that is a directory";
                return Err(at.needs(file, other));
            }
        };
        files.push((path, entry));
    }
    Ok(())
}

fn text_without_nul(value: &Plain, at: &Place) -> Parsed<String> {
    match value {
        Plain::Text(text) if text.contains('\0') => Err(at.error("cannot hold a NUL")),
        Plain::Text(text) => Ok(text.clone()),
        other => Err(at.needs("a string", other)),
    }
}
