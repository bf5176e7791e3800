//! The members of a course or group (Names and Role Provisioning Services 2.0 §2).

use ::http::Method;
use serde::Deserialize;

use super::query::{limit, with_query};
use super::{Scope, request};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::json::Object;
use crate::lti2::integer;

/// What opens reading.
pub const SCOPE: Scope = Scope::ContextMembershipReadonly;

/// Which members are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct MemberFilter {
    /// Those with this role: a URN, or the name of a role in the context, such as `Learner`.
    pub role: Option<String>,
    /// Those who may open this link, with what a launch of it would tell of each.
    pub resource_link_id: Option<String>,
    /// How many a page has at most; Canvas gives 50.
    #[serde(default, deserialize_with = "integer::optional")]
    pub limit: Option<i64>,
}

/// The request for the first page of a context's members.
///
/// # Errors
/// `ERR_ARGUMENT` for a limit under 1.
pub fn list(url: &str, filter: &MemberFilter) -> Result<Request> {
    // Canvas knows roles by their whole names.
    let whole = |role: &String| {
        if role.contains(':') {
            role.clone()
        } else {
            format!("http://purl.imsglobal.org/vocab/lis/v2/membership#{role}")
        }
    };
    let role = filter.role.as_ref().map(whole);
    let pairs = [("role", role), ("rlid", filter.resource_link_id.clone()), ("limit", limit(filter.limit)?)];
    following(&with_query(url, &pairs))
}

/// The request for a page of this very URL.
///
/// # Errors
/// `ERR_ARGUMENT` for a URL that no request can carry.
pub fn following(url: &str) -> Result<Request> {
    request(Method::GET, url, "application/vnd.ims.lti-nrps.v2.membershipcontainer+json")
}

/// Reads a page. `now` is in seconds since 1970.
///
/// # Errors
/// `ERR_RESPONSE_INVALID`; the errors of a refusal.
pub fn page(response: &Response, now: f64) -> Result<Vec<Object>> {
    let body = super::object(response, now)?;
    super::of_array(body.get("members")).ok_or_else(|| super::invalid(response, "the answer has no array of members"))
}
