//! The guest's memory: its bytes, the globals, how it has grown.

use super::memory_rows::{at_cursor, header, rows};
use super::memory_tools::{aside, tools, writing};
use crate::module::Info;
use crate::protocol::Allocator;
use crate::ui::hooks::{Driver, List, use_list, use_size};
use crate::ui::state::Shared;
use crate::ui::state::memory::MemoryView;
use yew::prelude::*;

/// The height of a row in CSS pixels; `--memory-row` in `memory.css` says the same.
const ROW_HEIGHT: f64 = 20.0;

/// A list as narrow as this has eight bytes a row, in CSS pixels.
const NARROW: f64 = 640.0;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct MemoryPanelProps {
    pub(super) driver: Driver,
    pub(super) memory: Shared<MemoryView>,
    pub(super) info: Shared<Info>,
    /// What gives room, if somebody chose it.
    pub(super) allocator: Option<Allocator>,
}

#[component]
pub(super) fn MemoryPanel(props: &MemoryPanelProps) -> Html {
    let MemoryPanelProps { driver, memory, .. } = props;
    {
        let driver = driver.clone();
        use_effect_with((), move |()| {
            driver.act(|board| board.open_memory());
            move || driver.change(|board| board.close_memory())
        });
    }
    let dump = use_node_ref();
    let per_row: u64 = if use_size(&dump).0 < NARROW { 8 } else { 16 };
    let list = use_list(memory.size.div_ceil(per_row), ROW_HEIGHT, false);
    let first = list.slice.first * per_row;
    let count = list.slice.count as u64 * per_row;
    {
        let driver = driver.clone();
        use_effect_with((first, count, memory.clone()), move |&(first, count, _)| {
            driver.act(|board| board.see_memory(first, count));
        });
    }
    {
        let (list, row) = (list.clone(), memory.cursor / per_row);
        use_effect_with((memory.jumps, per_row), move |&(jumps, _)| {
            if jumps > 0 {
                list.center(row);
            }
        });
    }
    let press = keys(driver, memory, &list, per_row);
    let narrow = (per_row == 8).then_some("true");
    html! {
        <div class="memory" data-narrow={narrow}>
            { tools(driver, memory) }
            { writing(driver, memory, &props.info, props.allocator.as_ref()) }
            <div class="shown">
                <div class="dump" ref={dump}>
                    { header(per_row) }
                    <div
                        id="memory"
                        class="list"
                        role={if memory.size > 0 { "grid" } else { "region" }}
                        aria-label="Memory"
                        aria-describedby="memory-at"
                        aria-rowcount={(memory.size > 0).then(|| memory.size.div_ceil(per_row).to_string())}
                        tabindex="0"
                        ref={list.view.clone()}
                        onscroll={list.onscroll.clone()}
                        onkeydown={press}
                    >
                        <div class="content" ref={list.content.clone()}>
                            { rows(driver, memory, first, list.slice.count, per_row) }
                        </div>
                        if memory.size == 0 {
                            <p class="hint">
                                { "There is no memory yet: it comes with the instance, at the first call." }
                            </p>
                        }
                    </div>
                    { at_cursor(driver, memory) }
                </div>
                { aside(memory) }
            </div>
        </div>
    }
}

/// Moves the cursor.
fn keys(
    driver: &Driver,
    memory: &MemoryView,
    list: &List,
    per_row: u64,
) -> Callback<KeyboardEvent> {
    let (driver, list) = (driver.clone(), list.clone());
    let (cursor, size) = (memory.cursor, memory.size);
    Callback::from(move |event: KeyboardEvent| {
        let row = i64::try_from(per_row).unwrap_or(16);
        let page = row.saturating_mul(i64::try_from(list.page()).unwrap_or(1));
        let in_row = i64::try_from(cursor % per_row).unwrap_or(0);
        let by = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            "ArrowDown" => row,
            "ArrowUp" => -row,
            "PageDown" => page,
            "PageUp" => -page,
            "Home" if event.ctrl_key() => i64::MIN,
            "End" if event.ctrl_key() => i64::MAX,
            "Home" => -in_row,
            "End" => row - 1 - in_row,
            "Enter" => {
                event.prevent_default();
                return driver.change(|board| board.follow_pointer());
            }
            "Backspace" => {
                event.prevent_default();
                return driver.change(|board| board.go_back());
            }
            _ => return,
        };
        event.prevent_default();
        let to = cursor.saturating_add_signed(by).min(size.saturating_sub(1));
        list.show(to / per_row);
        driver.change(|board| board.move_cursor(by));
    })
}
