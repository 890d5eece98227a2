//! The choice of what gives room for arguments.

use crate::module::Info;
use crate::protocol::Allocator;
use crate::ui::hooks::{Driver, typed};
use crate::ui::state::Shared;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct AllocatorsProps {
    pub(super) driver: Driver,
    pub(super) info: Shared<Info>,
    pub(super) chosen: Option<Allocator>,
}

#[component]
pub(super) fn Allocators(props: &AllocatorsProps) -> Html {
    let choices = Allocator::choices(&props.info);
    let usual = match Allocator::usual(&props.info) {
        Some(usual) => format!("the usual: {usual}"),
        None => "none: the module exports no malloc and free".to_owned(),
    };
    let choose = {
        let (driver, choices) = (props.driver.clone(), choices.clone());
        move |event: Event| {
            let chosen: Option<usize> = typed(&event).parse().ok();
            let chosen = chosen.and_then(|index| choices.get(index)).cloned();
            driver.act(|board| board.choose_allocator(chosen));
        }
    };
    html! {
        <label class="reading">
            { "room in memory from " }
            <select onchange={choose}>
                <option value="" selected={props.chosen.is_none()}>{ usual }</option>
                { for choices.iter().enumerate().map(|(index, choice)| html! {
                    <option
                        value={index.to_string()}
                        selected={props.chosen.as_ref() == Some(choice)}
                    >
                        { choice.to_string() }
                    </option>
                }) }
            </select>
        </label>
    }
}
