//! Results, what a line item has of each user (Assignment and Grade Services 2.0 §3.3).

use ::http::Method;
use serde::Deserialize;

use super::query::{limit, with_query, with_segment};
use super::{Scope, line_items, request};
use crate::error::Result;
use crate::http::Request;
use crate::lti2::{Id, integer};

pub use super::objects as page;

/// What opens reading.
pub const SCOPE: [Scope; 1] = [Scope::ResultReadonly];

/// Which results of a line item are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct ResultFilter {
    /// That of this user.
    pub user_id: Option<Id>,
    /// How many a page has at most.
    #[serde(default, deserialize_with = "integer::optional")]
    pub limit: Option<i64>,
}

/// The request for the first page of a line item's results.
///
/// # Errors
/// `ERR_ARGUMENT` for a limit under 1, and for Canvas's URL of something else than a line item.
pub fn list(line_item: &str, filter: &ResultFilter) -> Result<Request> {
    line_items::check_url(line_item)?;
    let pairs = [("user_id", filter.user_id.as_ref().map(Id::to_string)), ("limit", limit(filter.limit)?)];
    following(&with_query(&with_segment(line_item, "results"), &pairs))
}

/// The request for a page of this very URL.
///
/// # Errors
/// `ERR_ARGUMENT` for a URL that no request can carry.
pub fn following(url: &str) -> Result<Request> {
    request(Method::GET, url, "application/vnd.ims.lis.v2.resultcontainer+json")
}
