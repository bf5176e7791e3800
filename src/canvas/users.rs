//! Users as an LTI 2 tool sees them, and those of a group.

use super::site::Site;
use crate::error::Result;
use crate::http::{Method, Request};
use crate::lti::Id;

pub use super::site::{object as response, objects as page_response};

/// The request for a user, by Canvas id or LTI id.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, id: &Id) -> Result<Request> {
    site.request(Method::Get, "api/lti/users/*", &[(id, "id")])
}

/// The request for the first page of a group's users.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn of_group(site: &Site, group: &Id) -> Result<Request> {
    site.request(Method::Get, "api/lti/groups/*/users?per_page=100", &[(group, "groupId")])
}
