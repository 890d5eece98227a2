//! What a link or a session file would open: it waits for a yes.

use crate::ui::hooks::Driver;
use crate::ui::state::Board;
use crate::ui::state::share::Opening;
use yew::prelude::*;

pub(super) fn opening(driver: &Driver, opening: &Opening) -> Html {
    let (agree, dismiss) = (driver.clone(), driver.clone());
    html! {
        <section class="offer" aria-labelledby="opening">
            <div role="status">
                <p id="opening">{ format!("{} would open:", opening.title) }</p>
                <ul>{ for opening.lines.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
                <p>{ "Nothing of it runs before you call something." }</p>
            </div>
            <button type="button" onclick={move |_| agree.agree_to_session()}>{ "Open it" }</button>
            <button type="button" class="quiet" onclick={move |_| dismiss.change(Board::dismiss_session)}>
                { "Dismiss" }
            </button>
        </section>
    }
}
