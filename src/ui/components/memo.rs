//! What is drawn again only when what it is drawn from has changed.
//!
//! One component for all parts of the page that have no state of their own: each as a component would
//! be a kilobyte more to download.

use std::any::Any;
use std::rc::Rc;
use yew::prelude::*;
use yew::virtual_dom::Key;

/// A part of the page, drawn from `props` with `draw`. A part of another kind in its place begins anew.
pub(super) fn memo<P: PartialEq + 'static>(props: P, draw: fn(&P) -> Html) -> Html {
    keyed(std::any::type_name::<P>(), props, draw)
}

/// The same among others of its kind, told apart by `key`.
pub(super) fn keyed<P: PartialEq + 'static>(
    key: impl Into<Key>,
    props: P,
    draw: fn(&P) -> Html,
) -> Html {
    part(key.into(), Rc::new(Of { props, draw }))
}

fn part(key: Key, drawing: Rc<dyn Drawing>) -> Html {
    html! { <Part {key} {drawing} /> }
}

trait Drawing {
    fn draw(&self) -> Html;
    fn is(&self, other: &dyn Drawing) -> bool;
    fn any(&self) -> &dyn Any;
}

struct Of<P> {
    props: P,
    draw: fn(&P) -> Html,
}

impl<P: PartialEq + 'static> Drawing for Of<P> {
    fn draw(&self) -> Html {
        (self.draw)(&self.props)
    }

    fn is(&self, other: &dyn Drawing) -> bool {
        let other = other.any().downcast_ref::<Self>();
        other.is_some_and(|other| self.props == other.props)
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

#[derive(Clone, Properties)]
struct PartProps {
    drawing: Rc<dyn Drawing>,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        self.drawing.is(&*other.drawing)
    }
}

#[component]
fn Part(props: &PartProps) -> Html {
    props.drawing.draw()
}
