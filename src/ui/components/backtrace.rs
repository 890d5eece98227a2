//! Where the guest is, or was: its functions, the innermost first, with the lines of the source where that is there.

use super::find::find;
use super::memo::stateful;
use crate::protocol::{Argument, Backtrace, Frame, Goroutine};
use crate::ui::hooks::Driver;
use crate::ui::state::backtrace::{Excerpt, Row, rows};
use crate::ui::state::debugger::file_of;
use crate::ui::state::go_source::GoSource;
use crate::ui::state::{Board, Shared, format};
use yew::prelude::*;

/// So many variables are seen at a glance.
const FEW: usize = 10;

#[derive(Clone, PartialEq)]
pub(super) struct BacktraceProps {
    pub(super) driver: Driver,
    pub(super) backtrace: Shared<Backtrace>,
    pub(super) source: Option<Shared<GoSource>>,
    /// How it was seen, and whether its calls can be made again with Debug.
    pub(super) how: &'static str,
    pub(super) again: bool,
}

pub(super) fn backtrace(props: &BacktraceProps) -> Html {
    let told = &props.backtrace;
    html! {
        <details class="fold backtrace" open=true>
            <summary>{ "Backtrace" }</summary>
            <p class="hint">
                { props.how }
                if let Some(problem) = &told.problem { { " " }{ problem } }
                if props.again { { " " }{ again(&props.driver) } }
            </p>
            if !told.goroutine.is_empty() { <p class="hint">{ &told.goroutine }</p> }
            { frames(props, told, true) }
            if !told.globals.is_empty() {
                { stateful::<Globals>(GlobalsProps { backtrace: told.clone() }) }
            }
            if !told.others.is_empty() {
                <details>
                    <summary>{ format::count(told.others.len() as u64 + u64::from(told.more), "other goroutine") }</summary>
                    { for told.others.iter().map(|other| goroutine(props, other)) }
                    if told.more > 0 { <p class="hint">{ format!("… {} more …", format::grouped(told.more.into())) }</p> }
                </details>
            }
        </details>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct GlobalsProps {
    backtrace: Shared<Backtrace>,
}

/// The variables of packages, or those whose names have what is sought in them.
#[component]
fn Globals(props: &GlobalsProps) -> Html {
    let sought = use_state(String::new);
    let globals = &props.backtrace.globals;
    let needle = sought.to_ascii_lowercase();
    let found = globals.iter();
    let found = found.filter(|it| it.name.to_ascii_lowercase().contains(&needle));
    let found: Vec<Argument> = found.cloned().collect();
    html! {
        <details>
            <summary>{ format::count(globals.len() as u64, "package variable") }</summary>
            if globals.len() > FEW || !sought.is_empty() {
                { find("Find a variable", &sought) }
            }
            { values("Package variables".to_owned(), &found) }
        </details>
    }
}

/// The frames, the first one with its lines of the source if it `leads`.
fn frames(props: &BacktraceProps, told: &Backtrace, leads: bool) -> Html {
    let rows = rows(told, props.source.as_deref().filter(|_| leads));
    let first = rows
        .iter()
        .position(|row| matches!(row, Row::Own(_, Some(_))));
    html! {
        <ol>
            { for rows.iter().enumerate().map(|(place, row)| html! {
                <li>{ draw(props, row, first == Some(place)) }</li>
            }) }
        </ol>
    }
}

/// Another goroutine, with where it was created.
fn goroutine(props: &BacktraceProps, other: &Goroutine) -> Html {
    let own = other.backtrace.frames.iter().find(|frame| !frame.runtime);
    html! {
        <details>
            <summary>
                { format!("goroutine {} [{}] ", other.id, other.status) }
                if let Some(own) = own { <code>{ &own.function }</code> }
            </summary>
            { frames(props, &other.backtrace, false) }
            if let Some(created) = &other.created {
                <p>
                    { "Created by " }{ one(created) }
                    if other.creator > 0 { { format!(" in goroutine {} ", other.creator) } }
                    { leads(props, created) }
                </p>
            }
        </details>
    }
}

/// Makes the calls again with Debug.
fn again(driver: &Driver) -> Html {
    let driver = driver.clone();
    html! {
        <button
            type="button"
            title="The calls of this instance, in a fresh one: slower, but each frame is where its function is, with its arguments"
            onclick={move |_| driver.act(Board::debug_again)}
        >
            { "Call again with Debug" }
        </button>
    }
}

fn draw(props: &BacktraceProps, row: &Row<'_>, open: bool) -> Html {
    match row {
        Row::Own(frame, None) => {
            html! { <>{ one(frame) }{ leads(props, frame) }{ text(props, frame) }{ given(frame) }</> }
        }
        Row::Own(frame, Some(excerpt)) => html! {
            <details {open}>
                <summary>{ one(frame) }</summary>
                { given(frame) }
                <pre tabindex="0">{ lines(frame, excerpt) }</pre>
                { leads(props, frame) }
                { text(props, frame) }
            </details>
        },
        Row::Runtime(frames) => html! {
            <details>
                <summary>{ format!("{} of the runtime", format::count(frames.len() as u64, "function")) }</summary>
                <ol>{ for frames.iter().map(|frame| html! { <li>{ one(frame) }</li> }) }</ol>
            </details>
        },
        Row::LeftOut(count) => {
            html! { { format!("… {} more …", format::grouped((*count).into())) } }
        }
    }
}

/// Leads to the line in Source.
fn leads(props: &BacktraceProps, frame: &Frame) -> Option<Html> {
    let (driver, line) = (props.driver.clone(), frame.line);
    let file = file_of(props.source.as_deref()?, frame)?.to_owned();
    let show = move |_| driver.change(|board| board.show_source(&file, line));
    Some(html! { <button type="button" class="quiet" onclick={show}>{ "Show in Source" }</button> })
}

/// Leads to the instruction in the function's text.
fn text(props: &BacktraceProps, frame: &Frame) -> Html {
    let (driver, function, place) = (props.driver.clone(), frame.index, frame.place);
    let show = move |_| driver.act(|board| board.show_text(function, place));
    html! { <button type="button" class="quiet" onclick={show}>{ "Show its text" }</button> }
}

fn one(frame: &Frame) -> Html {
    let file = frame.file.as_deref().filter(|_| frame.line > 0);
    html! {
        <>
            <code>{ &frame.function }</code>
            if let Some(file) = file {
                { " " }
                <span title={file.to_owned()}>
                    { format!("{}:{}", file.rsplit('/').next().unwrap_or(file), frame.line) }
                </span>
            }
            if frame.inlined { { " inlined" } }
        </>
    }
}

/// What the function was called with, and its variables.
fn given(frame: &Frame) -> Html {
    let Frame {
        function,
        arguments,
        variables,
        ..
    } = frame;
    html! {
        <>
            { values(format!("What {function} was called with"), arguments) }
            { values(format!("Variables of {function}"), variables) }
        </>
    }
}

fn values(label: String, values: &[Argument]) -> Option<Html> {
    let one = |argument: &Argument| {
        let Argument {
            name,
            ty,
            value,
            text,
        } = argument;
        let space = if name.is_empty() { "" } else { " " };
        let is = if ty.is_empty() { "" } else { " = " };
        html! {
            <li>
                if value.is_some() || !text.is_empty() {
                    <code>{ format!("{name}{space}{ty}{is}{text}") }</code>
                } else {
                    <code>{ format!("{name}{space}{ty}") }</code>
                    { ": not known: the compiler does not say where it is" }
                }
            </li>
        }
    };
    (!values.is_empty()).then(|| {
        html! {
            <ul class="given" aria-label={label}>
                { for values.iter().map(one) }
            </ul>
        }
    })
}

fn lines(frame: &Frame, (first, lines): &Excerpt<'_>) -> Html {
    let line = |(place, text): (usize, &&str)| {
        let number = first + place;
        let text = format!("{number:>5}  {text}\n");
        match number == frame.line as usize {
            true => html! { <mark>{ text }</mark> },
            false => html! { { text } },
        }
    };
    html! { <>{ for lines.iter().enumerate().map(line) }</> }
}
