//! JSON to JavaScript values without loss: integers outside ±(2^53 − 1) become bigints. No library keeps integers of any
//! size.

use js_sys::{Array, JsString, Object};
use wasm_bindgen::prelude::*;

use crate::json::{Json, Object as JsonObject, read};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = BigInt)]
    fn bigint_of(digits: &str) -> JsValue;
}

/// A JSON value as JavaScript's.
pub(crate) fn json(value: &Json) -> JsValue {
    match value {
        Json::Null => JsValue::NULL,
        Json::Bool(value) => JsValue::from_bool(*value),
        Json::Number(number) if number.is_unsafe_integer() => bigint_of(number.as_str()),
        Json::Number(number) => JsValue::from_f64(number.as_f64()),
        Json::String(text) => JsValue::from_str(text),
        Json::Array(items) => items.iter().map(json).collect::<Array>().into(),
        Json::Object(members) => object(members),
    }
}

/// An object of a JSON text that is at hand: the platform parses it at once, unless digits would be lost.
pub(crate) fn parsed_object(members: &JsonObject, text: &str) -> JsValue {
    if members.has_unsafe_integer() { object(members) } else { parse(text) }
}

/// Through entries: setting a member named `__proto__` would set the prototype.
pub(crate) fn object(members: &JsonObject) -> JsValue {
    let entries: Array = members.iter().map(|(name, value)| Array::of2(&JsString::from(name), &json(value))).collect();
    Object::from_entries(&entries).map_or(JsValue::UNDEFINED, JsValue::from)
}

/// The value of a JSON text that we know to be one, and to have no large integer.
pub(crate) fn parse(text: &str) -> JsValue {
    js_sys::JSON::parse(text).unwrap_or_default()
}

/// The value of a JSON text, large integers as bigint; of what is no JSON, the text.
pub(crate) fn parse_exact(text: &str) -> JsValue {
    read(text).map_or_else(|_| JsValue::from_str(text), |value| json(&value))
}
