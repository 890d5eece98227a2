//! The settings as they are kept: what is typed, as it is typed, where it is not what anybody starts with.

use super::{Field, SettingsForm, StdinFile, StdinWay, Switch};
use crate::protocol::Settings;
use crate::ui::state::json::{Mistake, entries, put, switch, text};
use serde_json::{Map, Value as Json};

const FIELDS: [(&str, Field); 13] = [
    ("arguments", Field::CommandLine),
    ("environment", Field::Env),
    ("stdin", Field::StdinText),
    ("preopens", Field::Preopens),
    ("fuel", Field::Fuel),
    ("memory", Field::Memory),
    ("table", Field::TableElements),
    ("output", Field::Output),
    ("time", Field::WallTime),
    ("depth", Field::CallDepth),
    ("clock", Field::Start),
    ("step", Field::Step),
    ("seed", Field::Seed),
];

const SWITCHES: [(&str, Switch); 3] = [
    ("terminal", Switch::Terminal),
    ("initialize", Switch::AutoInitialize),
    ("deterministic", Switch::Repeatable),
];

/// What each way of stdin is called.
const WAYS: [(&str, StdinWay); 4] = [
    ("typed", StdinWay::Typed),
    ("nothing", StdinWay::Nothing),
    ("text", StdinWay::Text),
    ("file", StdinWay::File),
];

/// The settings that a session has for its plugin, by its text.
///
/// # Errors
///
/// The first thing that is not as it should be, and where.
pub(crate) fn of_session(session: &str) -> Result<Settings, Mistake> {
    let json: Json = serde_json::from_str(session).map_err(|it| format!("it is not JSON: {it}"))?;
    entries(&json, "settings")?;
    let none = Json::Null;
    let form = SettingsForm::from_json(json.get("settings").unwrap_or(&none));
    let form = form.map_err(|mistake| format!("settings: {mistake}"))?;
    let name = json.get("plugin").and_then(|plugin| plugin.get("name"));
    let name = name.and_then(Json::as_str).unwrap_or("plugin.wasm");
    form.settings(name).map_err(|problems| {
        let said = problems.into_iter().next().map(|problem| {
            let mut fields = FIELDS.iter();
            let field = fields.find(|(_, field)| *field == problem.field);
            let key = field.map_or("", |(key, _)| key);
            format!("settings.{key}: {}", problem.message)
        });
        said.unwrap_or_default()
    })
}

impl SettingsForm {
    fn text(&self, field: Field) -> &str {
        match field {
            Field::CommandLine => self.args.line(),
            Field::Env => &self.env,
            Field::StdinText => &self.stdin.text,
            Field::Preopens => &self.preopens,
            Field::Fuel => &self.fuel,
            Field::Memory => &self.memory,
            Field::TableElements => &self.table_elements,
            Field::Output => &self.output,
            Field::WallTime => &self.wall_time,
            Field::CallDepth => &self.call_depth,
            Field::Start => &self.repeatable.start,
            Field::Step => &self.repeatable.step,
            Field::Seed => &self.repeatable.seed,
        }
    }

    fn is_on(&self, switch: Switch) -> bool {
        match switch {
            Switch::Terminal => self.terminal,
            Switch::AutoInitialize => self.auto_initialize,
            Switch::Repeatable => self.repeatable.on,
        }
    }

    /// What differs from the defaults.
    pub(crate) fn to_json(&self) -> Map<String, Json> {
        let usual = Self::default();
        let mut json = Map::new();
        for (key, field) in FIELDS {
            put(&mut json, key, self.text(field), usual.text(field));
        }
        for (key, switch) in SWITCHES {
            if self.is_on(switch) != usual.is_on(switch) {
                json.insert(key.to_owned(), self.is_on(switch).into());
            }
        }
        if self.stdin.way != usual.stdin.way {
            let way = WAYS.iter().find(|(_, way)| *way == self.stdin.way);
            put(&mut json, "stdinFrom", way.map_or("", |(name, _)| name), "");
        }
        if self.stdin.keys {
            json.insert("keys".to_owned(), true.into());
        }
        if let Some(file) = &self.stdin.file {
            let mut about = Map::new();
            about.insert("name".to_owned(), file.name.as_str().into());
            about.insert("size".to_owned(), file.size.into());
            json.insert("stdinFile".to_owned(), Json::Object(about));
        }
        json
    }

    /// The settings that differ so from the defaults.
    ///
    /// # Errors
    ///
    /// What is not as it should be. What a text means is told beside its field, as if it had been typed.
    pub(crate) fn from_json(json: &Json) -> Result<Self, Mistake> {
        let mut form = Self::default();
        if let Some(name) = text(json, "stdinFrom")? {
            let way = WAYS.iter().find(|(way, _)| *way == name);
            let (_, way) = way.ok_or_else(|| format!("\"stdinFrom\" has no way {name:?}"))?;
            form.choose_stdin(*way);
        }
        for (key, field) in FIELDS {
            if let Some(text) = text(json, key)? {
                form.enter(field, text.to_owned());
            }
        }
        for (key, which) in SWITCHES {
            if let Some(on) = switch(json, key)? {
                form.switch(which, on);
            }
        }
        form.stdin.keys = switch(json, "keys")?.unwrap_or_default();
        if entries(json, "stdinFile")?.is_some()
            && let Some(file) = json.get("stdinFile")
            && let Some(name) = text(file, "name")?
        {
            let size = file.get("size").and_then(Json::as_u64);
            form.stdin.file = Some(StdinFile {
                name: name.to_owned(),
                size: size.unwrap_or_default(),
            });
        }
        Ok(form)
    }
}
