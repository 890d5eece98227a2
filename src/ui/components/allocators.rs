//! The choice of what gives room in memory, and takes it back.

use crate::module::Info;
use crate::protocol::Allocator;
use crate::ui::hooks::{Driver, typed};
use yew::prelude::*;

/// Two controls: what gives room, and, unless that is the usual, what takes it back.
pub(super) fn allocators(driver: &Driver, info: &Info, chosen: Option<&Allocator>) -> Html {
    let choices = Allocator::choices(info);
    let usual = match Allocator::usual(info) {
        Some(usual) => format!("the usual: {usual}"),
        None => "none: the module exports no malloc and free".to_owned(),
    };
    let current = chosen.map(Allocator::allocates);
    let choose = {
        let (driver, choices) = (driver.clone(), choices.clone());
        move |event: Event| {
            let chosen: Option<usize> = typed(&event).parse().ok();
            let chosen = chosen.and_then(|index| choices.get(index)).cloned();
            driver.act(|board| board.choose_allocator(chosen));
        }
    };
    html! {
        <>
            <label class="reading">
                { "room in memory from " }
                <select onchange={choose}>
                    <option value="" selected={chosen.is_none()}>{ usual }</option>
                    { for choices.iter().enumerate().map(|(index, choice)| html! {
                        <option
                            value={index.to_string()}
                            selected={current == Some(choice.allocates())}
                        >
                            { choice.allocates().to_owned() }
                        </option>
                    }) }
                </select>
            </label>
            if let Some(Allocator::Pair { allocate, free }) = chosen {
                { frees(driver, info, allocate, free.as_deref()) }
            }
        </>
    }
}

fn frees(driver: &Driver, info: &Info, allocate: &str, chosen: Option<&str>) -> Html {
    let names = Allocator::frees(info);
    let choose = {
        let (driver, allocate, names) = (driver.clone(), allocate.to_owned(), names.clone());
        move |event: Event| {
            let index: Option<usize> = typed(&event).parse().ok();
            let pair = Allocator::Pair {
                allocate: allocate.clone(),
                free: index.and_then(|index| names.get(index)).cloned(),
            };
            driver.act(|board| board.choose_allocator(Some(pair)));
        }
    };
    html! {
        <label class="reading">
            { "given back by " }
            <select onchange={choose}>
                <option value="" selected={chosen.is_none()}>{ "nothing: the guest keeps it" }</option>
                { for names.iter().enumerate().map(|(index, name)| html! {
                    <option value={index.to_string()} selected={chosen == Some(name)}>
                        { name }
                    </option>
                }) }
            </select>
        </label>
    }
}
