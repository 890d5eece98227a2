//! What is moved between two panes, by pointer and by keys; a double click resets it.

use crate::ui::hooks::Driver;
use crate::ui::state::arrangement::Edge;
use web_sys::Element;
use yew::prelude::*;

/// `across`: whether it moves left and right. `panes` names what is at its sides.
pub(super) fn splitter(
    driver: &Driver,
    edge: Edge,
    across: bool,
    value: u16,
    panes: &'static str,
) -> Html {
    let moves = {
        let driver = driver.clone();
        move |value| driver.change(|board| board.arrangement.move_edge(edge, value))
    };
    let press = |event: PointerEvent| {
        if let (0, Some(splitter)) = (event.button(), event.target_dyn_into::<Element>()) {
            // Without it the pointer is heard as long as it stays above.
            let _ = splitter.set_pointer_capture(event.pointer_id());
        }
    };
    let drag = {
        let moves = moves.clone();
        move |event: PointerEvent| {
            let splitter = event.target_dyn_into::<Element>();
            let held = splitter.filter(|splitter| splitter.has_pointer_capture(event.pointer_id()));
            if let Some(splitter) = held
                && let Some(value) = value_at(edge, across, &splitter, &event)
            {
                moves(value);
            }
        }
    };
    let key = {
        let (driver, moves) = (driver.clone(), moves.clone());
        move |event: KeyboardEvent| {
            // Several keys may come before it is drawn where the first has moved it to.
            let value = driver.board().arrangement.size(edge);
            if let Some(value) = edge.after(&event.key(), across, value) {
                event.prevent_default();
                moves(value);
            }
        }
    };
    html! {
        <div
            key={panes}
            class="splitter"
            role="separator"
            tabindex="0"
            aria-label={format!("Between {panes}")}
            aria-orientation={if across { "vertical" } else { "horizontal" }}
            aria-valuemin={edge.least().to_string()}
            aria-valuemax={edge.greatest().to_string()}
            aria-valuenow={value.to_string()}
            aria-valuetext={edge.told(value)}
            title="Drag; arrow keys, Home and End move it too; a double click resets it"
            onpointerdown={press}
            onpointermove={drag}
            onkeydown={key}
            ondblclick={move |_| moves(edge.usual())}
        />
    }
}

/// The value of the edge where the pointer is: the panes are the elements beside the splitter.
fn value_at(edge: Edge, across: bool, splitter: &Element, event: &PointerEvent) -> Option<u16> {
    let first = splitter.previous_element_sibling()?;
    let second = splitter.next_element_sibling()?;
    let (first, second) = (
        first.get_bounding_client_rect(),
        second.get_bounding_client_rect(),
    );
    let (begin, end, pointer) = if across {
        (first.x(), second.x() + second.width(), event.client_x())
    } else {
        (first.y(), second.y() + second.height(), event.client_y())
    };
    Some(edge.at(f64::from(pointer) - begin, end - begin))
}
