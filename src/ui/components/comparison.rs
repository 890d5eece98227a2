//! Both engines beside each other: the calls that were made in both, and what differs first.

use super::calls_panel::marked;
use crate::ui::hooks::Driver;
use crate::ui::state::compare::{Comparison, Row, State};
use crate::ui::state::{Board, Shared, format};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct ComparisonProps {
    pub(super) driver: Driver,
    pub(super) comparison: Shared<Comparison>,
}

pub(super) fn comparison(props: &ComparisonProps) -> Html {
    let comparison = &props.comparison;
    let leave = {
        let driver = props.driver.clone();
        move |_| driver.change(Board::leave_comparison)
    };
    html! {
        <section class="comparison" aria-label="Both engines">
            <p role="status">
                { comparison.told() }
                if comparison.state != State::Runs {
                    <button type="button" class="quiet" onclick={leave}>{ "Close" }</button>
                }
            </p>
            if !comparison.rows.is_empty() {
                <div class="scrolled" tabindex="0" role="group" aria-label="Calls in both engines">
                <table>
                    <thead>
                        <tr>
                            <th>{ "Call" }</th>
                            <th class="number">{ "Interpreter" }</th>
                            <th class="number">{ "Browser's" }</th>
                            <th>{ "Fuel" }</th>
                            <th>{ "Differs" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for comparison.rows.iter().map(row) }</tbody>
                </table>
                </div>
            }
        </section>
    }
}

fn row(row: &Row) -> Html {
    let [(here, interpreted), (there, browsers)] = row.used;
    let fuel = |fuel: u64| format::grouped(fuel);
    html! {
        <>
            <tr>
                <td><code>{ &row.written }</code></td>
                <td class="number">{ format::micros(here) }</td>
                <td class="number">{ format::micros(there) }</td>
                <td>{ format!("{} / {}", fuel(interpreted.fuel), fuel(browsers.fuel)) }</td>
                <td>{ row.difference.as_ref().map_or("nothing", |it| &*it.what) }</td>
            </tr>
            if let Some(difference) = &row.difference {
                <tr>
                    <td colspan="5">
                        <p class="what">{ format!("{}: − interpreter, + browser's engine", difference.what) }</p>
                        { marked(difference) }
                    </td>
                </tr>
            }
        </>
    }
}
