//! Tool Consumer Profile: `GET /api/lti/{accounts|courses}/:id/tool_consumer_profile(/:profile_id)`.

use super::context::Context;
use super::endpoint::{self, Endpoint};
use super::site::Site;
use crate::error::Result;
use crate::http::{Method, Request};
use crate::lti::Id;

pub use super::site::object as response;

pub(crate) const READ: Endpoint = Endpoint::new(
    Method::Get,
    "context",
    &["api/lti/accounts/:accountId/tool_consumer_profile", "api/lti/courses/:courseId/tool_consumer_profile"],
)
.expecting("expected either accountId or courseId")
.accepting("application/vnd.ims.lti.v2.toolconsumerprofile+json, application/json");

/// The request for a profile: the tool's own with an access token, else the one for all.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, context: &Context, profile: Option<&Id>) -> Result<Request> {
    let mut request = READ.request(site, &[context.id()])?;
    if let Some(profile) = profile {
        only(&mut request, profile)?;
    }
    Ok(request)
}

/// Asks for this profile.
pub(crate) fn only(request: &mut Request, profile: &Id) -> Result<()> {
    endpoint::push(&mut request.url, profile, "profileId", "profileId")
}
