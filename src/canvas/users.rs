//! Users as an LTI 2 tool sees them, and those of a group.

use ::http::Method;

use super::site::{Site, segment};
use crate::error::Result;
use crate::http::Request;
use crate::lti2::Id;

pub use crate::http::answer::{object as response, objects as page_response};

/// The request for a user, by Canvas id or LTI id.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, id: &Id) -> Result<Request> {
    site.request(Method::GET, &format!("api/lti/users/{}", segment(id, "id")?))
}

/// The request for the first page of a group's users.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn of_group(site: &Site, group: &Id) -> Result<Request> {
    site.request(Method::GET, &format!("api/lti/groups/{}/users?per_page=100", segment(group, "groupId")?))
}
