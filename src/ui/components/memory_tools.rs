//! What is asked of memory, and what is beside it.

use super::allocators::allocators;
use crate::module::{Info, ValType};
use crate::protocol::{Allocator, GlobalValue};
use crate::ui::hooks::{Driver, picked, typed};
use crate::ui::state::memory::{MemoryView, Writing};
use crate::ui::state::outcome::raw_value;
use crate::ui::state::{Board, format};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The size of the chart, in its own units.
const CHART: (u32, u32) = (120, 32);

/// Where to go, what to search for.
pub(super) fn tools(driver: &Driver, memory: &MemoryView) -> Html {
    let go = {
        let driver = driver.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            driver.change(|board| board.go_to_address());
        }
    };
    let search = {
        let driver = driver.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            driver.act(|board| board.search_memory(false));
        }
    };
    let (address, needle, kind, before, change) = (
        driver.clone(),
        driver.clone(),
        driver.clone(),
        driver.clone(),
        driver.clone(),
    );
    let change = move |back: bool| {
        let driver = change.clone();
        move |_| driver.act(|board| board.go_to_change(back))
    };
    let wrong = |said: bool| memory.said.as_ref().is_some_and(|it| it.1 && said);
    let empty = memory.size == 0;
    html! {
        <div class="tools">
            <form onsubmit={go}>
                <input
                    id="memory-address"
                    type="text"
                    aria-label="Address"
                    placeholder="0x1f00"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    value={memory.typed_address.clone()}
                    oninput={move |event: InputEvent| {
                        address.change(|board| board.type_address(self::typed(&event)));
                    }}
                />
                <button type="submit" disabled={empty}>{ "Go" }</button>
            </form>
            <form onsubmit={search}>
                <select
                    aria-label="Search for"
                    onchange={move |event: Event| {
                        kind.change(|board| board.search_hex(self::typed(&event) == "hex"));
                    }}
                >
                    <option value="text" selected={!memory.hex}>{ "text" }</option>
                    <option value="hex" selected={memory.hex}>{ "hex" }</option>
                </select>
                <input
                    id="memory-needle"
                    type="search"
                    aria-label="Search memory"
                    aria-invalid={wrong(true).then_some("true")}
                    placeholder={if memory.hex { "0a ff" } else { "text" }}
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    value={memory.typed_needle.clone()}
                    oninput={move |event: InputEvent| {
                        needle.change(|board| board.type_needle(self::typed(&event)));
                    }}
                />
                <button type="submit" disabled={empty || memory.searching}>{ "Find" }</button>
                <button
                    type="button"
                    disabled={empty || memory.searching}
                    onclick={move |_| before.act(|board| board.search_memory(true))}
                >
                    { "Find before" }
                </button>
            </form>
            if memory.knows_changes() {
                <button type="button" class="quiet" onclick={change(false)}>{ "Next change" }</button>
                <button type="button" class="quiet" onclick={change(true)}>{ "Change before" }</button>
            }
            <span class="count">{ format::bytes(memory.size) }</span>
            if let Some((said, problem)) = &memory.said {
                <span class={if *problem { "problem" } else { "hint" }} role="status">{ said }</span>
            }
        </div>
    }
}

/// What is to be written, and where.
pub(super) fn writing(
    driver: &Driver,
    memory: &MemoryView,
    info: &Info,
    allocator: Option<&Allocator>,
) -> Html {
    let Writing {
        text, hex, in_room, ..
    } = &memory.writing;
    let (write, kind, bytes, place, file) = (
        driver.clone(),
        driver.clone(),
        driver.clone(),
        driver.clone(),
        driver.clone(),
    );
    let write = move |event: SubmitEvent| {
        event.prevent_default();
        write.act(Board::write_typed);
    };
    let pick = move |event: Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            for picked in picked(&input) {
                file.write_file(&picked);
            }
            // So that the same file can be picked again.
            input.set_value("");
        }
    };
    html! {
        <form class="tools" onsubmit={write}>
            <select
                aria-label="Write"
                onchange={move |event: Event| {
                    let hex = self::typed(&event) == "hex";
                    kind.change(|board| board.edit_writing(|writing| writing.hex = hex));
                }}
            >
                <option value="text" selected={!hex}>{ "text" }</option>
                <option value="hex" selected={*hex}>{ "hex" }</option>
            </select>
            <input
                id="memory-bytes"
                type="text"
                aria-label="Bytes to write"
                placeholder={if *hex { "0a ff" } else { "text" }}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                value={text.clone()}
                oninput={move |event: InputEvent| {
                    let text = self::typed(&event);
                    bytes.change(|board| board.edit_writing(|writing| writing.text = text));
                }}
            />
            <select
                aria-label="Where it is written"
                onchange={move |event: Event| {
                    let in_room = self::typed(&event) == "room";
                    place.change(|board| board.edit_writing(|writing| writing.in_room = in_room));
                }}
            >
                <option value="at" selected={!in_room}>{ format!("at {:#x}", memory.cursor) }</option>
                <option value="room" selected={*in_room}>{ "in new room" }</option>
            </select>
            <button type="submit">{ "Write" }</button>
            <label class="button quiet">
                { "Write a file…" }
                <input id="memory-file" type="file" class="unseen" onchange={pick} />
            </label>
            if *in_room {
                { allocators(driver, info, allocator) }
            }
        </form>
    }
}

/// The globals, and how memory has grown.
pub(super) fn aside(memory: &MemoryView) -> Html {
    let (width, height) = CHART;
    let points = memory.growth.points(width, height);
    let (most, last) = memory.growth.most_and_last();
    html! {
        <aside tabindex="0" aria-label="Size and globals">
            <section>
                <h3>{ "Size" }</h3>
                if points.is_empty() {
                    <p class="hint">{ "How it grows is drawn as calls run." }</p>
                } else {
                    <svg
                        viewBox={format!("-1 -1 {} {}", width + 2, height + 2)}
                        preserveAspectRatio="none"
                        role="img"
                        aria-label={format!("memory over time, at most {}", format::pages(most))}
                    >
                        <polyline {points} />
                    </svg>
                    <p class="hint">
                        { format!("{} now, {} at most", format::pages(last), format::pages(most)) }
                    </p>
                }
            </section>
            <section>
                <h3>{ "Globals" }</h3>
                if !memory.globals.is_empty() {
                    <table>
                        <tbody>{ for memory.globals.iter().map(global) }</tbody>
                    </table>
                }
                <p class="hint">
                    { if memory.globals.is_empty() { "None is exported or imported. " } else { "" } }
                    { "Those that a module keeps to itself (of Go, the stack pointer) cannot be \
                       looked at: the interpreter does not give them out." }
                </p>
            </section>
            if !memory.knows_changes() {
                <p class="hint">
                    { "What a call changes is marked from the next call on." }
                </p>
            } else if memory.size > 64 << 20 {
                <p class="hint">
                    { "Of the first 64 MiB that are not zero, the bytes that a call changed are marked; \
                       of what is more, pages of 64 KiB; behind 1 GiB, nothing." }
                </p>
            }
        </aside>
    }
}

fn global(global: &GlobalValue) -> Html {
    let text = raw_value(global.ty, global.bits);
    let value = match global.ty {
        ValType::I32 | ValType::I64 => format!("{text} ({:#x})", global.bits),
        ValType::F32 | ValType::F64 => text,
        _ => "–".to_owned(),
    };
    html! {
        <tr>
            <th scope="row">{ &global.name }</th>
            <td class="type">
                { if global.mutable { "mut " } else { "" } }{ global.ty.to_string() }
            </td>
            <td>{ value }</td>
        </tr>
    }
}
