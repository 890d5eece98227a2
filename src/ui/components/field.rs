//! One argument, or a part of one: a field, or a group of them.

use crate::ui::hooks::{Driver, typed};
use crate::ui::state::form::{Node, Way};
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct ArgumentFieldProps {
    pub(super) driver: Driver,
    pub(super) node: Node,
}

pub(super) fn argument_field(props: &ArgumentFieldProps) -> Html {
    draw(&props.driver, &props.node)
}

fn draw(driver: &Driver, node: &Node) -> Html {
    if node.parts.is_empty() && !matches!(node.way, Way::Fields | Way::Nil) {
        leaf(driver, node)
    } else {
        group(driver, node)
    }
}

/// Fields that belong together.
fn group(driver: &Driver, node: &Node) -> Html {
    // What a pointer points to is shown without a name of its own, where it has fields itself.
    let pointee = match &node.parts[..] {
        [pointee] if node.way == Way::New => Some(pointee),
        _ => None,
    };
    html! {
        <fieldset class="field group">
            <legend>
                { name(node) }
                { ways(driver, node) }
                if let Some(pointee) = pointee {
                    { ways(driver, pointee) }
                }
            </legend>
            if let Some(pointee) = pointee {
                { parts(driver, pointee) }
            } else {
                { all(driver, node) }
            }
            if node.way == Way::Fields && node.parts.is_empty() {
                <p class="hint">{ "no fields" }</p>
            }
        </fieldset>
    }
}

/// What is in a group, without a frame of its own.
fn parts(driver: &Driver, node: &Node) -> Html {
    if node.parts.is_empty() {
        html! { <div class="field">{ control(driver, node) }{ problem(node) }</div> }
    } else {
        all(driver, node)
    }
}

/// The fields of a group, and what brings those that are not shown.
fn all(driver: &Driver, node: &Node) -> Html {
    let more = {
        let (driver, path) = (driver.clone(), node.path.clone());
        move |_| driver.change(|board| board.show_more(path.clone()))
    };
    html! {
        <>
            { for node.parts.iter().map(|part| draw(driver, part)) }
            if node.hidden > 0 {
                <button type="button" class="quiet more" onclick={more}>
                    { format!("Show more: {} of {} are not shown", node.hidden, node.hidden + node.parts.len()) }
                </button>
            }
        </>
    }
}

fn leaf(driver: &Driver, node: &Node) -> Html {
    html! {
        <div class="field">
            <label for={id(node)}>{ name(node) }</label>
            <div class="entry">
                { control(driver, node) }
                { ways(driver, node) }
            </div>
            { problem(node) }
        </div>
    }
}

fn id(node: &Node) -> String {
    format!("argument-{}", node.path)
}

fn name(node: &Node) -> Html {
    html! { <><span>{ &node.name }</span>{ " " }<span class="type">{ &node.ty }</span></> }
}

fn problem(node: &Node) -> Html {
    match &node.problem {
        Some(problem) => {
            html! { <p id={format!("{}-error", id(node))} class="problem">{ problem }</p> }
        }
        None => Html::default(),
    }
}

fn control(driver: &Driver, node: &Node) -> Html {
    let id = id(node);
    let path = node.path.clone();
    let driver = driver.clone();
    if node.way == Way::Switch {
        let check = move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            let on = input.is_some_and(|input| input.checked());
            driver.change(|board| board.enter(path.clone(), if on { "true" } else { "false" }));
        };
        return html! { <input {id} type="checkbox" checked={&*node.text == "true"} onchange={check} /> };
    }
    if node.way == Way::File {
        let pick = move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            let files = input.and_then(|input| input.files());
            if let Some(file) = files.and_then(|files| files.get(0)) {
                driver.read_argument(path.clone(), file.name(), file.into());
            }
        };
        return html! { <input {id} type="file" onchange={pick} /> };
    }
    let enter = move |event: InputEvent| {
        let text = typed(&event);
        driver.change(|board| board.enter(path.clone(), &text));
    };
    let described = node.problem.is_some().then(|| format!("{id}-error"));
    // A pointee's control has no label of its own.
    let label = node.name.is_empty().then(|| format!("value {}", node.ty));
    html! {
        <input
            {id}
            type="text"
            class={classes!(matches!(node.way, Way::Number | Way::Address).then_some("number"))}
            spellcheck="false"
            autocapitalize="off"
            autocomplete="off"
            placeholder={placeholder(node.way)}
            value={AttrValue::from(node.text.clone())}
            aria-label={label}
            aria-invalid={node.problem.is_some().then_some("true")}
            aria-describedby={described}
            oninput={enter}
        />
    }
}

/// What stands in the field while nothing is typed: the value that it means, or how to write one.
fn placeholder(way: Way) -> &'static str {
    match way {
        Way::Number => "0",
        Way::Address => "0x0",
        Way::Escaped => "a\\tb\\x00\\u00e9",
        Way::Hex => "00 ff …",
        Way::Literal => "{} is zero; {1, 2} or {name: 3}",
        Way::Ref => "null",
        Way::Switch | Way::Text | Way::File | Way::Nil | Way::New | Way::Fields => "",
    }
}

/// The control that chooses how a value is entered.
fn ways(driver: &Driver, node: &Node) -> Html {
    if node.ways.len() < 2 {
        return Html::default();
    }
    let choose = {
        let (driver, path, ways) = (driver.clone(), node.path.clone(), node.ways);
        move |event: Event| {
            let chosen = typed(&event).parse().ok();
            if let Some(&way) = chosen.and_then(|index: usize| ways.get(index)) {
                driver.change(|board| board.choose_way(&path, way));
            }
        }
    };
    let subject = match node.name.as_str() {
        "" => "the value",
        name => name,
    };
    html! {
        <select class="way" aria-label={format!("How {subject} is entered")} onchange={choose}>
            { for node.ways.iter().enumerate().map(|(index, &way)| html! {
                <option value={index.to_string()} selected={way == node.way}>
                    { way.label() }
                </option>
            }) }
        </select>
    }
}
