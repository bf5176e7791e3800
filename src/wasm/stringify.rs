//! `parse` and `stringify`: JSON for users, its large integers exact.

use wasm_bindgen::prelude::*;

use super::error::Thrown;
use super::json::to_json;
use super::read::{self, Integer};
use super::to_js;
use crate::json;

/// How many spaces a level is indented by at most, as in `JSON.stringify`.
const MAX_SPACE: usize = 10;

/// A value as JSON text, large integers with all their digits.
#[wasm_bindgen]
pub fn stringify(value: &JsValue, space: &JsValue) -> core::result::Result<String, JsValue> {
    let value = to_json(value, "value")?;
    let space: Option<Integer> = read::required(space, "space")?;
    let spaces = usize::try_from(space.map_or(0, |space| space.0)).ok().filter(|spaces| *spaces <= MAX_SPACE);
    match spaces.ok_or_else(|| Thrown::argument("space", format_args!("expected 0 to {MAX_SPACE}")))? {
        0 => Ok(value.to_json()),
        spaces => Ok(value.to_indented_json(spaces)),
    }
}

/// The value of a JSON text, integers outside ±(2^53 − 1) as bigint.
#[wasm_bindgen(js_name = parse)]
pub fn parse_json(text: &JsValue) -> core::result::Result<JsValue, JsValue> {
    let text = read::text(text, "text")?;
    let value = json::read(&text).map_err(|fault| Thrown::argument("text", fault.message))?;
    Ok(to_js::json(&value))
}
