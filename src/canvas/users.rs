//! Users as an LTI 2 tool sees them, and those of a group.

use super::endpoint::Endpoint;
use super::site::Site;
use crate::error::Result;
use crate::http::{Method, Request};
use crate::lti::Id;

pub use super::site::{object as response, objects as page_response};

pub(crate) const READ: Endpoint = Endpoint::new(Method::Get, "id", &["api/lti/users/:id"]);
pub(crate) const OF_GROUP: Endpoint =
    Endpoint::new(Method::Get, "groupId", &["api/lti/groups/:groupId/users?per_page=100"]);

/// The request for a user, by Canvas id or LTI id.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, id: &Id) -> Result<Request> {
    READ.request(site, &[("id", id.clone())])
}

/// The request for the first page of a group's users.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn of_group(site: &Site, group: &Id) -> Result<Request> {
    OF_GROUP.request(site, &[("groupId", group.clone())])
}
