//! The rows of the console that are in view.

use crate::ui::state::console::Row;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ConsoleRowsProps {
    pub(super) rows: Vec<Row>,
}

#[component]
pub(super) fn ConsoleRows(props: &ConsoleRowsProps) -> Html {
    html! {
        <div class="rows">
            { for props.rows.iter().map(|row| html! {
                <div
                    key={row.number}
                    class="row"
                    data-source={row.source.name()}
                    data-goes-on={row.goes_on.then_some("true")}
                >
                    { &row.text }
                </div>
            }) }
        </div>
    }
}
