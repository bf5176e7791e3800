//! JSON to JavaScript values without loss: integers outside ±(2^53 − 1) become bigints. No library keeps integers of any
//! size.

use js_sys::{Array, JsString, Object};
use serde::ser::{Serialize, Serializer};
use wasm_bindgen::prelude::*;

use crate::jose::Header;
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

/// Claims with their text, or null where there are none to read.
pub(crate) fn claims(claims: Option<&(JsonObject, String)>) -> JsValue {
    claims.map_or(JsValue::NULL, |(claims, text)| parsed_object(claims, text))
}

/// A header as an object.
pub(crate) fn header(header: &Header) -> JsValue {
    parsed_object(header.members(), header.as_json())
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

/// Bytes that become a `Uint8Array`; serde takes a slice for a sequence.
pub(crate) struct BytesOut<'a>(pub(crate) &'a [u8]);

impl Serialize for BytesOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}
