//! JavaScript values in and out. Every wrong type is an `ERR_ARGUMENT` that names the option; large integers stay exact.

use js_sys::{Array, ArrayBuffer, BigInt, JSON, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::error::{Result, Thrown};
use crate::error::Error;
use crate::jose::Secret;
use crate::jose::json::{self, Json, MAX_SAFE_INTEGER};
use crate::jose::json_read;
use crate::lti::Id;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    pub(crate) fn tag(value: &JsValue) -> core::result::Result<JsValue, JsValue>;
    // Throws for a revoked proxy.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn try_is_array(value: &JsValue) -> core::result::Result<bool, JsValue>;

    #[wasm_bindgen(js_name = Uint8Array)]
    type Bytes;
    #[wasm_bindgen(catch, constructor, js_class = "Uint8Array")]
    fn new(bytes: &JsValue) -> core::result::Result<Bytes, JsValue>;
}

/// The longest text or secret that is read, in code units or bytes; more could use up the memory.
pub(crate) const LONGEST: u32 = 1 << 24;

/// The longest array that is read.
const MOST_ITEMS: u32 = 100_000;

/// The longest bigint that is read, in bits; writing digits takes longer and longer the more there are.
const LONGEST_BIGINT: f64 = 1024.0;

pub(crate) fn is_array(value: &JsValue) -> bool {
    try_is_array(value).unwrap_or(false)
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
        () if is_array(value) => "an array",
        () if value.is_symbol() => "a symbol",
        () => "an object",
    }
}

pub(crate) fn wrong(at: &str, value: &JsValue, expected: &str) -> Thrown {
    Error::argument(at, &[kind(value), ", expected ", expected]).into()
}

/// A member of an object whose getters may throw.
pub(crate) fn get(object: &JsValue, name: &str, at: &str) -> Result<JsValue> {
    Reflect::get(object, &name.into())
        .map_err(|cause| Thrown::caused_by(Error::argument(at, &["reading it failed"]), cause))
}

/// Sets a member of an object of our own making, which cannot fail.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let done = Reflect::set(object, &name.into(), value);
    debug_assert!(done.is_ok());
}

/// An object that must be there.
pub(crate) fn object<'a>(value: &'a JsValue, at: &str) -> Result<&'a JsValue> {
    if value.is_object() && !is_array(value) { Ok(value) } else { Err(wrong(at, value, "an object")) }
}

/// Whether it is this string; compared where it is, however long it is.
pub(crate) fn is(value: &JsValue, text: &str) -> bool {
    *value == JsValue::from_str(text)
}

/// A string that is not too long, a lone surrogate in it replaced.
pub(crate) fn string(value: &JsValue) -> Option<String> {
    let fits = value.is_string() && value.unchecked_ref::<JsString>().length() <= LONGEST;
    if fits { value.as_string() } else { None }
}

/// A string, its every code unit kept: a lone surrogate is refused, not replaced.
pub(crate) fn text(value: &JsValue, at: &str) -> Result<String> {
    let Some(text) = string(value) else {
        return Err(if value.is_string() { too_long(at, "characters") } else { wrong(at, value, "a string") });
    };
    if text.contains('\u{fffd}') && JsValue::from_str(&text) != *value {
        return Err(Error::argument(at, &["a lone surrogate, which is no character"]).into());
    }
    Ok(text)
}

fn too_long(at: &str, unit: &str) -> Thrown {
    Error::argument(at, &["more than ", &LONGEST.to_string(), " ", unit]).into()
}

/// A whole number that a float holds exactly.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
pub(crate) fn integer(value: &JsValue, at: &str) -> Result<i64> {
    match value.as_f64() {
        None => Err(wrong(at, value, "an integer")),
        Some(number) if number.fract().abs() > 0.0 || number.is_nan() || number.abs() > MAX_SAFE_INTEGER as f64 => {
            Err(Error::argument(at, &["expected an integer of at most 2^53 - 1"]).into())
        }
        Some(number) => Ok(number as i64),
    }
}

/// An optional member, read by `read` when it is there.
pub(crate) fn optional<T>(
    object: &JsValue,
    name: &str,
    prefix: &str,
    read: impl FnOnce(&JsValue, &str) -> Result<T>,
) -> Result<Option<T>> {
    let at = [prefix, ".", name].concat();
    let value = get(object, name, &at)?;
    if value.is_undefined() { Ok(None) } else { read(&value, &at).map(Some) }
}

/// A member that must be there.
pub(crate) fn required<T>(
    object: &JsValue,
    name: &str,
    prefix: &str,
    read: impl FnOnce(&JsValue, &str) -> Result<T>,
) -> Result<T> {
    let at = [prefix, ".", name].concat();
    read(&get(object, name, &at)?, &at)
}

/// An id as text, number or bigint.
pub(crate) fn id(value: &JsValue, at: &str) -> Result<Id> {
    if value.is_bigint() {
        let number: &BigInt = value.unchecked_ref();
        if BigInt::as_uint_n(LONGEST_BIGINT, number) != *number {
            let found = if value.lt(&JsValue::from_f64(0.0)) { "negative" } else { "a bigint of more than 1024 bits" };
            return Err(Error::argument(at, &[found, ", expected an id"]).into());
        }
        return Ok(Id::number(&digits(value, at)?, at)?);
    }
    match value.as_f64() {
        None if value.is_string() => Ok(Id::text(&text(value, at)?, at)?),
        None => Err(wrong(at, value, "a string, number or bigint")),
        Some(_) => {
            let digits = integer(value, at).map_err(|thrown| {
                let lost = ["not a safe integer: it has lost digits already, pass a bigint or a string"];
                if thrown.error.message.contains("2^53") { Error::argument(at, &lost).into() } else { thrown }
            })?;
            Ok(Id::number(&digits.to_string(), at)?)
        }
    }
}

/// All digits of a bigint.
pub(crate) fn digits(value: &JsValue, at: &str) -> Result<String> {
    let failed = |cause: js_sys::RangeError| {
        Thrown::caused_by(Error::argument(at, &["a bigint that cannot be written"]), cause.into())
    };
    value.unchecked_ref::<BigInt>().to_string(10).map(String::from).map_err(failed)
}

/// A secret as text or bytes.
pub(crate) fn secret(value: &JsValue, at: &str) -> Result<Secret> {
    Ok(Secret::new(payload(value, at)?, at)?)
}

/// Bytes, or text that stands for its UTF-8 bytes.
pub(crate) fn payload(value: &JsValue, at: &str) -> Result<Vec<u8>> {
    match bytes(value, at)? {
        Some(bytes) => Ok(bytes),
        None if value.is_string() => Ok(text(value, at)?.into_bytes()),
        None => Err(wrong(at, value, "a string or Uint8Array")),
    }
}

/// An array of strings.
pub(crate) fn texts(value: &JsValue, at: &str) -> Result<Vec<String>> {
    if !is_array(value) {
        return Err(wrong(at, value, "an array of strings"));
    }
    items(value, at)?.iter().map(|item| text(item, at)).collect()
}

/// The items of an array, reading of which may throw.
pub(crate) fn items(array: &JsValue, at: &str) -> Result<Vec<JsValue>> {
    let length = get(array, "length", at)?.as_f64().filter(|length| *length <= f64::from(MOST_ITEMS));
    let Some(length) = length else {
        return Err(Error::argument(at, &["more than ", &MOST_ITEMS.to_string(), " items"]).into());
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let places = 0..length as u32;
    places.map(|place| get(array, &place.to_string(), at)).collect()
}

/// A string, or an array of strings.
pub(crate) fn one_or_more(value: &JsValue, at: &str) -> Result<Vec<String>> {
    if value.is_string() { Ok(vec![text(value, at)?]) } else { texts(value, at) }
}

/// A finite number that is not negative.
pub(crate) fn number(value: &JsValue, at: &str) -> Result<f64> {
    let number = value.as_f64().filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| wrong(at, value, "a finite number that is not negative"))
}

/// The bytes of a `Uint8Array` of any realm, where `instanceof` would fail.
fn bytes(value: &JsValue, at: &str) -> Result<Option<Vec<u8>>> {
    let is_bytes = ArrayBuffer::is_view(value) && tag(value).is_ok_and(|tag| is(&tag, "[object Uint8Array]"));
    if !is_bytes {
        return Ok(None);
    }
    let fits = |bytes: &JsValue| {
        let length = get(bytes, "byteLength", at)?.as_f64();
        if length.is_some_and(|length| length <= f64::from(LONGEST)) { Ok(()) } else { Err(too_long(at, "bytes")) }
    };
    fits(value)?;
    // A subclass may have a length of its own making, its copy has the true one.
    let copied = Bytes::new(value)
        .map_err(|cause| Thrown::caused_by(Error::argument(at, &["bytes that cannot be read"]), cause))?
        .unchecked_into::<Uint8Array>();
    fits(&copied)?;
    let bytes = copied.to_vec();
    copied.fill(0, 0, copied.length());
    Ok(Some(bytes))
}

/// A value of which this is the JSON text, large integers as bigint.
pub(crate) fn json_text(text: &str) -> JsValue {
    json_read::read(text).map_or_else(|_| JsValue::from_str(text), |value| json_value(&value, text))
}

/// A JSON value whose text is at hand: the platform's parser is the fastest where no integer is too large for it.
pub(crate) fn json_value(value: &Json, text: &str) -> JsValue {
    if value.has_unsafe_integer() { exact(value) } else { JSON::parse(text).unwrap_or(JsValue::NULL) }
}

/// A JSON object whose text is at hand.
pub(crate) fn json_object(object: &json::Object, text: &str) -> JsValue {
    if object.iter().any(|(_, value)| value.has_unsafe_integer()) {
        exact_object(object)
    } else {
        JSON::parse(text).unwrap_or(JsValue::NULL)
    }
}

fn exact(value: &Json) -> JsValue {
    match value {
        Json::Null => JsValue::NULL,
        Json::Bool(value) => JsValue::from_bool(*value),
        Json::Number(number) if number.is_unsafe_integer() => {
            BigInt::new(&number.as_str().into()).map_or(JsValue::NULL, JsValue::from)
        }
        Json::Number(number) => JSON::parse(number.as_str()).unwrap_or(JsValue::NULL),
        Json::String(text) => JsValue::from_str(text),
        Json::Array(items) => items.iter().map(exact).collect::<Array>().into(),
        Json::Object(object) => exact_object(object),
    }
}

/// Through entries: setting a member named `__proto__` would set the prototype.
fn exact_object(object: &json::Object) -> JsValue {
    let entries: Array =
        object.iter().map(|(name, value)| Array::of(&[JsValue::from_str(name), exact(value)])).collect();
    Object::from_entries(&entries).map_or(JsValue::NULL, JsValue::from)
}
