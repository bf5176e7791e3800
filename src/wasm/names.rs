//! Members of JavaScript objects by names that are strings of ours: each becomes a JavaScript string once.

use core::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::js;

/// So many more than there are names that hardly two meet.
const PLACES: usize = 1024;

type Place = Option<(&'static str, Rc<JsValue>)>;

thread_local! {
    static NAMES: RefCell<[Place; PLACES]> = const { RefCell::new([const { None }; PLACES]) };
}

/// A member. Its getter may throw.
pub(crate) fn try_get(object: &JsValue, name: &'static str) -> Result<JsValue, JsValue> {
    js::get_member(object, &string(name))
}

/// A member, or undefined where there is none or its getter throws.
pub(crate) fn get(object: &JsValue, name: &'static str) -> JsValue {
    // Asking what has no members throws, and each exception of an import costs a place in the table of references for good.
    if !object.is_object() && !object.is_function() {
        return JsValue::UNDEFINED;
    }
    try_get(object, name).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a member of an object of our own making, which cannot fail.
pub(crate) fn set(object: &JsValue, name: &'static str, value: &JsValue) {
    let done = js::set_member(object, &string(name), value);
    debug_assert!(done);
}

/// The name as a JavaScript string. A static string is known by its address, so that its bytes need not be looked at.
fn string(name: &'static str) -> Rc<JsValue> {
    NAMES.with_borrow_mut(|names| {
        let place = (name.as_ptr().addr() ^ name.len()) % PLACES;
        if let Some((_, known)) =
            names.get(place).and_then(Option::as_ref).filter(|(known, _)| core::ptr::eq(*known, name))
        {
            return known.clone();
        }
        let made = Rc::new(JsValue::from_str(name));
        if let Some(place) = names.get_mut(place) {
            *place = Some((name, made.clone()));
        }
        made
    })
}
