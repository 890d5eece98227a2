//! What is drawn again only when what it is drawn from has changed.
//!
//! To Yew there is one component for all parts of the page, whether they have state of their own or not:
//! each as a component would be a kilobyte more to download.

use std::any::Any;
use std::fmt::Display;
use std::rc::Rc;
use yew::functional::{FunctionProvider, Hook, HookContext};
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

/// A part of the page that has state: `component` in all but that Yew takes it for another [`Part`].
pub(super) fn stateful<C: FunctionProvider + 'static>(props: C::Properties) -> Html {
    stateful_keyed::<C>(0, props)
}

/// The same; with another `key` its state begins anew.
pub(super) fn stateful_keyed<C: FunctionProvider + 'static>(
    key: impl Display,
    props: C::Properties,
) -> Html {
    let key = format!("{} {key}", std::any::type_name::<C>());
    part(key.into(), Rc::new(Stateful::<C> { props }))
}

fn part(key: Key, drawing: Rc<dyn Drawing>) -> Html {
    html! { <Part {key} {drawing} /> }
}

trait Drawing {
    fn draw(&self, context: &mut HookContext) -> Html;
    fn is(&self, other: &dyn Drawing) -> bool;
    fn any(&self) -> &dyn Any;
}

struct Of<P> {
    props: P,
    draw: fn(&P) -> Html,
}

impl<P: PartialEq + 'static> Drawing for Of<P> {
    fn draw(&self, _: &mut HookContext) -> Html {
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

struct Stateful<C: FunctionProvider> {
    props: C::Properties,
}

impl<C: FunctionProvider + 'static> Drawing for Stateful<C> {
    fn draw(&self, context: &mut HookContext) -> Html {
        // Nothing here is suspended.
        C::run(context, &self.props).unwrap_or_default()
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
    use_drawing(&*props.drawing)
}

/// What is drawn, with the hooks that it calls.
fn use_drawing(drawing: &dyn Drawing) -> Drawn<'_> {
    Drawn(drawing)
}

struct Drawn<'a>(&'a dyn Drawing);

impl Hook for Drawn<'_> {
    type Output = Html;

    fn run(self, context: &mut HookContext) -> Html {
        self.0.draw(context)
    }
}
