//! How a rule reads a claim, and what it says where it refuses one.

use crate::error::{Code, Error, Result};
use crate::http::HttpUrl;
use crate::json::{Json, Object};
use crate::lti13::claims::short;

/// A claim refused as LTI's, or as any token's.
pub(super) fn refused(claim: &'static str, message: &str) -> Error {
    of_code(Code::MessageInvalid, claim, message)
}

pub(super) fn of_code(code: Code, claim: &'static str, message: &str) -> Error {
    let mut error = Error::new(code, format!("claim {}: {message}", short(claim))).at(format!("claims.{claim}"));
    error.facts().claim = Some(claim);
    error
}

/// A member of a claim refused.
pub(super) fn refused_member(claim: &'static str, member: &str, message: &str) -> Error {
    let at = format!("claims.{claim}.{member}");
    refused(claim, &format!("{member} is {message}")).at(at)
}

/// The kind of a value, or that there is none.
pub(super) fn found(value: Option<&Json>) -> &'static str {
    match value {
        None => "absent",
        Some(Json::String(text)) if text.is_empty() => "empty",
        Some(value) => value.kind(),
    }
}

/// A text that is not empty.
pub(super) fn text<'a>(claims: &'a Object, claim: &'static str) -> Result<&'a str> {
    claims
        .text(claim)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| refused(claim, &format!("{}, expected a text", found(claims.get(claim)))))
}

pub(super) fn object<'a>(claims: &'a Object, claim: &'static str) -> Result<&'a Object> {
    claims
        .get(claim)
        .and_then(Json::as_object)
        .ok_or_else(|| refused(claim, &format!("{}, expected an object", found(claims.get(claim)))))
}

/// A member that is a text and not empty.
pub(super) fn member<'a>(object: &'a Object, claim: &'static str, name: &str) -> Result<&'a str> {
    object
        .text(name)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| refused_member(claim, name, &format!("{}, expected a text", found(object.get(name)))))
}

/// A member that is an absolute URL.
pub(super) fn url_member(object: &Object, claim: &'static str, name: &str) -> Result<()> {
    let url = member(object, claim, name)?;
    if HttpUrl::parse(url).is_some() {
        return Ok(());
    }
    Err(refused_member(claim, name, "a text, expected an absolute http(s) URL"))
}

/// A member that is an array of texts.
pub(super) fn texts_member(object: &Object, claim: &'static str, name: &str) -> Result<()> {
    let value = object.get(name);
    if is_texts(value) {
        return Ok(());
    }
    Err(refused_member(claim, name, &format!("{}, expected an array of texts", found_for_texts(value))))
}

/// What a value is that is no array of texts.
pub(super) fn found_for_texts(value: Option<&Json>) -> &'static str {
    if let Some(Json::Array(_)) = value { "an array with something else" } else { found(value) }
}

pub(super) fn is_texts(value: Option<&Json>) -> bool {
    matches!(value, Some(Json::Array(items)) if items.iter().all(|item| item.as_str().is_some()))
}

/// Whether it is absent or null, as Canvas writes some members that it has no value for.
pub(super) fn is_nothing(value: Option<&Json>) -> bool {
    matches!(value, None | Some(Json::Null))
}
