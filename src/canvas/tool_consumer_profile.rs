//! Tool Consumer Profile: `GET /api/lti/{accounts|courses}/:id/tool_consumer_profile(/:profile_id)`.

use ::http::Method;

use super::context::Context;
use super::site::{Site, segment, set_accept};
use crate::error::Result;
use crate::http::Request;
use crate::lti2::Id;

pub use super::answer::object as response;

/// The request for a profile: the tool's own with an access token, else the one for all.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, context: &Context, profile: Option<&Id>) -> Result<Request> {
    let mut path = format!("{}/tool_consumer_profile", context.path()?);
    if let Some(profile) = profile {
        path = format!("{path}/{}", segment(profile, "profileId")?);
    }
    let mut request = site.request(Method::GET, &path)?;
    set_accept(&mut request, "application/vnd.ims.lti.v2.toolconsumerprofile+json, application/json");
    Ok(request)
}
