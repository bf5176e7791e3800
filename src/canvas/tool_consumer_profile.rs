//! Tool Consumer Profile: `GET /api/lti/{accounts|courses}/:id/tool_consumer_profile(/:profile_id)`.

use super::context::Context;
use super::site::Site;
use crate::error::Result;
use crate::http::{Method, Request};
use crate::lti::Id;

pub use super::site::object as response;

/// The request for a profile: the tool's own with an access token, else the one for all.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, context: &Context, profile: Option<&Id>) -> Result<Request> {
    let (kind, id, at) = context.parts();
    let path = ["api/lti/", kind, "/*/tool_consumer_profile", if profile.is_some() { "/*" } else { "" }].concat();
    let ids = [(id, at), (profile.unwrap_or(id), "profileId")];
    let accept = "application/vnd.ims.lti.v2.toolconsumerprofile+json, application/json";
    Ok(site.request(Method::Get, &path, &ids)?.accepting(accept))
}
