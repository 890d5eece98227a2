//! Which lines calls have reached, file by file.

use crate::ui::hooks::{Driver, download};
use crate::ui::state::coverage::{Coverage, CoveredFile};
use crate::ui::state::{Shared, format};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct CoverageProps {
    pub(super) driver: Driver,
    pub(super) coverage: Shared<Coverage>,
}

pub(super) fn coverage(props: &CoverageProps) -> Html {
    let CoverageProps { driver, coverage } = props;
    let choose = {
        let driver = driver.clone();
        move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                driver.change(|board| board.cover_last(select.selected_index() > 0));
            }
        }
    };
    let save = {
        let driver = driver.clone();
        move |_| {
            let file = driver.board().cover_profile();
            if let Some((name, text)) = file {
                download(&name, text.as_bytes());
            }
        }
    };
    html! {
        <section class="coverage" aria-label="Coverage">
            <header>
                <h3>{ "Lines reached" }</h3>
                <select aria-label="Reached by" onchange={choose}>
                    <option selected={!coverage.of_last}>{ "by all calls in the instance" }</option>
                    <option selected={coverage.of_last}>{ "by the last call" }</option>
                </select>
                <button
                    type="button"
                    id="save-coverage"
                    class="quiet"
                    title="Save it for go tool cover"
                    onclick={save}
                >
                    { "Save cover profile" }
                </button>
            </header>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ "File" }</th>
                        <th scope="col">{ "Reached" }</th>
                        <th scope="col">{ "Lines" }</th>
                        <th scope="col">{ "Share" }</th>
                    </tr>
                </thead>
                <tbody>
                    { for coverage.files.iter().map(|file| row(driver, file)) }
                    if coverage.files.len() + coverage.more > 1 {
                        { counts(html! { { match coverage.more {
                            0 => "All".to_owned(),
                            more => format!("All, with {} more", format::count(more as u64, "file")),
                        } } }, coverage.total) }
                    }
                </tbody>
            </table>
        </section>
    }
}

fn row(driver: &Driver, file: &CoveredFile) -> Html {
    let name = match &file.source {
        Some((source, line)) => {
            let (driver, source, line) = (driver.clone(), source.clone(), *line);
            let show = move |_| driver.change(|board| board.show_source(&source, line));
            html! { <button type="button" class="address" onclick={show}>{ &file.path }</button> }
        }
        None => html! { { &file.path } },
    };
    counts(name, file.lines)
}

fn counts(name: Html, [reached, lines]: [u32; 2]) -> Html {
    html! {
        <tr>
            <th scope="row">{ name }</th>
            <td>{ format::grouped(reached.into()) }</td>
            <td>{ format::grouped(lines.into()) }</td>
            <td>{ format::share(reached.into(), lines.into()) }</td>
        </tr>
    }
}
