//! LTI Advantage services as Canvas has them: line items, scores and results (Assignment and Grade Services 2.0), members
//! (Names and Role Provisioning Services 2.0), notice handlers (Platform Notification Service 1.0), assets and their reports
//! (Asset Processor 1.0). One file a service: builds a request, reads its answer. Nothing here sends.

pub mod assets;
pub mod line_items;
pub mod memberships;
pub mod notice_handlers;
mod origins;
mod query;
pub mod results;
mod scopes;
pub mod scores;

use ::http::{Method, StatusCode};

use crate::error::{Code, Error, Result};
use crate::http::{self, Repeat, Request, Response, answer};
use crate::json::{Json, Object};

pub use origins::{Named, Origins, named};
pub use scopes::{Scope, wanted};

/// A request for JSON of this media type. One that reads may be sent twice.
fn request(method: Method, url: &str, accept: &'static str) -> Result<Request> {
    let repeat = if method == Method::GET { Repeat::Harmless } else { Repeat::OnlyIfUnsent };
    http::request(method, url, "url", accept, repeat)
}

/// A request that carries JSON.
fn request_with(method: Method, url: &str, media_type: &'static str, body: &Object) -> Result<Request> {
    let mut request = request(method, url, media_type)?;
    http::set_body(&mut request, media_type, body.to_json());
    Ok(request)
}

/// The JSON of an answer that says success, where it is JSON. `now` is in seconds since 1970.
fn success(response: &Response, now: f64) -> Result<Option<Json>> {
    if response.status().is_success() { Ok(answer::json(response)) } else { Err(refusal(response, now)) }
}

/// Reads an answer that is one object. `now` is in seconds since 1970.
///
/// # Errors
/// `ERR_RESPONSE_INVALID`; the errors of a [`refusal`].
pub fn object(response: &Response, now: f64) -> Result<Object> {
    match success(response, now)? {
        Some(Json::Object(object)) => Ok(object),
        _ => Err(unexpected(response, "a JSON object")),
    }
}

/// Reads a page of objects. `now` is in seconds since 1970.
///
/// # Errors
/// `ERR_RESPONSE_INVALID`; the errors of a [`refusal`].
pub fn objects(response: &Response, now: f64) -> Result<Vec<Object>> {
    let found = success(response, now)?;
    of_array(found.as_ref()).ok_or_else(|| unexpected(response, "an array of JSON objects"))
}

fn of_array(value: Option<&Json>) -> Option<Vec<Object>> {
    let Some(Json::Array(items)) = value else { return None };
    items.iter().map(|item| item.as_object().cloned()).collect()
}

/// Reads an answer whose body says nothing. `now` is in seconds since 1970.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for a page, which is of something else than the service; the errors of a [`refusal`].
pub fn done(response: &Response, now: f64) -> Result<()> {
    success(response, now)?;
    if answer::describe(response) == "an HTML page" { Err(unexpected(response, "JSON")) } else { Ok(()) }
}

/// The error for a success that is not what the service answers. Nothing of the body is repeated: it lists persons.
fn invalid(response: &Response, message: &str) -> Error {
    let mut error = Error::new(Code::ResponseInvalid, message);
    error.facts().status = Some(http::status(response));
    error
}

fn unexpected(response: &Response, expected: &str) -> Error {
    invalid(response, &format!("the answer is {}, expected {expected}", answer::describe(response)))
}

/// The error for a next page that no token must be sent to.
#[must_use]
pub fn foreign_page(response: &Response) -> Error {
    invalid(response, "the next page is on another origin, not followed")
}

/// The error for an answer whose status is no success. Canvas answers 401, older ones 412, for a token that is wrong or
/// expired and for what the tool may not do alike; its words tell which.
#[must_use]
pub fn refusal(response: &Response, now: f64) -> Error {
    let error = answer::refusal(response, now);
    if is_token_dead(response) { error.coded(Code::Unauthenticated) } else { error }
}

/// Whether the service says that a new token would help.
fn is_token_dead(response: &Response) -> bool {
    const WORDS: [&str; 4] =
        ["Missing access token", "Invalid access token", "Access token expired", "Access token invalid"];
    let is_refused = matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::PRECONDITION_FAILED);
    let body = if is_refused { answer::json(response) } else { None };
    let errors = body.as_ref().and_then(Json::as_object).and_then(|body| body.get("errors")?.as_object());
    let message = errors.and_then(|errors| errors.text("message")).unwrap_or_default();
    WORDS.iter().any(|words| message.starts_with(words))
}

/// The URL of the page that follows, where there is one, of the same origin as the one that was asked for. Canvas behind a proxy
/// may name it by `http`.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for a next page on another origin, which a token must not be sent to.
pub fn next_page(asked: &str, response: &Response) -> Result<Option<String>> {
    let Some(url) = http::next_link(response) else { return Ok(None) };
    let url = origins::secured(url);
    if http::is_same_origin(asked, &url) {
        return Ok(Some(url));
    }
    Err(foreign_page(response))
}
