//! Webhook subscriptions of an LTI 2 tool: Canvas checks them and passes the rest to its live-events service, whose
//! answers come through unchanged.

use super::site::{Site, objects, success};
use crate::error::{Error, Result};
use crate::http::{Method, Request, Response};
use crate::jose::json::{Json, Object};
use crate::lti::{Id, answer};

pub use super::site::object as response;

/// The request that creates a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for a member that is absent or unknown.
pub fn create(site: &Site, subscription: &Object) -> Result<Request> {
    Ok(Request::new(Method::Post, site.url(ALL)).with_json(&body(subscription)?))
}

/// The request that updates a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for a member that is absent or unknown.
pub fn update(site: &Site, id: &Id, subscription: &Object) -> Result<Request> {
    Ok(one(site, Method::Put, id)?.with_json(&body(subscription)?))
}

/// The request that reads a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, id: &Id) -> Result<Request> {
    one(site, Method::Get, id)
}

/// The request that deletes a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn delete(site: &Site, id: &Id) -> Result<Request> {
    one(site, Method::Delete, id)
}

/// The request that lists a page of subscriptions, from the `EndKey` of the page before.
///
/// # Errors
/// `ERR_ARGUMENT` for a key that a header cannot carry.
pub fn list(site: &Site, start_key: Option<&str>) -> Result<Request> {
    let mut request = Request::new(Method::Get, site.url(ALL));
    if let Some(key) = start_key {
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::refused("page.startKey", "expected the endKey of the page before"));
        }
        request.headers.push(("startkey", key.to_owned()));
    }
    Ok(request)
}

/// Reads a page: its subscriptions, and the key of the next page where there is one.
///
/// # Errors
/// `ERR_RESPONSE_INVALID`; the errors of a refusal.
pub fn page(response: &Response, now: f64) -> Result<(Vec<Object>, Option<String>)> {
    let end_key = response.header("endkey").filter(|key| !key.is_empty() && *key != "null").map(str::to_owned);
    Ok((objects(response, now)?, end_key))
}

/// Reads the answer to deleting, whose body says nothing; a page is of something else than the service.
///
/// # Errors
/// `ERR_RESPONSE_INVALID`; the errors of a refusal.
pub fn deleted(response: &Response, now: f64) -> Result<()> {
    success(response, now)?;
    match answer::describe(response) {
        page @ "an HTML page" => Err(answer::invalid(response, &["the answer is ", page, ", expected JSON"].concat())),
        _ => Ok(()),
    }
}

const ALL: &str = "api/lti/subscriptions";

fn one(site: &Site, method: Method, id: &Id) -> Result<Request> {
    site.request(method, "api/lti/subscriptions/*", &[(id, "id")])
}

fn body(subscription: &Object) -> Result<Object> {
    let refused =
        |name: &str, expected: &str| Err(Error::argument(&["subscription.", name].concat(), &["expected ", expected]));
    for name in ["ContextId", "ContextType"] {
        if subscription.text(name).is_none_or(str::is_empty) {
            return refused(name, "a string that is not empty");
        }
    }
    let events = match subscription.get("EventTypes") {
        Some(Json::Array(events)) => events.as_slice(),
        _ => &[],
    };
    if events.is_empty() || !events.iter().all(|event| event.as_str().is_some()) {
        return refused("EventTypes", "an array of at least one string");
    }
    if !matches!(subscription.text("Format"), Some("live-event" | "caliper")) {
        return refused("Format", "live-event or caliper");
    }
    if !matches!(subscription.text("TransportType"), Some("sqs" | "https")) {
        return refused("TransportType", "sqs or https");
    }
    let url = subscription.get("TransportMetadata").and_then(Json::as_object).and_then(|metadata| metadata.text("Url"));
    if url.is_none_or(str::is_empty) {
        return refused("TransportMetadata", "an object with Url");
    }
    Ok(Object::of("subscription", Json::Object(subscription.clone())))
}
