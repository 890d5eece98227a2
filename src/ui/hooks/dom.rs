//! Small things that elements can do.

use crate::ui::state::format::decimal;
use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{
    DataTransfer, Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
};
use yew::NodeRef;

/// The text in the field at which an event happened.
pub(crate) fn typed(event: &web_sys::Event) -> String {
    let target = event.target();
    let target = target.as_ref();
    if let Some(field) = target.and_then(|target| target.dyn_ref::<HtmlInputElement>()) {
        field.value()
    } else if let Some(field) = target.and_then(|target| target.dyn_ref::<HtmlTextAreaElement>()) {
        field.value()
    } else if let Some(field) = target.and_then(|target| target.dyn_ref::<HtmlSelectElement>()) {
        field.value()
    } else {
        String::new()
    }
}

/// The text that is being pasted, if it is text.
pub(crate) fn pasted_text(event: &web_sys::Event) -> Option<String> {
    let clipboard = Reflect::get(event, &"clipboardData".into()).ok()?;
    let text = clipboard.dyn_into::<DataTransfer>().ok()?.get_data("text");
    text.ok().filter(|text| !text.is_empty())
}

/// Sets a property of the element's style. The `style` attribute would be against the page's
/// Content-Security-Policy; this is not.
pub(crate) fn set_style(element: &Element, property: &str, value: &str) {
    if let Ok(style) = Reflect::get(element, &"style".into()) {
        // A property that a browser does not know is ignored.
        let _ = Reflect::set(&style, &property.into(), &value.into());
    }
}

/// A length in CSS.
pub(crate) fn px(length: f64) -> String {
    let sign = if length < 0.0 { "-" } else { "" };
    format!("{sign}{}px", decimal(length.abs(), 2))
}

/// Moves the focus to the element of this id.
pub(crate) fn focus(id: &str) {
    if let Some(element) = element(id) {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}

/// The text in the field of this id.
pub(crate) fn typed_in(id: &str) -> String {
    let field = element(id).and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    field.map_or_else(String::new, |field| field.value())
}

/// Closes the popover of this id.
pub(crate) fn hide_popover(id: &str) {
    if let Some(popover) = element(id) {
        call(&popover, "hidePopover");
    }
}

/// Presses the button of this id.
pub(crate) fn press(id: &str) {
    if let Some(element) = element(id) {
        element.click();
    }
}

/// The same, once what has changed is drawn.
pub(super) fn press_soon(id: &'static str) {
    wasm_bindgen_futures::spawn_local(async { press(id) });
}

pub(super) fn element(id: &str) -> Option<HtmlElement> {
    let document = web_sys::window()?.document()?;
    document.get_element_by_id(id)?.dyn_into().ok()
}

/// As [`focus`], if nothing has it.
pub(crate) fn focus_if_lost(id: &str) {
    if active_tag().is_none_or(|tag| tag == "BODY") {
        focus(id);
    }
}

/// As [`focus`], unless somebody is typing elsewhere.
pub(crate) fn focus_if_free(id: &str) {
    let typing = |tag: String| matches!(tag.as_str(), "INPUT" | "TEXTAREA" | "SELECT");
    if !active_tag().is_some_and(typing) {
        focus(id);
    }
}

/// Moves the focus to what a call needs first, unless somebody is typing elsewhere.
pub(crate) fn focus_call() {
    let document = web_sys::window().and_then(|window| window.document());
    let active = document.and_then(|document| document.active_element());
    let typing = active.is_some_and(|active| {
        let tag = active.tag_name();
        matches!(tag.as_str(), "INPUT" | "TEXTAREA" | "SELECT") && active.id() != "open"
    });
    if !typing {
        focus_first();
    }
}

/// Moves the focus to what a call needs first.
fn focus_first() {
    let document = web_sys::window().and_then(|window| window.document());
    let first = document.and_then(|document| {
        let first = document.query_selector("#call input, #call textarea, #call-button");
        first.ok().flatten()?.dyn_into::<HtmlElement>().ok()
    });
    if let Some(first) = first {
        let _ = first.focus();
    }
}

/// The same, once what has changed is drawn.
pub(super) fn focus_first_soon() {
    wasm_bindgen_futures::spawn_local(async { focus_first() });
}

/// Brings the element of this id into view, once what has changed is drawn.
pub(crate) fn reveal_soon(id: String) {
    wasm_bindgen_futures::spawn_local(async move {
        let Some(element) = element(&id) else { return };
        let least = js_sys::Object::new();
        let set = Reflect::set(&least, &"block".into(), &"nearest".into());
        let scroll = Reflect::get(&element, &"scrollIntoView".into());
        if let (Ok(_), Ok(scroll)) = (set, scroll)
            && let Some(scroll) = scroll.dyn_ref::<Function>()
        {
            // It does not throw.
            let _ = scroll.call1(&element, &least);
        }
    });
}

/// The tag of the element that has the focus.
fn active_tag() -> Option<String> {
    let document = web_sys::window()?.document()?;
    Some(document.active_element()?.tag_name())
}

/// As [`focus`], once what has changed is drawn.
pub(crate) fn focus_soon(id: String) {
    // The queue of tasks is that of the drawing, which is in it already.
    wasm_bindgen_futures::spawn_local(async move { focus(&id) });
}

/// A `<dialog>`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ModalRef(pub(crate) NodeRef);

impl ModalRef {
    /// Opens it above everything else.
    pub(crate) fn show(&self) {
        self.call("showModal");
    }

    /// Closes it; the focus goes back to where it was.
    pub(crate) fn close(&self) {
        self.call("close");
    }

    fn call(&self, method: &str) {
        if let Some(dialog) = self.0.cast::<Element>() {
            call(&dialog, method);
        }
    }
}

fn call(element: &Element, method: &str) {
    let method = Reflect::get(element, &method.into());
    if let Some(method) = method.ok().as_ref().and_then(JsCast::dyn_ref::<Function>) {
        // It throws if a dialog is open already, or closed, which is what is wanted.
        let _ = method.call0(element);
    }
}

/// The address of the page, without what stands behind `#`.
pub(super) fn address() -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok());
    let href = href.unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// Puts a text on the clipboard.
pub(crate) fn copy(text: &str) {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else {
        return;
    };
    // There is none on a page that came over plain http.
    let clipboard = Reflect::get(&navigator, &"clipboard".into());
    if clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        let written = navigator.clipboard().write_text(text);
        wasm_bindgen_futures::spawn_local(async move {
            // A browser that forbids it leaves the text to be selected by hand.
            let _ = wasm_bindgen_futures::JsFuture::from(written).await;
        });
    }
}

/// The text that is selected within the element of this id, if some is.
pub(crate) fn selected_within(id: &str) -> Option<String> {
    let window = web_sys::window()?;
    let get = Reflect::get(&window, &"getSelection".into()).ok()?;
    let selection = get
        .dyn_into::<js_sys::Function>()
        .ok()?
        .call0(&window)
        .ok()?;
    let anchor = Reflect::get(&selection, &"anchorNode".into()).ok()?;
    let element = window.document()?.get_element_by_id(id)?;
    let is_within = element.contains(Some(anchor.dyn_ref::<web_sys::Node>()?));
    let text = String::from(selection.unchecked_into::<js_sys::Object>().to_string());
    (is_within && !text.is_empty()).then_some(text)
}
