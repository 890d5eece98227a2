//! The left side: what is in the module.

use super::exports::{Exports, ExportsProps};
use super::facts::facts;
use super::imports::{ImportsProps, imports_list};
use super::memo::{memo, stateful_keyed};
use super::watch::{WatchProps, watch};
use crate::go::Signature;
use crate::ui::hooks::Driver;
use crate::ui::state::watch::Watched;
use crate::ui::state::{Shared, module::Plugged};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct RailProps {
    pub(super) driver: Driver,
    pub(super) plugged: Shared<Plugged>,
    /// Counts the plugins that have been on the board.
    pub(super) plugins: u32,
    pub(super) selected: Option<AttrValue>,
    /// The signatures that are typed by hand, by export.
    pub(super) by_hand: Vec<(String, Signature)>,
    pub(super) watched: Option<Watched>,
}

pub(super) fn rail(props: &RailProps) -> Html {
    let RailProps {
        driver,
        plugged,
        plugins,
        selected,
        by_hand,
        watched,
    } = props.clone();
    html! {
        <aside class="rail" aria-label="Module">
            { facts(&driver, &plugged.info) }
            if let Some(watched) = watched {
                { memo(WatchProps { driver: driver.clone(), watched }, watch) }
            }
            { stateful_keyed::<Exports>(plugins, ExportsProps {
                driver: driver.clone(),
                plugged: plugged.clone(),
                selected,
                by_hand,
            }) }
            { memo(ImportsProps { driver, plugged }, imports_list) }
        </aside>
    }
}
