//! Where everything is, as the page shows it and as it is kept.

use super::dom::{element, set_style};
use super::driver::Driver;
use super::size::use_size;
use super::storage;
use crate::ui::state::arrangement::Arrangement;
use yew::prelude::*;

/// Under which it is kept.
const KEY: &str = "plugboard.arrangement";

/// Keeps the arrangement from visit to visit, tells it how wide the page is, and gives the panes their sizes.
/// `page` is as wide as the page; `stands`: whether the panes are there.
#[hook]
pub(crate) fn use_arrangement(driver: &Driver, page: &NodeRef, stands: bool) {
    let (width, _) = use_size(page);
    {
        let driver = driver.clone();
        use_effect_with((), move |()| {
            if let Some(kept) = storage::get(KEY) {
                driver.change(|board| board.arrangement.read(&kept));
            }
        });
    }
    {
        let driver = driver.clone();
        use_effect_with(width, move |&width| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a width is neither negative nor large"
            )]
            driver.change(|board| board.arrangement.resize(width as u32));
        });
    }
    let arrangement = driver.board().arrangement;
    use_effect_with((arrangement, stands), move |(arrangement, _)| {
        place(arrangement);
    });
    use_effect_with(arrangement.to_text(), move |text| {
        // Not what is so before anything was read.
        if width > 0.0 {
            storage::set(KEY, text);
        }
    });
}

fn place(arrangement: &Arrangement) {
    let [columns, rows, work, groups] = arrangement.tracks();
    let across = arrangement.groups_are_columns();
    let (beside, below) = if across {
        (groups.as_str(), "")
    } else {
        ("", groups.as_str())
    };
    for (id, property, value) in [
        ("board", "gridTemplateColumns", columns.as_str()),
        ("board", "gridTemplateRows", &rows),
        ("work", "gridTemplateRows", &work),
        ("dock", "gridTemplateColumns", beside),
        ("dock", "gridTemplateRows", below),
    ] {
        if let Some(element) = element(id) {
            set_style(&element, property, value);
        }
    }
}

/// Gives the page its title.
#[hook]
pub(crate) fn use_title(title: String) {
    use_effect_with(title, |title| {
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(document) = document {
            document.set_title(title);
        }
    });
}
