//! What a JavaScript value is, asked so that nothing throws: getters, proxies and tags may be a caller's own, values may
//! be of another realm (where `instanceof` fails), and a string may be longer than this memory.

use core::cell::RefCell;
use std::collections::HashMap;

use js_sys::{JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// The longest text or bytes that are read, in UTF-16 code units or bytes; more could use up the memory.
pub(crate) const LONGEST: u32 = 1 << 24;

// js-sys has these without `catch`, and a proxy may throw in each.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array_or_throw(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag_or_throw(value: &JsValue) -> Result<JsString, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = getPrototypeOf)]
    fn prototype_or_throw(value: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn keys_or_throw(value: &JsValue) -> Result<js_sys::Array, JsValue>;
    #[wasm_bindgen(js_name = Uint8Array)]
    type View;
    #[wasm_bindgen(catch, constructor, js_class = "Uint8Array")]
    fn new(buffer: &JsValue) -> Result<View, JsValue>;
    // Throws for detached bytes.
    #[wasm_bindgen(catch, js_namespace = ["Uint8Array", "prototype", "fill"], js_name = call)]
    fn fill_or_throw(bytes: &Uint8Array, value: u8) -> Result<JsValue, JsValue>;
}

/// What a value is, in words for a message.
pub(crate) fn kind(value: &JsValue) -> &'static str {
    match () {
        () if value.is_undefined() => "absent",
        () if value.is_null() => "null",
        () if value.as_bool().is_some() => "a boolean",
        () if value.as_f64().is_some() => "a number",
        () if value.is_string() => "a string",
        () if value.is_bigint() => "a bigint",
        () if value.is_function() => "a function",
        () if value.is_symbol() => "a symbol",
        () if is_array(value) => "an array",
        () => "an object",
    }
}

pub(crate) fn is_array(value: &JsValue) -> bool {
    is_array_or_throw(value).unwrap_or_default()
}

/// Whether `Object.prototype.toString` gives this tag, such as `[object CryptoKey]`.
pub(crate) fn is_tagged(value: &JsValue, tag: &'static str) -> bool {
    tag_or_throw(value).is_ok_and(|found| is_text(&found, tag))
}

/// Whether it is an object whose members are bytes, numbers or characters.
pub(crate) fn is_indexed(value: &JsValue) -> bool {
    js_sys::ArrayBuffer::is_view(value) || is_tagged(value, "[object String]")
}

/// Whether it is an object as literals and `JSON.parse` make it, of any realm.
pub(crate) fn is_plain(value: &JsValue) -> bool {
    let is_root = |prototype: &JsValue| prototype_or_throw(prototype).is_ok_and(|above| above.is_null());
    value.is_object()
        && is_tagged(value, "[object Object]")
        && prototype_or_throw(value).is_ok_and(|prototype| prototype.is_null() || is_root(&prototype))
}

/// The names of an object's own enumerable members.
pub(crate) fn own_keys(value: &JsValue) -> Result<js_sys::Array, JsValue> {
    keys_or_throw(value)
}

thread_local! {
    /// Our own texts as JavaScript's strings, by their addresses: to make one takes longer than to read a member.
    static NAMES: RefCell<HashMap<*const str, JsValue>> = RefCell::default();
}

fn with_name<T>(name: &'static str, work: impl FnOnce(&JsValue) -> T) -> T {
    // A clone, as a getter may come back here.
    let name = NAMES.with_borrow_mut(|names| names.entry(name).or_insert_with(|| name.into()).clone());
    work(&name)
}

/// A member of an object or function. Its getter may throw.
pub(crate) fn try_get(object: &JsValue, name: &'static str) -> Result<JsValue, JsValue> {
    with_name(name, |name| Reflect::get(object, name))
}

/// A member, or undefined where there is none or its getter throws.
pub(crate) fn get(object: &JsValue, name: &'static str) -> JsValue {
    if object.is_object() || object.is_function() {
        try_get(object, name).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

/// Sets a member of an object of our own making that is not enumerable.
pub(crate) fn set_hidden(object: &JsValue, name: &JsValue, is: &JsValue) {
    let member = self::object();
    for (name, is) in [("value", is), ("configurable", &JsValue::TRUE), ("writable", &JsValue::TRUE)] {
        set(&member, name, is);
    }
    let done = Reflect::define_property(object.unchecked_ref::<Object>(), name, member.unchecked_ref());
    debug_assert!(done.is_ok());
}

/// Sets a member of an object of our own making, which cannot fail.
pub(crate) fn set(object: &JsValue, name: &'static str, value: &JsValue) {
    let done = with_name(name, |name| Reflect::set(object, name, value));
    debug_assert!(done.is_ok());
}

/// Whether it is this string; compared where it is, however long it is.
pub(crate) fn is_text(value: &JsValue, text: &'static str) -> bool {
    with_name(text, |text| value == text)
}

/// A string that is not too long. A lone surrogate in it is replaced.
pub(crate) fn short_string(value: &JsValue) -> Option<String> {
    let fits = value.is_string() && value.unchecked_ref::<JsString>().length() <= LONGEST;
    if fits { value.as_string() } else { None }
}

/// Why bytes cannot be read.
pub(crate) enum Unreadable {
    TooLong,
    Threw(JsValue),
}

/// The bytes of a `Uint8Array` of any realm, or nothing where it is none. Its copy on JavaScript's side is wiped.
pub(crate) fn bytes(value: &JsValue) -> Option<Result<Vec<u8>, Unreadable>> {
    // `instanceof` does not see another realm's array.
    if !js_sys::ArrayBuffer::is_view(value) || !is_tagged(value, "[object Uint8Array]") {
        return None;
    }
    Some(copied(value))
}

fn copied(bytes: &JsValue) -> Result<Vec<u8>, Unreadable> {
    let fits = |length: f64| if length <= f64::from(LONGEST) { Ok(()) } else { Err(Unreadable::TooLong) };
    fits(try_get(bytes, "byteLength").map_err(Unreadable::Threw)?.as_f64().unwrap_or(f64::INFINITY))?;
    let copy = view(bytes).map_err(Unreadable::Threw)?;
    // A subclass may have a length of its own making, its copy has the true one.
    fits(copy.length().into())?;
    let read = copy.to_vec();
    wipe(&copy);
    Ok(read)
}

/// Overwrites bytes on JavaScript's side. Where somebody took them away, there are none to wipe.
pub(crate) fn wipe(bytes: &Uint8Array) {
    fill_or_throw(bytes, 0).unwrap_or_default();
}

/// A view of the bytes of an `ArrayBuffer`, or a copy of other bytes.
pub(crate) fn view(buffer: &JsValue) -> Result<Uint8Array, JsValue> {
    View::new(buffer).map(JsCast::unchecked_into)
}

/// A member of the global object. Scopes without `window` have one too.
pub(crate) fn global(name: &'static str) -> JsValue {
    get(&js_sys::global(), name)
}

/// The origin of a URL as the platform reads it, which is where it sends a request.
pub(crate) fn origin_of(url: &str) -> Option<String> {
    web_sys::Url::new(url).ok().and_then(|url| get(&url, "origin").as_string())
}

/// An object without members.
pub(crate) fn object() -> JsValue {
    Object::new().into()
}
