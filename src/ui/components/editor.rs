//! Source of one's own: its files as tabs, and the editor below them.

use super::files_panel::picker;
use crate::protocol::build::Diagnostic;
use crate::ui::hooks::{Driver, Dropped, about, copy, edit, edited, focus, focus_soon, typed};
use crate::ui::state::debugger::Gutter;
use crate::ui::state::format;
use crate::ui::state::go_source::{Binary, GoSource};
use crate::ui::state::program::Naming;
use crate::ui::state::source_view::SourceView;
use crate::ui::state::{Board, Shared};
use std::rc::Rc;
use yew::prelude::*;

/// The ids of the editor's pane, of the field for a name, and of what is wrong with that.
const PANE: &str = "editor";
const NAME: &str = "file-name";
const WRONG: &str = "file-name-wrong";

#[derive(Clone, PartialEq, Properties)]
pub(super) struct EditorProps {
    pub(super) driver: Driver,
    /// Counts the plugins that have been on the board.
    pub(super) plugins: u32,
    pub(super) source: Shared<GoSource>,
    pub(super) view: SourceView,
    pub(super) gutter: Gutter,
    pub(super) diagnostics: Shared<Vec<Diagnostic>>,
}

#[component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let place = use_node_ref();
    let failed = use_state_eq(|| None);
    {
        let (place, failed) = (place.clone(), failed.setter());
        use_effect_with(props.clone(), move |props| {
            let path = props.view.file(props.source.dropped());
            let path = path.filter(|path| Binary::of(props.source.text(path)).is_none());
            if let (Some(path), Some(place)) = (path, place.cast()) {
                let about = about(
                    path,
                    &props.source,
                    &props.view,
                    &props.gutter,
                    &props.diagnostics,
                );
                let text = props.source.text(path).to_owned();
                let shown = edit(place, props.plugins, path.to_owned(), text, about);
                wasm_bindgen_futures::spawn_local(async move { failed.set(shown.await.err()) });
            }
        });
    }
    let EditorProps {
        driver,
        source,
        view,
        ..
    } = props;
    let shown = view.file(source.dropped());
    let heard = {
        let driver = driver.clone();
        move |event: Event| edited(&driver, &event)
    };
    let drop_in = {
        let driver = driver.clone();
        move |event: DragEvent| {
            let dropped = event.data_transfer().map(|data| Dropped::of(&data));
            // A module is for the board.
            let dropped = dropped.filter(|dropped| !dropped.is_empty() && !dropped.is_a_module());
            if let Some(dropped) = dropped {
                event.prevent_default();
                driver.drop_into_program(dropped);
            }
        }
    };
    html! {
        <section class="editing" aria-label="Source" ondrop={drop_in}>
            <div class="strip">
                <div role="tablist" aria-label="Files" onkeydown={turn(driver, source, shown)}>
                    { for source.dropped().enumerate().map(|(place, path)| {
                        tab(driver, place, path, Some(path) == shown)
                    }) }
                </div>
                { tools(driver, shown) }
            </div>
            if let Some(naming) = &view.naming {
                { name(driver, source, naming) }
            }
            if let Some((removed, _)) = &view.removed {
                <p class="removed" role="status">
                    { format!("{removed} was deleted. ") }
                    { button(driver, "put-back", "Put it back", Board::put_back_source) }
                </p>
            }
            if let Some((path, Binary { size, .. })) = shown.and_then(|path| Some((path, Binary::of(source.text(path))?))) {
                <p id={PANE} class="hint" role="tabpanel" tabindex="0" aria-label={path.to_owned()}>
                    { format!("{path}: binary, {}. A //go:embed above a variable has it built in.", format::bytes(size)) }
                </p>
            } else if let Some(path) = shown {
                <div
                    id={PANE}
                    class="editor"
                    role="tabpanel"
                    aria-label={path.to_owned()}
                    hidden={failed.is_some()}
                    ref={place}
                    onchange={heard}
                />
                if let Some(why) = &*failed {
                    { plainly(driver, source, path, why) }
                }
            } else {
                <p class="hint">{ "There is no file. Add one, or drop some here." }</p>
            }
            { elsewhere(driver, source) }
        </section>
    }
}

/// Where the editor cannot be loaded the source can be edited all the same.
fn plainly(driver: &Driver, source: &GoSource, path: &str, why: &str) -> Html {
    let enter = {
        let (driver, path) = (driver.clone(), path.to_owned());
        move |event: InputEvent| {
            let text = typed(&event);
            driver.change(|board| board.edit_source(&path, &text));
        }
    };
    html! {
        <>
            <p class="hint">
                { format!("The editor could not be loaded, so this is a plain one: {why}. Reload the page to try again.") }
            </p>
            <textarea
                aria-label={path.to_owned()}
                rows="16"
                spellcheck="false"
                autocapitalize="off"
                value={source.text(path).to_owned()}
                oninput={enter}
            />
        </>
    }
}

fn id(place: usize) -> String {
    format!("file-{place}")
}

fn tab(driver: &Driver, place: usize, path: &str, selected: bool) -> Html {
    let show = {
        let (driver, path) = (driver.clone(), path.to_owned());
        move |_| driver.change(|board| board.look_at_source(&path))
    };
    html! {
        <button
            type="button"
            role="tab"
            key={path.to_owned()}
            id={id(place)}
            aria-controls={PANE}
            aria-selected={selected.to_string()}
            tabindex={if selected { "0" } else { "-1" }}
            onclick={show}
        >
            { path }
        </button>
    }
}

/// What keys do among the tabs.
fn turn(driver: &Driver, source: &GoSource, shown: Option<&str>) -> Callback<KeyboardEvent> {
    let paths: Vec<String> = source.dropped().map(str::to_owned).collect();
    let at = paths.iter().position(|path| Some(&**path) == shown);
    let driver = driver.clone();
    Callback::from(move |event: KeyboardEvent| {
        let (Some(at), count) = (at, paths.len()) else {
            return;
        };
        let next = match event.key().as_str() {
            "ArrowRight" => (at + 1) % count,
            "ArrowLeft" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            "F2" => {
                event.prevent_default();
                rename(&driver, paths.get(at).map(String::as_str));
                return;
            }
            _ => return,
        };
        event.prevent_default();
        focus(&id(next));
        if let Some(path) = paths.get(next) {
            driver.change(|board| board.look_at_source(path));
        }
    })
}

fn rename(driver: &Driver, from: Option<&str>) {
    driver.change(|board| board.begin_naming(from));
    focus_soon(NAME.to_owned());
}

fn button(driver: &Driver, id: &'static str, text: &'static str, does: fn(&mut Board)) -> Html {
    let driver = driver.clone();
    html! {
        <button type="button" {id} class="quiet" onclick={move |_| driver.change(does)}>{ text }</button>
    }
}

/// What is done with files.
fn tools(driver: &Driver, shown: Option<&str>) -> Html {
    let naming = |from: Option<&str>| {
        let (driver, from) = (driver.clone(), from.map(str::to_owned));
        move |_| rename(&driver, from.as_deref())
    };
    let delete = {
        let (driver, shown) = (driver.clone(), shown.map(str::to_owned));
        move |_| {
            if let Some(shown) = &shown {
                driver.change(|board| board.delete_source(shown));
                focus_soon("put-back".to_owned());
            }
        }
    };
    let disk = driver.clone();
    html! {
        <div class="file-tools">
            <button type="button" id="add-source" class="quiet" onclick={naming(None)}>{ "Add file…" }</button>
            { picker("add-from-disk", "From disk…", "button quiet", false, Rc::new(move |files| disk.add_to_program(files))) }
            if let Some(shown) = shown {
                <button
                    type="button"
                    id="rename-source"
                    class="quiet"
                    aria-label={format!("Rename {shown}…")}
                    onclick={naming(Some(shown))}
                >
                    { "Rename…" }
                </button>
                <button
                    type="button"
                    id="delete-source"
                    class="quiet"
                    aria-label={format!("Delete {shown}")}
                    onclick={delete}
                >
                    { "Delete" }
                </button>
            }
        </div>
    }
}

/// How it is built elsewhere.
fn elsewhere(driver: &Driver, source: &GoSource) -> Html {
    let download = {
        let driver = driver.clone();
        move |_| driver.download_program()
    };
    let commands = source.commands(driver.board().module_name());
    html! {
        <div class="elsewhere">
            <button type="button" id="download-source" class="quiet" onclick={download}>{ "Download all" }</button>
            <details class="fold">
                <summary>{ "Build it at home" }</summary>
                <dl>
                    { for commands.into_iter().map(|(tool, command)| {
                        let copied = command.clone();
                        html! { <>
                            <dt>{ tool }</dt>
                            <dd>
                                <code>{ command }</code>
                                <button
                                    type="button"
                                    class="quiet"
                                    aria-label={format!("Copy the command for {tool}")}
                                    onclick={move |_| copy(&copied)}
                                >
                                    { "Copy" }
                                </button>
                            </dd>
                        </> }
                    }) }
                </dl>
            </details>
        </div>
    }
}

/// The field for a name.
fn name(driver: &Driver, source: &GoSource, naming: &Naming) -> Html {
    let wrong = source.why_not(&naming.typed, naming.from.as_deref());
    let enter = {
        let driver = driver.clone();
        move |event: InputEvent| {
            let text = typed(&event);
            driver.change(|board| board.type_name(&text));
        }
    };
    let settle = {
        let driver = driver.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            driver.change(Board::settle_name);
            if driver.board().source_view().naming.is_none() {
                focus_soon(PANE.to_owned());
            }
        }
    };
    let escape = {
        let driver = driver.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                driver.change(Board::leave_naming);
                focus_soon("add-source".to_owned());
            }
        }
    };
    let (label, done) = match &naming.from {
        Some(from) => (format!("New name of {from}"), "Rename"),
        None => ("Name of the new file".to_owned(), "Add"),
    };
    html! {
        <form class="naming" onsubmit={settle} onkeydown={escape}>
            <label for={NAME}>{ label }</label>
            <div>
                <input
                    id={NAME}
                    type="text"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder="words/list.go"
                    aria-invalid={wrong.is_some().to_string()}
                    aria-describedby={WRONG}
                    value={naming.typed.clone()}
                    oninput={enter}
                />
                <button type="submit" class="primary" disabled={wrong.is_some()}>{ done }</button>
                { button(driver, "leave-naming", "Cancel", Board::leave_naming) }
            </div>
            <p id={WRONG} class="hint" role="status">{ wrong }</p>
        </form>
    }
}
