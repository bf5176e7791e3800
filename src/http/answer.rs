//! What an answer that grants nothing says: Canvas words its refusals in many shapes (`error`, `errors` as array, object
//! or text, `message`, HTML, nothing). Errors keep Canvas's own message; tokens in it are blanked.

use fluent_uri::UriRef;

use super::blank;
use super::message::{Response, header, status};
use super::retry::{is_throttled, retry_after};
use crate::error::{Code, Error, Result};
use crate::json::{self, Json, Object};

/// The body as JSON, without the `while(1);` that Canvas puts before answers to its own pages.
#[must_use]
pub fn json(response: &Response) -> Option<Json> {
    let body = response.body().as_str().trim_start();
    json::read(body.strip_prefix("while(1);").unwrap_or(body)).ok()
}

/// The answer as a JSON object, or the error that it is. `now` is in seconds since 1970.
///
/// # Errors
/// Those of [`refusal`]; `ERR_RESPONSE_INVALID`.
pub fn object(response: &Response, now: f64) -> Result<Object> {
    match success(response, now)? {
        Some(Json::Object(object)) => Ok(object),
        _ => Err(unexpected(response, "a JSON object")),
    }
}

/// The answer as an array of JSON objects, or the error that it is. `now` is in seconds since 1970.
///
/// # Errors
/// Those of [`refusal`]; `ERR_RESPONSE_INVALID`.
pub fn objects(response: &Response, now: f64) -> Result<Vec<Object>> {
    let objects = match success(response, now)? {
        Some(Json::Array(items)) => items.into_iter().map(into_object).collect(),
        _ => None,
    };
    objects.ok_or_else(|| unexpected(response, "an array of JSON objects"))
}

fn into_object(value: Json) -> Option<Object> {
    if let Json::Object(object) = value { Some(object) } else { None }
}

/// The JSON of an answer that says success, where it is JSON.
pub(crate) fn success(response: &Response, now: f64) -> Result<Option<Json>> {
    if response.status().is_success() { Ok(json(response)) } else { Err(refusal(response, now)) }
}

/// What kind of body it is, in words for a message.
#[must_use]
pub fn describe(response: &Response) -> &'static str {
    let body = response.body().as_str().trim_start();
    match json(response) {
        Some(value) => value.kind(),
        None if body.is_empty() => "empty",
        None if body.starts_with('<') => "an HTML page",
        None => "text that is not JSON",
    }
}

/// The OAuth error in an answer of a token endpoint (RFC 6749 §5.2), if there is one.
#[must_use]
pub fn oauth_error(response: &Response, body: &Json) -> Option<Error> {
    let body = body.as_object()?;
    let code = body.text("error").filter(|code| !code.is_empty())?;
    if response.status().is_success() && body.get("access_token").is_some() {
        return None;
    }
    let words = blank::text(&with_description(body, code.to_owned()));
    let message = format!("the server answered {} {words}", status(response));
    let mut error = with_answer(Error::new(Code::OAuth, message), response).spec("RFC 6749 §5.2");
    error.facts().oauth_error = Some(blank::text(code));
    Some(error)
}

/// What the server says of its OAuth error, besides its code.
#[must_use]
pub fn oauth_description(response: &Response) -> Option<String> {
    let body = json(response)?;
    body.as_object()?.text("error_description").map(str::to_owned)
}

/// An OAuth error that ends with what it means.
#[must_use]
pub fn explained(mut error: Error, response: &Response, meaning: &str) -> Error {
    // After a sentence of the server's it is a second one.
    let mark = if oauth_description(response).is_some() { ';' } else { ':' };
    let message = &mut error.facts().message;
    message.push(mark);
    message.push(' ');
    message.push_str(meaning);
    error
}

/// The error for an answer whose status is no success. `now` is in seconds since 1970.
#[must_use]
pub fn refusal(response: &Response, now: f64) -> Error {
    let body = json(response);
    let body = body.as_ref().and_then(Json::as_object);
    let status = status(response);
    let code = match status {
        _ if is_throttled(response) => Code::Throttled,
        401 if is_token_dead(response, body) => Code::Unauthenticated,
        401 | 403 => Code::Forbidden,
        _ => Code::HttpStatus,
    };
    let message = match status {
        // A redirect is not followed: it would carry the assertion or token to wherever it points.
        0 => "the server redirects to another URL; not followed, check the URL".to_owned(),
        300..400 => format!("the server redirects to {}; not followed, check the URL", target(response)),
        _ => match body.and_then(own_message) {
            Some(words) => format!("the server answered {status}: {words}"),
            None => format!("the server answered {status}; the body is {}", describe(response)),
        },
    };
    let mut error = with_answer(Error::new(code, message), response);
    if code == Code::Throttled {
        error.facts().retry_after = retry_after(response, now);
    }
    error
}

/// Canvas names its scheme, or its status, when it knows nobody by the token; not when a known user may not.
fn is_token_dead(response: &Response, body: Option<&Object>) -> bool {
    response.headers().contains_key("www-authenticate")
        || body.and_then(|body| body.text("status")) == Some("unauthenticated")
}

/// Whose URL a redirect leads to.
fn target(response: &Response) -> &str {
    match UriRef::parse(header(response, "location").unwrap_or_default()) {
        Ok(url) => match url.authority().map(|authority| authority.host()) {
            Some(host) if !host.is_empty() => host,
            _ => "another URL of this server",
        },
        Err(_) => "another URL",
    }
}

/// The error for a success whose body is not what the endpoint answers.
#[must_use]
pub fn invalid(response: &Response, message: &str) -> Error {
    with_answer(Error::new(Code::ResponseInvalid, message), response)
}

/// The error for a success of another kind than the endpoint answers.
pub(crate) fn unexpected(response: &Response, expected: &str) -> Error {
    invalid(response, &format!("the answer is {}, expected {expected}", describe(response)))
}

fn with_answer(mut error: Error, response: &Response) -> Error {
    let body = match json(response) {
        Some(mut value) => {
            blank::json(&mut value);
            Some(value.to_json())
        }
        None if response.body().is_empty() => None,
        None => Some(Json::String(blank::text(response.body().as_str())).to_json()),
    };
    error.facts().status = Some(status(response));
    error.facts().body = body;
    error
}

/// Canvas's own words, in one line.
fn own_message(body: &Object) -> Option<String> {
    let found = ["errors", "message", "error"].iter().find_map(|name| {
        let words = body.get(name).and_then(words)?;
        // Where there are two, `error` is a name and `message` or `error_description` explains it.
        Some(if *name == "error" { with_description(body, words) } else { words })
    })?;
    Some(in_one_line(&found))
}

/// The server's words on each fault, where it lists them in `errors`; every one in one line.
#[must_use]
pub fn all_messages(response: &Response) -> Vec<String> {
    let body = json(response);
    let found: Vec<_> = match body.as_ref().and_then(Json::as_object).and_then(|body| body.get("errors")) {
        Some(Json::Array(items)) => items.iter().filter_map(words).collect(),
        Some(Json::Object(faults)) => {
            faults.iter().filter_map(|(name, value)| words(value).map(|words| format!("{name} {words}"))).collect()
        }
        _ => Vec::new(),
    };
    found.iter().map(|words| in_one_line(words)).collect()
}

fn in_one_line(words: &str) -> String {
    blank::text(&words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The name of an error, and what the server says of it.
fn with_description(body: &Object, error: String) -> String {
    match body.text("error_description") {
        Some(description) => format!("{error}: {description}"),
        None => error,
    }
}

/// The first words in a value: a text, an object's `message`, the first item or member that has any.
fn words(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Json::Array(items) => items.iter().find_map(words),
        Json::Object(object) => object
            .get("message")
            .and_then(words)
            .or_else(|| object.iter().find_map(|(name, value)| words(value).map(|words| format!("{name} {words}")))),
        _ => None,
    }
}
