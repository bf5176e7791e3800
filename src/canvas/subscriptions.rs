//! Webhook subscriptions of an LTI 2 tool: Canvas checks them and passes the rest to its live-events service, whose
//! answers come through unchanged.

use super::endpoint::Endpoint;
use super::site::{Site, objects, success};
use crate::error::text::is_visible;
use crate::error::{Error, Result};
use crate::http::{Method, Request, Response};
use crate::json::{Json, Object};
use crate::lti::{Id, answer};

pub use super::site::object as response;

pub(crate) const CREATE: Endpoint = Endpoint::new(Method::Post, "", ALL);
pub(crate) const LIST: Endpoint = Endpoint::new(Method::Get, "", ALL);
pub(crate) const UPDATE: Endpoint = Endpoint::new(Method::Put, "id", ONE);
pub(crate) const READ: Endpoint = Endpoint::new(Method::Get, "id", ONE);
pub(crate) const DELETE: Endpoint = Endpoint::new(Method::Delete, "id", ONE);

const ALL: &[&str] = &["api/lti/subscriptions"];
const ONE: &[&str] = &["api/lti/subscriptions/:id"];

/// The request that creates a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for a member that is absent or unknown.
pub fn create(site: &Site, subscription: &Object) -> Result<Request> {
    let mut request = CREATE.request(site, &[])?;
    put(&mut request, subscription)?;
    Ok(request)
}

/// The request that updates a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for a member that is absent or unknown.
pub fn update(site: &Site, id: &Id, subscription: &Object) -> Result<Request> {
    let mut request = UPDATE.request(site, &[("id", id.clone())])?;
    put(&mut request, subscription)?;
    Ok(request)
}

/// The request that reads a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, id: &Id) -> Result<Request> {
    READ.request(site, &[("id", id.clone())])
}

/// The request that deletes a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn delete(site: &Site, id: &Id) -> Result<Request> {
    DELETE.request(site, &[("id", id.clone())])
}

/// The request that lists a page of subscriptions, from the `EndKey` of the page before.
///
/// # Errors
/// `ERR_ARGUMENT` for a key that a header cannot carry.
pub fn list(site: &Site, start_key: Option<&str>) -> Result<Request> {
    let mut request = LIST.request(site, &[])?;
    if let Some(key) = start_key {
        start(&mut request, key)?;
    }
    Ok(request)
}

/// Starts with the page of this key.
pub(crate) fn start(request: &mut Request, key: &str) -> Result<()> {
    if !is_visible(key) {
        return Err(Error::refused("page.startKey", "expected the endKey of the page before"));
    }
    request.headers.push(("startkey", key.to_owned()));
    Ok(())
}

/// Reads a page: its subscriptions, and the key of the next page where there is one.
///
/// # Errors
/// `ERR_RESPONSE_INVALID`; the errors of a refusal.
pub fn page(response: &Response, now: f64) -> Result<(Vec<Object>, Option<String>)> {
    Ok((objects(response, now)?, end_key(response).map(str::to_owned)))
}

/// The key of the next page, where there is one.
pub(crate) fn end_key(response: &Response) -> Option<&str> {
    response.header("endkey").filter(|key| !key.is_empty() && *key != "null")
}

/// Reads the answer to deleting, whose body says nothing; a page is of something else than the service.
///
/// # Errors
/// `ERR_RESPONSE_INVALID`; the errors of a refusal.
pub fn deleted(response: &Response, now: f64) -> Result<()> {
    success(response, now)?;
    if answer::describe(response) == "an HTML page" { Err(answer::unexpected(response, "JSON")) } else { Ok(()) }
}

/// What each member must be.
type Rule = (&'static str, fn(&Json) -> bool, &'static str);
const RULES: [Rule; 6] = [
    ("ContextId", is_text, "a string that is not empty"),
    ("ContextType", is_text, "a string that is not empty"),
    ("EventTypes", is_texts, "an array of at least one string"),
    ("Format", |value| matches!(value.as_str(), Some("live-event" | "caliper")), "live-event or caliper"),
    ("TransportType", |value| matches!(value.as_str(), Some("sqs" | "https")), "sqs or https"),
    (
        "TransportMetadata",
        |value| value.as_object().and_then(|data| data.get("Url")).is_some_and(is_text),
        "an object with Url",
    ),
];

fn is_text(value: &Json) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

fn is_texts(value: &Json) -> bool {
    matches!(value, Json::Array(items) if !items.is_empty() && items.iter().all(|item| item.as_str().is_some()))
}

/// Puts a subscription into the request.
///
/// # Errors
/// `ERR_ARGUMENT` for a member that is absent or unknown.
pub(crate) fn put(request: &mut Request, subscription: &Object) -> Result<()> {
    for (name, fits, expected) in RULES {
        if !subscription.get(name).is_some_and(fits) {
            return Err(Error::argument(&["subscription.", name].concat(), &["expected ", expected]));
        }
    }
    request.set_json("subscription", subscription);
    Ok(())
}
