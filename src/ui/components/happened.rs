//! What the last call did to its arguments: their values and their bytes, before and after.

use super::addresses::{address, linked};
use crate::go::Abi;
use crate::ui::hooks::Driver;
use crate::ui::state::happened::{self, Argument, Block, Line};
use crate::ui::state::outcome::Finished;
use crate::ui::state::{Shared, format};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct HappenedProps {
    pub(super) driver: Driver,
    pub(super) finished: Shared<Finished>,
    pub(super) abi: Abi,
}

pub(super) fn happened_to(props: &HappenedProps) -> Html {
    let called = &props.finished.called;
    let arguments = happened::arguments(called, props.abi);
    let changes: usize = arguments
        .iter()
        .map(|argument| argument.changes.len())
        .sum();
    let Some(placed) = called.placed.as_ref().filter(|_| !arguments.is_empty()) else {
        return Html::default();
    };
    let changed = match changes {
        0 => String::new(),
        some => format!(", {} changed", format::count(some as u64, "value")),
    };
    html! {
        <>
            if changes > 0 {
                <ul class="changes" aria-label="Changed by the call">
                    { for arguments.iter().flat_map(|argument| &argument.changes).map(|change| html! {
                        <li>
                            <code>
                                { &change.path }{ ": " }<del>{ &change.before }</del>{ " → " }<ins>{ &change.after }</ins>
                            </code>
                        </li>
                    }) }
                </ul>
            }
            <details class="fold happened" role="group">
                <summary>
                    { format!("Arguments in memory, by {}{changed}", placed.allocator) }
                </summary>
                { for arguments.iter().map(|argument| draw(&props.driver, argument)) }
            </details>
        </>
    }
}

fn draw(driver: &Driver, argument: &Argument) -> Html {
    html! {
        <section>
            <h3><code>{ &argument.title }</code></h3>
            if !argument.before.is_empty() {
                <p class="values">
                    <code>{ &argument.before }</code>
                    if let Some(after) = &argument.after {
                        <code>{ "→ " }{ after }</code>
                    }
                </p>
            }
            { for argument.blocks.iter().map(|block| bytes(driver, block)) }
        </section>
    }
}

fn bytes(driver: &Driver, block: &Block) -> Html {
    let end = u64::from(block.address) + u64::from(block.size);
    let path = match block.path.as_str() {
        "" => String::new(),
        path => format!("{path}: "),
    };
    let caption = format!(
        "{path}{} at {:#x}–{end:#x}",
        format::count(block.size.into(), "byte"),
        block.address
    );
    let known = block
        .lines
        .iter()
        .any(|line| line.bytes.iter().any(|(_, after)| after.is_some()));
    let title = |text: &'static str| html! { <th scope="col">{ text }</th> };
    html! {
        <table class="bytes">
            <caption>{ linked(driver, &caption) }</caption>
            <thead>
                <tr>
                    { title("Address") }
                    { title("Before") }
                    if known { { title("After") } }
                    { title("What") }
                </tr>
            </thead>
            <tbody>
                { for block.lines.iter().map(|line| row(driver, block, line, known)) }
                if block.more {
                    <tr><td>{ "…" }</td></tr>
                }
            </tbody>
        </table>
    }
}

fn row(driver: &Driver, block: &Block, line: &Line, known: bool) -> Html {
    let at = block.address.saturating_add(line.offset);
    let padding = line.ty.is_empty() && line.what == "padding";
    html! {
        <tr class={classes!(padding.then_some("padding"), line.is_changed().then_some("changed"))}>
            <td>{ address(driver, at.into()) }{ " " }<small>{ format!("+{}", line.offset) }</small></td>
            <td><code>{ hex(line.bytes.iter().map(|(before, _)| (*before, false))) }</code></td>
            if known {
                <td>
                    <code>
                        { hex(line.bytes.iter().filter_map(|(before, after)| {
                            after.map(|after| (after, after != *before))
                        })) }
                    </code>
                </td>
            }
            <td>
                <code>{ &line.what }</code>{ " " }<span class="type">{ &line.ty }</span>
            </td>
        </tr>
    }
}

/// Bytes in hexadecimal; those that have changed are marked.
fn hex(bytes: impl Iterator<Item = (u8, bool)>) -> Html {
    let byte = |(index, (byte, changed)): (usize, (u8, bool))| {
        let space = if index == 0 { "" } else { " " };
        let digits = format!("{byte:02x}");
        html! {
            <>{ space }if changed { <mark>{ digits }</mark> } else { { digits } }</>
        }
    };
    html! { <>{ for bytes.enumerate().map(byte) }</> }
}
