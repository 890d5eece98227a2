//! A file that is looked at: as text, as hex, or as the image that it is.

use crate::ui::hooks::{BlobUrl, Driver};
use crate::ui::state::files::{View, Viewed, shown};
use crate::ui::state::format;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct FileViewProps {
    pub(super) driver: Driver,
    pub(super) viewed: Viewed,
}

#[component]
pub(super) fn FileView(props: &FileViewProps) -> Html {
    let FileViewProps { driver, viewed } = props;
    let image = use_memo((viewed.at.clone(), viewed.bytes.clone()), |(_, bytes)| {
        viewed
            .image_type()
            .and_then(|mime| BlobUrl::new(bytes, mime))
    });
    let path = shown(&viewed.at);
    let close = {
        let driver = driver.clone();
        move |_| driver.change(|board| board.close_file())
    };
    let way = |view: View| {
        let driver = driver.clone();
        html! {
            <button
                type="button"
                aria-pressed={(viewed.view == view).to_string()}
                onclick={move |_| driver.change(|board| board.view_as(view))}
            >
                { view.name() }
            </button>
        }
    };
    html! {
        <section class="file-view" aria-label={path.clone()}>
            <header>
                <code>{ &path }</code>
                { for viewed.views().into_iter().map(way) }
                <button type="button" class="quiet" onclick={close}>{ "Close" }</button>
            </header>
            if viewed.shown() < viewed.size {
                <p class="hint">
                    { format!(
                        "The first {} of {}: download it to see all.",
                        format::bytes(viewed.shown()),
                        format::bytes(viewed.size),
                    ) }
                </p>
            }
            if let (View::Image, Some(url)) = (viewed.view, &*image) {
                <img src={url.as_str().to_owned()} alt={path} />
            } else {
                <pre tabindex="0">{ viewed.text() }</pre>
            }
        </section>
    }
}
