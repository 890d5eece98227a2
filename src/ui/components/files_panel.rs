//! The files that guests see: what is there, what the last run did, and what can be done with it.

use super::file_view::FileView;
use crate::protocol::{EntryKind, Place, PreopenListing};
use crate::ui::hooks::{Driver, dropped, picked};
use crate::ui::state::files::{FilesView, Row, Rows, date, shown, word};
use crate::ui::state::{Shared, format};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Steps that the tree is moved in by; what is deeper stays below them.
const MOST_DEPTH: usize = 12;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct FilesPanelProps {
    pub(super) driver: Driver,
    pub(super) files: Shared<FilesView>,
}

#[component]
pub(super) fn FilesPanel(props: &FilesPanelProps) -> Html {
    let files = &props.files;
    let target = files.target();
    let drop_in = {
        let (driver, target) = (props.driver.clone(), target.clone());
        move |event: DragEvent| {
            if let (Some(files), Some(target)) = (dropped(&event), &target) {
                driver.add_files(target, files);
            }
        }
    };
    let changes = files.changes();
    html! {
        <div class="files-panel" ondrop={drop_in}>
            if let Some(target) = target {
                { tools(props, &target) }
            }
            if let Some(failed) = &files.failed {
                <p class="problem" role="alert">{ failed }</p>
            }
            <p class="hint" role="status">
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
                        "{} more are not listed: they are in the archive.",
                        format::grouped(files.listing.left_out),
                    ) }
                }
            </p>
            <div class="shown">
                <div class="trees">
                    { for files.listing.preopens.iter().map(|preopen| tree(props, preopen)) }
                </div>
                if let Some(viewed) = &files.viewed {
                    <FileView driver={props.driver.clone()} viewed={viewed.clone()} />
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
            let input = event
                .target_dyn_into::<web_sys::Element>()
                .and_then(|form| form.query_selector("input").ok().flatten())
                .and_then(|input| wasm_bindgen::JsCast::dyn_into::<HtmlInputElement>(input).ok());
            if let Some(input) = input.filter(|input| !input.value().trim().is_empty()) {
                let name = input.value();
                input.set_value("");
                driver.act(|board| board.make_directory(&name));
            }
        }
    };
    let (save, reset) = (driver.clone(), driver.clone());
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
                    aria-label="Name of the new directory"
                    placeholder="name"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                />
                <button type="submit">{ "New directory" }</button>
            </form>
            <button type="button" onclick={move |_| save.act(|board| board.save_all_files())}>
                { "Download all" }
            </button>
            <button type="button" onclick={move |_| reset.act(|board| board.reset_files())}>
                { "Reset files" }
            </button>
        </div>
    }
}

/// A button that asks for files.
fn adder(
    driver: &Driver,
    target: &Place,
    id: &'static str,
    label: &'static str,
    folder: bool,
) -> Html {
    let (driver, target) = (driver.clone(), target.clone());
    let pick = move |event: Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            driver.add_files(&target, picked(&input));
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
            <label class="button" for={id}>{ label }</label>
        </>
    }
}

fn tree(props: &FilesPanelProps, preopen: &PreopenListing) -> Html {
    let Rows { rows, more } = props.files.rows(preopen);
    html! {
        <table key={preopen.path.clone()}>
            <caption>
                <code>{ &preopen.path }</code>
                if preopen.read_only {
                    { " " }<span class="tag">{ "read-only" }</span>
                }
                if rows.is_empty() {
                    { " " }<span class="hint">{ "empty: add files, or drop them here" }</span>
                }
                if more > 0 {
                    { " " }
                    <span class="hint">
                        { format!("{} are not shown: close directories", format::count(more as u64, "more row")) }
                    </span>
                }
            </caption>
            if !rows.is_empty() {
                <thead>
                    <tr>
                        <th scope="col">{ "Name" }</th>
                        <th scope="col" class="number">{ "Size" }</th>
                        <th scope="col" class="time">{ "Modified (UTC)" }</th>
                        <th scope="col">{ "Last run" }</th>
                        <th scope="col"><span class="unseen">{ "Actions" }</span></th>
                    </tr>
                </thead>
            }
            <tbody>{ for rows.iter().map(|row| entry(&props.driver, row)) }</tbody>
        </table>
    }
}

fn entry(driver: &Driver, row: &Row) -> Html {
    let change = row.change.map(word);
    let path = shown(&row.at);
    let gone = change == Some("deleted");
    let act = |label: &'static str, action: fn(&Driver, Place)| {
        let (driver, at) = (driver.clone(), row.at.clone());
        html! {
            <button
                type="button"
                class="quiet"
                aria-label={format!("{label} {path}")}
                onclick={move |_| action(&driver, at.clone())}
            >
                { label }
            </button>
        }
    };
    let name = match row.kind {
        EntryKind::Directory => {
            let (driver, at) = (driver.clone(), row.at.clone());
            html! {
                <button
                    type="button"
                    class="quiet"
                    aria-expanded={row.open.to_string()}
                    onclick={move |_| driver.change(|board| board.toggle_directory(at.clone()))}
                >
                    { format!("{}/", row.name) }
                </button>
            }
        }
        EntryKind::File => html! { <span>{ &row.name }</span> },
        EntryKind::Symlink => html! {
            <><span>{ &row.name }</span>{ " " }<span class="tag">{ "link" }</span></>
        },
    };
    html! {
        <tr key={row.at.path.clone()} data-change={change}>
            <th scope="row" title={path.clone()} class={format!("depth-{}", row.depth.min(MOST_DEPTH))}>
                { name }
            </th>
            <td class="number">
                if row.kind == EntryKind::File { { format::bytes(row.size) } }
            </td>
            <td class="time">{ date(row.modified) }</td>
            <td class="change">{ change.unwrap_or_default() }</td>
            <td class="actions">
                if row.kind == EntryKind::File && !gone {
                    { act("View", |driver, at| driver.act(|board| board.view_file(at))) }
                    { act("Download", |driver, at| driver.act(|board| board.save_file(at))) }
                }
                if !gone {
                    { act("Delete", |driver, at| driver.act(|board| board.delete_file(at))) }
                }
            </td>
        </tr>
    }
}
