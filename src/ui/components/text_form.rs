//! The functions of the module: a list to find one in, its text, and who uses it.

use super::find::{MAX_SHOWN, others};
use super::memo::stateful;
use super::trace_panel::switch;
use crate::protocol::{Caller, FunctionFilter, FunctionLine, FunctionText, FunctionUses, TextLine};
use crate::ui::hooks::{Driver, List, copy, focus, focus_if_lost, typed, use_list};
use crate::ui::state::text_form::{At, TextForm};
use crate::ui::state::{Effect, Shared, format};
use yew::prelude::*;

/// The height of a row in CSS pixels; `.entry` in `trace.css` and `.function .line` say the same.
const ROW_HEIGHT: f64 = 22.0;

/// The element with the text, which takes the focus when it is jumped to.
const TEXT: &str = "function-text";

#[derive(Clone, PartialEq, Properties)]
pub(super) struct FunctionsViewProps {
    pub(super) driver: Driver,
    pub(super) form: Shared<TextForm>,
}

#[component]
pub(super) fn FunctionsView(props: &FunctionsViewProps) -> Html {
    let FunctionsViewProps { driver, form } = props;
    {
        let driver = driver.clone();
        use_effect_with((), move |()| act(&driver, TextForm::open));
    }
    let list = use_list(form.found().passing.into(), ROW_HEIGHT, false);
    let rows = in_view(&list);
    {
        let driver = driver.clone();
        use_effect_with((rows, form.clone()), move |(rows, form)| {
            if form.lacks_rows(*rows) {
                act(&driver, |form| form.see_rows(*rows));
            }
        });
    }
    html! {
        <div class="trace functions">
            { tools(driver, form, &list) }
            <div class="shown">
                <div class="calls">
                    <div
                        id="functions"
                        class="list"
                        role="listbox"
                        aria-label="Functions"
                        aria-activedescendant={format!("function-{}", form.cursor)}
                        tabindex="0"
                        ref={list.view.clone()}
                        onscroll={list.onscroll.clone()}
                        onkeydown={keys(driver, form, &list, false)}
                    >
                        <div class="content" ref={list.content.clone()}>
                            <div class="rows">
                                { for span(rows).map(|place| row(driver, form, place)) }
                            </div>
                        </div>
                    </div>
                </div>
                if form.at().is_some() {
                    { stateful::<FunctionView>(props.clone()) }
                }
            </div>
        </div>
    }
}

fn act(driver: &Driver, action: impl FnOnce(&mut TextForm) -> Vec<Effect>) {
    driver.act(|board| action(board.text_form_mut()));
}

/// The first row, and how many.
fn in_view(list: &List) -> (u32, u32) {
    let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    (number(list.slice.first), number(list.slice.count as u64))
}

fn span((first, count): (u32, u32)) -> std::ops::Range<u32> {
    first..first.saturating_add(count)
}

/// What is looked for.
fn tools(driver: &Driver, form: &TextForm, list: &List) -> Html {
    let (close, seek, order) = (driver.clone(), driver.clone(), driver.clone());
    let (press, list) = (keys(driver, form, list, true), list.clone());
    let FunctionFilter {
        text,
        largest_first,
    } = form.filter.clone();
    let found = form.found();
    let count = match &form.failed {
        Some(why) => why.clone(),
        None if found.filter.text.is_empty() => format::count(found.all.into(), "function"),
        None => format!(
            "{} of {}",
            format::grouped(found.passing.into()),
            format::count(found.all.into(), "function")
        ),
    };
    html! {
        <div class="tools">
            <button
                type="button"
                onclick={move |_| close.change(|board| board.text_form_mut().is_open = false)}
            >
                { "Overview" }
            </button>
            <input
                type="search"
                aria-label="Find a function"
                placeholder="name or index"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                value={text.clone()}
                onkeydown={press}
                oninput={move |event: InputEvent| {
                    let text = typed(&event);
                    list.show(0);
                    seek.change(|board| board.text_form_mut().seek(FunctionFilter { text, largest_first }));
                }}
            />
            { switch("text-largest", "Largest first", largest_first, move |largest_first| {
                let text = text.clone();
                order.change(|board| board.text_form_mut().seek(FunctionFilter { text, largest_first }));
            }) }
            <span class="count" role="status">{ count }</span>
        </div>
    }
}

/// The keys of the list; in the field above it, those that mean nothing there.
fn keys(driver: &Driver, form: &TextForm, list: &List, is_field: bool) -> Callback<KeyboardEvent> {
    let (driver, list, at) = (driver.clone(), list.clone(), form.cursor);
    let last = form.found().passing.saturating_sub(1);
    Callback::from(move |event: KeyboardEvent| {
        let page = u32::try_from(list.page()).unwrap_or(1);
        let to = match event.key().as_str() {
            "ArrowDown" => at.saturating_add(1),
            "ArrowUp" => at.saturating_sub(1),
            "Enter" => return act(&driver, TextForm::choose),
            "PageDown" => at.saturating_add(page),
            "PageUp" => at.saturating_sub(page),
            "Home" if !is_field => 0,
            "End" if !is_field => last,
            _ => return,
        };
        event.prevent_default();
        let to = to.min(last);
        list.show(to.into());
        driver.change(|board| board.text_form_mut().cursor = to);
    })
}

fn go(driver: &Driver, function: u32, place: Option<u32>) {
    act(driver, |form| form.go(At { function, place }));
}

/// A row of the list; what has not been told yet is blank.
fn row(driver: &Driver, form: &TextForm, place: u32) -> Html {
    let Some(line) = form.function(place) else {
        return Html::default();
    };
    let (driver, function) = (driver.clone(), line.index);
    let choose = move |_| {
        driver.change(|board| board.text_form_mut().cursor = place);
        go(&driver, function, None);
    };
    html! {
        <div
            key={place}
            id={format!("function-{place}")}
            class="entry"
            role="option"
            aria-selected={(form.cursor == place).to_string()}
            title={line.note.clone()}
            onclick={choose}
        >
            <span class="time">{ line.index }</span>
            <span class="said"><span>{ &line.name }</span></span>
            <span class="duration">{ size(line) }</span>
        </div>
    }
}

fn size(line: &FunctionLine) -> String {
    match line.size {
        Some(size) => format::bytes(size.into()),
        None => "import".to_owned(),
    }
}

/// The text of a function, and who uses it.
#[component]
fn FunctionView(props: &FunctionsViewProps) -> Html {
    let FunctionsViewProps { driver, form } = props;
    let lines = form.text().map_or(0, |text| text.total);
    let list = use_list(lines.into(), ROW_HEIGHT, false);
    let seen = in_view(&list);
    {
        let driver = driver.clone();
        use_effect_with((seen, form.clone()), move |(seen, form)| {
            if form.lacks_lines(*seen) {
                act(&driver, |form| form.see_lines(*seen));
            }
        });
    }
    {
        let (list, row) = (list.clone(), form.marked().unwrap_or(0));
        use_effect_with(form.jumps, move |_| list.center(row.into()));
    }
    // What led here may be gone with the text before.
    use_effect_with((form.jumps, form.text().is_some()), |_| focus_if_lost(TEXT));
    let step = |label: &'static str, can: bool, step: fn(&mut TextForm) -> Vec<Effect>| {
        let driver = driver.clone();
        html! {
            <button type="button" class="quiet" disabled={!can} onclick={move |_| {
                act(&driver, step);
                focus(TEXT);
            }}>
                { label }
            </button>
        }
    };
    let at = form.at().map_or(0, |at| at.function);
    let text = form.text();
    let line = text.map(|text| text.function.clone()).unwrap_or_default();
    let whole = form.text().is_some_and(|text| text.is_whole);
    let copied = driver.clone();
    let press = {
        let driver = driver.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Backspace" {
                event.prevent_default();
                act(&driver, TextForm::go_back);
            }
        }
    };
    html! {
        <section class="function" aria-label="Function">
            <header>
                { step("Back", form.can_go_back(), TextForm::go_back) }
                { step("Forward", form.can_go_forward(), TextForm::go_forward) }
                <b>{ format!("{at} {}", line.name) }</b>
                if text.is_some() {
                    <span class="note">{ note(&line) }</span>
                }
                <button
                    type="button"
                    class="quiet"
                    disabled={!whole}
                    title={if whole { "Copy the text" } else { "It is too long to be copied as a whole" }}
                    onclick={move |_| {
                        if let Some(text) = copied.board().text_form().whole() {
                            copy(&text);
                        }
                    }}
                >
                    { "Copy" }
                </button>
            </header>
            if let Some(said) = text.and_then(elsewhere) {
                <p class="hint" role="status">{ said }</p>
            }
            <div
                id={TEXT}
                class="list"
                role="region"
                aria-label={format!("Text of {}", line.name)}
                tabindex="0"
                ref={list.view.clone()}
                onscroll={list.onscroll.clone()}
                onkeydown={press}
            >
                <div class="content" ref={list.content.clone()}>
                    <div class="rows">
                        { for span(seen).filter_map(|number| {
                            Some(text_line(driver, form.line(number)?, number, form.marked()))
                        }) }
                    </div>
                </div>
            </div>
            // Not with `for`: the text would be drawn anew, in another element, when this comes.
            if let Some(uses) = form.uses() {
                { used(driver, uses) }
            }
        </section>
    }
}

/// `1.2 KiB; exported: greet`
fn note(line: &FunctionLine) -> String {
    match (line.size, &*line.note) {
        (None, note) => note.to_owned(),
        (Some(_), "") => size(line),
        (Some(_), note) => format!("{}; {note}", size(line)),
    }
}

/// That the place is in no line.
fn elsewhere(text: &FunctionText) -> Option<String> {
    match text.marked? {
        (place, None) => Some(format!("{place:#x} is not in this function.")),
        _ => None,
    }
}

fn text_line(driver: &Driver, line: &TextLine, number: u32, marked: Option<u32>) -> Html {
    let split = line.callee.and_then(|(callee, from)| {
        let (before, name) = line.text.split_at_checked(usize::try_from(from).ok()?)?;
        Some((callee, before, name))
    });
    let text = match split {
        Some((callee, before, name)) => {
            let (driver, place) = (driver.clone(), line.place);
            let follow = move |_| {
                act(&driver, |form| form.follow(callee, place));
                focus(TEXT);
            };
            html! {
                <>
                    { before.to_owned() }
                    <button type="button" class="address" onclick={follow}>{ name.to_owned() }</button>
                </>
            }
        }
        None => html! { { &line.text } },
    };
    let place = line.place.map(|place| format!("{place:#x}"));
    html! {
        <div key={number} class="line" aria-current={(marked == Some(number)).then_some("true")}>
            <span class="place">{ place }</span>
            <code>{ text }</code>
        </div>
    }
}

/// Who uses a function.
fn used(driver: &Driver, uses: &FunctionUses) -> Html {
    let heading = match uses.total {
        0 => "No function calls it by its name".to_owned(),
        1 => "Called by 1 function".to_owned(),
        count => format!("Called by {} functions", format::grouped(count.into())),
    };
    let notes = match uses.notes.is_empty() {
        true => String::new(),
        false => format!("; {}", uses.notes.join("; ")),
    };
    html! {
        <div class="uses">
            <p>{ heading }{ notes }</p>
            <ul>{ for uses.callers.iter().take(MAX_SHOWN).map(|one| caller(driver, one)) }</ul>
            { others(usize::try_from(uses.total).unwrap_or(0), "find them by their names") }
        </div>
    }
}

fn caller(driver: &Driver, caller: &Caller) -> Html {
    let Caller { index, place, .. } = *caller;
    let driver = driver.clone();
    let show = move |_| {
        go(&driver, index, Some(place));
        focus(TEXT);
    };
    html! {
        <li>
            <button type="button" class="address" onclick={show}>{ &caller.name }</button>
            if caller.times > 1 {
                { format!(" × {}", format::grouped(caller.times.into())) }
            }
        </li>
    }
}
