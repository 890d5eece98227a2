//! The rows of the console that are in view.

use super::addresses::linked;
use crate::ui::hooks::{Driver, set_style};
use crate::ui::state::console::{Color, Pattern, Pen, Piece, Row, Source};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ConsoleRowsProps {
    pub(super) driver: Driver,
    pub(super) rows: Vec<Row>,
    /// The row that a search has come to.
    pub(super) current: Option<u64>,
    /// What is searched for.
    pub(super) pattern: Option<Pattern>,
}

#[component]
pub(super) fn ConsoleRows(props: &ConsoleRowsProps) -> Html {
    let view = use_node_ref();
    let styled = props
        .rows
        .iter()
        .any(|row| !row.text.is_ascii() || row.parts().any(|part| has_css(part.1)));
    // What was styled before may be anything now.
    let was_styled = use_mut_ref(|| false);
    {
        let view = view.clone();
        use_effect(move || {
            let was_styled = was_styled.replace(styled);
            if let Some(view) = view.cast::<Element>().filter(|_| styled || was_styled) {
                style(&view);
            }
        });
    }
    html! {
        <div class="rows" ref={view}>
            { for props.rows.iter().map(|row| html! {
                // Without a key: in a flood all rows are others in every frame, and are written anew in
                // the elements that are there.
                <div
                    class="row"
                    data-source={row.source.name()}
                    data-current={(props.current == Some(row.number)).then_some("true")}
                    data-goes-on={row.goes_on.then_some("true")}
                >
                    { text(&props.driver, row, props.pattern.as_ref()) }
                </div>
            }) }
        </div>
    }
}

fn text(driver: &Driver, row: &Row, pattern: Option<&Pattern>) -> Html {
    let places = pattern.map(|pattern| pattern.places(&row.text));
    let places = places.unwrap_or_default();
    if row.source == Source::Alarm && places.is_empty() {
        // What the page says of a trap.
        return linked(driver, &row.text);
    }
    if row.spans.is_empty() && places.is_empty() && row.text.is_ascii() {
        return html! { { &row.text } };
    }
    let part = |piece: Piece<'_>| {
        if piece.is_found {
            html! { <mark>{ part(piece) }</mark> }
        } else {
            part(piece)
        }
    };
    row.pieces(&places).into_iter().map(part).collect()
}

/// A part of a row. Whatever has no name in the styles is set once it is there: the page's policy
/// forbids styles in attributes.
fn part(piece: Piece<'_>) -> Html {
    let Piece {
        text, pen, columns, ..
    } = piece;
    if pen == Pen::default() && columns == 0 {
        return html! { { text } };
    }
    let style = pen.style();
    let ink = match pen.paper {
        Color::Default => pen.ink.css_on_paper(),
        _ => pen.ink.css(),
    };
    html! {
        <span
            data-ink={pen.ink.name()}
            data-paper={pen.paper.name()}
            data-style={(!style.is_empty()).then_some(style)}
            data-ink-css={ink}
            data-paper-css={pen.paper.css()}
            data-width-css={(columns > 0).then(|| format!("{columns}ch"))}
        >
            { text }
        </span>
    }
}

fn has_css(pen: Pen) -> bool {
    pen.ink.css().is_some() || pen.paper.css().is_some()
}

/// Gives all parts of the rows the colours that have no name, and the widths. A part may be one that had
/// another.
fn style(rows: &Element) {
    let Ok(parts) = rows.query_selector_all("span") else {
        return;
    };
    for place in 0..parts.length() {
        let Some(part) = parts
            .get(place)
            .and_then(|part| part.dyn_into::<Element>().ok())
        else {
            continue;
        };
        for (attribute, property) in [
            ("data-ink-css", "color"),
            ("data-paper-css", "backgroundColor"),
            ("data-width-css", "width"),
        ] {
            let css = part.get_attribute(attribute).unwrap_or_default();
            set_style(&part, property, &css);
        }
    }
}
