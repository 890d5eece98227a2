//! What came of a call by a framework's form.

use super::calls_panel::marked;
use super::memo::stateful;
use crate::hosts::{Part, Shown, protobuf};
use crate::protocol::Difference;
use crate::saved::between;
use crate::ui::hooks::{BlobUrl, download};
use crate::ui::state::hosts::{Look, look};
use crate::ui::state::outcome::Finished;
use crate::ui::state::{Board, Shared, format};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct HostShownProps {
    pub(super) shown: Shared<Shown>,
}

impl HostShownProps {
    /// `None`: there is nothing.
    pub(super) fn of(board: &Board, last: &Finished) -> Option<Self> {
        let hosting = board.hosting()?;
        let shown = hosting.shown(&last.called.export, last.number)?.clone();
        Some(Self { shown })
    }
}

pub(super) fn host_shown(props: &HostShownProps) -> Html {
    html! {
        <div class="shown">
            { for props.shown.parts.iter().map(|(label, part)| html! {
                <section aria-label={label.clone()} data-part={label.clone()}>
                    <h3>{ label }</h3>
                    { draw(label, part) }
                </section>
            }) }
        </div>
    }
}

fn draw(label: &str, part: &Part) -> Html {
    match part {
        Part::Text(text) => pre(text),
        Part::Bytes(bytes) => self::bytes(label, bytes),
        Part::Table { columns, rows } => html! {
            <table>
                <thead><tr>{ for columns.iter().map(|column| html! { <th scope="col">{ column }</th> }) }</tr></thead>
                <tbody>
                    { for rows.iter().map(|row| html! {
                        <tr>{ for row.iter().map(|cell| html! { <td><code>{ cell }</code></td> }) }</tr>
                    }) }
                </tbody>
            </table>
        },
        Part::Changes(changes) => html! {
            <ul class="changes">
                { for changes.iter().map(|change| html! {
                    <li><code>
                        { &change.name }{ ": " }
                        { match (&change.before, &change.after) {
                            (Some(before), Some(after)) if before == after => html! { { after } },
                            (before, after) => html! {
                                <>
                                    if let Some(before) = before { <del>{ before }</del> }
                                    if before.is_some() && after.is_some() { { " → " } }
                                    if let Some(after) = after { <ins>{ after }</ins> }
                                </>
                            },
                        } }
                    </code></li>
                }) }
            </ul>
        },
        Part::Difference { before, after } if before == after => pre(after),
        Part::Difference { before, after } => html! {
            <div class="difference">
                { marked(&Difference { what: label.to_owned(), lines: between(before, after) }) }
            </div>
        },
    }
}

fn pre(text: &str) -> Html {
    html! { <pre tabindex="0">{ text }</pre> }
}

/// Bytes as what they look like, and as a file.
fn bytes(label: &str, bytes: &[u8]) -> Html {
    let seen = match look(bytes) {
        Look::Nothing => return html! { <p class="hint">{ "empty" }</p> },
        Look::Picture(kind) => stateful::<Picture>(PictureProps {
            bytes: bytes.to_vec(),
            kind,
        }),
        Look::Json(text) => pre(&text),
        Look::Text(text, more) | Look::Hex(text, more) => html! {
            <>
                { pre(&text) }
                if more { <p class="hint">{ "That is its beginning." }</p> }
            </>
        },
    };
    let message = protobuf::lines(bytes);
    let is_text = !matches!(look(bytes), Look::Hex(..));
    let save = {
        let (name, bytes) = (label.to_lowercase(), bytes.to_vec());
        move |_| download(&name, &bytes)
    };
    html! {
        <>
            { seen }
            { for message.iter().map(|text| as_protobuf(text, !is_text)) }
            <div class="tools">
                <span class="type">{ format::bytes(bytes.len() as u64) }</span>
                <button type="button" class="quiet" onclick={save}>{ "Save…" }</button>
            </div>
        </>
    }
}

/// Bytes as the fields of a message.
pub(super) fn as_protobuf(text: &str, open: bool) -> Html {
    html! {
        <details class="fold" {open}>
            <summary>{ "As protobuf" }</summary>
            { pre(text) }
        </details>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PictureProps {
    bytes: Vec<u8>,
    kind: &'static str,
}

#[component]
fn Picture(props: &PictureProps) -> Html {
    let url = use_memo(props.clone(), |props| {
        BlobUrl::new(&props.bytes, props.kind)
    });
    html! {
        if let Some(url) = &*url {
            <img src={url.as_str().to_owned()} alt={format!("a picture, {}", props.kind)} />
        }
    }
}
