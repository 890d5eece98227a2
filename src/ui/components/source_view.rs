//! The plugin's Go source, to be read: a file, its lines with their numbers, and the one that something led to.

use crate::ui::hooks::{Driver, List, focus_soon, use_list};
use crate::ui::state::debugger::Gutter;
use crate::ui::state::go_source::GoSource;
use crate::ui::state::source_view::SourceView;
use crate::ui::state::{Board, Shared, format};
use std::ops::Range;
use std::rc::Rc;
use yew::prelude::*;

/// The height of a row in CSS pixels; `--source-row` in `source.css` says the same.
const ROW_HEIGHT: f64 = 20.0;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct SourceViewProps {
    pub(super) driver: Driver,
    pub(super) source: Shared<GoSource>,
    pub(super) view: SourceView,
    /// What stands beside the lines of the file.
    pub(super) gutter: Gutter,
}

#[component]
pub(super) fn SourceFile(props: &SourceViewProps) -> Html {
    let SourceViewProps {
        driver,
        source,
        view,
        gutter,
    } = props;
    let file = view.file(source.dropped()).unwrap_or_default();
    let text = source.text(file);
    // Where each line is in the text.
    let lines = use_memo((source.clone(), file.to_owned()), |_| ranges(text));
    let count = lines.len() as u64;
    let list = use_list(count, ROW_HEIGHT, false);
    {
        let (list, row) = (list.clone(), u64::from(view.line).saturating_sub(1));
        use_effect_with(view.visits, move |visits| {
            if *visits > 0 {
                list.center(row);
            }
        });
    }
    let option = |name: &str| {
        html! { <option value={name.to_owned()} selected={name == file}>{ name }</option> }
    };
    let choose = {
        let driver = driver.clone();
        move |event: Event| {
            if let Some(select) = event.target_dyn_into::<web_sys::HtmlSelectElement>() {
                driver.change(|board| board.look_at_source(&select.value()));
            }
        }
    };
    let own = {
        let driver = driver.clone();
        move |_| {
            driver.change(Board::own_source);
            focus_soon("editor".to_owned());
        }
    };
    let onclick = {
        let (driver, file) = (driver.clone(), file.to_owned());
        move |event: MouseEvent| {
            let target = event.target_dyn_into::<web_sys::Element>();
            let number = target.and_then(|button| button.get_attribute("data-number"));
            if let Some(line) = number.and_then(|number| number.parse().ok()) {
                driver.act(|board| board.switch_breakpoint(&file, line));
            }
        }
    };
    html! {
        <section class="source-view" aria-label="Source">
            <header>
                <select aria-label="File" onchange={choose}>{ for source.dropped().map(option) }</select>
                <span class="count">{ format::count(count, "line") }</span>
                <button type="button" id="edit-source" onclick={own}>{ "Edit" }</button>
            </header>
            <div
                class="list"
                role="region"
                aria-label={file.to_owned()}
                tabindex="0"
                ref={list.view.clone()}
                onscroll={list.onscroll.clone()}
            >
                <div class="content" ref={list.content.clone()}>
                    <div class="rows" {onclick}>{ rows(&list, text, &lines, view.line, gutter) }</div>
                </div>
            </div>
        </section>
    }
}

fn rows(
    list: &List,
    text: &str,
    lines: &Rc<Vec<Range<usize>>>,
    marked: u32,
    gutter: &Gutter,
) -> Html {
    let shown = lines
        .iter()
        .enumerate()
        .skip(usize::try_from(list.slice.first).unwrap_or(0));
    shown
        .take(list.slice.count)
        .map(|(place, range)| {
            let number = u32::try_from(place + 1).unwrap_or(u32::MAX);
            let is_marked = number == marked;
            let stops = gutter.breakpoints.contains(&number);
            let code = gutter
                .code
                .binary_search_by_key(&number, |(line, _)| *line)
                .ok();
            let reached = code
                .and_then(|code| gutter.code.get(code))
                .and_then(|(_, reached)| *reached);
            html! {
                <div
                    key={number}
                    class="line"
                    data-line={number.to_string()}
                    data-code={code.is_some().then_some("true")}
                    data-reached={reached.map(|reached| reached.to_string())}
                    aria-current={is_marked.then_some("location")}
                >
                    <button
                        type="button"
                        class="number"
                        tabindex={if code.is_some() || stops { "0" } else { "-1" }}
                        data-number={number.to_string()}
                        aria-pressed={stops.to_string()}
                        aria-label={format!("Stop at line {number}{}", match reached {
                            Some(true) => ", reached",
                            Some(false) => ", not reached",
                            None => "",
                        })}
                        title="Stop here, or no longer"
                    >
                        { number }
                    </button>
                    <code>{ text.get(range.clone()).unwrap_or_default() }</code>
                </div>
            }
        })
        .collect()
}

/// Where the lines of a text are in it.
fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        start..start + line.trim_end_matches(['\n', '\r']).len()
    });
    lines.collect()
}
