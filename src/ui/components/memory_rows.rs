//! The rows of memory that are in view, and what the bytes at the cursor are.

use super::bytes::letter;
use crate::go::value::{F32, F64, plain};
use crate::ui::hooks::Driver;
use crate::ui::state::memory::{Byte, MemoryView};
use yew::prelude::*;

/// What stands above the columns.
pub(super) fn header(per_row: u64) -> Html {
    html! {
        <div class="line head" aria-hidden="true">
            <span class="address">{ "address" }</span>
            <span class="hex">
                { for (0..per_row).map(|place| html! { <span>{ format!("{place:02x}") }</span> }) }
            </span>
            <span class="text">{ "text" }</span>
        </div>
    }
}

/// As many rows as are in view, from the address `first` on. What has not been told yet is blank.
pub(super) fn rows(
    driver: &Driver,
    memory: &MemoryView,
    first: u64,
    count: usize,
    per_row: u64,
) -> Html {
    let addresses = (0..count as u64).map(|row| first + row * per_row);
    let addresses = addresses.take_while(|address| *address < memory.size);
    let put = {
        let driver = driver.clone();
        Callback::from(move |event: MouseEvent| {
            let target = event.target_dyn_into::<web_sys::Element>();
            let address = target.and_then(|cell| cell.get_attribute("data-at"));
            if let Some(address) = address.and_then(|address| address.parse().ok()) {
                driver.change(|board| board.put_cursor(address));
            }
        })
    };
    html! {
        <div class="rows" onclick={put}>
            { for addresses.map(|address| row(memory, address, per_row)) }
        </div>
    }
}

fn row(memory: &MemoryView, address: u64, per_row: u64) -> Html {
    let bytes = memory.bytes(address, usize::try_from(per_row).unwrap_or(16));
    let cells = || {
        let addresses = address..;
        addresses.zip(&bytes)
    };
    let state = |at: u64, byte: &Byte| {
        let classes = [
            (byte.changed, "changed"),
            (at == memory.cursor, "cursor"),
            (
                at >= memory.cursor && at - memory.cursor < memory.found,
                "found",
            ),
            (byte.value == 0, "zero"),
        ];
        let classes = classes.iter().filter(|(is, _)| *is).map(|(_, name)| *name);
        classes.collect::<Classes>()
    };
    html! {
        <div key={address} class="line" role="row" aria-rowindex={(address / per_row + 1).to_string()}>
            <span class="address" role="rowheader">{ format!("{address:08x}") }</span>
            <span class="hex" role="gridcell">
                { for cells().map(|(at, byte)| html! {
                    <span class={state(at, byte)} data-at={at.to_string()}>
                        { format!("{:02x}", byte.value) }
                    </span>
                }) }
            </span>
            <span class="text" role="gridcell">
                { for cells().map(|(at, byte)| html! {
                    <span class={state(at, byte)} data-at={at.to_string()}>
                        { letter(byte.value) }
                    </span>
                }) }
            </span>
        </div>
    }
}

/// The bytes at the cursor as numbers, and where they point.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "the bits are what is shown"
)]
pub(super) fn at_cursor(driver: &Driver, memory: &MemoryView) -> Html {
    let mut facts = vec![format!("{:#x}", memory.cursor)];
    if let Some(byte) = memory.word(1) {
        facts.push(format!("u8 {byte}"));
    }
    if let Some(word) = memory.word(4) {
        let word = word as u32;
        facts.push(format!("u32 {word}"));
        if (word as i32) < 0 {
            facts.push(format!("i32 {}", word as i32));
        }
        facts.push(format!("f32 {}", plain(word.into(), &F32)));
    }
    if let Some(word) = memory.word(8) {
        facts.push(format!("i64 {}", word as i64));
        facts.push(format!("f64 {}", plain(word, &F64)));
    }
    let pointer = memory.word(4).filter(|to| *to < memory.size);
    let (follow, back) = (driver.clone(), driver.clone());
    html! {
        <div class="at">
            <p id="memory-at" role="status">
                { for facts.into_iter().map(|fact| html! { <span>{ fact }{ " " }</span> }) }
            </p>
            if let Some(to) = pointer {
                <button
                    type="button"
                    class="quiet"
                    title="Go where these four bytes point (Enter)"
                    onclick={move |_| follow.change(|board| board.follow_pointer())}
                >
                    { format!("Follow → {to:#x}") }
                </button>
            }
            if !memory.back.is_empty() {
                <button
                    type="button"
                    class="quiet"
                    title="Go back to where it was (Backspace)"
                    onclick={move |_| back.change(|board| board.go_back())}
                >
                    { "Back" }
                </button>
            }
        </div>
    }
}
