//! A call by the form of a framework's host: which host it is, and what is filled in.

use super::host_shown::as_protobuf;
use super::memo::keyed;
use crate::hosts::{Field, Input, Kind, Recognised, Value, protobuf};
use crate::ui::hooks::{Driver, picked, typed};
use crate::ui::state::hosts::{Entry, Filled, Hosting};
use crate::ui::state::{Board, Shared};
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct HostFormProps {
    driver: Driver,
    hosting: Shared<Hosting>,
    filled: Shared<Filled>,
    export: Option<AttrValue>,
}

impl HostFormProps {
    /// `None`: the module is written for no framework.
    pub(super) fn of(driver: &Driver, board: &Board) -> Option<Self> {
        Some(Self {
            driver: driver.clone(),
            hosting: board.hosting()?.clone(),
            filled: board.filled(),
            export: board
                .selected()
                .map(|export| AttrValue::from(export.name.clone())),
        })
    }

    /// What the form of the export that is selected is called, `greet()` or `proxy-wasm: request`; `None`: it has none.
    pub(super) fn title(&self) -> Option<String> {
        let export = self.export.as_deref()?;
        let form = self.hosting.form(export)?;
        let host = self.hosting.chosen.kind.map_or("", Kind::name);
        Some(match form.name == export {
            true => format!("{export}()"),
            false => format!("{host}: {}", form.name),
        })
    }
}

pub(super) fn host_form(props: &HostFormProps) -> Html {
    let form = props
        .export
        .as_deref()
        .and_then(|export| props.hosting.form(export));
    html! {
        <>
            { host_line(props) }
            if let Some(form) = form {
                <div class="fields host-fields">
                    { for form.fields.iter().filter(|field| field.group.is_empty()).map(|field| draw(props, &form.name, field)) }
                </div>
                { for groups(&form.fields).into_iter().map(|group| html! {
                    <details class="fold host-group" role="group">
                        <summary>{ group }</summary>
                        <div class="fields host-fields">
                            { for form.fields.iter().filter(|field| field.group == group).map(|field| draw(props, &form.name, field)) }
                        </div>
                    </details>
                }) }
                if form.actions.len() > 1 {
                    <div class="tools">
                        { for form.actions.iter().skip(1).map(|action| {
                            let (driver, key) = (props.driver.clone(), action.key.clone());
                            let call = move |_| driver.act(|board| board.call_by_form(Some(&key)).unwrap_or_default());
                            html! { <button type="button" onclick={call}>{ &action.label }</button> }
                        }) }
                    </div>
                }
            }
        </>
    }
}

/// The names of the groups, in their order.
fn groups(fields: &[Field]) -> Vec<&str> {
    let mut groups: Vec<&str> = Vec::new();
    for field in fields {
        if !field.group.is_empty() && !groups.contains(&field.group.as_str()) {
            groups.push(&field.group);
        }
    }
    groups
}

/// What the module is written for, why that is thought, and the host, to be chosen.
fn host_line(props: &HostFormProps) -> Html {
    let chosen = &props.hosting.chosen;
    let choose = {
        let driver = props.driver.clone();
        move |event: Event| {
            let kind = typed(&event).parse().ok();
            let kind = kind.and_then(|index: usize| Kind::ALL.get(index).copied());
            driver.act(|board| board.choose_host(kind));
        }
    };
    let recognised = chosen.recognised.as_ref();
    let is_here = recognised.is_none_or(|it| it.kind.is_some());
    html! {
        <div class="host" data-host={chosen.kind.map(Kind::name)}>
            <p>
                if let Some(recognised) = recognised {
                    <span>{ written_for(recognised) }</span>
                }
                if !is_here {
                    <span>{ "There is no host for it here: answer its imports yourself, under Imports. " }</span>
                }
                <label>
                    { "Host " }
                    <select id="host" onchange={choose}>
                        { for Kind::ALL.iter().enumerate().map(|(index, kind)| html! {
                            <option value={index.to_string()} selected={chosen.kind == Some(*kind)}>
                                { kind.name() }
                            </option>
                        }) }
                        <option value="" selected={chosen.kind.is_none()}>{ "none: imports as answered" }</option>
                    </select>
                </label>
            </p>
            <>{ for recognised.iter().flat_map(|it| &it.notes).map(|note| html! { <p class="hint">{ note }</p> }) }</>
        </div>
    }
}

/// What a module is written for, and why that is thought.
fn written_for(recognised: &Recognised) -> String {
    let Recognised { name, why, .. } = recognised;
    match recognised.is_certain {
        true => format!("Written for {name}: {why}. "),
        false => format!("May be written for {name}: {why}. "),
    }
}

fn draw(props: &HostFormProps, form: &str, field: &Field) -> Html {
    let entry = props.filled.entry(form, &field.key);
    let entry = entry.cloned().unwrap_or_else(|| Entry::of(&field.default));
    let one = One {
        driver: props.driver.clone(),
        export: props.export.clone(),
        form: form.to_owned(),
        field: field.clone(),
        entry,
    };
    keyed(format!("{form} {}", field.key), one, one_field)
}

/// A field, and what it is filled in with.
#[derive(Clone, PartialEq)]
struct One {
    driver: Driver,
    export: Option<AttrValue>,
    form: String,
    field: Field,
    entry: Entry,
}

impl One {
    fn id(&self) -> String {
        format!("host-{}", self.field.key)
    }

    /// Fills it in.
    fn fill(&self, entry: Entry) {
        self.driver
            .change(|board| board.fill(&self.field.key, entry));
    }

    /// What fills it in with what is typed.
    fn filling(&self, make: impl Fn(String) -> Entry + 'static) -> Callback<InputEvent> {
        let one = self.clone();
        Callback::from(move |event: InputEvent| one.fill(make(typed(&event))))
    }

    /// The same of one that is chosen.
    fn choosing(&self, make: impl Fn(String) -> Entry + 'static) -> Callback<Event> {
        let one = self.clone();
        Callback::from(move |event: Event| one.fill(make(typed(&event))))
    }
}

fn one_field(one: &One) -> Html {
    let field = &one.field;
    let problem = one.entry.value().err();
    let grouped = matches!(field.input, Input::Pairs { .. });
    let content = html! {
        <>
            { control(one, problem.is_some()) }
            if let Some(problem) = &problem {
                <p id={format!("{}-error", one.id())} class="problem">{ problem }</p>
            }
            if !field.help.is_empty() {
                <p class="hint">{ &field.help }</p>
            }
        </>
    };
    if grouped {
        return html! {
            <fieldset id={one.id()} class="field group">
                <legend>{ &field.label }</legend>
                { content }
            </fieldset>
        };
    }
    html! {
        <div class="field">
            <label for={one.id()}>{ &field.label }</label>
            { content }
        </div>
    }
}

fn control(one: &One, wrong: bool) -> Html {
    let text = |text: String| Entry::Value(Value::Text(text));
    match (&one.field.input, &one.entry) {
        (Input::Bytes, entry) => bytes(one, entry, wrong),
        (Input::Text | Input::Json, Entry::Value(Value::Text(typed))) => {
            area(one, typed, wrong, one.filling(text))
        }
        (Input::Choice(choices), Entry::Value(Value::Text(typed))) => html! {
            <select id={one.id()} onchange={one.choosing(text)}>
                { for choices.iter().map(|choice| html! {
                    <option selected={choice == typed}>{ choice }</option>
                }) }
            </select>
        },
        (Input::Switch, Entry::Value(Value::Flag(on))) => {
            let to = one.clone();
            let check = move |event: Event| {
                let input = event.target_dyn_into::<HtmlInputElement>();
                let on = input.is_some_and(|input| input.checked());
                to.fill(Entry::Value(Value::Flag(on)));
            };
            html! { <input id={one.id()} type="checkbox" checked={*on} onchange={check} /> }
        }
        (Input::List, Entry::Value(Value::List(lines))) => {
            let fill = one.filling(|text| {
                let lines = text.split('\n').map(str::to_owned);
                // A line that is being begun is one; none at all is none.
                Entry::Value(Value::List(lines.filter(|_| !text.is_empty()).collect()))
            });
            area(one, &lines.join("\n"), wrong, fill)
        }
        (Input::Pairs { name, value }, Entry::Value(Value::Pairs(pairs))) => {
            self::pairs(one, (name, value), pairs)
        }
        (_, Entry::Value(Value::Text(typed))) => html! {
            <input
                id={one.id()}
                type="text"
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                value={typed.clone()}
                aria-invalid={wrong.then_some("true")}
                oninput={one.filling(text)}
            />
        },
        _ => Html::default(),
    }
}

fn area(one: &One, text: &str, wrong: bool, fill: Callback<InputEvent>) -> Html {
    html! {
        <textarea
            id={one.id()}
            rows={text.split('\n').count().clamp(2, 8).to_string()}
            spellcheck="false"
            autocapitalize="off"
            value={text.to_owned()}
            aria-invalid={wrong.then_some("true")}
            aria-describedby={wrong.then(|| format!("{}-error", one.id()))}
            oninput={fill}
        />
    }
}

/// Bytes, as text, as digits or from a file.
fn bytes(one: &One, entry: &Entry, wrong: bool) -> Html {
    let choose = {
        let one = one.clone();
        move |event: Event| match typed(&event).as_str() {
            "hex" => one.fill(one.entry.as_hex()),
            "file" => one.fill(Entry::File(String::new(), Vec::new())),
            _ => one.fill(one.entry.as_text()),
        }
    };
    let option = |way: &'static str, label: &'static str, chosen: bool| {
        html! { <option value={way} selected={chosen}>{ label }</option> }
    };
    html! {
        <>
        <div class="entry">
            { match entry {
                Entry::Hex(digits) => area(one, digits, wrong, one.filling(Entry::Hex)),
                Entry::File(name, bytes) => file(one, name, bytes.len()),
                Entry::Text(text) => area(one, text, wrong, one.filling(Entry::Text)),
                Entry::Value(_) => Html::default(),
            } }
            <select class="way" aria-label={format!("How {} is entered", one.field.label)} onchange={choose}>
                { option("text", "text", matches!(entry, Entry::Text(_))) }
                { option("hex", "hex", matches!(entry, Entry::Hex(_))) }
                { option("file", "file", matches!(entry, Entry::File(..))) }
            </select>
        </div>
        { protobuf_of(entry) }
        </>
    }
}

/// Bytes that are no text, as protobuf, if they may be that. It is one node whatever it is: what is typed into beside it stays.
fn protobuf_of(entry: &Entry) -> Html {
    let message = match (entry, entry.value()) {
        (Entry::Hex(_) | Entry::File(..), Ok(Value::Bytes(bytes))) => protobuf::lines(&bytes),
        _ => None,
    };
    html! {
        if let Some(text) = message {
            { as_protobuf(&text, false) }
        }
    }
}

fn file(one: &One, name: &str, size: usize) -> Html {
    let pick = {
        let one = one.clone();
        move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>()
                && let Some(file) = picked(&input).pop()
                && let Some(export) = &one.export
            {
                one.driver
                    .read_for_host(export, &one.field.key, file.name(), file.into());
            }
        }
    };
    html! {
        <>
            <input id={one.id()} type="file" onchange={pick} />
            if !name.is_empty() {
                <span class="type">{ format!("{name}, {size} bytes") }</span>
            }
        </>
    }
}

/// Names and values, a row each, and one more to be filled in.
fn pairs(one: &One, (name, value): (&str, &str), pairs: &[(String, String)]) -> Html {
    let edit = |place: usize, is_value: bool| {
        let (to, pairs) = (one.clone(), pairs.to_vec());
        Callback::from(move |event: InputEvent| {
            let mut pairs = pairs.clone();
            if place == pairs.len() {
                pairs.push(Default::default());
            }
            if let Some(pair) = pairs.get_mut(place) {
                match is_value {
                    true => pair.1 = typed(&event),
                    false => pair.0 = typed(&event),
                }
            }
            pairs.retain(|(name, value)| !name.is_empty() || !value.is_empty());
            to.fill(Entry::Value(Value::Pairs(pairs)));
        })
    };
    let input = |place: usize, is_value: bool, text: &str| {
        let what = if is_value { value } else { name };
        html! {
            <input
                type="text"
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                placeholder={what.to_owned()}
                aria-label={format!("{} {what} {}", one.field.label, place + 1)}
                value={text.to_owned()}
                oninput={edit(place, is_value)}
            />
        }
    };
    let empty = (String::new(), String::new());
    html! {
        { for pairs.iter().chain([&empty]).enumerate().map(|(place, (name, value))| html! {
            <div key={place} class="pair">
                { input(place, false, name) }
                { input(place, true, value) }
            </div>
        }) }
    }
}
