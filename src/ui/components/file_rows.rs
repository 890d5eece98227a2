//! The tree of a preopen: a row for each entry, and what can be done with it.

use super::files_panel::{ask, confirm};
use crate::protocol::{EntryKind, Place, PreopenListing};
use crate::ui::hooks::Driver;
use crate::ui::state::files::{Asked, FilesView, Row, Rows, date, shown, word};
use crate::ui::state::format;
use yew::prelude::*;

/// Steps that the tree is moved in by; what is deeper stays below them.
const MOST_DEPTH: usize = 12;

pub(super) fn tree(driver: &Driver, files: &FilesView, preopen: &PreopenListing) -> Html {
    let Rows { rows, more } = files.rows(preopen);
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
            <tbody>{ for rows.iter().map(|row| entry(driver, files, row)) }</tbody>
        </table>
    }
}

fn entry(driver: &Driver, files: &FilesView, row: &Row) -> Html {
    let change = row.change.map(word);
    let path = shown(&row.at);
    let gone = change == Some("deleted");
    let depth = format!("depth-{}", row.depth.min(MOST_DEPTH));
    if matches!(&files.asked, Some(Asked::Delete(at)) if *at == row.at) {
        return html! {
            <tr key={row.at.path.clone()} class="asked">
                <td colspan="5" class={depth}>{ confirm(driver, &question(files, row), "Delete") }</td>
            </tr>
        };
    }
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
            <th scope="row" title={path.clone()} class={depth}>
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
                    { act("Delete", |driver, at| ask(driver, Asked::Delete(at))) }
                }
            </td>
        </tr>
    }
}

fn question(files: &FilesView, row: &Row) -> String {
    let name = &row.name;
    match (row.kind, files.entries(Some(&row.at))) {
        (EntryKind::Directory, 0) => format!("Delete {name}/?"),
        (EntryKind::Directory, 1) => format!("Delete {name}/ and the one entry in it?"),
        (EntryKind::Directory, below) => {
            let below = format::grouped(below);
            format!("Delete {name}/ and all {below} entries in it?")
        }
        _ => format!("Delete {name}?"),
    }
}
