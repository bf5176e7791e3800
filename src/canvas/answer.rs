//! What most endpoints answer: a JSON object, or an array of them.

use crate::error::Result;
use crate::http::{Response, answer};
use crate::json::{Json, Object};

/// The answer as a JSON object, or the error that it is. `now` is in seconds since 1970.
///
/// # Errors
/// Those of [`answer::refusal`]; `ERR_RESPONSE_INVALID`.
pub fn object(response: &Response, now: f64) -> Result<Object> {
    match success(response, now)? {
        Some(Json::Object(object)) => Ok(object),
        _ => Err(answer::unexpected(response, "a JSON object")),
    }
}

/// The answer as an array of JSON objects, or the error that it is. `now` is in seconds since 1970.
///
/// # Errors
/// Those of [`answer::refusal`]; `ERR_RESPONSE_INVALID`.
pub fn objects(response: &Response, now: f64) -> Result<Vec<Object>> {
    let objects = match success(response, now)? {
        Some(Json::Array(items)) => items.into_iter().map(into_object).collect(),
        _ => None,
    };
    objects.ok_or_else(|| answer::unexpected(response, "an array of JSON objects"))
}

fn into_object(value: Json) -> Option<Object> {
    if let Json::Object(object) = value { Some(object) } else { None }
}

/// The JSON of an answer that says success, where it is JSON.
pub(super) fn success(response: &Response, now: f64) -> Result<Option<Json>> {
    if response.status().is_success() { Ok(answer::json(response)) } else { Err(answer::refusal(response, now)) }
}
