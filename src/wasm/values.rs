//! JavaScript values in. Every wrong type is an `ERR_ARGUMENT` that names the option; large integers stay exact.

use wasm_bindgen::prelude::*;

use super::at::At;
use super::error::{Result, Thrown};
use super::js::{self, Text, Uint8Array};
use super::names;
use crate::error::Error;
use crate::error::text::{contains, decimal};
use crate::jose::Secret;
use crate::json::{MAX_SAFE_INTEGER, Number};
use crate::lti::Id;

/// The longest text or secret that is read, in code units or bytes; more could use up the memory.
pub(crate) const LONGEST: u32 = 1 << 24;

/// The longest array that is read.
const MOST_ITEMS: u32 = 100_000;

/// The longest bigint that is read, in bits; writing digits takes longer and longer the more there are.
const LONGEST_BIGINT: f64 = 1024.0;

pub(crate) use js::is_array;

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

/// A fault of an argument.
#[cold]
#[inline(never)]
pub(crate) fn fault(at: &At<'_>, found: &[&str]) -> Thrown {
    Error::argument(&at.text(), found).into()
}

#[cold]
#[inline(never)]
pub(crate) fn wrong(at: &At<'_>, value: &JsValue, expected: &str) -> Thrown {
    fault(at, &[kind(value), ", expected ", expected])
}

#[cold]
#[inline(never)]
pub(crate) fn unreadable(at: &At<'_>, cause: JsValue) -> Thrown {
    Thrown::caused_by(Error::argument(&at.text(), &["reading it failed"]), cause)
}

/// A member of an object whose getters may throw.
pub(crate) fn get(object: &JsValue, name: &'static str, at: &At<'_>) -> Result<JsValue> {
    names::try_get(object, name).map_err(|cause| unreadable(at, cause))
}

/// A member whose name is not ours.
pub(crate) fn get_any(object: &JsValue, name: &JsValue, at: &At<'_>) -> Result<JsValue> {
    js::get_member(object, name).map_err(|cause| unreadable(at, cause))
}

/// An object that must be there.
pub(crate) fn object<'a>(value: &'a JsValue, at: &At<'_>) -> Result<&'a JsValue> {
    if value.is_object() && !is_array(value) { Ok(value) } else { Err(wrong(at, value, "an object")) }
}

/// Whether it is this string; compared where it is, however long it is.
pub(crate) fn is(value: &JsValue, text: &str) -> bool {
    *value == JsValue::from_str(text)
}

/// A string that is not too long, a lone surrogate in it replaced.
pub(crate) fn string(value: &JsValue) -> Option<String> {
    let fits = value.is_string() && value.unchecked_ref::<Text>().length() <= LONGEST;
    if fits { value.as_string() } else { None }
}

/// A string, of which no more is read than it may have.
pub(crate) fn long_text(value: JsValue) -> Option<String> {
    value.is_string().then(|| value.unchecked_into::<Text>().slice(0, LONGEST))
}

/// A string, its every code unit kept: a lone surrogate is refused, not replaced.
pub(crate) fn text(value: &JsValue, at: &At<'_>) -> Result<String> {
    let Some(text) = string(value) else {
        return Err(if value.is_string() { too_long(at, "characters") } else { wrong(at, value, "a string") });
    };
    if !text.is_ascii() && contains(&text, "\u{fffd}") && JsValue::from_str(&text) != *value {
        return Err(fault(at, &["a lone surrogate, which is no character"]));
    }
    Ok(text)
}

fn too_long(at: &At<'_>, unit: &str) -> Thrown {
    fault(at, &["more than ", &decimal(LONGEST as usize), " ", unit])
}

/// A whole number that a float holds exactly.
pub(crate) fn integer(value: &JsValue, at: &At<'_>) -> Result<i64> {
    match value.as_f64() {
        None => Err(wrong(at, value, "an integer")),
        Some(number) => safe(number).ok_or_else(|| fault(at, &["expected an integer of at most 2^53 - 1"])),
    }
}

/// The integer, where this is one that every float keeps.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
pub(crate) fn safe(number: f64) -> Option<i64> {
    let is_safe = number.trunc().to_bits() == number.to_bits() && number.abs() <= MAX_SAFE_INTEGER as f64;
    is_safe.then_some(number as i64)
}

/// An id as text, number or bigint.
pub(crate) fn id(value: &JsValue, at: &At<'_>) -> Result<Id> {
    if value.is_string() {
        return Ok(Id::text(&text(value, at)?, &at.text())?);
    }
    let digits = if value.is_bigint() {
        if js::as_uint_n(LONGEST_BIGINT, value) != *value {
            let found = if value.lt(&JsValue::from_f64(0.0)) { "negative" } else { "a bigint of more than 1024 bits" };
            return Err(fault(at, &[found, ", expected an id"]));
        }
        js::text_of(value)
    } else {
        let number = value.as_f64().ok_or_else(|| wrong(at, value, "a string, number or bigint"))?;
        let lost = || fault(at, &["not a safe integer: it has lost digits already, pass a bigint or a string"]);
        Number::from(safe(number).ok_or_else(lost)?).as_str().to_owned()
    };
    Ok(Id::number(&digits, &at.text())?)
}

/// A secret as text or bytes.
pub(crate) fn secret(value: &JsValue, at: &At<'_>) -> Result<Secret> {
    Ok(Secret::new(payload(value, at)?, &at.text())?)
}

/// Bytes, or text that stands for its UTF-8 bytes.
pub(crate) fn payload(value: &JsValue, at: &At<'_>) -> Result<Vec<u8>> {
    if value.is_string() {
        return Ok(text(value, at)?.into_bytes());
    }
    bytes(value, at)?.ok_or_else(|| wrong(at, value, "a string or Uint8Array"))
}

/// An array of strings.
pub(crate) fn texts(value: &JsValue, at: &At<'_>) -> Result<Vec<String>> {
    if !is_array(value) {
        return Err(wrong(at, value, "an array of strings"));
    }
    items(value, at)?.iter().map(|item| text(item, at)).collect()
}

/// The items of an array, reading of which may throw.
pub(crate) fn items(array: &JsValue, at: &At<'_>) -> Result<Vec<JsValue>> {
    let length = get(array, "length", at)?.as_f64().filter(|length| *length <= f64::from(MOST_ITEMS));
    let Some(length) = length else {
        return Err(fault(at, &["more than ", &decimal(MOST_ITEMS as usize), " items"]));
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let places = 0..length as u32;
    places.map(|place| get_any(array, &place.into(), at)).collect()
}

/// A string, or an array of strings.
pub(crate) fn one_or_more(value: &JsValue, at: &At<'_>) -> Result<Vec<String>> {
    if value.is_string() { Ok(vec![text(value, at)?]) } else { texts(value, at) }
}

/// A finite number that is not negative.
pub(crate) fn number(value: &JsValue, at: &At<'_>) -> Result<f64> {
    let number = value.as_f64().filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| wrong(at, value, "a finite number that is not negative"))
}

pub(crate) fn boolean(value: &JsValue, at: &At<'_>) -> Result<bool> {
    value.as_bool().ok_or_else(|| wrong(at, value, "a boolean"))
}

pub(crate) fn function(value: &JsValue, at: &At<'_>) -> Result<JsValue> {
    if value.is_function() { Ok(value.clone()) } else { Err(wrong(at, value, "a function")) }
}

/// The bytes of a `Uint8Array` of any realm, where `instanceof` would fail.
fn bytes(value: &JsValue, at: &At<'_>) -> Result<Option<Vec<u8>>> {
    let is_bytes = js::is_view(value) && js::is_tagged(value, "[object Uint8Array]");
    if !is_bytes {
        return Ok(None);
    }
    let fits = |bytes: &JsValue| {
        let length = get(bytes, "byteLength", at)?.as_f64();
        if length.is_some_and(|length| length <= f64::from(LONGEST)) { Ok(()) } else { Err(too_long(at, "bytes")) }
    };
    fits(value)?;
    // A subclass may have a length of its own making, its copy has the true one.
    let copied = Uint8Array::new(value)
        .map_err(|cause| Thrown::caused_by(Error::argument(&at.text(), &["bytes that cannot be read"]), cause))?;
    fits(&copied)?;
    let bytes = copied.to_vec();
    copied.fill(0);
    Ok(Some(bytes))
}
