//! Which notices a tool wants, and where (Platform Notification Service 1.0).

use ::http::Method;
use serde::Deserialize;

use super::{Scope, request, request_with};
use crate::error::{Error, Result};
use crate::http::{HttpUrl, Request};
use crate::json::{Json, Object};
use crate::lti2::integer;

pub use super::{done as updated, object as response};

/// What opens reading and setting.
pub const SCOPE: [Scope; 1] = [Scope::NoticeHandlers];

const JSON: &str = "application/json";

/// Where notices of a type go.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct NoticeHandlerParams {
    /// Such as `LtiHelloWorldNotice`.
    #[serde(rename = "type")]
    pub notice_type: String,
    /// Where they are posted to; none where they are not wanted any more.
    pub handler: Option<String>,
    /// How many of them come at once, at most.
    #[serde(default, deserialize_with = "integer::optional")]
    pub max_batch_size: Option<i64>,
}

/// The request for the handlers of a deployment.
///
/// # Errors
/// `ERR_ARGUMENT` for a URL that no request can carry.
pub fn read(url: &str) -> Result<Request> {
    request(Method::GET, url, JSON)
}

/// The request that sets or removes the handler of a type of notice.
///
/// # Errors
/// `ERR_ARGUMENT` for an empty type, a handler that is no absolute http(s) URL, and a batch of less than 1.
pub fn update(url: &str, params: &NoticeHandlerParams) -> Result<Request> {
    if params.notice_type.trim().is_empty() {
        return Err(Error::argument("handler.type", "empty, expected the type of a notice"));
    }
    if params.handler.as_deref().is_some_and(|handler| HttpUrl::parse(handler).is_none()) {
        return Err(Error::argument("handler.handler", "not an absolute http(s) URL, expected one or null"));
    }
    if params.max_batch_size.is_some_and(|size| size < 1) {
        return Err(Error::argument("handler.maxBatchSize", "expected 1 or more"));
    }
    let mut body: Object = [
        ("notice_type", Json::from(params.notice_type.as_str())),
        // The empty text removes it.
        ("handler", Json::from(params.handler.as_deref().unwrap_or_default())),
    ]
    .into_iter()
    .collect();
    if let Some(size) = params.max_batch_size {
        body.set("max_batch_size", Json::from(size));
    }
    request_with(Method::PUT, url, JSON, &body)
}
