//! Every import, who serves it, how often it was called, and what it is answered with.

use super::find::{MAX_SHOWN, find, others};
use super::imports::{answer, answer_id, mismatch, shape};
use crate::go::value::named;
use crate::module::{ExternType, Import};
use crate::protocol::Answer;
use crate::ui::hooks::{Driver, download, picked, typed};
use crate::ui::state::module::{Plugged, import_name};
use crate::ui::state::sockets::{Edit, Function, Other, SNIPPETS, Socket, names};
use crate::ui::state::{Board, Effect, Shared};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ImportsPanelProps {
    pub(super) driver: Driver,
    pub(super) plugged: Shared<Plugged>,
    pub(super) called: Shared<Vec<u64>>,
    pub(super) problem: Option<AttrValue>,
}

#[component]
pub(super) fn ImportsPanel(props: &ImportsPanelProps) -> Html {
    let sought = use_state(String::new);
    let imports = &props.plugged.info.imports;
    let sockets = &props.plugged.sockets;
    if imports.is_empty() {
        return html! { <p class="hint">{ "It imports nothing: it needs nothing of its host." }</p> };
    }
    let needle = sought.to_ascii_lowercase();
    let rows = imports.iter().zip(sockets).enumerate();
    let rows =
        rows.filter(|(_, (import, _))| import_name(import).to_ascii_lowercase().contains(&needle));
    let (served, filled): (Vec<_>, Vec<_>) =
        rows.partition(|(_, (_, socket))| matches!(socket, Socket::Wasi));
    // What can be filled comes first.
    let found = filled.len() + served.len();
    let rows = filled.into_iter().chain(served).take(MAX_SHOWN);
    html! {
        <div class="sockets">
            { file_buttons(props) }
            if let Some(problem) = &props.problem {
                <p class="problem" role="alert">{ problem }</p>
            }
            if imports.len() > MAX_SHOWN || !sought.is_empty() {
                { find("Find an import", &sought) }
            }
            <ul>
                { for rows.map(|(place, (import, socket))| {
                    let called = props.called.get(place).copied().unwrap_or(0);
                    row(props, place, import, socket, called)
                }) }
            </ul>
            { others(found, "find it by name") }
        </div>
    }
}

/// The answers as a file, out and in.
fn file_buttons(props: &ImportsPanelProps) -> Html {
    let save = {
        let driver = props.driver.clone();
        move |_| {
            let file = driver.board().answers_file();
            if let Some((name, text)) = file {
                download(&name, text.as_bytes());
            }
        }
    };
    html! {
        <div class="tools">
            <button type="button" id="save-answers" class="quiet" onclick={save}>
                { "Save answers…" }
            </button>
            <label class="button quiet">
                { "Open answers…" }
                <input
                    id="open-answers"
                    type="file"
                    class="unseen"
                    accept=".json,application/json"
                    onchange={opens(&props.driver, Board::open_answers)}
                />
            </label>
        </div>
    }
}

/// Takes in the text of the files that are picked.
pub(super) fn opens(
    driver: &Driver,
    take: fn(&mut Board, &str, &str) -> Vec<Effect>,
) -> Callback<Event> {
    let driver = driver.clone();
    Callback::from(move |event: Event| {
        let input = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        for file in picked(&input) {
            driver.open_text(file.name(), file.into(), take);
        }
        // So that the same file can be picked again.
        input.set_value("");
    })
}

fn row(
    props: &ImportsPanelProps,
    place: usize,
    import: &Import,
    socket: &Socket,
    called: u64,
) -> Html {
    let driver = &props.driver;
    let host = props.plugged.served_by(place);
    let name = match socket {
        Socket::Wasi => named(&import.name),
        Socket::Function(_) | Socket::Other(_) => import_name(import),
    };
    html! {
        <li key={place} data-import={import_name(import)}>
            <div class="who">
                <p><code>{ name }</code>{ " " }<small>{ shape(import) }</small></p>
                { mismatch(import) }
                <small class="count">
                    { match called {
                        0 => String::new(),
                        1 => "called once".to_owned(),
                        times => format!("called {times} times"),
                    } }
                </small>
            </div>
            { match socket {
                _ if host.is_some() => html! { <small>{ format!("{} answers it", host.unwrap_or_default()) }</small> },
                Socket::Wasi => html! { <small>{ "WASI serves it" }</small> },
                Socket::Function(function) => html! {
                    <>
                        { answer(driver, place, import, function) }
                        { value(driver, place, import, function) }
                    </>
                },
                Socket::Other(other) => provision(driver, place, import, other),
            } }
        </li>
    }
}

/// What the answer needs beside its kind.
fn value(driver: &Driver, place: usize, import: &Import, function: &Function) -> Html {
    let id = answer_id(place);
    match &function.answer {
        _ if function.held => held(driver, place, import, function),
        Answer::Constant(results) => {
            let ones: Vec<&str> = results.iter().map(|_| "1").collect();
            let enter = {
                let driver = driver.clone();
                move |event: InputEvent| {
                    let text = typed(&event);
                    driver.act(|board| board.edit_answer(place, Edit::Constant(text)));
                }
            };
            html! {
                <div class="value">
                    <label for={id.clone()}>{ "returns" }</label>
                    <input
                        type="text"
                        {id}
                        spellcheck="false"
                        aria-invalid={function.problem.is_some().to_string()}
                        placeholder={ones.join(", ")}
                        value={function.constant.clone()}
                        oninput={enter}
                    />
                    { problem(function.problem.as_ref()) }
                </div>
            }
        }
        Answer::Script(_) => {
            let enter = {
                let driver = driver.clone();
                move |event: InputEvent| {
                    let text = typed(&event);
                    driver.act(|board| board.edit_answer(place, Edit::Script(text)));
                }
            };
            html! {
                <div class="script">
                    <label for={id.clone()}><code>{ head(import) }</code></label>
                    <textarea
                        {id}
                        rows="6"
                        spellcheck="false"
                        autocapitalize="off"
                        aria-invalid={function.problem.is_some().to_string()}
                        value={function.script.clone()}
                        oninput={enter}
                    />
                    <code>{ "}" }</code>
                    { problem(function.problem.as_ref()) }
                    { snippets(driver, place) }
                </div>
            }
        }
        _ => html! {},
    }
}

/// What else is often wanted, to be put in front of the script.
fn snippets(driver: &Driver, place: usize) -> Html {
    let snippet = |(what, lines): (&'static str, &'static str)| {
        let driver = driver.clone();
        html! {
            <button
                type="button"
                title={lines}
                onclick={move |_| driver.act(|board| board.edit_answer(place, Edit::Snippet(lines)))}
            >
                { what }
            </button>
        }
    };
    html! {
        <details class="fold">
            <summary>{ "What else it can do" }</summary>
            <div class="tools">{ for SNIPPETS.into_iter().map(snippet) }</div>
            <p class="hint">
                { "It runs in the worker, and the guest waits for it. guest.memory also has size(). \
                   console.log prints above; an error ends the call as a trap. fetch gets what the \
                   other server lets this page read (CORS): its answer must have \
                   Access-Control-Allow-Origin; from a page over https, only https and localhost can \
                   be reached." }
            </p>
        </details>
    }
}

/// What is wrong with what is typed.
fn problem(problem: Option<&String>) -> Html {
    match problem {
        Some(problem) => html! { <p class="problem" role="alert">{ problem }</p> },
        None => Html::default(),
    }
}

/// How the function begins that a script is the body of.
fn head(import: &Import) -> String {
    let mut names = names(import);
    names.push("guest".to_owned());
    format!("async ({}) => {{", names.join(", "))
}

/// A script of somebody else's: it is shown, and does not run before a yes.
fn held(driver: &Driver, place: usize, import: &Import, function: &Function) -> Html {
    let agree = {
        let driver = driver.clone();
        move |_| driver.act(|board| board.edit_answer(place, Edit::Agree))
    };
    let discard = {
        let driver = driver.clone();
        move |_| driver.act(|board| board.edit_answer(place, Edit::Choose(Answer::Nothing)))
    };
    html! {
        <div class="script held" role="group" aria-label="JavaScript from a file">
            <p>{ "This JavaScript came with a file. It does not run before you agree to it." }</p>
            <pre>{ format!("{}\n{}\n}}", head(import), function.script) }</pre>
            <button type="button" id={answer_id(place)} onclick={agree}>{ "Let it run" }</button>
            <button type="button" class="quiet" onclick={discard}>{ "Discard" }</button>
        </div>
    }
}

/// What stands in for a memory, a table or a global.
fn provision(driver: &Driver, place: usize, import: &Import, other: &Other) -> Html {
    let (what, least) = match &import.ty {
        ExternType::Memory(memory) => (
            "at the start: pages of 64 KiB, or as 256 MiB",
            memory.minimum.to_string(),
        ),
        ExternType::Table(_, least, _) => ("elements at the start, all null", least.to_string()),
        _ => ("value at the start", "0".to_owned()),
    };
    let id = format!("provision-{place}");
    let enter = {
        let driver = driver.clone();
        move |event: InputEvent| {
            let text = typed(&event);
            driver.act(|board| board.enter_provision(place, &text));
        }
    };
    html! {
        <div class="value">
            <label for={id.clone()}>{ what }</label>
            <input
                type="text"
                {id}
                spellcheck="false"
                aria-invalid={other.problem.is_some().to_string()}
                placeholder={least}
                value={other.text.clone()}
                oninput={enter}
            />
            <p class="hint">{ "from the next instance on" }</p>
            { problem(other.problem.as_ref()) }
        </div>
    }
}
