//! JavaScript values to JSON without loss: as `JSON.stringify` writes them, but for what it would lose. Large integers are
//! kept, and what JSON lacks is refused by its place. No library keeps integers of any size, or says where the value is that
//! it cannot write.

use wasm_bindgen::prelude::*;
use zeroize::Zeroize;

use super::error::{Result, Thrown};
use super::value::{self, is_array, is_plain, own_keys, try_get};
use crate::error::Error;
use crate::json::{self, Json, MAX_DEPTH, MAX_SAFE_INTEGER, Number};

/// How many values an object may have, those of its members counted.
const MAX_VALUES: u32 = 100_000;

/// The largest bigint that is read, in bits; writing digits takes longer and longer the more there are.
const MAX_BIGINT: u32 = 1280;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = BigInt, js_name = asIntN)]
    fn as_int_n(bits: f64, value: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = String)]
    fn digits_of(value: &JsValue) -> String;
}

/// A value as JSON. `name` is the argument's.
pub(crate) fn to_json(value: &JsValue, name: &str) -> Result<Json> {
    (Reader { left: MAX_VALUES }).value(value, 0).map_err(|fault| fault.below(name).thrown())
}

/// A plain object as JSON; members that are undefined are left out. `name` is the argument's.
pub(crate) fn to_object(value: &JsValue, name: &str) -> Result<json::Object> {
    if !value.is_object() || is_array(value) {
        return Err(Thrown::wrong_type(name, value, "an object"));
    }
    match to_json(value, name)? {
        Json::Object(object) => Ok(object),
        _ => Err(Thrown::wrong_type(name, value, "a plain object")),
    }
}

/// What is wrong with a value; its place is put together while the reading ends.
struct Fault {
    /// The names on the way to the value, the innermost first.
    path: Vec<String>,
    message: String,
    cause: JsValue,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self { path: Vec::new(), message: message.into(), cause: JsValue::UNDEFINED }
    }

    fn below(mut self, name: &str) -> Self {
        self.path.push(name.to_owned());
        self
    }

    fn thrown(self) -> Thrown {
        let at = self.path.into_iter().rev().collect::<Vec<_>>().join(".");
        Thrown::caused_by(Error::argument(&at, self.message), self.cause)
    }
}

struct Reader {
    left: u32,
}

impl Reader {
    fn value(&mut self, value: &JsValue, depth: usize) -> core::result::Result<Json, Fault> {
        self.left = self.left.saturating_sub(1);
        if depth > MAX_DEPTH || self.left == 0 {
            return Err(Fault::new("nested too deep, or too many values"));
        }
        if value.is_string() {
            return text(value).map(Json::String).map_err(Fault::new);
        }
        if let Some(value) = value.as_f64() {
            return number(value).map(Json::Number);
        }
        if value.is_null() {
            return Ok(Json::Null);
        }
        if let Some(value) = value.as_bool() {
            return Ok(Json::Bool(value));
        }
        if value.is_bigint() {
            let digits = integer_digits(value, MAX_BIGINT)
                .ok_or_else(|| Fault::new(format!("a bigint of more than {MAX_BIGINT} bits")))?;
            return Ok(Json::Number(Number::from_literal(&digits)));
        }
        if is_array(value) {
            return self.items(value, depth);
        }
        if is_plain(value) {
            return self.members(value, depth);
        }
        Err(Fault::new(format!(
            "{}, expected what JSON has: plain objects, arrays, strings, finite numbers, booleans, null",
            value::kind(value)
        )))
    }

    fn items(&mut self, value: &JsValue, depth: usize) -> core::result::Result<Json, Fault> {
        let mut out = Vec::new();
        for item in items(value)? {
            match self.value(&item, depth + 1) {
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
    fn members(&mut self, value: &JsValue, depth: usize) -> core::result::Result<Json, Fault> {
        let mut out = Vec::new();
        let keys = own_keys(value).map_err(|cause| Fault { cause, ..Fault::new("reading it failed") })?;
        for key in keys.iter() {
            match self.member(value, &key, depth) {
                Ok(Some(member)) => out.push(member),
                Ok(None) => {}
                Err(fault) => {
                    json::Object::from_members(out).zeroize();
                    return Err(fault);
                }
            }
        }
        Ok(Json::Object(json::Object::from_members(out)))
    }

    fn member(
        &mut self,
        object: &JsValue,
        key: &JsValue,
        depth: usize,
    ) -> core::result::Result<Option<(String, Json)>, Fault> {
        let name = text(key).map_err(Fault::new)?;
        let value = js_sys::Reflect::get(object, key)
            .map_err(|cause| Fault { cause, ..Fault::new("reading it failed") }.below(&name))?;
        if value.is_undefined() {
            return Ok(None);
        }
        match self.value(&value, depth + 1) {
            Ok(value) => Ok(Some((name, value))),
            Err(fault) => Err(fault.below(&name)),
        }
    }
}

/// A string, its every code unit kept: a lone surrogate is refused, not replaced.
pub(crate) fn text(value: &JsValue) -> core::result::Result<String, String> {
    let Some(text) = value::short_string(value) else {
        return Err(format!("more than {} characters", value::LONGEST));
    };
    // The replacement character may be the text's own: then both are the same.
    if !text.is_ascii() && text.contains('\u{fffd}') && JsValue::from_str(&text) != *value {
        return Err("a lone surrogate, which is no character".to_owned());
    }
    Ok(text)
}

/// The items of an array, reading of which may throw.
fn items(array: &JsValue) -> core::result::Result<Vec<JsValue>, Fault> {
    let failed = |cause| Fault { cause, ..Fault::new("reading it failed") };
    let length = try_get(array, "length").map_err(failed)?.as_f64().filter(|length| *length <= f64::from(MAX_VALUES));
    let length = length.ok_or_else(|| Fault::new(format!("more than {MAX_VALUES} items")))?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let places = 0..length as u32;
    places.map(|place| js_sys::Reflect::get_u32(array, place).map_err(failed)).collect()
}

/// The items of an array that is an argument, for others who read arrays.
pub(crate) fn array_items(array: &JsValue) -> core::result::Result<Vec<JsValue>, (String, JsValue)> {
    items(array).map_err(|Fault { message, cause, .. }| (message, cause))
}

/// The digits of a bigint that has no more than these bits, its sign apart.
pub(crate) fn integer_digits(value: &JsValue, bits: u32) -> Option<String> {
    (as_int_n(f64::from(bits) + 1.0, value) == *value).then(|| digits_of(value))
}

/// The integer, where this number is one that every float keeps exactly.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
pub(crate) fn safe_integer(number: f64) -> Option<i64> {
    let is_safe = number.trunc().to_bits() == number.to_bits() && number.abs() <= MAX_SAFE_INTEGER as f64;
    is_safe.then_some(number as i64)
}

/// The platform writes numbers as JSON does (ECMA-262 §25.5.2).
fn number(value: f64) -> core::result::Result<Number, Fault> {
    if let Some(integer) = safe_integer(value) {
        return Ok(Number::from(integer));
    }
    if !value.is_finite() {
        return Err(Fault::new("a number that is not finite, which JSON lacks"));
    }
    Ok(Number::from_literal(&digits_of(&value.into())))
}
