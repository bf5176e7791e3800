//! Registration of an LTI 2 tool. Tool Consumer Profile: `GET
//! /api/lti/{accounts|courses}/:id/tool_consumer_profile(/:profile_id)`. Tool Proxy: `POST
//! /api/lti/{accounts|courses}/:id/tool_proxy`, whose answer carries Canvas's half of the shared secret; with the tool's half
//! behind it, it is the secret of the tool's assertions.

use ::http::Method;

use super::context::Context;
use super::site::{Site, segment, set_accept};
use crate::error::Result;
use crate::http::{self, Request};
use crate::json::Object;
use crate::lti2::Id;

pub use crate::http::answer::object as response;

/// The request for a profile: the tool's own with an access token, else the one for all.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn tool_consumer_profile(site: &Site, context: &Context, profile: Option<&Id>) -> Result<Request> {
    let mut path = format!("{}/tool_consumer_profile", context.path()?);
    if let Some(profile) = profile {
        path = format!("{path}/{}", segment(profile, "profileId")?);
    }
    let mut request = site.request(Method::GET, &path)?;
    set_accept(&mut request, "application/vnd.ims.lti.v2.toolconsumerprofile+json, application/json");
    Ok(request)
}

/// The request that registers a tool proxy.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn register(site: &Site, context: &Context, tool_proxy: &Object) -> Result<Request> {
    let mut request = site.request(Method::POST, &format!("{}/tool_proxy", context.path()?))?;
    set_accept(&mut request, "application/vnd.ims.lti.v2.toolproxy.id+json, application/json");
    http::set_body(&mut request, "application/vnd.ims.lti.v2.toolproxy+json", tool_proxy.to_json());
    Ok(request)
}
