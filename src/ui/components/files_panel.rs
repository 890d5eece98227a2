//! The files that guests see: what is there, what the last run did, and what can be done with it.

use super::file_rows::tree;
use super::file_view::{FileView, FileViewProps};
use super::memo::stateful;
use super::uncovered::uncovered;
use crate::protocol::Place;
use crate::ui::hooks::{Driver, Dropped, Entry, focus_soon, picked, typed, with_paths};
use crate::ui::state::files::{AddingSeen, Asked, FilesView, shown};
use crate::ui::state::{Shared, format};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The button that keeps what was to be deleted.
const KEEP: &str = "files-keep";

#[derive(Clone, PartialEq)]
pub(super) struct FilesPanelProps {
    pub(super) driver: Driver,
    pub(super) files: Shared<FilesView>,
    /// Whether guests find `/` open.
    pub(super) opens_root: bool,
}

pub(super) fn files_panel(props: &FilesPanelProps) -> Html {
    let files = &props.files;
    let target = files.target();
    let drop_in = {
        let (driver, target) = (props.driver.clone(), target.clone());
        move |event: DragEvent| {
            let dropped = event.data_transfer().map(|data| Dropped::of(&data));
            // A module is for the board, a text for the field that it is dropped on.
            let dropped = dropped.filter(|dropped| !dropped.is_empty() && !dropped.is_a_module());
            if let (Some(dropped), Some(target)) = (dropped, &target) {
                event.prevent_default();
                driver.add_dropped(target, dropped);
            }
        }
    };
    let escape = {
        let (driver, asked) = (props.driver.clone(), files.asked.is_some());
        move |event: KeyboardEvent| {
            if asked && event.key() == "Escape" {
                keep(&driver);
            }
        }
    };
    let changes = files.changes();
    html! {
        <div class="files-panel" ondrop={drop_in} onkeydown={escape}>
            if let Some(target) = target {
                { tools(props, &target) }
            }
            if let Some(failed) = &files.failed {
                <p class="problem" role="alert">{ failed }</p>
            }
            if let Some(adding) = files.adding {
                { progress(&props.driver, adding) }
            }
            <p class="hint" role="status">
                if files.adding.is_none() && !files.added.is_empty() {
                    { &files.added }{ ". " }
                }
                { format!(
                    "{} of {}. ",
                    format::bytes(files.listing.used),
                    format::bytes(files.listing.room),
                ) }
                if !changes.is_empty() {
                    { format!("The last run: {changes}. ") }
                }
                if files.listing.left_out > 0 {
                    { format!(
                        "Not listed, but in the archive: {}.",
                        format::count(files.listing.left_out, "more file"),
                    ) }
                }
            </p>
            if !props.opens_root {
                { uncovered(&props.driver, "Paths outside of these directories are refused: Go says \
                    “Bad file number”, TinyGo and C that there is no such file.".to_owned()) }
            }
            <div class="shown">
                <div class="trees">
                    { for files.listing.preopens.iter().map(|preopen| tree(&props.driver, files, preopen)) }
                </div>
                if let Some(viewed) = &files.viewed {
                    { stateful::<FileView>(FileViewProps { driver: props.driver.clone(), viewed: viewed.clone() }) }
                }
            </div>
        </div>
    }
}

/// What can be done with all of them, and where files are put.
fn tools(props: &FilesPanelProps, target: &Place) -> Html {
    let driver = &props.driver;
    let targets = props.files.targets();
    let choose = {
        let (driver, targets) = (driver.clone(), targets.clone());
        move |event: Event| {
            let chosen = event
                .target_dyn_into::<HtmlSelectElement>()
                .and_then(|select| usize::try_from(select.selected_index()).ok())
                .and_then(|index| targets.get(index).cloned());
            if let Some(place) = chosen {
                driver.change(|board| board.put_files_into(place));
            }
        }
    };
    let make = {
        let driver = driver.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            driver.act(|board| board.make_directory());
        }
    };
    let name = {
        let driver = driver.clone();
        move |event: InputEvent| driver.change(|board| board.type_directory(typed(&event)))
    };
    let (save, reset) = (driver.clone(), driver.clone());
    let entries = props.files.entries(None);
    html! {
        <div class="tools">
            <label for="files-into">{ "Into" }</label>
            <select id="files-into" onchange={choose}>
                { for targets.iter().map(|place| html! {
                    <option selected={place == target}>{ shown(place) }</option>
                }) }
            </select>
            { adder(driver, target, "add-files", "Add files…", false) }
            { adder(driver, target, "add-folder", "Add a folder…", true) }
            <form onsubmit={make}>
                <input
                    type="text"
                    id="new-directory"
                    aria-label="Name of the new directory"
                    placeholder="name"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    value={props.files.directory.clone()}
                    oninput={name}
                />
                <button type="submit">{ "New directory" }</button>
            </form>
            <button
                type="button"
                id="download-files"
                disabled={entries == 0}
                onclick={move |_| save.act(|board| board.save_all_files())}
            >
                { "Download all" }
            </button>
            if props.files.asked == Some(Asked::Reset) {
                { confirm(driver, "Delete all files?", "Delete all") }
            } else {
                <button
                    type="button"
                    id="reset-files"
                    disabled={entries == 0}
                    onclick={move |_| ask(&reset, Asked::Reset)}
                >
                    { "Reset files" }
                </button>
            }
        </div>
    }
}

/// A button that asks for files to be put where guests see them.
fn adder(
    driver: &Driver,
    target: &Place,
    id: &'static str,
    label: &'static str,
    folder: bool,
) -> Html {
    let (driver, target) = (driver.clone(), target.clone());
    let add = move |files| driver.add_files(&target, files);
    picker(id, label, "button", folder, Rc::new(add))
}

/// A button that asks for files.
pub(super) fn picker(
    id: &'static str,
    label: &'static str,
    looks: &'static str,
    folder: bool,
    take: Rc<dyn Fn(Vec<Entry>)>,
) -> Html {
    let pick = move |event: Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            take(with_paths(picked(&input)));
            // The same ones can be picked again.
            input.set_value("");
        }
    };
    html! {
        <>
            <input
                {id}
                class="unseen"
                type="file"
                multiple=true
                webkitdirectory={folder}
                onchange={pick}
            />
            <label class={looks} for={id}>{ label }</label>
        </>
    }
}

/// How far adding is, and the end of it.
fn progress(driver: &Driver, adding: AddingSeen) -> Html {
    let driver = driver.clone();
    let AddingSeen { done, total, .. } = adding;
    let more = if adding.searching { " so far" } else { "" };
    html! {
        <div class="adding">
            <label for="files-adding">{ "Adding" }</label>
            <progress id="files-adding" max={total.to_string()} value={done.to_string()} />
            <span class="hint">
                { format!("{} of {}{more}", format::grouped(done), format::count(total, "file")) }
            </span>
            <button
                type="button"
                id="cancel-adding"
                onclick={move |_| driver.act(|board| board.cancel_adding())}
            >
                { "Cancel" }
            </button>
        </div>
    }
}

/// Asks whether this is meant. Whoever presses twice by accident keeps what is there.
pub(super) fn ask(driver: &Driver, asked: Asked) {
    driver.change(|board| board.ask_for(asked));
    focus_soon(KEEP.to_owned());
}

fn keep(driver: &Driver) {
    driver.change(|board| board.never_mind());
    focus_soon("panel".to_owned());
}

/// What is asked, and the two answers.
pub(super) fn confirm(driver: &Driver, question: &str, label: &'static str) -> Html {
    let (yes, no) = (driver.clone(), driver.clone());
    let yes = move |_| {
        yes.act(|board| board.confirm());
        focus_soon("panel".to_owned());
    };
    html! {
        <div class="confirm" role="group" aria-label="Confirm">
            <span>{ question }</span>
            <button type="button" class="danger" onclick={yes}>{ label }</button>
            <button type="button" id={KEEP} onclick={move |_| keep(&no)}>{ "Keep" }</button>
        </div>
    }
}
