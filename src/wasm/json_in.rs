//! JavaScript values to JSON, as `JSON.stringify` writes them, but for what it would lose: large integers are kept, and
//! what JSON lacks is refused by its place.

use wasm_bindgen::prelude::*;
use zeroize::Zeroize;

use super::at::At;
use super::error::Result;
use super::js::{self, is_plain, own_keys};
use super::values::{fault, get_any, is_array, items, object, safe, text, unreadable, wrong};
use crate::json::{self, Json, Number};
use crate::json::{MAX_DEPTH, MAX_NUMBER};

/// How many values an object may have, those of its members counted.
const MAX_VALUES: u32 = 100_000;

/// A JSON value.
pub(crate) fn to_json(value: &JsValue, at: &At<'_>) -> Result<Json> {
    (Writer { left: MAX_VALUES }).value(value, at, 0)
}

/// A plain object; members that are undefined are left out.
pub(crate) fn to_object(value: &JsValue, at: &At<'_>) -> Result<json::Object> {
    match to_json(object(value, at)?, at)? {
        Json::Object(object) => Ok(object),
        _ => Err(wrong(at, value, "a plain object")),
    }
}

struct Writer {
    left: u32,
}

impl Writer {
    fn value(&mut self, value: &JsValue, at: &At<'_>, depth: usize) -> Result<Json> {
        self.left = self.left.saturating_sub(1);
        if depth > MAX_DEPTH || self.left == 0 {
            return Err(fault(at, &["nested too deep, or too many values"]));
        }
        if value.is_string() {
            return Ok(Json::String(text(value, at)?));
        }
        if let Some(value) = value.as_f64() {
            return number(value, at);
        }
        if value.is_null() {
            return Ok(Json::Null);
        }
        if let Some(value) = value.as_bool() {
            return Ok(Json::Bool(value));
        }
        if value.is_bigint() {
            return big_integer(value, at);
        }
        if is_array(value) {
            return self.items(value, at, depth);
        }
        if value.is_object() && is_plain(value) {
            return Ok(Json::Object(self.members(value, at, depth)?));
        }
        Err(wrong(at, value, "what JSON has: plain objects, arrays, strings, finite numbers, booleans, null"))
    }

    fn items(&mut self, value: &JsValue, at: &At<'_>, depth: usize) -> Result<Json> {
        let mut out = Vec::new();
        for item in items(value, at)? {
            match self.value(&item, at, depth + 1) {
                Ok(item) => out.push(item),
                Err(fault) => {
                    Json::Array(out).zeroize();
                    return Err(fault);
                }
            }
        }
        Ok(Json::Array(out))
    }

    /// What was read before a fault is zeroized: it may be part of a key.
    fn members(&mut self, value: &JsValue, at: &At<'_>, depth: usize) -> Result<json::Object> {
        let mut out = Vec::new();
        for name in own_keys(value).map_err(|cause| unreadable(at, cause))?.iter() {
            match self.member(value, &name, at, depth) {
                Ok(Some(member)) => out.push(member),
                Ok(None) => {}
                Err(fault) => {
                    json::Object::from_members(out).zeroize();
                    return Err(fault);
                }
            }
        }
        Ok(json::Object::from_members(out))
    }

    fn member(
        &mut self,
        object: &JsValue,
        name: &JsValue,
        at: &At<'_>,
        depth: usize,
    ) -> Result<Option<(String, Json)>> {
        let value = get_any(object, name, at)?;
        let name = text(name, at)?;
        if value.is_undefined() {
            return Ok(None);
        }
        let value = self.value(&value, &at.member(&name), depth + 1)?;
        Ok(Some((name, value)))
    }
}

/// The platform writes numbers as JSON does (ECMA-262 §25.5.2).
fn number(value: f64, at: &At<'_>) -> Result<Json> {
    if let Some(integer) = safe(value) {
        return Ok(Json::from(integer));
    }
    if !value.is_finite() {
        return Err(fault(at, &["a number that is not finite, which JSON lacks"]));
    }
    let literal = js::text_of(&value.into());
    Ok(Json::Number(Number::from_literal(&literal)))
}

fn big_integer(value: &JsValue, at: &At<'_>) -> Result<Json> {
    const BITS: f64 = 1280.0;
    if js::as_int_n(BITS, value) != *value {
        return Err(fault(at, &["a bigint of more than 1280 bits"]));
    }
    let digits = js::text_of(value);
    debug_assert!(digits.len() <= MAX_NUMBER);
    Ok(Json::Number(Number::from_literal(&digits)))
}
