//! Webhook subscriptions of an LTI 2 tool: Canvas checks them and passes the rest to its live-events service, whose
//! answers come through unchanged.

use ::http::Method;
use ::http::header::HeaderValue;

use super::site::{Site, segment, set_json};
use crate::error::{Error, Result};
use crate::http::answer::{self, objects, success};
use crate::http::{Request, Response, header, is_header_text};
use crate::json::{Json, Object};
use crate::lti2::Id;
use crate::lti13::Members;

pub use crate::http::answer::object as response;

const PATH: &str = "api/lti/subscriptions";
const NAMES: [&str; 7] =
    ["Id", "ContextId", "ContextType", "EventTypes", "Format", "TransportType", "TransportMetadata"];

/// The request that creates a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for a member that is absent, or wrong but for a letter or two.
pub fn create(site: &Site, subscription: &Object) -> Result<Request> {
    with_subscription(site.request(Method::POST, PATH)?, subscription)
}

/// The request that updates a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment, and for a member that is absent, or wrong but for a letter or two.
pub fn update(site: &Site, id: &Id, subscription: &Object) -> Result<Request> {
    with_subscription(one(site, Method::PUT, id)?, subscription)
}

/// The request that reads a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, id: &Id) -> Result<Request> {
    one(site, Method::GET, id)
}

/// The request that deletes a subscription.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn delete(site: &Site, id: &Id) -> Result<Request> {
    one(site, Method::DELETE, id)
}

fn one(site: &Site, method: Method, id: &Id) -> Result<Request> {
    site.request(method, &format!("{PATH}/{}", segment(id, "id")?))
}

/// The request that lists a page of subscriptions, from the `EndKey` of the page before.
///
/// # Errors
/// `ERR_ARGUMENT` for a key that a header cannot carry.
pub fn list(site: &Site, start_key: Option<&str>) -> Result<Request> {
    let mut request = site.request(Method::GET, PATH)?;
    if let Some(key) = start_key {
        match HeaderValue::from_str(key) {
            Ok(value) if is_header_text(key) => request.headers_mut().insert("startkey", value),
            _ => return Err(Error::argument("page.startKey", "expected the endKey of the page before")),
        };
    }
    Ok(request)
}

/// Reads a page: its subscriptions, and the key of the next page where there is one.
///
/// # Errors
/// `ERR_RESPONSE_INVALID`; the errors of a refusal.
pub fn page(response: &Response, now: f64) -> Result<(Vec<Object>, Option<String>)> {
    let end_key = header(response, "endkey").filter(|key| !key.is_empty() && *key != "null");
    Ok((objects(response, now)?, end_key.map(str::to_owned)))
}

/// Reads the answer to deleting, whose body says nothing; a page is of something else than the service.
///
/// # Errors
/// `ERR_RESPONSE_INVALID`; the errors of a refusal.
pub fn deleted(response: &Response, now: f64) -> Result<()> {
    success(response, now)?;
    if answer::describe(response) == "an HTML page" { Err(answer::unexpected(response, "JSON")) } else { Ok(()) }
}

/// Puts a subscription into the request, once its members are what Canvas takes.
fn with_subscription(mut request: Request, subscription: &Object) -> Result<Request> {
    let is_text = |name| subscription.text(name).is_some_and(|text| !text.is_empty());
    let is_one_of = |name, known: [&str; 2]| subscription.text(name).is_some_and(|text| known.contains(&text));
    let has_events = match subscription.get("EventTypes") {
        Some(Json::Array(types)) => !types.is_empty() && types.iter().all(|name| name.as_str().is_some()),
        _ => false,
    };
    let metadata = subscription.get("TransportMetadata").and_then(Json::as_object);
    Members::new(subscription, "subscription").spelt(&NAMES)?;
    if let Some(metadata) = metadata {
        Members::new(metadata, "subscription.TransportMetadata").spelt(&["Url"])?;
    }
    let has_url = metadata.and_then(|metadata| metadata.text("Url")).is_some_and(|url| !url.is_empty());
    for (name, is_right, expected) in [
        ("ContextId", is_text("ContextId"), "a string that is not empty"),
        ("ContextType", is_text("ContextType"), "a string that is not empty"),
        ("EventTypes", has_events, "an array of at least one string"),
        ("Format", is_one_of("Format", ["live-event", "caliper"]), "live-event or caliper"),
        ("TransportType", is_one_of("TransportType", ["sqs", "https"]), "sqs or https"),
        ("TransportMetadata", has_url, "an object with Url"),
    ] {
        if !is_right {
            return Err(Error::argument(&format!("subscription.{name}"), format!("expected {expected}")));
        }
    }
    set_json(&mut request, "subscription", subscription);
    Ok(request)
}
