//! What the next instance gets to see, and how far it may go.

use super::arguments_field::arguments;
use super::stdin_field::stdin;
use crate::ui::hooks::{Driver, typed};
use crate::ui::state::Shared;
use crate::ui::state::settings::{Field, Problem, SettingsForm, Switch};
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct SettingsPanelProps {
    pub(super) driver: Driver,
    pub(super) settings: Shared<SettingsForm>,
    /// The name of the module, which is the program's.
    pub(super) program: AttrValue,
}

pub(super) fn settings_panel(props: &SettingsPanelProps) -> Html {
    let SettingsPanelProps {
        driver,
        settings: form,
        ..
    } = props;
    let (_, error) = ids(Field::CommandLine);
    let problems = form.settings(&props.program).err().unwrap_or_default();
    let area = |field, label, hint, text| area(props, &problems, field, label, hint, text);
    let limit = |field, label, hint, text| limit(props, &problems, field, label, hint, text);
    html! {
        <div class="settings">
            <div class="areas">
                { arguments(driver, &form.args, problem(&problems, Field::CommandLine, &error), error) }
                { area(Field::Env, "Environment", "KEY=value lines", &form.env) }
                { stdin(driver, &form.stdin) }
                { area(Field::Preopens, "Directories", ":ro for read-only", &form.preopens) }
            </div>
            <div class="switches">
                { switch(props, Switch::Terminal, "stdin, stdout and stderr are a terminal", form.terminal) }
                { switch(
                    props,
                    Switch::AutoInitialize,
                    "the first call runs _initialize",
                    form.auto_initialize,
                ) }
            </div>
            <fieldset>
                <legend>{ "Limits" }</legend>
                { limit(Field::WallTime, "Wall time", "of a call, as 10 min", &form.wall_time) }
                { limit(Field::Memory, "Memory", "as 256 MiB, or pages", &form.memory) }
                { limit(Field::TableElements, "Table elements", "of a table", &form.table_elements) }
                { limit(Field::Output, "Output", "as 16 MiB", &form.output) }
                { limit(Field::CallDepth, "Call depth", "calls within calls", &form.call_depth) }
                { limit(Field::Fuel, "Fuel", "instructions of a call", &form.fuel) }
            </fieldset>
            { switch(
                props,
                Switch::Repeatable,
                "runs can be repeated: clocks and random bytes are always the same",
                form.repeatable.on,
            ) }
            if form.repeatable.on {
                <fieldset>
                    <legend>{ "The same in every run" }</legend>
                    { limit(Field::Start, "The clock begins at", "UTC", &form.repeatable.start) }
                    { limit(Field::Step, "It moves at each look by", "as 1 µs", &form.repeatable.step) }
                    { limit(Field::Seed, "Seed of random bytes", "", &form.repeatable.seed) }
                </fieldset>
            }
            <p class="hint">
                <button type="button" class="quiet" popovertarget="fuel">{ "What fuel is" }</button>
                { " Wall time counts at once, fuel from the next call on. The others hold from the \
                   next instance on: a program gets one for each run, a plugin with Restart." }
            </p>
        </div>
    }
}

/// A field of several lines.
fn area(
    props: &SettingsPanelProps,
    problems: &[Problem],
    field: Field,
    label: &'static str,
    hint: &'static str,
    text: &str,
) -> Html {
    let (id, error) = ids(field);
    let problem = problem(problems, field, &error);
    html! {
        <div class="field">
            <label for={id.clone()}>{ label }{ " " }<span class="type">{ hint }</span></label>
            <textarea
                {id}
                rows="3"
                spellcheck="false"
                autocapitalize="off"
                value={text.to_owned()}
                aria-invalid={problem.is_some().then_some("true")}
                aria-describedby={problem.is_some().then_some(error)}
                oninput={enter(props, field)}
            />
            if let Some(problem) = problem {
                { problem }
            }
        </div>
    }
}

/// A field for a number.
fn limit(
    props: &SettingsPanelProps,
    problems: &[Problem],
    field: Field,
    label: &'static str,
    hint: &'static str,
    text: &str,
) -> Html {
    let (id, error) = ids(field);
    let problem = problem(problems, field, &error);
    let settle = {
        let driver = props.driver.clone();
        move |_| driver.change(|board| board.settle_setting(field))
    };
    html! {
        <div class="field">
            <label for={id.clone()}>{ label }{ " " }<span class="type">{ hint }</span></label>
            <input
                {id}
                type="text"
                class="number"
                autocomplete="off"
                placeholder={matches!(field, Field::Fuel | Field::WallTime).then_some("no limit")}
                value={text.to_owned()}
                aria-invalid={problem.is_some().then_some("true")}
                aria-describedby={problem.is_some().then_some(error)}
                oninput={enter(props, field)}
                onchange={settle}
            />
            if let Some(problem) = problem {
                { problem }
            }
        </div>
    }
}

fn switch(props: &SettingsPanelProps, switch: Switch, label: &'static str, on: bool) -> Html {
    let driver = props.driver.clone();
    let change = move |event: Event| {
        let on = event
            .target_dyn_into::<HtmlInputElement>()
            .is_some_and(|input| input.checked());
        driver.act(|board| board.switch_setting(switch, on));
    };
    html! {
        <label class="switch"><input type="checkbox" checked={on} onchange={change} />{ label }</label>
    }
}

fn enter(props: &SettingsPanelProps, field: Field) -> Callback<InputEvent> {
    let driver = props.driver.clone();
    Callback::from(move |event: InputEvent| {
        let text = typed(&event);
        driver.act(|board| board.enter_setting(field, text));
    })
}

fn ids(field: Field) -> (String, String) {
    let id = format!("setting-{}", format!("{field:?}").to_ascii_lowercase());
    let error = format!("{id}-error");
    (id, error)
}

fn problem(problems: &[Problem], field: Field, id: &str) -> Option<Html> {
    let mut of_field = problems
        .iter()
        .filter(|problem| problem.field == field)
        .peekable();
    of_field.peek()?;
    Some(html! {
        <div id={id.to_owned()} class="problem">
            { for of_field.map(|problem| html! { <p>{ &problem.message }</p> }) }
        </div>
    })
}
